"""Feeds: RSS 0.9 to 2.0, Atom, RDF and JSON Feed.

    bytes | decode | cut into items | only those never seen | feedparser | Entry

The cost follows the news: items whose bytes were seen before are known by a hash and never parsed again. `memory` holds

    seen      {hash of the raw item: hash of its id} for the feed's present window, nothing older
    count     how many items the feed showed
    title     what the feed calls itself
    gap       true when no id is shared with the window before: something may have passed by unseen
    garbled   true when most new titles are no readable text
    partial   true when the transfer was cut: these validators must not be sent, or the rest would never come
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from monitor.errors import ParseError
from monitor.model import Entry, Feed, FeedState, Parsed, Request, Response
from monitor.sources.entries import make_entry
from monitor.sources.window import window
from monitor.text.markup import plain
from monitor.text.prints import digest16

KIND = "rss"

_REMEMBERED = 5_000  # items; feeds show 10 to 100, and what is forgotten is only parsed again
# UTF-8 read as windows-1251 or windows-1252, and characters that were lost on the way.
_GARBLED = re.compile(
    "\ufffd|[ÐÑ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[РС][\u00a0-\u00bfЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџ]"
)
_GARBLED_MARKS = 3  # in one title: fewer may be a single lost character


def request(feed: Feed, state: FeedState) -> Request:
    """The feed's address, or the one it has moved to, with the validators of the last good answer, verbatim."""
    moved = state.memory.get("address") or {}
    url = moved["now"] if moved.get("configured") == feed.url else feed.url
    headers = {}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return Request(url=url, headers=headers, proxy=feed.proxy)


def parse(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The items that `memory` does not know yet, in the feed's order.

    Raises ParseError: `empty`, `blocked` (a bot check, login, parked or block page), `not-a-feed`; and `truncated` or
    `unreadable` when nothing could be saved.
    """
    shown = window(response)
    known = _remembered(memory)
    prints = [digest16(item) for item in shown.items]
    wanted = {name: item for name, item in zip(prints, shown.items, strict=True) if name not in known}
    title, fields = shown.read(tuple(wanted.values())) if wanted else ("", ())
    new = {
        name: make_entry(feed, said, wanted[name], base=response.url, now=response.received_at)
        for name, said in zip(wanted, fields, strict=True)
        if said is not None
    }
    if wanted and not new and not known:
        raise ParseError("unreadable", f"none of the {len(wanted)} items can be read")
    seen = {name: known.get(name) or (_short(new[name].guid) if name in new else "") for name in prints}
    held = {known[name] for name in prints if name in known}
    title = plain(title, one_line=True) or str(memory.get("title", ""))
    entries = _told_apart(tuple(new.values()), held)
    return Parsed(
        entries=entries,
        title=title,
        memory=_memory(memory, seen, count=len(prints), title=title, entries=entries, partial=shown.is_partial),
    )


def _remembered(memory: Mapping[str, Any]) -> Mapping[str, str]:
    seen = memory.get("seen")
    return seen if isinstance(seen, Mapping) else {}


def _short(guid: str) -> str:
    """Half a hash of an id: enough to tell the items of one feed apart."""
    return digest16(guid)[:8]


def _told_apart(entries: Sequence[Entry], held: set[str]) -> tuple[Entry, ...]:
    """The entries with an id of their own each.

    Some feeds give every item the same id. `held` are the ids of items still shown: a new item with one of these is
    another item, while an edited one has replaced the item whose id it has.
    """
    taken = set(held)
    apart: dict[str, Entry] = {}
    for entry in entries:
        guid = entry.guid
        if _short(guid) in taken:
            guid = f"{guid}#{digest16(entry.url or entry.title + entry.summary)}"
        taken.add(_short(entry.guid))
        apart.setdefault(guid, replace(entry, guid=guid))
    return tuple(apart.values())


def _memory(
    before: Mapping[str, Any],
    seen: Mapping[str, str],
    *,
    count: int,
    title: str,
    entries: Sequence[Entry],
    partial: bool,
) -> Mapping[str, Any]:
    """What the next fetch needs to know; flags stand there only while they are true."""
    old_ids, ids = {*_remembered(before).values()} - {""}, {*seen.values()} - {""}
    garbled = [len(_GARBLED.findall(entry.title)) >= _GARBLED_MARKS for entry in entries]
    flags = {
        "gap": bool(old_ids) and bool(ids) and not old_ids & ids,
        "partial": partial,
        "garbled": sum(garbled) * 2 > len(garbled) if garbled else bool(before.get("garbled")),
    }
    return {
        "seen": dict(islice(seen.items(), _REMEMBERED)),
        "count": count,
        "title": title,
        **{name: True for name, is_true in flags.items() if is_true},
    }
