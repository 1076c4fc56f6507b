r"""The little language of a term: one line of the keyword file.

    забастовка          every inflected form
    trade union         a phrase; each word inflects
    отказ ~3 выйти      up to three words between, in this order
    strike/n strike/v   one part of speech
    КНПРК!              exactly this spelling and case
    $workers            any term of a group; $places, $names, $companies, $unions, $people are always there
    re:/задолж\w+/      a regular expression

A term is read here and nowhere else; what its words stand for is for `languages` and `compile`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from monitor.errors import MonitorError
from monitor.model import Term
from monitor.text.tokens import tokens

LONGEST_TERM = 200  # code points; the longest phrase of the draft lexicon has 60
LONGEST_PATTERN = 300
WIDEST_GAP = 30  # words; a long sentence
MOST_REMEMBERED = 8192  # terms, 4 MB; a check reads each of them several times

_ITEM = re.compile(r"\S+")
_GAP = re.compile(r"~(\d{1,3})")
_GROUP = re.compile(r"\$([A-Za-z][\w-]*)")
_PART_OF_SPEECH = re.compile(r"(?P<word>.*?)/(?P<pos>[A-Za-z]{1,9})")
_CYRILLIC_PART = re.compile(r"[^\W\d_]{3,}/(?P<pos>[\u0400-\u04ff])")  # забастовка/в; but з/п and б/у are words
_STRANGERS = re.compile(r"[*|<>{}\[\]\\^=]")

PartOfSpeech = Literal["n", "v"]
_PARTS_OF_SPEECH: dict[str, PartOfSpeech] = {"n": "n", "v": "v"}


class TermError(MonitorError):
    """A term that cannot be read; `offset` counts code points of the term, `hint` says what would mend it."""

    def __init__(self, message: str, offset: int = 0, hint: str = "") -> None:
        self.message, self.offset, self.hint = message, offset, hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class WordPart:
    """One word of a phrase; up to `gap` other words may stand between it and the part before."""

    text: str
    pos: PartOfSpeech | None = None
    exact: bool = False
    gap: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class GroupPart:
    """Any term of a group, at this place of a phrase."""

    name: str
    gap: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and groups in order."""

    parts: tuple[WordPart | GroupPart, ...]

    @property
    def exact(self) -> bool:
        """Whether every word is an exact one: such a term is tried in every language."""
        return all(isinstance(part, WordPart) and part.exact for part in self.parts)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, as written between the slashes."""

    source: str
    offset: int


def parse(term: Term) -> Phrase | Pattern:
    """Read one term. Raises TermError."""
    return _parse(term.text)


@lru_cache(MOST_REMEMBERED)
def _parse(text: str) -> Phrase | Pattern:
    if not text.strip():
        raise TermError("an empty term", hint="Delete it, or write a word in its dictionary form.")
    if text.lstrip().startswith("re:"):
        return _pattern(text)
    if len(text) > LONGEST_TERM:
        raise TermError(f"a term of {len(text)} characters; {LONGEST_TERM} are enough for any phrase", LONGEST_TERM)
    phrase = Phrase(tuple(_parts(text)))
    if not phrase.parts:
        raise TermError(f"«{text}» holds no word", hint="Write a word in its dictionary form.")
    return phrase


def _pattern(text: str) -> Pattern:
    start = text.index("re:")
    body = text[start + 3 :].rstrip()
    if not body.startswith("/"):
        raise TermError("a regular expression without slashes", start + 3, "Write re:/…/ .")
    if len(body) == 1 or not body.endswith("/") or body.endswith("\\/"):
        raise TermError("the closing / of the regular expression is missing", len(text.rstrip()), "Write re:/…/ .")
    source = body[1:-1]
    if not source:
        raise TermError("an empty regular expression", start + 4, "It would match everywhere.")
    if len(source) > LONGEST_PATTERN:
        raise TermError(
            f"a regular expression of {len(source)} characters; at most {LONGEST_PATTERN}",
            start + 4 + LONGEST_PATTERN,
            "Write several terms, one per line.",
        )
    return Pattern(source, start + 4)


def _parts(text: str) -> list[WordPart | GroupPart]:
    """The words and groups of a phrase, each with the gap in front of it."""
    parts: list[WordPart | GroupPart] = []
    gap, gap_offset = 0, -1
    for item in _ITEM.finditer(text):
        found, offset = item[0], item.start()
        if found.startswith("~"):
            if not parts or gap_offset >= 0:
                raise TermError("a gap needs a word before it and one after it", offset, "Write word ~3 word.")
            gap, gap_offset = _gap(found, offset), offset
            continue
        new = [_group(found, offset, gap)] if found.startswith("$") else _words(found, offset, gap)
        if new:
            parts += new
            gap, gap_offset = 0, -1
    if gap_offset >= 0:
        raise TermError("a gap needs a word after it", gap_offset, "Write word ~3 word.")
    return parts


def _gap(item: str, offset: int) -> int:
    match = _GAP.fullmatch(item)
    words = int(match[1]) if match else 0
    if not 1 <= words <= WIDEST_GAP:
        raise TermError(
            f"«{item}» is not a gap", offset, f"Write ~1 to ~{WIDEST_GAP} between two words, with a space on each side."
        )
    return words


def _group(item: str, offset: int, gap: int) -> GroupPart:
    match = _GROUP.fullmatch(item)
    if match is None:
        raise TermError(f"«{item}» is not a group", offset, "Write $ and the name of a group, and nothing else.")
    return GroupPart(match[1], gap, offset)


def _words(item: str, offset: int, gap: int) -> list[WordPart]:
    """The words of one item between spaces: usually one; `з/п` and `Oil&Gas` are two; `№` and a dash none."""
    _refuse_strangers(item, offset)
    if item == "!":
        raise TermError("an ! on its own", offset, "Put it right behind the word, without a space: КНПРК! .")
    exact = item.endswith("!")
    word, pos = item.removesuffix("!"), None
    if match := _PART_OF_SPEECH.fullmatch(word):
        word, pos = match["word"], _part_of_speech(match["pos"], offset + match.start("pos"), exact=exact)
    elif match := _CYRILLIC_PART.fullmatch(word):
        raise TermError(
            f"«/{match['pos']}» is not a part of speech",
            offset + match.start("pos"),
            "Write /n for a noun or /v for a verb, in Latin letters.",
        )
    if "!" in word:
        raise TermError("an ! inside a word", offset + word.index("!"), "It stands at the end: КНПРК! .")
    return [
        WordPart(token.text, pos, exact, 0 if index else gap, offset + token.start)
        for index, token in enumerate(tokens(word))
    ]


def _part_of_speech(letters: str, offset: int, *, exact: bool) -> PartOfSpeech:
    if exact:
        raise TermError("an exact word has no part of speech", offset, "Write either КНПРК! or strike/n.")
    if found := _PARTS_OF_SPEECH.get(letters):
        return found
    raise TermError(f"«/{letters}» is not a part of speech", offset, "Write /n for a noun or /v for a verb.")


def _refuse_strangers(item: str, offset: int) -> None:
    if "~" in item:
        raise TermError(
            f"a gap is glued to a word in «{item}»", offset + item.index("~"), "Put a space on each side of ~3."
        )
    if "$" in item:
        raise TermError(
            f"a group is glued to a word in «{item}»", offset + item.index("$"), "Put a space in front of the $."
        )
    stranger = _STRANGERS.search(item)
    if stranger is None:
        return
    if stranger[0] == "*":
        hint = "Write the dictionary form without a star: every inflected form is found by itself."
    elif stranger[0] == "|":
        hint = "Write one term per line."
    else:
        hint = "Write plain words, or a regular expression as re:/…/ ."
    raise TermError(f"«{stranger[0]}» is not part of a term", offset + stranger.start(), hint)
