"""Numbers for generated data: they look random and are the same in every run."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """Numbers that look random and are the same on every machine."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, `limit`."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 24) % limit

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Iterable[Item]) -> list[Item]:
        """The items in another order."""
        return [item for _, _, item in sorted((self.below(2**40), at, item) for at, item in enumerate(items))]
