"""Stories: which articles belong together, what was judged of them, and what readers need to be told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import (
    Account,
    Escalation,
    History,
    Hit,
    Join,
    Mute,
    Placement,
    Severity,
    Standing,
    Story,
    Turn,
    Verdict,
)
from monitor.store.likenesses import read_gist
from monitor.text.times import stamp, unstamp

HISTORY = 64  # the latest articles of a story that say what it is about


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
        merged_into=row["merged_into"],
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
            "escalation": write_escalation(verdict.escalation),
            "join_kind": placement.join.value,
            "like_id": placement.like,
            "judged_at": stamp(now),
        }
    )


def write_escalation(turn: Escalation | None) -> str:
    """A story's turn as JSON; empty when there is none."""
    return json.dumps({"turn": turn.turn.value, "what": turn.what, "days": turn.days}) if turn else ""


def read_escalation(kept: str) -> Escalation | None:
    """The reverse of `write_escalation`."""
    if not kept:
        return None
    values = json.loads(kept)
    return Escalation(turn=Turn(values["turn"]), what=tuple(values["what"]), days=values["days"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How loudly a story was told already, and how often."""

    severity: Severity
    count: int


def said(db: Database, story_id: int) -> Said | None:
    """What readers were told of a story so far, also of those that were put into it; None when nothing was.

    The count is that of its own cards.
    """
    rows = db.execute(
        """SELECT a.severity, v.story_id = :story FROM verdicts v JOIN articles a ON a.id = v.article_id
           WHERE v.story_id IN (SELECT :story UNION ALL SELECT id FROM stories WHERE merged_into = :story) AND v.say = 1""",
        {"story": story_id},
    ).fetchall()
    if not rows:
        return None
    loudest = max((Severity(severity) for severity, _ in rows), key=lambda one: one.rank)
    return Said(severity=loudest, count=sum(own for _, own in rows))


def history(db: Database, story_id: int, now: datetime) -> History:
    """What readers know of a story, from its latest articles: topics from those that were said, if any was."""
    rows = db.execute(
        """SELECT a.gist, EXISTS (SELECT 1 FROM verdicts v WHERE v.article_id = a.id AND v.say = 1), a.finding
           FROM articles a WHERE a.story_id = ? ORDER BY a.id DESC LIMIT ?""",
        [story_id, HISTORY],
    ).fetchall()
    gists = [(read_gist(gist), bool(was_said), finding) for gist, was_said, finding in rows]
    said_ones = [one for one in gists if one[1]] or gists
    topics = [
        gist.early_topics if gist.lang else frozenset(live_topics(json.loads(finding)))
        for gist, _, finding in said_ones
    ]
    latest = find_story(db, story_id).updated_at
    return History(
        topics=frozenset().union(*topics),
        places=frozenset().union(*(gist.all_places for gist, _, _ in gists)),
        firms=frozenset().union(*(gist.firms | gist.names | gist.all_firms | gist.all_names for gist, _, _ in gists)),
        silent_for=now - latest,
    )


def has_outlet(db: Database, story_id: int, feed_id: str) -> bool:
    """Whether a story has an article of this source already."""
    return bool(
        db.execute("SELECT 1 FROM articles WHERE story_id = ? AND feed_id = ? LIMIT 1", [story_id, feed_id]).fetchone()
    )


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
