"""The article's own page: fetched where it is wanted and allowed, read in the worker; the summary when it cannot be had."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from monitor.errors import FetchError, ParseError, WorkerError
from monitor.extract import extract
from monitor.ingest.desk import Desk, Turn
from monitor.ingest.held import store
from monitor.ingest.keep import Draft
from monitor.model import Article, Entry, Feed, Page, Request, Response
from monitor.schema import transaction
from monitor.store.articles import Fresh
from monitor.text.fold import clean
from monitor.text.prints import fingerprint
from monitor.text.urls import words_of

log = structlog.get_logger("monitor.ingest")

# A feed that brings more new articles than this in one turn gets the rest read from their summaries: a polite guest
# does not fetch a hundred pages in a row.
PAGES_A_TURN = 40
# A first reading fetches pages only of what it may say.
PAGES_OF_A_BASELINE = timedelta(days=1)


def need_pages(feed: Feed, fresh: Sequence[Fresh]) -> bool:
    """Whether pages are to be read: where the feed says so, and where an entry is nothing but an address."""
    return feed.full_text or any(one.entry.url and not one.entry.title for one in fresh)


async def read_pages(turn: Turn, fresh: Sequence[Fresh]) -> None:
    """Fetch and keep one article after the other, so that the first alert does not wait for the last page."""
    desk, feed = turn.desk, turn.feed
    for place, one in enumerate(fresh):
        page, page_response = Page(), None
        if place < PAGES_A_TURN and _wants_page(turn, one.entry, desk.clock()):
            page, page_response = await _page(desk, feed, one.entry)
        with transaction(desk.db):
            now = desk.clock()
            store(turn, Draft(fresh=one, article=article_of(feed, one, page, now), page_response=page_response), now)


def _wants_page(turn: Turn, entry: Entry, now: datetime) -> bool:
    """A first reading looks only at pages of the last day; older ones are archive and their summary will do."""
    is_wanted = turn.feed.full_text or not entry.title
    if not is_wanted or not entry.url or entry.url == turn.feed.url:  # a watched page has been read already
        return False
    if turn.state.baselined_at is not None:
        return True
    return entry.published_at is not None and now - entry.published_at <= PAGES_OF_A_BASELINE


async def _page(desk: Desk, feed: Feed, entry: Entry) -> tuple[Page, Response | None]:
    """The article's own page, or nothing when it cannot be had: the summary must do then."""
    try:
        response = await desk.robots.get(Request(url=entry.url, proxy=feed.proxy))
        page: Page = await desk.worker.run(
            extract, response.body, response.url, response.headers.get("content-type"), feed.select.get("text", "")
        )
    except (FetchError, ParseError, WorkerError) as error:
        log.info("page not read; the summary must do", feed=feed.id, kind=error.kind)
        return Page(), None
    return page, response


def article_of(feed: Feed, fresh: Fresh, page: Page, now: datetime) -> Article:
    """The item as we understand it: the feed's own title, the page's text where it says more than the summary.

    An item that is nothing but an address, whose page cannot be had, is called by the words in its address.
    """
    entry = fresh.entry
    title = entry.title or clean(page.title, one_line=True) or words_of(entry.url)
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
