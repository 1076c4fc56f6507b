"""The documents cannot lie: what exists is documented, what is documented exists, and the examples run."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from monitor.cli import group, main
from monitor.config.settings import CHANNELS, NAMES, PROXIES, RECIPIENTS
from paths import DOCS, ROOT, SOURCE

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
PRIVATE = "_sqlite_migrations"  # the library's own book-keeping
CONSOLE = re.compile(r"^(?:<!-- (\w+) -->\n)?```console\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def sections(page: str) -> dict[str, str]:
    """The text under each heading of a page in docs/ that names code: "## `feeds`" → everything up to the next one."""
    text = (DOCS / page).read_text("utf-8")
    parts = re.split(r"^##+ `(.+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands(command: click.Command = group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its name as typed: ("monitor keywords expand", …)."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner, f"monitor {' '.join(path)} lists {name} but has no such command"
            yield from commands(inner, (*path, name))
    else:
        yield " ".join(("monitor", *path)), command


def options(command: click.Command) -> set[str]:
    """The options of a command as they are written in full: {"--json", "--wait"}."""
    return {
        name
        for one in command.params
        if isinstance(one, click.Option)
        for name in (*one.opts, *one.secondary_opts)
        if name.startswith("--")
    }


# ── what exists is documented ────────────────────────────────────────────────────────────────────────────────────


def test_every_command_has_its_section():
    """docs/commands.md has a section for each command that the program knows, and for none that it does not."""
    assert set(sections("commands.md")) == {name for name, _ in commands()}


def test_every_list_of_commands_fits_a_narrow_terminal():
    """The line beside each command in a list of them is a whole sentence, not the beginning of one."""
    for name, command in commands():
        assert not command.get_short_help_str(limit=64).endswith("..."), name


def test_every_option_is_documented():
    """The section of a command names each of its options, and none that it does not take."""
    written, everywhere = sections("commands.md"), options(group) | {"--help", "--version"}
    for name, command in commands():
        assert set(re.findall(r"--[a-z][a-z-]+", written[name])) - everywhere == options(command), name


def test_every_setting_is_documented():
    """docs/settings.md names every setting and every family of settings, and none that does not exist."""
    text = (DOCS / "settings.md").read_text("utf-8")
    families = {f"{prefix}…" for prefix in (CHANNELS, RECIPIENTS, PROXIES)}
    rows = [line for line in text.splitlines() if line.startswith("| `MONITOR_")]
    names = {name for row in rows for name in re.findall(r"`(MONITOR_[A-Z_]+…?)`", row.split("|")[1])}
    assert names == NAMES | families


def test_every_table_and_column_is_documented(database):
    """docs/tables.md has a section for each table and view, and names each of their columns."""
    tables = {
        name: [column[1] for column in database.conn.execute(f"PRAGMA table_info('{name}')")]
        for name in (*database.table_names(), *database.view_names())
        if not name.startswith(("sqlite_", "search_", PRIVATE))
    }
    written = sections("tables.md")
    assert set(written) == set(tables)
    for name, columns in tables.items():
        first_cells = " ".join(line.split("|")[1] for line in written[name].splitlines() if line.startswith("|"))
        assert set(re.findall(r"`(\w+)`", first_cells)) == set(columns), name


def test_every_room_has_its_line():
    """docs/house.md has a line for each room of the house, and for none that does not exist."""
    table = (DOCS / "house.md").read_text("utf-8").partition("## The rooms")[2].partition("\n## ")[0]
    rooms = {path.name.removesuffix(".py") for path in SOURCE.iterdir() if not path.name.startswith(("_", "py."))}
    assert set(re.findall(r"^\| `(\w+)/?` \|", table, flags=re.MULTILINE)) == rooms


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Every link and picture of a page that points into the repository points at a file."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


# ── the examples run ─────────────────────────────────────────────────────────────────────────────────────────────


def examples() -> Iterator[tuple[str, bool, str, str]]:
    """Every `$ monitor …` of a console block: page, whether the block is marked to run, command, expected output."""
    for page in PAGES:
        for mark, block in CONSOLE.findall(page.read_text("utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                line, _, output = part.partition("\n")
                if line.startswith("monitor"):
                    yield page.name, mark == "run", line, output


EXAMPLES = list(examples())


def test_the_readme_shows_examples():
    """The README shows commands, and at least one of them is marked to run."""
    assert any(page == "README.md" and runs for page, runs, _, _ in EXAMPLES)


@pytest.mark.parametrize(("page", "line"), [(page, line) for page, _, line, _ in EXAMPLES])
def test_every_example_could_be_typed(page, line):
    """Each example names a command that exists, with options that this command takes."""
    command, known = group, options(group) | {"--help", "--version"}
    for word in shlex.split(line, comments=True)[1:]:
        inner = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        if inner is not None:
            command, known = inner, known | options(inner)
        elif word.startswith("--"):
            assert word.partition("=")[0] in known, f"{page}: {line}"
    assert not isinstance(command, click.Group) or line.endswith(("--help", "--version")), f"{page}: {line}"


@pytest.mark.parametrize(("line", "output"), [(line, output) for _, runs, line, output in EXAMPLES if runs])
def test_examples_that_are_marked_run_as_shown(line, output, tmp_path, monkeypatch, capsys):
    """An example under `<!-- run -->` succeeds in an empty folder and prints the lines shown (… stands for anything)."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line, comments=True)[1:]
    code = main(["--config-dir", str(ROOT / "config"), "--data-dir", str(tmp_path), *words])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    for shown in output.splitlines():
        pattern = ".*".join(re.escape(part) for part in shown.strip().split("…"))
        assert re.search(pattern, printed.out), f"{shown!r} is not in:\n{printed.out}"
