"""What must stand in an article for a term to match: most terms are never looked at, because their word is not there."""

from collections.abc import Mapping, Sequence

from monitor.matching.plan import CompiledTerm, Element
from monitor.matching.reading import pattern_key


class Triggers:
    """The words that trigger each term, in articles of one language.

    `lengths` are the letters of each word, `groups` the terms of each group that are tried in this language.
    """

    def __init__(
        self, terms: Sequence[CompiledTerm], lengths: Mapping[int, int], groups: Mapping[str, Sequence[int]]
    ) -> None:
        self._terms, self._lengths, self._groups = terms, lengths, groups
        self._of_groups: dict[str, set[int]] = {}

    def of(self, number: int) -> set[int]:
        """The words one of which must be there for a term to match: per way to write it the longest, or a group's."""
        return self._of(number, frozenset())

    def _of(self, number: int, above: frozenset[str]) -> set[int]:
        term = self._terms[number]
        if term.regex is not None:
            return {pattern_key(number)}
        keys: set[int] = set()
        for sequence in term.sequences:
            words = [element for element, _ in sequence if isinstance(element, int)]
            if words:
                keys.add(max(words, key=self._lengths.__getitem__))
            else:
                keys |= self._of_smallest([element for element, _ in sequence], above)
        return keys

    def _of_smallest(self, names: Sequence[Element], above: frozenset[str]) -> set[int]:
        """The words of the smallest group of a sequence; none when one of them is empty here or contains itself."""
        sizes = {str(name): len(self._groups.get(str(name), ())) for name in names}
        if not all(sizes.values()) or above & set(sizes):
            return set()
        smallest = min(sizes, key=sizes.__getitem__)
        if above:  # inside another group, what contains that one counts for nothing
            return self._of_group(smallest, above)
        if smallest not in self._of_groups:
            self._of_groups[smallest] = self._of_group(smallest, above)
        return self._of_groups[smallest]

    def _of_group(self, name: str, above: frozenset[str]) -> set[int]:
        return {key for number in self._groups[name] for key in self._of(number, above | {name})}
