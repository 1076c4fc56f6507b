"""Feeds without news cost one commit together, and a database that takes nothing breaks no cycle."""

import asyncio
import sqlite3

import pytest

from monitor.ingest import poll, together
from monitor.ingest.pages import PAGES_OF_A_BASELINE
from monitor.store import feeds as feed_store
from walking import Pages, a_house, settings_in, write_config

URLS = [f"https://outlet-{number}.example/rss" for number in range(30)]


@pytest.fixture
def settings(tmp_path):
    """Thirty outlets."""
    feeds = [{"id": f"outlet-{number}", "url": url, "lang": "ru"} for number, url in enumerate(URLS)]
    write_config(tmp_path / "config", feeds)
    return settings_in(tmp_path)


@pytest.fixture
def pages():
    """A press that never has anything new."""
    press = Pages()
    for url in URLS:
        press.feed(url, {"title": "Погода на завтра"})
    return press


async def test_unchanged_feeds_share_a_commit(settings, pages, clock):
    """Thirty feeds without news are remembered as polled with a few commits, before the cycle ends."""
    async with a_house(settings, clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        clock.tick(PAGES_OF_A_BASELINE)
        commits = []
        house.db.conn.set_trace_callback(lambda said: commits.append(said) if said == "COMMIT" else None)
        report = await poll.cycle(house.desk, everything=True)
        house.db.conn.set_trace_callback(None)
        assert report.total("unchanged") == 30
        assert {state.polled_at for state in feed_store.states(house.db).values()} == {clock()}
        assert len(commits) <= 10
        assert not house.desk.busy


async def test_the_last_of_a_cycle_waits_for_nobody(settings, pages, clock, monkeypatch):
    """When everybody has answered, what was gathered is written: a cycle does not end with a pause."""
    async with a_house(settings, clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        clock.tick(PAGES_OF_A_BASELINE)
        monkeypatch.setattr(together, "_GATHERED", 3600.0)
        async with asyncio.timeout(30):
            assert (await poll.cycle(house.desk, everything=True)).total("unchanged") == 30


async def test_what_cannot_be_written_is_asked_again(settings, pages, clock, monkeypatch):
    """A full disk costs the note that nothing was new, and neither the cycle nor the feed's place in the queue."""
    async with a_house(settings, clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        before = feed_store.state(house.db, "outlet-7")
        clock.tick(PAGES_OF_A_BASELINE)

        def full_disk(_db, _state, **_more):
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(together.feed_store, "polled", full_disk)
        assert (await poll.cycle(house.desk)).total("unchanged") == 30
        monkeypatch.undo()
        assert feed_store.state(house.db, "outlet-7") == before
        assert (await poll.cycle(house.desk)).total("unchanged") == 30
        assert feed_store.state(house.db, "outlet-7").polled_at == clock()
