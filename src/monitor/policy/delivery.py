"""When may a message leave, and what follows from how it went? Pure functions over stored times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Stored times have whole seconds, rounded down: what is stored as 12:00:00 may have been 12:00:00.99. Whoever wants a
# second between two messages must see two between their stored times.
RESOLUTION = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast we speak: to one destination, and on the whole channel (`per_second`); 0 is no limit.

    Telegram's own limits are 1/s and 20/min per chat and 30/s per bot; we stay below.
    """

    gap: timedelta = timedelta(seconds=1)
    window: timedelta = timedelta(minutes=1)
    per_window: int = 18
    per_second: int = 25

    @property
    def memory(self) -> timedelta:
        """How far back attempts matter."""
        return self.window + 2 * RESOLUTION


UNPACED = Pace(gap=timedelta(0), per_window=0, per_second=0)
TELEGRAM = Pace()

# First pause after a failure, doubled each time, never longer than the last.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
# What was perhaps said is said once more after this long, so that a human sees the first copy first.
DOUBT_PAUSE = timedelta(seconds=30)
# A card is edited at most once in so long; what comes meanwhile is one edit.
EDIT_GAP = timedelta(minutes=1)
# A destination that shut its door (kicked, blocked, wrong token) keeps its queue and is tried again this often.
CLOSED_PAUSE = timedelta(hours=1)
# Telegram asked to wait but did not say how long.
UNKNOWN_HALT = timedelta(seconds=30)
# Nothing is put off for longer: a night has less than 24 hours, and that is the longest halt we grant a server. What
# lies further ahead was written by a clock that was wrong, and counts as now.
LONGEST_HOLD = timedelta(hours=25)


def free_at(spoken: Sequence[datetime], pace: Pace, now: datetime) -> datetime:
    """The earliest time the next message may leave, given when the last attempts ended (oldest first).

    Attempts count when they ended, whatever became of them: the server took each at some moment before that, so
    neither its second nor its minute is ever fuller than ours.
    """
    if not spoken or not pace.per_window:
        return now
    earliest = spoken[-1] + pace.gap + RESOLUTION
    if len(spoken) >= pace.per_window:
        earliest = max(earliest, spoken[-pace.per_window] + pace.window + RESOLUTION)
    return max(now, earliest)


def room(busy: int, pace: Pace) -> int | None:
    """How many more messages may leave at this moment on the whole channel; None is no limit.

    `busy` are the attempts under way or ended in this or the last stored second: any real second lies within two of
    them.
    """
    return max(pace.per_second - busy, 0) if pace.per_second else None


def held_until(not_before: datetime | None, now: datetime) -> datetime:
    """When a message's own pause ends; one that is too long to be true ends now."""
    if not_before is None or not_before - now > LONGEST_HOLD:
        return now
    return max(not_before, now)


def halt_until(retry_after: timedelta | None, now: datetime) -> datetime:
    """The end of a halt that a server asked for at the stored time `now`; nothing leaves before."""
    return now + (retry_after or UNKNOWN_HALT) + RESOLUTION


def pause(attempt_count: int) -> timedelta:
    """How long to wait after the nth failed attempt: 5 s, 10 s, 20 s … 15 min."""
    doublings = min(max(attempt_count - 1, 0), 16)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


# A queue is old news when its oldest message should have been said this long ago, and more than this many wait: from
# there on a reader is better served by a few summaries. With the message that found the way open again they are five.
OLD_NEWS = timedelta(hours=1)
MANY = 10
SUMMARIES = 4


def piled_up(due_since: Sequence[datetime], now: datetime) -> bool:
    """Whether a queue is summed up instead of said message by message; the times are when each could first leave."""
    return len(due_since) > MANY and now - min(due_since) > OLD_NEWS


# The words of a letter say how late it is; one worded longer ago is worded again before it leaves.
LETTER_WORDED = timedelta(hours=1)
LETTER_STALE = timedelta(hours=2)
# A letter that never got through is merged into the next one, up to so many days of news.
LETTER_MOST = timedelta(days=14)
