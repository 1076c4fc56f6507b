"""What the worker's child does with a document: parse it, and work out by which names its entries are known.

A child that was taught the words looks for them as well: most of what an article costs is paid beside the daemon.
"""

import importlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor import sources
from monitor.ingest.looking import look
from monitor.model import Feed, Parsed, Response
from monitor.sources.keys import keys_of
from monitor.text.packing import collect_seldom

if TYPE_CHECKING:
    from monitor.matching.engine import Matcher

_learned: list["Matcher"] = []  # what the child was taught

# A list larger than this is not kept as evidence for each article in it: the item as received is.
LARGEST_DOCUMENT = 200_000
_MOST_RAW = 1_000_000  # bytes of raw items that one answer may send along


def read(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """What the feed's kind of source makes of a response, with the keys of its entries. Raises ParseError.

    The raw bytes of the entries stay here where the daemon has the whole body and keeps that; those of large documents
    come along, and those of an entry that is its page's change.
    """
    parsed = sources.by_kind()[feed.kind].parse(feed, response, memory)
    keys = keys_of(feed, parsed.entries)
    is_large, left, entries = len(response.body) > LARGEST_DOCUMENT, _MOST_RAW, []
    for entry in parsed.entries:
        wanted = len(entry.raw) <= left and (is_large or entry.url == feed.url)
        left -= len(entry.raw) if wanted else 0
        entries.append(entry if wanted else replace(entry, raw=b""))
    return replace(parsed, entries=tuple(entries), keys=keys)


def learn(packed: bytes) -> None:
    """Know the words of a packed matcher from now on."""
    _learned[:] = [importlib.import_module("monitor.matching.packed").unpack(packed)]
    collect_seldom()


def read_and_look(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The same as `read`, with a look at every entry that has a headline. Raises ParseError; LookupError before `learn`."""
    matcher, parsed = _learned[0], read(feed, response, memory)
    titled = (entry for entry in parsed.entries if entry.title)
    return replace(parsed, looks={entry.guid: look(matcher, feed, entry.title, entry.summary) for entry in titled})
