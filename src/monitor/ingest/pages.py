"""The article's own page: fetched where it is wanted and allowed, read in the worker; the summary when it cannot be had."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from monitor.errors import FetchError, ParseError, WorkerError
from monitor.ingest.desk import Desk, Turn
from monitor.ingest.held import store
from monitor.ingest.keep import Draft
from monitor.ingest.reading import read_page
from monitor.model import Article, Feed, Page, Request, Response
from monitor.schema import transaction
from monitor.sources.added import added, sentences_of
from monitor.store import owed as owed_store
from monitor.store.entries import Fresh
from monitor.text.fold import clean
from monitor.text.prints import fingerprint
from monitor.text.urls import words_of

log = structlog.get_logger("monitor.ingest")

# A feed that brings more new articles than this in one turn gets the rest read from their summaries: a polite guest
# does not fetch a hundred pages in a row.
PAGES_A_TURN = 40
# A first reading fetches pages only of what it may say.
PAGES_OF_A_BASELINE = timedelta(days=1)
_LONGEST_LEAD = 1_000  # characters; longer summaries are articles, with all that stands around them
_WORDS_OF_A_SENTENCE = 4  # "Read on" is none
# What may be another way in a few minutes: the network and a server's bad moments, not walls and wishes.
PASSING = frozenset({"timeout", "dns", "connect", "protocol", "truncated", "throttled", "status", "proxy"})


def need_pages(feed: Feed, fresh: Sequence[Fresh]) -> bool:
    """Whether pages are to be read: where the feed says so, and where an entry is nothing but an address."""
    return feed.full_text or any(one.entry.url and not one.entry.title for one in fresh)


async def read_pages(turn: Turn, fresh: Sequence[Fresh]) -> None:
    """Fetch and keep one article after the other, so that the first alert does not wait for the last page.

    A page that could not be had just now is owed: the article is kept and judged without it, and read again later.
    """
    desk, feed = turn.desk, turn.feed
    asked = 0
    for one in fresh:
        got, owed = Got(), False
        if _wants_page(turn, one, desk.clock()):
            owed = asked >= PAGES_A_TURN
            asked += 1
            got = Got() if owed else await get_page(desk, feed, one.entry.url)
        with transaction(desk.db) as db:
            now = desk.clock()
            article = article_of(feed, one, got.page, now)
            store(turn, Draft(fresh=one, article=article, page_response=got.response), now)
            if (owed or got.later) and not turn.quarantined:
                owed_store.owe(db, feed.id, one.keys.guid, now if owed else now + owed_store.PAUSE)


def _wants_page(turn: Turn, fresh: Fresh, now: datetime) -> bool:
    """A first reading looks only at pages of the last day; older ones are archive and their summary will do."""
    entry = fresh.entry
    is_wanted = turn.feed.full_text or not entry.title
    if not is_wanted or not entry.url or entry.url == turn.feed.url:  # a watched page has been read already
        return False
    if turn.known_before(fresh).baselined_at is not None:
        return True
    return entry.published_at is not None and now - entry.published_at <= PAGES_OF_A_BASELINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What asking for a page brought: the page and the answer it came in, or neither; `later` it may be had."""

    page: Page = field(default_factory=Page)
    response: Response | None = None
    later: bool = False


async def get_page(desk: Desk, feed: Feed, url: str) -> Got:
    """The article's own page, or nothing when it cannot be had: the summary must do then."""
    try:
        response = await desk.robots.get(Request(url=url, proxy=feed.proxy, named_by=feed.url))
        page: Page = await desk.worker.run(read_page, feed, response)
    except (FetchError, ParseError, WorkerError) as error:
        log.info("page not read; the summary must do", feed=feed.id, kind=error.kind)
        return Got(later=isinstance(error, FetchError) and error.kind in PASSING and not error.permanent)
    return Got(page=page, response=response)


def article_of(feed: Feed, fresh: Fresh, page: Page, now: datetime) -> Article:
    """The item as we understand it: the feed's own title, the page's text where it says more than the summary.

    An item that is nothing but an address, whose page cannot be had, is called by the words in its address.
    """
    entry = fresh.entry
    title = entry.title or clean(page.title, one_line=True) or words_of(entry.url)
    text = _with_lead(entry.summary, page.text) if len(page.text) > len(entry.summary) else entry.summary
    return Article(
        id=fresh.article_id or 0,
        feed_id=feed.id,
        url=entry.url,
        url_key=fresh.keys.address if entry.url else fresh.keys.url,
        shares_address=fresh.keys.shares_address,
        title=title,
        text=text,
        author=entry.author or page.author,
        forwarded_from=entry.forwarded_from,
        published_at=entry.published_at or _day_of(page, feed, now),
        seen_at=now,
        fingerprint=fresh.keys.text if (title, text) == (entry.title, entry.summary) else fingerprint(title, text),
    )


def _with_lead(summary: str, text: str) -> str:
    """A page's text, behind what a short summary says and the page does not: extractors lose leads, and walls are texts."""
    if len(summary) > _LONGEST_LEAD:
        return text
    missing = added(sentences_of(text), sentences_of(summary))
    return "\n".join([*(one for one in missing if len(one.split()) >= _WORDS_OF_A_SENTENCE), text])


def _day_of(page: Page, feed: Feed, now: datetime) -> datetime | None:
    """The end of the day that a page claims, never in the future: pages tell days, and a late hour errs to the news."""
    try:
        day = date.fromisoformat(page.published_raw)
    except ValueError:
        return None
    end = datetime.combine(day, time(23, 59), ZoneInfo(feed.time_zone))
    return min(end.astimezone(UTC), now)
