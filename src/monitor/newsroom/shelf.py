"""The packaged pages as what a server hands out: path in, body and headers out, for one act.

Articles lie on disk as their bare text and are put into their outlet's frame here, so that the furniture of a site
(menus, comment spam, most-read lists) exists once, as it does in a real content management system.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

from monitor.newsroom.outlets import ACT_TIMES, OUTLETS, Outlet

TYPES = {
    "atom": "application/atom+xml",
    "html": "text/html",
    "json": "application/feed+json",
    "rdf": "application/rdf+xml",
    "rss": "application/rss+xml",
    "xml": "text/xml",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """One document as the server holds it, uncompressed, with its validators (None where the outlet sends none)."""

    outlet: Outlet
    body: bytes
    content_type: str
    etag: str | None
    modified: datetime | None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go out with the body and with a 304."""
        headers = {"Content-Type": self.content_type}
        if self.etag:
            headers["ETag"] = self.etag
        if self.modified:
            headers["Last-Modified"] = format_datetime(self.modified, usegmt=True)
        return headers


def shelf(act: int, base: str) -> Mapping[str, Copy]:
    """Everything that can be asked for in `act` (1 or 2), by path, with `base` as the server's own address.

    Act 2 lies over act 1: a document that did not change keeps its validators. Raises KeyError for another act.
    """
    copies = {}
    for number in range(1, act + 1):
        for outlet in OUTLETS:
            for name, text in _documents(f"act{number}", outlet):
                copies[f"/{outlet.id}/{name}"] = _copy(outlet, name, text.replace("@BASE@", base), ACT_TIMES[number])
    return copies


def _documents(folder: str, outlet: Outlet) -> Iterator[tuple[str, str]]:
    """Name and text of each document of one outlet; articles in their frame."""
    shop = _pages() / folder / outlet.id
    for page in sorted(shop.iterdir(), key=lambda page: page.name) if shop.is_dir() else ():
        text = page.read_text(encoding="utf-8")
        is_article = page.name.endswith(".html") and page.name != outlet.file
        yield page.name, _framed(outlet, text) if is_article else text


def _framed(outlet: Outlet, article: str) -> str:
    """The article inside what its outlet puts around every article."""
    frames = _pages() / "frames"
    frame = frames / f"{outlet.id}.html"
    text = (frame if frame.is_file() else frames / "default.html").read_text(encoding="utf-8")
    headline = re.search(r"<h1>(.*?)</h1>", article)
    parts = {"TITLE": headline[1] if headline else "", "OUTLET": outlet.title, "LANG": outlet.lang, "ARTICLE": article}
    return re.sub("@(TITLE|OUTLET|LANG|ARTICLE)@", lambda mark: parts[mark[1]], text)


def _copy(outlet: Outlet, name: str, text: str, modified: datetime) -> Copy:
    body = text.encode(outlet.charset)
    return Copy(
        outlet=outlet,
        body=body,
        content_type=_content_type(outlet, name, text),
        etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"' if outlet.tags else None,
        modified=modified if outlet.dates else None,
    )


def _content_type(outlet: Outlet, name: str, text: str) -> str:
    """The type by the name, unless a web page stands where a feed should be.

    An outlet with an old charset does not name it here either: its documents declare it themselves, as so often.
    """
    kind = "text/html" if text.startswith("<!DOCTYPE html") else TYPES[name.rpartition(".")[2]]
    return f"{kind}; charset=utf-8" if outlet.charset == "utf-8" else kind


def _pages() -> Traversable:
    return files("monitor.newsroom") / "pages"
