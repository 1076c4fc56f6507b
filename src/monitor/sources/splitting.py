"""Feeds cut into pieces: the head, the raw items, the tail. Linear in the text, whatever it holds.

The items are cut out as they stand, so that an item seen before can be known by its bytes alone and need not be parsed
again. A broken feed is cut as well as it goes: an item without an end stops where the next one begins.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers.expat import ExpatError, ParserCreate

from monitor.sources.entities import declared

Dialect = Literal["rss", "atom", "rdf"]

_DIALECTS: dict[str, Dialect] = {"rss": "rss", "feed": "atom", "rdf": "rdf"}
_ITEM_OF: dict[Dialect, str] = {"rss": "item", "rdf": "item", "atom": "entry"}
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|RDF)(?=[\s/>])", re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,80})")
_ITEM = re.compile(r"<((?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_FEED_END = re.compile(r"</(?:channel|rss|feed|(?:[\w.-]{1,40}:)?RDF)\s*>", re.IGNORECASE)
_TITLE_END = re.compile(r"</title\s*>", re.IGNORECASE)
_CHILD = re.compile(r"<(?:link|guid|id|pubDate|published|updated|description|summary|category)[\s>]", re.IGNORECASE)
_LAST = True  # for expat: there is no more of the document
_COMMENT, _CDATA = "<!--", "<![CDATA["
_PROLOGUE = (("<?", "?>"), (_COMMENT, "-->"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A feed in pieces; `head` is empty when the feed's beginning is lost.

    `partial` says that the last item has no end: the transfer was cut there. `entities` are those that the document
    declares.
    """

    dialect: Dialect
    head: str = ""
    items: tuple[str, ...] = ()
    tail: str = ""
    partial: bool = False
    entities: Mapping[str, str] = field(default_factory=dict)


def root_name(text: str) -> str:
    """The lower-case local name of the first element, past declarations and comments; "" when there is none."""
    place = 0
    while True:
        place = _past_space(text, place)
        end = _past_declaration(text, place)
        if end is None:
            found = _ELEMENT.match(text, place)
            return found[1].rpartition(":")[2].lower() if found else ""
        if end < 0:
            return ""
        place = end


def _past_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _past_declaration(text: str, place: int) -> int | None:
    """The end of a declaration, comment or DOCTYPE that begins at `place`; None when none does, -1 when it never ends."""
    for opening, closing in _PROLOGUE:
        if text.startswith(opening, place):
            end = text.find(closing, place)
            return end + len(closing) if end >= 0 else -1
    if not text.startswith("<!", place):
        return None
    end = text.find(">", place)
    subset = text.find("[", place, end if end >= 0 else len(text))  # entities of its own, with more `>`
    if subset >= 0:
        closed = text.find("]", subset)
        end = text.find(">", closed) if closed >= 0 else -1
    return end + 1 if end >= 0 else -1


def split(text: str) -> Pieces | None:
    """Cut a feed into pieces; None when there is neither the root of a feed nor an item of one."""
    root = _ROOT.search(text)
    entities: Mapping[str, str] = {}
    first = _ITEM.search(text, root.end() if root else 0)
    if root is not None:
        dialect = _DIALECTS[root[1].lower()]
        entities = declared(text[: root.start()])
        text, name = text[root.start() :], _item_name(text, root.end(), _ITEM_OF[dialect])
    elif first is not None:
        name = first[1]
        dialect = "atom" if name.lower().endswith("entry") else "rss"
    else:
        return None
    cuts, partial = _Cutter(text, name).cuts()
    if not cuts and first is not None and not is_well_formed(text):
        # Something that looks like the beginning of a comment swallowed everything: look inside.
        cuts, partial = _Cutter(text, name, skipping=False).cuts()
    if not cuts:
        return Pieces(dialect=dialect, head=text if root else "", entities=entities)
    return Pieces(
        dialect=dialect,
        head=text[: cuts[0][0]] if root else "",
        items=tuple(_whole(text[start:end], name) for start, end in cuts),
        tail=text[cuts[-1][1] :],
        partial=partial,
        entities=entities,
    )


def _whole(item: str, name: str) -> str:
    """An item with its opening tag, if that was lost."""
    return item if item[1 : len(name) + 1].lower() == name.lower() else f"<{name}>{item}"


def _item_name(text: str, place: int, local: str) -> str:
    """What this feed calls its items: plain `item` when there is any, else whatever prefix it puts before it."""
    if re.compile(rf"<{local}[\s>]", re.IGNORECASE).search(text, place):
        return local
    found = re.compile(rf"<([\w.-]{{1,40}}:{local})[\s>]", re.IGNORECASE).search(text, place)
    return found[1] if found else local


def is_well_formed(document: str) -> bool:
    """Whether a document is XML with its namespaces declared; a twentieth of the cost of reading it as a feed."""
    try:
        ParserCreate("utf-8", namespace_separator=" ").Parse(document.encode("utf-8", "replace"), _LAST)
    except ExpatError:
        return False
    return True


class _Cutter:
    """Walks once through a feed, from one item tag to the next, past comments and CDATA when `skipping`."""

    def __init__(self, text: str, name: str, *, skipping: bool = True) -> None:
        self._text = text
        skipped = rf"{re.escape(_CDATA)}|{_COMMENT}|" if skipping else ""
        self._tag = re.compile(rf"{skipped}<(/?){re.escape(name)}(?=[\s/>])", re.IGNORECASE)
        self._ends = {"]]>": -2, "-->": -2}  # where each was last found: every stretch is searched once only

    def cuts(self) -> tuple[list[tuple[int, int]], bool]:
        """Start and end of every item, and whether the last one lacks its end."""
        found: list[tuple[int, int]] = []
        start, place = -1, 0
        while tag := self._tag.search(self._text, place):
            if tag[1] is None:
                place = self._past(tag)
                continue
            end = self._text.find(">", tag.end())
            if end < 0:
                break
            place = end + 1
            if start >= 0:
                found.append((start, place if tag[1] else tag.start()))
            elif tag[1] and (begun := self._beginning(found, tag.start())) >= 0:
                found.append((begun, place))
            start = -1 if tag[1] or self._text[end - 1] == "/" else tag.start()
        if start < 0:
            return found, False
        feed_end = _FEED_END.search(self._text, place)
        found.append((start, feed_end.start() if feed_end else len(self._text)))
        return found, feed_end is None

    def _beginning(self, found: list[tuple[int, int]], end: int) -> int:
        """Where an item began whose end stands at `end` and whose own tag is lost; -1 when nothing was lost."""
        floor = found[-1][1] if found else 0
        title = self._text.rfind("<title", floor, end)
        if title < 0 or not _TITLE_END.search(self._text, title, end):
            return -1
        child = _CHILD.search(self._text, floor, title) if found else None
        return child.start() if child else title

    def _past(self, tag: re.Match[str]) -> int:
        """The end of the CDATA section or comment that begins with `tag`; just past its beginning when it has none.

        A section that holds the beginning of another lost its own end: what it seems to hold are items.
        """
        closing = "-->" if tag[0] == _COMMENT else "]]>"
        end = self._end(closing, tag.end())
        if end < 0 or (closing == "]]>" and self._text.find(_CDATA, tag.end(), end) >= 0):
            return tag.end()
        return end + len(closing)

    def _end(self, closing: str, place: int) -> int:
        known = self._ends[closing]
        if known == -1 or known >= place:
            return known
        self._ends[closing] = self._text.find(closing, place)
        return self._ends[closing]
