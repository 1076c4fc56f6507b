"""What is wrong, by root cause: whoever fails or is silent together is one trouble, whoever does so alone is a line.

Troubles are worked out anew from the states each time, so nothing has to be remembered but what was told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.model import Cause, Feed, FeedState, Health, Trouble
from monitor.policy.health import SILENT, health, ill_since
from monitor.policy.hushes import hush
from monitor.policy.outages import outages
from monitor.policy.rhythm import Rhythm
from monitor.text.urls import host

# A source that fails once in a while is no news: it must have failed so often, and for so long.
_FAILURES, _PATIENCE = 3, timedelta(minutes=45)
_ASKED_OTHERWISE = frozenset(
    {Health.NEW, Health.OK, Health.GAP, Health.QUARANTINED}
)  # told by the coverage or by a question


def troubles(feeds: Sequence[Feed], states: Mapping[str, FeedState], now: datetime) -> list[Trouble]:
    """All that is wrong with the enabled feeds now, the wide causes first; a feed is in one trouble at most."""
    watched = [feed for feed in feeds if feed.enabled]
    wide = outages(watched, states)
    silence = hush(watched, states, now)
    found = [*wide, *([silence] if silence else [])]
    blinded = {feed_id for trouble in wide for feed_id in trouble.feeds}
    hushed = set(silence.feeds) if silence else set()
    single = []
    for feed in watched:
        if (state := states.get(feed.id)) is None or feed.id in blinded:
            continue
        one = _outlet(feed, state, now)
        if one is not None and not (silence and feed.id in hushed and _is_part_of(silence, feed, state, one)):
            single.append((feed, one))
    return [*found, *_by_host(single)]


def _is_part_of(silence: Trouble, feed: Feed, state: FeedState, one: Trouble) -> bool:
    """Whether a source's silence is a part of the common one: it was not remarkable when that began."""
    rhythm = Rhythm.of(state.memory)
    if one.what not in SILENT or rhythm is None:
        return False
    return rhythm.missed(one.since, silence.since, feed.time_zone) < rhythm.limit


def _outlet(feed: Feed, state: FeedState, now: datetime) -> Trouble | None:
    """What is wrong with one source by itself."""
    found = health(feed, state, now)
    if found in _ASKED_OTHERWISE:
        return None
    since = ill_since(state, found) or state.failing_since or now
    lasted = now - (state.failing_since or since) >= _PATIENCE
    return Trouble(
        cause=Cause.OUTLET,
        key=f"source {feed.id}",
        feeds=(feed.id,),
        names=(feed.name,),
        asked=1,
        since=since,
        what=(state.last_error_kind or found.value) if state.failure_count else found.value,
        ripe=found in SILENT or (lasted and (not state.failure_count or state.failure_count >= _FAILURES)),
    )


def _by_host(single: Sequence[tuple[Feed, Trouble]]) -> list[Trouble]:
    """Sources of one host that fail in the same way are one trouble."""
    groups: dict[tuple[str, str], list[Trouble]] = {}
    for feed, trouble in single:
        silent = trouble.what in SILENT
        groups.setdefault((feed.id if silent else host(feed.url), trouble.what), []).append(trouble)
    return [group[0] if len(group) == 1 else _host(name, what, group) for (name, what), group in groups.items()]


def _host(name: str, what: str, group: Sequence[Trouble]) -> Trouble:
    return Trouble(
        cause=Cause.HOST,
        key=f"host {name} {what}",
        feeds=tuple(feed_id for one in group for feed_id in one.feeds),
        names=tuple(name for one in group for name in one.names),
        asked=len(group),
        since=min(one.since for one in group),
        what=what,
        where=name,
        ripe=all(one.ripe for one in group),
    )
