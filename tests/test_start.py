"""A start loads what a poll without news needs, and nothing else: most starts are followed by no news."""

import subprocess
import sys

# What only news, a page, a letter or a table needs, by what a process would pay for it.
DEAR = (
    "babel",
    "courlan",
    "css_inline",
    "feedparser",
    "jinja2",
    "lxml",
    "pymorphy3",
    "rich",
    "telegram",
    "trafilatura",
)
OURS = ("extract", "languages.detection", "matching.compile", "matching.engine", "sources.blocks", "sources.listing")


def loaded_by(program):
    """The modules that a fresh interpreter has after a program."""
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


def test_a_poll_without_news_loads_nothing_for_news():
    """Parsers, extractors, dictionaries and renderers come with the first item, page, letter or table."""
    loaded = loaded_by(
        "from monitor import logs, sources\n"
        "from monitor.app import house, summary, watch\n"
        "from monitor.deliver import dispatch, editions\n"
        "from monitor.ingest import poll\n"
        "sources.by_kind()['rss']"
    )
    assert {"monitor.ingest.poll", "monitor.sources.rss"} <= loaded
    assert not loaded & {*DEAR, *(f"monitor.{module}" for module in OURS)}


def test_whoever_draws_a_table_finds_rich_where_it_was():
    """The libraries that would load it for themselves are told that it is not there, and nobody else."""
    assert "rich.table" in loaded_by("from monitor import logs\nimport httpx\nfrom rich.table import Table")


def test_the_command_line_is_loaded_without_looking_for_rubbish():
    """Afterwards it is looked for as ever."""
    program = (
        "import gc, monitor.__main__ as way_in\n"
        "class Doorkeeper:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        assert name != 'click' or not gc.isenabled()\n"
        "sys.meta_path.insert(0, Doorkeeper())\n"
        "sys.argv = ['monitor', '--version']\nway_in.main()\n"
        "assert gc.isenabled()"
    )
    assert "click" in loaded_by(program)
