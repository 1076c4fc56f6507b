"""Feeds that other projects collected, with what those projects say of them: the same items, words, links and dates."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from feeds import FEED, NOW, answer
from monitor.errors import ParseError
from monitor.model import Entry, Response
from monitor.sources.entries import make_entry
from monitor.sources.rss import parse
from monitor.text.decode import decode
from monitor.text.markup import plain
from monitor.text.urls import web_link
from paths import SHARED

CORPORA = SHARED / "data" / "feeds"
BASE = "http://feed.example/"
pytestmark = pytest.mark.skipif(not CORPORA.exists(), reason="the feed corpora lie beside the repository")


@cache
def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a file; none when it is no feed."""
    try:
        return parse(FEED, answer(path.read_bytes(), url=BASE), {}).entries
    except ParseError:
        return ()


# ── gofeed: its own parse, as JSON beside each feed ──────────────────────────────────────────────────────────────

# What we say otherwise, and why.
OUR_WAY = {
    ("rss_channel_item_guid_naked_markup.json", "guid"): "an id that is markup and no address is named by its words",
}


def gofeed_says(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields of one item that gofeed found, as ours."""
    if item.get("title") is not None:
        yield "title", plain(str(item["title"]), one_line=True)
    links = [
        link.get("href")
        for link in item.get("links") or ()
        if isinstance(link, dict) and link.get("rel") == "alternate"
    ]
    link = item.get("link") or next(filter(None, links), None)
    if isinstance(link, str) and web_link(link):
        yield "url", link
    guid = item.get("id") or item.get("guid")
    if isinstance(guid, dict):
        guid = guid.get("value")
    if guid:
        yield "guid", guid
    if date := item.get("publishedParsed") or item.get("pubDateParsed") or item.get("updatedParsed"):
        yield "published_at", datetime.fromisoformat(date)
    content = item.get("content")
    content = content.get("value") if isinstance(content, dict) else content
    if text := max((item.get("description") or item.get("summary") or "", content or ""), key=len):
        yield "summary", plain(text)


def test_gofeed_and_we_agree():
    """283 feeds of RSS, Atom and RDF: the same items with the same ids, titles, links, dates and texts."""
    differences, compared = {}, 0
    for path in sorted((CORPORA / "gofeed").rglob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        items = gold.get("items") or gold.get("entries") or []
        found = read(path.with_suffix(".xml"))
        if len(found) != len(items):
            differences[path.name, "count"] = (len(found), len(items))
        for entry, item in zip(found, items, strict=False):
            for name, expected in gofeed_says(item):
                compared += 1
                if getattr(entry, name) != expected:
                    differences[path.name, name] = (getattr(entry, name), expected)
    assert set(differences) == set(OUR_WAY), differences
    assert compared >= 80


# ── feedparser: an expectation in the head of each feed ──────────────────────────────────────────────────────────

EXPECTED = re.compile(rb"Expect:\s*(.+)")
HEADER = re.compile(rb"Header:\s*Content-type:(.+)", re.IGNORECASE)
OF_AN_ENTRY = re.compile(
    r"(?:entries\[0\](?:\['|\.)(description|summary|link)(?:'\])?|ord\(entries\[0\]\['(description)'\]\)|feed\['(title)'\]) == (.+)$"
)
ENCODING = re.compile(r"encoding == '([\w-]+)'")
UNDECLARED = ("big5", "eucjp", "euckr", "gb2312", "shiftjis", "tis620", "windows1255")
OUR_READING = {"bozo_linenoise.xml": "one broken byte in UTF-8 is a lost character to us, and not another encoding"} | {
    f"{name}.xml": "nothing declares it and no outlet here writes so: the guess is between the Cyrillic encodings"
    for name in UNDECLARED
}


def test_feedparser_s_own_expectations_are_met():
    """Encodings and damage: texts and titles as expected, and every text in the encoding that is expected."""
    differences, compared = {}, 0
    for path in sorted((CORPORA / "feedparser").rglob("*.xml")):
        body = path.read_bytes()
        line = EXPECTED.search(body) or EXPECTED.search(body.replace(b"\x00", b""))
        expected = line[1].decode("ascii", "replace").strip() if line else ""
        header = HEADER.search(body)
        told = answer(body, header[1].decode().strip() if header else "", url=BASE)
        for found, wanted in feedparser_says(told, expected):
            compared += 1
            if found != wanted:
                differences[path.name] = (found, wanted)
    assert set(differences) == set(OUR_READING), differences
    assert compared >= 80


def feedparser_says(told: Response, expected: str) -> Iterator[tuple[str, str]]:
    """What we read, and what is expected, of one answer."""
    if said := OF_AN_ENTRY.search(expected):
        wanted = ast.literal_eval(said[4])
        wanted = chr(wanted) if isinstance(wanted, int) else wanted
        parsed = parse(FEED, told, {})
        if said[3]:
            yield parsed.title, plain(wanted, one_line=True)
        elif said[1] == "link":
            yield parsed.entries[0].url, wanted
        else:
            yield parsed.entries[0].summary, plain(wanted)
    if named := ENCODING.search(expected):
        yield decode(told.body, told.headers.get("content-type", "")), told.body.decode(named[1]).removeprefix("\ufeff")


# ── and feedparser itself, given the whole feed ──────────────────────────────────────────────────────────────────

SAME = 0.995


FIELDS = ("guid", "url", "title", "summary", "author", "published_raw", "published_at")
OTHERWISE = {("rss_incomplete_cdata.xml", "count"): "an item cut off within its title has nothing to say yet"}


def test_one_item_alone_is_what_it_is_in_the_whole_feed():
    """Ids, links, titles, texts, authors and dates equal those of feedparser on the whole feed for 99.5 % of the items."""
    different, count = {}, 0
    for path in sorted(CORPORA.rglob("*.xml")):
        whole = feedparser.parse(BytesIO(path.read_bytes()), sanitize_html=False, resolve_relative_uris=False)
        found = read(path)
        if whole.bozo and not is_utf8(path):
            continue  # what feedparser misreads is no measure
        if len(whole.entries) != len(found):
            different[path.name, "count"] = (len(found), len(whole.entries))
        for entry, item in zip(found, whole.entries, strict=False):
            count += 1
            said = make_entry(FEED, item, "", base=BASE, now=NOW)
            if wrong := {name for name in FIELDS if getattr(entry, name) != getattr(said, name)}:
                different[path.name, entry.guid] = {name: (getattr(entry, name), getattr(said, name)) for name in wrong}
    assert count >= 480
    assert set(different) == set(OTHERWISE), different
    assert len(different) <= (1 - SAME) * count


def is_utf8(path: Path) -> bool:
    """Whether a file is what most feeds say they are."""
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
