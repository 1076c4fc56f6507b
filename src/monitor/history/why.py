"""Why was this said, or not: the life of a story, an article and its messages, stage by stage."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor import outbox
from monitor.model import Delivery, Feed, FeedState, Hit, Story
from monitor.outbox import attempts
from monitor.outbox.attempts import Attempt
from monitor.outbox.rows import delivery_of
from monitor.store import feeds as feed_store
from monitor.store import moves, stories
from monitor.text.prints import digest16
from monitor.text.times import unstamp
from monitor.text.urls import canonical, canonical_in, host

PAGE = "page"  # the kind of source that watches one document
# A reference is read aloud and typed: these letters are not among its characters, and mean the digits.
SPOKEN = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One yes or no about an article, as it was given."""

    at: datetime
    say: bool
    reason: str
    detail: str
    join: str
    ring: bool
    digest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article: where and when it was found, what was found in it, what the guards said, how it was judged."""

    id: int
    feed_id: str
    outlet: str
    url: str
    title: str
    author: str
    forwarded_from: str
    page_owed: bool
    difference: tuple[str, ...]
    lang: str
    published_at: datetime | None
    seen_at: datetime
    pruned: bool
    finding: str
    topics: tuple[Mapping[str, Any], ...]
    near: tuple[Mapping[str, Any], ...]
    hits: tuple[Hit, ...]
    judgements: tuple[Judgement, ...]
    story_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One message and every request that was made for it."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source that might have shown an address, and how its reading goes."""

    feed: Feed
    state: FeedState | None
    entry_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All that is known; of an address never seen (`known` is false), the sources that might have shown it."""

    story: Story | None = None
    pieces: tuple[Piece, ...] = ()
    sendings: tuple[Sending, ...] = ()
    known: bool = False
    sources: tuple[Source, ...] = ()


def life_of_ref(db: Database, ref: str) -> Life | None:
    """The life of the story that carries this reference, in whatever case it was typed; None when none does."""
    found = moves.find(db, spoken_ref(ref))
    return _life_of_story(db, found) if found is not None else None


def spoken_ref(typed: str) -> str:
    """A reference as it was typed or read aloud, the way it is kept."""
    return typed.strip("#· ").upper().translate(SPOKEN)


def keys_of(url: str, feeds: Sequence[Feed]) -> tuple[str, ...]:
    """The keys under which an address may be kept, in any of its spellings; the scheme may be missing."""
    address = url if "://" in url else f"https://{url}"
    spelt = (canonical(address), *(canonical_in(feed, address) for feed in feeds if feed.aliases))
    return tuple(dict.fromkeys(digest16(key) for key in spelt))


def life_of_url(db: Database, url: str, feeds: Sequence[Feed]) -> Life:
    """The life of the article at this address, in any of its spellings; without one, what is known of its host."""
    keys = keys_of(url, feeds)
    rows = db.execute(
        """SELECT id, story_id FROM articles WHERE url_hash IN (SELECT value FROM json_each(?)) ORDER BY id""",
        [json.dumps(keys)],
    ).fetchall()
    if story_ids := [row[1] for row in rows if row[1] is not None]:
        return _life_of_story(db, story_ids[-1])
    if rows:
        return Life(pieces=tuple(_piece(db, row[0]) for row in rows), known=True)
    return Life(sources=_sources(db, url, feeds))


def _life_of_story(db: Database, story_id: int) -> Life:
    story = stories.find_story(db, story_id)
    pieces = [
        _piece(db, row[0])
        for row in db.execute("SELECT id FROM articles WHERE story_id = ? ORDER BY seen_at, id", [story_id])
    ]
    sendings = [
        Sending(delivery=one, attempts=tuple(attempts.made_for(db, one.id))) for one in outbox.about(db, story.ref)
    ]
    return Life(story=story, pieces=tuple(pieces), sendings=tuple(sendings), known=True)


def _piece(db: Database, article_id: int) -> Piece:
    row = next(
        db.query(
            "SELECT a.*, f.title AS outlet, f.kind FROM articles a JOIN feeds f ON f.id = a.feed_id WHERE a.id = ?",
            [article_id],
        )
    )
    finding = json.loads(row["finding"])
    return Piece(
        id=article_id,
        feed_id=row["feed_id"],
        outlet=row["outlet"],
        url=row["url"],
        title=row["title"],
        author=row["author"],
        forwarded_from=row["forwarded_from"],
        page_owed=bool(db.execute("SELECT 1 FROM owed_pages WHERE article_id = ?", [article_id]).fetchone()),
        difference=tuple(_difference(db, article_id)) if row["kind"] == PAGE else (),
        lang=row["lang"],
        published_at=unstamp(row["published_at"]) if row["published_at"] else None,
        seen_at=unstamp(row["seen_at"]),
        pruned=row["pruned_at"] is not None,
        finding=finding.get("reason", ""),
        topics=tuple(finding.get("topics", ())),
        near=tuple(finding.get("near", ())),
        hits=stories.hits(db, article_id),
        judgements=tuple(_judgements(db, article_id)),
        story_id=row["story_id"],
    )


def _difference(db: Database, article_id: int) -> list[str]:
    """How a watched page changed, line by line, as it was kept with the evidence."""
    row = db.execute(
        "SELECT body FROM evidence WHERE article_id = ? AND kind = 'feed' AND body IS NOT NULL ORDER BY id DESC LIMIT 1",
        [article_id],
    ).fetchone()
    lines = gzip.decompress(row[0]).decode("utf-8", "replace").split("\n") if row else []
    return [line for line in lines if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]


def _judgements(db: Database, article_id: int) -> list[Judgement]:
    return [
        Judgement(
            at=unstamp(row["judged_at"]),
            say=bool(row["say"]),
            reason=row["reason"],
            detail=row["detail"],
            join=row["join_kind"],
            ring=bool(row["ring"]),
            digest=bool(row["digest"]),
        )
        for row in db.query("SELECT * FROM verdicts WHERE article_id = ? ORDER BY id", [article_id])
    ]


def _sources(db: Database, url: str, feeds: Sequence[Feed]) -> tuple[Source, ...]:
    """The sources that live at the host of an address, or call it an alias."""
    where = _home(url)
    states = feed_store.states(db)
    return tuple(
        Source(
            feed=feed,
            state=states.get(feed.id),
            entry_count=db.execute("SELECT count(*) FROM entries WHERE feed_id = ?", [feed.id]).fetchone()[0],
        )
        for feed in feeds
        if where and where in {_home(feed.url), *(_home(f"https://{alias}/") for alias in feed.aliases)}
    )


def _home(url: str) -> str:
    """The host of an address without `www.` and the like."""
    return host(canonical(url))


def unsaid(db: Database, *, said: int = 0) -> list[Delivery]:
    """What waits, is in doubt or died, next first; and the `said` last messages that were sent or folded."""
    rows = list(
        db.query(
            """SELECT * FROM messages WHERE state IN ('new', 'sending', 'uncertain', 'dead')
               ORDER BY state = 'dead', priority, id"""
        )
    )
    rows += db.query("SELECT * FROM messages WHERE state IN ('sent', 'folded') ORDER BY id DESC LIMIT ?", [said])
    return [delivery_of(row) for row in rows]
