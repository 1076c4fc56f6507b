"""Pages that are watched as a whole: an observation, a draft law, a register; HTML or PDF.

    document | its words | sentences it did not have before | Entry

Only what was added is news; what was moved, laid out anew or taken away is not. The entry's summary is the added
sentences, its raw form the difference to what stood there before. `memory` holds

    words    the document's sentences, compressed, in base 64: what the next look is compared with
    title    what the document calls itself
    count    how many sentences it has
"""

import html
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import unified_diff
from typing import Any

from monitor.errors import ParseError
from monitor.model import Entry, Feed, FeedState, Parsed, Request, Response
from monitor.sources.added import added, sentences_of
from monitor.sources.asking import conditional
from monitor.sources.challenge import challenge
from monitor.sources.entries import make_entry
from monitor.sources.webpage import Node, Webpage, lines, nothing_on, open_page, select_all, words
from monitor.text.pdf import is_pdf, pdf_text
from monitor.text.prints import digest16
from monitor.text.urls import words_of

KIND = "page"
WHOLE_TEXT = True
"""What was added is all there is to read: the page itself has been read."""
SCRAPED = True
"""A page made for people: robots.txt is asked before it is read."""
SECONDS = 30.0
"""A code of law as a PDF takes its time."""

_FURNITURE = "nav, header, footer, aside, form, button, [role=navigation], [role=banner], [role=contentinfo]"
_MAINS = "main, [role=main], article, #content, #main"
_MOST_OF_IT = 0.5  # of a page's words: what holds less is not its main part
_LEAST_WORDS = 100  # characters of a document: less is a shell or an error
_SHORT = 2_000  # characters of a page: with the signs of a wall on it, it is one
_MAX_CHARACTERS = 800_000  # of a document; the longest codes of law have that many
_MAX_TITLE = 200


def request(feed: Feed, state: FeedState) -> Request:
    """The document's address, with the validators of the last good answer."""
    return conditional(feed, state)


def parse(feed: Feed, response: Response, memory: Mapping[str, Any]) -> Parsed:
    """What was added since the last look, as one entry; at the first look, all there is.

    `select.text` says which part of a page is watched. Raises ParseError `empty`, `blocked`, `not-a-page`,
    `unreadable`, `script-only`, `selector`; `no-text` when hardly a word is there or the watched part is gone,
    `locked` for a PDF with a password.
    """
    title, text = _document(feed, response)
    sentences = sentences_of(text[:_MAX_CHARACTERS])
    before = _unpacked(memory)
    new = added(before, sentences)
    difference = unified_diff(before, sentences, "before", "after", n=1, lineterm="") if before else sentences
    entries = (_entry(feed, response, title, "\n".join(new), "\n".join(difference)),) if new else ()
    memory = {"words": _packed(sentences), "title": title, "count": len(sentences)}
    return Parsed(entries=entries, title=title, memory=memory)


# ── the document's words ─────────────────────────────────────────────────────────────────────────────────────────


def _document(feed: Feed, response: Response) -> tuple[str, str]:
    """Title and text of the document, a line a paragraph."""
    if is_pdf(response.body):
        title, text = pdf_text(response.body)
        return title or words_of(feed.url), text
    page = open_page(response)
    heading = page.tree.css_first("h1") or page.tree.css_first("title")
    title = words(heading)[:_MAX_TITLE] if heading is not None else ""
    text = "\n".join(lines(*_watched(feed, page), rows=True))
    wall = challenge(page.headers, page.markup) if len(text) < _SHORT else None
    if wall is not None:
        raise ParseError("blocked", f"{wall} instead of the page")
    if len(text) < _LEAST_WORDS:
        raise nothing_on(page, "hardly a word is on the page", kind="no-text")
    return title, text


def _watched(feed: Feed, page: Webpage) -> list[Node]:
    """The part of a page that is watched: the selected one, its main part, or all but menus, head and foot."""
    if selector := feed.select.get("text"):
        chosen = select_all(page.tree, selector)
        if not chosen:
            raise nothing_on(page, "nothing is where `select: text` says; the page was rebuilt", kind="no-text")
        return chosen
    body = page.tree.body
    if body is None:
        return []
    mains = page.tree.css(_MAINS)
    enough = len(words(body)) * _MOST_OF_IT
    main = next((node for node in mains if len(words(node)) >= enough), None)
    if main is not None:
        return [main]
    for node in page.tree.css(_FURNITURE):
        node.decompose()
    return [body]


# ── the entry ────────────────────────────────────────────────────────────────────────────────────────────────────


def _entry(feed: Feed, response: Response, title: str, text: str, difference: str) -> Entry:
    """The added sentences under the document's title; its raw form is the difference, line by line."""
    fields = {
        "id": f"{feed.url}#{digest16(text)}",
        "title": html.escape(title or feed.name, quote=False),
        "summary": html.escape(text, quote=False),
    }
    entry = make_entry(feed, fields, difference, base=response.url, now=response.received_at)
    return replace(entry, url=feed.url)


def _packed(sentences: Sequence[str]) -> str:
    return b64encode(zlib.compress("\n".join(sentences).encode("utf-8", "replace"), 9)).decode()


def _unpacked(memory: Mapping[str, Any]) -> list[str]:
    """The sentences of the last look; none when the memory is of another kind."""
    try:
        packed = b64decode(str(memory.get("words", "")), validate=True)
        return zlib.decompress(packed).decode("utf-8").split("\n") if packed else []
    except (ValueError, zlib.error):
        return []
