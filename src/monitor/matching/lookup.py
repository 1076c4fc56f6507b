"""From the text of an article to the words of the keyword file in it: the hot path.

A text is cut at white space only, and each piece (`забастовка,` with its comma) is read once: what it stands for is
remembered, and so is that it stands for nothing. A token with hyphens (рабочие-нефтяники, air-strike, КНПРК-ның)
stands for its whole, for itself without the hyphens and for each of its parts; positions inside a token are counted in
twelfths, so that parts are neighbours in a phrase.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from typing import Any, NamedTuple

from monitor.matching.memory import Memory
from monitor.matching.tables import FormTable
from monitor.matching.vocabulary import Vocabulary
from monitor.text.fold import fold, spelling
from monitor.text.tokens import find_words

UNIT = 12  # positions per token; halves, thirds and quarters of it are whole numbers
LONGEST_TOKEN = 64  # code points; no word of the three languages is longer, garbage is

_PARTS = re.compile(r"[^-‐‑_]+")
_ENDING = re.compile(r"[а-яәіңғүұқөһ]{1,9}")
_PLAIN = re.compile("[а-яәіңғүұқөһ]*")
_LATIN = re.compile("[a-z]")

Readings = Callable[[str], Iterable[str]]


class Sense(NamedTuple):
    """A word that a token stands for, and which twelfths of the token are it."""

    number: int
    start: int = 0
    end: int = UNIT


Senses = tuple[Sense, ...]


class Piece(NamedTuple):
    """What stands between two white spaces, unless it is one word that stands for nothing.

    `words` is how many there are (none for a dash), `senses` what they stand for, in twelfths from the first of them.
    """

    words: int
    senses: Senses


class Lookup:
    """The way from the text of an article of one language to the words of the keyword file in it."""

    def __init__(self, vocabulary: Vocabulary, tables: Sequence[str], readings: Readings | None = None) -> None:
        """`tables` are the names of the word lists that are tried; `readings` gives other ways to read a token."""
        self._table = FormTable(entry for name in tables for entry in vocabulary.entries.get(name, ()))
        self._exact = vocabulary.exact
        self._exact_in_lower_case = any(map(str.islower, vocabulary.exact))
        self._readings = readings
        self.memory = Memory(self._read, self._may_begin)

    def __getstate__(self) -> dict[str, Any]:
        """Packed without what it has read."""
        return {name: value for name, value in vars(self).items() if name != "memory"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Unpacked; it has read nothing."""
        vars(self).update(state)
        self.memory = Memory(self._read, self._may_begin)

    def look(self, pieces: Sequence[str]) -> list[tuple[int, Piece]]:
        """Of the pieces of a text those that matter, with their indices: hits, and what is not just one word.

        This is the hot path: one look-up per piece and no Python between them.
        """
        found = list(map(self.memory.__getitem__, pieces))
        return [(index, piece) for index in compress(range(len(found)), found) if (piece := found[index])]

    def numbers(self, word: str) -> set[int]:
        """The words that one word of a text stands for; none for what a text would not hold as one word."""
        piece = self.memory[word]
        return {sense.number for sense in piece.senses} if piece and piece.words == 1 else set()

    def _read(self, piece: str) -> Piece | None:
        words = [piece] if piece.isalpha() else find_words(piece)
        if len(words) == 1:
            senses = self.senses(words[0]) if len(words[0]) <= LONGEST_TOKEN else ()
        else:
            parts = [(at * UNIT, self.memory[word]) for at, word in enumerate(words)]
            senses = tuple(
                Sense(number, at + start, at + end) for at, part in parts if part for number, start, end in part.senses
            )
        return Piece(len(words), senses) if senses or len(words) != 1 else None

    def _may_begin(self, head: str) -> bool:
        """Whether a word with this beginning may stand for something; in doubt it may."""
        lower = head.lower()
        if head.isascii() and self._readings is not None:
            return True
        if not head.isascii() and not _PLAIN.fullmatch(lower):
            return True
        return self._table.knows(lower) or any(word.startswith(head) for word in self._exact)

    def senses(self, token: str) -> Senses:
        """All words that a token stands for: as a whole first, then by its parts."""
        folded = fold(token)
        whole = self._plain(folded)
        if self._readings is not None and _LATIN.search(folded):
            whole = whole.union(*map(self._plain, self._readings(folded)))
        if self._exact and not (token.islower() and not self._exact_in_lower_case):
            whole = whole | self._exactly(token)
        if not whole and folded.isalpha():
            return ()
        found = {number: Sense(number) for number in whole}
        if "-" in folded or "_" in folded:
            for sense in self._of_parts(folded, token):
                found.setdefault(sense.number, sense)
        return tuple(found.values())

    def _of_parts(self, folded: str, token: str) -> Iterator[Sense]:
        parts = _PARTS.findall(folded)
        if len(parts) > UNIT:
            return
        yield from map(Sense, self._plain("".join(parts)))
        if min(map(len, folded.split("-"))) == 1:
            return  # an e-mail is no mail and an x-ray no ray: beside a single letter a word is only part of its whole
        for part, spelt, span in zip(parts, _PARTS.findall(spelling(token)), _shares(len(parts)), strict=False):
            for number in self._plain(part) | ({self._exact[spelt]} if spelt in self._exact else set()):
                yield Sense(number, *span)

    def _plain(self, folded: str) -> set[int]:
        """What the tables say; a possessive or a foreign ending after an apostrophe is not part of the word."""
        found = self._table.find(folded)
        if not found and "'" in folded:
            return self._plain(folded.partition("'")[0])
        return found

    def _exactly(self, token: str) -> set[int]:
        """Exact words: the token itself, or the part before a hyphen and a Kazakh ending or before an apostrophe."""
        spelt = spelling(token)
        head, hyphen, ending = spelt.rpartition("-")
        heads = {spelt, spelt.partition("'")[0]}
        if hyphen and _ENDING.fullmatch(ending):
            heads.add(head)
        return {self._exact[head] for head in heads if head in self._exact}


def inner_span(token: str, start: int, end: int) -> tuple[int, int]:
    """The code points, from the start of `token`, of those of its parts that lie between two twelfths."""
    parts = list(_PARTS.finditer(token))
    inside = [
        part.span()
        for part, share in zip(parts, _shares(len(parts)), strict=True)
        if start <= share[0] < share[1] <= end
    ]
    return (inside[0][0], inside[-1][1]) if inside else (0, len(token))


def _shares(count: int) -> list[tuple[int, int]]:
    """Which twelfths of a token each of its parts is."""
    return [(UNIT * index // count, UNIT * (index + 1) // count) for index in range(count)]
