"""A web page made for people: opened once, asked for links and words, and named when there is nothing to read on it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

from monitor.errors import ParseError
from monitor.model import Response
from monitor.sources.challenge import challenge
from monitor.text.decode import decode
from monitor.text.fold import clean
from monitor.text.markup import html_parser, selector_error
from monitor.text.urls import web_link

Node = Any
"""An element of selectolax's tree; the library ships no types worth the name."""

_UNREAD = ["script", "style", "noscript", "template", "iframe", "object", "svg", "math", "select", "textarea"]
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
        "option", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_LOOKS_LIKE_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|table|ul|a|p|h\d)\b", re.IGNORECASE)
_OPENED = re.compile(r"<[a-z]", re.IGNORECASE)
# Their end may be left out, or they have none: a page full of them is not deep.
_UNCLOSED = re.compile(
    r"<(?:br|img|input|meta|link|hr|wbr|source|li|p|td|tr|th|option|dd|dt|area|col|param)\b", re.IGNORECASE
)
_MAX_DEPTH = 2_000  # of elements never closed: nested as deep as that, a tree takes the parser seconds
_MAX_CHARACTERS = 10_000_000
_MAX_URL = 4_000
_IGNORED = re.compile(r"[\t\r\n]")  # in addresses, as browsers do; other spaces are a part of them
_LONG_FOR_A_WALL = 2_500  # characters
_FEW_WORDS = 200  # characters: less is a shell, whatever its scripts will draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Webpage:
    """An opened page: its tree without scripts and forms, the address relative links start from, and its own."""

    tree: Node
    base: str
    address: str
    headers: Mapping[str, str]
    markup: str

    def link(self, node: Node) -> str:
        """Where an `<a>` leads: an absolute web address other than this very page and its base, or empty."""
        href = _IGNORED.sub("", node.attributes.get("href") or "").strip()
        if not href or len(href) > _MAX_URL or href.startswith("#"):
            return ""
        try:
            link = web_link(urljoin(self.base, href))
        except ValueError:
            return ""
        home = (self.address.rstrip("/"), self.base.rstrip("/"))
        return "" if link is None or link.rstrip("/") in home else link


def open_page(response: Response) -> Webpage:
    """The page of an answer.

    Raises ParseError `empty`, `blocked` (as far as its headers tell), `not-a-page`, or `unreadable` for a trap.
    """
    if (wall := challenge(response.headers, "")) is not None:
        raise ParseError("blocked", f"{wall} instead of the page")
    markup = decode(response.body, response.headers.get("content-type", "")).replace("\x00", "")[:_MAX_CHARACTERS]
    if not markup.strip():
        raise ParseError("empty", "the body is empty")
    if not _LOOKS_LIKE_HTML.search(markup):
        raise ParseError("not-a-page", "no web page where one should be")
    unclosed = _count(_OPENED, markup) - markup.count("</") - _count(_UNCLOSED, markup)
    if unclosed > _MAX_DEPTH:
        raise ParseError("unreadable", f"{unclosed} elements are never closed; no real page is built like that")
    tree = html_parser()(markup)
    base = tree.css_first("base[href]")
    address = urldefrag(response.url).url
    start = address
    if base is not None:
        start = web_link(_joined(address, base.attributes.get("href") or "")) or address
    tree.strip_tags(_UNREAD, recursive=True)
    return Webpage(tree=tree, base=start, address=address, headers=response.headers, markup=markup)


def nothing_on(page: Webpage, what: str, kind: str = "no-list") -> ParseError:
    """Why a page holds nothing for us, as far as can be seen: a wall, a shell for scripts, or else `what`."""
    body = page.tree.body
    said = len(words(body)) if body is not None else 0
    # Long pages speak of captchas and passwords in passing: walls are short.
    wall = challenge(page.headers, page.markup) if said < _LONG_FOR_A_WALL else None
    if wall is not None:
        return ParseError("blocked", f"{wall} instead of the page")
    if said < _FEW_WORDS and "<script" in page.markup:
        return ParseError("script-only", "the page is drawn by a script; look for a feed, a sitemap or another address")
    return ParseError(kind, what)


def select_all(root: Any, selector: str) -> list[Node]:
    """`root` itself and the elements below it, if a selector finds them, in the order of the page. Raises ParseError `selector`."""
    try:
        return list(root.css(selector))
    except selector_error() as error:
        raise ParseError("selector", f"`{selector}` is no CSS selector that can be used here") from error


def ancestors(node: Node, levels: int) -> Iterator[Node]:
    """The elements around a node, from the inside out, at most so many."""
    for _ in range(levels):
        node = node.parent
        if node is None or not node.is_element_node:
            return
        yield node


def words(*nodes: Node, skip: Iterable[Node] = ()) -> str:
    """The text of nodes on one line, clean; block elements part words, others do not."""
    return clean("".join(_pieces(nodes, _ids(skip), gap="")), one_line=True)


def lines(*nodes: Node, skip: Iterable[Node] = (), gap: str = "", rows: bool = False) -> list[str]:
    """The text of nodes line by line, without what `skip` holds; `gap` stands where one inline element ends.

    With `rows`, the cells of a table's row stand on one line, as far as they hold no boxes.
    """
    text = "".join(_pieces(nodes, _ids(skip), gap=gap, cell=" " if rows else "\n"))
    found = (clean(line, one_line=True) for line in text.split("\n"))
    return [line for line in found if line]


def _ids(nodes: Iterable[Node]) -> frozenset[int]:
    return frozenset(node.mem_id for node in nodes)


def _pieces(nodes: Iterable[Node], skip: frozenset[int], *, gap: str, cell: str = "\n") -> Iterator[str]:
    """The text of nodes in order; a newline on both sides of a block. Not recursive: pages nest as deep as they like."""
    for root in nodes:
        stack: list[Node | str] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                yield node
            elif node.is_text_node:
                yield _flat(node.text_content or "")
            elif node.is_element_node and node.mem_id not in skip:
                edge = cell if node.tag in _CELLS else "\n" if node.tag in _BLOCKS else gap
                yield edge
                stack.append(edge)
                stack.extend(reversed(list(node.iter(include_text=True))))


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _flat(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return base
