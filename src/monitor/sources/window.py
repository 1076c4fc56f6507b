"""The window: what a feed's body shows at the moment, cut into items, or a named reason why it shows nothing.

Everything that stands where a feed should be is an error here and never "no news": an empty body, a bot check, a login,
a parked domain, a web page, a transfer that was cut off.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.errors import ParseError
from monitor.model import Response
from monitor.sources.challenge import challenge
from monitor.sources.entries import Fields
from monitor.sources.feeding import read_items
from monitor.sources.jsonfeed import read_json, read_json_items
from monitor.sources.splitting import Pieces, root_name, split
from monitor.text.decode import decode

_ROOTS = ("rss", "feed", "rdf")
_OTHER = ("svg", "urlset", "sitemapindex", "opml")
_PAGE = ("html", "head", "body", "script", "style", "meta", "div", "p")
_MOST_ITEMS = 5_000  # feeds show 10 to 100
_GARBAGE = 4_000  # characters in front of a feed's root
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_LONGEST_REFERENCE = 7  # digits of the last code point, 1114111
_LAST_CODE_POINT = 0x10FFFF
_FEED_START = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)
_FEED_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|RDF)\s*>|/>\s*\Z", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_TITLE_END = re.compile(r"</(?:[\w.-]{1,40}:)?title\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The raw items of a feed, as text; `pieces` is None for JSON.

    `is_partial` says that the transfer was cut; what came of the last item stands among them if it has its title.
    """

    items: tuple[str, ...]
    title: str = ""
    pieces: Pieces | None = None
    is_partial: bool = False

    def read(self, wanted: Sequence[str]) -> tuple[str, tuple[Fields | None, ...]]:
        """The feed's title and the fields of the wanted items; None for one that cannot be read."""
        if self.pieces is None:
            return self.title, read_json_items(wanted)
        return read_items(self.pieces, wanted)


def window(response: Response) -> Window:
    """What the body of an answer shows.

    Raises ParseError `empty`, `blocked`, `not-a-feed` or `truncated`.
    """
    text = legible(response)
    if not text:
        raise ParseError("empty", "the body is empty")
    if text[0] in "{[":
        title, items = _json(text, response.headers)
        return Window(items=_both_ends(items), title=title)
    pieces = _pieces(text)
    if pieces is None:
        raise _no_feed(text, response.headers)
    if not pieces.items and not _FEED_END.search(pieces.head):
        raise ParseError("truncated", "the feed was cut off before its first item")
    useless = pieces.partial and not _TITLE_END.search(pieces.items[-1])
    whole = not pieces.partial and _FEED_END.search(pieces.tail if pieces.items else pieces.head)
    items = pieces.items[:-1] if useless else pieces.items
    return Window(items=_both_ends(items), pieces=pieces, is_partial=not whole)


def _both_ends(items: tuple[str, ...]) -> tuple[str, ...]:
    """As many items as are read: who shows a whole archive has the newest at its beginning, or at its end."""
    return items if len(items) <= _MOST_ITEMS else items[: _MOST_ITEMS // 2] + items[-_MOST_ITEMS // 2 :]


def legible(response: Response) -> str:
    """The body as text without what no XML parser accepts: control characters and impossible references."""
    text = decode(response.body, response.headers.get("content-type", ""))
    text = _ILLEGAL.sub("", text).strip("\ufeff \t\r\n")
    return _REFERENCE.sub(_possible, text) if "&#" in text else text


def _possible(reference: re.Match[str]) -> str:
    digits = (reference[1] or reference[2]).lstrip("0")
    if not digits or len(digits) > _LONGEST_REFERENCE:
        return ""
    number = int(digits, 16 if reference[1] else 10)
    return "" if number > _LAST_CODE_POINT or _ILLEGAL.match(chr(number)) else reference[0]


def _json(text: str, headers: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    if (wall := challenge(headers, "")) is not None:
        raise ParseError("blocked", f"{wall} instead of a feed")
    return read_json(text)


def _pieces(text: str) -> Pieces | None:
    """The feed in pieces; None when it is another document.

    A feed is also looked for behind what a broken server put first, and without a root when whole items show that there
    was one. A web page is a feed only when it plainly wraps one: its root near the beginning, and items in it.
    """
    root = root_name(text)
    if root in _ROOTS:
        return split(text)
    pieces = split(text) if root not in _OTHER else None
    if pieces is None or not any(_ITEM_END.search(item) for item in pieces.items):
        return None
    return pieces if root not in _PAGE or _FEED_START.search(text, 0, _GARBAGE) else None


def _no_feed(text: str, headers: Mapping[str, str]) -> ParseError:
    if (wall := challenge(headers, text)) is not None:
        return ParseError("blocked", f"{wall} instead of a feed")
    root = root_name(text)
    if not root and text.startswith(("<?xml", "<!")):
        return ParseError("truncated", "the feed was cut off before it began")
    what = "a web page" if root in _PAGE else f"a document of <{root}>" if root else "plain text"
    return ParseError("not-a-feed", f"{what} instead of a feed")
