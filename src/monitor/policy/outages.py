"""Who fails together? Many hosts at once have one cause: our line, a proxy, a country, somebody in between."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import Cause, Feed, FeedState, Trouble
from monitor.policy.homes import is_in_kazakhstan
from monitor.text.urls import host

# Errors of the road, not of whoever lives at its end. Any other error is an answer, and shows that the road is open.
WIRE = frozenset({"timeout", "dns", "connect", "tls", "protocol", "proxy"})
_LEAST = 3  # hosts: two may fail at once by chance
_HALF = 0.5  # of all hosts must have failed …
_NEARLY_ALL = 0.8  # … and of those that were asked last; in a shutdown, hosts behind a foreign cache still answer
_CHRONIC = timedelta(days=1)  # who went down so long before the others did so for a reason of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One host: its feeds, when it was asked last, and since when nothing came of that; `kind` is the last error."""

    name: str
    feeds: tuple[Feed, ...]
    asked_at: datetime
    down_since: datetime | None
    kind: str
    at_home: bool


def outages(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> list[Trouble]:
    """The outages of many hosts, widest first; a feed is in one of them at most."""
    found: list[Trouble] = []
    for proxy in {feed.proxy for feed in feeds if feed.proxy}:
        found += _proxy_outage([feed for feed in feeds if feed.proxy == proxy], states, proxy)
    hosts = _hosts([feed for feed in feeds if not feed.proxy], states)
    return [*found, *_road_outages(hosts)]


def _road_outages(hosts: Sequence[Host]) -> list[Trouble]:
    """What our line, a country or somebody in between does to hosts that are asked directly."""
    home, abroad = [one for one in hosts if one.at_home], [one for one in hosts if not one.at_home]
    if (down := _together(hosts)) and (not abroad or _answer(abroad, down) is False):
        return [_trouble(Cause.NETWORK, hosts, down)]
    found = []
    for cause, group, others in ((Cause.SHUTDOWN, home, abroad), (Cause.ABROAD, abroad, home)):
        if (down := _together(group)) and (answering := _answer(others, down)) is not False:
            found.append(replace(_trouble(cause, group, down), ripe=bool(answering)))
    taken = {feed_id for trouble in found for feed_id in trouble.feeds}
    unproven = [one for one in hosts if one.kind == "tls" and one.down_since and one.feeds[0].id not in taken]
    if len(unproven) >= _LEAST:
        found.append(_trouble(Cause.CERTIFICATES, hosts, unproven))
    return found


def _together(group: Sequence[Host]) -> list[Host]:
    """The hosts of a group that went down together and still are; none when it is only some of them.

    Looked at from the last answer backwards: nearly all of those asked lately, and half of all. Who went down long before
    the others did so for a reason of its own.
    """
    began = _began([one for one in group if one.down_since])
    group = [one for one in group if one.down_since is None or began is None or began - one.down_since < _CHRONIC]
    needed = max(_LEAST, math.ceil(_HALF * len(group)))
    down: list[Host] = []
    together: list[Host] = []
    for count, one in enumerate(sorted(group, key=lambda one: one.asked_at, reverse=True), start=1):
        if one.down_since:
            down.append(one)
        if len(down) >= needed and len(down) >= _NEARLY_ALL * count:
            together = list(down)
    return together


def _began(down: Sequence[Host]) -> datetime | None:
    """When most of them had gone down: some fail before, by themselves."""
    since = sorted(one.down_since for one in down if one.down_since)
    return since[len(since) // 2] if since else None


def _answer(others: Sequence[Host], down: Sequence[Host]) -> bool | None:
    """Whether most of the others answer that were asked since these went down; None when none was asked."""
    began = sorted(one.down_since for one in down if one.down_since)[
        len(down) // 2
    ]  # some failed before, by themselves
    asked = [one for one in others if one.asked_at >= began]
    answering = [one for one in asked if one.down_since is None]
    return len(answering) > _HALF * len(asked) if asked else None


def _proxy_outage(feeds: Sequence[Feed], states: Mapping[str, FeedState], proxy: str) -> list[Trouble]:
    """All that is asked through a proxy fails, and the proxy says so itself."""
    polled = [(feed, states[feed.id]) for feed in feeds if feed.id in states and states[feed.id].polled_at]
    failing = [(feed, state) for feed, state in polled if state.failure_count and state.last_error_kind == "proxy"]
    if not failing or len(failing) < len(polled):
        return []
    return [
        Trouble(
            cause=Cause.PROXY,
            key=f"proxy {proxy}",
            feeds=tuple(feed.id for feed, _ in failing),
            names=tuple(feed.name for feed, _ in failing),
            asked=len(polled),
            since=min(state.failing_since for _, state in failing if state.failing_since),
            what="proxy",
            where=proxy,
        )
    ]


def _hosts(feeds: Iterable[Feed], states: Mapping[str, FeedState]) -> list[Host]:
    """The hosts that were ever asked."""
    by_host: dict[str, list[tuple[Feed, FeedState]]] = {}
    for feed in feeds:
        state = states.get(feed.id)
        if state is not None and state.polled_at is not None:
            by_host.setdefault(host(feed.url), []).append((feed, state))
    return [_host(name, known) for name, known in by_host.items()]


def _host(name: str, known: Sequence[tuple[Feed, FeedState]]) -> Host:
    failing = [state for _, state in known if state.failure_count and state.last_error_kind in WIRE]
    since = [state.failing_since for state in failing if state.failing_since]
    asked_at, kind = max((state.polled_at, state.last_error_kind or "") for _, state in known if state.polled_at)
    return Host(
        name=name,
        feeds=tuple(feed for feed, _ in known),
        asked_at=asked_at,
        down_since=min(since) if len(since) == len(known) else None,
        kind=kind,
        at_home=is_in_kazakhstan(known[0][0]),
    )


def _trouble(cause: Cause, group: Sequence[Host], down: Collection[Host]) -> Trouble:
    feeds = [feed for one in down for feed in one.feeds]
    return Trouble(
        cause=cause,
        key=cause.value,
        feeds=tuple(feed.id for feed in feeds),
        names=tuple(feed.name for feed in feeds),
        asked=sum(len(one.feeds) for one in group),
        since=min(one.down_since for one in down if one.down_since),
    )
