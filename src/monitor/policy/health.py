"""How is a feed, and how much do we see? Judged from each feed's own history; a silence is never taken for calm."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.model import Coverage, Feed, FeedState, Health
from monitor.text.times import unstamp

# Errors that say: something else stands where the news should be.
WALLS = frozenset({"blocked", "not-a-feed"})
_QUIET_GAPS = 10  # a feed silent for this many of its usual gaps is quiet …
_LEAST_QUIET = timedelta(hours=12)  # … but nobody publishes at night
_STALE = timedelta(days=30)  # and after a month it is probably forgotten by its makers
_MISSED_ROUNDS = 3  # polls that should have happened since the last one, before a good state is no longer believed
_LEAST_PATIENCE = timedelta(hours=1)
_MOVED_SIGHTINGS = 3


def health(feed: Feed, state: FeedState, now: datetime) -> Health:
    """How one feed is, by its last answer first and by its silence last."""
    if state.polled_at is None:
        return Health.NEW
    if state.failure_count:
        return Health.BLOCKED if state.last_error_kind in WALLS else Health.FAILING
    memory = state.memory
    moved = "address" not in memory and (memory.get("moved") or {}).get("count", 0) >= _MOVED_SIGHTINGS
    signs = (
        (memory.get("count") == 0 and "rate" in memory, Health.EMPTIED),
        (memory.get("garbled"), Health.GARBLED),
        (memory.get("gap"), Health.GAP),
        (moved, Health.MOVED),
    )
    return next((found for holds, found in signs if holds), None) or _by_silence(feed, state, now)


def _by_silence(feed: Feed, state: FeedState, now: datetime) -> Health:
    """Whether the feed has been silent for longer than it usually is, as far as its polls can tell."""
    rate, new_at = state.memory.get("rate"), state.memory.get("new_at")
    if not isinstance(rate, float) or not isinstance(new_at, str):
        return Health.OK
    silent = now - unstamp(new_at)
    usual = timedelta(hours=1 / rate) if rate else _STALE
    if silent > max(_STALE, usual * _QUIET_GAPS):
        return Health.STALE
    return (
        Health.QUIET if silent > max(_LEAST_QUIET, feed.every_max * _MISSED_ROUNDS, usual * _QUIET_GAPS) else Health.OK
    )


def coverage(feeds: Sequence[Feed], states: Mapping[str, FeedState], now: datetime) -> Coverage:
    """How much we see at this moment: of the enabled feeds, those whose last poll was good and is not long ago.

    Disabled feeds are known and not watched. `gap` is the longest stretch that some readable feed may have hidden.
    """
    watched = [feed for feed in feeds if feed.enabled]
    blind = []
    gaps = []
    for feed in watched:
        state = states.get(feed.id) or FeedState(feed_id=feed.id)
        if (blindness := _blindness(feed, state, now)) is not None:
            blind.append((feed.name, *blindness))
        elif seconds := state.memory.get("gap_seconds"):
            gaps.append(timedelta(seconds=seconds))
    return Coverage(
        read_count=len(watched) - len(blind),
        watched_count=len(watched),
        blind=tuple(blind),
        unwatched_count=len(feeds) - len(watched),
        gap=max(gaps, default=None),
    )


def _blindness(feed: Feed, state: FeedState, now: datetime) -> tuple[datetime | None, str] | None:
    """Since when and why a feed tells us nothing; None while it is read."""
    found = health(feed, state, now)
    if found is Health.NEW:
        return None, "not polled yet"
    if found in (Health.BLOCKED, Health.FAILING):
        return state.good_at or state.failing_since, state.last_error_kind or found.value
    if found in (Health.EMPTIED, Health.GARBLED):
        return state.good_at, found.value
    if state.polled_at is not None and now - state.polled_at > max(feed.every_max * _MISSED_ROUNDS, _LEAST_PATIENCE):
        return state.polled_at, "not polled"
    return None
