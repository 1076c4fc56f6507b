"""The arrows are a test, not a promise: the rules of the house hold in every file, and every rule bites."""

import ast
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

import house_rules as rules
from paths import ROOT, SOURCE

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
SOURCES = {path.relative_to(SOURCE).as_posix(): path for path in sorted(SOURCE.rglob("*.py"))}
TESTS = {path.relative_to(ROOT / "tests").as_posix(): path for path in sorted((ROOT / "tests").rglob("*.py"))}


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file, parsed once."""
    return ast.parse(path.read_text("utf-8"))


def complaints(rule: rules.Rule, files: dict[str, Path]) -> list[str]:
    """What a rule says of files, as `path:line: what`."""
    return [f"{name}:{line}: {what}" for name, path in files.items() for line, what in rule(name, tree_of(path))]


def tracked_files() -> Iterable[Path]:
    """Every file that is in the repository, or would be with the next `git add`."""
    git = shutil.which("git") or "git"
    command = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return (ROOT / name for name in names if name and (ROOT / name).is_file())


def lint_imports(package_parent: Path) -> str:
    """What the arrows' contracts say of the package `monitor` in a folder: import-linter's report."""
    command = [str(LINT_IMPORTS), "--no-cache", "--no-logo", "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=package_parent, check=False, capture_output=True, text=True)
    return done.stdout + done.stderr


# ── the house keeps its rules ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", rules.HOUSE, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    """No module under src/ gives a rule of the house reason to complain."""
    assert not complaints(rule, SOURCES)


@pytest.mark.parametrize("rule", rules.TESTS, ids=lambda rule: rule.__name__)
def test_the_tests_keep_their_rules(rule):
    """No module under tests/ gives a rule for tests reason to complain."""
    assert not complaints(rule, TESTS)


def test_each_bulkhead_stands_once():
    """Everything is caught in one place per bulkhead: one feed, one document, one delivery, one command."""
    count = Counter(rules.room(name) for name, path in SOURCES.items() for _ in rules.broad_catches(tree_of(path)))
    assert not {room: times for room, times in count.items() if room not in rules.BULKHEADS or times > 1}


def test_nothing_names_a_registry_or_a_machine():
    """No file of the repository holds an address of a package registry or a path of somebody's machine."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in tracked_files()
        if path.name != "house_rules.py"  # where the addresses are spelled as a pattern
        for line, what in rules.addresses(path.read_text("utf-8", errors="replace"))
    ]
    assert not found


def test_imports_point_down():
    """You may look down, never up, never at a neighbour on the same floor; thought touches no network or database."""
    assert "0 broken" in lint_imports(SOURCE.parent)


# ── every rule bites ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_arrows_bite(tmp_path):
    """A look up, a look at a neighbour, an impure thought and a room without a floor are each reported."""
    shutil.copytree(SOURCE, tmp_path / "monitor", ignore=shutil.ignore_patterns("__pycache__"))
    for name, line in {
        "errors": "import monitor.schema",
        "extract": "import monitor.stories",
        "stories": "import sqlite3",
        "cellar": '"""A room nobody gave a floor."""',
    }.items():
        package = tmp_path / "monitor" / name / "__init__.py"
        module = package if package.exists() else tmp_path / "monitor" / f"{name}.py"
        with module.open("a", encoding="utf-8") as code:
            code.write(f"\n{line}\n")
    report = " ".join(lint_imports(tmp_path).split())
    for found in (
        "monitor.errors -> monitor.schema",
        "monitor.extract -> monitor.stories",
        "monitor.stories -> sqlite3",
        "monitor.cellar",
    ):
        assert found in report


AWAIT = "async def f(db):\n    with {opening} as open_db:\n        {line}\n"
LONG = "def f():\n" + "    x = 1\n" * 60
BROAD = "try:\n    f()\nexcept {caught}:\n    {line}\n"
TEST = 'def test_x():\n    """{sentence}"""\n'
NONE = ""

CASES = [
    (rules.begins_with_a_sentence, "text.py", "x = 1", "does not begin with a sentence"),
    (rules.begins_with_a_sentence, "text.py", '"""Words\nand more."""', "does not begin with a sentence"),
    (rules.begins_with_a_sentence, "text.py", '"""Words."""', NONE),
    (rules.no_await_in_a_transaction, "ingest.py", AWAIT.format(opening="transaction(db)", line="await g()"), "await"),
    (rules.no_await_in_a_transaction, "ingest.py", AWAIT.format(opening="schema.transaction(db)", line="return await g()"), "await"),
    (rules.no_await_in_a_transaction, "ingest.py", AWAIT.format(opening="db.atomic()", line="async with g(): pass"), "await"),
    (rules.no_await_in_a_transaction, "ingest.py", AWAIT.format(opening="transaction(db)", line="g()\n    await g()"), NONE),
    (rules.no_await_in_a_transaction, "ingest.py", AWAIT.format(opening="transaction(db)", line="async def h(): await g()"), NONE),
    (rules.only_app_reads_the_clock, "ingest.py", "from datetime import datetime\nx = lambda: datetime.now()", "datetime.now"),
    (rules.only_app_reads_the_clock, "ingest.py", "import datetime as dt\nx = lambda: dt.date.today()", "date.today"),
    (rules.only_app_reads_the_clock, "cli/run.py", "from time import time\nx = lambda: time()", "time.time"),
    (rules.only_app_reads_the_clock, "ingest.py", "import time\nx = lambda: time.monotonic()", "time.monotonic"),
    (rules.only_app_reads_the_clock, "fetch/__init__.py", "import time\nx = lambda: time.monotonic()", NONE),
    (rules.only_app_reads_the_clock, "fetch/__init__.py", "import time\nx = lambda: time.time()", "time.time"),
    (rules.only_app_reads_the_clock, "app/__init__.py", "import time\nx = lambda: time.time()", NONE),
    (rules.only_app_reads_the_environment, "config/settings.py", "import os\nx = os.environ['A']", "os.environ"),
    (rules.only_app_reads_the_environment, "config/settings.py", "from os import getenv\nx = getenv('A')", "os.getenv"),
    (rules.only_app_reads_the_environment, "app/__init__.py", "import os\nx = os.environ['A']", NONE),
    (rules.catches_all_only_at_a_bulkhead, "store.py", BROAD.format(caught="Exception", line="pass"), "no bulkhead"),
    (rules.catches_all_only_at_a_bulkhead, "store.py", BROAD.format(caught="(OSError, BaseException)", line="pass"), "no bulkhead"),
    (rules.catches_all_only_at_a_bulkhead, "store.py", BROAD.format(caught="Exception as e", line="raise OSError from e"), "no bulkhead"),
    (rules.catches_all_only_at_a_bulkhead, "store.py", "try:\n    f()\nexcept:\n    pass", "no bulkhead"),
    (rules.catches_all_only_at_a_bulkhead, "store.py", "from contextlib import suppress\nwith suppress(Exception):\n    f()", "no bulkhead"),
    (rules.catches_all_only_at_a_bulkhead, "store.py", BROAD.format(caught="BaseException", line="undo()\n    raise"), NONE),
    (rules.catches_all_only_at_a_bulkhead, "store.py", BROAD.format(caught="OSError", line="pass"), NONE),
    (rules.catches_all_only_at_a_bulkhead, "ingest.py", BROAD.format(caught="Exception", line="pass"), NONE),
    (rules.fits_the_eye, "text.py", "x = 1\n" * 331, "a module of 331 lines"),
    (rules.fits_the_eye, "text.py", LONG, "f has 61 lines"),
    (rules.fits_the_eye, "text.py", "x = 1\n" * 330, NONE),
    (rules.importing_does_nothing, "text.py", "import pathlib\nx = pathlib.Path('a').read_text()", "read_text(…) runs at import"),
    (rules.importing_does_nothing, "text.py", "class A:\n    x = open('a')", "open(…) runs at import"),
    (rules.importing_does_nothing, "text.py", "import re\nx = re.compile('a')\ndef f():\n    return open('a')", NONE),
    (rules.only_the_door_prints, "ingest.py", "def f():\n    print('a')", "print"),
    (rules.only_the_door_prints, "ingest.py", "import sys\ndef f():\n    sys.stdout.write('a')", "sys.stdout"),
    (rules.only_the_door_prints, "cli/run.py", "def f():\n    print('a')", NONE),
    (rules.no_group_is_possessive, "text.py", "import re\nx = re.compile(r'(?:a?b)*+')", "a possessive group"),
    (rules.no_group_is_possessive, "text.py", "x = rf'({y}){{2,3}}+'", "a possessive group"),
    (rules.no_group_is_possessive, "text.py", r"x = r'(?>(?:a?b)*)c*+[)]++\)*+'", NONE),
    (rules.every_test_says_what_it_shows, "test_x.py", "def test_x(): pass", "does not begin"),
    (rules.every_test_says_what_it_shows, "test_x.py", TEST.format(sentence="it works"), "does not begin"),
    (rules.every_test_says_what_it_shows, "test_x.py", TEST.format(sentence="It works."), NONE),
    (rules.no_test_sleeps, "test_x.py", "import time\ntime.sleep(1)", "time.sleep"),
    (rules.no_test_sleeps, "test_x.py", "from asyncio import sleep as nap\nasync def f(): await nap(0)", "asyncio.sleep"),
    (rules.no_test_sleeps, "test_x.py", "import asyncio\nasync def f(): await asyncio.Event().wait()", NONE),
    (rules.no_test_looks_away, "test_x.py", "import pytest\n@pytest.mark.xfail\ndef test_x(): pass", "xfail"),
    (rules.no_test_looks_away, "test_x.py", "import pytest\ndef test_x(): pytest.skip('later')", "skip"),
    (rules.no_test_looks_away, "test_x.py", "import pytest\n@pytest.mark.skipif(True, reason='no data')\ndef test_x(): pass", NONE),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "snippet", "expected"), CASES)
def test_every_rule_bites(rule, path, snippet, expected):
    """A rule complains of the bad snippet, and says nothing of the good one beside it."""
    said = [what for _, what in rule(path, ast.parse(snippet))]
    assert (expected in said[0]) if expected else not said


def test_no_rule_goes_unproved():
    """Each rule has a snippet that it complains of and one that it lets pass."""
    assert {case[0] for case in CASES if case[3]} == {*rules.HOUSE, *rules.TESTS}
    assert {case[0] for case in CASES if not case[3]} >= {*rules.HOUSE, *rules.TESTS}


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index" + "-url https://mirror.example",
        "resolved: https://registry." + "npmjs.org/x/-/x-1.tgz",
        "https://mirror.example/" + "simple/httpx",
        "x @ https://files." + "pythonhosted.org/x.whl",
        "cd /" + "home/aigul/monitor",
        "cache = '/" + "root/.cache'",
    ],
)
def test_addresses_bite(line):
    """A registry's address and a path of somebody's machine are found wherever they stand in a line."""
    assert list(rules.addresses(line))


@pytest.mark.parametrize(
    "line", ["https://lada.example/home/news", "https://lada.kz/work/1", "/data/monitor.db", "a/root/b"]
)
def test_addresses_of_the_news_are_none_of_it(line):
    """The address of an article is not mistaken for a path of a machine."""
    assert not list(rules.addresses(line))
