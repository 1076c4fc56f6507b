"""What the worker's child does with a document: parse it, and work out by which names its entries are known.

A child that was taught the words looks for them as well: most of what an article costs is paid beside the daemon.
"""

import gc
import importlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor import sources
from monitor.ingest.looking import look
from monitor.model import Feed, Look, Page, Parsed, Response
from monitor.sources.keys import keys_of
from monitor.text.packing import collect_seldom
from monitor.worker.limits import seconds_left, uncounted

if TYPE_CHECKING:
    from monitor.matching.engine import Matcher

_learned: list["Matcher"] = []  # what the child was taught, if anything
_SECONDS_TO_ANSWER = 2.0  # of a job's time that are left for handing over what it came to
# What a source raises that finds something in its memory that it did not put there.
_ASTRAY = (AttributeError, LookupError, TypeError, ValueError)

# A list larger than this is not kept as evidence for each article in it: the item as received is.
LARGEST_DOCUMENT = 200_000
_MOST_RAW = 1_000_000  # bytes of raw items that one answer may send along


def read(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """What the feed's kind of source makes of a response, with the keys of its entries. Raises ParseError.

    The raw bytes of the entries stay here where the daemon has the whole body and keeps that; those of large documents
    come along, and those of an entry that is its page's change.
    """
    parsed = _parsed(feed, response, memory)
    keys = keys_of(feed, parsed.entries)
    is_large, left, entries = len(response.body) > LARGEST_DOCUMENT, _MOST_RAW, []
    for entry in parsed.entries:
        wanted = len(entry.raw) <= left and (is_large or entry.url == feed.url)
        left -= len(entry.raw) if wanted else 0
        entries.append(entry if wanted else replace(entry, raw=b""))
    return replace(parsed, entries=tuple(entries), keys=keys)


def read_page(feed: Feed, response: Response) -> Page:
    """The article on a page that a feed leads to. Raises ParseError."""
    extract = importlib.import_module("monitor.extract").extract  # the daemon only names this, and need not load it
    page: Page = extract(response.body, response.url, response.headers.get("content-type"), feed.select.get("text", ""))
    return page


def _parsed(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The same without keys; a memory in which the source finds its way no more is forgotten: it would fail for ever."""
    parse = sources.by_kind()[feed.kind].parse
    try:
        return parse(feed, response, memory)
    except _ASTRAY:
        if not memory:
            raise
        return parse(feed, response, {})


def learn(packed: bytes) -> None:
    """Know the words of a packed matcher from now on, and those only."""
    if _learned:
        _learned.clear()
        gc.unfreeze()  # a matcher has rings: the one before would stay for ever
        gc.collect()
    with uncounted():
        _learned.append(importlib.import_module("monitor.matching.packed").unpack(packed))
    collect_seldom()


def read_and_look(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The same as `read`, with a look at the entries that have a headline: as many as time allows. Raises ParseError."""
    parsed = read(feed, response, memory)
    titled = ((entry.guid, entry.title, entry.summary) for entry in parsed.entries if entry.title)
    return replace(parsed, looks=look_at(feed, titled))


def look_at(feed: Feed, texts: Iterable[tuple[str, str, str]]) -> Mapping[str, Look]:
    """Looks at texts, each `(id, headline, text)`, by their ids, until the time or the memory of the job runs short.

    None at all by a child that has learned nothing: whoever has the entries must not lose them for want of looks.
    """
    looks: dict[str, Look] = {}
    with suppress(MemoryError):
        for matcher in _learned:
            for guid, title, text in texts:
                if seconds_left() < _SECONDS_TO_ANSWER:
                    break
                looks[guid] = look(matcher, feed, title, text)
    return looks
