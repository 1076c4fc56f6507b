"""Plain lists, read line by line: ruamel.yaml takes 80 µs for a term, and a keyword file may have ten thousand.

A run is the items of a list that are plain or quoted words or small mappings, below one another (`- word`) or in one
line (`[word, "more words"]`). All but the last are read here and blanked in the text for the parser; when the parser
meets the last one as an item of a list, at its very place, the others were items as well. A run that is not met like
that stood inside a longer text, and is read the slow way.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

# A scalar without quotes that is the same wherever it stands; it ends with what is no blank. No repeat here
# gives back what it has: a line of two megabytes costs two megabytes of looking.
BARE = r"[\w$«](?>(?:[^{no}]*[^{no} ])?)"
QUOTED = r"\"[^\"\\]*+\"|'[^']*+'"
ALONE = rf"(?:{BARE}|{QUOTED})".replace("{no}", r":#\t\"'")
AMONG = rf"(?:{BARE}|{QUOTED})".replace("{no}", r":#\t\"',\[\]{}")
INLINE = re.compile(rf"\[ *+(?>(?:{AMONG} *+, *+)+){AMONG} *+\]")
ITEM = re.compile(rf"({AMONG}) *+[,\]]")
LIST = rf"\[ *+(?>(?:{AMONG} *+, *+)*)(?>(?:{AMONG} *+)?)\]"
PAIR = rf"([a-z_]++): ++({AMONG}|{LIST}) *+(?:, *+|(?=\}}))"
A_PAIR = re.compile(PAIR)
PAIRS = rf"\{{ *+(?>(?:{PAIR.replace('(', '(?:', 2)})+)\}}"
BELOW = re.compile(rf"( *+)- ++({ALONE}|{PAIRS}) *+(?:(?<= )#.*+)?")
IDLE = re.compile(r"\s*+(?:#.*+)?")


class Scalar(NamedTuple):
    """A word or a phrase, and its place, from 1."""

    line: int
    column: int
    text: str


class Items(NamedTuple):
    """A list of scalars in one line."""

    line: int
    column: int
    items: tuple[Scalar, ...]


class Pairs(NamedTuple):
    """A mapping; in more than one line, `end_line` is the one at which something else begins."""

    line: int
    column: int
    pairs: tuple[tuple[Scalar, "Part"], ...]
    end_line: int = 0


Part: TypeAlias = Scalar | Items | Pairs


class Run(NamedTuple):
    """The items before the last one, and where that one stands.

    `begin` is where a list of lines begins; None for a list in one line.
    """

    items: tuple[Part, ...]
    line: int
    column: int
    begin: tuple[int, int] | None = None


def find_runs(lines: Sequence[str]) -> list[Run]:
    """Every run of scalars and mappings of one line."""
    below = list(_below_one_another(lines))
    return below + list(_in_one_line(without(below, lines)))


def without(runs: Iterable[Run], lines: Sequence[str]) -> list[str]:
    """The lines for the parser: what the runs hold is blank, so that everything else keeps its place."""
    short = list(lines)
    for run in runs:
        if run.begin:
            for item in run.items:
                last = item.end_line - 1 if isinstance(item, Pairs) and item.end_line else item.line
                short[item.line - 1 : last] = [""] * (last - item.line + 1)
        else:
            text = short[run.line - 1]
            first = text.rindex("[", 0, run.items[0].column) + 1
            short[run.line - 1] = text[:first] + " " * (run.column - 1 - first) + text[run.column - 1 :]
    return short


def _below_one_another(lines: Sequence[str]) -> Iterator[Run]:
    found: list[tuple[int, re.Match[str]]] = []
    for number, line in enumerate((*lines, "end"), start=1):
        item = BELOW.fullmatch(line)
        if item is None and IDLE.fullmatch(line):
            continue
        if found and (item is None or item.end(1) != found[0][1].end(1)):
            yield from _run(found)
            found = []
        if item:
            found.append((number, item))


def _run(found: list[tuple[int, re.Match[str]]]) -> Iterator[Run]:
    *before, (line, last) = found
    if before:
        number, first = before[0]
        items = tuple(part_of(number, item.start(2), item[2]) for number, item in before)
        yield Run(items, line, last.start(2) + 1, (number, first.end(1) + 1))


def _in_one_line(lines: Sequence[str]) -> Iterator[Run]:
    for number, line in enumerate(lines, start=1):
        for found in INLINE.finditer(line, 0, line.find(" #") if " #" in line else len(line)):
            *before, last = ITEM.finditer(line, found.start() + 1, found.end())
            yield Run(tuple(part_of(number, item.start(1), item[1]) for item in before), number, last.start(1) + 1)


def part_of(number: int, start: int, text: str) -> Part:
    """What stands in a line from `start` characters on, a scalar or one of the two in brackets."""
    if text[0] in "\"'":
        return Scalar(number, start + 2, text[1:-1])
    if text[0] == "[":
        items = (part_of(number, start + item.start(1), item[1]) for item in ITEM.finditer(text, 1))
        return Items(number, start + 1, tuple(item for item in items if isinstance(item, Scalar)))
    if text[0] == "{":
        pairs = (
            (Scalar(number, start + pair.start(1) + 1, pair[1]), part_of(number, start + pair.start(2), pair[2]))
            for pair in A_PAIR.finditer(text, 1)
        )
        return Pairs(number, start + 1, tuple(pairs))
    return Scalar(number, start + 1, text)
