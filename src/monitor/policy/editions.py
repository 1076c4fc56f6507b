"""Which letter is owed, to whom, about which period? Pure functions over local hours and stored times."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One letter that is owed: for which local date, about which period, and how late it is."""

    date: date
    since: datetime
    until: datetime
    late_by: timedelta

    @classmethod
    def of(cls, day: str, since: datetime, until: datetime, now: datetime) -> Self:
        """The edition of an ISO date about a period, as late as it is now; one looked at before its end is not late."""
        return cls(date=date.fromisoformat(day), since=since, until=until, late_by=max(now - until, timedelta(0)))


def date_of_letter(moment: datetime, until: datetime, zone: str) -> date:
    """The local date of the daily letter that tells of a moment, when letters end at the hour of `until`."""
    local, hour = moment.astimezone(ZoneInfo(zone)), until.astimezone(ZoneInfo(zone)).time()
    return local.date() + timedelta(days=int(local.time() >= hour))


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
