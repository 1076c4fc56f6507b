"""Handing pieces to feedparser, which stays the one parser: as UTF-8, never a path, and one bad item at its own cost.

All wanted items go in together inside the feed's own head and tail. Only when that is not well-formed are the broken
ones taken out and read alone, so that one bad byte does not push the whole feed through the guessing parser.
"""

import html
import importlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax import SAXException

from monitor.sources.entities import mended
from monitor.sources.entries import Fields
from monitor.sources.slimming import is_trap, slim
from monitor.sources.splitting import Dialect, Pieces, is_well_formed

# What feedparser raises on hostile input, as fuzzing found it.
FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    SAXException,
    TypeError,
    ValueError,
)
_MAX_FRAME = 262_144  # heads and tails are a few kilobytes; a larger one is a trap and is replaced
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "georss": "http://www.georss.org/georss",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "thr": "http://purl.org/syndication/thread/1.0",
        "wfw": "http://wellformedweb.org/CommentAPI/",
        "yandex": "http://news.yandex.ru",
        "turbo": "http://turbo.yandex.ru",
    }.items()
)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_OWN_FRAMES: Mapping[Dialect, tuple[str, str]] = {
    "rss": (f'<rss version="2.0" {_NAMESPACES}><channel>', "</channel></rss>"),
    "rdf": (f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {_NAMESPACES}>', "</rdf:RDF>"),
    "atom": (f'<feed xmlns="http://www.w3.org/2005/Atom" {_NAMESPACES}>', "</feed>"),
}
_ROOT_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
# feedparser looks for an e-mail address in these with an expression that is quadratic in their length.
_LONG_NAME = re.compile(
    r"(<(?:[\w.-]{1,40}:)?(?:author|creator|contributor|publisher|managingEditor|webMaster|name|email)\b[^<>]{0,200}>"
    r"(?:\s{0,20}<!\[CDATA\[)?[^<]{300})[^<\]]+",
    re.IGNORECASE,
)


_FIELDS = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "id": "id",
    "description": "summary",
    "summary": "summary",
    "pubdate": "published",
    "published": "published",
    "updated": "updated",
}
_WORDS = frozenset({"title", "summary", "content"})  # an item with none of these says nothing
_SIMPLE = re.compile(
    rf"<({'|'.join(_FIELDS)})(?:\s[^<>]{{0,200}})?>([^<]*|\s*<!\[CDATA\[.*?\]\]>\s*)</\1\s*>", re.IGNORECASE | re.DOTALL
)
_SECTION = re.compile(r"\s*<!\[CDATA\[(.*?)\]\]>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What feedparser made of one document; nothing at all when it raised."""

    title: str = ""
    entries: tuple[Fields, ...] = ()
    well_formed: bool = False

    def is_good_for(self, items: Sequence[str]) -> bool:
        """Whether every item of a well-formed document became one entry."""
        return self.well_formed and len(self.entries) == len(items)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What stands around the items."""

    head: str
    tail: str

    def document(self, items: Sequence[str]) -> str:
        """A feed of these items."""
        return "".join((_DECLARATION, self.head, *items, self.tail))

    def read_strictly(self, items: Sequence[str]) -> _Read:
        """What feedparser says of a document of these items, if that is well-formed."""
        try:
            about, entries = _strictly().parse(self._bytes(items))
        except (ExpatError, *FAILURES):
            return _Read()
        return _Read(title=str(about.get("title", "")), entries=tuple(map(dict, entries)), well_formed=True)

    def read(self, items: Sequence[str]) -> _Read:
        """What feedparser says of a document of these items, or guesses when it is broken."""
        strictly = self.read_strictly(items)
        if strictly.well_formed:
            return strictly
        try:
            result = _feedparser().parse(
                io.BytesIO(self._bytes(items)),
                response_headers=_HEADERS,
                resolve_relative_uris=False,
                sanitize_html=False,
            )
        except FAILURES:
            return _Read()
        title = str(result.feed.get("title", ""))
        return _Read(title=title, entries=tuple(map(dict, result.entries)), well_formed=not result.bozo)

    def _bytes(self, items: Sequence[str]) -> bytes:
        return self.document(items).encode("utf-8", "replace")


@cache
def _feedparser() -> Any:
    """The library, imported where it is used: the daemon itself never needs it, only its worker.

    It prefers a parser that nobody has, and would look for it in every folder of the path for each document.
    """
    library = importlib.import_module("feedparser")
    library.api.PREFERRED_XML_PARSERS = []
    return library


@cache
def _strictly() -> Any:
    """The same parser for documents that are well-formed, imported as late."""
    return importlib.import_module("monitor.sources.strictly")


def read_items(pieces: Pieces, wanted: Sequence[str]) -> tuple[str, tuple[Fields | None, ...]]:
    """The feed's title and, for every wanted item, what feedparser says of it; None for one that cannot be read.

    Relative addresses stay relative unless the feed names its base: an id must not change with the feed's own address.
    """
    wanted = [slim(_LONG_NAME.sub(r"\1", item)) for item in wanted]
    frame = _frame(pieces)
    whole = frame.read_strictly(wanted)
    if whole.is_good_for(wanted):
        return whole.title, whole.entries
    bare = frame.read(())
    if not bare.well_formed:
        own_head, own_tail = _OWN_FRAMES[pieces.dialect]
        frame = _Frame(head=own_head, tail=own_tail)
    return bare.title, _isolated(frame, [mended(item, pieces.entities) for item in wanted])


def _frame(pieces: Pieces) -> _Frame:
    """The feed's own head and tail; ours where they are lost or a trap, and endings where the feed was cut."""
    own_head, own_tail = _OWN_FRAMES[pieces.dialect]
    if not pieces.head or len(pieces.head) > _MAX_FRAME:
        return _Frame(head=own_head, tail=own_tail)
    tail = pieces.tail
    if len(tail) > _MAX_FRAME or not _ROOT_END.search(tail):
        tail = own_tail if pieces.dialect != "rss" or "<channel" in pieces.head else "</rss>"
    return _Frame(head=_LONG_NAME.sub(r"\1", pieces.head), tail=tail)


def _salvaged(item: str) -> Fields | None:
    """What an item says that feedparser finds no words in, as its tags tell it; None without a headline."""
    if is_trap(item):
        return None
    told: dict[str, str] = {}
    for name, text in _SIMPLE.findall(item):
        section = _SECTION.fullmatch(text)
        told.setdefault(_FIELDS[name.lower()], section[1] if section else html.unescape(text))
    return told if told.get("title", "").strip() else None


def _isolated(frame: _Frame, items: Sequence[str]) -> tuple[Fields | None, ...]:
    """The well-formed items in one go, and each broken one alone."""
    whole = [place for place, item in enumerate(items) if is_well_formed(frame.document([item]))]
    chosen = [items[place] for place in whole]
    read = frame.read(chosen)
    found: dict[int, Fields | None] = {}
    if read.is_good_for(chosen):
        found.update(zip(whole, read.entries, strict=True))
    for place, item in enumerate(items):
        if place not in found:
            said = next(iter(frame.read([item]).entries), None)
            found[place] = said if _WORDS & (said or {}).keys() else _salvaged(item) or said
    return tuple(found[place] for place in range(len(items)))
