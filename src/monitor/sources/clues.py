"""What a site's page says of where its news can be read: named feeds, Telegram channels, sections with lists of news."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from monitor.model import Clues, Response
from monitor.sources.webpage import Webpage, open_page, words
from monitor.text.urls import canonical, host

_FEED_TYPE = re.compile(
    r"application/(?:rss|atom|feed)\+(?:xml|json)|text/xml|application/(?:xml|rdf\+xml)", re.IGNORECASE
)
_FEED_PATH = re.compile(r"(?:^|[/._?=-])(?:rss2?|feeds?|atom)(?:[/._?=&-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE)
_ABOUT_COMMENTS = re.compile(r"comment|коммент|пікір", re.IGNORECASE)
_TELEGRAM = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})
_HANDLE = re.compile(r"/(?:s/)?(?P<handle>[A-Za-z]\w{3,31})(?:/\d*)?/?", re.ASCII)
# What stands in the place of a channel's name and is none; buttons for sharing above all.
_NO_HANDLE = frozenset({"share", "joinchat", "addstickers", "addemoji", "proxy", "socks", "iv", "setlanguage", "login"})
# The last step of an address behind which a list of news stands, in three languages and their spellings.
_SECTION = re.compile(
    r"(?:all|last|latest)?[-_]?(?:news|novosti|lenta)|latest|(?:zh|j)an(?:g|h)?al[iy][kq]tar|last[-_]?news",
    re.IGNORECASE,
)
_DEEPEST_SECTION = 3  # steps of a path
_SECTION_WORDS = re.compile(
    r"(?:все |последние |барлық |соңғы |latest |all )?(?:новости|жаңалықтар|лента(?: новостей)?|news)", re.IGNORECASE
)
_MOST = 8  # of each: what comes later on a page is rarely the site's own


def clues(response: Response) -> Clues:
    """Where the news of a site may be, by one of its pages. Raises ParseError for what is no page, or a wall."""
    page = open_page(response)
    title = page.tree.css_first("meta[property='og:site_name']")
    head = page.tree.css_first("title")
    named = (title.attributes.get("content") or "") if title is not None else words(head) if head is not None else ""
    anchors = [(link, words(node)) for node in page.tree.css("a[href]") if (link := page.link(node))]
    own = [(link, said) for link, said in anchors if _is_own(link, page)]
    return Clues(
        title=" ".join(named.split())[:200],
        feeds=_first_ones([*_named_feeds(page), *(link for link, _ in anchors if _looks_like_feed(link, page))]),
        channels=_channels(link for link, _ in anchors),
        sections=_first_ones(link for link, said in own if _is_section(link, said)),
    )


def _named_feeds(page: Webpage) -> Iterator[str]:
    """What `<link rel=alternate>` names, but not the comments."""
    for node in page.tree.css("link[href][type]"):
        attributes = node.attributes
        about = f"{attributes.get('title') or ''} {attributes.get('href') or ''}"
        is_feed = _FEED_TYPE.fullmatch((attributes.get("type") or "").split(";")[0].strip())
        if is_feed and "alternate" in (attributes.get("rel") or "").lower() and not _ABOUT_COMMENTS.search(about):
            yield page.link(node)


def _looks_like_feed(link: str, page: Webpage) -> bool:
    parts = urlsplit(link)
    told = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return bool(_FEED_PATH.search(told)) and _is_own(link, page) and not _ABOUT_COMMENTS.search(told)


def _channels(links: Iterator[str]) -> tuple[str, ...]:
    """Telegram channels by their names, the one that is linked most often first."""
    counted: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for link in links:
        parts = urlsplit(link)
        found = (
            _HANDLE.fullmatch(parts.path) if host(link) in _TELEGRAM and "url" not in parse_qs(parts.query) else None
        )
        if found and found["handle"].lower() not in _NO_HANDLE and not found["handle"].lower().endswith("bot"):
            counted[found["handle"].lower()] += 1
            spelled.setdefault(found["handle"].lower(), found["handle"])
    return tuple(spelled[name] for name, _ in counted.most_common(_MOST))


def _is_section(link: str, said: str) -> bool:
    """Whether a link leads to a list of news, by the last step of its address or by its words."""
    parts = urlsplit(link)
    steps = [step for step in parts.path.split("/") if step]
    if parts.query or not 0 < len(steps) <= _DEEPEST_SECTION:
        return False
    return bool(_SECTION.fullmatch(steps[-1].removesuffix(".html")) or _SECTION_WORDS.fullmatch(said))


def _is_own(link: str, page: Webpage) -> bool:
    """Whether a link stays within the site, its editions below the same domain included."""
    here, there = host(canonical(page.address)), host(canonical(link))
    return there == here or there.endswith(f".{here}") or here.endswith(f".{there}")


def _first_ones(links: "Iterator[str] | list[str]") -> tuple[str, ...]:
    """The first few different addresses."""
    return tuple(dict.fromkeys(filter(None, links)))[:_MOST]
