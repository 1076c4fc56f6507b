"""All words of a keyword file, and for each language of an article the quick way from a token to their numbers.

A text is cut at white space only, and each piece (`забастовка,` with its comma) is read once: what it stands for is
remembered, and so is that it stands for nothing. A token with hyphens (рабочие-нефтяники, air-strike, КНПРК-ның) stands for its whole, for itself without the hyphens and
for each of its parts; positions inside a token are counted in twelfths, so that parts are neighbours in a phrase.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from monitor.languages import PartOfSpeech, Word, by_code
from monitor.matching.tables import HEAD, Entry, FormTable, Packer
from monitor.matching.terms import WordPart
from monitor.text.fold import fold, spelling
from monitor.text.tokens import find_words

UNIT = 12  # positions per token; halves, thirds and quarters of it are whole numbers
PUNCTUATION = '.,:;!?…()[]«»“”„"—–'  # what stands around a word; whatever else does is looked at closely
LONGEST_TOKEN = 64  # code points; no word of the three languages is longer, garbage is
MOST_REMEMBERED = 25_000  # pieces of text per language and generation: 4 MB

ANY = "any_lang"
EXACT = "exact"

_PARTS = re.compile(r"[^-‐‑_]+")
_ENDING = re.compile(r"[а-яәіңғүұқөһ]{1,9}")
_PLAIN_HEAD = re.compile("[а-яәіңғүұқөһ]{1,3}")
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_KAZAKH_LETTERS = re.compile(r"[әіңғүұқөһ]")

Readings = Callable[[str], Iterable[str]]


class Sense(NamedTuple):
    """A word that a token stands for, and which twelfths of the token are it."""

    number: int
    start: int = 0
    end: int = UNIT


Senses = tuple[Sense, ...]


class Vocabulary:
    """Every distinct word of the keyword file under a number."""

    def __init__(self) -> None:
        self._languages = by_code()
        self._numbers: dict[tuple[str, str, PartOfSpeech | None, frozenset[str]], int] = {}
        self._packer = Packer()
        self.entries: dict[str, list[Entry]] = {}
        self.exact: dict[str, int] = {}
        self.assumed: dict[int, tuple[str, ...]] = {}

    def number(self, part: WordPart, lang: str, refused: frozenset[str] = frozenset()) -> int:
        """The number of a word of a term in a list of `lang`; the same word has the same number."""
        if part.exact:
            return self.exact.setdefault(spelling(part.text), self._fresh((EXACT, spelling(part.text), None, refused)))
        key = (lang, part.text, part.pos, refused)
        known = self._numbers.get(key)
        if known is None:
            known = self._fresh(key)
            for table, word in self._meanings(part, lang):
                self._enter(table, self._packer.pack(known, word, refused))
                if word.assumed and table == lang:
                    self.assumed[known] = word.assumed
        return known

    def literal(self, form: str, lang: str) -> int:
        """The number of one folded form that stands for nothing but itself."""
        key = (f"form of {lang}", form, None, frozenset[str]())
        known = self._numbers.get(key)
        if known is None:
            known = self._fresh(key)
            self._enter(lang, self._packer.pack(known, Word(term=form, lang=lang, forms=frozenset({form}))))
        return known

    def _fresh(self, key: tuple[str, str, PartOfSpeech | None, frozenset[str]]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _enter(self, table: str, entry: Entry) -> None:
        self.entries.setdefault(table, []).append(entry)

    def _meanings(self, part: WordPart, lang: str) -> Iterable[tuple[str, Word]]:
        """What a word means, and in which table it belongs.

        A Russian word also takes Kazakh endings in Kazakh articles. In `any_lang` the script says whose word it is.
        """
        if lang != ANY:
            yield lang, self._languages[lang].word(part.text, part.pos)
            loan = getattr(self._languages.get("kk"), "loan", None)
            if lang == "ru" and loan is not None:
                yield loans_of("kk"), loan(part.text)
            return
        for code in _languages_of(fold(part.text)):
            if code in self._languages:
                yield ANY, self._languages[code].word(part.text, part.pos)


class Piece(NamedTuple):
    """What stands between two white spaces, unless it is one word that stands for nothing.

    `words` is how many there are (none for a dash), `senses` what they stand for, in twelfths from the first of them.
    """

    words: int
    senses: Senses


UNREAD = Piece(-1, ())


class Lookup:
    """The way from the text of an article of one language to the words of the keyword file in it."""

    def __init__(self, vocabulary: Vocabulary, tables: Sequence[str], readings: Readings | None = None) -> None:
        self._table = FormTable(entry for name in tables for entry in vocabulary.entries.get(name, ()))
        self._exact = vocabulary.exact
        self._exact_heads = {word[:HEAD] for word in vocabulary.exact}
        self._exact_in_lower_case = any(map(str.islower, vocabulary.exact))
        self._readings = readings
        self._remembered = _Memory(self._read)

    def look(self, pieces: Sequence[str]) -> list[tuple[int, Piece]]:
        """Of the pieces of a text those that matter, with their indices: hits, and what is not just one word.

        This is the hot path: one look-up per piece and no Python between them.
        """
        found = list(map(self._remembered.__getitem__, pieces))
        return [(index, piece) for index in compress(range(len(found)), found) if (piece := found[index])]

    def _read(self, piece: str) -> Piece | None:
        word = piece.strip(PUNCTUATION)
        if self._is_hopeless(word):
            return None
        words = [piece] if piece.isalpha() else find_words(piece)
        if len(words) == 1:
            senses = self.senses(words[0]) if len(words[0]) <= LONGEST_TOKEN else ()
        else:
            parts = [(at * UNIT, self._remembered[word]) for at, word in enumerate(words)]
            senses = tuple(
                Sense(number, at + start, at + end) for at, part in parts if part for number, start, end in part.senses
            )
        return Piece(len(words), senses) if senses or len(words) != 1 else None

    def _is_hopeless(self, word: str) -> bool:
        """Whether nothing in the file begins like this plain word, as most words of an article: no need to fold it."""
        if not word.isalpha() or (word.isascii() and self._readings is not None):
            return False
        head = word[:HEAD].lower()
        plain = word.isascii() or _PLAIN_HEAD.fullmatch(head) is not None
        return plain and not self._table.knows(head) and word[:HEAD] not in self._exact_heads

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


class _Memory(dict[str, Piece | None]):
    """Pieces of text once read, in two generations: what was not asked for since the last one began is forgotten."""

    def __init__(self, read: Callable[[str], Piece | None]) -> None:
        super().__init__()
        self._read = read
        self._before: dict[str, Piece | None] = {}

    def __missing__(self, piece: str) -> Piece | None:
        found = self._before.get(piece, UNREAD)
        if found is UNREAD:
            found = self._read(piece)
        if len(piece) <= LONGEST_TOKEN:
            if len(self) >= MOST_REMEMBERED:
                self._before = dict(self)
                self.clear()
            self[piece] = found
        return found


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


def loans_of(lang: str) -> str:
    """The name of the table of borrowed words with the endings of `lang`."""
    return f"loans of {lang}"


def _languages_of(folded: str) -> tuple[str, ...]:
    """Whose word a word of `any_lang` may be, by its letters."""
    if _KAZAKH_LETTERS.search(folded):
        return ("kk",)
    return ("ru", "kk") if _CYRILLIC.search(folded) else ("en",)
