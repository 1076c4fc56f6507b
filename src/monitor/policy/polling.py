"""When is a feed asked, and what do we remember of its answer? Pure functions over stored states.

A feed is asked in proportion to its own rhythm, between its configured bounds; a failing one less and less often, but
never given up. The rhythm is learned from arrivals alone, so a silence stays visible as a silence. Beside what the
source itself remembers, `FeedState.memory` holds

    rate      new items an hour, as usual
    new_at    when the last new item was published, or, where it does not say so, arrived
    taught_at when its last arrivals taught
    rhythm    what it brings at each hour of workdays and weekends (see `rhythm`)
    moved     {to, count}: where permanent redirects led, and how often in a row
    address   {configured, now}: the address that replaces the configured one, adopted after repeated sightings
    gaps      [from, to] of each stretch of the last fifteen days that may have passed by unseen
    since     {health, at}: since when it has been in a state that is not good
    identity, quarantine   what it is known by, and how it broke with that (see `identity`)
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from monitor.model import Entry, Feed, FeedState, Health, Parsed, Response
from monitor.policy import identity, lessons
from monitor.policy.health import SILENT, health, last_arrival
from monitor.policy.rhythm import Rhythm
from monitor.text.prints import digest16
from monitor.text.times import stamp, unstamp
from monitor.text.urls import domain, host

LONGEST_BACKOFF = timedelta(hours=6)
LONGEST_SILENCE = timedelta(hours=24)  # that a server may ask for
TRUNCATED, CUT_OFF = "truncated", "the answer ends in the middle; what had arrived is kept"
ADOPTED_AFTER = 3  # sightings of the same permanent redirect
FORGOTTEN_AFTER = 3  # failures of an adopted address, then the configured one gets its chance again
# Not the source's to say: whoever reads documents must not lead us elsewhere, nor to trust what we do not.
_OWN = frozenset(
    {"rate", "new_at", "taught_at", "rhythm", "moved", "address", "gaps", "since", "identity", "quarantine"}
)
_SPREAD = 0.1  # share of an interval by which feeds differ, so that they do not all come due together
_HOUR = timedelta(hours=1)
_DOUBT = timedelta(hours=6)
_NONE: Mapping[str, str] = MappingProxyType({})
_AFTERWARDS = timedelta(minutes=1)


def due(feeds: Sequence[Feed], states: Mapping[str, FeedState], now: datetime) -> list[Feed]:
    """The enabled feeds whose time has come, those that wait longest first; feeds never asked come before all.

    A time further ahead than the feed's own longest interval cannot be right (a clock was set back, an interval
    shortened) and counts as now.
    """
    waiting: list[tuple[float, Feed]] = []
    for feed in feeds:
        if not feed.enabled:
            continue
        state = states.get(feed.id)
        poll_at = state.poll_at if state is not None else None
        if state is None or poll_at is None:
            waiting.append((-math.inf, feed))
        elif poll_at <= now or poll_at - now > _furthest(feed, state):
            waiting.append((min(poll_at, now).timestamp(), feed))
    return [feed for _, feed in sorted(waiting, key=lambda one: one[0])]


def _furthest(feed: Feed, state: FeedState) -> timedelta:
    if state.failure_count:
        return max(LONGEST_SILENCE, feed.every_min) * (1 + _SPREAD)
    return feed.every_max * (1 + _SPREAD)


def interval(feed: Feed, state: FeedState, now: datetime) -> timedelta:
    """How long to wait after a good poll: the shorter, the more the feed brings, as 1 / √rate.

    A feed of one item an hour is asked at the geometric mean of its bounds. A feed that may have let items pass unseen,
    or whose answer was cut off, is asked as often as its bounds allow.
    """
    if state.memory.get("gap") or state.memory.get("partial"):
        return feed.every_min
    typical = math.sqrt(feed.every_min.total_seconds() * feed.every_max.total_seconds())
    wait = timedelta(seconds=typical / math.sqrt(_present_rate(state, now)))
    return min(max(wait, feed.every_min), feed.every_max)


def after_success(
    feed: Feed,
    state: FeedState,
    response: Response,
    parsed: Parsed,
    now: datetime,
    *,
    body_hash: str | None = None,
    news: Sequence[Entry] | None = None,
) -> FeedState:
    """The state after a good answer: its validators, what it taught, and when to ask again.

    `body_hash` is whatever the caller compares the next body with; `news` are the entries that were never seen before
    (without it, all of them): an item that was only touched up is no sign of life. An answer that was cut off is good
    for what had arrived, is asked for again soon, and says so as `last_error`.
    """
    newest = max((entry.published_at for entry in parsed.entries if entry.published_at), default=None)
    fresh = parsed.entries if news is None else news
    told = {name: value for name, value in parsed.memory.items() if name not in _OWN}
    memory = {**told, **lessons.rhythm(feed, state, fresh, now), **_moves(feed, state, response)}
    memory |= identity.guarded(feed, state, response, parsed, news=fresh)
    gap = lessons.gap(state, parsed, now)
    if gap is None and state.good_at is not None:
        memory.pop("gap", None)
    if gaps := lessons.gaps(state, gap, now):
        memory["gaps"] = gaps
    # With the validators of an answer that was cut or whose older pages are missing, the rest would never come.
    is_cut = bool(memory.get("partial"))
    whole = not is_cut and not memory.get("unfinished")
    learned = replace(
        state,
        etag=response.headers.get("etag") if whole else None,
        last_modified=response.headers.get("last-modified") if whole else None,
        body_hash=body_hash if whole else None,
        baselined_at=state.baselined_at or now,
        newest_at=max(filter(None, (newest, state.newest_at)), default=None),
        memory=memory,
    )
    good = _good(feed, learned, now)
    return replace(good, last_error=CUT_OFF, last_error_kind=TRUNCATED) if is_cut else good


def after_unchanged(feed: Feed, state: FeedState, now: datetime, *, validators: Mapping[str, str] = _NONE) -> FeedState:
    """The state after an answer that nothing is new: 304, or the same body as before, with the headers of that answer.

    A feed that is unusually silent loses its validators at first and every six hours: a broken cache says "not
    modified" for ever.
    """
    before = state
    if "gap" in state.memory:
        state = replace(state, memory={name: value for name, value in state.memory.items() if name != "gap"})
    if validators:
        state = replace(state, etag=validators.get("etag"), last_modified=validators.get("last-modified"))
    good = _good(feed, state, now)
    return replace(good, etag=None, last_modified=None) if _is_doubtful(before, good, now) else good


def _is_doubtful(before: FeedState, after: FeedState, now: datetime) -> bool:
    """Whether it is time to make sure that a silence is one."""
    if after.health not in SILENT:
        return False
    rounds = [int(at.timestamp() // _DOUBT.total_seconds()) for at in (before.polled_at, now) if at is not None]
    return before.health not in SILENT or len(set(rounds)) > 1


def _good(feed: Feed, state: FeedState, now: datetime) -> FeedState:
    good = replace(
        state,
        polled_at=now,
        good_at=now,
        poll_at=_next_poll(feed, state, now),
        failure_count=0,
        failing_since=None,
        last_error=None,
        last_error_kind=None,
    )
    return _judged(state, good, health(feed, good, now), now)


def _next_poll(feed: Feed, state: FeedState, now: datetime) -> datetime:
    """When to ask again: in the feed's rhythm, and once when its silence would become remarkable."""
    usual = now + _spread(feed, interval(feed, state, now))
    rhythm, silent_since = Rhythm.of(state.memory), last_arrival(state)
    if rhythm is None or silent_since is None:
        return usual
    remarkable = rhythm.remarkable_at(silent_since, now, feed.time_zone)
    if remarkable is None:
        return usual
    return min(usual, max(remarkable + _AFTERWARDS, now + feed.every_min))


def _judged(before: FeedState, after: FeedState, found: Health, now: datetime) -> FeedState:
    """The state with its health, and since when it has been so: since it was last seen to be otherwise."""
    since = None
    if found not in (Health.OK, Health.NEW):
        kept = before.memory.get("since") if before.health is found else None
        since = kept or {"health": found.value, "at": stamp(before.good_at or now)}
    if after.memory.get("since") == since:
        return replace(after, health=found)
    memory = {name: value for name, value in after.memory.items() if name != "since"}
    if since:
        memory["since"] = since
    return replace(after, health=found, memory=memory)


def after_failure(
    feed: Feed, state: FeedState, now: datetime, *, kind: str, error: str, retry_after: timedelta | None = None
) -> FeedState:
    """The state after a failure: its reason is kept, the pause doubles up to six hours, and nobody is given up.

    `retry_after` is what the server asked for; at most a day of it is granted.
    """
    count = state.failure_count + 1
    pause = max(min(feed.every_min * 2 ** min(count - 1, 20), LONGEST_BACKOFF), feed.every_min)
    pause = max(_spread(feed, pause), min(retry_after or timedelta(0), LONGEST_SILENCE))
    memory = dict(state.memory)
    if count >= FORGOTTEN_AFTER:
        memory.pop("address", None)
        memory.pop("moved", None)
    failed = replace(
        state,
        polled_at=now,
        poll_at=now + pause,
        failure_count=count,
        failing_since=state.failing_since or now,
        last_error=error,
        last_error_kind=kind,
        memory=memory,
    )
    return _judged(state, failed, health(feed, failed, now), now)


def _spread(feed: Feed, span: timedelta) -> timedelta:
    """A span, up to a tenth longer, by as much as the feed's id says: the same for ever, and different for each."""
    return span * (1 + _SPREAD * int(digest16(feed.id), 16) / 16**16)


def _present_rate(state: FeedState, now: datetime) -> float:
    """The usual rate, or less when the feed has been silent for longer than that rate would let expect."""
    rate, new_at = state.memory.get("rate"), state.memory.get("new_at")
    if not isinstance(rate, float) or not isinstance(new_at, str):
        return 1.0
    silent = max((now - unstamp(new_at)) / _HOUR, 1 / lessons.FASTEST)
    return max(min(rate, 1 / silent), lessons.SLOWEST)


def _moves(feed: Feed, state: FeedState, response: Response) -> Mapping[str, Any]:
    """Where the feed has moved: a permanent redirect is followed at once and believed after repeated sightings.

    Believed means within the same registrable domain or among the outlet's aliases; any other one stays a sighting.
    """
    address = state.memory.get("address")
    if address and address.get("configured") == feed.url and response.url == address.get("now"):
        return {"address": address}
    if not response.moved_to:
        return {}
    before = state.memory.get("moved") or {}
    count = before.get("count", 0) + 1 if before.get("to") == response.moved_to else 1
    moved = {"moved": {"to": response.moved_to, "count": count}}
    if count >= ADOPTED_AFTER and same_outlet(feed, response.moved_to):
        return moved | {"address": {"configured": feed.url, "now": response.moved_to}}
    return moved


def same_outlet(feed: Feed, url: str) -> bool:
    """Whether an address belongs to the feed's outlet: its registrable domain, or one of its mirrors."""
    return host(url) in feed.aliases or domain(url) == domain(feed.url)
