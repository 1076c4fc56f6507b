"""Results on stdout: JSON for machines, tables and plain lines for people."""

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from monitor.text.fold import clean

LEAST_ROOM = 24  # columns for the last cell of a row; with less the table becomes blocks
APART = "  "


def print_json(value: Any) -> None:
    """One JSON document on stdout, readable by people too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(*lines: str) -> None:
    """Lines of text on stdout; on a terminal they break between words."""
    if not lines:
        return
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        lines = tuple("\n".join(textwrap.wrap(line, width)) for line in lines)
    click.echo("\n".join(lines))


def local(moment: datetime, time_zone: str, *, seconds: bool = False) -> str:
    """A time as people of that zone read it, and as it sorts: `2026-11-20 14:20 Almaty`; JSON has it in UTC."""
    city = time_zone.rpartition("/")[2].replace("_", " ")
    form = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    return f"{moment.astimezone(ZoneInfo(time_zone)):{form}} {city}"


def print_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    colours: Mapping[str, str] | None = None,
    *,
    columns: int | None = None,
) -> None:
    """A table on stdout; the last cell of a row takes what room is left, over several lines if it must.

    `colours` are for the first word of a row, on a terminal. `columns` is how wide the screen is, as found out when
    None; what is piped is not wrapped at all. On a narrow screen each row becomes a block of lines.
    """
    from rich.cells import cell_len

    rows = [[clean(cell, one_line=True) for cell in row] for row in rows]
    if columns is None and sys.stdout.isatty():
        columns = shutil.get_terminal_size().columns
    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    left = sum(width + len(APART) for width in widths[:-1])
    if columns is None or columns - left >= min(LEAST_ROOM, widths[-1]):
        _print_grid(heads, rows, colours or {}, columns or left + widths[-1] + 1)
    else:
        _print_blocks(heads, rows, colours or {}, columns)


def _print_grid(heads: Sequence[str], rows: Sequence[Sequence[str]], colours: Mapping[str, str], columns: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, len(APART), 0, 0), header_style="dim")
    for head in heads[:-1]:
        table.add_column(head, no_wrap=True)
    table.add_column(heads[-1], overflow="fold")
    for first, *others in rows:
        table.add_row(Text(first, colours.get(_word(first), "")), *map(Text, others))
    console = Console(width=columns, highlight=False)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n")))


def _print_blocks(
    heads: Sequence[str], rows: Sequence[Sequence[str]], colours: Mapping[str, str], columns: int
) -> None:
    """The first two cells as a heading, the next ones with their names in a line, the last one below."""
    for first, second, *others, last in rows:
        middle = " · ".join(f"{head} {cell}" for head, cell in zip(heads[2:-1], others, strict=True) if cell)
        heading = textwrap.wrap(f"{first}{APART}{second}".strip(), columns)
        heading[0] = heading[0].replace(first, click.style(first, fg=colours.get(_word(first))), 1)
        below = [textwrap.wrap(part, columns, initial_indent=APART, subsequent_indent=APART) for part in (middle, last)]
        click.echo("\n".join(line for lines in (heading, *below) for line in lines))


def _word(cell: str) -> str:
    return cell.partition(":")[0]
