"""What the pipe works with, and what it reports."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlite_utils import Database

from monitor.config.plan import Route
from monitor.fetch import Fetcher
from monitor.ingest.robots import Robots
from monitor.ingest.together import Unchanged
from monitor.ingest.witnesses import Witnesses
from monitor.model import Clock, Entry, Feed, FeedState, Look, Response, Rules, Voice
from monitor.render.alerts import Labels
from monitor.store.entries import Fresh
from monitor.stories.gist import Atlas
from monitor.worker import Lesson, Worker

if TYPE_CHECKING:
    from monitor.matching.engine import Matcher

# Turns under way at the same time; each is mostly waiting for a server.
FEEDS_AT_ONCE = 60  # more than the 50 that a hostile evening may hold up at once
# Of them, those of one host: its requests come one after the other anyway, and a slow host is no reason to wait for.
FEEDS_OF_A_HOST = 8


def _no_matcher() -> "Matcher":
    raise LookupError("no keywords were put in force")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What it takes to put a story's cards into the outbox: the archive, the words, whom we speak to, and when not."""

    db: Database
    clock: Clock
    feeds: tuple[Feed, ...] = ()
    labels: Labels = field(default_factory=Labels)
    rules: Rules = field(default_factory=Rules)
    voices: tuple[Voice, ...] = ()
    routes: tuple[Route, ...] = ()

    @property
    def feeds_by_id(self) -> Mapping[str, Feed]:
        """The configured feeds, by id."""
        return {feed.id: feed for feed in self.feeds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Teller):
    """Everything one cycle needs, made in `app`.

    `busy` holds the feeds whose turn is not over yet, `agreed` the feeds that the table was made to agree with.

    With `words`, which teach a child the matcher, the worker looks at the entries that it reads.

    What comes from the files (feeds, matcher, labels, atlas, rules, voices, routes) is put in when they are read, and anew
    when they change.
    """

    fetcher: Fetcher
    worker: Worker
    robots: Robots
    make_matcher: Callable[[], "Matcher"] = field(default=_no_matcher)
    words: Lesson | None = None
    make_atlas: Callable[[], Atlas] = Atlas
    feeds_at_once: int = FEEDS_AT_ONCE
    busy: set[str] = field(default_factory=set)
    agreed: list[tuple[Feed, ...]] = field(default_factory=list)
    witnesses: Witnesses = field(default_factory=Witnesses)
    unchanged: Unchanged = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unchanged", Unchanged(self.db))

    @property
    def matcher(self) -> "Matcher":
        """What finds words; made of the keywords when the first article wants it."""
        return self.make_matcher()

    @property
    def atlas(self) -> Atlas:
        """What tells places and firms from other names; made of the keywords when the first hit wants it."""
        return self.make_atlas()


@dataclass(slots=True, kw_only=True)
class FeedReport:
    """What one feed's turn brought; `written` is set once the state of an unchanged feed is in the database."""

    feed_id: str
    unchanged: bool = False
    seen: int = 0
    new: int = 0
    articles: int = 0
    hits: int = 0
    opened: int = 0
    joined: int = 0
    reprints: int = 0
    queued: int = 0
    written: asyncio.Event | None = None
    error_kind: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One feed's turn: what we knew of it before, which answer lists which entry, and the report being written.

    `looks` are those that the worker had at the entries, by id.
    `quarantined`: with this answer the feed is no longer what it is known by.
    """

    desk: Desk
    feed: Feed
    state: FeedState
    listed_in: Callable[[Entry], Response]
    report: FeedReport
    looks: Mapping[str, Look] = field(default_factory=dict)
    quarantined: bool = False

    def known_before(self, fresh: Fresh) -> FeedState:
        """What we knew of the feed before an entry: of its past, no more than at a first reading."""
        return replace(self.state, baselined_at=None) if fresh.is_past else self.state


@dataclass(slots=True, kw_only=True)
class CycleReport:
    """What one cycle brought, feed by feed; `queued` also counts what first readings, trusted feeds and late pages had said."""

    feeds: list[FeedReport] = field(default_factory=list)
    settled_queued: int = 0

    def total(self, name: str) -> int:
        """The sum of one count over all feeds."""
        return sum(int(getattr(report, name)) for report in self.feeds)

    @property
    def failed(self) -> list[FeedReport]:
        """The feeds whose turn failed."""
        return [report for report in self.feeds if report.error_kind]

    @property
    def queued(self) -> int:
        """Messages put into the outbox."""
        return self.total("queued") + self.settled_queued


Progress = Callable[[FeedReport], None]
