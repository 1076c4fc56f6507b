"""Entries: which of those that a poll brought we do not have yet, under whatever name, and that they were seen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from sqlite_utils import Database

from monitor.model import Entry, Feed, Keys
from monitor.sources import seen
from monitor.sources.keys import at_a_shared_address, keys_of
from monitor.text.prints import digest16
from monitor.text.times import stamp, unstamp

# A feed whose ids all changed but whose titles did not has moved house: half of at least this many entries.
MIGRATION_ENTRIES = 4
MIGRATION_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """An entry that must be read: never seen (`article_id` None), or seen with other words.

    `is_past`: it was there before under another id, or stands below all that was.
    """

    entry: Entry
    keys: Keys
    article_id: int | None = None
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What a poll brought that we do not have yet. `migrated`: the feed changed all its ids, which makes no news."""

    fresh: tuple[Fresh, ...]
    migrated: bool = False


def unknown(
    db: Database,
    feed: Feed,
    entries: Sequence[Entry],
    keys: Sequence[Keys] = (),
    memory: Mapping[str, Any] = MappingProxyType({}),
) -> Unread:
    """Only what we never saw, or saw with other words; in the order the feed listed it.

    An entry is known by its guid, unless it is dated later and shares neither address nor headline with whoever had that;
    under a new one by its canonical URL or its text, unless the entry we have is still shown beside it, or was seen
    before this one came out. `keys` are the names of the entries when they are known already, `memory` what the source
    remembers of the answer that they stood in.
    """
    named = list(zip(entries, keys or keys_of(feed, entries), strict=True))
    known = _Known(db, feed.id, [own for _, own in named], shown=seen.shown(memory))
    fresh: list[Fresh] = []
    for entry, own in named:
        before = known.entry(entry, own)
        if before is None:
            fresh.append(Fresh(entry=entry, keys=known.named(own)))
        elif before.text_hash != own.text:
            fresh.append(Fresh(entry=entry, keys=own, article_id=before.article_id))
    familiar = [known.has_title(one.keys) for one in fresh]
    all_unseen = sum(one.article_id is None for one in fresh) == len(entries) >= MIGRATION_ENTRIES
    enough = sum(familiar) >= MIGRATION_SHARE * len(entries)
    if not (all_unseen and enough and seen.is_all_new(memory, len(entries))):
        return Unread(fresh=tuple(fresh))
    archive = len(fresh) - familiar[::-1].index(True)  # where the window reaches back further than the one before
    told = tuple(replace(one, is_past=familiar[at] or at >= archive) for at, one in enumerate(fresh))
    return Unread(fresh=told, migrated=True)


class _Row(NamedTuple):
    guid: str
    url_hash: str
    text_hash: str
    title_hash: str
    article_id: int | None
    seen_at: str


class _Known:
    """What we have under the names of some entries of a feed: one look-up a kind of name, however many entries.

    `shown` are the hashes of the ids that the feed shows now.
    """

    def __init__(self, db: Database, feed_id: str, keys: Sequence[Keys], *, shown: frozenset[str]) -> None:
        self._shown = shown
        self._guids = _found(db, feed_id, "guid", [own.guid for own in keys])
        self._urls = _found(db, feed_id, "url_hash", [own.url for own in keys])
        self._texts = _found(db, feed_id, "text_hash", [own.text for own in keys])
        self._titles = _found(db, feed_id, "title_hash", [own.title for own in keys])

    def entry(self, entry: Entry, keys: Keys) -> _Row | None:
        """The entry we already have under one of these names.

        A headline alone is no name of what has an address of its own: "Statement of the union" may be another one.
        """
        known = self._guids.get(keys.guid)
        if known is not None and not (_came_later(entry, known) and _is_another(known, keys)):
            return known
        by_text = self._texts.get(keys.text) if entry.summary or keys.shares_address else None
        row = self._urls.get(keys.url) or by_text
        if row is None or self._stands_beside(row, keys):
            return None
        if self.has_address(keys) and row.text_hash == keys.text:
            return row
        return None if _came_later(entry, row) else row

    def named(self, keys: Keys) -> Keys:
        """The names of a new entry: with an id of its own where its feed gives one id to one item after the other."""
        apart = f"{keys.guid}#{digest16(keys.url + keys.title)}"
        own = replace(keys, guid=apart) if keys.guid in self._guids else keys
        return at_a_shared_address(own) if self.has_address(own) else own

    def _stands_beside(self, row: _Row, keys: Keys) -> bool:
        """Whether another entry is still shown; one of the same id and headline is the same, listed twice."""
        is_listed_twice = keys.guid.startswith(f"{row.guid}#") and keys.title == row.title_hash
        return seen.id_hash(row.guid) in self._shown and not is_listed_twice

    def has_address(self, keys: Keys) -> bool:
        """Whether we have another entry at the same address."""
        return keys.url in self._urls

    def has_title(self, keys: Keys) -> bool:
        """Whether we have an entry with the same headline."""
        return keys.title in self._titles


def _came_later(entry: Entry, row: _Row) -> bool:
    """Whether an entry says that it was published after another one had been seen."""
    return entry.published_at is not None and entry.published_at > unstamp(row.seen_at)


def _is_another(row: _Row, keys: Keys) -> bool:
    """Whether an entry has neither the address nor the headline of the one whose id it bears."""
    return keys.url != row.url_hash and keys.title != row.title_hash


def _found(
    db: Database, feed_id: str, column: Literal["guid", "url_hash", "text_hash", "title_hash"], names: Sequence[str]
) -> dict[str, _Row]:
    """Our newest entry under each of these names."""
    rows = db.execute(
        f"""SELECT {column}, guid, url_hash, text_hash, title_hash, article_id, seen_at FROM entries
            WHERE feed_id = ? AND {column} IN (SELECT value FROM json_each(?)) ORDER BY id""",  # noqa: S608 - one of four
        [feed_id, json.dumps(names)],
    )
    return {name: _Row(*rest) for name, *rest in rows}


def keep(db: Database, feed_id: str, fresh: Fresh, article_id: int, now: datetime) -> None:
    """Remember that this entry was seen, under all its names."""
    db.execute(
        """INSERT INTO entries (feed_id, guid, url_hash, text_hash, title_hash, article_id, seen_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (feed_id, guid) DO UPDATE SET url_hash = excluded.url_hash, text_hash = excluded.text_hash,
             title_hash = excluded.title_hash, article_id = excluded.article_id""",
        [
            feed_id,
            fresh.keys.guid,
            fresh.keys.url,
            fresh.keys.text,
            fresh.keys.title,
            article_id,
            stamp(now),
        ],
    )
