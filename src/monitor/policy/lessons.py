"""What an answer teaches: how much a feed usually brings, at which hours, and what may have passed by unseen."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.model import Entry, Feed, FeedState, Parsed
from monitor.policy.rhythm import Rhythm
from monitor.text.times import stamp, unstamp

SLOWEST, FASTEST = 1 / 720, 60.0  # items an hour: one a month, one a minute
_RATE_LOOKS_BACK = timedelta(days=3)
_FIRST_LESSON = timedelta(days=14)  # how far back the dates of a first window teach the hours of a feed
_GAPS_KEPT, _GAPS_MOST = timedelta(days=15), 20  # a letter tells of two weeks at most
# How deep a window reaches back is told by its third-oldest date: pinned items are older than their window.
_PINNED, _PINNED_IN = 2, 6
_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)


def rhythm(feed: Feed, state: FeedState, entries: Sequence[Entry], now: datetime) -> Mapping[str, Any]:
    """What new entries teach about the usual rate and the hours of a feed; without any, what was known before."""
    known = {name: state.memory[name] for name in ("rate", "new_at", "taught_at", "rhythm") if name in state.memory}
    if not entries:
        return known
    dates = [entry.published_at for entry in entries if entry.published_at]
    if "rate" not in known:
        newest = stamp(max(dates, default=now))
        hours = _first_lesson(feed, dates).as_memory()
        return {"rate": _rate_of_window(entries), "new_at": newest, "taught_at": newest, "rhythm": hours}
    new_at = min(unstamp(known["new_at"]), now)
    taught_at = min(unstamp(known.get("taught_at", known["new_at"])), now)
    since = max(now - taught_at, timedelta(minutes=1))
    weight = 1 - math.exp(-since / _RATE_LOOKS_BACK)
    rate = known["rate"] + weight * (len(entries) / (since / _HOUR) - known["rate"])
    arrivals = [date if date and new_at < date < now else now for date in (entry.published_at for entry in entries)]
    before = Rhythm.of(known) or Rhythm()
    return {
        "rate": round(min(max(rate, SLOWEST), FASTEST), 5),
        "new_at": stamp(max(arrivals)),
        "taught_at": stamp(now),
        "rhythm": before.learned(arrivals, taught_at, now, feed.time_zone, silent_since=new_at).as_memory(),
    }


def _first_lesson(feed: Feed, dates: Sequence[datetime]) -> Rhythm:
    """The hours of a feed as far as the dates of its first window tell them."""
    newest = max(dates, default=None)
    if newest is None or newest == min(dates):
        return Rhythm()
    lately = [date for date in dates if newest - date <= _FIRST_LESSON]
    return Rhythm().learned(lately, min(lately) - _SECOND, newest + _SECOND, feed.time_zone)


def gap(state: FeedState, parsed: Parsed, now: datetime) -> tuple[datetime, datetime] | None:
    """The stretch that may have passed by unseen, when a window shares no id with the one before it.

    It begins with the last good poll and ends where the new window begins, as far as its dates tell. A window that
    reaches back before that poll hides nothing: only the ids are others.
    """
    if not parsed.memory.get("gap") or state.good_at is None:
        return None
    dates = sorted(entry.published_at for entry in parsed.entries if entry.published_at)
    if not dates:
        return state.good_at, now
    reach = dates[_PINNED] if len(dates) >= _PINNED_IN else dates[0]
    return (state.good_at, min(reach, now)) if reach > state.good_at else None


def gaps(state: FeedState, latest: tuple[datetime, datetime] | None, now: datetime) -> list[list[str]]:
    """All the gaps of the last two weeks."""
    kept = [pair for pair in state.memory.get("gaps", ()) if now - unstamp(pair[1]) <= _GAPS_KEPT]
    return [*kept, *([[stamp(latest[0]), stamp(latest[1])]] if latest else [])][-_GAPS_MOST:]


def _rate_of_window(entries: Sequence[Entry]) -> float:
    """Items an hour as the dates of a first window tell it; one an hour when they tell nothing."""
    dates = sorted(entry.published_at for entry in entries if entry.published_at)
    span = (dates[-1] - dates[0]) / _HOUR if dates else 0.0
    return round(min(max((len(dates) - 1) / span, SLOWEST), FASTEST), 5) if span else 1.0
