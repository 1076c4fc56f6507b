"""Feeds: RSS 0.9 to 2.0, Atom, RDF and JSON Feed.

    bytes | decode | cut into items | only those never seen | feedparser | Entry

The cost follows the news: items whose bytes were seen before are known by a hash and never parsed again. `memory` is
that of `sources.seen`; an item's print is a hash of its raw bytes.
"""

from collections.abc import Mapping
from typing import Any

from monitor.errors import ParseError
from monitor.model import Feed, FeedState, Parsed, Request, Response
from monitor.sources import seen
from monitor.sources.asking import conditional
from monitor.sources.entries import make_entry
from monitor.sources.window import window
from monitor.text.markup import plain
from monitor.text.prints import digest16

KIND = "rss"


def request(feed: Feed, state: FeedState) -> Request:
    """The feed's address, with the validators of the last good answer."""
    return conditional(feed, state)


def parse(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The items that `memory` does not know yet, in the feed's order.

    Raises ParseError: `empty`, `blocked` (a bot check, login, parked or block page), `not-a-feed`; and `truncated` or
    `unreadable` when nothing could be saved.
    """
    shown = window(response)
    known = seen.known(memory)
    prints = [digest16(item) for item in shown.items]
    wanted = {name: item for name, item in zip(prints, shown.items, strict=True) if name not in known}
    title, fields = shown.read(tuple(wanted.values())) if wanted or not memory.get("title") else ("", ())
    new = {
        name: make_entry(feed, said, wanted[name], base=response.url, now=response.received_at)
        for name, said in zip(wanted, fields, strict=True)
        if said is not None
    }
    if wanted and not new and not known:
        raise ParseError("unreadable", f"none of the {len(wanted)} items can be read")
    title = plain(title, one_line=True) or str(memory.get("title", ""))
    return seen.parsed(memory, prints, new, title=title, is_partial=shown.is_partial)
