"""Stop dead at each step of the walk, start again: nothing is lost, and what may be a repeat says so."""

import json
from datetime import timedelta

import pytest

from monitor import outbox, schema
from monitor.channels.preview import PreviewSender
from monitor.deliver.dispatch import drain
from monitor.fetch import Fetcher
from monitor.ingest import baseline, poll, telling
from monitor.store import articles, likenesses, stories
from monitor.store import entries as entry_store
from monitor.store import feeds as feed_store
from monitor.worker import Worker
from walking import Pages, a_house, settings_in, write_config

URL = "https://lada.example/rss"
STRIKE = "Нефтяники Жанаозена объявили бессрочную забастовку"


class PowerCutError(BaseException):
    """Nothing catches this: it is what a power cut looks like to the program."""


STEPS = [
    (Fetcher, "get"),
    (Worker, "run"),
    (entry_store, "unknown"),
    (articles, "keep"),
    (entry_store, "keep"),
    (articles, "keep_evidence"),
    (stories, "open_story"),
    (stories, "keep_verdict"),
    (likenesses, "keep"),
    (likenesses, "count"),
    (outbox, "put"),
    (feed_store, "polled"),
    (telling, "announce"),
    (baseline, "settle"),
    (outbox, "claim"),
    (PreviewSender, "send"),
    (outbox, "sent"),
]


def cut_power(monkeypatch, owner, name, *, after):
    """Let `owner.name` end in a power cut, before or after it has done its work."""
    real = getattr(owner, name)

    def sync(*args, **more):
        if after:
            real(*args, **more)
        raise PowerCutError

    async def waiting(*args, **more):
        if after:
            await real(*args, **more)
        raise PowerCutError

    is_async = name in {"get", "run", "send"}
    monkeypatch.setattr(owner, name, waiting if is_async else sync)


async def walk(house):
    """One cycle and its messages."""
    await poll.cycle(house.desk, everything=True)
    await drain(house.dispatch, wait=timedelta(minutes=5))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[f"{owner.__name__}.{name}" for owner, name in STEPS])
async def test_a_power_cut_loses_nothing(tmp_path, clock, monkeypatch, owner, name, after):
    """Whatever the step, the next run says the strike; at most once more, and then marked."""
    write_config(tmp_path / "config", [{"id": "lada", "title": "Лада", "url": URL, "lang": "ru"}])
    settings, pages = settings_in(tmp_path), Pages()
    pages.feed(URL, {"title": "Погода на завтра"})

    async def rest(seconds):
        clock.tick(timedelta(seconds=max(1, round(seconds))))

    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(timedelta(hours=1))
        pages.feed(URL, {"title": STRIKE, "when": clock()})
        with monkeypatch.context() as patch:
            cut_power(patch, owner, name, after=after)
            with pytest.raises((PowerCutError, BaseExceptionGroup)):
                await walk(house)
        house.db.rollback()  # what the kernel would do to an open transaction
    clock.tick(timedelta(hours=1))
    async with a_house(settings, clock, pages) as house:
        house.dispatch.rest = rest
        await walk(house)
        await walk(house)
        rows = house.db.execute("SELECT state, repeat FROM messages WHERE ref <> ''").fetchall()
        assert [state for state, _ in rows] == ["sent"]
        assert house.db.execute("SELECT count(*) FROM stories").fetchone() == (1,)
        assert house.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    said = [
        json.loads(line) for line in (settings.data_dir / "preview" / "channel.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(said) == 1
    in_flight = (owner is outbox and name in {"claim", "sent"}) or owner is PreviewSender
    assert bool(rows[0][1]) <= in_flight, "a repeat that could be ruled out was not"


def write_and_stop(database):
    """Half a unit of work."""
    with schema.transaction(database) as db:
        db.table("facts").insert({"name": "half", "value": "1", "at": "2026-03-01T09:00:00Z"})
        raise PowerCutError


def test_a_transaction_that_is_cut_leaves_no_half(database):
    """Half of a unit of work is never there after a restart."""
    with pytest.raises(PowerCutError):
        write_and_stop(database)
    assert database.execute("SELECT count(*) FROM facts").fetchone() == (0,)
