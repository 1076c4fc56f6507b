"""What we remember of the door of a destination: halts, closed doors, and since when nothing gets through.

All of it lies in `facts` and survives a restart. A halt is the whole channel's; a closed or failing door is that of
one destination.
"""

from datetime import datetime

from sqlite_utils import Database

from monitor.outbox import Place
from monitor.outbox.revive import hasten
from monitor.policy.delivery import CLOSED_PAUSE, held_until
from monitor.store import facts
from monitor.text.times import stamp, unstamp

HALT, CLOSED, FAILING = "halt", "closed", "failing"


def halt(db: Database, channel: str, until: datetime, now: datetime) -> None:
    """The channel's server asked everybody to wait; a shorter halt does not end a longer one."""
    longest = max(until, halted_until(db, channel, now))
    facts.remember(db, f"{HALT} {channel}", stamp(longest), now)


def halted_until(db: Database, channel: str, now: datetime) -> datetime:
    """The end of the channel's halt; `now` when there is none."""
    return _until(db, f"{HALT} {channel}", now)


def close(db: Database, place: Place, now: datetime) -> None:
    """A destination shut its door: nobody knocks for a while, however urgent."""
    facts.remember(db, _name(CLOSED, place), stamp(now + CLOSED_PAUSE), now)


def closed_until(db: Database, place: Place, now: datetime) -> datetime:
    """When to knock again; `now` when the door is not known to be shut."""
    return _until(db, _name(CLOSED, place), now)


def fail(db: Database, place: Place, now: datetime) -> None:
    """Something did not get through; the first time counts."""
    if facts.recall(db, _name(FAILING, place)) is None:
        facts.remember(db, _name(FAILING, place), "", now)


def failing_since(db: Database, place: Place) -> datetime | None:
    """Since when nothing got through; None when the last message did."""
    return facts.recalled_at(db, _name(FAILING, place))


def succeed(db: Database, place: Place) -> tuple[bool, bool]:
    """Something got through. Returns whether nothing did before, and whether the door was shut."""
    failed = failing_since(db, place) is not None
    shut = failed and facts.recall(db, _name(CLOSED, place)) is not None
    if failed:
        facts.forget(db, _name(FAILING, place))
        facts.forget(db, _name(CLOSED, place))
    return failed, shut


def shut(db: Database) -> list[Place]:
    """The destinations that shut their doors and have taken nothing since."""
    return [(channel, key) for _, channel, key in map(str.split, facts.named(db, f"{CLOSED} "))]


def knock(db: Database, place: Place) -> None:
    """Try a shut door at the next occasion: a person says that it is open again, or mended what we knock with."""
    facts.forget(db, _name(CLOSED, place))
    hasten(db, place)


def _name(kind: str, place: Place) -> str:
    return f"{kind} {place[0]} {place[1]}"


def _until(db: Database, name: str, now: datetime) -> datetime:
    kept = facts.recall(db, name)
    return held_until(unstamp(kept) if kept else None, now)
