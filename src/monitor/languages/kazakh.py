"""Kazakh: a term in, an acceptor of its suffix chains out; no dictionary and no model.

    жұмысшы + лар + ымыз + дың     worker-s-our-of

A word has too many forms to list (a noun some thousand, a verb more), so a token is taken apart: one of the stems of
the keyword (`_kazakh_stems`), then suffixes that may follow each other and fit its sounds (`_kazakh_suffixes`). A
token that a longer common word explains better is that word (`_kazakh_rivals`, `_kazakh_common`).
"""

import re
from functools import cached_property
from typing import Any

from monitor.languages import PartOfSpeech, Word
from monitor.languages._kazakh_common import words
from monitor.languages._kazakh_rivals import Rivals, Starts, reach
from monitor.languages._kazakh_sounds import BOTH, SOUNDS, has_own_letters, plain, sound_of
from monitor.languages._kazakh_stems import Start, acronym_starts, noun_starts, verb_starts
from monitor.languages._kazakh_suffixes import completes, realise
from monitor.languages.latin import to_cyrillic
from monitor.text.fold import fold

LANG = "kk"

# Measured on treebank text: precision .91 for words of three or four letters, .95 from seven on.
SHORT = 5
# Letters a word needs to be looked for as typed with Russian letters: shorter ones meet other words (өт "bile", от).
LEAST_PLAIN = 5
LONGEST_AFTER_HYPHEN = 9  # КНПРК-ларының

_ENCLITICS = words("ақ ау ай мыс міс ды ді ты ті шы ші дағы тағы")
_ACRONYM = re.compile(r"[А-ЯӘІҢҒҮҰҚӨҺ]{2,6}")
_CYRILLIC = re.compile("[а-яәіңғүұқөһ]")
_SPEAKABLE = re.compile("[аеёиоуыэюяәіөүұ]")

# What `sample` shows, as chains of suffixes, by the state of the table a stem stands in.
_NOUN_SAMPLES = """
NIң GA CI DA BAн Mен (с)I (с)I+нIң (с)I+нA (с)I+ндA LAр LAр+NIң LAр+GA LAр+CI LAр+I DA+GI (I)мIз
"""
_VERB_SAMPLES = """
DI J+дI GAн (I)п сA XA+DI XA+й+дI GAн+дA J+тIн (I)л+DI (I)н+DI (I)л+GAн (I)н+GAн
"""
_SAMPLES = {
    "noun": _NOUN_SAMPLES.split(),
    "voiced": ["I", "I+нIң", "I+нA", "I+ндA"],
    "theirs": ["н", "нA", "ндA", "нAн"],
    "verb": _VERB_SAMPLES.split(),
    "of_noun": _VERB_SAMPLES.split(),
    "imperfect": ["дI", "тIн"],
}


def word(term: str, pos: PartOfSpeech | None = None) -> Word:
    """An acceptor of the forms of one word: a noun, adjective or name, or a verb given as its verbal noun (тастау).

    `pos` narrows a word in -у to the noun or the verb; a capital letter makes it a name. Tokens typed with Russian letters only (жумысшылар) are
    accepted too when the word is long enough. Never raises.
    """
    return _word(term, Acceptor(term, pos))


def loan(term: str) -> Word:
    """A Russian word as Kazakh texts inflect it: забастовка → забастовкаға, профсоюз → профсоюздың. Never raises."""
    return _word(term, Acceptor(term, "n", native=False))


def readings(token: str) -> tuple[str, ...]:
    """Other ways to read a folded token of a Kazakh text: Latin script as the Cyrillic it may stand for."""
    return to_cyrillic(token)


def is_ending(text: str) -> bool:
    """Whether what stands after a hyphen is a Kazakh ending of a name or an acronym: КНПРК-ның, Telegram-ға."""
    return len(text) <= LONGEST_AFTER_HYPHEN and any(
        completes(text, "noun", sound, harmony) for sound in SOUNDS for harmony in BOTH
    )


def sample(word: Word) -> list[str]:
    """Typical forms to show to people, the dictionary form first; one harmony where texts have both."""
    forms = [fold(word.term)]
    hyphen = "-" if _is_acronym(word.term) else ""
    usual: dict[tuple[str, str], Start] = {}
    for start in _starts(word.term, None):
        usual.setdefault((start.stem, start.state), start)
    for start in usual.values():
        for chain in _SAMPLES.get(start.state, ()):
            form, sound = start.stem + hyphen, start.sound
            for pattern in chain.split("+"):
                form += realise(pattern, sound, start.harmony)
                sound = sound_of(form)
            # the passive of a stem with л in its last syllable is in н, that of others in л
            if not chain.startswith("(I)н" if "л" not in start.stem[-2:] else "(I)л"):
                forms.append(form)
    return [form for form in dict.fromkeys(forms) if word.matches(form)]


def _word(term: str, acceptor: "Acceptor") -> Word:
    folded = acceptor.term
    if not folded:
        return Word(term=term, lang=LANG, forms=frozenset())
    stem = _common_start([start.stem for start in _starts(term, acceptor.pos)] or [folded])
    stems = dict.fromkeys((stem, plain(stem)) if len(folded) >= LEAST_PLAIN else (stem,))
    notes: tuple[str, ...] = ()
    if _CYRILLIC.search(folded) and len(folded) < SHORT and not _is_acronym(term):
        notes = (f"{len(folded)} letters: longer words that begin like it may match; leave those out with `except`",)
    return Word(term=term, lang=LANG, forms=frozenset({folded}), stems=tuple(stems), accept=acceptor, assumed=notes)


def _common_start(stems: list[str]) -> str:
    """What all stems begin with: what the first and the last of them in alphabetical order share."""
    first, last = min(stems), max(stems)
    return next((first[:at] for at, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), first)


def _is_acronym(term: str) -> bool:
    """Whether a term is read letter by letter: capitals, or no vowel at all."""
    return bool(_ACRONYM.fullmatch(term)) or not _SPEAKABLE.search(fold(term))


def _starts(term: str, pos: PartOfSpeech | None) -> Starts:
    """The stems of a keyword; none when it is not written in Cyrillic."""
    folded = fold(term)
    if not _CYRILLIC.search(folded):
        return ()
    if _is_acronym(term):
        return tuple(acronym_starts(folded))
    is_name = term[:1].isupper()  # Ақтау is a town; ақтау "to acquit"
    verbs = () if pos == "n" or is_name else tuple(verb_starts(folded))
    return tuple(dict.fromkeys((*verbs, *noun_starts(folded))))


class Acceptor:
    """Says whether a folded token is a form of one keyword; the stems are worked out when it is first asked."""

    def __init__(self, term: str, pos: PartOfSpeech | None, *, native: bool = True) -> None:
        self._original, self.pos, self._native = term, pos, native
        self.term = fold(term)

    def __getstate__(self) -> dict[str, Any]:
        """Packed without what it worked out when it was asked."""
        return {name: value for name, value in vars(self).items() if name not in ("_starts", "_rivals")}

    def __call__(self, token: str) -> bool:
        """Whether the token is a form of the keyword."""
        head, hyphen, tail = token.rpartition("-")
        if hyphen and tail in _ENCLITICS:
            token = head
        elif hyphen and head == self.term:
            return is_ending(tail)
        if token == self.term:
            return True
        if self._explains(token, typed_plain=False):
            return True
        return len(self.term) >= LEAST_PLAIN and not has_own_letters(token) and self._explains(token, typed_plain=True)

    def _explains(self, token: str, *, typed_plain: bool) -> bool:
        """Whether the keyword makes up the token, and no common word does it better."""
        length = reach(token, self._starts, typed_plain=typed_plain)
        return length > 0 and not (self._native and self._rivals.claim(token, length, typed_plain=typed_plain))

    @cached_property
    def _starts(self) -> Starts:
        return _starts(self._original, self.pos)

    @cached_property
    def _rivals(self) -> Rivals:
        return Rivals(self.term, self._starts)
