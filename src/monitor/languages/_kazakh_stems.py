"""From the dictionary form of a Kazakh word to the stems its suffixes attach to."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from monitor.languages._kazakh_common import words
from monitor.languages._kazakh_sounds import (
    BOTH,
    SEMIVOWELS,
    SOUNDS,
    UNVOICED,
    VOICED,
    VOWELS,
    Harmony,
    Sound,
    harmonies,
    sound_of,
)

# Nouns that drop their last vowel before a vowel: халық → халқы. A closed class; new words do not join it.
DROPPING = words(
    """
    ауыз ауыл бөрік дауыс ерік ерін көңіл көрік қалып қарын қауіп қойын құлық құлып мойын мұрын мүлік нарық
    орын парық халық ырық әріп
    """
)

# Verbs whose stem ends in ы or і, which the dictionary form in -у hides: оқу is оқы-, not оқ-.
ENDING_IN_Y = words(
    """
    бай балқ бек бұғ бұлқ бүлк дам ер ест жерл жіб кем қаж қалқ қамт қаңғ қыш мүж мүлг мызғ оқ сем сілк суу тан тарқ
    тоқ толқ ұй үйк шайқ шалқ шарп шер шір шоқ ырғ
    """
)

# Nouns in -у that are no verbs, or so much more often nouns that the verb is not meant.
NOT_VERBS = words(
    """
    алтау асау ау байрау бау бесеу біреу бу бұзау дау екеу елу жайлау жау жетеу жылу көмірсу қару қызу қыстау мысау
    сау су сұлу тау төртеу ту үшеу шу
    """
)

LEAST_DERIVED = 4  # letters of баста-, ойла-; shorter ones (де-, тола-) are no noun + ла, да, та
LEAST_NEGATIVE = 4  # letters of алма- in алмау "not to take"
LEAST_LOAN = 5  # letters; тест keeps its т, турист may lose it
LEAST_POSSESSED = 4  # letters of орны "its place"; in ісі or ана the last vowel says nothing

VERB_STATES = ("verb", "of_noun", "negated")

_VOICING = "аеыіиу"  # what a voiced stem has before it: the vowels of suffixes, and у
_FROM_NOUN = re.compile("[лдт][ае]$")
_LOAN_CLUSTER = re.compile("(?:кт|рк|нг|кс|рг|ск|рт|рд|мп|нк|нт|нд)$")
_SOUNDS_LIKE_ACCUSATIVE = re.compile("[дтн][ыі]$")
_NEGATIVE = re.compile("[мбп][ае]$")
_DROPS_Y = re.compile("[рл][ыі][қк]$")


class Start(NamedTuple):
    """A stem and what may follow it: the state of the suffix table, its last sound and its harmony.

    An ending must begin with one of the letters of `before` when that is given, and with none of `never_before`
    (where і may be typed и).
    """

    stem: str
    state: str
    sound: Sound
    harmony: Harmony
    before: str = ""
    never_before: str = ""

    def takes(self, ending: str) -> bool:
        """Whether the first letter of an ending suits this stem, as far as the stem has wishes of its own."""
        if self.before:
            return ending.startswith(tuple(self.before))
        return not (self.never_before and ending.startswith(tuple(self.never_before)))


def noun_starts(noun: str) -> Iterator[Start]:
    """The stems of a noun, an adjective, a name, or of a verbal noun as a noun; the usual ones first."""
    last = noun[-1]
    follows_vowel = noun[-2:-1] in VOWELS | SEMIVOWELS
    if _LOAN_CLUSTER.search(noun):  # парк, паркі; факт, фактісі: such loans go to the front
        yield Start(noun, "noun", sound_of(noun), "front")
        yield Start(noun + "і", "noun", "vowel", "front")
    elif last in "кг":  # педагог, педагогтері: native words have these letters among front vowels only
        yield Start(noun, "noun", sound_of(noun), "front", never_before=_unlikely_after(noun))
    for harmony in harmonies(noun):
        yield Start(noun, "noun", sound_of(noun), harmony, never_before=_unlikely_after(noun))
        if last in VOICED and follows_vowel:
            yield Start(noun[:-1] + VOICED[last], "voiced", "voiceless", harmony)
        if noun in DROPPING or noun.endswith("орын"):  # кәсіпорын is a compound of орын
            yield Start(noun[:-2] + last, "voiced", sound_of(last), harmony)
        if last in "ыі" and len(noun) >= LEAST_POSSESSED:  # a phrase may hold "its place": жұмыс орны, орнында
            yield Start(noun, "theirs", "vowel", harmony)
        yield from _shortened_loan(noun, harmony)


def _unlikely_after(noun: str) -> str:
    """First letters of endings that would belong to another noun.

    қ, and к after a vowel, are voiced before a vowel. After -ты, -ді, -ны the ң of "thy" makes the genitive of a shorter noun: күдікті
    "suspect", күдіктің "of the suspicion".
    """
    if noun[-1] == "қ" or (noun[-1] == "к" and noun[-2:-1] in VOWELS):
        return "ыіи"
    return "ң" if _SOUNDS_LIKE_ACCUSATIVE.search(noun) else ""


def _shortened_loan(noun: str, harmony: Harmony) -> Iterator[Start]:
    """Loans shed what Kazakh cannot say: турист → туристер, съезд → съезге, процесс → процесі, июль → июлі."""
    if len(noun) >= LEAST_LOAN:
        if noun.endswith(("ст", "зд")):
            yield Start(noun[:-1], "noun", sound_of(noun[:-1]), harmony)
        if noun[-1] == noun[-2] and noun[-1] in "слмнтфп":
            yield Start(noun[:-1], "noun", sound_of(noun), harmony)
    if noun[-1] == "ь" and len(noun) > 1:
        yield Start(noun[:-1], "voiced", sound_of(noun), harmony)


def acronym_starts(acronym: str) -> Iterator[Start]:
    """An acronym is read in more than one way, so any ending may follow: АҚШта, БҰҰға."""
    usual = "vowel" if VOWELS.isdisjoint(acronym) else sound_of(acronym)  # the letter К is called "ка"
    for sound in sorted(SOUNDS, key=lambda sound: sound != usual):
        for harmony in BOTH:
            yield Start(acronym, "noun", sound, harmony)


def verb_starts(citation: str) -> Iterator[Start]:
    """The stems of a verb given as its verbal noun (тастау); none when it cannot be one."""
    for stem in verb_stems(citation):
        for harmony in harmonies(stem):
            yield from _stem_starts(stem, harmony)


def verb_stems(citation: str) -> tuple[str, ...]:
    """The bare stems a verbal noun can come from: тастау → таста, шығу → шық, оқу → оқы, қою → қой."""
    if len(citation) <= 1 or citation[-1] not in "ую" or citation in NOT_VERBS:
        return ()
    body = citation[:-1]
    last = body[-1]
    if citation[-1] == "ю":
        return (body,) if last == "и" else (body + "й",)
    if last in VOWELS:
        return (body,)
    close = "ы" if "back" in harmonies(body) else "і"
    if body in ENDING_IN_Y:
        return (body + close,)
    if last in "қк" and len(body) > 1 and body[-2] not in VOWELS | SEMIVOWELS:
        return (body + close, body[:-1] + close + last)  # тарқы-, but қорқу is қорық-
    return (body[:-1] + UNVOICED.get(last, last),)


def _stem_starts(stem: str, harmony: Harmony) -> Iterator[Start]:
    """The shapes of one verb stem in front of its suffixes."""
    last = stem[-1]
    from_noun = len(stem) >= LEAST_DERIVED and _FROM_NOUN.search(stem)
    negative = len(stem) >= LEAST_NEGATIVE and _NEGATIVE.search(stem)
    # the bare таста and the future тастар are far more often "on the stone" and "stones"
    state = "of_noun" if from_noun else "negated" if negative else "verb"
    if last in VOICED:  # шық → шығады, тап → табады and тауып
        yield Start(stem, state, "voiceless", harmony, never_before=_VOICING)
        yield Start(stem[:-1] + VOICED[last], "verb", "voiceless", harmony, before=_VOICING)
        if last == "п":
            yield Start(stem[:-1] + "у", "verb", "glide", harmony, before="ыіи")
        if _DROPS_Y.search(stem):  # қорық → қорқады
            yield Start(stem[:-2] + last, "verb", "voiceless", harmony, before=_VOICING)
    elif last in "ыі":  # оқы → оқиды, оқитын
        yield Start(stem, state, "vowel", harmony, never_before="й")
        yield Start(stem[:-1] + "и", "imperfect", "glide", harmony)
    elif last in "йи" and harmony == "back":  # қой → қояды, қоятын; жи → жияды
        yield Start(stem, state, "glide", harmony, never_before="а")
        yield Start(stem.removesuffix("й") + "я", "imperfect", "vowel", harmony)
    else:
        yield Start(stem, state, sound_of(stem), harmony)
