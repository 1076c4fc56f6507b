"""How is a feed, and how much do we see? Judged from each feed's own history; a silence is never taken for calm."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.model import Coverage, Feed, FeedState, Health, Standing
from monitor.policy.identity import is_quarantined
from monitor.policy.rhythm import Rhythm
from monitor.text.times import unstamp

# Errors that say: something else stands where the news should be, or it is kept from us.
WALLS = frozenset(
    {"blocked", "not-a-feed", "not-a-page", "not-a-sitemap", "other-outlet", "robots", "preview-off", "script-only"}
)
# Nothing of what such a feed publishes reaches readers.
BLIND = frozenset({Health.BLOCKED, Health.FAILING, Health.QUARANTINED, Health.EMPTIED, Health.GARBLED})
SILENT = frozenset({Health.QUIET, Health.STALE})
STATE_VOICES = frozenset({Standing.STATE, Standing.OFFICIAL})
NOT_POLLED, NEVER_POLLED = "not polled", "not polled yet"
# Of a feed whose rhythm is not known yet:
_UNKNOWN = timedelta(days=9)  # the usual gap of a feed of which nothing is known: it is stale after a season
_NEVER = timedelta(days=3650)
_CALM = frozenset({"page"})  # kinds of source that are watched because they change once in years
_QUIET_GAPS = 10  # silent for this many of its usual gaps, it is quiet …
_LEAST_QUIET = timedelta(hours=36)  # … but nobody publishes at night, and few on a Sunday
STALE_AFTER = timedelta(days=30)  # what is quiet for a month is probably forgotten by its makers
_MISSED_ROUNDS = 3  # polls that should have happened since the last one, before a good state is no longer believed
_LEAST_PATIENCE = timedelta(hours=1)
_MOVED_SIGHTINGS = 3
_LATELY = timedelta(days=1)  # how far back gaps are told of, where nobody asks for another period


def health(feed: Feed, state: FeedState, now: datetime) -> Health:
    """How one feed is, by its last answer first and by its silence last."""
    if state.polled_at is None:
        return Health.NEW
    if state.failure_count:
        return Health.BLOCKED if state.last_error_kind in WALLS else Health.FAILING
    memory = state.memory
    moved = "address" not in memory and (memory.get("moved") or {}).get("count", 0) >= _MOVED_SIGHTINGS
    signs = (
        (is_quarantined(state), Health.QUARANTINED),
        (memory.get("count") == 0 and "rate" in memory, Health.EMPTIED),
        (memory.get("garbled"), Health.GARBLED),
        (memory.get("gap"), Health.GAP),
        (moved, Health.MOVED),
    )
    return next((found for holds, found in signs if holds), None) or _by_silence(feed, state, now)


def _by_silence(feed: Feed, state: FeedState, now: datetime) -> Health:
    """Whether the feed has been silent for longer than it usually is, as far as its polls can tell."""
    silent_since = last_arrival(state)
    rhythm = Rhythm.of(state.memory)
    if silent_since is None:
        return Health.OK
    if rhythm is None or not rhythm.is_known:
        return _by_gaps(feed, now - silent_since, _usual_gap(feed, state, rhythm))
    looked_at = min(state.good_at or now, now)  # what came out since then, nobody has seen yet
    if rhythm.missed(silent_since, looked_at, feed.time_zone) < rhythm.limit:
        return Health.OK
    return Health.STALE if now - silent_since > STALE_AFTER else Health.QUIET


def _by_gaps(feed: Feed, silent: timedelta, usual: timedelta) -> Health:
    """The same before the feed's hours are known: by its usual gap alone, and never within a night and a Sunday."""
    remarkable = usual * _QUIET_GAPS
    if silent > max(STALE_AFTER, remarkable):
        return Health.STALE
    return Health.QUIET if silent > max(_LEAST_QUIET, feed.every_max * _MISSED_ROUNDS, remarkable) else Health.OK


def _usual_gap(feed: Feed, state: FeedState, rhythm: Rhythm | None) -> timedelta:
    """The time between two items, as far as few items tell it."""
    rate = state.memory.get("rate")
    by_rate = timedelta(hours=1 / rate) if isinstance(rate, float) and rate > 0 else _NEVER
    if rhythm is None:
        return by_rate
    if rhythm.usual_gap is not None:
        return rhythm.usual_gap
    if any(rhythm.hours):  # two or three items: as if one had come in all the time
        return max(by_rate, timedelta(hours=sum(rhythm.hours)))
    return _NEVER if feed.kind in _CALM else _UNKNOWN  # nothing since the first reading, and that told no dates


def last_arrival(state: FeedState) -> datetime | None:
    """When the last new item was published, as far as we know; None when none ever came."""
    kept = state.memory.get("new_at")
    return unstamp(kept) if isinstance(kept, str) else None


def ill_since(state: FeedState, found: Health) -> datetime | None:
    """Since when a feed has been as it is: its last good sight before that; of a silent one, its last item."""
    if found in SILENT:
        return last_arrival(state)
    kept = state.memory.get("since")
    if isinstance(kept, Mapping) and kept.get("health") == found.value:
        return unstamp(kept["at"])
    return state.good_at or state.failing_since


def coverage(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], now: datetime, *, since: datetime | None = None
) -> Coverage:
    """How much we see at this moment: of the enabled feeds, those whose last poll was good and is not long ago.

    Disabled feeds are known and not watched. `gaps` are the stretches since `since` (without it, of the last day) that
    a feed may have hidden; what was missed while a feed failed, and stood in it when it came back, is no gap. Who has
    been silent for a month is no news for readers.
    """
    watched = [feed for feed in feeds if feed.enabled]
    blind, quiet, gaps = [], [], []
    for feed in watched:
        state = states.get(feed.id) or FeedState(feed_id=feed.id)
        if (hidden := _hidden(state.memory, since or now - _LATELY, now)) > timedelta(0):
            gaps.append((feed.name, hidden))
        if (blindness := _blindness(feed, state, now)) is not None:
            blind.append((feed.name, *blindness))
        elif health(feed, state, now) is Health.QUIET:
            quiet.append((feed.name, last_arrival(state)))
    gaps.sort(key=lambda gap: gap[1], reverse=True)
    return Coverage(
        read_count=len(watched) - len(blind),
        watched_count=len(watched),
        blind=tuple(blind),
        unwatched_count=len(feeds) - len(watched),
        gap=gaps[0][1] if gaps else None,
        gaps=tuple(gaps),
        quiet=tuple(quiet),
    )


def state_read_count(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], now: datetime, *, since: datetime | None = None
) -> int:
    """How many state and official sources are read: the N of "not found in the N state sources read".

    With `since` only those that were read after it, and so had the chance to tell what happened then.
    """
    voices = [feed for feed in feeds if feed.enabled and feed.standing in STATE_VOICES]
    known = [(feed, states[feed.id]) for feed in voices if feed.id in states]
    read = [state for feed, state in known if _blindness(feed, state, now) is None]
    return sum(since is None or (state.good_at is not None and state.good_at >= since) for state in read)


def _blindness(feed: Feed, state: FeedState, now: datetime) -> tuple[datetime | None, str] | None:
    """Since when and why a feed tells us nothing; None while it is read."""
    found = health(feed, state, now)
    if found is Health.NEW:
        return None, NEVER_POLLED
    if found in BLIND:
        return ill_since(state, found), (state.last_error_kind or found.value) if state.failure_count else found.value
    if state.polled_at is not None and now - state.polled_at > max(feed.every_max * _MISSED_ROUNDS, _LEAST_PATIENCE):
        return state.polled_at, NOT_POLLED
    return None


def _hidden(memory: Mapping[str, Any], since: datetime, until: datetime) -> timedelta:
    """How much of a period may have passed by unseen, as the gaps in a feed's memory tell."""
    spans = ((unstamp(begin), unstamp(end)) for begin, end in memory.get("gaps", ()))
    inside = (min(end, until) - max(begin, since) for begin, end in spans)
    return sum((span for span in inside if span > timedelta(0)), timedelta(0))
