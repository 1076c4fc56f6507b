"""A week of news read twice, once without a break and once with restarts and power cuts: the same stories and cards."""

import asyncio
import json
import re
from collections import Counter, defaultdict
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import click
import pytest

import events
from conftest import HandClock
from loopback import Chance
from monitor import outbox, stories
from monitor.config.settings import Settings
from monitor.deliver import editions
from monitor.deliver.dispatch import drain
from monitor.fetch import Fetcher
from monitor.ingest import poll, telling
from monitor.model import Join, Placement
from monitor.newsroom.demo import play
from monitor.newsroom.outlets import OUTLETS
from monitor.outbox import cards
from monitor.schema import open_database
from monitor.store import articles, likenesses, relatives
from monitor.store import entries as entry_store
from monitor.store import feeds as feed_store
from monitor.store import stories as story_store
from monitor.text.times import unstamp
from monitor.worker import Worker
from paths import ROOT
from test_crash import PowerCutError, cut_power
from walking import Pages, a_house, settings_in, write_config

BEGINS = datetime(2026, 11, 13, 20, 0, tzinfo=UTC)
TICK, TICKS = timedelta(hours=3), 60  # until the morning after, when what came at night is said
SHOWN = 20  # items in a feed
A_RESTART_IN = 3  # ticks
A_POWER_CUT = 0.8  # of the restarts
STEPS = [
    (Fetcher, "get"),
    (Worker, "run"),
    (entry_store, "unknown"),
    (articles, "keep"),
    (entry_store, "keep"),
    (articles, "keep_evidence"),
    (story_store, "open_story"),
    (story_store, "join_story"),
    (story_store, "keep_verdict"),
    (likenesses, "keep"),
    (likenesses, "count"),
    (relatives, "relate"),
    (outbox, "put"),
    (outbox, "fold"),
    (cards, "grow"),
    (cards, "may_leave"),
    (telling, "announce"),
    (telling, "grow"),
    (telling, "relate"),
    (feed_store, "polled"),
]
SINCE = re.compile(r" · (?:обновлено|updated|жаңартылды) [^\n]*")

pytestmark = pytest.mark.heavy


@dataclass(frozen=True)
class Item:
    """One article as an outlet prints it."""

    at: datetime
    feed: str
    title: str
    text: str
    url: str


def url(feed):
    """Where a feed is."""
    return f"https://{feed}.example/rss"


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """The archive of the demo's newsroom, and what its outlets would write of the labelled events; oldest first."""
    folder = tmp_path_factory.mktemp("demo")
    asyncio.run(play(Settings(data_dir=folder), drip=0.0))
    with closing(open_database(folder / "demo" / "monitor.db").conn) as conn:
        rows = conn.execute(
            "SELECT feed_id, title, text, coalesce(published_at, seen_at) FROM articles ORDER BY id"
        ).fetchall()
    told = [(unstamp(when), feed, title, text) for feed, title, text, when in rows]
    chance = Chance("week")
    for line in events.FILE.read_text("utf-8").splitlines():
        one = json.loads(line)
        feed = chance.pick([outlet.id for outlet in OUTLETS if outlet.lang == one["lang"]])
        at = BEGINS + timedelta(days=one["day"] - 1, hours=round(chance.below(24), 2))
        told.append((at, feed, one["title"], one["lead"]))
    told.sort()
    return [
        Item(at, feed, title, text, f"https://{feed}.example/{number}")
        for number, (at, feed, title, text) in enumerate(told)
    ]


class Reader:
    """Somebody who reads a week, in a house that may be restarted or lose its power."""

    def __init__(self, folder, week, *, chance=None) -> None:
        self.week, self.clock, self.chance, self.folder = week, HandClock(BEGINS), chance, folder
        self.pages, self.restarts, self.cuts = Pages(), 0, 0
        feeds = [
            {"id": one.id, "title": one.title, "url": url(one.id), "lang": one.lang, "scope": one.scope,
             "standing": one.standing.value, "full_text": False, "every": "3h"}
            for one in OUTLETS
        ]  # fmt: skip
        write_config(folder / "config", feeds, (ROOT / "config" / "keywords.yaml").read_text("utf-8"))
        self.settings = settings_in(folder)

    async def read(self, begins):
        """Live through the week that begins then, tick by tick."""
        async with AsyncExitStack() as stack:
            self.house = await self._enter(stack)
            for number in range(TICKS + 1):
                self.clock.now = max(self.clock.now, begins + number * TICK)
                self._print(BEGINS + number * TICK)
                if self.chance and not self.chance.pick(range(A_RESTART_IN)):
                    await self._interrupt(stack)
                await self._walk()

    async def _enter(self, stack):
        async def rest(seconds):
            self.clock.tick(timedelta(seconds=max(1, round(seconds))))

        house = await stack.enter_async_context(a_house(self.settings, self.clock, self.pages))
        house.dispatch.rest = rest
        house.desk = replace(
            house.desk, feeds_at_once=1
        )  # one after the other: the same account comes first in every run
        return house

    async def _interrupt(self, stack):
        """The house is closed, or falls dead at some step of its walk; it comes back."""
        if self.chance.below(1) < A_POWER_CUT:
            self.cuts += await self._lose_power()
        await stack.aclose()
        self.house = await self._enter(stack)
        self.restarts += 1

    async def _lose_power(self):
        owner, name = self.chance.pick(STEPS)
        with pytest.MonkeyPatch.context() as patch:
            late(patch, owner, name, calls=self.chance.pick(range(4)), after=self.chance.pick([True, False]))
            try:
                await self._walk()
            except (PowerCutError, BaseExceptionGroup):
                self.house.db.rollback()  # what the kernel would do to an open transaction
                return 1
        return 0

    async def _walk(self):
        await poll.cycle(self.house.desk, everything=True)
        editions.issue(self.house.library, self.house.recipients.readers, self.clock())
        await drain(self.house.dispatch, wait=timedelta(minutes=30))

    def _print(self, moment):
        shown = defaultdict(list)
        for item in self.week:
            if item.at <= moment:
                shown[item.feed].append(item)
        for outlet in OUTLETS:
            newest = reversed(shown[outlet.id][-SHOWN:])
            rows = [
                {"title": escaped(one.title), "text": escaped(one.text), "when": one.at, "link": one.url}
                for one in newest
            ]
            self.pages.feed(url(outlet.id), *(rows or [{"title": "Погода на завтра"}]))

    def stories(self):
        """The addresses of each story, by its reference."""
        found = defaultdict(set)
        with closing(open_database(self.settings.data_dir / "monitor.db").conn) as conn:
            for ref, address in conn.execute("SELECT s.ref, a.url FROM articles a JOIN stories s ON s.id = a.story_id"):
                found[ref].add(address)
        return dict(found)

    def cards(self):
        """What every card and answer says at last, but for the minute of its last change."""
        said = (self.settings.data_dir / "preview" / "channel.jsonl").read_text("utf-8").splitlines()
        shown = {}
        for line in map(json.loads, said):
            if line["ref"]:
                key = line["card"] if line["action"] == "edit" else f"{line['subject']} {line['revision']}"
                shown[next((known for known in shown if known.startswith(key)), key)] = SINCE.sub("", line["text"])
        return shown

    def rings(self):
        """How often each card and answer rang, and how many letters there were of each date."""
        with closing(open_database(self.settings.data_dir / "monitor.db").conn) as conn:
            return Counter(
                conn.execute(
                    """SELECT m.subject, m.revision, m.silent FROM messages m JOIN attempts a ON a.delivery_id = m.id
                       WHERE a.outcome = 'sent' AND m.action <> 'edit'"""
                ).fetchall()
            )


def escaped(text):
    """A text inside XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def late(patch, owner, name, *, calls, after):
    """A power cut at the given call from now."""
    real = getattr(owner, name)
    cut_power(patch, owner, name, after=after)
    cutting, left = getattr(owner, name), [calls]

    def counted(*args, **more):
        left[0] -= 1
        return (cutting if left[0] < 0 else real)(*args, **more)

    patch.setattr(owner, name, counted)


@pytest.fixture(scope="module")
def calm(tmp_path_factory, week):
    """A week without a break."""
    reader = Reader(tmp_path_factory.mktemp("calm"), week)
    asyncio.run(reader.read(BEGINS))
    return reader


def test_restarts_change_no_story_and_ring_nothing_twice(tmp_path, week, calm, capsys):
    """The same stories, the same cards, each rung once; and a second reading of the same week says nothing at all."""
    shaken = Reader(tmp_path, week, chance=Chance("shaken"))
    asyncio.run(shaken.read(BEGINS))
    assert shaken.stories() == calm.stories()
    assert shaken.cards() == calm.cards()
    assert shaken.rings() == calm.rings()
    assert set(shaken.rings().values()) == {1}
    said, shaken.chance = of_stories(shaken.rings()), None
    asyncio.run(shaken.read(BEGINS + timedelta(days=8)))
    assert shaken.stories() == calm.stories()
    assert of_stories(shaken.rings()) == said
    with capsys.disabled():
        click.echo(
            f"\n{len(week)} articles, {len(calm.stories())} stories, {len(calm.cards())} cards; "
            f"{shaken.restarts} restarts, {shaken.cuts} of them power cuts"
        )
    assert shaken.cuts > 10, "the power never failed: nothing is shown"
    assert len(calm.cards()) > 40


def test_the_replay_sees_a_house_that_forgets(tmp_path, week, calm, monkeypatch):
    """With every article a story of its own there are more stories and more rings: the comparison can tell."""
    monkeypatch.setattr(stories, "place", lambda *_, **__: Placement(join=Join.OPENS))
    forgetful = Reader(tmp_path, week)
    asyncio.run(forgetful.read(BEGINS))
    assert len(forgetful.stories()) > len(calm.stories())
    assert forgetful.rings().total() > calm.rings().total()


def of_stories(rings):
    """Without the letters: every day has one."""
    return {key: times for key, times in rings.items() if key[0].startswith("story:")}
