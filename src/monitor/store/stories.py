"""Stories: which articles belong together, what was judged of them, and what readers need to be told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from monitor.model import Account, Hit, Join, Mute, Placement, Severity, Standing, Story, Told, Verdict
from monitor.store.articles import unpack
from monitor.text.times import stamp, unstamp

# Articles of the last days that stay unpacked: more than a busy week has with a hit.
REMEMBERED = 4096


def recent(db: Database, since: datetime) -> list[Told]:
    """What a new article is compared with: the articles with hits seen since then, newest first."""
    rows = db.execute(
        """SELECT a.id, a.story_id, a.feed_id, a.url_hash, a.title, a.fingerprint, a.shingles, a.places, a.names, a.seen_at,
                  s.topics
           FROM articles a JOIN stories s ON s.id = a.story_id
           WHERE a.story_id IS NOT NULL AND a.seen_at >= ? ORDER BY a.seen_at DESC, a.id DESC""",
        [stamp(since)],
    )
    return [_told(*row) for row in rows]


@lru_cache(maxsize=REMEMBERED)
def _told(*columns: Any) -> Told:
    """A row of `recent` unpacked: for every article with a hit the same rows are read again, all but the newest."""
    article_id, story_id, feed_id, url_key, title, fingerprint, shingles, places, names, seen_at, topics = columns
    return Told(
        article_id=article_id,
        story_id=story_id,
        feed_id=feed_id,
        url_key=url_key,
        title=title,
        fingerprint=fingerprint,
        shingles=unpack(shingles),
        topics=frozenset(json.loads(topics)),
        marks=frozenset(json.loads(places) + json.loads(names)),
        seen_at=unstamp(seen_at),
    )


def titles(db: Database, refs: Sequence[str]) -> dict[str, str]:
    """The headlines of stories by their references."""
    rows = db.query("SELECT ref, title FROM stories WHERE ref IN (SELECT value FROM json_each(?))", [json.dumps(refs)])
    return {row["ref"]: row["title"] for row in rows}


def ref_is_free(db: Database, ref: str) -> bool:
    """Whether no story carries this reference yet."""
    return not db.execute("SELECT 1 FROM stories WHERE ref = ?", [ref]).fetchone()


def open_story(db: Database, story: Story) -> Story:
    """Store a new story and return it with its id."""
    row = {
        "ref": story.ref,
        "title": story.title,
        "severity": story.severity.value,
        "topics": json.dumps(story.topics, ensure_ascii=False),
        "opened_at": stamp(story.opened_at),
        "updated_at": stamp(story.updated_at),
    }
    story_id = int(str(db.table("stories").insert(row).last_pk))
    return find_story(db, story_id)


def join_story(
    db: Database, story_id: int, severity: Severity, topics: Sequence[str], now: datetime, *, another: bool = True
) -> Story:
    """Let an article join a story, `another` one or a later version; severity only rises, topics only grow."""
    before = find_story(db, story_id)
    louder = max(before.severity, severity, key=lambda one: one.rank)
    merged = tuple(dict.fromkeys([*before.topics, *topics]))
    db.execute(
        "UPDATE stories SET severity = ?, topics = ?, updated_at = ?, article_count = article_count + ? WHERE id = ?",
        [louder.value, json.dumps(merged, ensure_ascii=False), stamp(now), int(another), story_id],
    )
    return find_story(db, story_id)


def find_story(db: Database, story_id: int) -> Story:
    """The story with this id; it must exist."""
    row = next(iter(db.query("SELECT * FROM stories WHERE id = ?", [story_id])))
    return Story(
        id=row["id"],
        ref=row["ref"],
        title=row["title"],
        opened_at=unstamp(row["opened_at"]),
        updated_at=unstamp(row["updated_at"]),
        article_count=row["article_count"],
        severity=Severity(row["severity"]),
        topics=tuple(json.loads(row["topics"])),
    )


def keep_verdict(
    db: Database, verdict: Verdict, placement: Placement, *, article_id: int, story_id: int | None, now: datetime
) -> None:
    """Store a yes or a no with its reason, and why the article was put where it was."""
    db.table("verdicts").insert(
        {
            "article_id": article_id,
            "story_id": story_id,
            "say": int(verdict.say),
            "reason": verdict.reason.value,
            "detail": verdict.detail or placement.why,
            "ring": int(verdict.ring),
            "digest": int(verdict.digest),
            "late": int(verdict.late),
            "join_kind": placement.join.value,
            "like_id": placement.like,
            "judged_at": stamp(now),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How loudly a story was told already, with which topics, and how often."""

    severity: Severity
    topics: frozenset[str]
    count: int


def said(db: Database, story_id: int) -> Said | None:
    """What readers were told of a story so far; None when nothing was."""
    rows = list(
        db.query(
            """SELECT a.severity, a.finding FROM verdicts v JOIN articles a ON a.id = v.article_id
               WHERE v.story_id = ? AND v.say = 1""",
            [story_id],
        )
    )
    if not rows:
        return None
    loudest = max((Severity(row["severity"]) for row in rows), key=lambda one: one.rank)
    topics = {topic["topic"] for row in rows for topic in json.loads(row["finding"]).get("topics", [])}
    return Said(severity=loudest, topics=frozenset(topics), count=len(rows))


def in_letter(db: Database, story_id: int | None) -> bool:
    """Whether a story was ever put into a letter."""
    row = db.execute("SELECT 1 FROM verdicts WHERE story_id = ? AND digest = 1 LIMIT 1", [story_id]).fetchone()
    return row is not None


def said_between(db: Database, severity: Severity, since: datetime, until: datetime) -> int:
    """How many articles of a severity were said in [since, until)."""
    row = db.execute(
        """SELECT count(*) FROM verdicts v JOIN articles a ON a.id = v.article_id
           WHERE v.judged_at >= ? AND v.judged_at < ? AND v.say = 1 AND a.severity = ?""",
        [stamp(since), stamp(until), severity.value],
    ).fetchone()
    return int(row[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """An article that a first reading passed over, and which may still be among the few that are said."""

    verdict_id: int
    article_id: int
    story_id: int
    published_at: datetime


def passed_over(db: Database, after_verdict: int, since: datetime) -> list[Passed]:
    """The dated articles judged BASELINE after that verdict and published since then, newest first."""
    rows = db.query(
        """SELECT v.id, v.article_id, v.story_id, a.published_at FROM verdicts v JOIN articles a ON a.id = v.article_id
           WHERE v.id > ? AND v.reason = 'BASELINE' AND v.story_id IS NOT NULL AND a.published_at >= ?
           ORDER BY a.published_at DESC, v.id""",
        [after_verdict, stamp(since)],
    )
    return [
        Passed(
            verdict_id=row["id"],
            article_id=row["article_id"],
            story_id=row["story_id"],
            published_at=unstamp(row["published_at"]),
        )
        for row in rows
    ]


def last_verdict(db: Database) -> int:
    """The id of the newest verdict; 0 when there is none."""
    return int(db.execute("SELECT COALESCE(max(id), 0) FROM verdicts").fetchone()[0])


def mutes(db: Database, now: datetime) -> tuple[Mute, ...]:
    """The silences in force."""
    rows = db.query("SELECT * FROM mutes WHERE until_at IS NULL OR until_at > ? ORDER BY id", [stamp(now)])
    return tuple(
        Mute(
            id=row["id"],
            kind=row["kind"],
            value=row["value"],
            until=unstamp(row["until_at"]) if row["until_at"] else None,
            comment=row["comment"],
        )
        for row in rows
    )


def accounts(db: Database, story_id: int, *, before: datetime | None = None) -> list[Account]:
    """Every outlet's article of a story, first seen first; with `before`, those that were seen by then."""
    rows = db.query(
        """SELECT a.*, f.title AS outlet, f.standing,
                  (SELECT join_kind FROM verdicts v WHERE v.article_id = a.id ORDER BY v.id DESC LIMIT 1) AS join_kind
           FROM articles a JOIN feeds f ON f.id = a.feed_id
           WHERE a.story_id = :story AND (:before IS NULL OR a.seen_at < :before) ORDER BY a.seen_at, a.id""",
        {"story": story_id, "before": stamp(before) if before else None},
    )
    return [_account(row) for row in rows]


def _account(row: Mapping[str, Any]) -> Account:
    finding = json.loads(row["finding"])
    return Account(
        article_id=row["id"],
        feed_id=row["feed_id"],
        outlet=row["outlet"],
        standing=Standing(row["standing"]),
        url=row["url"],
        title=row["title"],
        text=row["text"] or "",
        lang=row["lang"],
        severity=Severity(row["severity"]),
        topics=live_topics(finding),
        places=tuple(json.loads(row["places"])),
        names=tuple(json.loads(row["names"])),
        about=tuple(finding.get("about", ())),
        sectors=tuple(finding.get("sectors", ())),
        published_at=unstamp(row["published_at"]) if row["published_at"] else None,
        seen_at=unstamp(row["seen_at"]),
        join=Join(row["join_kind"] or Join.OPENS),
    )


def live_topics(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """The topics that count, the gravest and best matched first, from an article's stored finding."""
    topics = [topic for topic in finding.get("topics", []) if topic["live"] and not topic["blocked"]]
    topics.sort(key=lambda topic: (-Severity(topic["severity"]).rank, -topic["score"]))
    return tuple(topic["topic"] for topic in topics)


def hits(db: Database, article_id: int) -> tuple[Hit, ...]:
    """The hits of one article in the order they were found."""
    rows = db.query("SELECT * FROM hits WHERE article_id = ? ORDER BY id", [article_id])
    names = Hit.__dataclass_fields__
    return tuple(Hit(**{name: row[name] for name in names}) for row in rows)
