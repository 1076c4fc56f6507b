"""Listings: sections of web pages without a feed, read by CSS selectors or, when none are given, by a guess.

    page | select or guess | blocks | only what was never seen | Entry

An item goes by its address; a changed title is a new version of it. A list that is no longer where it was is an error,
never "no news". `memory` is that of `sources.seen`, and

    guess     the selectors that were guessed: kept while they find the list, so that it does not change with the weather
"""

import html
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from monitor.errors import ParseError
from monitor.model import Entry, Feed, FeedState, Parsed, Request, Response
from monitor.sources import seen
from monitor.sources.asking import conditional
from monitor.sources.blocks import Block, Reader
from monitor.sources.entries import make_entry
from monitor.sources.guessing import guess
from monitor.sources.webpage import Webpage, nothing_on, open_page, words
from monitor.text.fold import fold
from monitor.text.prints import digest16
from monitor.text.urls import canonical_in

KIND = "listing"
SCRAPED = True
"""A page made for people: robots.txt is asked before it is read."""


def request(feed: Feed, state: FeedState) -> Request:
    """The page's address, with the validators of the last good answer."""
    return conditional(feed, state)


def parse(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The items of the list that `memory` does not know yet, in the page's order.

    Raises ParseError: `empty`, `blocked`, `not-a-page`, `unreadable`, `script-only`; `no-list` when nothing is where
    the selectors say or a guess finds nothing; `selector` for one that cannot be used.
    """
    page = open_page(response)
    select, blocks = _blocks(feed, page, response, memory)
    keys = {canonical_in(feed, block.url): block for block in reversed(blocks)}
    prints = {digest16(f"{key}\n{fold(block.title)}"): (key, block) for key, block in reversed(keys.items())}
    known = seen.known(memory)
    new = {name: _entry(feed, response, key, block) for name, (key, block) in prints.items() if name not in known}
    title = page.tree.css_first("title")
    parsed = seen.parsed(memory, tuple(prints), new, title=words(title) if title is not None else "")
    return parsed if feed.select else replace(parsed, memory={**parsed.memory, "guess": dict(select)})


def _blocks(
    feed: Feed, page: Webpage, response: Response, memory: Mapping[str, Any]
) -> tuple[Mapping[str, str], tuple[Block, ...]]:
    """The list by the feed's own selectors, by those guessed before, or by a new guess; and the selectors."""
    if feed.select.get("item") or feed.select.get("link"):
        blocks = _read(feed, page, response, feed.select)
        if not blocks:
            raise nothing_on(page, "nothing is where `select:` says; the page was rebuilt, or it is another page")
        return feed.select, blocks
    before = memory.get("guess")
    if isinstance(before, Mapping) and before.get("item"):
        with suppress(ParseError):  # a selector that is none any more is guessed anew
            blocks = _read(feed, page, response, {**before, **feed.select})
            if len(blocks) * 2 >= int(memory.get("count") or 1):
                return before, blocks
    guessed = {**guess(page, feed.time_zone, response.received_at), **feed.select}
    return guessed, _read(feed, page, response, guessed)


def _read(feed: Feed, page: Webpage, response: Response, select: Mapping[str, str]) -> tuple[Block, ...]:
    return Reader(page=page, select=select, zone=feed.time_zone, now=response.received_at).blocks()


def _entry(feed: Feed, response: Response, key: str, block: Block) -> Entry:
    fields = {
        "id": key,
        "link": block.url,
        "title": html.escape(block.title, quote=False),
        "summary": html.escape(block.summary, quote=False),
    }
    entry = make_entry(feed, fields, block.raw, base=response.url, now=response.received_at)
    return replace(entry, published_raw=block.published, published_at=block.published_at)
