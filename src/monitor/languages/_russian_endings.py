"""Endings for Russian words that no dictionary has: names, places, new words, acronyms.

Generous on purpose: a name stands beside few words that look like it with another ending, and a missed form is a
missed alert. What does not inflect in Russian (Алматы, Актау, Тенгизшевройл-КО) stays as it is.
"""

import re

# Token endings are spelled from the end of the word; the first pattern that fits decides. `cut` letters are dropped.
_RULES: tuple[tuple[re.Pattern[str], int, str], ...] = tuple(
    (re.compile(pattern + "$"), cut, endings)
    for pattern, cut, endings in (
        # Токаев, Токаева, Токаевы; Харьков, в Харькове
        (r"[а-я]{2}(?:ов|ев|ин|ын)", 0, "а у ым ом е ой ою ы ых ыми"),
        (r"(?:ов|ев|ин|ын)а", 1, "а ой у ою"),
        (r"[а-я]{2}(?:ск|цк)ая", 2, "ая ой ую ою"),
        (r"[гкх]ий", 2, "ий ого ому им ом ая ой ую ою ое ие их ими"),
        (r"[жшщч]ий", 2, "ий его ему им ем ая ей ую ею ее ие их ими"),
        (r"[а-я]{2}(?:ый|ой)", 2, "ый ой ого ому ым ом ая ую ою ое ые ых ыми"),
        (r"[а-я]{2}ние", 1, "е я ю ем и й ям ями ях"),
        (r"[а-я]{2}(?:ство|ово|ево|ино|ыно)", 1, "о а у ом е"),
        (r"[а-я]{2}[нлтвбпмсздгкхр]ец", 2, "ец ца цу цем це цы цев цам цами цах"),
        (r"[а-я]{3}[нлтвбпмсздрчшж]ок", 2, "ок ка ку ком ке ки ков кам ками ках"),
        (r"ий", 1, "й я ю ем и ев ям ями ях"),
        (r"й", 1, "й я ю ем е и ев ям ями ях"),
        (r"ь", 1, "ь я ю ем е и ей ям ями ях ью"),
        (r"[гк]а", 1, "а и е у ой ою ам ами ах"),
        (r"ха", 1, "а и е у ой ою ам ами ах"),
        (r"[жшчщ]а", 1, "а и е у ей ею ой ам ами ах"),
        (r"ца", 1, "а ы е у ей ею ам ами ах"),
        (r"[бвдзлмнпрстф]а", 1, "а ы е у ой ою ам ами ах"),
        (r"ия", 1, "я и ю ей ею ям ями ях й"),
        (r"я", 1, "я и е ю ей ею ям ями ях"),
        (r"[гкх]", 0, "а у ом е и ов ам ами ах"),
        (r"[жшщч]", 0, "а у ом ем е и ей ам ами ах"),
        (r"ц", 0, "а у ом ем е ы ов ев ам ами ах"),
        (r"[бвдзлмнпрстф]", 0, "а у ом е ы ов ам ами ах"),
    )
)
_BARE_PLURAL = re.compile(r"[а-я]{2}[бвгджзлмнпрстфхцчшщ]а$")
_SURNAME = re.compile("(?:ов|ев|ин|ын)а$")
_FLEETING = re.compile(r"[а-я]{2}[бвгджзлмнпрстфхцчшщй]ка$")
_ACRONYM_ENDINGS = ("а", "у", "е", "ом")
_HYPHENATED_ENDINGS = (*_ACRONYM_ENDINGS, "ой", "ы", "и", "ов", "ам", "ами", "ах")
_VOWEL = re.compile("[аеиоуыэюя]")


def guess(word: str) -> list[str]:
    """The forms an unknown noun, name or adjective may take, itself first; only itself when it does not inflect."""
    for pattern, cut, endings in _RULES:
        if pattern.search(word):
            stem = word[: len(word) - cut]
            return [word, *(stem + ending for ending in endings.split()), *_genitive_plural(word)]
    return [word]


def _genitive_plural(word: str) -> list[str]:
    """Without an ending, with the vowel that comes back: айтишка → айтишек; surnames have none."""
    if _SURNAME.search(word):
        return []
    if _FLEETING.search(word):
        return [word[:-2] + "ок", word[:-2] + "ек"]
    return [word[:-1]] if _BARE_PLURAL.search(word) else []


def of_acronym(word: str) -> list[str]:
    """КНПРК, КНПРК-ой; and when it can be spoken as a word, МОТа, в ЗАГСе."""
    forms = [word, *(f"{word}-{ending}" for ending in _HYPHENATED_ENDINGS)]
    if _VOWEL.search(word) and not _VOWEL.match(word[-1]):
        forms += [word + ending for ending in _ACRONYM_ENDINGS]
    return forms
