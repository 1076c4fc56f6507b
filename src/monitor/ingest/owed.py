"""Pages that are owed: asked for again, and when one comes its article is read anew, as a later version of itself."""

from dataclasses import replace

from monitor.ingest.bulkhead import contained
from monitor.ingest.desk import Desk, FeedReport, Turn
from monitor.ingest.keep import Draft, keep
from monitor.ingest.pages import Got, article_of, get_page
from monitor.model import Feed, Response
from monitor.policy.identity import is_quarantined
from monitor.schema import transaction
from monitor.store import feeds as feed_store
from monitor.store import owed as owed_store
from monitor.store.entries import Fresh
from monitor.store.owed import Owed
from monitor.text.urls import words_of

PAGES_A_CYCLE = 10


async def repay(desk: Desk) -> int:
    """Ask for a few of the pages that are due; returns the messages queued. One that breaks something breaks alone."""
    with transaction(desk.db) as db:
        due = owed_store.claim(db, desk.clock(), PAGES_A_CYCLE)
    queued = 0
    for one in due:
        async with desk.fetcher.room.turn():
            queued += await contained(_repay(desk, one), lambda _: 0, feed=one.fresh.entry.feed_id)
    return queued


async def _repay(desk: Desk, one: Owed) -> int:
    feed = desk.feeds_by_id.get(one.fresh.entry.feed_id)
    got = await get_page(desk, feed, one.fresh.entry.url) if feed is not None and feed.enabled else Got()
    if got.later and not one.is_last:
        return 0
    with transaction(desk.db) as db:
        owed_store.settle(db, one.article_id)
        return _read_again(desk, feed, one.fresh, got) if feed is not None and got.response is not None else 0


def _read_again(desk: Desk, feed: Feed, fresh: Fresh, got: Got) -> int:
    """Keep and judge an article with its page; what comes from a feed in quarantine is left as it is."""
    state, now = feed_store.state(desk.db, feed.id), desk.clock()
    if is_quarantined(state):
        return 0
    if fresh.entry.title == words_of(fresh.entry.url):  # it had no title of its own
        fresh = replace(fresh, entry=replace(fresh.entry, title=""))
    long_ago = Response(url=feed.url, status=200, headers={}, body=b"", received_at=now)
    report = FeedReport(feed_id=feed.id)
    turn = Turn(desk=desk, feed=feed, state=state, listed_in=lambda _: long_ago, report=report)
    keep(turn, Draft(fresh=fresh, article=article_of(feed, fresh, got.page, now), page_response=got.response), now)
    return report.queued
