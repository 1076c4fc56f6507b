"""The contract of a source: every file in the folder that names a KIND keeps it, today's and tomorrow's."""

import inspect
import json

import pytest

from feeds import FEED, answer
from monitor import sources
from monitor.errors import ParseError
from monitor.model import Feed, FeedState, Parsed, Request
from monitor.worker.parcels import Outcome, open_outcome, wrap

KINDS = sources.by_kind()

HOSTILE = [
    b"",
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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: repr(body[:12]))
def test_a_source_raises_only_parse_errors(kind, body):
    """Whatever a server sends is entries or a named error; it travels through the worker, its memory through JSON."""
    try:
        outcome = Outcome(value=KINDS[kind].parse(FEED, answer(body), {}))
    except ParseError as error:
        outcome = Outcome(error=error)
    again = open_outcome(wrap(outcome))
    if outcome.error is None:
        assert isinstance(outcome.value, Parsed)
        assert again.value == outcome.value
        assert json.loads(json.dumps(dict(again.value.memory))) == dict(outcome.value.memory)
    else:
        assert (again.error.kind, str(again.error)) == (outcome.error.kind, str(outcome.error))
        assert again.error.kind
