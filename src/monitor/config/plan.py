"""What delivery.yaml comes to: destinations, routes, letters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.model import Lang, Severity, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place that cards go to. `channel` is the name of the setting that holds the chat, never the chat itself."""

    name: str
    channel: str = "MONITOR_TELEGRAM_CHANNEL"
    languages: tuple[Lang, ...] = ("ru", "en")
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Which alerts go to a destination; an empty condition takes all. The first route that fits counts."""

    to: str
    topics: frozenset[str] = frozenset()
    severity: frozenset[Severity] = frozenset()
    places: frozenset[str] = frozenset()
    langs: frozenset[Lang] = frozenset()
    standing: frozenset[Standing] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """One daily letter. `to` is the name of the setting that holds the mailboxes; `at` is "HH:MM" in `zone`.

    `plain` letters have no HTML part, `telling` ones say in their subject how much there is, and those for
    `maintainers` also list what almost matched.
    """

    name: str = "digest"
    to: str = "MONITOR_DIGEST_TO"
    at: str = "07:30"
    zone: str = "Asia/Almaty"
    languages: tuple[Lang, ...] = ("ru", "en")
    plain: bool = False
    telling: bool = False
    maintainers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where alerts and letters go. Urgent alerts take the e-mail road when Telegram fails for `fallback_after`."""

    destinations: Mapping[str, Destination] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    digests: tuple[DigestPlan, ...] = ()
    fallback_after: timedelta = timedelta(minutes=15)
