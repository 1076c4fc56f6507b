"""When is a feed asked, and what do we remember of its answer? Pure functions over stored states.

A feed is asked in proportion to its own rhythm, between its configured bounds; a failing one less and less often, but
never given up. The rhythm is learned from arrivals alone, so a silence stays visible as a silence. Beside what the
source itself remembers, `FeedState.memory` holds

    rate      new items an hour, as usual
    new_at    when the last new item arrived
    moved     {to, count}: where permanent redirects led, and how often in a row
    address   {configured, now}: the address that replaces the configured one, adopted after repeated sightings
    gap_seconds   how long a stretch may have passed unseen, while `gap` is true
"""

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from monitor.model import Entry, Feed, FeedState, Parsed, Response
from monitor.policy.health import health
from monitor.text.prints import digest16
from monitor.text.times import stamp, unstamp
from monitor.text.urls import host

LONGEST_BACKOFF = timedelta(hours=6)
LONGEST_SILENCE = timedelta(hours=24)  # that a server may ask for
TRUNCATED, CUT_OFF = "truncated", "the answer ends in the middle; what had arrived is kept"
ADOPTED_AFTER = 3  # sightings of the same permanent redirect
FORGOTTEN_AFTER = 3  # failures of an adopted address, then the configured one gets its chance again
_SPREAD = 0.1  # share of an interval by which feeds differ, so that they do not all come due together
_RHYTHM = timedelta(days=3)  # how far back the usual rate looks
_SLOWEST, _FASTEST = 1 / 720, 60.0  # items an hour: one a month, one a minute
_HOUR = timedelta(hours=1)


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
    feed: Feed, state: FeedState, response: Response, parsed: Parsed, now: datetime, *, body_hash: str | None = None
) -> FeedState:
    """The state after a good answer: its validators, what it taught, and when to ask again.

    `body_hash` is whatever the caller compares the next body with. An answer that was cut off is good for what had
    arrived, is asked for again soon, and says so as `last_error`.
    """
    newest = max((entry.published_at for entry in parsed.entries if entry.published_at), default=None)
    memory = {**parsed.memory, **_rhythm(state, parsed.entries, now), **_moves(feed, state, response)}
    if memory.get("gap") and state.good_at is not None:
        memory["gap_seconds"] = round((now - state.good_at).total_seconds())
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


def after_unchanged(feed: Feed, state: FeedState, now: datetime) -> FeedState:
    """The state after an answer that nothing is new: 304, or the same body as before."""
    memory = {name: value for name, value in state.memory.items() if name not in ("gap", "gap_seconds")}
    return _good(feed, replace(state, memory=memory), now)


def _good(feed: Feed, state: FeedState, now: datetime) -> FeedState:
    good = replace(
        state,
        polled_at=now,
        good_at=now,
        poll_at=now + _spread(feed, interval(feed, state, now)),
        failure_count=0,
        failing_since=None,
        last_error=None,
        last_error_kind=None,
    )
    return replace(good, health=health(feed, good, now))


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
    return replace(failed, health=health(feed, failed, now))


def _spread(feed: Feed, span: timedelta) -> timedelta:
    """A span, up to a tenth longer, by as much as the feed's id says: the same for ever, and different for each."""
    return span * (1 + _SPREAD * int(digest16(feed.id), 16) / 16**16)


def _rhythm(state: FeedState, entries: Sequence[Entry], now: datetime) -> Mapping[str, Any]:
    """What new entries teach about the usual rate; without any, what was known before."""
    known = {name: state.memory[name] for name in ("rate", "new_at") if name in state.memory}
    if not entries:
        return known
    if "rate" not in known:
        newest = max((entry.published_at for entry in entries if entry.published_at), default=now)
        return {"rate": _rate_of_window(entries), "new_at": stamp(newest)}
    since = max(now - unstamp(known["new_at"]), timedelta(minutes=1))
    weight = 1 - math.exp(-since / _RHYTHM)
    rate = known["rate"] + weight * (len(entries) / (since / _HOUR) - known["rate"])
    return {"rate": round(min(max(rate, _SLOWEST), _FASTEST), 5), "new_at": stamp(now)}


def _rate_of_window(entries: Sequence[Entry]) -> float:
    """Items an hour as the dates of a first window tell it; one an hour when they tell nothing."""
    dates = sorted(entry.published_at for entry in entries if entry.published_at)
    span = (dates[-1] - dates[0]) / _HOUR if dates else 0.0
    return round(min(max((len(dates) - 1) / span, _SLOWEST), _FASTEST), 5) if span else 1.0


def _present_rate(state: FeedState, now: datetime) -> float:
    """The usual rate, or less when the feed has been silent for longer than that rate would let expect."""
    rate, new_at = state.memory.get("rate"), state.memory.get("new_at")
    if not isinstance(rate, float) or not isinstance(new_at, str):
        return 1.0
    silent = max((now - unstamp(new_at)) / _HOUR, 1 / _FASTEST)
    return max(min(rate, 1 / silent), _SLOWEST)


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
    return host(url) in feed.aliases or _domain()(url) == _domain()(feed.url)


@cache
def _domain() -> Callable[[str], str | None]:
    """The registrable domain of an address; the list behind it takes a moment to load, so on first use."""
    found: Callable[[str], str | None] = importlib.import_module("courlan").extract_domain
    return found
