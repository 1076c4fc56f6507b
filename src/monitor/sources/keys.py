"""The names an entry goes by within its feed, so that it is known again under another id, address or in other words."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from monitor.model import Entry, Feed, Keys
from monitor.text.fold import fold
from monitor.text.prints import digest16, fingerprint
from monitor.text.urls import canonical_in


def keys_of(feed: Feed, entries: Sequence[Entry]) -> tuple[Keys, ...]:
    """The names of entries that came together, in their order.

    A URL that several of them share, or that is only a home page, names no article.
    """
    urls = [canonical_in(feed, entry.url) for entry in entries]
    count = Counter(urls)
    return tuple(_keys(entry, url, is_shared=count[url] > 1) for entry, url in zip(entries, urls, strict=True))


def _keys(entry: Entry, url: str, *, is_shared: bool) -> Keys:
    parts = urlsplit(url)
    names_an_article = not is_shared and bool(parts.path.strip("/") or parts.query)
    address = digest16(url)
    return Keys(
        guid=entry.guid,
        address=address,
        url=address if names_an_article else f"-{digest16(entry.guid)}",
        text=fingerprint(entry.title, entry.summary),
        title=digest16(fold(entry.title)),
    )
