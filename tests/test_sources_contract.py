"""The contract of a source: every file in the folder that names a KIND keeps it, today's and tomorrow's."""

import inspect
import json
from collections.abc import Mapping
from typing import Any

import pytest

from feeds import FEED, answer
from monitor import sources
from monitor.errors import ParseError
from monitor.model import Feed, FeedState, Parsed, Request
from monitor.worker.parcels import Outcome, open_outcome, wrap

KINDS = sources.by_kind()

NEWS = '<div class="n"><h3><a href="{0}">Рабочие завода {0} требуют индексации зарплаты</a></h3><p>20.11.2026</p></div>'
LINKS = (
    "javascript:alert(1)",
    "JAVASCRIPT:x",
    "data:text/html,x",
    "mailto:a@b.kz",
    "#x",
    "//",
    "http://",
    "\x00",
    "a b",
    "/ok/1",
)
HOSTILE = [
    b"",
    b"<html><head><script>draw()</script></head><body><div id=app></div><noscript>JavaScript</noscript></body></html>",
    ("<html><body>" + "".join(map(NEWS.format, LINKS)) * 3).encode(),
    ("<urlset>" + "".join(f"<url><loc>{link}</loc></url>" for link in LINKS) + "</urlset>").encode(),
    ("<html><meta charset=koi8-r><body>" + "".join(map(NEWS.format, range(9)))).encode("windows-1251"),
    ("<html>" + "".join(map(NEWS.format, range(9)))).encode("utf-16-le"),
    b'<div data-post="../../1"></div><div data-post="a/99999999999999999999"></div><div data-post></div>' * 9,
    b"\x00" * 100,
    b"\xff\xfe",
    b"/etc/passwd",
    b"<",
    b"<html>",
    b"{",
    b"[1,2]",
    b"%PDF-1.7",
    bytes(range(256)) * 40,
]

# Five megabytes and more of the same.
HUGE = [
    ("<html><body>" + NEWS.format("/n/1") * 40_000).encode(),  # five megabytes
    ("<urlset>" + "<url><loc>https://e.kz/1</loc></url>" * 140_000).encode(),
    b'<div class="tgme_widget_message" data-post="a/1"><div class="tgme_widget_message_text">' + b"<b>x" * 1_000_000,
]


def test_the_folder_is_read():
    """A kind is found by looking; helpers without KIND are none."""
    assert "rss" in KINDS
    assert "dates" not in KINDS
    assert {kind: source.KIND for kind, source in KINDS.items()} == {kind: kind for kind in sources.kinds()}
    assert {kind for kind in KINDS if getattr(KINDS[kind], "WHOLE_TEXT", False)} == sources.with_whole_text()
    with pytest.raises(TypeError):
        KINDS["new"] = None


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_offers_what_it_must(kind):
    """KIND, request(feed, state), parse(feed, response, memory): plain functions that say what they do."""
    source = KINDS[kind]
    assert kind == source.KIND
    assert list(inspect.signature(source.request).parameters) == ["feed", "state"]
    assert list(inspect.signature(source.parse).parameters) == ["feed", "response", "memory"]
    assert inspect.getdoc(source.request)
    assert "ParseError" in (inspect.getdoc(source.parse) or "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_is_conditional_and_for_the_feed(kind):
    """The feed's address and proxy, and the validators when there are any."""
    feed = Feed(id="e-kz", url="https://e.kz/x", kind=kind, proxy="tor")
    blank = KINDS[kind].request(feed, FeedState(feed_id=feed.id))
    assert isinstance(blank, Request)
    assert (blank.url, blank.proxy) == (feed.url, "tor")
    known = KINDS[kind].request(feed, FeedState(feed_id=feed.id, etag='"1"', last_modified="Mon"))
    assert {'"1"', "Mon"} <= set(known.headers.values())


# What another kind, another version or a mistake may have left behind.
MEMORIES: list[Mapping[str, Any]] = [
    {},
    {"seen": {"a": "b"}, "count": 3, "guess": {"item": "div[["}, "hole": {"above": 1, "below": 5}, "newest": 9},
    {"seen": [], "count": None, "guess": "x", "hole": [], "newest": "9", "known": 7, "words": 7, "children": []},
    {"known": "рубль", "words": "рубль", "children": {}, "waiting": None, "indexes": None, "title": 5},
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("memory", MEMORIES, ids=range(len(MEMORIES)))
def test_a_source_raises_only_parse_errors(kind, body, memory):
    """Whatever a server sends and memory holds is entries or a named error; it travels through the worker and JSON."""
    check_outcome(kind, body, memory)


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", HUGE, ids=range(len(HUGE)))
def test_a_huge_document_raises_only_parse_errors(kind, body):
    """However much of it there is."""
    check_outcome(kind, body, {})


def check_outcome(kind: str, body: bytes, memory: Mapping[str, Any]) -> None:
    """That parsing gives entries with web links, or a named error, and that either survives the way to the daemon."""
    try:
        outcome = Outcome(value=KINDS[kind].parse(FEED, answer(body), memory))
    except ParseError as error:
        outcome = Outcome(error=error)
    again = open_outcome(wrap(outcome))
    if outcome.error is None:
        assert isinstance(outcome.value, Parsed)
        assert again.value == outcome.value
        assert all(entry.url == "" or entry.url.startswith(("http://", "https://")) for entry in again.value.entries)
        assert json.loads(json.dumps(dict(again.value.memory))) == dict(outcome.value.memory)
    else:
        assert (again.error.kind, str(again.error)) == (outcome.error.kind, str(outcome.error))
        assert again.error.kind
