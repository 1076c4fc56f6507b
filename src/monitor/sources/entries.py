"""What a feed says of one item, made into an Entry: plain text, a web link or none, a date or none."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from monitor.model import Entry, Feed
from monitor.sources.dates import read_date
from monitor.text.fold import clean
from monitor.text.markup import plain
from monitor.text.prints import digest16
from monitor.text.urls import web_link

Fields = Mapping[str, Any]
"""What a parser says of one item: `id`, `link`, `title`, `summary`, `content`, `author`, `published`, …"""

# Longer ones are a mistake or an attack: the database and the reader's screen get what any real outlet needs.
_MAX_TITLE, _MAX_SUMMARY, _MAX_AUTHOR, _MAX_GUID, _MAX_URL = 1_000, 100_000, 300, 500, 4_000
_HEADLINE = 140  # of an item without a title: its first sentence, cut at a word
_SENTENCE_ENDS = (". ", "! ", "? ", "… ", "\n")
_DATES = ("published", "pubdate", "issued", "updated", "modified", "created", "date")


def make_entry(feed: Feed, fields: Fields, raw: str, *, base: str, now: datetime) -> Entry:
    """The entry of one item; `base` is what relative links start from, `now` when it was received.

    A missing id is the link, or what the item says. An item without a title gets its first sentence.
    """
    summary = _summary(fields)
    title = plain(_text(fields, "title")[:_MAX_SUMMARY], one_line=True)[:_MAX_TITLE] or headline(summary)
    url = _link(fields, base)
    published = next((written for name in _DATES if (written := _text(fields, name).strip())), "")
    return Entry(
        feed_id=feed.id,
        guid=_guid(fields, url, title, summary),
        url=url,
        title=title,
        summary=summary,
        author=plain(_text(fields, "author")[:_MAX_SUMMARY], one_line=True)[:_MAX_AUTHOR],
        published_raw=clean(published[:_MAX_AUTHOR], one_line=True),
        published_at=read_date(published, feed.time_zone, now) if published else None,
        raw=raw.encode("utf-8", "replace"),
    )


def headline(text: str, least: int = 1) -> str:
    """The first sentence of a text, or more when it is shorter than `least`; at most 140 characters, cut at a word."""
    first = text[: _HEADLINE + 1]
    ends = [place + 1 for mark in _SENTENCE_ENDS if (place := first.find(mark, least)) > 0]
    if ends:
        return first[: min(ends)].strip()
    if len(text) <= _HEADLINE:
        return text
    return (first[:_HEADLINE].rsplit(" ", 1)[0] or first[:_HEADLINE]) + "…"


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _summary(fields: Fields) -> str:
    """The longest of what the item offers as its text."""
    contents = fields.get("content") or ()
    offered = [_text(part, "value") for part in contents if isinstance(part, Mapping)]
    offered += [_text(fields, "summary"), _text(fields, "description")]
    longest = max(dict.fromkeys(offered), key=len)
    return plain(longest[: 10 * _MAX_SUMMARY])[:_MAX_SUMMARY]


def _link(fields: Fields, base: str) -> str:
    """The first usable link: the outlet's own before the feed service's, any alternate, a guid that is an address."""
    for candidate in _candidates(fields):
        link = "".join(candidate.split())
        if not link or len(link) > _MAX_URL:
            continue
        try:
            absolute = urljoin(base, link)
        except ValueError:
            continue
        if (usable := web_link(absolute)) is not None:
            return usable
    return ""


def _candidates(fields: Fields) -> Iterable[str]:
    guid = _text(fields, "id")
    yield _text(fields, "feedburner_origlink")
    link = _text(fields, "link")
    if link != guid or "/" in link:  # an id without an address in it is only called a link
        yield link
    for other in fields.get("links") or ():
        if isinstance(other, Mapping) and other.get("rel", "alternate") == "alternate":
            yield _text(other, "href")
    if guid.startswith(("http://", "https://")):
        yield guid


def _guid(fields: Fields, url: str, title: str, summary: str) -> str:
    guid = clean(_text(fields, "id"), one_line=True) or url
    if not guid or len(guid) > _MAX_GUID:
        return "print:" + digest16(guid or f"{title}\n{summary}")
    return guid
