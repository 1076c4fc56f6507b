"""The night: from when to when only the gravest news makes a sound."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.model import Quiet

DAY = timedelta(days=1)


def night_until(quiet: Quiet, now: datetime) -> datetime | None:
    """When the night ends that `now` lies in, in UTC; None by day, and where there is no night (`start == end`)."""
    if quiet.start == quiet.end:
        return None
    zone = ZoneInfo(quiet.time_zone)
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    today = now.astimezone(zone).date()
    for evening in (today - DAY, today):
        morning = evening if start < end else evening + DAY
        begins, ends = (
            datetime.combine(*moment, zone).astimezone(UTC) for moment in ((evening, start), (morning, end))
        )
        if begins <= now < ends:
            return ends
    return None


def day_of(quiet: Quiet, now: datetime) -> tuple[datetime, datetime]:
    """The local day that `now` lies in, from midnight to midnight, in UTC; budgets are per day."""
    zone = ZoneInfo(quiet.time_zone)
    today = now.astimezone(zone).date()
    begins, ends = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (today, today + DAY))
    return begins, ends
