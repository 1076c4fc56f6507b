"""Long plain lists, read line by line: ruamel.yaml takes 80 µs for a term, a keyword file may have ten thousand.

A run is many lines `- word` of one indentation below one another. All but its last line are read here and blanked in
the text for the parser; when the parser meets the last one as an item of a list, at its very place, the run was a
list as well. A run that is not met like that (it stood inside a longer text) means: read the whole file the slow way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# An item that is one plain word or phrase, whatever stands around it; no tag, quote, bracket, mapping or comment.
ITEM = re.compile(r"( *)- +([\w$«][^:#\t]*?) *(?: #.*)?")
# A shorter run is not worth the look.
SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Run:
    """The items before the last one, as (line, column, text), from 1; and where the last one stands."""

    items: tuple[tuple[int, int, str], ...]
    line: int
    column: int


def find_runs(lines: Sequence[str]) -> Iterator[Run]:
    """Every run of a file."""
    found: list[tuple[int, int, str]] = []
    depth = -1
    for number, line in enumerate((*lines, ""), start=1):
        item = ITEM.fullmatch(line)
        if found and (item is None or item.end(1) != depth):
            yield from _run(found)
            found = []
        if item:
            depth = item.end(1)
            found.append((number, item.start(2) + 1, item[2]))


def _run(items: list[tuple[int, int, str]]) -> Iterator[Run]:
    *before, (line, column, _) = items
    if len(before) >= SHORTEST:
        yield Run(tuple(before), line, column)


def without(runs: Sequence[Run], lines: Sequence[str]) -> list[str]:
    """The lines for the parser: what the runs hold is blank, so that every other line keeps its number."""
    short = list(lines)
    for run in runs:
        first, last = run.items[0][0], run.items[-1][0]
        short[first - 1 : last] = [""] * (last - first + 1)
    return short
