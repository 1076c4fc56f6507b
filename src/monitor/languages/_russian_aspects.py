"""The other half of a Russian verb: уволить and увольнять are two dictionary words and one meaning.

A keyword file must list both, so `monitor check` suggests the partner. Dictionaries do not pair verbs; the common
patterns of making an imperfective do, and whatever they propose must itself be in the dictionary.
"""

from collections.abc import Iterator

from monitor.languages._russian_dictionary import Dictionary

# How the end of a perfective verb becomes that of its imperfective; every pattern that fits is tried.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("волить", "вольнять"),
    ("ить", "ять"),
    ("ить", "ать"),
    ("ить", "ивать"),
    ("ать", "ывать"),
    ("ать", "ивать"),
    ("ять", "ивать"),
    ("нять", "нимать"),
    ("чать", "чинать"),
    ("жать", "жимать"),
    ("нуть", "ать"),
    ("нуть", "ивать"),
    ("нуть", "ывать"),
    ("ереть", "ирать"),
    ("ть", "вать"),
    ("йти", "ходить"),
    ("вести", "водить"),
    ("везти", "возить"),
    ("нести", "носить"),
    ("асть", "адать"),
    ("есть", "едать"),
    ("ечь", "екать"),
    ("ечь", "егать"),
    ("очь", "огать"),
)
# What a consonant becomes before the new ending: выплатить → выплачивать, объявить → объявлять
_SOFTENED: tuple[tuple[str, str], ...] = (
    ("ст", "щ"), ("т", "ч"), ("т", "щ"), ("д", "ж"), ("д", "жд"), ("з", "ж"), ("с", "ш"),
    ("б", "бл"), ("п", "пл"), ("в", "вл"), ("м", "мл"), ("ф", "фл"),
)  # fmt: skip
# Pairs that no pattern makes: other roots, or a prefix that adds nothing but the aspect
_PAIRS: tuple[tuple[str, str], ...] = (
    ("бастовать", "забастовать"), ("брать", "взять"), ("говорить", "сказать"), ("грозить", "пригрозить"),
    ("делать", "сделать"), ("жаловаться", "пожаловаться"), ("задерживать", "задержать"), ("искать", "найти"),
    ("класть", "положить"), ("митинговать", "помитинговать"), ("обещать", "пообещать"), ("платить", "заплатить"),
    ("просить", "попросить"), ("протестовать", "запротестовать"), ("создавать", "создать"), ("строить", "построить"),
    ("судить", "осудить"), ("требовать", "потребовать"), ("штрафовать", "оштрафовать"), ("арестовывать", "арестовать"),
)  # fmt: skip


def partners(dictionary: Dictionary, verb: str) -> list[str]:
    """The verbs of the other aspect that a folded infinitive may pair with, likeliest first; none for other words."""
    reflexive = "ся" if verb.endswith("ся") else "сь" if verb.endswith("сь") else ""
    plain = verb.removesuffix(reflexive)
    marks = {mark for lexeme in dictionary.lexemes(verb) for mark in lexeme.cell.marks if lexeme.cell.has("INFN")}
    found = [two if one == verb else one for one, two in _PAIRS if verb in {one, two}]
    if "perf" in marks:
        found += [made + reflexive for made in _imperfectives(plain) if _is(dictionary, made + reflexive, "impf")]
    if "impf" in marks:
        found += [
            made + reflexive
            for made in _perfectives(plain)
            if _is(dictionary, made + reflexive, "perf") and plain in _imperfectives(made)
        ]
    return [one for one in dict.fromkeys(found) if one != verb]


def _is(dictionary: Dictionary, verb: str, aspect: str) -> bool:
    return any(lexeme.cell.has("INFN", aspect) for lexeme in dictionary.lexemes(verb))


def _imperfectives(plain: str) -> Iterator[str]:
    for old, new in _PATTERNS:
        if plain.endswith(old):
            for stem in _variants(plain.removesuffix(old), _SOFTENED):
                yield stem + new
                if new in {"ивать", "ывать"}:
                    yield _with_root_vowel(stem, "о", "а") + new


def _perfectives(plain: str) -> Iterator[str]:
    hardened = tuple((new, old) for old, new in _SOFTENED)
    for old, new in _PATTERNS:
        if plain.endswith(new):
            for stem in _variants(plain.removesuffix(new), hardened):
                yield stem + old
                if new in {"ивать", "ывать"}:
                    yield _with_root_vowel(stem, "а", "о") + old


def _variants(stem: str, changes: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """The stem as it is, and with its last consonants changed."""
    yield stem
    for old, new in changes:
        if stem.endswith(old):
            yield stem.removesuffix(old) + new


def _with_root_vowel(stem: str, old: str, new: str) -> str:
    """The last vowel of the root changed: останов-ить → останавл-ивать."""
    at = max(stem.rfind(vowel) for vowel in "аеиоуыюя")
    return stem[:at] + new + stem[at + 1 :] if at >= 0 and stem[at] == old else stem
