"""Word tables: a folded token in, the numbers of the words it is a form of out.

Made for many words with many forms each: forms that share a stem are kept as the stem and a shared set of endings, so
that ten thousand keywords weigh megabytes less than their forms would.
"""

from collections.abc import Callable, Iterator

from monitor.languages import Word
from monitor.text.fold import fold

SHORTEST_STEM = 3  # letters; shorter ones would make every token look at many words
FEWEST_FORMS = 5  # fewer forms are cheaper one by one

_Endings = frozenset[str]
_Accept = Callable[[str], bool]


class FormTable:
    """The forms and acceptors of many words."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[int, ...]] = {}
        self._endings: dict[str, list[tuple[int, _Endings]]] = {}
        self._acceptors: dict[str, list[tuple[int, _Accept]]] = {}
        self._refused: dict[int, frozenset[str]] = {}
        self._shared: dict[_Endings, _Endings] = {}
        self._stem_lengths: list[int] = []

    def add(self, number: int, word: Word, *, refused: frozenset[str] = frozenset()) -> None:
        """Let the forms of `word` be found as `number`; `refused` folded forms are none of it."""
        stem, endings = _shared_stem(word)
        rest = word.forms
        if endings:
            rest = frozenset(form for form in rest if not form.startswith(stem) or form[len(stem) :] not in endings)
            self._endings.setdefault(stem, []).append((number, self._shared.setdefault(endings, endings)))
        for form in rest:
            self._forms[form] = (*self._forms.get(form, ()), number)
        if word.accept is not None:
            for beginning in word.stems:
                self._acceptors.setdefault(beginning, []).append((number, word.accept))
        if refused:
            self._refused[number] = refused
        self._stem_lengths = []

    def find(self, token: str) -> set[int]:
        """The numbers of all words that the folded `token` is a form of."""
        found = set(self._forms.get(token, ()))
        for length in self._stem_lengths or self._measure():
            if length > len(token):
                break
            stem = token[:length]
            if stem in self._endings:
                ending = token[length:]
                found.update(number for number, endings in self._endings[stem] if ending in endings)
            if stem in self._acceptors:
                found.update(self._accepted(stem, token, found))
        if found and self._refused:
            return {number for number in found if token not in self._refused.get(number, ())}
        return found

    def _accepted(self, stem: str, token: str, found: set[int]) -> Iterator[int]:
        for number, accept in self._acceptors[stem]:
            if number not in found and accept(token):
                yield number

    def _measure(self) -> list[int]:
        self._stem_lengths = sorted({len(stem) for stem in (*self._endings, *self._acceptors)})
        return self._stem_lengths


def _shared_stem(word: Word) -> tuple[str, _Endings]:
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
