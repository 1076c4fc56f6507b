"""Made-up news in three languages: words as common and as rare as in any text, and here and there a real headline."""

import random
from functools import cache
from itertools import accumulate
from pathlib import Path

from pymorphy3 import MorphAnalyzer
from ruamel.yaml import YAML

KEYWORDS = Path(__file__).resolve().parent.parent / "config" / "keywords.yaml"
VOCABULARY = 8_000  # word forms a language: about what a month of one outlet uses often
SENTENCES = 1_000
HEADLINES = 0.01  # share of entries that are about labour
_LITTLE = {
    "en": "the of in and to for on at as with from by after over is are was were be its their his that this not have "
    "has will how what who new says against amid into more than about they it had been which when there would",
    "ru": "в во и на не с со что как по из за о об от для это его их они она он к у при после также уже или но же ли "
    "бы все был была были будет более ещё если когда где до под без через",
    "kk": "мен және үшін бұл осы да де бойынша туралы болып болды деп екен сол кейін дейін бар жоқ керек оның олардың "
    "қазақ елі жаңа үлкен бір екі көп өз барлық туралы арқылы сондай немесе ғана",
}
_SYLLABLES = {
    "en": (("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "w", "st", "tr", "sh", "th"), "aeiou"),
    "kk": (("б", "ж", "қ", "к", "л", "м", "н", "р", "с", "т", "ш", "д", "ғ"), "аыоұеіөү"),
}
_ENDINGS = {
    "en": ("", "", "", "s", "ed", "ing", "'s", "er", "tion"),
    "kk": ("", "", "лар", "дың", "ға", "да", "дан", "лардың", "ы", "сы", "мен"),
}


@cache
def sentences(lang: str) -> list[str]:
    """A thousand sentences of a language, the same on every machine."""
    dice = random.Random(f"sentences {lang}")
    words = _vocabulary(lang)
    weights = list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(words))))
    return [
        " ".join(dice.choices(words, cum_weights=weights, k=dice.randint(8, 16))).capitalize() + "."
        for _ in range(SENTENCES)
    ]


@cache
def headlines(lang: str) -> list[str]:
    """The headlines that the shipped keywords must find."""
    topics = YAML(typ="safe").load(KEYWORDS.read_text("utf-8"))["topics"].values()
    found = [text for topic in topics for text in topic.get("examples", {}).get("match", [])]
    return [text for text in found if isinstance(text, str) and _looks(text) == lang] or ["Strike in Zhanaozen"]


def _looks(text: str) -> str:
    if text.isascii():
        return "en"
    return "kk" if set(text.lower()) & set("әғқңөұүһі") else "ru"


def _vocabulary(lang: str) -> list[str]:
    little = _LITTLE[lang].split()
    dice = random.Random(f"words {lang}")
    if lang == "ru":
        return little + _russian(dice)
    consonants, vowels = _SYLLABLES[lang]
    made: dict[str, None] = {}
    while len(made) < VOCABULARY:
        stem = "".join(dice.choice(consonants) + dice.choice(vowels) for _ in range(dice.choice((2, 2, 3, 3, 4))))
        made[stem + dice.choice(_ENDINGS[lang])] = None
    return little + list(made)


def _russian(dice: random.Random) -> list[str]:
    dictionary = MorphAnalyzer().dictionary
    known: list[str] = []
    for letter in "абвгдезиклмнопрстуфхцчшэ":
        rows = (row[0] for _, row in zip(range(40_000), dictionary.iter_known_words(letter), strict=False))
        known += [word for place, word in enumerate(rows) if not place % 40 and word.isalpha()]
    dice.shuffle(known)
    return known[:VOCABULARY]
