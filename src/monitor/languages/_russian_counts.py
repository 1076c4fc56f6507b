"""Whose form is it really? What OpenCorpora counted of Russian spellings that have more than one reading.

«Хотя» is a gerund of хотеть on paper and a conjunction in life; «начала» is a noun three times of four.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

ALL = 1_000_000  # the table's unit: millionths of the texts with a spelling
UNINFLECTED = ("ADVB", "CONJ", "NPRO", "PRCL", "PREP")  # рядом, хотя, тем, включая


class Ending(NamedTuple):
    """One ending of a paradigm, and the tags of all rows that look so."""

    prefix: str
    suffix: str
    tags: frozenset[str]


class Counts:
    """The counts, by spelling and tag."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def tags(self, form: str) -> dict[str, int]:
        """How often the spelling was counted with each tag, in millionths; empty when it has only one reading."""
        return {key.partition(":")[2]: count for key, count in self._table.items(f"{form}:")}

    def share(self, form: str, tags: Iterable[str]) -> float:
        """How much of what was counted of this spelling carries one of the tags; 1 for what was never counted."""
        counts = self.tags(form)
        return sum(counts.get(tag, 0) for tag in tags) / sum(counts.values()) if counts else 1.0

    def is_usurped(self, form: str, tags: Iterable[str], least: float, beside_uninflected: float) -> bool:
        """Whether the spelling with one of these tags is rarer than `least`.

        The other bound holds when what it competes with does not inflect; interjections do not compete at all
        (здравствуйте is a form of its verb).
        """
        theirs = self.tags(form)
        ours = sum(theirs.pop(tag, 0) for tag in tags)
        theirs.pop("INTJ", None)
        rival = max(theirs, key=lambda tag: theirs[tag], default="")
        bound = beside_uninflected if rival.startswith(UNINFLECTED) else least
        return ours < bound * (ours + sum(theirs.values()))

    def doubtful(self, stem: str, endings: Iterable[Ending], bound: float) -> list[Ending]:
        """The endings whose forms were counted with these tags in less than `bound` of the texts.

        Every form of every keyword is asked, and few are doubtful. Without a compiled reader the table is a trie
        walked in Python at half a microsecond a step: the stem is walked once, then only the endings that are there,
        then tags until there are enough of them.
        """
        trie = getattr(self._table, "dct", None)
        if trie is None:  # the compiled trie shows no nodes, and needs no such care
            return [ending for ending in endings if self.share(stem + ending.suffix, ending.tags) < bound]
        node = trie.follow_bytes(stem.encode(), trie.ROOT)
        if node is None:
            return []
        found = []
        for ending in endings:
            form = trie.follow_bytes(f"{ending.suffix}:".encode(), node)
            if form is not None and not self._reaches(form, ending.tags, bound * ALL):
                found.append(ending)
        return found

    def _reaches(self, form: int, tags: Iterable[str], wanted: float) -> bool:
        """Whether the tags of the form, a place in the trie, come to that many texts together."""
        trie = self._table.dct
        for tag in tags:
            place = trie.follow_bytes(tag.encode(), form)
            if place is not None and trie.has_value(place):
                wanted -= trie.value(place)
                if wanted <= 0:
                    return True
        return False
