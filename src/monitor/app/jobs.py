"""The timetable: what the house does again and again, as data. What is due lives in the database, not here."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from monitor.app.canary import fly
from monitor.app.heart import beat
from monitor.app.house import REFUSED, House, refuse
from monitor.app.roads import try_roads
from monitor.app.watch import watch
from monitor.config.files import load
from monitor.config.lastgood import fingerprint_of, keep
from monitor.deliver import dispatch, editions
from monitor.errors import ConfigError
from monitor.history.standing import CANARY
from monitor.ingest import poll
from monitor.render import notices
from monitor.schema import transaction
from monitor.store import articles, facts, likenesses

log = structlog.get_logger("monitor.app")

# Articles without a hit keep their text this long; what matched is kept for good.
TEXT_KEPT = timedelta(days=90)
LAST_FILES = "configuration read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One row of the timetable: every so many seconds, at most `at_once` of it, each within its deadline."""

    name: str
    every: float
    deadline: float
    do: Callable[[House], Awaitable[None]]
    at_once: int = 1


async def ingest(house: House) -> None:
    """Ask the feeds that are due; a slow one does not keep the next round waiting."""
    report = await poll.cycle(house.desk)
    if report.feeds and len(report.failed) < len(report.feeds):
        house.vitals.read_well = house.vitals.stopwatch()


async def deliver(house: House) -> None:
    """Send what may leave now."""
    await dispatch.drain(house.dispatch)


async def write_letters(house: House) -> None:
    """Queue the letters that are owed."""
    editions.issue(house.library, house.recipients.readers, house.clock())


async def reload(house: House) -> None:
    """Put changed files in force, or refuse them whole and keep what runs; either way, say so once."""
    seen = fingerprint_of(house.settings.config_dir)
    if seen == facts.recall(house.db, LAST_FILES):
        return
    first_look = facts.recall(house.db, LAST_FILES) is None
    with transaction(house.db) as db:
        facts.remember(db, LAST_FILES, seen, house.clock())
    if first_look:
        return
    try:
        configuration = load(house.settings.config_dir, house.settings)
    except ConfigError as error:
        refuse(house, error)
        return
    house.furnish(configuration)
    keep(house.settings.config_dir, house.settings.data_dir, seen)
    house.refused = ()
    with transaction(house.db) as db:
        facts.forget(db, REFUSED)
    feeds = sum(feed.enabled for feed in configuration.feeds)
    notice = notices.config_reloaded(feeds, len(configuration.keywords.topics), house.settings.languages[0])
    house.tell_maintainers(notice, f"reloaded {seen[:16]} {house.clock():%Y-%m-%dT%H:%M:%S}")


async def look_round(house: House) -> None:
    """Tell maintainers what is new about the sources."""
    watch(house)


async def canary(house: House) -> None:
    """Send the canary round, and remember how that went for `monitor status`."""
    flight = await fly(house)
    house.vitals.flight, house.vitals.flown = flight, house.vitals.stopwatch()
    if not flight.arrived:
        log.error("the canary fell", stage=flight.stage, why=flight.why)
    with transaction(house.db) as db:
        facts.remember(db, CANARY, json.dumps({"stage": flight.stage, "why": flight.why}), flight.at)


async def probe(house: House) -> None:
    """Try whether everybody can be told."""
    await try_roads(house)


async def heartbeat(house: House) -> None:
    """Feel the pulse; tell a watchdog elsewhere, and the maintainers what is wrong."""
    await beat(house)


async def prune(house: House) -> None:
    """Forget the text of old articles that never matched, and by what old ones were recognised, a thousand at a time."""
    with transaction(house.db) as db:
        count = articles.prune(db, house.clock() - TEXT_KEPT)
        likenesses.prune(db, house.clock())
    if count:
        log.info("old texts dropped", count=count)


JOBS = (
    Job(name="ingest", every=5, deadline=900, do=ingest, at_once=50),  # each waits for its own slow feeds only
    Job(name="deliver", every=1, deadline=120, do=deliver),
    Job(name="letters", every=20, deadline=60, do=write_letters),
    Job(name="reload", every=10, deadline=30, do=reload),
    Job(name="watch", every=60, deadline=60, do=look_round),
    Job(name="canary", every=300, deadline=120, do=canary),
    Job(name="roads", every=60, deadline=120, do=probe),
    Job(name="heartbeat", every=30, deadline=60, do=heartbeat),
    Job(name="prune", every=600, deadline=60, do=prune),
)
