"""Names in a text, without a list of them: companies in quotes, capital letters inside a sentence.

A word of a name is known by its skeleton, the consonants of its Latin spelling: «Бургылау», «Бұрғылау» and Burgylau are
all `brgl`, and case endings hardly touch it. A name is its words in order and then its numbers, `ksp+blk` for «Каспий
Балык», `krls+no7` for «Курылыс-7».
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.text.fold import fold, spelling
from monitor.text.tokens import find_words

LEAST_CONSONANTS = 3  # of a name; a word of a longer name may have fewer
LEAST_ALONE = 4  # of a word that stands for a whole name: Сатбекова for Ерлан Сатбеков
LONGEST_WORD = 10
STEM = 5  # letters by which words of one language are compared
MOST_WORDS = 4
# Endings may add this many consonants: Бургылау, Бургылаудың.
TAIL = 2

_CAPITAL = "A-ZА-ЯЁӘІҢҒҮҰҚӨҺ"
_QUOTED = re.compile(r"[«“„\"]([^«»“”„\"]{2,60})[»”\"]")
# ТОО, АО, ЖШС … before a name that stands without quotes.
_FORM = re.compile(rf"\b(?:ТОО|АО|ООО|ГКП|КГП|ЖШС|АҚ|МКК)\s+((?:[{_CAPITAL}][\w-]*\s?){{1,3}})")
_NUMBERED = re.compile(r"(?:№|\bNo\.)\s?(\d{1,4})\b")  # school No. 5 is not school No. 12
_CAPITALS = re.compile(rf"[{_CAPITAL}][\w’'-]*(?:\s+[{_CAPITAL}][\w’'-]*)*")
_STARTS = re.compile(r"(?:^|[.!?…:\n—–«“„\"]\s*)$")
_LETTERS = re.compile(r"[^\W\d_]+")
# Who is quoted is not whom it is about: сообщает «Власть», «Азаттық» хабарлады, Reuters reports.
_CITES = re.compile(
    r"(?:сообща\w+|переда\w+|пишет|пишут|со ссылкой на|по данным|по информации|корреспондент\w*|reports?|according to|told)"
    r"\s+(?:\w+\s+){0,2}[«“„\"]?$",
    re.IGNORECASE,
)
_CITED = re.compile(r"[»”\"]?\s*(?:хабарла\w+|деп жаз\w+|жазды|reports?|reported)\b", re.IGNORECASE)
_NEAR = 48  # code points before a name in which it may be cited
# English writes these with a capital as well.
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december",
    re.IGNORECASE,
)
_FORMS = re.compile(r"llp|jsc|llc|ltd|inc|тоо|ао|ооо|жшс|ақ", re.IGNORECASE)
_TITLE_CASE = 0.8  # a headline with more capitals than this, beside its first word, says nothing by them

_DIGRAPHS = (("zh", "ж"), ("sh", "ш"), ("ch", "ч"), ("kh", "х"), ("gh", "г"), ("ph", "ф"), ("ck", "к"))
_CONSONANTS = str.maketrans(
    {
        "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "ж": "j", "з": "z", "к": "k", "қ": "k", "л": "l", "м": "m",
        "н": "n", "ң": "n", "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "s",
        "ш": "s", "щ": "s", "c": "k", "q": "k", "w": "v", "x": "k", "ş": "s", "ç": "s",
    }
)  # fmt: skip
_NUMBER = "no"  # begins the part of a name that is a number; no skeleton has a vowel
_DIGITS = re.compile(r"(?<!\d)\d{1,3}(?!\d)")  # longer ones are years: a forum, a strategy
_NO_CONSONANT = re.compile(r"[^bcdfghjklmnpqrstvz]")
_DOUBLED = re.compile(r"(.)\1+")


class Names(NamedTuple):
    """What a text names: `firms` in quotes or behind a legal form, `others` by their capitals.

    `openers` have a capital because a sentence begins with them: names only if the other text says so. `words` are the
    folded words of all names, cited ones too: who shares a name shares its words, which says nothing more.
    """

    firms: frozenset[str]
    others: frozenset[str]
    openers: frozenset[str]
    words: frozenset[str]


def skeleton(word: str) -> str:
    """The consonants of a word in Latin letters; may be empty."""
    letters = fold(word)
    for latin, letter in _DIGRAPHS:
        letters = letters.replace(latin, letter)
    return _DOUBLED.sub(r"\1", _NO_CONSONANT.sub("", letters.translate(_CONSONANTS)))[:LONGEST_WORD]


def name_of(words: Sequence[str]) -> str:
    """A name by the skeletons of its words and by its numbers; empty when too little is left of them."""
    parts = [mark for word in words if (mark := skeleton(word))]
    numbers = [f"{_NUMBER}{number}" for word in words for number in _DIGITS.findall(word)]
    is_enough = parts and sum(map(len, parts)) + len(numbers) >= LEAST_CONSONANTS
    return "+".join([*parts, *numbers]) if is_enough else ""


def letters_of(name: str) -> list[str]:
    """The parts of a name that are words."""
    return [part for part in name.split("+") if not part.startswith(_NUMBER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dull:
    """Words that name nobody: `skeletons` of places, bodies and outlets, `stems` of the words of the trade."""

    skeletons: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()

    def outlet_or_place(self, words: Sequence[str]) -> bool:
        """Whether a name in quotes has no other words than those of places, bodies and outlets, and no number."""
        return all(skeleton(word) in self.skeletons and not _DIGITS.search(word) for word in words)

    def any_kind(self, words: Sequence[str]) -> bool:
        """Whether words with a capital name nobody at all."""
        return self.outlet_or_place(words) or all(fold(word)[:STEM] in self.stems for word in words)


DULL = Dull()


def same_name(one: str, other: str) -> bool:
    """Whether two names are one: the same words with other endings, or the whole of the shorter inside the longer.

    «Курылыс-7» is not «Курылыс-8»; it may be called «Курылыс».
    """
    ours, theirs = letters_of(one), letters_of(other)
    if not ours or not theirs:
        return one == other
    our_numbers, their_numbers = one.split("+")[len(ours) :], other.split("+")[len(theirs) :]
    if our_numbers and their_numbers and our_numbers != their_numbers:
        return False
    if _alike("".join(ours), "".join(theirs)):
        return True
    short, long = sorted((ours, theirs), key=len)
    if len(short) == 1 and len(short[0]) < LEAST_ALONE:
        return False
    return len(short) < len(long) and all(any(_alike(word, each) for each in long) for word in short)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > LEAST_CONSONANTS and long.startswith(short) and len(long) - len(short) <= TAIL)


def shared(ones: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """The names that stand on both sides, as the first one has them."""
    others = tuple(others)
    return frozenset(one for one in ones if any(same_name(one, other) for other in others))


def names_in(title: str, text: str, dull: Dull = DULL) -> Names:
    """What a headline and a text name."""
    firms: set[str] = set()
    others: set[str] = set()
    openers: set[str] = set()
    spoken: set[str] = set()
    for part in (title, text):
        spelt = spelling(part)
        firms |= {f"{_NUMBER}{number}" for number in _NUMBERED.findall(part)}
        for words, cited in _quoted(spelt):
            spoken.update(words)
            if not cited and not dull.outlet_or_place(words):
                firms.add(name_of(words))
        for words, opens, cited in _by_capitals(spelt) if part is not title or not _is_title_case(part) else ():
            if not opens:
                spoken.update(words)
            if not cited and not dull.any_kind(words):
                (openers if opens else others).add(name_of(words))
    others = {name for name in others - {""} if not shared([name], firms)}
    openers = {name for name in openers - {""} if not shared([name], firms | others)}
    folded = frozenset(fold(word) for words in spoken for word in find_words(words))
    return Names(frozenset(firms - {""}), frozenset(others), frozenset(openers), folded)


def _quoted(text: str) -> Iterator[tuple[list[str], bool]]:
    """The words of every name in quotes or behind a legal form, and whether it is cited."""
    for match in (*_QUOTED.finditer(text), *_FORM.finditer(text)):
        if _is_a_name(_LETTERS.findall(match[1])):
            yield match[1].split(), _is_cited(text, match)


def _is_a_name(words: list[str]) -> bool:
    """A quoted name has a capital in every longer word; quoted speech has not."""
    return 0 < len(words) <= MOST_WORDS and all(word[0].isupper() for word in words if len(word) > 2)  # noqa: PLR2004


def _is_cited(text: str, match: re.Match[str]) -> bool:
    before = text[max(match.start() - _NEAR, 0) : match.start()]
    return _CITES.search(before) is not None or _CITED.match(text, match.end()) is not None


def _is_title_case(title: str) -> bool:
    words = [word for word in _LETTERS.findall(title)[1:] if len(word) > 3]  # noqa: PLR2004
    return bool(words) and sum(word[0].isupper() for word in words) > _TITLE_CASE * len(words)


def _by_capitals(text: str) -> Iterator[tuple[list[str], bool, bool]]:
    """Runs of words with a capital; whether a sentence begins with the run (then its first word comes alone); whether cited."""
    for match in _CAPITALS.finditer(text):
        cited = _is_cited(text, match)
        words = [word for word in match[0].split() if not _CALENDAR.fullmatch(word) and not _FORMS.fullmatch(word)]
        if _STARTS.search(text, max(match.start() - 3, 0), match.start()):
            if words:
                yield words[:1], True, cited
            words = words[1:]
        words = [word for word in words if not (word.isupper() and len(word) <= MOST_WORDS)]
        if words:
            yield words[:MOST_WORDS], False, cited
