"""Prints of texts: equal for equal words, alike for alike articles."""

import re
from hashlib import blake2b
from zlib import crc32

from monitor.text.fold import fold

_BARE_WORD = re.compile(r"[^\W_]+")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32 without I, L, O and U: nothing to misread
_REFERENCE_LENGTH = 5  # 33 million references; readers type them
SHINGLE_WORDS = 3
# Every fourth shingle: ~119 numbers for a 3.5 kB article, recall ≥ .99 on republished wire (shared/matching.md)
SHINGLE_SHARE = 4


def digest16(text: str) -> str:
    """16 hex digits of a hash of `text`, whatever characters it holds."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def fingerprint(title: str, text: str) -> str:
    """16 hex digits that case, punctuation, quotes, white space, stress marks and ё/е do not change."""
    return digest16(" ".join(_bare_words(title)) + "\n" + " ".join(_bare_words(text)))


def shingles(text: str) -> frozenset[int]:
    """A quarter of all runs of three words, as numbers; two texts share many when one was copied from the other."""
    words = _bare_words(text)
    numbers = (
        crc32(" ".join(words[first : first + SHINGLE_WORDS]).encode("utf-8", "surrogatepass"))
        for first in range(len(words) - SHINGLE_WORDS + 1)
    )
    return frozenset(number for number in numbers if number % SHINGLE_SHARE == 0)


def reference(seed: str, salt: int = 0) -> str:
    """Five characters people can read out (K7F2Q); another `salt` gives another one when this one is taken."""
    number = int.from_bytes(blake2b(f"{salt}:{seed}".encode("utf-8", "surrogatepass"), digest_size=8).digest())
    letters = []
    for _ in range(_REFERENCE_LENGTH):
        number, digit = divmod(number, len(_CROCKFORD))
        letters.append(_CROCKFORD[digit])
    return "".join(letters)


def _bare_words(text: str) -> list[str]:
    found: list[str] = _BARE_WORD.findall(fold(text))
    return found
