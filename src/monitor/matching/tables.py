"""Word tables: a folded token in, the numbers of the words it is a form of out.

Made for many words with many forms each: forms that share a stem are kept as the stem and a shared set of endings, so
that ten thousand keywords weigh megabytes less than their forms would. Most tokens of an article are forms of nothing;
their first letters tell.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from monitor.languages import Word
from monitor.text.fold import fold

HEAD = 4  # letters by which most tokens are turned away
SHORTEST_STEM = 3  # shorter ones would collect words that have nothing in common
FEWEST_FORMS = 5  # fewer forms are cheaper one by one

Endings = frozenset[str]
Accept = Callable[[str], bool]


class Entry(NamedTuple):
    """One word, packed: `stem` with `endings`, further `forms`, `accept` for what begins like one of `beginnings`."""

    number: int
    stem: str
    endings: Endings
    forms: tuple[str, ...]
    beginnings: tuple[str, ...]
    accept: Accept | None
    refused: frozenset[str]


class Packer:
    """Makes entries; the same endings are kept once."""

    def __init__(self) -> None:
        self._shared: dict[Endings, Endings] = {}

    def pack(self, number: int, word: Word, refused: frozenset[str] = frozenset()) -> Entry:
        """The entry of a word under its number; `refused` folded forms are none of it."""
        stem, endings = _shared_stem(word)
        rest: Iterable[str] = word.forms
        if endings:
            endings = self._shared.setdefault(endings, endings)
            rest = (form for form in word.forms if not form.startswith(stem) or form[len(stem) :] not in endings)
        beginnings = word.stems if word.accept is not None else ()
        return Entry(number, stem, endings, tuple(rest), beginnings, word.accept, refused)


class FormTable:
    """The forms and acceptors of many words."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._forms: dict[str, tuple[int, ...]] = {}
        self._inflected: dict[str, tuple[tuple[int, Endings], ...]] = {}
        self._accepted: dict[str, tuple[tuple[int, Accept], ...]] = {}
        self._refused: dict[int, frozenset[str]] = {}
        for entry in entries:
            self._add(entry)
        stems = {*self._inflected, *self._accepted}
        self._heads = {form[:HEAD] for form in self._forms} | {stem[:HEAD] for stem in stems}
        self._short = sorted({len(stem) for stem in stems if len(stem) < HEAD})
        lengths: dict[str, set[int]] = {}
        for stem in stems:
            if len(stem) >= HEAD:
                lengths.setdefault(stem[:HEAD], set()).add(len(stem))
        known = {tuple(sorted(each)): tuple(sorted(each)) for each in lengths.values()}
        self._lengths = {head: known[tuple(sorted(each))] for head, each in lengths.items()}

    def _add(self, entry: Entry) -> None:
        for form in entry.forms:
            self._forms[form] = (*self._forms.get(form, ()), entry.number)
        if entry.endings:
            self._inflected[entry.stem] = (*self._inflected.get(entry.stem, ()), (entry.number, entry.endings))
        if entry.accept is not None:
            for stem in entry.beginnings:
                self._accepted[stem] = (*self._accepted.get(stem, ()), (entry.number, entry.accept))
        if entry.refused:
            self._refused[entry.number] = entry.refused

    def knows(self, head: str) -> bool:
        """Whether any form could begin with these letters: the first four of a folded token, or all it has."""
        return not self._heads.isdisjoint(head[:length] for length in range(1, HEAD + 1))

    def find(self, token: str) -> set[int]:
        """The numbers of all words that the folded `token` is a form of."""
        found = set(self._forms.get(token, ()))
        for length in (*self._short, *self._lengths.get(token[:HEAD], ())):
            stem = token[:length]
            for number, endings in self._inflected.get(stem, ()):
                if token[length:] in endings:
                    found.add(number)
            for number, accept in self._accepted.get(stem, ()):
                if number not in found and accept(token):
                    found.add(number)
        if found and self._refused:
            return {number for number in found if token not in self._refused.get(number, ())}
        return found


def _shared_stem(word: Word) -> tuple[str, Endings]:
    """The stem most forms share and the endings they have; no endings when it is not worth it."""
    head = fold(word.term)[:SHORTEST_STEM]
    alike = [form for form in word.forms if form.startswith(head)] if len(head) == SHORTEST_STEM else []
    if len(alike) < FEWEST_FORMS:
        return "", frozenset()
    stem = _common_start(min(alike), max(alike))
    return stem, frozenset(form[len(stem) :] for form in alike)


def _common_start(first: str, last: str) -> str:
    """What two words begin with; of the first and the last of a sorted list it is what all of them begin with."""
    for length, (one, other) in enumerate(zip(first, last, strict=False)):
        if one != other:
            return first[:length]
    return min(first, last, key=len)
