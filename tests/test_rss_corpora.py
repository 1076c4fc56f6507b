"""Feeds that other projects collected: nothing but entries and named errors comes out, and no body is a path."""

import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest

from feeds import FEED, TITLES, answer, item, rss
from monitor.errors import ParseError
from monitor.model import Entry, Parsed
from monitor.sources.rss import parse
from monitor.text.prints import digest16
from paths import SHARED

CORPORA = SHARED / "data" / "feeds"
FILES = sorted(CORPORA.rglob("*.xml")) + sorted((CORPORA / "feedjira").glob("*.json"))
# Pieces of HTML and broken beginnings that the other projects use as such.
NO_FEEDS = {
    "AmazonWebServicesBlogFirstEntryContent.xml", "HREFConsideredHarmfulFirstEntry.xml", "TenderLovemakingFirstEntry.xml",
    "PaulDixExplainsNothingFirstEntryContent.xml", "TechCrunchFirstEntry.xml", "TechCrunchFirstEntryDescription.xml",
    "bozo_invalid-bytes-with-bom.xml", "aaa_illformed.xml", "rss_empty_document.xml",
}  # fmt: skip

needs_corpora = pytest.mark.skipif(not CORPORA.exists(), reason="the feed corpora lie beside the repository")


def read(body: bytes) -> Parsed | ParseError:
    """What comes out of a body: entries or a named error; anything else is a failure of the test."""
    try:
        return parse(FEED, answer(body), {})
    except ParseError as error:
        return error


@needs_corpora
def test_the_corpora_are_read():
    """700 feeds of other projects: no exception, no wall seen where there is none, entries in all but nine."""
    unread = {path.name: read(path.read_bytes()) for path in FILES}
    errors = {name: error for name, error in unread.items() if isinstance(error, ParseError)}
    assert set(errors) <= NO_FEEDS, errors
    assert not [error for error in errors.values() if error.kind == "blocked"]
    assert sum(len(found.entries) for found in unread.values() if isinstance(found, Parsed)) >= 500


@needs_corpora
def test_one_new_item_is_read_like_the_whole_feed():
    """An item that comes alone, with all others known, gives the very entry that the whole feed gives."""
    compared = 0
    for path in FILES:
        body = path.read_bytes()
        found = read(body)
        for entry in found.entries if isinstance(found, Parsed) else ():
            (again,) = alone(body, entry, found)
            assert again.guid.startswith(entry.guid.partition("#")[0]), path  # some feeds give one id to several items
            assert replace(again, guid=entry.guid) == entry, path
            compared += 1
    assert compared >= 450


def alone(body: bytes, entry: Entry, whole: Parsed) -> tuple[Entry, ...]:
    """What a fetch finds when all items but this one are known."""
    own = digest16(entry.raw.decode())
    known = {name: guid for name, guid in whole.memory["seen"].items() if name != own}
    return parse(FEED, answer(body), {**whole.memory, "seen": known}).entries


# ── bodies that are paths ────────────────────────────────────────────────────────────────────────────────────────


class OpenWatch:
    """Every file that this process opens while it watches; an audit hook sees them all and stays for ever."""

    def __init__(self) -> None:
        self.watching = False
        self.opened: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if self.watching and event in ("open", "socket.connect", "urllib.Request"):
            self.opened.append(f"{event} {arguments[0]}")

    @contextmanager
    def watch(self):
        """Watch from a clean slate."""
        self.opened, self.watching = [], True
        try:
            yield self
        finally:
            self.watching = False


WATCH = OpenWatch()


def test_no_body_opens_a_file_or_a_connection():
    """A parser given the body itself would open a body that is a path or an address, and fetch entities; it never gets the chance."""
    read(rss().encode())  # imports happen now
    entity = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"> <!ENTITY % y SYSTEM "http://127.0.0.1:9/y"> %y;]>'
    bodies = ["/etc/passwd", "/dev/zero", "file:///etc/passwd", "http://127.0.0.1:9/", entity + rss(item(0, "&x;"))]
    with WATCH.watch() as watch:
        found = [read(body.encode()) for body in bodies]
    assert watch.opened == []
    assert [isinstance(one, ParseError) for one in found] == [True, True, True, True, False]
    assert TITLES[0] not in found[-1].entries[0].title
