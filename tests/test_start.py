"""A start loads what a poll without news needs, and nothing else: most starts are followed by no news."""

import asyncio
import os
import subprocess
import sys

from walking import rss, write_config
from wire import ok, serve

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
NEWS = {*DEAR, *(f"monitor.{module}" for module in OURS)}
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
POLL = """
import io, sys
from contextlib import redirect_stdout
sys.argv = ["monitor", "once", "--all", "--json", "--wait", "0"]
from monitor.__main__ import main
with redirect_stdout(io.StringIO()):
    main()
print(*sys.modules)
"""


def loaded_by(program):
    """The modules that a fresh interpreter has after a program."""
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


async def test_a_poll_without_news_loads_nothing_for_news(tmp_path):
    """Parsers, extractors, dictionaries and renderers come with the first item, page, letter or table."""
    told = ok(rss("https://outlet.example/", {"title": "Погода на завтра"}), 'ETag: "1"', "Content-Type: text/xml")
    first = asyncio.Event()

    async def press(visit):
        await visit.send(UNCHANGED if first.is_set() else told)
        first.set()

    async with serve(press) as server:
        write_config(tmp_path / "config", [{"id": "outlet", "url": server.url("/rss"), "lang": "ru"}])
        env = {"MONITOR_ALLOW_HOSTS": server.place, "MONITOR_HOST_INTERVAL": "0s", "PATH": os.environ["PATH"]}
        for news in (True, False):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", POLL, cwd=tmp_path, env=env, stdout=asyncio.subprocess.PIPE
            )
            loaded = set((await process.communicate())[0].decode().split())
            assert {"monitor.ingest.poll", "monitor.sources.rss"} <= loaded
            assert bool(loaded & NEWS) is news, loaded & NEWS
    assert len(server.heads) == 2


def test_the_worker_s_child_loads_no_event_loop():
    """What runs the children lives in the same package as what runs in them."""
    assert "monitor.sources.rss" in (
        loaded := loaded_by("import monitor.worker.child, monitor.ingest.reading, monitor.sources.rss")
    )
    assert "asyncio" not in loaded


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
