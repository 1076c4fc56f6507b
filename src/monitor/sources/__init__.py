"""Sources: one file per kind, found by looking in the folder.

A kind is a module with three names, all pure:

    KIND                                              what `kind:` says in `config/feeds.yaml`
    request(feed, state) -> Request                   what to ask the server for
    parse(feed, response, memory) -> Parsed           what its answer says; raises ParseError

and perhaps `SCRAPED = True`, when it asks for pages made for people: then robots.txt is asked first;
`WHOLE_TEXT = True`, when its entries bring all there is to read: then no further page is fetched for each; and
`SECONDS`, when one of its documents may take its reader longer than the worker usually allows.

`memory` is what an earlier `parse` of the same feed put into `Parsed.memory`. A kind's file is named like the kind;
modules without KIND are helpers.
"""

import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
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


# Whoever only checks a file wants to know what there is, and not to wait until all that a kind needs is loaded.


@cache
def kinds() -> frozenset[str]:
    """The names of the kinds, without loading them."""
    return frozenset(_declared("KIND = "))


@cache
def with_whole_text() -> frozenset[str]:
    """The kinds whose entries bring all there is to read, without loading them."""
    return frozenset(_declared("WHOLE_TEXT = True")) & kinds()


def _declared(line: str) -> Iterator[str]:
    """The files of this folder with a line that begins like this."""
    for path in (path for folder in __path__ for path in Path(folder).glob("*.py")):
        if f"\n{line}" in path.read_text(encoding="utf-8"):
            yield path.stem


class _Kinds(Mapping[str, Source]):
    """Every kind of source by its name; one is loaded when it is asked for."""

    def __getitem__(self, kind: str) -> Source:
        return _loaded(kind)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(kinds()))

    def __len__(self) -> int:
        return len(kinds())


@cache
def _loaded(kind: str) -> Source:
    if kind not in kinds():
        raise KeyError(kind)
    return cast("Source", importlib.import_module(f"{__name__}.{kind}"))


@cache
def by_kind() -> Mapping[str, Source]:
    """Every kind of source, by its name."""
    return _Kinds()
