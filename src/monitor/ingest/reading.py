"""What the worker's child does with a document: parse it, and work out by which names its entries are known."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monitor import sources
from monitor.model import Feed, Parsed, Response
from monitor.sources.keys import keys_of


def read(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """What the feed's kind of source makes of a response, with the keys of its entries. Raises ParseError.

    The raw bytes of the entries stay here: the daemon has the whole body.
    """
    parsed = sources.by_kind()[feed.kind].parse(feed, response, memory)
    keys = keys_of(feed, parsed.entries)
    return replace(parsed, entries=tuple(replace(entry, raw=b"") for entry in parsed.entries), keys=keys)
