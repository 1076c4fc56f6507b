"""One feed's turn, and a cycle of turns: from the wire to the transaction."""

import asyncio
import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from monitor import sources
from monitor.errors import FetchError, ParseError, WorkerError
from monitor.extract import extract
from monitor.ingest import baseline, held
from monitor.ingest.answers import NOT_MODIFIED, answers
from monitor.ingest.desk import FEEDS_OF_A_HOST, CycleReport, Desk, FeedReport, Progress, Turn
from monitor.ingest.keep import Draft, keep
from monitor.model import Article, Entry, Feed, FeedState, Page, Request, Response
from monitor.policy import polling
from monitor.policy.identity import is_quarantined
from monitor.schema import transaction
from monitor.store import articles as article_store
from monitor.store import facts
from monitor.store import feeds as feed_store
from monitor.store.articles import Fresh
from monitor.text.fold import clean
from monitor.text.prints import fingerprint
from monitor.text.urls import host

log = structlog.get_logger("monitor.ingest")

# A feed that brings more new articles than this in one turn gets the rest read from their summaries: a polite guest
# does not fetch a hundred pages in a row.
PAGES_A_TURN = 40
# A first reading fetches pages only of what it may say.
PAGES_OF_A_BASELINE = timedelta(days=1)
GOOD_CYCLE = "last good cycle"
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


async def cycle(desk: Desk, *, everything: bool = False, progress: Progress | None = None) -> CycleReport:
    """Ask every feed that is due (or every feed), then say the few of a first reading that may be said.

    A feed's failure stays its own; it is in the report and in the feed's state.
    """
    now = desk.clock()
    with transaction(desk.db) as db:
        feed_store.sync(db, desk.feeds, now)
    released = held.release(desk, now)
    enabled = [feed for feed in desk.feeds if feed.enabled]
    due = enabled if everything else polling.due(enabled, feed_store.states(desk.db), now)
    wanted = [feed for feed in due if feed.id not in desk.busy]
    desk.busy.update(feed.id for feed in wanted)
    report = CycleReport()
    places = asyncio.Semaphore(desk.feeds_at_once)
    hosts = defaultdict[str, asyncio.Semaphore](partial(asyncio.Semaphore, FEEDS_OF_A_HOST))

    async def turn(feed: Feed) -> None:
        try:
            async with hosts[host(feed.url)], places:
                one = await poll(desk, feed)
            if one.written:
                await one.written.wait()
        finally:
            desk.busy.discard(feed.id)
        report.feeds.append(one)
        if progress:
            progress(one)

    async with asyncio.TaskGroup() as group:
        for feed in wanted:
            group.create_task(turn(feed))
    report.settled_queued = released + baseline.settle(desk, desk.clock())
    if wanted and len(report.failed) < len(wanted):
        with transaction(desk.db) as db:
            facts.remember(db, GOOD_CYCLE, str(len(wanted)), desk.clock())
    return report


async def poll(desk: Desk, feed: Feed) -> FeedReport:
    """One feed's turn. This is a bulkhead: whatever goes wrong here is written down and disturbs nobody else."""
    report = FeedReport(feed_id=feed.id)
    try:
        try:
            async with desk.fetcher.room.turn():
                await _turn(desk, feed, feed_store.state(desk.db, feed.id), report)
        except (FetchError, ParseError, WorkerError) as error:
            _failed(desk, feed, error, report)
    except Exception as error:
        log.exception("a feed's turn broke", feed=feed.id)
        _broke(desk, feed, error, report)
    return report


def _broke(desk: Desk, feed: Feed, error: Exception, report: FeedReport) -> None:
    """Write down a failure nobody thought of; a database that takes nothing now is no reason to stop the others."""
    try:
        _failed(desk, feed, error, report)
    except sqlite3.Error:
        log.exception("a feed's failure could not be written down", feed=feed.id)


def _failed(desk: Desk, feed: Feed, error: Exception, report: FeedReport) -> None:
    report.error_kind = str(getattr(error, "kind", "bug"))
    report.error = str(error) if report.error_kind != "bug" else f"unexpected {type(error).__name__}"
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    log.warning("feed failed", feed=feed.id, kind=report.error_kind, error=report.error)
    with transaction(desk.db) as db:
        state = feed_store.state(db, feed.id)
        after = polling.after_failure(
            feed, state, desk.clock(), kind=report.error_kind, error=report.error, retry_after=retry_after
        )
        feed_store.polled(db, after)


async def _turn(desk: Desk, feed: Feed, state: FeedState, report: FeedReport) -> None:
    source = sources.by_kind()[feed.kind]
    response = await desk.fetcher.get(source.request(feed, state))
    body_hash = hashlib.sha256(response.body).hexdigest()
    if response.status == NOT_MODIFIED or body_hash == state.body_hash:
        report.unchanged = True
        report.written = desk.unchanged.note(state, polling.after_unchanged(feed, state, desk.clock()))
        return
    told = await answers(desk, feed, state, response)
    parsed = told.parsed
    report.seen = len(parsed.entries)
    unread = article_store.unknown(desk.db, feed, parsed.entries, parsed.keys)
    report.new = sum(fresh.article_id is None for fresh in unread.fresh)
    if unread.migrated:
        log.warning("the feed changed all its ids; reading it as for the first time", feed=feed.id)
        state = replace(state, baselined_at=None)
        with transaction(desk.db) as db:
            feed_store.polled(db, state)  # a crash between two of its pages must not turn the others into news
    fresh = _in_order(unread.fresh, first_reading=state.baselined_at is None)
    news = [one.entry for one in fresh if one.article_id is None]
    after = polling.after_success(feed, state, response, parsed, desk.clock(), body_hash=body_hash, news=news)
    turn = Turn(desk=desk, feed=feed, state=state, listed_in=told.of, report=report, quarantined=is_quarantined(after))
    if feed.full_text:
        await _read_pages(turn, fresh)
        fresh = ()
    with transaction(desk.db) as db:
        now = desk.clock()
        for one in fresh:
            _store(turn, Draft(fresh=one, article=_article(feed, one, Page(), now)), now)
        feed_store.polled(db, after)
    if after.last_error is not None:  # kept as far as it goes, and no good answer all the same
        report.error_kind, report.error = after.last_error_kind, after.last_error
        log.warning("feed cut off", feed=feed.id, kind=report.error_kind, error=report.error)


def _store(turn: Turn, draft: Draft, now: datetime) -> None:
    """Keep and judge an article; what comes from a feed in quarantine is only kept."""
    (held.hold if turn.quarantined else keep)(turn, draft, now)


def _in_order(fresh: Sequence[Fresh], *, first_reading: bool) -> tuple[Fresh, ...]:
    """Oldest first, so that alerts come in the order of events; a first reading newest first."""
    ordered = list(reversed(fresh))  # feeds list the newest first; what has no date keeps that order
    ordered.sort(key=lambda one: one.entry.published_at or BEFORE_ALL)
    return tuple(reversed(ordered) if first_reading else ordered)


async def _read_pages(turn: Turn, fresh: Sequence[Fresh]) -> None:
    """Fetch and keep one article after the other, so that the first alert does not wait for the last page."""
    desk, feed = turn.desk, turn.feed
    for place, one in enumerate(fresh):
        page, page_response = Page(), None
        if place < PAGES_A_TURN and _wants_page(turn.state, one.entry, desk.clock()):
            page, page_response = await _page(desk, feed, one.entry)
        with transaction(desk.db):
            now = desk.clock()
            _store(turn, Draft(fresh=one, article=_article(feed, one, page, now), page_response=page_response), now)


def _wants_page(state: FeedState, entry: Entry, now: datetime) -> bool:
    """A first reading looks only at pages of the last day; older ones are archive and their summary will do."""
    if state.baselined_at is not None:
        return True
    return entry.published_at is not None and now - entry.published_at <= PAGES_OF_A_BASELINE


async def _page(desk: Desk, feed: Feed, entry: Entry) -> tuple[Page, Response | None]:
    """The article's own page, or nothing when it cannot be had: the summary must do then."""
    if not entry.url:
        return Page(), None
    try:
        response = await desk.fetcher.get(Request(url=entry.url, proxy=feed.proxy))
        page: Page = await desk.worker.run(extract, response.body, response.url, response.headers.get("content-type"))
    except (FetchError, ParseError, WorkerError) as error:
        log.info("page not read; the summary must do", feed=feed.id, kind=error.kind)
        return Page(), None
    return page, response


def _article(feed: Feed, fresh: Fresh, page: Page, now: datetime) -> Article:
    """The item as we understand it: the feed's own title, the page's text where it says more than the summary."""
    entry = fresh.entry
    title = entry.title or clean(page.title, one_line=True)
    text = page.text if len(page.text) > len(entry.summary) else entry.summary
    return Article(
        id=fresh.article_id or 0,
        feed_id=feed.id,
        url=entry.url,
        url_key=fresh.keys.address if entry.url else fresh.keys.url,
        title=title,
        text=text,
        published_at=entry.published_at or _day_of(page, feed, now),
        seen_at=now,
        fingerprint=fresh.keys.text if (title, text) == (entry.title, entry.summary) else fingerprint(title, text),
    )


def _day_of(page: Page, feed: Feed, now: datetime) -> datetime | None:
    """The end of the day that a page claims, never in the future: pages tell days, and a late hour errs to the news."""
    try:
        day = date.fromisoformat(page.published_raw)
    except ValueError:
        return None
    end = datetime.combine(day, time(23, 59), ZoneInfo(feed.time_zone))
    return min(end.astimezone(UTC), now)
