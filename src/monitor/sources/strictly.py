"""feedparser's strict parser, driven by expat itself and spared what nobody here reads.

`feedparser.parse` finds out the encoding, asks for a SAX driver, and hands over every element through four layers; half
of its time is not parsing. Our documents are UTF-8 and without a document type, so its parser can hear expat directly.
What it says of a feed stays the same: `tests/test_strictly.py` compares with `feedparser.parse`, key by key.
"""

import re
from typing import Any, Self
from xml.parsers import expat
from xml.sax.xmlreader import AttributesNSImpl

from feedparser.api import StrictFeedParser
from feedparser.util import FeedParserDict

_REMEMBERED = 500  # names of elements; feeds have a few dozen, and one made to harm any number of any length
_WINDOWS_1252 = re.compile("[\x80-\x9f]")
_SEPARATOR = "\x01"  # between the parts of a name (address, name, prefix): no document can hold it


class _Untranslated(str):
    """A text without letters of Windows-1252: to look each one up in a table of them takes longer than to parse it."""

    __slots__ = ()

    def translate(self, table: Any, /) -> str:
        """The text as it is."""
        del table
        return str.__str__(self)


class _Parameters(FeedParserDict):  # type: ignore[misc] # feedparser has no types
    """What is said of a text: a plain dictionary, for none of its keys has another name. It is copied for every text."""

    get = dict.get
    __contains__ = dict.__contains__
    __getitem__ = dict.__getitem__
    __setitem__ = dict.__setitem__

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(self)


class _Parser(StrictFeedParser):  # type: ignore[misc] # feedparser has no types
    """The parser, which keeps in mind what it calls an element and its attributes."""

    resolve_relative_uris = sanitize_html = False

    def __init__(self) -> None:
        super().__init__("", None, "utf-8")
        self.contentparams = _Parameters()
        self._starts: dict[tuple[str, ...], tuple[str, list[tuple[str, str]]]] = {}
        self._ends: dict[str, str] = {}
        self._is_asked = False  # what it would call something
        self._called: tuple[str, list[tuple[str, str]]] = ("", [])

    def hear(self, document: bytes) -> None:
        """Listen to expat reading a document. Raises ExpatError when it is not well-formed."""
        reader = expat.ParserCreate("utf-8", _SEPARATOR, None)
        reader.namespace_prefixes = True
        reader.StartDoctypeDeclHandler = _refuse
        reader.StartElementHandler = self._start
        reader.EndElementHandler = self._end
        reader.CharacterDataHandler = self.handle_data
        reader.StartNamespaceDeclHandler = self.startPrefixMapping
        reader.Parse(document, True)

    # ── From expat ──

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        self._forget()
        super().track_namespace(prefix, uri)

    def _forget(self) -> None:
        self._starts.clear()
        self._ends.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.decls:  # what was just declared goes along as an attribute, once
            self._begin(name, attributes)
            return
        known = self._starts.get((name, *attributes))
        if known is None:
            if len(self._starts) >= _REMEMBERED:
                self._forget()
            self._is_asked = True
            self._begin(name, {each: each for each in attributes})
            self._is_asked = False
            known = self._starts[name, *attributes] = self._called
        called, names = known
        super().unknown_starttag(called, [(each, attributes.get(source, source)) for each, source in names])

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        values = {_pair(each): value for each, value in attributes.items()}
        names = {_pair(each): _written(each) for each in attributes}
        self.startElementNS(_pair(name), None, AttributesNSImpl(values, names))

    def _end(self, name: str) -> None:
        known = self._ends.get(name)
        if known is None:
            self._is_asked = True
            self.endElementNS(_pair(name), None)
            self._is_asked = False
            known = self._ends[name] = self._called[0]
        super().unknown_endtag(known)

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        if self._is_asked:
            self._called = tag, attrs
        else:
            super().unknown_starttag(tag, attrs)

    def unknown_endtag(self, tag: str) -> None:
        self._called = tag, []

    # ── What feedparser's own steps are replaced by ──

    def push_content(self, *what: Any) -> None:
        super().push_content(*what)
        self.contentparams = _Parameters(self.contentparams)

    @staticmethod
    def decode_entities(element: str, data: str) -> str:
        del element
        return data if data.isascii() or _WINDOWS_1252.search(data) else _Untranslated(data)

    def _end_published(self) -> None:
        self.pop("published")  # and parse no date: we read them ourselves

    def _end_updated(self) -> None:
        self.pop("updated")

    def _end_created(self) -> None:
        self.pop("created")

    _end_pubdate = _end_issued = _end_published
    _end_lastbuilddate = _end_modified = _end_updated


def parse(document: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a document in UTF-8, without a document type, says of its feed and of its entries.

    Raises ExpatError when it is not well-formed or has one, and what feedparser raises on hostile input.
    """
    parser = _Parser()
    parser.hear(document)
    return parser.feeddata, parser.entries


def _refuse(*_: object) -> None:
    raise expat.ExpatError("a document type may declare entities")


def _pair(name: str) -> tuple[str | None, str]:
    """(address of the namespace, local name)."""
    first, *more = name.split(_SEPARATOR)
    return (first, more[0]) if more else (None, first)


def _written(name: str) -> str:
    """An attribute's name as it was written, with its prefix if it has one."""
    _, *more = parts = name.split(_SEPARATOR)
    return ":".join(reversed(more)) if more else parts[0]
