"""Which language a headline or an article is written in.

Compact Language Detector 2 is asked first; it is right about most of what it was shown. `_detection_signs` knows
where it is not, and corrects it by counting words. What the source is mostly written in settles what stays unclear.
"""

import re
import unicodedata

import pycld2

from monitor.languages import _detection_signs as signs
from monitor.model import Lang

LENGTH = 500  # code points that are looked at; 1,000 changed none of 43,000 answers
CYRILLIC_SHARE = 0.3  # «Air Astana отменила рейс»: names in Latin letters do not make a headline English
CLEARLY = 1  # by so many words must the signs of Kazakh outnumber those of Kyrgyz when the source speaks for neither
SHORT = 20  # a guess at so few letters is no better than the source's own language

_INSIDE_WORDS = re.compile("[\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff]")
_WORDS = re.compile(r"[^\W\d_]+")
_WORDS_WITH_APOSTROPHES = re.compile(r"(?:[^\W\d_]|')+")  # takes twice as long
_ASCII_BETWEEN_WORDS = {code: " " for code in range(128) if not chr(code).isalpha() and chr(code) != "'"}
_APOSTROPHES = "’ʻʼ"
_CYRILLIC = re.compile("[\u0400-\u052f]+")
_LATIN = re.compile("[a-z\u00c0-\u024f]+")
_NOT_RUSSIAN = re.compile("[\u0450\u0452-\u052f]")
_SLAVIC = frozenset({"ru", "be", "bg", "mk", "sr", "uk", ""})
_LIKE_KAZAKH = frozenset({"kk", "ky", "tk", "tt"})  # what Kazakh typed with Russian letters is taken for
_PLAIN_AT_TIMES = _LIKE_KAZAKH | {"uz"}  # may show no letter of their own in a headline; Tajik and Mongolian do
_LIKE_LATIN_KAZAKH = frozenset({"az", "tr", "uz"})  # neighbours the detector knows well enough to be believed


def detect(text: str, prior: Lang | None = None) -> str:
    """The language of a text as an ISO 639-1 code: en, ru, kk, ky, uz or another; "" when nothing can be said.

    `prior` is the language the source is mostly written in; it decides what the text leaves open, and is the answer
    when the text says nothing, unless it is written in another script. Only the first 500 code points count. Never raises.
    """
    sample = _sample(text[:LENGTH])
    if sample.isascii() and sample.strip("' "):
        return _latin(sample, prior)
    if _CYRILLIC.search(sample) and _is_mostly_cyrillic(sample):
        return _cyrillic(sample, prior if prior != "en" else None)
    if _LATIN.search(sample):
        return _latin(sample, prior)
    return _asked(sample) or prior or ""


def _sample(text: str) -> str:
    """The words of a text in lower case, without digits, one space between them, every apostrophe a plain one."""
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII_BETWEEN_WORDS).split())
    sample = _INSIDE_WORDS.sub("", unicodedata.normalize("NFC", text).lower())
    for apostrophe in _APOSTROPHES:
        sample = sample.replace(apostrophe, "'")
    return " ".join((_WORDS_WITH_APOSTROPHES if "'" in sample else _WORDS).findall(sample))


def _is_mostly_cyrillic(sample: str) -> bool:
    if not _LATIN.search(sample):
        return True  # most texts: no letter need be counted
    cyrillic, latin = (sum(map(len, letters.findall(sample))) for letters in (_CYRILLIC, _LATIN))
    return cyrillic >= CYRILLIC_SHARE * (cyrillic + latin)


def _cyrillic(sample: str, prior: Lang | None) -> str:
    guess = _asked(sample)
    has_letters = signs.KAZAKH_LETTERS.pattern.search(sample) is not None
    if guess == "ru" and not has_letters and prior != "kk":
        return guess
    words = sample.split()
    russian = signs.RUSSIAN.count(words)
    if has_letters:
        return _with_kazakh_letters(guess, signs.KAZAKH_LETTERS.count(words), russian, prior)
    if guess in _SLAVIC:
        return _slavic(guess, words, russian, prior)
    return _turkic(guess, sample, russian, prior)


def _with_kazakh_letters(guess: str, marked: int, russian: int, prior: Lang | None) -> str:
    """Kazakh, a neighbour that shares the letters, or Russian that names something in Kazakh."""
    if guess in _SLAVIC - {"be", "uk"} or guess == "kk":
        return "ru" if russian > marked or (russian == marked and prior == "ru") else "kk"
    return guess


def _slavic(guess: str, words: list[str], russian: int, prior: Lang | None) -> str:
    """Russian, unless nothing looks Russian: short headlines are taken for its sisters or for nothing."""
    if prior == "kk" and signs.PLAIN_KAZAKH.count(words) > 2 * russian:
        return "kk"
    if russian or guess == "ru":
        return "ru"
    return prior or guess


def _turkic(guess: str, sample: str, russian: int, prior: Lang | None) -> str:
    """Kazakh typed with Russian letters, or a neighbour's sentence that happens to need none of its own."""
    words = sample.split()
    if guess not in _PLAIN_AT_TIMES and not _NOT_RUSSIAN.search(sample):
        return prior or ("ru" if russian else guess)  # «насос рельс печь руда» is no Tajik
    open_to_doubt = prior if prior and len(sample) <= SHORT else guess
    if guess not in _LIKE_KAZAKH:
        return open_to_doubt
    kazakh, kyrgyz = signs.PLAIN_KAZAKH.count(words), signs.KYRGYZ.count(words)
    if russian > kyrgyz and russian * 2 >= len(words):
        return "ru"
    if prior == "ru" and russian >= max(kyrgyz, 1):
        return "ru"  # in a Russian source, what is taken for Kyrgyz must look more like it: a strike would not be heard
    if guess == "kk" or kazakh - kyrgyz > (0 if prior == "kk" else CLEARLY):
        return "kk"
    return open_to_doubt


def _latin(sample: str, prior: Lang | None) -> str:
    guess = _asked(sample)
    words = sample.split()
    if _is_latin_kazakh(guess, words, prior):
        return "kk"
    if guess == "en":
        return guess
    english = signs.ENGLISH.count(words)
    if english and (not guess or (prior == "en" and english * 3 >= len(words))):
        return "en"
    if len(sample) > SHORT or not prior:
        return guess
    return "en" if prior == "en" else ""


def _is_latin_kazakh(guess: str, words: list[str], prior: Lang | None) -> bool:
    """Whether the signs of one of the Kazakh Latin alphabets outweigh those of English and of the neighbours."""
    only, shared = signs.LATIN_KAZAKH_ONLY.count(words), signs.LATIN_KAZAKH.count(words)
    if not only and (not shared or (guess in _LIKE_LATIN_KAZAKH and prior != "kk")):
        return False
    against = max(signs.ENGLISH.count(words), signs.LATIN_NEIGHBOUR.count(words))
    if prior != "kk" or guess in _LIKE_LATIN_KAZAKH:
        against *= 2
    points = 2 * only + shared
    return points > max(1, against) and 2 * points >= len(words)


def _asked(sample: str) -> str:
    """What Compact Language Detector 2 says, "" for nothing."""
    try:
        _, _, found = pycld2.detect(sample, isPlainText=True, bestEffort=True)
    except pycld2.error:
        return ""
    code = str(found[0][1])
    return "" if code == "un" else code
