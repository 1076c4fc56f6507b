"""One article of a life: where and when it was found, what was found in it, how it was judged, what it said before."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import Hit
from monitor.store import stories
from monitor.text.times import unstamp

PAGE = "page"  # the kind of source that watches one document


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One yes or no about an article, as it was given; `like` is the earlier article it was recognised by."""

    at: datetime
    say: bool
    reason: str
    detail: str
    join: str
    like: str
    ring: bool
    digest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an article said when it was fetched then; its evidence is kept."""

    fetched_at: datetime
    title: str
    characters: int


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
    characters: int
    pruned: bool
    versions: tuple[Version, ...]
    finding: str
    topics: tuple[Mapping[str, Any], ...]
    near: tuple[Mapping[str, Any], ...]
    hits: tuple[Hit, ...]
    judgements: tuple[Judgement, ...]
    story_id: int | None


def find_piece(db: Database, article_id: int) -> Piece:
    """The article with this id and all that happened to it."""
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
        characters=len(row["text"] or ""),
        pruned=row["pruned_at"] is not None,
        versions=tuple(_versions(db, article_id)),
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


def _versions(db: Database, article_id: int) -> list[Version]:
    """What an article said at each time it said something else, oldest first."""
    found: list[Version] = []
    before = None
    for row in db.query("SELECT fetched_at, title, text FROM evidence WHERE article_id = ? ORDER BY id", [article_id]):
        said = (row["title"], row["text"])
        if said != before:
            found.append(
                Version(fetched_at=unstamp(row["fetched_at"]), title=row["title"], characters=len(row["text"]))
            )
        before = said
    return found


def _judgements(db: Database, article_id: int) -> list[Judgement]:
    rows = db.query(
        """SELECT v.*, f.title AS like_outlet, l.title AS like_title
           FROM verdicts v LEFT JOIN articles l ON l.id = v.like_id LEFT JOIN feeds f ON f.id = l.feed_id
           WHERE v.article_id = ? ORDER BY v.id""",
        [article_id],
    )
    return [
        Judgement(
            at=unstamp(row["judged_at"]),
            say=bool(row["say"]),
            reason=row["reason"],
            detail=row["detail"],
            join=row["join_kind"],
            like=f"{row['like_outlet']}: {row['like_title']}"
            if row["like_title"] and row["like_id"] != article_id
            else "",
            ring=bool(row["ring"]),
            digest=bool(row["digest"]),
        )
        for row in rows
    ]
