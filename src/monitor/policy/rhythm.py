"""A feed's own rhythm: what it usually brings at each hour, and so how many items a silence has cost by now.

A night is no silence where nights are always calm, and ten minutes are one where an item comes every minute. So a
silence is measured in items that should have come, by the feed's own hours: 24 of a workday and 24 of a weekend day,
in its own time zone. Hours that were never watched promise nothing, so the first weekend of a new feed raises no
alarm. What is learned fades with a half-life of four weeks.

`FeedState.memory["rhythm"]` holds `items` and `hours` (48 numbers each: how much came, how long was watched) and
`longest`, the longest ordinary silence of late, in missed items.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
_HOURS_A_DAY = 24
_SLOTS = 2 * _HOURS_A_DAY  # workdays, then weekend days
_SATURDAY, _DAYS_A_WEEK = 5, 7
_MOMENT = timedelta(seconds=1)
_HALF_LIFE = timedelta(weeks=4)
_LONGEST_LESSON = timedelta(weeks=8)  # further back than that, nothing would remain anyway
_ENOUGH_HOURS, _ENOUGH_ITEMS = 160.0, 4.0  # a week and four items, before a feed's rhythm is believed
_DOUBT = 4.0  # items that are held against what so few items promise
# A silence is remarkable when it is longer than any of late by half, but not for less than seven missed items (rain
# pauses, too), and at the latest before ten: items that fall like rain pause so long once in 10,000 times.
_MARGIN, _LEAST, _MOST = 1.5, 7.8, 9.2
_DIGITS = 5  # what fades in a minute must not be rounded away
_SOON = timedelta(days=3)  # how far ahead `remarkable_at` looks; polls come sooner than that


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a feed usually brings; immutable, learned anew with each arrival."""

    items: tuple[float, ...] = (0.0,) * _SLOTS
    hours: tuple[float, ...] = (0.0,) * _SLOTS
    longest: float = 0.0

    @classmethod
    def of(cls, memory: Mapping[str, Any]) -> "Rhythm | None":
        """The rhythm that a feed's memory holds; None when there is none, or another version's."""
        kept = memory.get("rhythm")
        if not isinstance(kept, Mapping):
            return None
        try:
            found = cls(items=tuple(kept["items"]), hours=tuple(kept["hours"]), longest=float(kept["longest"]))
        except (KeyError, TypeError, ValueError):
            return None
        return found if len(found.items) == len(found.hours) == _SLOTS else None

    def as_memory(self) -> dict[str, Any]:
        """The same as small JSON."""
        return {
            "items": [round(number, _DIGITS) for number in self.items],
            "hours": [round(number, _DIGITS) for number in self.hours],
            "longest": round(self.longest, _DIGITS),
        }

    @property
    def is_known(self) -> bool:
        """Whether enough was seen to call a silence by its name."""
        return sum(self.hours) >= _ENOUGH_HOURS and sum(self.items) >= _ENOUGH_ITEMS

    @property
    def usual_gap(self) -> timedelta | None:
        """The usual time between two items, nights and all; None while too few were seen."""
        if sum(self.items) < _ENOUGH_ITEMS or not any(self.hours):
            return None
        return HOUR * (sum(self.hours) / sum(self.items))

    @property
    def limit(self) -> float:
        """How many missed items make a silence remarkable."""
        return min(max(_MARGIN * self.longest, _LEAST), _MOST)

    def missed(self, since: datetime, until: datetime, time_zone: str) -> float:
        """How many items should have come between two moments."""
        begins, ends = (moment.astimezone(_zone(time_zone)) for moment in (since, until))
        if until <= since:
            return 0.0
        if begins.utcoffset() != ends.utcoffset() and until - since < WEEK:  # the clocks change on the way
            return self._trust() * sum(self._rate(slot) * share for slot, share in _slots(since, until, time_zone))
        return self._trust() * self._brings(_hours_since_monday(begins), (until - since) / HOUR)

    def _brings(self, start: float, length: float) -> float:
        """Items in so many hours from an hour of the week on. Asked for at every poll, and so by sums of the week."""
        workday, weekend = ([self._rate(day + hour) for hour in range(_HOURS_A_DAY)] for day in (0, _HOURS_A_DAY))
        week = workday * _SATURDAY + weekend * (_DAYS_A_WEEK - _SATURDAY)
        until = [0.0, *accumulate(week)]

        def since_monday(hours: float) -> float:
            weeks, hour = divmod(hours, len(week))
            return weeks * until[-1] + until[int(hour)] + (hour - int(hour)) * week[int(hour)]

        return since_monday(start + length) - since_monday(start)

    def remarkable_at(self, since: datetime, now: datetime, time_zone: str) -> datetime | None:
        """When a silence that began at `since` becomes remarkable, if that is soon; None when it already is, or later."""
        if not self.is_known:
            return None
        left = self.limit - self.missed(since, now, time_zone)
        if left <= 0:
            return None
        at = now
        for slot, share in _slots(now, now + _SOON, time_zone):
            brings = self._trust() * self._rate(slot) * share
            if brings >= left:
                return at + HOUR * (share * left / brings)
            left -= brings
            at += HOUR * share
        return None

    def learned(
        self,
        arrivals: Sequence[datetime],
        since: datetime,
        until: datetime,
        time_zone: str,
        *,
        silent_since: datetime | None = None,
    ) -> "Rhythm":
        """The rhythm after items came that were published at `arrivals`, and nothing else between the two moments.

        `silent_since` is when the last item before them was published, where that was not at `since`.
        """
        since = max(since, until - _LONGEST_LESSON)
        fade = 0.5 ** ((until - since) / _HALF_LIFE)
        pause = self.missed(silent_since or since, min(arrivals), time_zone) if self.is_known else 0.0
        longest = max(self.longest * fade, pause)
        items, hours = [number * fade for number in self.items], [number * fade for number in self.hours]
        for slot, share in _slots(since, until, time_zone):
            hours[slot] += share
        for moment in arrivals:
            items[_slot(min(moment, until), time_zone)] += 1
        return replace(self, items=tuple(items), hours=tuple(hours), longest=longest)

    def _rate(self, slot: int) -> float:
        """Items an hour; an hour that was never watched promises nothing."""
        return self.items[slot] / self.hours[slot] if self.hours[slot] > 0 else 0.0

    def _trust(self) -> float:
        """How much of a promise is believed, 0 to 1: the more items it was learned from, the more."""
        known = sum(self.items)
        return known / (known + _DOUBT)


def _hours_since_monday(local: datetime) -> float:
    return (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) / HOUR + _HOURS_A_DAY * local.weekday()


def _slots(since: datetime, until: datetime, time_zone: str) -> Iterator[tuple[int, float]]:
    """The hours of the day that lie between two moments, each with how much of it does (0 to 1)."""
    begins, ends = (moment.astimezone(_zone(time_zone)) for moment in (since, until))
    if begins.utcoffset() == ends.utcoffset():
        yield from _hours(begins, (until - since) / HOUR)
        return
    middle = since + (until - since) / 2  # the clocks change on the way: in ever smaller pieces up to that moment
    if until - since <= _MOMENT:
        yield _slot(since, time_zone), (until - since) / HOUR
        return
    yield from _slots(since, middle, time_zone)
    yield from _slots(middle, until, time_zone)


def _hours(local: datetime, length: float) -> Iterator[tuple[int, float]]:
    """The same for so many hours from a local time on, while no clock changes; asked for at every poll of every feed."""
    hour, day = local.hour, local.weekday()
    share = min(1 - (local - local.replace(minute=0, second=0, microsecond=0)) / HOUR, length)
    while length > 0:
        yield hour + (_HOURS_A_DAY if day >= _SATURDAY else 0), share
        length -= share
        share = min(1.0, length)
        hour += 1
        if hour == _HOURS_A_DAY:
            hour, day = 0, (day + 1) % _DAYS_A_WEEK


def _slot(moment: datetime, time_zone: str) -> int:
    local = moment.astimezone(_zone(time_zone))
    return local.hour + (_HOURS_A_DAY if local.weekday() >= _SATURDAY else 0)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
