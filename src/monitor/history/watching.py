"""The sources that might have shown an address that was never seen, and what they showed when they were read last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlite_utils import Database

from monitor.model import Feed, FeedState
from monitor.policy.polling import same_outlet
from monitor.sources.seen import id_hash, shown
from monitor.store import feeds as feed_store
from monitor.text.times import unstamp
from monitor.text.urls import canonical, host

TELEGRAM = "t.me"  # one host, many outlets: the first step of the path says which
REMEMBERED = 5_000  # entries of a feed that are looked at: no window is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a source showed when it was read last: how many items, and from when to when, as far as they have dates."""

    count: int
    oldest: datetime | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source that might have shown an address, and how its reading goes; `gaps` are times that may be missing."""

    feed: Feed
    state: FeedState | None
    entry_count: int
    window: Window | None = None
    gaps: tuple[tuple[datetime, datetime], ...] = ()


def sources_of(db: Database, url: str, feeds: Sequence[Feed]) -> tuple[Source, ...]:
    """The sources of the outlet that an address belongs to."""
    states = feed_store.states(db)
    return tuple(_source(db, feed, states.get(feed.id)) for feed in feeds if _may_show(feed, url))


def _may_show(feed: Feed, url: str) -> bool:
    here = host(canonical(url))
    if TELEGRAM in {here, host(canonical(feed.url))}:
        return _channel(feed.url) == _channel(url) != ""
    return bool(here) and same_outlet(feed, url)


def _channel(url: str) -> str:
    """The channel of an address of Telegram; empty for any other."""
    steps = [step for step in urlsplit(url).path.lower().split("/") if step not in ("", "s")]
    return steps[0] if steps and host(canonical(url)) == TELEGRAM else ""


def _source(db: Database, feed: Feed, state: FeedState | None) -> Source:
    return Source(
        feed=feed,
        state=state,
        entry_count=db.execute("SELECT count(*) FROM entries WHERE feed_id = ?", [feed.id]).fetchone()[0],
        window=_window(db, state) if state else None,
        gaps=tuple((unstamp(since), unstamp(until)) for since, until in state.memory.get("gaps", ())) if state else (),
    )


def _window(db: Database, state: FeedState) -> Window | None:
    """The window of the last answer, its dates from the articles that we have of it."""
    count, ids = state.memory.get("count"), shown(state.memory)
    if not isinstance(count, int):
        return None
    rows = db.execute(
        """SELECT e.guid, a.published_at FROM entries e JOIN articles a ON a.id = e.article_id
           WHERE e.feed_id = ? ORDER BY e.id DESC LIMIT ?""",
        [state.feed_id, REMEMBERED],
    ).fetchall()
    dates = [unstamp(published_at) for guid, published_at in rows if published_at and id_hash(guid) in ids]
    return Window(count=count, oldest=min(dates, default=None), newest=max(dates, default=None))
