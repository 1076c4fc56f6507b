"""Sitemaps: news sitemaps with titles and dates, plain ones with nothing but addresses, and indexes of both.

    document | places | only those never seen | Entry          an index | the sitemaps worth reading | follow

News is an address that was never listed before. A lastmod is believed only where it tells pages apart: sites that say
"today" of everything say nothing, and a new lastmod of a known page is no news. What a sitemap listed when it was first
read is the past. `memory` holds, beside that of `sources.children`,

    known    the addresses (of news sitemaps also the titles) listed so far, four bytes of a hash each, in base 64
    count    how many places the document listed
    gap      true when nothing listed was known before, or more was new than can be news
    partial  true when the document was cut off
"""

import html
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from monitor.model import Entry, Feed, FeedState, Parsed, Request, Response
from monitor.sources.asking import conditional
from monitor.sources.children import Index, believed
from monitor.sources.dates import read_date
from monitor.sources.entries import make_entry
from monitor.sources.sitexml import Place, Sitemap, read_sitemap
from monitor.text.prints import digest16
from monitor.text.urls import canonical_in

KIND = "sitemap"

_HASH_BYTES = 4  # a chance of 1 in 80,000 that a new address of a large site is taken for a known one
_REMEMBERED = 60_000  # addresses; a document lists 50,000 at most
_FIRST = 200  # places of a first reading: the rest is archive
_AT_ONCE = 300  # new places of one document: more is a rebuilt site, not news
_RECENT = timedelta(days=3)  # what of the past may be news all the same, if it has a date that is believed
_DAY = timedelta(hours=23, minutes=59)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def request(feed: Feed, state: FeedState) -> Request:
    """The sitemap's address, with the validators of the last good answer."""
    return conditional(feed, state)


def parse(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """The places that `memory` does not know yet, newest first as far as dates tell; of an index, what to follow.

    An entry of a plain sitemap has neither title nor summary: its page must tell. Raises ParseError `empty`, `blocked`,
    `not-a-sitemap`, `truncated`, `unreadable`.
    """
    found, index = read_sitemap(response), Index.remembered(feed, memory)
    if found.is_index:
        return index.leads(response, found.places)
    child = index.child(response.url)
    known = _Known.remembered(memory)
    is_past = child is not None and not child.is_read
    was_read = bool(known.names) and (child is None or bool(child.read_at))
    read = _read(feed, response, found, known, is_past=is_past, was_read=was_read)
    return index.after(response, read) if child is not None else read


def _read(feed: Feed, response: Response, found: Sitemap, known: "_Known", *, is_past: bool, was_read: bool) -> Parsed:
    """The new places of one sitemap, and the memory of all listed so far.

    `is_past`: what it lists is the past, unless its dates say otherwise. `was_read`: this very sitemap was read before.
    """
    listed = {_print(place): place for place in found.places}
    new = [place for name, place in listed.items() if name not in known.names]
    dates = _dates(feed, response, found.places)
    new.sort(key=lambda place: dates.get(place.url, _BEFORE_ALL), reverse=True)
    too_many = len(new) > _AT_ONCE
    if not known.names:
        new = new[:_FIRST]
    elif is_past or too_many:
        since = response.received_at - _RECENT
        new = [place for place in new if dates.get(place.url, _BEFORE_ALL) >= since][:_AT_ONCE]
    is_cut = too_many and bool(known.names) and not is_past
    flags = {
        "gap": is_cut or (was_read and bool(listed) and not known.names & listed.keys()),
        "partial": found.is_partial,
    }
    return Parsed(
        entries=tuple(_entry(feed, response, found, place, dates.get(place.url)) for place in new),
        memory={
            "known": known.packed_with(listed),
            "count": len(found.places),
            **{name: True for name, is_true in flags.items() if is_true},
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The prints of the places listed so far, in the order they came."""

    order: tuple[bytes, ...] = ()
    names: frozenset[bytes] = frozenset()

    @classmethod
    def remembered(cls, memory: Mapping[str, Any]) -> Self:
        """What the memory holds of them; nothing when it is of another kind."""
        try:
            packed = b64decode(str(memory.get("known", "")), validate=True)
        except ValueError:
            return cls()
        order = tuple(packed[at : at + _HASH_BYTES] for at in range(0, len(packed) - _HASH_BYTES + 1, _HASH_BYTES))
        return cls(order=order, names=frozenset(order))

    def packed_with(self, listed: Mapping[bytes, Place]) -> str:
        """As memory keeps them, with what is listed now as the newest; the oldest are forgotten."""
        kept = [name for name in self.order if name not in listed] + list(listed)
        return b64encode(b"".join(kept[-_REMEMBERED:])).decode()


def _print(place: Place) -> bytes:
    """What a place is known by: its address, and its title where it has one, for a changed title is a new version."""
    return bytes.fromhex(digest16(f"{place.url.partition('://')[2]}\n{place.title}"))[:_HASH_BYTES]


def _dates(feed: Feed, response: Response, places: Sequence[Place]) -> Mapping[str, datetime]:
    """When each place was published, as far as the sitemap can be believed."""
    written = {place.url: place.published for place in places if place.published}
    changed = {place.url: place.lastmod for place in places if place.lastmod and not place.published}
    if believed(changed.values()):
        written |= changed
    now = response.received_at
    read = ((url, _moment(date, feed.time_zone, now)) for url, date in written.items())
    return {url: date for url, date in read if date is not None}


def _moment(written: str, zone: str, now: datetime) -> datetime | None:
    """The moment a date means; a day without a time is its end, because a late hour errs to the news."""
    moment = read_date(written, zone, now)
    return min(moment + _DAY, now) if moment is not None and len(written) == len("2026-11-20") else moment


def _entry(feed: Feed, response: Response, found: Sitemap, place: Place, published_at: datetime | None) -> Entry:
    fields = {
        "id": canonical_in(feed, place.url),
        "link": place.url,
        "title": html.escape(place.title, quote=False),
    }
    entry = make_entry(feed, fields, found.raw(place), base=response.url, now=response.received_at)
    return replace(entry, published_raw=place.published or place.lastmod, published_at=published_at)
