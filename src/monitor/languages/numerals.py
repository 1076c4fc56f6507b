"""Numbers of a text, in figures and in words: `340`, `95 млн`, `sixty`, `двести`, `жүз қырық`.

Outlets write the same number differently, and numbers say which of two strikes is meant in every language. Years and
what is smaller than four are left out: they tell nothing apart.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

LEAST = 4
YEARS = range(1990, 2040)
MOST_DIGITS = 12

# A number with its thousands apart, one with a fraction (which is dropped), a word, or what ends a run of numerals.
_TOKEN = re.compile(r"\d+(?:[ \u00a0\u202f.,]\d{3})+(?!\d)|\d+(?=[.,]\d)|(?<=\d)[.,]\d+|\d+|[^\W\d_]+|[^\w\s-]")
_HALF_MORE = re.compile(r"\bполтор[аы]\s+сот\w+")
_SEPARATORS = re.compile(r"\D")

_SCALES: Mapping[str, int] = {
    "тыс": 1000, "тысяч": 1000, "тысяча": 1000, "тысячи": 1000, "мың": 1000, "thousand": 1000, "k": 1000,
    "млн": 10**6, "миллион": 10**6, "миллиона": 10**6, "миллионов": 10**6, "million": 10**6, "m": 10**6, "mln": 10**6,
    "млрд": 10**9, "миллиард": 10**9, "миллиарда": 10**9, "миллиардов": 10**9, "billion": 10**9, "bn": 10**9,
}  # fmt: skip

_ENGLISH: Mapping[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_KAZAKH: Mapping[str, int] = {
    "бір": 1, "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6, "жеті": 7, "сегіз": 8, "тоғыз": 9, "он": 10,
    "жиырма": 20, "отыз": 30, "қырық": 40, "елу": 50, "алпыс": 60, "жетпіс": 70, "сексен": 80, "тоқсан": 90, "жүз": 100,
    "елуге": 50, "жүзге": 100, "жүзден": 100, "бесеуі": 5, "бесеу": 5,
}  # fmt: skip
# Russian numerals by their stems, with the endings of all cases.
_RUSSIAN = tuple(
    (re.compile(rf"(?:{stem})$"), value)
    for stem, value in (
        ("четыр(?:е|ех|ем|ьмя)|четверо", 4),
        ("пят(?:ь|и|ью)|пятер(?:о|ых|ым)", 5),
        ("шест(?:ь|и|ью)|шестер(?:о|ых)", 6),
        ("сем(?:ь|и|ью)|семер(?:о|ых)", 7),
        ("вос(?:емь|ьми|емью)", 8),
        ("девят(?:ь|и|ью)", 9),
        ("десят(?:ь|и|ью)|десятер(?:о|ых)", 10),
        ("одиннадцат(?:ь|и|ью)", 11),
        ("двенадцат(?:ь|и|ью)", 12),
        ("тринадцат(?:ь|и|ью)", 13),
        ("четырнадцат(?:ь|и|ью)", 14),
        ("пятнадцат(?:ь|и|ью)", 15),
        ("шестнадцат(?:ь|и|ью)", 16),
        ("семнадцат(?:ь|и|ью)", 17),
        ("восемнадцат(?:ь|и|ью)", 18),
        ("девятнадцат(?:ь|и|ью)", 19),
        ("двадцат(?:ь|и|ью)", 20),
        ("тридцат(?:ь|и|ью)", 30),
        ("сорока?", 40),
        ("полсотни", 50),
        ("пят(?:ьдесят|идесяти|ьюдесятью)", 50),
        ("шест(?:ьдесят|идесяти|ьюдесятью)", 60),
        ("сем(?:ьдесят|идесяти|ьюдесятью)", 70),
        ("вос(?:емьдесят|ьмидесяти|емьюдесятью)", 80),
        ("девяност[оа]", 90),
        ("ст[оа]|сотн(?:я|и|ю|е)", 100),
        ("двести|двухсот|двумстам|двумястами", 200),
        ("триста|трехсот|тремстам|тремястами", 300),
        ("четыреста|четырехсот|четыремстам", 400),
        ("пятьсот|пятисот|пятистам", 500),
        ("шестьсот|шестисот|шестистам", 600),
        ("семьсот|семисот|семистам", 700),
        ("восемьсот|восьмисот|восьмистам", 800),
        ("девятьсот|девятисот|девятистам", 900),
        ("один|одного|одна|одной|одну", 1),
        ("два|двух|двум|две|двое|двоих", 2),
        ("три|трех|трем|трое|троих", 3),
    )
)
_JOINS = frozenset({"and", "a"})
_HUNDRED = 100


def numbers(text: str) -> frozenset[int]:
    """Every number of a folded text, words and figures alike; scales (`95 млн`) are multiplied out."""
    found: list[int] = []
    run: list[int] = []
    for token in (*_TOKEN.findall(_HALF_MORE.sub("150", text)), ""):
        scale = _SCALES.get(token)
        if token[:1].isdigit():
            found += _sums(run)
            run = [int(_SEPARATORS.sub("", token)[:MOST_DIGITS])]
        elif scale and (run or token not in {"m", "k"}):
            found += [_value(run or [1]) * scale]
            run = []
        elif (value := _word(token)) is not None:
            run.append(value)
        elif token not in _JOINS or not run:
            found += _sums(run)
            run = []
    return frozenset(each for each in found if each >= LEAST and each not in YEARS)


def _word(token: str) -> int | None:
    if token in _ENGLISH:
        return _ENGLISH[token]
    if token in _KAZAKH:
        return _KAZAKH[token]
    return _russian(token)


def _russian(token: str) -> int | None:
    if token[:1] not in "чпшсвдто":
        return None
    return next((value for pattern, value in _RUSSIAN if pattern.match(token)), None)


def _sums(run: Sequence[int]) -> list[int]:
    """The numbers that a run of numerals stands for; `три двадцать` are two of them."""
    return [_value(part) for part in _parts(run)]


def _parts(run: Iterable[int]) -> list[list[int]]:
    """Cut a run where a numeral is not smaller than the one before; a hundred multiplies what stands before it."""
    parts: list[list[int]] = []
    for value in run:
        multiplies = value == _HUNDRED and parts and len(parts[-1]) == 1 and parts[-1][0] < 10  # noqa: PLR2004
        if parts and (multiplies or _fits(parts[-1][-1], value)):
            parts[-1].append(value)
        else:
            parts.append([value])
    return parts


def _fits(before: int, value: int) -> bool:
    """Whether a numeral goes on: 40 after 300, 6 after 40, never 6 after 15; ten and five are fifteen in Kazakh."""
    return (before >= _HUNDRED > value) or (before in range(10, _HUNDRED) and before % 10 == 0 and value < 10)  # noqa: PLR2004


def _value(part: Sequence[int]) -> int:
    total = 0
    for value in part:
        total = (total or 1) * value if value == _HUNDRED and total < 10 else total + value  # noqa: PLR2004
    return total
