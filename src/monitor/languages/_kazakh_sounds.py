"""The sounds of Kazakh: vowel harmony, what a consonant does to the suffix after it, letters typed the Russian way."""

from typing import Literal

Harmony = Literal["back", "front"]
Sound = Literal["vowel", "glide", "l", "nasal", "z", "voiceless"]

BACK_VOWELS = frozenset("аоұыя")
FRONT_VOWELS = frozenset("әеөүіэ")
VOWELS = BACK_VOWELS | FRONT_VOWELS
# и, у and ю close a syllable like consonants (тау-ы, би-і) and say little about harmony
SEMIVOWELS = frozenset("иую")

BOTH: tuple[Harmony, ...] = ("back", "front")
BACK: tuple[Harmony, ...] = ("back",)
FRONT: tuple[Harmony, ...] = ("front",)

# A stem that ends in one of the left letters ends, before a vowel, in the right one: кәсіподақ → кәсіподағы
VOICED = {"п": "б", "к": "г", "қ": "ғ"}
UNVOICED = {voiced: voiceless for voiceless, voiced in VOICED.items()}

_SOUND_LETTERS: dict[Sound, str] = {
    "vowel": "аәеоөұүыіэя",
    "glide": "рйуию",
    "l": "л",
    "nasal": "мнң",
    "z": "зж",
    "voiceless": "пфкқтсшщчцхһбвгдғ",  # loans in б, в, г, д are devoiced: клубтар, заводқа, педагогтер
}
SOUNDS: tuple[Sound, ...] = tuple(_SOUND_LETTERS)
_SOUND_OF: dict[str, Sound] = {letter: sound for sound, letters in _SOUND_LETTERS.items() for letter in letters}

# Kazakh letters as people type them on a Russian keyboard: жанаозен мунайшылары
_PLAIN = str.maketrans("әғқңөұүһі", "агкноуухи")
_OWN_LETTERS = frozenset("әғқңөұүһі")


def sound_of(stem: str) -> Sound:
    """The class of a stem's last sound: it decides how the next suffix begins. Foreign letters count as voiceless."""
    return _SOUND_OF.get(stem.rstrip("ьъ")[-1:], "voiceless")


def plain(text: str) -> str:
    """Folded Kazakh as it looks when typed with Russian letters only."""
    return text.translate(_PLAIN)


def has_own_letters(text: str) -> bool:
    """Whether folded text has a letter that Kazakh has and Russian lacks."""
    return not _OWN_LETTERS.isdisjoint(text)


def harmonies(stem: str) -> tuple[Harmony, ...]:
    """The vowel harmonies the suffixes of a stem may follow; both where spelling does not tell.

    The last vowel decides. It does not in surnames in -ев (Назарбаевтың), after a soft sign (июльде), after и, where
    у is a full vowel between consonants (минуттар, университет), and in compounds of су "water" (көмірсулар).
    """
    if stem.endswith(("ев", "ева", "су")):
        return BOTH
    for place in range(len(stem) - 1, -1, -1):
        letter = stem[place]
        if letter in FRONT_VOWELS:
            return FRONT
        if letter in BACK_VOWELS:
            return BOTH if stem.endswith("ь") else BACK
        if letter == "и" or (letter == "у" and _is_nucleus(stem, place)):
            return BOTH
    return BOTH


def _is_nucleus(stem: str, place: int) -> bool:
    """Whether the у at `place` is a vowel of its own: between two consonants, as in клуб."""
    if not 0 < place < len(stem) - 1:
        return False
    neighbours = {stem[place - 1], stem[place + 1]}
    return not neighbours & (VOWELS | SEMIVOWELS)
