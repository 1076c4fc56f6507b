"""Sources: one file per kind, found by looking in the folder.

A kind is a module with three names, all pure:

    KIND                                              what `kind:` says in `config/feeds.yaml`
    request(feed, state) -> Request                   what to ask the server for
    parse(feed, response, memory) -> Parsed           what its answer says; raises ParseError

and perhaps `SCRAPED = True`, when it asks for pages made for people: then robots.txt is asked first; and
`WHOLE_TEXT = True`, when its entries bring all there is to read: then no further page is fetched for each.

`memory` is what an earlier `parse` of the same feed put into `Parsed.memory`. Modules without KIND are helpers.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Protocol, cast

from monitor.model import Feed, FeedState, Parsed, Request, Response


class Source(Protocol):
    """What every kind of source offers."""

    KIND: str

    def request(self, feed: Feed, state: FeedState) -> Request:
        """What to ask the server for, with the validators of the last good answer."""
        ...

    def parse(self, feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
        """What the answer says: only what `memory` does not know yet. Raises ParseError."""
        ...


@cache
def by_kind() -> Mapping[str, Source]:
    """Every kind of source, by its name."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
        if not found.ispkg
    ]
    return MappingProxyType({module.KIND: cast("Source", module) for module in modules if hasattr(module, "KIND")})
