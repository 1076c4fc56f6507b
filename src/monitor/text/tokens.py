"""Words of a text and where they stand, in code points of the original.

A token keeps what belongs to it: hyphens and apostrophes between letters (КНПРК-ның, worker's, air-strike), stress
marks, soft hyphens and zero-width characters.
"""

import re
from typing import NamedTuple

from monitor.text.fold import COMBINING, fold

JOINERS = "-‐‑’'ʼ"  # what may stand between two letters of one word
_INSIDE = rf"\w{COMBINING}\u00ad\u200b-\u200d\u2060\ufeff"
_WORD = re.compile(rf"\w[{_INSIDE}]*(?:[{JOINERS}]\w[{_INSIDE}]*)*")

find_words = _WORD.findall
"""The words of a text, in order, without their positions. No word holds white space."""


def search_words(title: str, text: str) -> str:
    """The folded words of an article: SQLite's unicode61 folds neither ё nor look-alikes, so we do."""
    return " ".join(find_words(fold(f"{title}\n{text}")))


class Token(NamedTuple):
    """A word with its span; `end` is exclusive."""

    start: int
    end: int
    text: str


def tokens(text: str) -> list[Token]:
    """The words of `text` with their spans."""
    return [Token(*match.span(), match[0]) for match in _WORD.finditer(text)]
