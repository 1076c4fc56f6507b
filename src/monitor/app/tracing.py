"""What would become of an address that was never seen: the sources and the page are asked now; nothing is kept or said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from monitor.app.describing import unknown_feed
from monitor.app.reading_room import ReadingRoom
from monitor.app.tryout import Item, Trial, try_feed, with_page
from monitor.app.wire import Wire, open_wire
from monitor.app.words import Words
from monitor.config.settings import Settings
from monitor.ingest.desk import Desk, FeedReport, Turn
from monitor.ingest.keep import Draft, foresee
from monitor.ingest.pages import article_of
from monitor.model import Entry, Feed, FeedState, Finding, Page
from monitor.policy.escalation import with_topics
from monitor.policy.identity import is_quarantined
from monitor.sources.keys import keys_of
from monitor.store import feeds as feed_store
from monitor.store import stories as story_store
from monitor.store.entries import Fresh
from monitor.text.urls import canonical_in, host


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a source shows now: how many items, how far they reach back, and the place of the address, from 1."""

    feed_id: str
    kind: str = ""
    said: str = ""
    count: int = 0
    oldest: datetime | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How the article would be judged now; `ref` is the story that it would join."""

    finding: Finding
    say: bool
    ring: bool
    reason: str
    detail: str
    join: str
    ref: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How far an address gets today. `trouble` is why its page gave nothing; `watched`: whether a source may show it."""

    url: str
    watched: bool
    shown: tuple[Shown, ...]
    title: str
    characters: int
    trouble: str = ""
    outlook: Outlook | None = None


async def trace_in(room: ReadingRoom, settings: Settings, url: str, feeds: Sequence[Feed]) -> Trace:
    """Trace an address beside a running daemon, over a wire of its own."""
    teller, configuration = room.teller, room.configuration
    words = Words(configuration)
    async with open_wire(settings) as wire:
        desk = Desk(
            db=teller.db,
            clock=teller.clock,
            feeds=teller.feeds,
            labels=teller.labels,
            rules=with_topics(configuration.rules, configuration.keywords),
            voices=teller.voices,
            routes=teller.routes,
            fetcher=wire.fetcher,
            worker=wire.worker,
            robots=wire.robots,
            make_matcher=words.matcher,
            make_atlas=words.atlas,
        )
        return await trace(desk, url, feeds)


async def trace(desk: Desk, url: str, feeds: Sequence[Feed]) -> Trace:
    """Ask the sources that may show an address, read its page, and say how the article would be judged."""
    wire = Wire(fetcher=desk.fetcher, worker=desk.worker, robots=desk.robots, clock=desk.clock)
    trials = [await try_feed(wire, feed) for feed in feeds if feed.enabled]
    listed = [(trial.feed, item) for trial in trials for item in trial.items if _is_at(trial.feed, item, url)]
    feed, item = listed[0] if listed else _by_itself(desk, url, feeds)
    item = await with_page(wire, feed, item)
    article = item.article
    has_words = bool(article.text) or bool(item.entry.title) or bool(item.page and item.page.title)
    return Trace(
        url=url,
        watched=bool(feeds),
        shown=tuple(_shown(trial, url) for trial in trials),
        title=article.title,
        characters=len(article.text),
        trouble=item.trouble,
        outlook=_outlook(desk, feed, item, watched=bool(feeds)) if has_words else None,
    )


def _is_at(feed: Feed, item: Item, url: str) -> bool:
    return bool(item.entry.url) and canonical_in(feed, item.entry.url) == canonical_in(feed, url)


def _shown(trial: Trial, url: str) -> Shown:
    dates = [item.article.published_at for item in trial.items if item.article.published_at]
    places = (place for place, item in enumerate(trial.items, 1) if _is_at(trial.feed, item, url))
    return Shown(
        feed_id=trial.feed.id,
        kind=trial.kind,
        said=trial.said,
        count=len(trial.items),
        oldest=min(dates, default=None),
        place=next(places, None),
    )


def _by_itself(desk: Desk, url: str, feeds: Sequence[Feed]) -> tuple[Feed, Item]:
    """An address that no list shows, as an item that is nothing but an address; of an outlet nobody watches we guess."""
    feed = feeds[0] if feeds else replace(unknown_feed(url), url=f"https://{host(url)}/", kind="rss")
    entry = Entry(feed_id=feed.id, guid=url, url=url, title="")
    fresh = Fresh(entry=entry, keys=keys_of(feed, [entry])[0])
    return feed, Item(fresh=fresh, article=article_of(feed, fresh, Page(), desk.clock()))


def _outlook(desk: Desk, feed: Feed, item: Item, *, watched: bool) -> Outlook:
    now = desk.clock()
    known = feed_store.state(desk.db, feed.id)
    # Were the outlet watched, its past would have been read by now.
    state = known if watched else FeedState(feed_id=feed.id, baselined_at=now, good_at=now)
    turn = Turn(
        desk=desk,
        feed=feed,
        state=state,
        listed_in=_nowhere,
        report=FeedReport(feed_id=feed.id),
        quarantined=is_quarantined(known),
    )
    reading, verdict = foresee(turn, Draft(fresh=item.fresh, article=item.article), now)
    story_id = reading.placement.story_id
    story = story_store.find_story(desk.db, story_id) if story_id is not None else None
    return Outlook(
        finding=reading.finding,
        say=verdict.say,
        ring=verdict.ring,
        reason=verdict.reason.value,
        detail=verdict.detail or reading.placement.why,
        join=reading.placement.join.value,
        ref=story.ref if story else "",
        title=story.title if story else "",
    )


def _nowhere(_entry: Entry) -> NoReturn:
    raise LookupError("nothing of a trace is kept")
