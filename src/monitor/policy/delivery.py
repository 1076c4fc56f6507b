"""When may a message leave, and what follows from how it went? Pure functions over stored times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a destination may be spoken to. Telegram's own limits are 1/s and 20/min per chat; we stay below."""

    gap: timedelta = timedelta(seconds=1)
    window: timedelta = timedelta(minutes=1)
    per_window: int = 18


UNPACED = Pace(gap=timedelta(0), per_window=0)
TELEGRAM = Pace()

# First pause after a failure, doubled each time, never longer than the last.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
# What was perhaps said is said once more after this long, so that a human sees the first copy first.
DOUBT_PAUSE = timedelta(seconds=30)
# A destination that shut its door (kicked, blocked, wrong token) keeps its queue and is tried again this often.
CLOSED_PAUSE = timedelta(hours=1)
# Telegram asked to wait but did not say how long.
UNKNOWN_HALT = timedelta(seconds=30)


def free_at(sent: Sequence[datetime], pace: Pace, now: datetime) -> datetime:
    """The earliest time the next message may leave, given when the last ones did (oldest first)."""
    if not sent or not pace.per_window:
        return now
    earliest = sent[-1] + pace.gap
    if len(sent) >= pace.per_window:
        earliest = max(earliest, sent[-pace.per_window] + pace.window)
    return max(now, earliest)


def pause(attempt_count: int) -> timedelta:
    """How long to wait after the nth failed attempt: 5 s, 10 s, 20 s … 15 min."""
    doublings = min(max(attempt_count - 1, 0), 16)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One letter that is owed: for which local date, about which period, and how late it is."""

    date: date
    since: datetime
    until: datetime
    late_by: timedelta


def owed(at: str, zone: str, last_until: datetime, now: datetime) -> Edition | None:
    """The letter owed to one recipient now, if any.

    `at` is the local hour ("07:30"). The period runs from `last_until`, where the last letter ended (or the house
    was opened), so that editions missed while we were away merge into one. A date has at most one letter, whatever
    the clock does; the table of letters says so again.
    """
    day = now.astimezone(ZoneInfo(zone)).date()
    if now < _due(day, at, zone):
        day -= timedelta(days=1)
    until = _due(day, at, zone)
    if last_until >= until:
        return None
    return Edition(date=day, since=last_until, until=until, late_by=now - until)


def edition_of(day: date, at: str, zone: str) -> Edition:
    """The edition of a given local date: from the day before at its hour, up to its hour."""
    since, until = _due(day - timedelta(days=1), at, zone), _due(day, at, zone)
    return Edition(date=day, since=since, until=until, late_by=timedelta(0))


def next_edition(at: str, zone: str, last_until: datetime | None, now: datetime) -> Edition:
    """The next letter as far as it is known: from where the last one ended, or the last hour passed, until now."""
    day = now.astimezone(ZoneInfo(zone)).date()
    if now >= _due(day, at, zone):
        day += timedelta(days=1)
    since = last_until or _due(day - timedelta(days=1), at, zone)
    return Edition(date=day, since=min(since, now), until=now, late_by=timedelta(0))


def _due(day: date, at: str, zone: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone)).astimezone(UTC)
