"""Plain mappings below one another, read line by line, as `runs` reads plain lists: the sources of feeds.yaml.

    - id: lada-kz
      url: https://www.lada.kz/rss.xml
      every: {min: 5m, max: 1h}
    - id: next-one

A block is such an item whose lines are all of this kind. The blocks before the last item make a run; that item may hold
anything, and ends the run when it holds something else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.config.runs import IDLE, LIST, PAIRS, QUOTED, Pairs, Part, Run, Scalar, part_of

# A scalar that fills the rest of its line: a colon belongs to it when something follows, a # when nothing goes before.
FREE = r"[\w$«](?>(?:[^:#\t\"' ]|:(?=\S)| +(?=[^\s#]))*)"
FIELD = re.compile(rf"( *+)(- ++)?([a-z_]++): ++({FREE}|{QUOTED}|{LIST}|{PAIRS}) *+(?:(?<= )#.*+)?")

LEAST = 2  # one to spare the parser, one to show it


@dataclass(slots=True)
class _Block:
    """One item: where its dash stands, the column of its keys, and what it holds as far as it is plain."""

    line: int
    dash: int
    column: int
    pairs: list[tuple[Scalar, Part]] = field(default_factory=list)

    def add(self, line: int, found: re.Match[str]) -> None:
        key = Scalar(line, found.start(3) + 1, found[3])
        self.pairs.append((key, part_of(line, found.start(4), found[4])))


def find_blocks(lines: Sequence[str]) -> Iterator[Run]:
    """Every run of blocks of a file."""
    blocks: list[_Block] = []
    for number, line in enumerate((*lines, "end"), start=1):
        if IDLE.fullmatch(line):
            continue
        found = FIELD.fullmatch(line)
        if found and found[2]:
            if blocks and blocks[0].dash != found.end(1):
                yield from _run(blocks)
                blocks = []
            blocks.append(_Block(number, found.end(1), found.start(3)))
        elif not (found and blocks and found.end(1) == blocks[-1].column):
            yield from _run(blocks)
            blocks = []
            continue
        blocks[-1].add(number, found)


def _run(blocks: Sequence[_Block]) -> Iterator[Run]:
    if len(blocks) < LEAST:
        return
    items = tuple(
        Pairs(block.line, block.column + 1, tuple(block.pairs), after.line) for block, after in pairwise(blocks)
    )
    first, last = blocks[0], blocks[-1]
    yield Run(items, last.line, last.column + 1, (first.line, first.dash + 1))
