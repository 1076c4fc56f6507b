"""Which common words a token may be instead: the longer word explains it better than a short one with a suffix."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from monitor.languages._kazakh_common import NOMINALS, PASTS, QUALITIES, TWINS, UNCHANGING, VERBS
from monitor.languages._kazakh_sounds import plain
from monitor.languages._kazakh_stems import VERB_STATES, Start, noun_starts, verb_starts
from monitor.languages._kazakh_suffixes import completes

Starts = tuple[Start, ...]

# A rival claims a token only in forms that are beyond doubt: no "my" or "thy" (заңдың is "of the law"), no imperative.
_CAUTIOUS = {"noun": "rival_noun", **dict.fromkeys(VERB_STATES, "rival_verb")}


def reach(token: str, starts: Iterable[Start], *, typed_plain: bool = False) -> int:
    """The length of the longest stem that, with an ending, makes up the token; 0 when none does."""
    longest = 0
    for start in starts:
        stem = plain(start.stem) if typed_plain else start.stem
        if len(stem) <= longest or not token.startswith(stem):
            continue
        ending = token[len(stem) :]
        if start.takes(ending) and completes(ending, start.state, start.sound, start.harmony, typed_plain=typed_plain):
            longest = len(stem)
    return longest


class Rivals:
    """The common words that may be meant instead of one keyword."""

    def __init__(self, term: str, starts: Starts) -> None:
        verbs = {start.stem for start in starts if start.state in VERB_STATES}
        self._alone = UNCHANGING | QUALITIES | (frozenset() if verbs else PASTS)
        longer = {lemma: None for stem in {start.stem for start in starts} for lemma in _going_on(stem)}
        self._longer = tuple(_starts_of(lemma) for lemma in longer if lemma != term)
        self._twins = tuple(_twin(stem) for stem in verbs & TWINS)

    def claim(self, token: str, length: int, *, typed_plain: bool = False) -> bool:
        """Whether one of them is what the token more likely is, given how much of it is the keyword's stem."""
        if token in (_typed_plain(self._alone) if typed_plain else self._alone):
            return True
        if any(reach(token, starts, typed_plain=typed_plain) > length for starts in self._longer):
            return True
        return any(reach(token, starts, typed_plain=typed_plain) >= length for starts in self._twins)


def _going_on(stem: str) -> Iterator[str]:
    """The common words that have a longer stem which begins with `stem`."""
    lemmas = _lemmas()
    head = stem[:-1]  # the last letter of a lemma may differ from its stem's: шығу, шық-
    for place in range(bisect_left(lemmas, head), len(lemmas)):
        if not lemmas[place].startswith(head):
            return
        if any(len(start.stem) > len(stem) and start.stem.startswith(stem) for start in _starts_of(lemmas[place])):
            yield lemmas[place]


@cache
def _lemmas() -> tuple[str, ...]:
    return tuple(sorted(NOMINALS | VERBS))


@cache
def _starts_of(lemma: str) -> Starts:
    """The stems of a common word, in the states of a rival."""
    starts = [*noun_starts(lemma), *(verb_starts(lemma) if lemma in VERBS else ())]
    return tuple(dict.fromkeys(start._replace(state=_CAUTIOUS.get(start.state, start.state)) for start in starts))


@cache
def _twin(noun: str) -> Starts:
    """The stems of a noun that sounds like a verb, without the accusative, which sounds like the past."""
    starts = (start._replace(state="twin_noun") for start in noun_starts(noun) if start.state == "noun")
    voiced = (start for start in noun_starts(noun) if start.state == "voiced")
    return (*starts, *voiced)


@cache
def _typed_plain(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(plain, words))
