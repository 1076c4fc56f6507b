"""Each stage breaks once: the heartbeat stops or an alarm comes within a quarter of an hour, and never before."""

import json
import logging
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from monitor.app.heart import failing
from monitor.errors import DeliveryError, WorkerError
from monitor.ingest.reading import read, read_and_look
from monitor.matching.compile import compile_keywords
from monitor.model import Keywords
from newsdesk import posting_settings
from timetable import WATCHDOG, World, a_daemon, live

HOSTS = ["lada.kz", "vlast.kz", "azh.kz", "hrw.org", "ituc.org", "gone.org"]
FEEDS = [
    {"id": host.replace(".", "-"), "title": host, "url": f"https://{host}/rss", "lang": "ru", "every": "5m"}
    for host in HOSTS
]
BEFORE, WITHIN = 12, 15  # minutes of good life, and in which the break must be heard of


class Sender:
    """A channel that takes everything, or nothing."""

    def __init__(self):
        self.said, self.broken = [], False

    async def send(self, message, _recipient, *, repeat):
        """Keep it, or fail."""
        del repeat
        await self.probe("")
        self.said.append(message)
        return str(len(self.said))

    async def probe(self, _recipient):
        """Fail when broken."""
        if self.broken:
            raise DeliveryError("no answer")


@pytest.fixture(autouse=True)
def silence():
    """A log of broken stages is long, and drawing its tracebacks takes longer than the tests."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture
def settings(tmp_path):
    """Six sources, readers and maintainers on both roads, and a watchdog."""
    return posting_settings(tmp_path, feeds=FEEDS, languages=("en",), heartbeat_url=WATCHDOG)


@pytest.fixture
def world(clock):
    """A press in which one outlet is gone for good: whatever single outlets do."""
    made = World(clock)
    for host in HOSTS[:-1]:
        made.feed(f"https://{host}/rss", {"title": "Погода на завтра"})
    return made


@pytest.fixture
def senders():
    """Telegram and mail."""
    return {"telegram": Sender(), "email": Sender()}


def alarms(sender, since=0):
    """What maintainers were told that something is wrong with the house."""
    texts = [
        json.loads(message.body)["text"] for message in sender.said[since:] if message.subject.startswith("notice:")
    ]
    return [text for text in texts if "not well" in text or "No source answers" in text]


@pytest.mark.heavy
async def test_a_good_house_beats(settings, world, senders):
    """An hour of good life, one source dead all along: a ping every five minutes, no failure, no alarm."""
    async with a_daemon(settings, world, **senders) as house:
        await live(house, world, 60)
    gaps = [later - earlier for earlier, later in zip(world.well_pings(), world.well_pings()[1:], strict=False)]
    assert len(gaps) >= 10
    assert max(gaps) <= 330
    assert world.fail_pings() == []
    assert alarms(senders["telegram"]) == alarms(senders["email"]) == []
    assert not (settings.data_dir / "canary").exists()


class Unable:
    """A worker that cannot parse, but does all else."""

    def __init__(self, worker):
        self.worker = worker

    async def run(self, function, *args, **options):
        """As the worker would, except for feeds."""
        if function in (read, read_and_look):
            raise WorkerError("crash", "the document broke its reader")
        return await self.worker.run(function, *args, **options)


def fetch_breaks(_house, world, _senders, _monkeypatch):
    """Nothing can be fetched any more, the watchdog's address neither."""
    world.is_cut_off = True


def sources_are_cut_off(_house, world, _senders, _monkeypatch):
    """No source answers, while the watchdog does."""
    world.down = set(HOSTS)


def parse_breaks(house, _world, _senders, _monkeypatch):
    """Every document breaks its reader."""
    house.desk = replace(house.desk, worker=Unable(house.desk.worker))


def match_breaks(house, _world, _senders, _monkeypatch):
    """The matcher finds nothing, and says nothing of it."""
    nothing = compile_keywords(Keywords())
    house.desk = replace(house.desk, make_matcher=lambda: nothing, words=None)


def database_breaks(house, _world, _senders, _monkeypatch):
    """Nothing can be written: a full disk, a lost mount."""
    house.db.conn.execute("PRAGMA query_only = ON")


def telegram_breaks(_house, _world, senders, _monkeypatch):
    """Telegram takes nothing."""
    senders["telegram"].broken = True


def smtp_breaks(_house, _world, senders, _monkeypatch):
    """The mail server lets nobody in."""
    senders["email"].broken = True


def worker_breaks(house, _world, _senders, monkeypatch):
    """The children die, and no new one can be started."""
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    for child in house.desk.worker._children:
        child.kill()


def clock_stands(_house, world, _senders, _monkeypatch):
    """The clock shows the same time for ever."""
    world.stands = True


def clock_jumps_ahead(_house, world, _senders, _monkeypatch):
    """The clock is set two days forward."""
    world.clock.tick(timedelta(days=2))


def clock_jumps_back(_house, world, _senders, _monkeypatch):
    """The clock is set a day back."""
    world.clock.tick(-timedelta(days=1))


BREAKS = [
    (fetch_breaks, "stops", ""),
    (sources_are_cut_off, "fails", "No source answers"),
    (parse_breaks, "fails", "fell at “parse”"),
    (match_breaks, "fails", "fell at “match”"),
    (database_breaks, "fails", ""),
    (telegram_breaks, "fails", "“main” cannot be reached"),
    (smtp_breaks, "fails", "“email” cannot be reached"),
    (worker_breaks, "fails", "fell at “parse”"),
    (clock_stands, "fails", "stands still"),
    (clock_jumps_ahead, "fails", "another time"),
    (clock_jumps_back, "fails", "another time"),
]


@pytest.mark.heavy
@pytest.mark.parametrize(("breaks", "heart", "alarm"), BREAKS, ids=lambda value: getattr(value, "__name__", ""))
async def test_each_stage_breaks_and_is_heard_of(breaks, heart, alarm, settings, world, senders, monkeypatch):
    """The watchdog hears `/fail`, or nothing any more; where it can be said, maintainers hear which stage it is."""
    async with a_daemon(settings, world, **senders) as house:
        await live(house, world, BEFORE)
        assert world.fail_pings() == []
        broken_at = world.seconds
        breaks(house, world, senders, monkeypatch)
        await live(house, world, WITHIN)
    if heart == "stops":
        assert world.well_pings(broken_at) == world.fail_pings(broken_at) == []
    else:
        assert world.fail_pings(broken_at)
        last_good = max(world.well_pings())
        assert last_good <= world.fail_pings(broken_at)[0], "once it has failed it does not beat on as if nothing was"
    if alarm:
        other = senders["telegram" if breaks is smtp_breaks else "email"]
        assert [text for text in alarms(other) if alarm in text], alarms(other)


@pytest.mark.heavy
async def test_what_is_mended_is_told_as_well(settings, world, senders):
    """After the break the pings come back, and maintainers hear that all is well."""
    async with a_daemon(settings, world, **senders) as house:
        await live(house, world, 10)
        good = house.desk
        match_breaks(house, world, senders, None)
        await live(house, world, 15)
        house.desk = good
        mended_at = world.seconds
        await live(house, world, 10)
    assert world.well_pings(mended_at)
    texts = [json.loads(message.body)["text"] for message in senders["telegram"].said]
    assert sum("monitor itself is not well" in text for text in texts) == 1
    assert sum("monitor is well again" in text for text in texts) == 1


async def test_it_beats_while_all_is_well_and_fails_at_once(settings, world, senders):
    """A ping every five minutes, one source dead all along; and not with the next one, but at once, that it is not well."""
    async with a_daemon(settings, world, **senders) as house:
        await live(house, world, 11)
        assert len(world.well_pings()) == 3
        assert world.fail_pings() == []
        database_breaks(house, world, senders, None)
        broken_at = world.seconds
        await live(house, world, 2)
    assert world.fail_pings(broken_at)[0] - broken_at <= 60


@pytest.mark.heavy
async def test_a_job_that_hangs_is_missed(settings, world, senders):
    """Whoever has not ended well for ten minutes is unwell, however busy the others are."""
    async with a_daemon(settings, world, **senders) as house:
        await live(house, world, 10)
        await live(house, world, 14, skip={"letters"})
    assert world.fail_pings()
    assert any("“letters” has not been done" in text for text in alarms(senders["telegram"]))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hc-ping.com/123", "https://hc-ping.com/123/fail"),
        ("https://hc-ping.com/123/", "https://hc-ping.com/123/fail"),
        ("https://kuma.example/api/push/k?msg=OK", "https://kuma.example/api/push/k/fail?msg=OK"),
    ],
)
def test_the_failing_address(url, expected):
    """`/fail` is put at the end of the path, before a query."""
    assert failing(url) == expected
