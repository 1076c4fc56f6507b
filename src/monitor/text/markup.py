"""Markup in, plain text out: what feeds and pages wrap their words in never travels further than this."""

import html
import importlib
import re
from functools import cache
from typing import Any

from monitor.text.fold import clean

# A line ends before and after these, wherever they stand; all other tags may sit inside a word: за<b>бас</b>товка.
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|center|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
    r"|hr|li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)\b)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-z!/?][^<>]{0,2000}>", re.IGNORECASE)
_LOOKS_MARKED_UP = re.compile(r"<[a-z!/?]", re.IGNORECASE)
_UNREAD = ["script", "style", "noscript", "template", "iframe", "object", "svg", "math", "select", "button", "textarea"]
_MAX_TAGS = 5_000  # beyond: no summary, a trap; nested as deep as that, a tree takes the parser seconds


def plain(markup: str, *, one_line: bool = False) -> str:
    """The words of a piece of HTML, or of text that only may be HTML, cleaned; block elements end a line.

    Scripts, styles and forms are left out. Never raises.
    """
    if _LOOKS_MARKED_UP.search(markup):
        text = _without_tags(markup)
    elif "&" in markup:
        text = html.unescape(markup)
    else:
        text = markup
    return clean(text, one_line=one_line)


def selected(markup: str, selector: str) -> str:
    """The words of the elements that a CSS selector finds in a page; empty when it finds none, or is none."""
    try:
        found = html_parser()(markup).css(selector)
    except selector_error():
        return ""
    return clean("\n".join(plain(str(node.html or "")) for node in found))


def _without_tags(markup: str) -> str:
    markup = _BLOCK.sub("\n<", markup)
    if markup.count("<") > _MAX_TAGS:
        return html.unescape(_TAG.sub("", markup))
    tree = html_parser()(markup)
    tree.strip_tags(_UNREAD, recursive=True)
    body = tree.body
    return str(body.text(deep=True)) if body is not None else ""


@cache
def html_parser() -> Any:
    """The HTML parser, imported on first use."""
    return importlib.import_module("selectolax.lexbor").LexborHTMLParser


def selector_error() -> type[Exception]:
    """What that parser raises for a selector it cannot read; looked up only when something was raised."""
    found: type[Exception] = importlib.import_module("selectolax.lexbor").SelectolaxError
    return found
