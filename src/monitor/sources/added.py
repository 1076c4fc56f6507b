"""What one version of a document says and the version before did not: sentences with words in a new order."""

import re
from collections.abc import Iterator, Sequence

from monitor.text.fold import fold

# Not after a number: "2. В регистрации …" and "Статья 10-1. Порядок" are whole.
_END = re.compile(r"(?<=[^\d][.!?…;])\s+(?=[«\"“(\[]?[A-ZА-ЯЁӘІҢҒҮҰҚӨҺ0-9])")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_RUN = 4  # words: all runs of a sentence that was only laid out anew stood there before
_COUNTER = 40  # characters of a line whose numbers are a clock, a date of the day or a counter


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, in order; a line end ends one as well."""
    return [part for line in text.split("\n") for sentence in _END.split(line) if (part := sentence.strip())]


def added(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The sentences of `after` that were not in `before`, in order; all of them when there is nothing before.

    A sentence is the same in whatever place, case and punctuation, split or joined anew. In a short line numbers do not
    count: they are clocks and counters.
    """
    known = {_key(sentence) for sentence in before}
    new = [sentence for sentence in after if _key(sentence) not in known]
    if not new or not before:
        return new
    runs = set(_runs([word for sentence in before for word in _words(sentence)]))
    return [sentence for sentence in new if not _stood(sentence, runs)]


def _key(sentence: str) -> str:
    words = " ".join(_words(sentence))
    return _DIGITS.sub("0", words) if len(sentence) <= _COUNTER else words


def _stood(sentence: str, runs: set[tuple[str, ...]]) -> bool:
    """Whether a sentence is words that stood there before, in the same order; one without words says nothing."""
    words = _words(sentence)
    if len(words) >= _RUN:
        return all(run in runs for run in _runs(words))
    return not words


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[first : first + _RUN]) for first in range(len(words) - _RUN + 1))


def _words(sentence: str) -> list[str]:
    found: list[str] = _WORD.findall(fold(sentence))
    return found
