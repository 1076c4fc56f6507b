"""The heartbeat: a watchdog elsewhere hears that all is well, or at once that it is not; maintainers hear what is wrong.

The watchdog's address is fetched every five minutes while the house and its canary are well, whatever single sources do,
and its `/fail` at once when they are not. When nothing can be fetched, it hears nothing, and that is its alarm.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import structlog

from monitor import outbox
from monitor.app import care, roads
from monitor.app.house import House
from monitor.deliver import doors
from monitor.errors import FetchError
from monitor.history.standing import PULSE
from monitor.model import Ailment, Cause, Organ, Request, Road
from monitor.outbox import Place
from monitor.policy import causes
from monitor.policy.pulse import CYCLE_PATIENCE, Signs, agreed_skew, ailments
from monitor.render import unwell
from monitor.schema import transaction
from monitor.store import facts
from monitor.store import feeds as feed_store

log = structlog.get_logger("monitor.app")

BEAT = 300.0  # seconds between two pings while nothing changes
TOLD_AFTER = timedelta(minutes=2)  # what mends itself meanwhile is told to nobody; the watchdog has heard
MISSED_ROUNDS = 2


async def beat(house: House) -> list[Ailment]:
    """Feel the pulse, tell the watchdog and the maintainers; returns what is wrong."""
    now = house.clock()
    database = _write(house, now)
    wrong = ailments(_signs(house, now, database))
    await _ping(house, well=not wrong)
    if not database:
        _tell(house, wrong)
    return wrong


def _write(house: House, now: datetime) -> str:
    """Whether the database takes anything: empty, or what it says."""
    try:
        with transaction(house.db) as db:
            facts.remember(db, "alive", "", now)
    except sqlite3.Error as error:
        log.exception("the database takes nothing")
        return str(error)
    return ""


def _signs(house: House, now: datetime, database: str) -> Signs:
    """All that the house knows of itself; without the database, what it knows without it."""
    vitals = house.vitals
    feeds = [feed for feed in house.desk.feeds if feed.enabled]
    fastest = min((feed.every_max for feed in feeds), default=timedelta(0))
    return Signs(
        good_ago=vitals.since(vitals.read_well) if feeds else timedelta(0),
        cycle_patience=max(CYCLE_PATIENCE, MISSED_ROUNDS * fastest),
        network_down=not database and _is_offline(house, now),
        flight=vitals.flight,
        flown_ago=vitals.since(vitals.flown),
        database=database,
        stands_for=vitals.stands_for(now),
        skew=agreed_skew(house.desk.witnesses.lately(now)),
        jobs=vitals.jobs(),
        roads=() if database else _roads(house, now),
    )


def _is_offline(house: House, now: datetime) -> bool:
    found = causes.troubles(house.desk.feeds, feed_store.states(house.db), now)
    return any(one.cause is Cause.NETWORK for one in found)


def _roads(house: House, now: datetime) -> list[Road]:
    """How each road was found when it was tried, and for how long messages have not got through."""
    found = [house.vitals.road(place, roads.name_of(house, place)) for place in house.vitals.tried]
    places = [place for place in house.dispatch.addresses if place[0] in house.dispatch.senders]
    since = {place: doors.failing_since(house.db, place) for place in places if outbox.load(house.db, place)}
    mailboxes = [place for place in places if place[0] == "email"]
    for place in places:
        began = since.get(place)
        # One mailbox that takes nothing is its owner's affair; all that are written to are the mail server's.
        if began and (place[0] != "email" or all(since[one] for one in mailboxes if one in since)):
            found.append(
                Road(name=roads.name_of(house, place), failing_for=now - began, why="messages do not get through")
            )
    return found


# ── the watchdog ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _ping(house: House, *, well: bool) -> None:
    """Fetch the address when it is time, and at once when something has changed for the worse."""
    vitals, url = house.vitals, house.settings.heartbeat_url
    worse = vitals.was_well and not well
    vitals.was_well = well
    if not url or not (worse or vitals.pinged is None or vitals.stopwatch() - vitals.pinged >= BEAT):
        return
    vitals.pinged = vitals.stopwatch()
    try:
        answer = await house.desk.fetcher.get(Request(url=url if well else failing(url)))
        house.desk.witnesses.note(answer)
    except FetchError as error:
        log.warning("the heartbeat was not heard", kind=error.kind, well=well)


def failing(url: str) -> str:
    """The address that says "not well": the same with `/fail` at the end of its path."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


# ── the maintainers ──────────────────────────────────────────────────────────────────────────────────────────────


def _tell(house: House, wrong: Sequence[Ailment]) -> None:
    """Tell what has been wrong for two minutes, once, and when all is well again; keep it for `monitor status`."""
    vitals, now = house.vitals, house.clock()
    present = {one.key: one for one in wrong}
    vitals.unwell_since = {key: vitals.unwell_since.get(key, vitals.stopwatch()) for key in present}
    lasting = [one for key, one in present.items() if vitals.since(vitals.unwell_since[key]) >= TOLD_AFTER]
    told = set(json.loads(facts.recall(house.db, PULSE) or "{}").get("told", []))
    # That nobody answers is told among the sources, as what it means for them.
    new = [one for one in lasting if one.key not in told and one.organ is not Organ.NETWORK]
    lang = house.settings.languages[0]
    for one in new:
        house.tell_maintainers(unwell.wrong(one, lang), f"unwell {one.key} {now:%Y-%m-%dT%H:%M}", _whom(house, one))
    if told and not present:
        house.tell_maintainers(unwell.well(lang), f"well {now:%Y-%m-%dT%H:%M}")
    kept = {
        "wrong": [[one.organ.value, one.what, one.why] for one in wrong],
        "told": sorted(told & present.keys() | {one.key for one in new}),
    }
    with transaction(house.db) as db:
        facts.remember(db, PULSE, json.dumps(kept, ensure_ascii=False), now)


def _whom(house: House, one: Ailment) -> tuple[Place, ...]:
    """Everybody who looks after the house; of a road that is closed, those at the end of another."""
    if one.organ is not Organ.ROAD:
        return house.recipients.admins
    closed = [place for place in house.dispatch.addresses if roads.name_of(house, place) == one.what]
    return care.other_ways(house.recipients, closed[0]) if closed else house.recipients.admins
