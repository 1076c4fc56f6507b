"""What a robots.txt allows us: its own words decide (RFC 9309), and so does its absence or silence."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from monitor.errors import FetchError

AGENT = "monitor"  # the name by which a robots.txt may speak to us, and which our User-Agent begins with
KEPT = timedelta(hours=24)  # RFC 9309 2.4: no longer, unless it cannot be had any more
ASKED_AGAIN = timedelta(minutes=10)  # after it could not be had
GIVEN_UP = timedelta(days=30)  # RFC 9309 2.3.1.4: unreachable for so long, it counts as absent
_MOST_DELAY = timedelta(seconds=10)  # of a Crawl-delay: it is no part of the standard
_TOO_MANY_REQUESTS = 429
_CLIENT_ERRORS = range(400, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The robots.txt of one server as last asked for.

    `text` is None while it never could be had; then `error` says why, `since` when. An absent one is an empty text.
    """

    text: str | None
    until: datetime
    error: FetchError | None = None
    since: datetime | None = None

    def hold(self, now: datetime) -> bool:
        """Whether they need not be asked for again; what is to hold for longer than a day was told to a wrong clock."""
        return timedelta(0) < self.until - now <= KEPT


def found(text: str, now: datetime) -> Rules:
    """The rules that a server gave."""
    return Rules(text=text, until=now + KEPT)


def not_found(error: FetchError, before: Rules | None, now: datetime) -> Rules:
    """What holds when there was no good answer: absent means free, unreachable means what held before, or closed."""
    if error.status in _CLIENT_ERRORS and error.status != _TOO_MANY_REQUESTS:
        return found("", now)
    since = (before.since if before is not None else None) or now
    if now - since >= GIVEN_UP:
        return Rules(text="", until=now + KEPT, since=since)
    text = before.text if before is not None else None
    return Rules(text=text, until=now + ASKED_AGAIN, error=error, since=since)


def allowed(text: str, addresses: Sequence[str]) -> tuple[bool, ...]:
    """Which addresses of its server a robots.txt lets us read. Belongs into the worker: its patterns can be traps."""
    rules = _protego().parse(text)
    return tuple(bool(rules.can_fetch(address, AGENT)) for address in addresses)


def crawl_delay(text: str) -> timedelta:
    """The pause that a robots.txt asks for between two requests, at most ten seconds of it. Belongs into the worker."""
    delay = _protego().parse(text).crawl_delay(AGENT)
    return min(timedelta(seconds=max(float(delay or 0), 0)), _MOST_DELAY)


@cache
def _protego() -> Any:
    """The reader of robots.txt, imported on first use."""
    return importlib.import_module("protego").Protego
