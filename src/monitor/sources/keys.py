"""The names an entry goes by within its feed, so that it is known again under another id, address or in other words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from monitor.model import Entry, Feed, Keys
from monitor.text.fold import fold
from monitor.text.prints import digest16, fingerprint
from monitor.text.urls import canonical_in


def keys_of(feed: Feed, entries: Sequence[Entry]) -> tuple[Keys, ...]:
    """The names of entries that came together, in their order.

    A URL that several of them share, that is only a home page, or the feed's own, names no article.
    """
    urls = [canonical_in(feed, entry.url) for entry in entries]
    count = Counter([*urls, canonical_in(feed, feed.url)])
    return tuple(_keys(feed, entry, url, is_shared=count[url] > 1) for entry, url in zip(entries, urls, strict=True))


def at_a_shared_address(keys: Keys) -> Keys:
    """The names of an entry whose address turns out to be that of another one, too."""
    return replace(keys, url=_own(keys.guid))


def _own(guid: str) -> str:
    """What stands for a name that an entry has not; nothing is shared with others."""
    return f"-{digest16(guid)}"


def _keys(feed: Feed, entry: Entry, url: str, *, is_shared: bool) -> Keys:
    parts = urlsplit(url)
    names_an_article = not is_shared and bool(parts.path.strip("/") or parts.query)
    # Each change of a watched page is an article of its own, though they all stand at one address.
    address = digest16(entry.guid if entry.url == feed.url else url)
    own = _own(entry.guid)
    return Keys(
        guid=entry.guid,
        address=address,
        url=address if names_an_article else own,
        text=fingerprint(entry.title, entry.summary) if entry.title or entry.summary else own,
        title=digest16(fold(entry.title)) if entry.title else own,
    )
