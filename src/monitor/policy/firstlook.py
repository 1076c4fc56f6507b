"""Is a source what its entry says? What one answer tells, in words for the person who adds or checks it."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from monitor.languages.detection import detect
from monitor.model import Entry, Feed, Response
from monitor.text.urls import canonical, host

ASLEEP = timedelta(days=30)
NAMES = {"en": "English", "ru": "Russian", "kk": "Kazakh"}
MOST = 0.6  # of the items: what more than this say is what the source is


def first_look(feed: Feed, response: Response, entries: Sequence[Entry]) -> tuple[str, ...]:
    """What a person should know of a source that answered: one sentence each, none when all is as it should be."""
    if not entries:
        return ("It is empty: nothing would ever come from it.",)
    looks = (_moved(feed, response), _dates(feed, entries, response.received_at), _language(feed, entries))
    return tuple(
        sentence for look in (*looks, _links(feed, response, entries), _words(feed, entries)) for sentence in look
    )


def _moved(feed: Feed, response: Response) -> Iterator[str]:
    if response.moved_to and canonical(response.moved_to) != canonical(feed.url):
        yield f"It has moved for good: write {response.moved_to} as its address."
    elif not _is_same_site(_home(response.url), {_home(feed.url), *feed.aliases}):
        yield f"It answers from another site, {host(response.url)}: is that still the same outlet?"


def _dates(feed: Feed, entries: Sequence[Entry], now: datetime) -> Iterator[str]:
    if feed.kind == "page":
        return  # what was added to it is new, whatever it says
    dates = [entry.published_at for entry in entries if entry.published_at]
    if not dates:
        yield "No item has a date: whatever was not seen before counts as news."
        return
    if now - max(dates) > ASLEEP:
        yield f"The newest item is {(now - max(dates)).days} days old: the source may be asleep or frozen."
    if len(entries) > 1 and len(dates) == len(entries) and len(set(dates)) == 1:
        yield "All items have the same date: it says nothing about when they were published."


def _language(feed: Feed, entries: Sequence[Entry]) -> Iterator[str]:
    found = main_language(entries)
    if found in NAMES and found != feed.lang:
        yield f"Most headlines are {NAMES[found]}: `lang: {found}` would fit better than `lang: {feed.lang}`."


def _links(feed: Feed, response: Response, entries: Sequence[Entry]) -> Iterator[str]:
    homes = Counter(_home(entry.url) for entry in entries if entry.url)
    if not homes:
        yield "No item has a link: cards would lead nowhere."
        return
    own = {_home(feed.url), _home(response.url), *feed.aliases}
    strangers = {home: count for home, count in homes.items() if not _is_same_site(home, own)}
    if sum(strangers.values()) > MOST * homes.total():
        yield f"Most links lead elsewhere, to {max(strangers, key=strangers.__getitem__)} above all."


def _words(feed: Feed, entries: Sequence[Entry]) -> Iterator[str]:
    untitled = sum(not entry.title for entry in entries)
    if feed.kind == "sitemap":
        return  # plain ones are nothing but addresses: the pages are read anyway
    if untitled > MOST * len(entries):
        yield f"{untitled} of {len(entries)} items have no headline."
    silent = sum(not entry.summary for entry in entries)
    if silent > MOST * len(entries) and not feed.full_text:
        yield "Items carry no text: with `full_text: true` the articles' own pages are searched as well."
    elif "KZ" in feed.blocked_in and not feed.full_text:
        yield "Readers in Kazakhstan cannot open its links: with `full_text: true` the cards carry its text."


def main_language(entries: Sequence[Entry]) -> str:
    """The language of most headlines, as an ISO 639-1 code; empty when none has a clear majority."""
    found = Counter(detect(entry.title or entry.summary) for entry in entries)
    del found[""]
    if not found:
        return ""
    lang, count = found.most_common(1)[0]
    return lang if count > MOST * found.total() else ""


def _home(url: str) -> str:
    return host(canonical(url))


def _is_same_site(home: str, own: Collection[str]) -> bool:
    """Whether a host is one of the outlet's own, or stands above or below one of them."""
    return any(home == one or home.endswith(f".{one}") or one.endswith(f".{home}") for one in own)
