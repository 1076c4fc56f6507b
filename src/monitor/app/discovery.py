"""Where the news of a site can be read: everything that looks like it is asked, and only what answers counts.

the page itself | feeds it names | sitemaps of robots.txt | usual addresses | sections with lists | channels
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from monitor import sources
from monitor.app.describing import likely_kinds, title_of, unknown_feed
from monitor.app.tryout import Trial, at_home, try_feed
from monitor.app.wire import Wire
from monitor.errors import FetchError, ParseError, WorkerError
from monitor.model import Clues, Request
from monitor.policy.firstlook import ASLEEP
from monitor.sources.clues import clues
from monitor.text.decode import decode
from monitor.text.urls import canonical, web_link

# Where the common systems keep their feeds: WordPress, Bitrix, DataLife Engine and home-made ones, RFE/RL, SPIP.
FEED_PATHS = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/rss/",
    "/atom.xml",
    "/index.xml",
    "/api/",
    "/spip.php?page=backend",
)
SITEMAP_PATHS = ("/sitemap-news.xml", "/news-sitemap.xml", "/sitemap.news.xml", "/sitemap.xml")
SITEMAPS, SECTIONS, CHANNELS = 4, 3, 2  # of each that are tried
ORDER = ("rss", "sitemap", "listing", "plain sitemap", "telegram")  # as long as they are awake
NAMED_SITEMAP = re.compile(r"^\s*sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)

Heard = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One address that was tried, and how it was come by."""

    trial: Trial
    how: str

    @property
    def newest(self) -> datetime | None:
        """When its newest item was published."""
        return max((item.article.published_at for item in self.trial.items if item.article.published_at), default=None)

    @property
    def sort(self) -> str:
        """Its kind; a sitemap without headlines, whose every address must be looked up, is another one."""
        kind, items = self.trial.feed.kind, self.trial.items
        return "plain sitemap" if kind == "sitemap" and not any(item.entry.title for item in items) else kind

    @property
    def is_asleep(self) -> bool:
        """Whether its newest item is so old that it is probably forgotten."""
        response = self.trial.response
        return bool(response and self.newest and response.received_at - self.newest > ASLEEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a site offers, the best first; with `kind` and `said` when its page could not be had."""

    site: str
    title: str = ""
    candidates: tuple[Candidate, ...] = ()
    kind: str = ""
    said: str = ""

    @property
    def best(self) -> Candidate | None:
        """The one that stands for the site: the first that answers."""
        return next((one for one in self.candidates if one.trial.ok), None)


async def discover(wire: Wire, url: str, *, heard: Heard = lambda _url: None) -> Discovery:
    """Everything that a site offers; `heard` is told each address before it is asked."""
    search = _Search(wire, url, heard)
    itself = await search.first([url], likely_kinds(url), "the address itself")
    if itself.kind == "connect" and url.startswith("https://"):
        url = url.replace("https://", "http://", 1)
        itself = await search.first([url], likely_kinds(url), "the address itself")
    if itself.response is None:
        return Discovery(site=url, kind=itself.kind, said=itself.said)
    if itself.ok and itself.feed.kind != "listing":
        return Discovery(site=url, title=title_of(itself), candidates=search.ranked())
    found = await _clues(wire, itself)
    await search.all(found.feeds, "rss", "named on the page")
    if not search.has("rss"):
        await search.first(_at_root(url, FEED_PATHS), ("rss",), "a usual address")
    await search.all((await _named_sitemaps(wire, url))[:SITEMAPS], "sitemap", "named in robots.txt")
    if not search.has("sitemap"):
        await search.first(_at_root(url, SITEMAP_PATHS), ("sitemap",), "a usual address")
    await search.all(found.sections[:SECTIONS], "listing", "a section of the site")
    await search.all([f"https://t.me/s/{name}" for name in found.channels[:CHANNELS]], "telegram", "linked on the page")
    return Discovery(site=url, title=found.title, candidates=search.ranked())


class _Search:
    """What was tried so far; nothing is asked twice, and of two addresses that lead to the same place one counts."""

    def __init__(self, wire: Wire, site: str, heard: Heard) -> None:
        self._wire, self._site, self._heard = wire, site, heard
        self._asked: set[tuple[str, str]] = set()
        self._found: dict[tuple[str, str], Candidate] = {}

    async def first(self, urls: Iterable[str], kinds: Sequence[str], how: str) -> Trial:
        """Try one address after the other until one answers; the last trial of them."""
        trial = Trial(feed=unknown_feed(""), kind="unknown", said="no address to try")
        for url in urls:
            trial = await self._try(url, kinds, how) or trial
            if trial.ok:
                break
        return trial

    async def all(self, urls: Iterable[str], kind: str, how: str) -> None:
        """Try every address as this kind."""
        for url in urls:
            await self._try(url, (kind,), how)

    def has(self, kind: str) -> bool:
        """Whether something of this kind answered and is awake."""
        return any(one.trial.ok and one.trial.feed.kind == kind and not one.is_asleep for one in self._found.values())

    def ranked(self) -> tuple[Candidate, ...]:
        """What answered first, then what is awake, then the surer kinds, then the fewer doubts."""

        def rank(one: Candidate) -> tuple[bool, bool, int, int]:
            return not one.trial.ok, one.is_asleep, ORDER.index(one.sort), len(one.trial.doubts)

        return tuple(sorted(self._found.values(), key=rank))

    async def _try(self, url: str, kinds: Sequence[str], how: str) -> Trial | None:
        known = [kind for kind in kinds if kind in sources.by_kind() and (kind, url) not in self._asked]
        if not known:
            return None
        self._asked |= {(kind, url) for kind in known}
        try:
            self._wire.fetcher.check(Request(url=url, named_by=self._site))
        except FetchError:
            return None  # a site names nothing inside
        self._heard(url)
        trial = await try_feed(self._wire, unknown_feed(url), known)
        if trial.ok or how in {"the address itself", "named on the page", "linked on the page"}:
            where = canonical(trial.response.url) if trial.response else canonical(url)
            self._found.setdefault((trial.feed.kind, where), Candidate(trial=at_home(trial), how=how))
        return trial


async def _clues(wire: Wire, itself: Trial) -> Clues:
    try:
        found: Clues = await wire.worker.run(clues, itself.response)
    except (ParseError, WorkerError):
        return Clues()
    return found


async def _named_sitemaps(wire: Wire, url: str) -> list[str]:
    """The sitemaps that robots.txt names, those of news first; none when there is no such file."""
    try:
        response = await wire.fetcher.get(Request(url=urljoin(url, "/robots.txt")))
    except FetchError:
        return []
    named = NAMED_SITEMAP.findall(decode(response.body, response.headers.get("content-type", "")))
    links = [link for one in named if (link := web_link(one if "://" in one else _joined(url, one)))]
    return sorted(dict.fromkeys(links), key=lambda link: "news" not in link)


def _joined(url: str, path: str) -> str:
    """An address below another one; empty for nonsense such as `http://[`."""
    try:
        return urljoin(url, path)
    except ValueError:
        return ""


def _at_root(url: str, paths: Sequence[str]) -> list[str]:
    """The usual places of a site; for a section of it, WordPress's place below the section first."""
    below = [f"{url.rstrip('/')}{path}" for path in paths[:1] if urlsplit(url).path.strip("/")]
    return [*below, *(urljoin(url, path) for path in paths)]
