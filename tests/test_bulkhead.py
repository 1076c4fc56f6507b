"""Bulkheads: one feed or one command breaks alone; overlapping cycles say no more than one may."""

import asyncio
import sqlite3
from datetime import timedelta

import httpx
import pytest

from monitor.cli import group, main
from monitor.ingest import baseline, poll
from monitor.store import feeds as feed_store
from walking import OnTheWire, Pages, a_house, rss, settings_in, write_config

FAST, SLOW = "https://fast.example/rss", "https://slow.example/rss"


@pytest.fixture
def settings(tmp_path):
    """Two outlets."""
    feeds = [{"id": "fast", "url": FAST, "lang": "ru"}, {"id": "slow", "url": SLOW, "lang": "ru"}]
    write_config(tmp_path / "config", feeds)
    return settings_in(tmp_path)


async def test_a_database_that_takes_nothing_of_one_feed_stops_no_other(settings, clock, monkeypatch):
    """Neither the failure nor its note can be written: the other feed is read all the same."""
    pages, real = Pages(), feed_store.polled
    pages.feed(FAST, {"title": "Погода на завтра"})
    pages.feed(SLOW, {"title": "Погода на завтра"})

    def full_disk(db, state, **more):
        if state.feed_id == "slow":
            raise sqlite3.OperationalError("database or disk is full")
        real(db, state, **more)

    monkeypatch.setattr(feed_store, "polled", full_disk)
    async with a_house(settings, clock, pages) as house:
        report = await poll.cycle(house.desk, everything=True)
        assert [(one.feed_id, one.error_kind) for one in report.feeds if one.error_kind] == [("slow", "bug")]
        assert feed_store.state(house.db, "fast").good_at == clock()
        assert not house.desk.busy


async def test_a_host_with_many_feeds_leaves_room_for_the_others(settings, clock):
    """Seventy feeds of a host that hangs, all before it in the queue: another outlet is read meanwhile."""
    asked, go_on, pages = asyncio.Event(), asyncio.Event(), Pages()
    pages.feed(FAST, {"title": "Погода на завтра"})

    class Hanging(OnTheWire):
        async def __aiter__(self):
            asked.set()
            await go_on.wait()
            yield self.body

    slow = [{"id": f"slow-{number}", "url": f"{SLOW}/{number}", "lang": "ru"} for number in range(70)]
    for feed in slow:
        pages.bodies[feed["url"]] = lambda _request: httpx.Response(200, stream=Hanging(rss(SLOW)))
    write_config(settings.config_dir, [*slow, {"id": "fast", "url": FAST, "lang": "ru"}])
    async with a_house(settings, clock, pages) as house:
        read = asyncio.Event()
        progress = lambda report: read.set() if report.feed_id == "fast" else None  # noqa: E731
        cycle = asyncio.create_task(poll.cycle(house.desk, progress=progress))
        await asyncio.wait_for(read.wait(), 5)
        assert asked.is_set()
        assert feed_store.state(house.db, "fast").good_at == clock()
        go_on.set()
        await cycle


async def test_a_baseline_waits_for_the_slowest_first_reading(settings, clock):
    """Cycles that begin and end while a slow source is first read do not each say their own three."""
    asked, go_on, pages = asyncio.Event(), asyncio.Event(), Pages()
    items = [{"title": f"Забастовка номер {word}", "when": clock() - timedelta(hours=1)} for word in "абвгд"]
    pages.feed(FAST, *items)

    class Dripping(OnTheWire):
        async def __aiter__(self):
            asked.set()
            await go_on.wait()
            yield self.body

    body = rss(SLOW, *({**item, "title": f"Уволили {item['title']}"} for item in items))
    pages.bodies[SLOW] = lambda _request: httpx.Response(200, stream=Dripping(body))
    async with a_house(settings, clock, pages) as house:
        first = asyncio.create_task(poll.cycle(house.desk))
        await asked.wait()
        while "fast" in house.desk.busy:
            await poll.cycle(house.desk)
            await asyncio.wait([first], timeout=0.05)
        assert baseline.settle(house.desk, clock()) == 0
        go_on.set()
        await first
        assert house.db.execute("SELECT count(*) FROM messages").fetchone() == (3,)


def test_a_command_that_breaks_says_so_in_a_line_without_secrets(tmp_path, monkeypatch, capsys):
    """A bug or a broken file ends one command with 1 and a sentence; what it quotes is struck out."""
    (tmp_path / "monitor.db").write_bytes(b"no database at all, but long enough to be read as one" * 20)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    assert main(["search", "забастовка"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("monitor: the file monitor.db is no database.")
    assert "Traceback" not in told

    def leak(*_words, **_more):
        raise RuntimeError("cannot log in as bot 123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    monkeypatch.setattr(group, "main", leak)
    assert main(["-v", "status"]) == 1
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "AAAA" not in told
