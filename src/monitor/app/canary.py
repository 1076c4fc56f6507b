"""The canary: one item that must ring, sent through the whole house, to a sink instead of the readers.

    a headline of keywords.yaml → served on loopback → fetch → parse → match → place → judge → render → outbox → sink

It is the house's own code with the house's own worker, matcher, labels and rules. Only the ends are others: the wire is
opened for this flight, because the press is on loopback, and the database is a fresh one, because numbers of verdicts
that were given and taken back would confuse the letters. So nothing of it is ever in the archive.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

import structlog
from sqlite_utils import Database

from monitor.app.house import House
from monitor.config.files import Configuration
from monitor.deliver.dispatch import Dispatch, drain
from monitor.errors import MonitorError
from monitor.fetch import open_fetcher
from monitor.ingest import poll
from monitor.ingest.desk import Desk, FeedReport
from monitor.ingest.witnesses import Witnesses
from monitor.matching.engine import Matcher
from monitor.model import LANGUAGES, Feed, FeedState, Flight, Lang, Message, Quiet, Reason, Severity, Term, Voice
from monitor.policy.outages import WIRE
from monitor.schema import open_database, transaction
from monitor.store import feeds as feed_store

log = structlog.get_logger("monitor.app")

NAME = "canary"
EVERY = timedelta(minutes=5)
EGGS_A_LANGUAGE = 2
FETCHING = WIRE | {"status", "throttled", "private-address", "too-large", "encoding", "bomb", "redirect", "url"}
RINGING = (Severity.URGENT, Severity.NORMAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Egg:
    """A headline that must ring, and its language."""

    text: str
    lang: Lang


@dataclass(slots=True)
class Sink:
    """A sender that keeps what it is given."""

    said: list[Message]

    async def send(self, message: Message, _recipient: str, *, repeat: bool) -> str:
        """Keep it; its number is its place."""
        del repeat
        self.said.append(message)
        return str(len(self.said))

    async def probe(self, _recipient: str) -> None:
        """A sink is always open."""


async def fly(house: House) -> Flight:
    """One flight; never raises what a part of the house raises, because that is what it is to find out."""
    now = house.clock()
    flown = _eggs(house.configuration, house.desk.matcher)
    if not flown:
        return Flight(at=now, stage="match", why="no headline of keywords.yaml rings")
    egg = flown[int(now.timestamp() // EVERY.total_seconds()) % len(flown)]
    try:
        with _scratch(house.settings.data_dir / NAME) as db:
            stage, why = await _way(house, db, egg, now)
    except (OSError, sqlite3.Error, MonitorError) as error:
        stage, why = "serve", type(error).__name__
    return Flight(at=now, stage=stage, why=why)


async def _way(house: House, db: Database, egg: Egg, now: datetime) -> tuple[str, str]:
    """Where the canary fell and why; two empty words when it arrived."""
    async with (
        _perch(_document(egg, now)) as place,
        open_fetcher(clock=house.clock, allow_hosts=frozenset({place}), host_interval=timedelta(0)) as fetcher,
    ):
        feed = Feed(id=NAME, url=f"http://{place}/", title=NAME, lang=egg.lang)
        desk = _desk(house, db, feed, replace(house.desk, fetcher=fetcher))
        with transaction(db):
            feed_store.sync(db, [feed], now)
            before = now - timedelta(hours=1)
            feed_store.polled(db, FeedState(feed_id=NAME, good_at=before, baselined_at=before))
        report = await poll.poll(desk, feed)
    if stage := _fell(report):
        return stage, report.error or ""
    return await _out(house, desk)


def _desk(house: House, db: Database, feed: Feed, desk: Desk) -> Desk:
    """The house's desk with the canary as its only source, and a voice for every kind of channel that readers have."""
    kinds = sorted({voice.channel for voice in house.recipients.voices})
    voices = (
        Voice(name=NAME, channel=kind, recipient=NAME, languages=house.settings.languages, time_zone=feed.time_zone)
        for kind in kinds
    )
    by_day = replace(desk.rules, quiet=Quiet(start="00:00", end="00:00"), normal_budget=1)
    return replace(
        desk,
        db=db,
        feeds=(feed,),
        voices=tuple(voices),
        routes=(),
        rules=by_day,
        busy=set(),  # nothing of the house's own memory
        agreed=[],
        witnesses=Witnesses(),
    )


def _fell(report: FeedReport) -> str:
    """The stage at which nothing came out any more."""
    stages = (
        ("fetch", report.error_kind not in FETCHING),
        ("parse", report.seen),
        ("match", report.hits),
        ("place", report.opened),
        ("judge", report.queued),
    )
    return next((stage for stage, came_out in stages if not came_out), "")


async def _out(house: House, desk: Desk) -> tuple[str, str]:
    """From the outbox to the sink."""
    sink = Sink([])
    kinds = {voice.channel for voice in desk.voices}
    dispatch = Dispatch(
        db=desk.db,
        clock=house.clock,
        senders=dict.fromkeys(kinds, sink),
        addresses={(kind, NAME): NAME for kind in kinds},
        rest=house.dispatch.rest,
    )
    sent = await drain(dispatch)
    if sent.sent != len(sink.said):
        return "outbox", f"{sent.sent} sent, {len(sink.said)} arrived"
    silent = kinds - {message.channel for message in sink.said}
    return ("send", f"nothing arrived by {', '.join(sorted(silent))}") if silent else ("", "")


# ── what flies ───────────────────────────────────────────────────────────────────────────────────────────────────


def _eggs(configuration: Configuration, matcher: Matcher) -> list[Egg]:
    """Headlines that the keyword file itself says must match: a few in each language, or else its plain terms."""
    topics = [topic for topic in configuration.keywords.topics if topic.live and topic.severity in RINGING]
    for terms in ([topic.match_examples for topic in topics], [topic.any for topic in topics]):
        found: dict[Lang, list[Egg]] = {lang: [] for lang in LANGUAGES}
        for egg in (egg for some in terms for term in some if (egg := _egg(term)) is not None):
            if len(found[egg.lang]) < EGGS_A_LANGUAGE and _rings(egg, matcher):
                found[egg.lang].append(egg)
        if eggs := [egg for some in found.values() for egg in some]:
            return eggs
    return []


def _egg(term: Term) -> Egg | None:
    lang = next((lang for lang in LANGUAGES if lang == term.lang), None)
    return Egg(text=term.text, lang=lang or "ru") if not term.text.startswith(("re:", "$")) else None


def _rings(egg: Egg, matcher: Matcher) -> bool:
    found = matcher.find(egg.text, "", prior=egg.lang, scope="local")
    return found.reason is Reason.MATCHED and found.severity in RINGING


def _document(egg: Egg, now: datetime) -> bytes:
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{NAME}</title><item>"
        f"<title>{escape(egg.text)}</title><guid>{NAME}</guid><pubDate>{format_datetime(now)}</pubDate>"
        "</item></channel></rss>"
    ).encode()


# ── where it flies ───────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _perch(document: bytes) -> AsyncIterator[str]:
    """A server on loopback that has this document and nothing else; its `host:port`."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(document)}\r\nConnection: close"
    )

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"{head}\r\n\r\n".encode() + document)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("the canary's press was left in the middle")
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@contextmanager
def _scratch(folder: Path) -> Iterator[Database]:
    """A fresh database in the same place as the real one, gone afterwards, and after a crash with the next flight."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    db = open_database(folder / f"{NAME}.db")
    try:
        yield db
    finally:
        db.conn.close()
        shutil.rmtree(folder, ignore_errors=True)
