"""One feed's turn, and a cycle of turns: from the wire to the transaction."""

import asyncio
import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import structlog

from monitor.errors import FetchError, ParseError, WorkerError
from monitor.ingest import baseline
from monitor.ingest.answers import NOT_MODIFIED, answers, ask, remaining_looks
from monitor.ingest.bulkhead import contained
from monitor.ingest.desk import FEEDS_OF_A_HOST, CycleReport, Desk, FeedReport, Progress, Turn
from monitor.ingest.held import release, store
from monitor.ingest.keep import Draft
from monitor.ingest.owed import repay
from monitor.ingest.pages import article_of, need_pages, read_pages
from monitor.model import Feed, FeedState, Page, Parsed
from monitor.policy import polling
from monitor.policy.identity import is_quarantined
from monitor.schema import transaction, unhurried
from monitor.store import entries as entry_store
from monitor.store import facts
from monitor.store import feeds as feed_store
from monitor.store.entries import Fresh
from monitor.text.urls import host

log = structlog.get_logger("monitor.ingest")

GOOD_CYCLE = "last good cycle"
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


async def cycle(desk: Desk, *, everything: bool = False, progress: Progress | None = None) -> CycleReport:
    """Ask every feed that is due (or every feed), then say the few of a first reading that may be said.

    A feed's failure stays its own; it is in the report and in the feed's state.
    """
    now = desk.clock()
    _agree(desk, now)
    released = release(desk, now)
    enabled = [feed for feed in desk.feeds if feed.enabled]
    due = enabled if everything else polling.due(enabled, feed_store.timetable(desk.db), now)
    wanted = [feed for feed in due if feed.id not in desk.busy]
    desk.busy.update(feed.id for feed in wanted)
    report, asking = CycleReport(), {feed.id for feed in wanted}
    places = asyncio.Semaphore(desk.feeds_at_once)
    hosts = defaultdict[str, asyncio.Semaphore](partial(asyncio.Semaphore, FEEDS_OF_A_HOST))

    async def turn(feed: Feed) -> None:
        try:
            async with hosts[host(feed.url)], places:
                one = await poll(desk, feed)
            asking.discard(feed.id)
            if not asking:
                desk.unchanged.write()
            if one.written:
                await one.written.wait()
        finally:
            desk.busy.discard(feed.id)
        report.feeds.append(one)
        if progress:
            progress(one)

    async with asyncio.TaskGroup() as group:
        repaid = group.create_task(repay(desk))
        for feed in wanted:
            group.create_task(turn(feed))
    report.settled_queued = released + repaid.result() + baseline.settle(desk, desk.clock())
    if wanted and len(report.failed) < len(wanted):
        with transaction(desk.db) as db:
            facts.remember(db, GOOD_CYCLE, str(len(wanted)), desk.clock())
    return report


def _agree(desk: Desk, now: datetime) -> None:
    """Make the table agree with the feeds, unless it does: a cycle begins every few seconds."""
    if any(feeds is desk.feeds for feeds in desk.agreed):
        return
    with transaction(desk.db) as db:
        feed_store.sync(db, desk.feeds, now)
    desk.agreed[:] = [desk.feeds]


async def poll(desk: Desk, feed: Feed) -> FeedReport:
    """One feed's turn, behind a bulkhead: whatever goes wrong here is written down and disturbs nobody else."""
    report = FeedReport(feed_id=feed.id)
    turn = _guarded_turn(desk, feed, report)
    return await contained(turn, lambda error: _broke(desk, feed, error, report), feed=feed.id)


async def _guarded_turn(desk: Desk, feed: Feed, report: FeedReport) -> FeedReport:
    """One feed's turn; the errors that servers and documents cause are written down."""
    try:
        async with desk.fetcher.room.turn():
            await _turn(desk, feed, feed_store.state(desk.db, feed.id), report)
    except (FetchError, ParseError, WorkerError) as error:
        _failed(desk, feed, error, report)
    return report


def _broke(desk: Desk, feed: Feed, error: Exception, report: FeedReport) -> FeedReport:
    """Write down a failure nobody thought of; a database that takes nothing now is no reason to stop the others."""
    try:
        _failed(desk, feed, error, report)
    except sqlite3.Error:
        log.exception("a feed's failure could not be written down", feed=feed.id)
    return report


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
    response = await ask(desk, feed, state)
    desk.witnesses.note(response)
    body_hash = hashlib.sha256(response.body).hexdigest()
    if response.status == NOT_MODIFIED or body_hash == state.body_hash:
        headers = {} if response.status == NOT_MODIFIED else response.headers
        after = polling.after_unchanged(feed, state, desk.clock(), validators=headers)
        report.unchanged, report.written = True, desk.unchanged.note(state, after)
        return
    told = await answers(desk, feed, state, response, words=desk.words)
    parsed = told.parsed
    report.seen = len(parsed.entries)
    fresh = _unread(desk, feed, state, parsed, report)
    news = [one.entry for one in fresh if one.article_id is None]
    after = polling.after_success(feed, state, response, parsed, desk.clock(), body_hash=body_hash, news=news)
    by_page = need_pages(feed, fresh)
    looks = parsed.looks
    if desk.words and not by_page:
        looks = await remaining_looks(desk, feed, [one.entry for one in fresh], parsed, desk.words)
    turn = Turn(
        desk=desk,
        feed=feed,
        state=state,
        listed_in=told.of,
        report=report,
        looks=looks,
        quarantined=is_quarantined(after),
    )
    if by_page:
        await read_pages(turn, fresh)
        fresh = ()
    with unhurried(desk.db), transaction(desk.db) as db:  # what is said is on the disk first: the outbox sees to that
        now = desk.clock()
        for one in fresh:
            store(turn, Draft(fresh=one, article=article_of(feed, one, Page(), now)), now)
        feed_store.polled(db, after)
    if after.last_error is not None:  # kept as far as it goes, and no good answer all the same
        report.error_kind, report.error = after.last_error_kind, after.last_error
        log.warning("feed cut off", feed=feed.id, kind=report.error_kind, error=report.error)


def _unread(desk: Desk, feed: Feed, state: FeedState, parsed: Parsed, report: FeedReport) -> tuple[Fresh, ...]:
    """What an answer brought that we do not have yet, in the order in which it is to be judged."""
    unread = entry_store.unknown(desk.db, feed, parsed.entries, parsed.keys, parsed.memory)
    report.new = sum(fresh.article_id is None for fresh in unread.fresh)
    if unread.migrated:
        log.warning("the feed changed all its ids; what was there before is read as for the first time", feed=feed.id)
        with transaction(desk.db) as db:  # a crash between two of its pages must not turn the others into news
            feed_store.polled(db, replace(state, baselined_at=None))
    return _in_order(unread.fresh, first_reading=state.baselined_at is None)


def _in_order(fresh: Sequence[Fresh], *, first_reading: bool) -> tuple[Fresh, ...]:
    """Oldest first, so that alerts come in the order of events; then the past, newest first."""
    ordered = list(reversed(fresh))  # feeds list the newest first; what has no date keeps that order
    ordered.sort(key=lambda one: one.entry.published_at or BEFORE_ALL)
    past = [one for one in ordered if first_reading or one.is_past]
    news = [one for one in ordered if not first_reading and not one.is_past]
    return (*news, *reversed(past))
