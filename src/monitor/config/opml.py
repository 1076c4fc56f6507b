"""OPML: the list of sources as feed readers exchange it.

What only monitor knows of a source (its id, scope, standing, …) travels in attributes of a namespace of our own, which
other readers pass over; a list that comes back here comes back whole.
"""

import importlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from monitor.config.entry import short_duration
from monitor.config.feeds import make_feeds
from monitor.config.problems import Problems
from monitor.config.yaml import read_text
from monitor.errors import ConfigError
from monitor.model import LANGUAGES, Feed
from monitor.text.fold import clean
from monitor.text.urls import web_link

NAMESPACE = "urn:monitor:feeds"
OURS = f"{{{NAMESPACE}}}"
MOST_BYTES = 10_000_000
BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,30};)", re.ASCII)


class NotOpmlError(ValueError):
    """The bytes are no OPML document; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One source of an OPML document: what every reader says of it, and in `said` what monitor wrote there, as text."""

    url: str
    title: str = ""
    language: str = ""
    folder: str = ""
    said: dict[str, str] = field(default_factory=dict)


def write_opml(feeds: Sequence[Feed], title: str) -> bytes:
    """The sources as an OPML 2.0 document; those that are no feeds as links, which readers show and do not poll."""
    etree = _etree()
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"monitor": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        is_feed = feed.kind == "rss"
        attributes = {"type": "rss" if is_feed else "link", "text": feed.name, "title": feed.name}
        attributes |= {"xmlUrl" if is_feed else "url": feed.url, "language": feed.lang}
        etree.SubElement(body, "outline", attributes | {f"{OURS}{name}": text for name, text in _said(feed)})
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _said(feed: Feed) -> Iterator[tuple[str, str]]:
    """What only monitor knows of a source, as texts; what is as usual is left out, proxies are nobody's business."""
    yield "id", feed.id
    for name in ("kind", "scope", "standing", "region", "time_zone"):
        if value := getattr(feed, name):
            yield name, str(value)
    yield "every", f"{short_duration(feed.every_min)} {short_duration(feed.every_max)}"
    yield "full_text", json.dumps(feed.full_text)
    for name in ("aliases", "blocked_in"):
        if value := getattr(feed, name):
            yield name, " ".join(value)
    if feed.select:
        yield "select", json.dumps(dict(feed.select), ensure_ascii=False)
    if not feed.enabled:
        yield "enabled", "false"


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Every source of an OPML document, folders opened, each address once; forgiving, as such files need it.

    Raises NotOpmlError.
    """
    if len(body) > MOST_BYTES:
        raise NotOpmlError(f"it is larger than {MOST_BYTES // 10**6} MB")
    etree = _etree()
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = None
    with suppress(etree.XMLSyntaxError):
        root = etree.fromstring(_mended(body.strip()), parser)
    if root is None or str(root.tag).lower() != "opml":
        raise NotOpmlError("it does not begin with <opml>")
    found: dict[str, Outline] = {}
    for element in root.iter():
        if str(element.tag).lower() == "outline" and (outline := _outline(element)):
            found.setdefault(outline.url, outline)
    return tuple(found.values())


def _mended(body: bytes) -> bytes:
    """The document with the ampersands of titles and addresses escaped that were not; the parser would drop them."""
    return body if b"\x00" in body[:4] else BARE_AMPERSAND.sub(b"&amp;", body)


def _outline(element: Any) -> Outline | None:
    """The source that an element stands for; None for a folder, or for an address that is not of the web."""
    ours = {name.removeprefix(OURS): text for name, text in element.attrib.items() if name.startswith(OURS)}
    theirs = {name.lower(): clean(text, one_line=True) for name, text in element.attrib.items() if name[:1] != "{"}
    address = theirs.get("xmlurl") or (theirs.get("url") if "kind" in ours else "") or ""
    url = web_link(address.replace("feed://", "http://", 1) if address.startswith("feed://") else address)
    if url is None:
        return None
    folders = (parent.get("title") or parent.get("text") or "" for parent in element.iterancestors("outline"))
    return Outline(
        url=url,
        title=theirs.get("title") or theirs.get("text") or "",
        language=theirs.get("language", "").lower(),
        folder=clean(" / ".join(reversed([*filter(None, folders)])), one_line=True),
        said=ours,
    )


def feed_of(outline: Outline, guessed: Feed) -> Feed:
    """The source that an outline describes; what it does not say is as `guessed`. Raises ConfigError for nonsense."""
    said = dict(outline.said)
    entry: dict[str, Any] = {
        "id": said.get("id", guessed.id),
        "url": outline.url,
        "title": outline.title or guessed.title or guessed.id,
        "lang": outline.language[:2] if outline.language[:2] in LANGUAGES else guessed.lang,
        "kind": said.get("kind", guessed.kind),
        "scope": said.get("scope", guessed.scope),
        "standing": said.get("standing", guessed.standing.value),
    }
    entry |= {name: said[name] for name in ("region", "time_zone", "full_text", "enabled") if name in said}
    entry |= {name: said[name].split() for name in ("aliases", "blocked_in") if name in said}
    if said.get("every"):
        entry["every"] = dict(zip(("min", "max"), said["every"].split(), strict=False))
    if said.get("select"):
        with suppress(ValueError):
            entry["select"] = json.loads(said["select"])
    problems = Problems("OPML")
    feeds = make_feeds(read_text(json.dumps({"version": 1, "feeds": [entry]}), problems), problems)
    if problems.errors:
        raise ConfigError(problems.errors)
    return feeds[0]


def _etree() -> Any:
    """lxml, imported on first use."""
    return importlib.import_module("lxml.etree")
