"""Trying a source without keeping anything: what would come out of it, and what the keywords would say."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor import sources
from monitor.app.wire import Wire
from monitor.errors import FetchError, ParseError, WorkerError
from monitor.ingest.answers import answers, ask
from monitor.ingest.pages import article_of
from monitor.ingest.reading import read_page
from monitor.matching.engine import Matcher
from monitor.model import LANGUAGES, Article, Entry, Feed, FeedState, Finding, Page, Parsed, Request, Response
from monitor.policy.firstlook import first_look, main_language
from monitor.store.entries import Fresh

FEEDS_AT_ONCE = 60  # as many as the daemon asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item that would come out; `page` is its own page when that was asked for, `trouble` what went wrong there."""

    fresh: Fresh
    article: Article
    page: Page | None = None
    trouble: str = ""
    finding: Finding | None = None

    @property
    def entry(self) -> Entry:
        """The item as the source said it."""
        return self.fresh.entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one source answered: its items, and what a person should know; or the `kind` of error and what it `said`.

    `guess` are the selectors by which its list was found, where the entry names none.
    """

    feed: Feed
    response: Response | None = None
    title: str = ""
    items: tuple[Item, ...] = ()
    guess: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    kind: str = ""
    said: str = ""

    @property
    def ok(self) -> bool:
        """Whether something would come out."""
        return not self.kind


async def try_feed(wire: Wire, feed: Feed, kinds: Sequence[str] = ()) -> Trial:
    """Ask a source as the daemon would the first time; whatever goes wrong is in the trial.

    With `kinds` its answer is read as each of them until one finds something; the trial's feed has that kind.
    """
    known = sources.by_kind()
    feeds = [replace(feed, kind=kind) for kind in kinds if kind in known] or [feed]
    try:
        response = await ask(wire, feeds[0], FeedState(feed_id=feed.id))
    except FetchError as error:
        return Trial(feed=feeds[0], kind=error.kind, said=str(error))
    trials = []
    for one in feeds:
        trials.append(await _read(wire, one, response, is_known=not kinds))
        if trials[-1].ok and one.kind != feeds[0].kind:
            trials[-1] = await _where_allowed(wire, trials[-1])
        if trials[-1].ok:
            return trials[-1]
    return trials[0] if trials[-1].kind == "not-a-page" else trials[-1]  # what a page lacks says more than "no feed"


async def _where_allowed(wire: Wire, trial: Trial) -> Trial:
    """The trial, unless its page was looked at for another kind and robots.txt asks us not to come again."""
    if not getattr(sources.by_kind()[trial.feed.kind], "SCRAPED", False):
        return trial
    try:
        await wire.robots.check(Request(url=trial.feed.url, proxy=trial.feed.proxy))
    except FetchError as error:
        return replace(trial, items=(), doubts=(), kind=error.kind, said=str(error))
    return trial


async def _read(wire: Wire, feed: Feed, response: Response, *, is_known: bool) -> Trial:
    """What an answer says; of a source that nobody described, its own items tell the language."""
    try:
        parsed = (await answers(wire, feed, FeedState(feed_id=feed.id), response)).parsed
    except (FetchError, ParseError, WorkerError) as error:
        return Trial(feed=feed, response=response, kind=error.kind, said=str(error))
    feed = feed if is_known else in_its_language(feed, parsed.entries)
    return Trial(
        feed=feed,
        response=response,
        title=parsed.title,
        items=items_of(feed, parsed, response.received_at),
        guess=parsed.memory.get("guess") or {},
        doubts=first_look(feed, response, parsed.entries),
        kind="" if parsed.entries else "empty",
        said="" if parsed.entries else "nothing is in it",
    )


def items_of(feed: Feed, parsed: Parsed, now: datetime) -> tuple[Item, ...]:
    """The items of an answer, as far as they are known without their pages."""
    fresh = (Fresh(entry=entry, keys=keys) for entry, keys in zip(parsed.entries, parsed.keys, strict=True))
    return tuple(Item(fresh=one, article=article_of(feed, one, Page(), now)) for one in fresh)


def at_home(trial: Trial) -> Trial:
    """The trial with the address that the source has moved to for good."""
    response = trial.response
    if response is None or not response.moved_to:
        return trial
    return replace(trial, feed=replace(trial.feed, url=response.moved_to))


def in_its_language(feed: Feed, entries: Sequence[Entry]) -> Feed:
    """The source with the language of most of its headlines, if that is one of ours."""
    found = main_language(entries)
    return next((replace(feed, lang=lang) for lang in LANGUAGES if lang == found), feed)


async def try_feeds(wire: Wire, feeds: Sequence[Feed], done: Callable[[Trial], None] | None = None) -> list[Trial]:
    """Many at once, in the order of `feeds`; `done` hears of each as it is known."""
    places = asyncio.Semaphore(FEEDS_AT_ONCE)

    async def one(feed: Feed) -> Trial:
        async with places:
            trial = await try_feed(wire, feed)
        if done:
            done(trial)
        return trial

    return list(await asyncio.gather(*map(one, feeds)))


async def with_pages(wire: Wire, trial: Trial, count: int) -> Trial:
    """The trial with the pages of its first `count` items read."""
    read = [await with_page(wire, trial.feed, item) for item in trial.items[:count]]
    return replace(trial, items=(*read, *trial.items[count:]))


async def with_page(wire: Wire, feed: Feed, item: Item) -> Item:
    """The item with its own page read, or what went wrong there."""
    if not item.entry.url:
        return replace(item, page=Page(), trouble="an item without a link")
    if item.entry.url == feed.url:
        return item  # a watched page has been read already
    try:
        response = await wire.robots.get(Request(url=item.entry.url, proxy=feed.proxy, named_by=feed.url))
        page: Page = await wire.worker.run(read_page, feed, response)
    except (FetchError, ParseError, WorkerError) as error:
        return replace(item, page=Page(), trouble=f"{error} ({error.kind})")
    article = article_of(feed, item.fresh, page, wire.clock())
    return replace(item, article=article, page=page, trouble="" if page.text else "no text found on the page")


def matched(trial: Trial, matcher: Matcher) -> Trial:
    """The trial with what the keywords say of each item."""

    def found(item: Item) -> Finding:
        return matcher.find(item.article.title, item.article.text, prior=trial.feed.lang, scope=trial.feed.scope)

    return replace(trial, items=tuple(replace(item, finding=found(item)) for item in trial.items))
