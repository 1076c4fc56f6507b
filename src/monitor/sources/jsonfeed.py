"""JSON Feed, read into the same fields that feedparser gives for the XML dialects."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.errors import ParseError
from monitor.sources.entries import Fields


def read_json(text: str) -> tuple[str, tuple[str, ...]]:
    """The title of a JSON feed and its items, each as JSON text of its own, always written the same way.

    Raises ParseError `not-a-feed` or `truncated`.
    """
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise ParseError("not-a-feed", "JSON nested too deep to be a feed") from error
    except ValueError as error:
        raise ParseError("truncated", "JSON that cannot be read; it may have been cut off") from error
    items = document.get("items") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(items, list) or not _says_feed(document):
        raise ParseError("not-a-feed", "JSON, but no JSON Feed")
    raws = (json.dumps(item, ensure_ascii=False, sort_keys=True) for item in items if isinstance(item, Mapping))
    return _words(document, "title"), tuple(raws)


def read_json_items(wanted: Sequence[str]) -> tuple[Fields, ...]:
    """What feedparser would say of these items, had they come as XML."""
    return tuple(_fields(json.loads(item)) for item in wanted)


def _says_feed(document: Mapping[str, Any]) -> bool:
    return "jsonfeed.org" in _words(document, "version") or "feed_url" in document or "home_page_url" in document


def _fields(item: Mapping[str, Any]) -> Fields:
    content = _words(item, "content_html") or _escaped(_words(item, "content_text"))
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_words(author, "name") for author in authors or () if isinstance(author, Mapping)]
    return {
        "id": _words(item, "id"),
        "link": _words(item, "url") or _words(item, "external_url"),
        "title": _escaped(_words(item, "title")),
        "content": ({"value": content},),
        "summary": _escaped(_words(item, "summary")),
        "author": _escaped(", ".join(name for name in names if name)),
        "published": _words(item, "date_published") or _words(item, "date_modified"),
    }


def _words(item: Mapping[str, Any], name: str) -> str:
    """A value as text: ids are often numbers."""
    value = item.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _escaped(text: str) -> str:
    """Text that is no markup, written as markup, because the fields of XML dialects are."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
