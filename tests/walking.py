"""A whole house for tests: real files, database, worker, matcher and preview; the press is a table of answers."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx

from monitor.app.house import House, open_house
from monitor.config.settings import Settings

KEYWORDS = """
version: 1
places:
  - {id: zhanaozen, region: KZ-47, en: [Zhanaozen], ru: [Жанаозен], kk: [Жаңаөзен]}
topics:
  strike:
    title: {en: Strikes, ru: Забастовки, kk: Ереуілдер}
    severity: urgent
    any: {en: [strike/n], ru: [забастовка, бастовать], kk: [ереуіл]}
    except_in: {en: [air strike]}
    examples: {match: [Забастовка в Жанаозене], ignore: [US air strike]}
  layoffs:
    title: {en: Layoffs, ru: Увольнения, kk: Қысқарту}
    severity: normal
    any: {ru: [увольнение, уволить]}
    examples: {match: [Уволили рабочих], ignore: [Погода]}
"""

Answer = Callable[[httpx.Request], httpx.Response]


class OnTheWire(httpx.AsyncByteStream):
    """A body that arrives, as a real one does, rather than being there from the start."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in one piece."""
        yield self.body


class Pages:
    """What the press answers: bodies by URL, changed at will; what is not there is 404. Remembers who asked."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes | Answer] = {}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, with an ETag over the body, so that an unchanged page is a 304."""
        self.asked.append(request)
        body = self.bodies.get(str(request.url))
        if body is None:
            return httpx.Response(404, stream=OnTheWire(b""))
        if callable(body):
            return body(request)
        tag = f'"{crc32(body)}"'
        if request.headers.get("if-none-match") == tag:
            return httpx.Response(304, stream=OnTheWire(b""))
        headers = {"etag": tag, "content-type": "application/rss+xml"}
        return httpx.Response(200, stream=OnTheWire(body), headers=headers)

    def feed(self, url: str, *items: Mapping[str, Any]) -> None:
        """Serve an RSS feed of these items (title, text, when, link, guid) at `url`."""
        self.bodies[url] = rss(url, *items)


def rss(url: str, *items: Mapping[str, Any]) -> bytes:
    """An RSS 2.0 document."""
    parts = [f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{url}</title>']
    for number, item in enumerate(items):
        link = item.get("link", f"{url}/{number}-{item['title'][:20].replace(' ', '-')}")
        date = f"<pubDate>{format_datetime(item['when'])}</pubDate>" if item.get("when") else ""
        parts.append(
            f"<item><title>{item['title']}</title><link>{link}</link><guid>{item.get('guid', link)}</guid>"
            f"<description>{item.get('text', '')}</description>{date}</item>"
        )
    return "".join([*parts, "</channel></rss>"]).encode()


def write_config(folder: Path, feeds: list[dict[str, Any]], keywords: str = KEYWORDS) -> None:
    """Write the two files; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "feeds.yaml").write_text(json.dumps({"version": 1, "feeds": feeds}, ensure_ascii=False), "utf-8")
    (folder / "keywords.yaml").write_text(keywords, "utf-8")


def settings_in(folder: Path, **more: Any) -> Settings:
    """Settings with everything in one folder and no politeness to wait for."""
    filled = {"config_dir": folder / "config", "data_dir": folder / "data", "host_interval": timedelta(0)}
    return Settings(**filled | more)


async def everyone_is_public(host: str, port: int) -> list[str]:
    """A resolver for tests whose transport never looks: every name has a public address."""
    del host, port
    return ["93.184.216.34"]


@asynccontextmanager
async def a_house(
    settings: Settings, clock: Callable[[], datetime], pages: Pages | None = None
) -> AsyncIterator[House]:
    """Open the house on these settings, with the pages as its press (or the real wire, for loopback)."""
    transport = httpx.MockTransport(pages) if pages is not None else None
    resolve = everyone_is_public if pages is not None else None
    async with open_house(settings, clock=clock, transport=transport, resolve=resolve) as house:
        yield house
