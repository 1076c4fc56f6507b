"""Plain lists, read line by line: ruamel.yaml takes 80 µs for a term, and a keyword file may have ten thousand.

A run is the items of a list that are plain or quoted words, below one another (`- word`) or in one line
(`[word, "more words"]`). All but the last are read here and blanked in the text for the parser; when the parser meets
the last one as an item of a list, at its very place, the others were items as well. A run that is not met like that
stood inside a longer text, and is read the slow way.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# Words of a scalar that needs no quotes, wherever it stands; it ends with what is no blank. All repeats are possessive:
# a line of two megabytes costs two megabytes of looking.
WORDS = r"[\w$«](?:[^{no}]*[^{no} ])?+"
QUOTED = r"\"[^\"\\]*+\"|'[^']*+'"
ALONE = WORDS.replace("{no}", r":#\t\"'")
LISTED = WORDS.replace("{no}", r":#\t\"',\[\]{}")
BELOW = re.compile(rf"( *+)- ++({ALONE}|{QUOTED}) *+(?:(?<= )#.*+)?")
INLINE = re.compile(rf"\[ *+(?:(?:{LISTED}|{QUOTED}) *+, *+)++(?:{LISTED}|{QUOTED}) *+\]")
ITEM = re.compile(rf"({LISTED}|{QUOTED}) *+[,\]]")
IDLE = re.compile(r"\s*+(?:#.*+)?")


@dataclass(frozen=True, slots=True)
class Run:
    """The items before the last one, as (line, column, text), from 1; and where the last one stands.

    `begin` is where a list of lines begins; None for a list in one line.
    """

    items: tuple[tuple[int, int, str], ...]
    line: int
    column: int
    begin: tuple[int, int] | None = None


def find_runs(lines: Sequence[str]) -> list[Run]:
    """Every run of a file."""
    return [*_below_one_another(lines), *_in_one_line(lines)]


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
        items = tuple(_item(number, item.start(2), item[2]) for number, item in before)
        yield Run(items, line, last.start(2) + 1, (number, first.end(1) + 1))


def _in_one_line(lines: Sequence[str]) -> Iterator[Run]:
    for number, line in enumerate(lines, start=1):
        for found in INLINE.finditer(line, 0, line.find(" #") if " #" in line else len(line)):
            *before, last = ITEM.finditer(line, found.start() + 1, found.end())
            yield Run(tuple(_item(number, item.start(1), item[1]) for item in before), number, last.start(1) + 1)


def _item(number: int, start: int, words: str) -> tuple[int, int, str]:
    quoted = words[0] in "\"'"
    return (number, start + 2, words[1:-1]) if quoted else (number, start + 1, words)


def without(runs: Iterable[Run], lines: Sequence[str]) -> list[str]:
    """The lines for the parser: what the runs hold is blank, so that everything else keeps its place."""
    short = list(lines)
    for run in runs:
        if run.begin:
            for line, _, _ in run.items:
                short[line - 1] = ""
        else:
            text, first = short[run.line - 1], run.items[0][1] - 2
            first = text.rindex("[", 0, first + 1) + 1
            short[run.line - 1] = text[:first] + " " * (run.column - 1 - first) + text[run.column - 1 :]
    return short
