"""Sitemaps as documents: what a body lists, pages of a site or further sitemaps, whatever its dress.

XML with or without namespaces, gzipped or not, whole or cut off, or a plain list of addresses.
"""

import importlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from monitor.errors import ParseError
from monitor.model import Response
from monitor.sources.challenge import challenge
from monitor.text.decode import decode
from monitor.text.urls import web_link

MAX_PLACES = 50_000  # of one document: what the protocol allows
_MAX_BYTES = 60_000_000  # inflated; the protocol allows 50 MiB
_MAX_URL = 4_000
_GZIP = b"\x1f\x8b"
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_ROOT = re.compile(r"<(?!\?|!)(?:[\w.-]{1,40}:)?([\w.-]{1,60})")
_CLOSED = re.compile(
    r"</(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\s*>\s*\Z|<(?:urlset|sitemapindex)[^>]*/>\s*\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One address of a sitemap, with what is said of it; `news` ones have a title and a date of publication."""

    url: str
    lastmod: str = ""
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A document's places in their order. `is_index`: they are further sitemaps. `is_partial`: it was cut off."""

    text: str
    places: tuple[Place, ...]
    is_index: bool = False
    is_partial: bool = False

    def raw(self, place: Place) -> str:
        """A place as the document has it, as far as it is found again."""
        found = self.text.find(f">{place.url.replace('&', '&amp;')}<")
        start, end = self.text.rfind("<url", 0, found), self.text.find("</url>", found)
        return self.text[start : end + len("</url>")] if 0 <= start < found < end else place.url


def read_sitemap(response: Response) -> Sitemap:
    """What an answer lists.

    Raises ParseError `empty`, `blocked`, `not-a-sitemap`, `truncated` or `unreadable` (a bomb).
    """
    text = decode(_inflated(response.body), response.headers.get("content-type", "")).strip("\ufeff \t\r\n\x00")
    if not text:
        raise ParseError("empty", "the body is empty")
    if not text.startswith("<"):
        return _plain(text)
    root = _ROOT.search(text)
    name = root[1].lower() if root else ""
    if name not in ("urlset", "sitemapindex"):
        raise _no_sitemap(response, text, name)
    places = tuple(_places(text))
    is_partial = not _CLOSED.search(text[-200:])
    if not places and is_partial:
        raise ParseError("truncated", "the sitemap was cut off before its first address")
    if not places and "<loc" in text:
        raise ParseError("unreadable", "none of the addresses can be read")
    return Sitemap(text=text, places=places, is_index=name == "sitemapindex", is_partial=is_partial)


def _inflated(body: bytes) -> bytes:
    """The body without its gzip dress, as far as it goes; a bomb raises ParseError `unreadable`."""
    if not body.startswith(_GZIP):
        return body
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        found = stream.decompress(body, _MAX_BYTES)
    except zlib.error as error:
        raise ParseError("unreadable", "the body begins like gzip and is not") from error
    if stream.unconsumed_tail:
        raise ParseError("unreadable", f"the sitemap inflates to more than {_MAX_BYTES} bytes")
    return found


def _plain(text: str) -> Sitemap:
    """A list of addresses, one a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    places = tuple(Place(url=url) for line in lines[:MAX_PLACES] if (url := _usable(line)))
    if len(places) * 2 < len(lines):
        raise ParseError("not-a-sitemap", "plain text instead of a sitemap")
    return Sitemap(text=text, places=places)


def _no_sitemap(response: Response, text: str, root: str) -> ParseError:
    if (wall := challenge(response.headers, text)) is not None:
        return ParseError("blocked", f"{wall} instead of a sitemap")
    if root in ("rss", "feed", "rdf"):
        return ParseError("not-a-sitemap", "a feed instead of a sitemap; write `kind: rss`")
    what = "a web page" if root in ("html", "head", "body", "div", "script") else f"a document of <{root or '?'}>"
    return ParseError("not-a-sitemap", f"{what} instead of a sitemap")


def _places(text: str) -> Iterator[Place]:
    """The places of XML, also of XML that is broken further on. Entities of its own are not resolved."""
    etree = _etree()
    body = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    count = 0
    try:
        parser.feed(body)
        for _, element in parser.read_events():
            if _name(element) in ("url", "sitemap"):
                place = _place(element)
                element.clear()
                if place is not None:
                    yield place
                    count += 1
                if count >= MAX_PLACES:
                    return
    except etree.LxmlError:
        return


def _place(element: Any) -> Place | None:
    said: dict[str, str] = {}
    for inner in element.iter():
        said.setdefault(_name(inner), " ".join((inner.text or "").split()))
    url = _usable(said.get("loc", ""))
    if not url:
        return None
    return Place(
        url=url,
        lastmod=said.get("lastmod", ""),
        title=said.get("title", ""),
        published=said.get("publication_date", ""),
    )


def _usable(url: str) -> str:
    return (web_link(url) or "") if len(url) <= _MAX_URL else ""


def _name(element: Any) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


@cache
def _etree() -> Any:
    """lxml, imported on first use: only the worker needs it."""
    return importlib.import_module("lxml.etree")
