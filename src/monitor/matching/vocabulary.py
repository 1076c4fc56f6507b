"""All words of a keyword file: each distinct one under a number, with the forms its language gives it."""

import re
from collections.abc import Iterable

from monitor.languages import PartOfSpeech, Word, by_code
from monitor.matching.tables import Entry, Packer
from monitor.matching.terms import WordPart
from monitor.text.fold import fold, spelling

ANY = "any_lang"
EXACT = "exact"

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_KAZAKH_LETTERS = re.compile(r"[әіңғүұқөһ]")


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


def loans_of(lang: str) -> str:
    """The name of the table of borrowed words with the endings of `lang`."""
    return f"loans of {lang}"


def _languages_of(folded: str) -> tuple[str, ...]:
    """Whose word a word of `any_lang` may be, by its letters."""
    if _KAZAKH_LETTERS.search(folded):
        return ("kk",)
    return ("ru", "kk") if _CYRILLIC.search(folded) else ("en",)
