"""Sources: a feed, what we remember of it, what it was asked and answered, and what came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.model.basics import Health, Lang, Scope, Standing
from monitor.model.keywords import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One source of `config/feeds.yaml`."""

    id: str
    url: str
    kind: str = "rss"
    title: str = ""
    lang: Lang = "ru"
    scope: Scope = "local"
    standing: Standing = Standing.INDEPENDENT
    region: str | None = None
    every_min: timedelta = timedelta(minutes=15)
    every_max: timedelta = timedelta(minutes=15)
    time_zone: str = "Asia/Almaty"
    full_text: bool = False
    aliases: tuple[str, ...] = ()
    blocked_in: tuple[str, ...] = ()
    proxy: str | None = None
    select: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True

    @property
    def name(self) -> str:
        """What readers call the outlet."""
        return self.title or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What we remember about polling one feed.

    `baselined_at` is None until the first good poll of a new or re-enabled feed has been stored: until then matches
    come from its past and must not flood. `memory` is small JSON that the source wants back next time.
    """

    feed_id: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    polled_at: datetime | None = None
    good_at: datetime | None = None
    poll_at: datetime | None = None
    baselined_at: datetime | None = None
    newest_at: datetime | None = None
    failure_count: int = 0
    failing_since: datetime | None = None
    last_error: str | None = None
    last_error_kind: str | None = None
    health: Health = Health.NEW
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask a server for; sans-IO.

    `named_by` is the address of the source that named this one; empty when a person did. Sources name nothing inside.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None
    named_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a server answered: the final URL, lower-case header names, the body as inflated bytes.

    `moved_to` is the final URL when every redirect on the way there was a permanent one.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as the feed said it: plain text, no markup, http(s) link, date as the feed wrote it and as we read it.

    `raw` is the item as received, in UTF-8; empty when the source does not cut its answers into items. `forwarded_from`
    names whose words they are when they are passed on; `views` is how often it had been read, where that is shown.
    """

    feed_id: str
    guid: str
    url: str
    title: str
    summary: str = ""
    author: str = ""
    published_raw: str = ""
    published_at: datetime | None = None
    raw: bytes = b""
    forwarded_from: str = ""
    views: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The names an entry goes by within its feed: its id as it stands, the others as 16 hex digits of a hash.

    `address` is its canonical URL; `url` is the same, unless that URL names no article and something unique stands in, as
    it does for the words of an entry that has none.
    """

    guid: str
    address: str
    url: str
    text: str
    title: str

    @property
    def shares_address(self) -> bool:
        """Whether its canonical URL names no article, or others as well."""
        return self.url != self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found in a text, and, when that is something, in its headline and its beginning alone.

    `words` are its folded words, for the search index.
    """

    finding: Finding
    early: Finding | None = None
    headline: Finding | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a source made of a response: entries, further requests to follow, and memory it wants back next time.

    `keys` are the names of the entries, in their order, when they were worked out along with them, and `looks` what was
    found in them, by id, as far as somebody looked. Answers to `follow`
    are parsed one after the other, each with the memory that the one before left. `is_index`: the answer says nothing
    by itself, all it has is where it leads.
    """

    entries: tuple[Entry, ...]
    keys: tuple[Keys, ...] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)
    follow: tuple[Request, ...] = ()
    is_index: bool = False
    memory: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article page as the extractor read it; `text` is empty when nothing usable was found."""

    title: str = ""
    text: str = ""
    author: str = ""
    published_raw: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Where a page says that the news of its site can be read: addresses of feeds and of sections, names of channels."""

    title: str = ""
    feeds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The item as we understood it. `id` is 0 until it is stored; `url_key` names its address whatever the spelling.

    `shares_address`: other articles are at that address as well, so it says nothing about who is the same.
    """

    id: int = 0
    feed_id: str
    url: str
    url_key: str = ""
    shares_address: bool = False
    title: str
    text: str = ""
    author: str = ""
    forwarded_from: str = ""
    lang: str = ""
    published_at: datetime | None = None
    seen_at: datetime
    fingerprint: str = ""
    story_id: int | None = None
