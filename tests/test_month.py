"""A month of a hundred sources with one fault in twenty: nothing is lost, the coverage is true, memory stays what it was."""

import gc
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import structlog

from killing import Chance
from monitor.app import jobs
from monitor.policy.health import coverage
from monitor.store import feeds as feed_store
from newsdesk import posting_settings
from timetable import World, a_daemon
from walking import OnTheWire, rss

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOURCES, DAYS, SHOWN, FAULTS = 100, 30, 25, 0.05
STOPPED = (12 * 24, 12 * 24 + 7)  # hours of the month in which the daemon does not run
NAMES = ["Алмаз", "Береке", "Восток", "Гранит", "Достык", "Енбек", "Жалын", "Зенит", "Искра", "Казбек"]


@dataclass
class Source:
    """One outlet: what it publishes in the month, and how its last request ended."""

    host: str
    chance: Chance
    items: list[tuple[datetime, str]] = field(default_factory=list)
    good_at: datetime | None = None
    is_good: bool = False
    asked_at: datetime | None = None

    def publish(self, number: int, began: datetime) -> None:
        """Two or three items a day, every fifth a strike of its own."""
        at, count = began - 3 * DAY, 0
        while at < began + DAYS * DAY:
            at += timedelta(minutes=200 + self.chance.below(800))
            count += 1
            firm = f"{NAMES[count % 10]}-{number}-{count}"
            title = (
                f"На заводе «{firm}» началась забастовка"
                if count % 5 == 0
                else f"Погода номер {count} в районе {number}"
            )
            self.items.append((at.replace(microsecond=0), title))

    def document(self, now: datetime) -> bytes:
        """Its newest items, the newest first."""
        shown = [item for item in self.items if item[0] <= now][-SHOWN:]
        url = f"https://{self.host}"
        dated = [{"title": title, "when": at, "link": f"{url}/{at:%m%d%H%M}"} for at, title in reversed(shown)]
        return rss(url, *dated)


class Month(World):
    """The press of the month; one request in twenty goes wrong, in one of eight ways."""

    def __init__(self, clock):
        super().__init__(clock)
        self.sources = {}
        for number in range(SOURCES):
            source = Source(host=f"source{number}.kz", chance=Chance(f"month {number}"))
            source.publish(number, clock())
            self.sources[source.host] = source

    def __call__(self, request):
        """Answer, or go wrong; either is remembered as the truth about this source."""
        source = self.sources[request.url.host]
        source.asked_at = self.clock()
        if source.chance.below(1) < FAULTS:
            source.is_good = False
            return self._fault(source)
        source.is_good, source.good_at = True, self.clock()
        self.bodies[str(request.url)] = source.document(self.clock())
        return super(World, self).__call__(request)

    def _fault(self, source):
        kind = int(source.chance.below(8))
        if kind == 0:
            raise httpx.ConnectError("refused")
        if kind == 1:
            raise httpx.ReadTimeout("slow")
        if kind == 2:
            raise httpx.RemoteProtocolError("nonsense")
        body = [b"", b"<html><title>Just a moment...</title></html>", b"<html>parked</html>"]
        status = {3: 500, 4: 404, 5: 403}.get(kind, 200)
        return httpx.Response(status, stream=OnTheWire(body[kind % 3]), headers={"content-type": "text/html"})


def check_coverage(house, world):
    """What we claim to see is what the press knows: who answered last, since when the others did not, and why not."""
    now = house.clock()
    seen = coverage(house.desk.feeds, feed_store.states(house.db), now)
    fresh = {host for host, one in world.sources.items() if one.asked_at and now - one.asked_at <= 18 * HOUR}
    reading = {host for host in fresh if world.sources[host].is_good}
    assert seen.watched_count == SOURCES
    assert seen.read_count == len(reading)
    assert {name for name, _, _ in seen.blind} == world.sources.keys() - reading
    for name, since, why in seen.blind:
        if why not in ("not polled", "not polled yet"):
            assert since == (world.sources[name].good_at or since)


def resident() -> int:
    """Megabytes that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 // 1_000_000


class Sink:
    """A channel that takes everything."""

    async def send(self, _message, _recipient, *, repeat):
        """Taken."""
        del repeat
        return "1"

    async def probe(self, _recipient):
        """Open."""


@pytest.fixture(autouse=True)
def silence():
    """Thousands of faults need no line each."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.mark.heavy
async def test_a_month_of_a_hundred_sources(tmp_path, clock):
    """Thirty days, hour by hour, a stop of seven hours among them."""
    world = Month(clock)
    feeds = [
        {
            "id": host.replace(".", "-"),
            "title": host,
            "url": f"https://{host}/rss",
            "lang": "ru",
            "every": {"min": "1h", "max": "6h"},
        }
        for host in world.sources
    ]
    settings = posting_settings(tmp_path, feeds=feeds, readers="a@example.org")
    weight = {}
    for hours in (range(STOPPED[0]), range(STOPPED[1], DAYS * 24)):
        world.tick((world.began + hours.start * HOUR - world.clock()).total_seconds())
        async with a_daemon(settings, world, telegram=Sink(), email=Sink()) as house:
            for hour in hours:
                target = world.began + (hour + 1) * HOUR
                for _ in range(3):
                    await jobs.ingest(house)
                    world.tick(max((target - world.clock()).total_seconds() // 3, 0))
                check_coverage(house, world)
                for job in (jobs.look_round, jobs.write_letters, jobs.deliver):
                    await job(house)
                if hour % 24 == 0:
                    world.asked.clear()  # what the test remembers is none of the house's memory
                    weight[hour // 24] = resident()
            if hours.start:
                nothing_is_lost(house, world)
    assert weight[29] - weight[9] <= 10, weight


def nothing_is_lost(house, world):
    """Every strike that was there to be read is in the archive, judged, and said where it was judged so."""
    until = house.clock() - 12 * HOUR
    due = {
        title
        for one in world.sources.values()
        for at, title in one.items
        if "забастовка" in title and world.began <= at <= until
    }
    kept = dict(
        house.db.execute(
            "SELECT a.title, max(v.say) FROM articles a JOIN verdicts v ON v.article_id = a.id GROUP BY a.title"
        ).fetchall()
    )
    assert len(due) > 1000
    assert due - kept.keys() == set()
    said = {row[0] for row in house.db.execute("SELECT ref FROM messages WHERE ref <> ''")}
    told = {
        row[0]
        for row in house.db.execute("SELECT s.ref FROM verdicts v JOIN stories s ON s.id = v.story_id WHERE v.say")
    }
    assert told - said == set()
    wide = house.db.execute("SELECT count(*) FROM messages WHERE subject LIKE 'notice:trouble%'").fetchone()
    assert wide == (0,), "faults of single sources are no outage"
