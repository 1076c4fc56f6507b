"""Kazakh in Latin script: a token in, the Cyrillic words it may stand for out.

Half a dozen alphabets are in use at once, official or not, and a token seldom says which one it follows. So each
alphabet that has all the letters of the token reads it, and every distinct reading is a candidate: `jumysshylar` is
жұмысшылар to one alphabet and жумысшылар to another.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

LONGEST = 40  # letters; longer tokens are no words

# Sounds that one Latin letter stands for and only its neighbours tell apart.
_GLIDE = "ʲ"  # и, й, or the first half of я and ю
_Y = "ʸ"  # ы or й
_W = "ʷ"  # ұ or у

# Letters all alphabets share, with the digraphs that people type whatever the alphabet has.
_SHARED = {
    "a": "а", "b": "б", "c": "ц", "ch": "ч", "d": "д", "e": "е", "f": "ф", "g": "г", "gh": "ғ", "h": "х", "j": "ж",
    "k": "к", "kh": "х", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "қ", "r": "р", "s": "с", "sh": "ш",
    "t": "т", "v": "в", "x": "кс", "y": "ы", "z": "з", "zh": "ж", "-": "-",
}  # fmt: skip

# The other letters of each alphabet, official ones first.
_ALPHABETS: dict[str, Mapping[str, str]] = {
    "2018, acute accents": {
        "á": "ә", "ó": "ө", "ú": "ү", "ý": "у", "ı": _GLIDE, "i": "і", "ń": "ң", "ǵ": "ғ", "u": "ұ",
    },
    "2021, umlauts and macrons": {
        "ä": "ә", "ö": "ө", "ü": "ү", "ū": "ұ", "ŭ": "ұ", "ŋ": "ң", "ñ": "ң", "ǧ": "ғ", "ğ": "ғ", "ş": "ш", "ç": "ч",
        "ı": "і", "i": _GLIDE, "u": "у",
    },
    "2017, apostrophes": {
        "a'": "ә", "o'": "ө", "u'": "ү", "y'": "у", "i'": _GLIDE, "i": "і", "n'": "ң", "g'": "ғ", "s'": "ш",
        "c'": "ч", "u": "ұ",
    },
    "abai.kz, with a Cyrillic ә": {
        "ә": "ә", "ó": "ө", "ú": "ұ", "ý": "ү", "u": "у", "ng": "ң", "y": _Y, "i": "і",
    },
    "abai.kz, loans with и": {
        "ә": "ә", "ó": "ө", "ú": "ұ", "ý": "ү", "u": "у", "ng": "ң", "y": _Y, "i": "и",
    },
    "qazaqtimes.com and the news agency of the 2000s": {
        "ä": "ә", "ö": "ө", "ü": "ү", "u": "ұ", "w": _W, "ñ": "ң", "ğ": "ғ", "ş": "ш", "ç": "ч", "ı": "ы", "i": "і",
        "ï": "и", "y": "й", "x": "х",
    },
}  # fmt: skip

_VOWEL_BEFORE = f"(?<=[аәеоөұүыіэяиую{_GLIDE}])"
_NEIGHBOURS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (f"(?:{_VOWEL_BEFORE}|^){_GLIDE}а", "я"),  # aıaqtaldy, ıaǵnı
        (f"(?:{_VOWEL_BEFORE}|^){_GLIDE}у", "ю"),  # qoıý
        (f"{_GLIDE}а", "ия"),  # partia
        (f"{_GLIDE}у", "ию"),
        (f"{_VOWEL_BEFORE}{_GLIDE}", "й"),
        (_GLIDE, "и"),
        (f"{_VOWEL_BEFORE}{_Y}", "й"),
        (_Y, "ы"),
        (f"{_VOWEL_BEFORE}{_W}|{_W}(?=[аәеоөыі])", "у"),
        (_W, "ұ"),
    )
)

_Reader = Callable[[str], str | None]


def to_cyrillic(token: str) -> tuple[str, ...]:
    """The Cyrillic words a folded Latin token may stand for, official alphabets first; none when it cannot be Kazakh.

    A foreign word is read as readily (strike → стріке): what comes out is only good for comparing with keywords.
    """
    if len(token) > LONGEST or not token.strip("-'"):
        return ()
    candidates = (read(token) for read in _readers())
    return tuple(dict.fromkeys(reading for reading in candidates if reading))


@cache
def _readers() -> tuple[_Reader, ...]:
    return tuple(_reader({**_SHARED, **letters}) for letters in _ALPHABETS.values())


def _reader(letters: Mapping[str, str]) -> _Reader:
    """A function that reads a token by one alphabet, or returns None when a letter is not in it."""
    unit = re.compile("|".join(map(re.escape, sorted(letters, key=len, reverse=True))))
    whole = re.compile(f"(?:{unit.pattern})+")

    def read(token: str) -> str | None:
        if not whole.fullmatch(token):
            return None
        word = unit.sub(lambda match: letters[match[0]], token)
        for neighbourhood, letter in _NEIGHBOURS:
            word = neighbourhood.sub(letter, word)
        return word

    return read
