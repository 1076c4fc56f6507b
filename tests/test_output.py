"""Tables for people: readable at any width, and nothing in a cell can play tricks on a terminal."""

from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from monitor.cli.output import local, print_table

HEADS = ("health", "source", "read", "remark")
ROWS = [
    ("blocked", "uralskweek", "12m", "403 Forbidden: a bot check, 12 times; https://www.uralskweek.kz/" + "x" * 80),
    ("ok", "Жас Алаш және достары", "3m", ""),
    ("quiet", "azh-ru", "2h", "[bold]no markup[/bold] :smile: \x1b[31mred\x1b[0m\u202e\r\nnext"),
]


def printed(capsys, columns):
    """The table as it is printed on a screen so wide."""
    print_table(HEADS, ROWS, {"blocked": "red"}, columns=columns)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("columns", [200, 120, 80, 60, 45, 30, 20])
def test_a_table_never_runs_over_the_edge(capsys, columns):
    """Every word is there, on a wide screen and on a telephone's."""
    lines = printed(capsys, columns)
    assert all(cell_len(line) <= columns for line in lines)
    together = "".join("".join(lines).split())
    for row in ROWS[:2]:
        assert "".join(row[3].split()) in together
        assert all("".join(cell.split()) in together for cell in row)


def test_what_is_piped_is_one_line_a_row(capsys):
    """So that grep finds it; no colours, no trailing blanks."""
    lines = printed(capsys, None)
    assert len(lines) == 1 + len(ROWS)
    assert lines[2] == "ok       Жас Алаш және достары  3m"
    assert lines[3].endswith("[bold]no markup[/bold] :smile: [31mred[0m next")


def test_a_narrow_screen_gets_blocks(capsys):
    """A heading for each row, the rest below it."""
    assert printed(capsys, 40)[-6:] == [
        "ok  Жас Алаш және достары",
        "  read 3m",
        "quiet  azh-ru",
        "  read 2h",
        "  [bold]no markup[/bold] :smile:",
        "  [31mred[0m next",
    ]


def test_a_time_is_that_of_the_maintainers():
    """As cards and letters have it, with the name of the place; the day is theirs as well."""
    late = datetime(2026, 11, 20, 20, 30, 5, tzinfo=UTC)
    assert local(late, "Asia/Almaty") == "2026-11-21 01:30 Almaty"
    assert local(late, "America/New_York", seconds=True) == "2026-11-20 15:30:05 New York"
