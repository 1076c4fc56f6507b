"""The sitemaps of an index: which of them are worth reading now, and what is remembered of each.

One that was listed after we first looked is new, and all in it is news. Of the others, those are read whose lastmod has
changed, where lastmods tell anything; else the validators ask, a few sitemaps a turn: the first and the last of a
numbered row, where new pages are added, and those that were read longest ago. `memory` holds

    children    {sitemap: {lastmod, read_at, etag, last_modified, new}}; what is empty is left out
    indexes     the indexes that were read: the first look at one shows the past
    waiting     {sitemap: lastmod} of those that are to be read in this turn and have not been
    unread      true when more sitemaps wait than a turn may read, or only reading them can tell
    unfinished  true while `waiting` or `unread` says that an unchanged index must be read again
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Self

from monitor.model import Feed, Parsed, Request, Response
from monitor.sources.sitexml import Place
from monitor.text.times import stamp
from monitor.text.urls import canonical_in

_A_TURN = 5  # sitemaps that are read of one index
_LIVE = 10  # sitemaps of an index that are read at all, unless they change
_REMEMBERED = 500  # sitemaps; indexes have 1 to 100
_ENOUGH_TO_JUDGE = 3  # dates, before their being all alike says something
_ALIKE = 0.9  # share of dates of one day that tells nothing
_DAY = len("2026-11-20")
_ZONES = timedelta(hours=12)  # it may still be yesterday where the site is
_NO_NEWS = re.compile(
    r"(?:^|[/_.-])(?:categor\w*|tags?|authors?|users?|pages?|images?|photos?|videos?|static|products?|taxonom\w*|misc"
    r"|attachments?|banners?|locations?)(?:[-_.]?(?:site-?map)?[-_.]?\d*)?\.xml(?:\.gz)?$",
    re.IGNORECASE,
)
_NEWS = re.compile(r"news|novosti|zhanalyk|janalyk", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d+)")


def believed(dates: Collection[str]) -> bool:
    """Whether dates tell things apart: not when nearly all are of one day, as of a site that was just built anew."""
    days = [date[:_DAY] for date in dates]
    if len(days) < _ENOUGH_TO_JUDGE:
        return bool(days)
    return max(map(days.count, set(days))) < _ALIKE * len(days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What is remembered of one sitemap of an index. `is_new`: it was listed after the index was first read."""

    lastmod: str = ""
    read_at: str = ""
    etag: str = ""
    last_modified: str = ""
    is_new: bool = False

    @property
    def is_read(self) -> bool:
        """Whether what it lists was seen before, or is news from the first address on."""
        return bool(self.read_at) or self.is_new

    def request(self, feed: Feed, url: str) -> Request:
        """What to ask for it, with the validators of its last good answer."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return Request(url=url, headers={name: value for name, value in named.items() if value}, proxy=feed.proxy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The sitemaps of a feed's indexes, by the keys of their addresses."""

    feed: Feed
    memory: Mapping[str, Any]
    children: Mapping[str, Child]

    @classmethod
    def remembered(cls, feed: Feed, memory: Mapping[str, Any]) -> Self:
        """What memory holds of them; nothing when it is of another kind."""
        held = memory.get("children")
        children = {key: Child(**told) for key, told in held.items()} if isinstance(held, Mapping) else {}
        return cls(feed=feed, memory=memory, children=children)

    def child(self, url: str) -> Child | None:
        """The sitemap at an address, if an index lists it."""
        return self.children.get(canonical_in(self.feed, url))

    def leads(self, response: Response, places: Sequence[Place]) -> Parsed:
        """Where an index leads in this turn."""
        key = canonical_in(self.feed, response.url)
        indexes = list(self.memory.get("indexes") or [])
        listed = {canonical_in(self.feed, place.url): place for place in places[:_REMEMBERED]}
        fresh = {name: Child(is_new=key in indexes) for name in listed if name not in self.children}
        index = replace(self, children={**self.children, **fresh})
        wanted, only_reading_tells = index.wanted(response, listed)
        chosen = wanted[:_A_TURN]
        waiting = {name: listed[name].lastmod for name in chosen}
        memory = index.told(waiting, unread=only_reading_tells or len(wanted) > len(chosen))
        follow = tuple(index.children[name].request(self.feed, listed[name].url) for name in chosen)
        kept = {name: self.memory[name] for name in ("known",) if name in self.memory}
        indexes += [] if key in indexes else [key]
        memory |= kept | {"indexes": indexes, "count": len(places)}
        return Parsed(entries=(), follow=follow, is_index=True, memory=memory)

    def after(self, response: Response, read: Parsed) -> Parsed:
        """A sitemap of the index that was read, with what is remembered of it now."""
        key = canonical_in(self.feed, response.url)
        waiting = dict(self.memory.get("waiting") or {})
        child = Child(
            lastmod=waiting.pop(key, ""),
            read_at=stamp(response.received_at),
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
        )
        index = replace(self, children={**self.children, key: child})
        kept = {name: self.memory[name] for name in ("gap", "partial", "indexes") if name in self.memory}
        memory = index.told(waiting, unread=bool(self.memory.get("unread")))
        return replace(read, memory={**kept, **read.memory, **memory, "count": self.memory.get("count", 0)})

    def wanted(self, response: Response, listed: Mapping[str, Place]) -> tuple[list[str], bool]:
        """The listed sitemaps to read, the most urgent first, and whether only reading them tells if they have changed.

        Of equally urgent ones those come first that were read longest ago, then the liveliest.
        """
        news = {name: place for name, place in listed.items() if not _NO_NEWS.search(place.url)} or listed
        dated = believed([place.lastmod for place in news.values() if place.lastmod])
        today = f"{response.received_at - _ZONES:%Y-%m-%d}"
        lively = sorted(news, key=lambda name: _liveliness(news[name], dated=dated), reverse=True)
        live = {*lively[:_LIVE], *sorted(news, key=lambda name: _natural(news[name].url))[:1]}
        ranks: dict[str, tuple[int, str, int]] = {}
        silent = set()
        for place, name in enumerate(lively):
            lastmod = news[name].lastmod
            if not dated or not lastmod or today <= lastmod[:_DAY] == lastmod:  # said "today", perhaps before the news
                lastmod = ""
                silent |= {name} & live
            if (urgency := self._urgency(name, lastmod, is_live=name in live)) is not None:
                ranks[name] = (urgency, self.children[name].read_at, place)
        return sorted(ranks, key=lambda name: ranks[name]), bool(silent)

    def _urgency(self, name: str, lastmod: str, *, is_live: bool) -> int | None:
        """0 for a new sitemap, 1 for a changed one, 2 never read, 3 perhaps changed; None: it can be left alone.

        `lastmod` is empty where it cannot be believed.
        """
        child = self.children[name]
        if child.is_new and not child.read_at:
            return 0
        if child.read_at and lastmod:
            return 1 if lastmod != child.lastmod else None
        if not is_live:
            return None
        return 3 if child.read_at else 2

    def told(self, waiting: Mapping[str, str], *, unread: bool) -> dict[str, Any]:
        """The index as memory keeps it."""
        told = {
            key: {name: value for name in Child.__slots__ if (value := getattr(child, name))}
            for key, child in self.children.items()
        }
        flags = {"unread": unread, "unfinished": unread or bool(waiting)}
        return {"children": told, "waiting": dict(waiting), **{name: True for name, holds in flags.items() if holds}}


def _liveliness(place: Place, *, dated: bool) -> tuple[bool, str, list[tuple[int, str]]]:
    """How likely new pages are added to a sitemap: it is called news, it changed last, it is the last of a row."""
    return bool(_NEWS.search(place.url.rsplit("/", 1)[-1])), place.lastmod if dated else "", _natural(place.url)


def _natural(url: str) -> list[tuple[int, str]]:
    """A key that sorts sitemap9 before sitemap10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _NUMBERS.split(url)]
