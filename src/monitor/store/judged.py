"""What was judged worth a letter or a card, as letters ask for it: by time, by id, by reference."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import Escalation, Reason, Story, Verdict
from monitor.store.stories import find_story, live_topics, read_escalation
from monitor.text.times import stamp, unstamp

# A verdict belongs to the story that its article belongs to now: people merge stories and split them.
OF_ARTICLES = """SELECT a.story_id, v.article_id, v.say, v.reason, v.detail, v.ring, v.late, v.judged_at, v.escalation
    FROM verdicts v JOIN articles a ON a.id = v.article_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A story in a period, with the first verdict that puts it into the letter."""

    story: Story
    article_id: int
    verdict: Verdict
    judged_at: datetime


def between(db: Database, since: datetime, until: datetime) -> list[Judged]:
    """The stories that belong into a letter about [since, until): each once, with its best verdict."""
    rows = db.query(
        OF_ARTICLES
        + """ WHERE v.digest = 1 AND a.story_id IS NOT NULL AND v.judged_at >= ? AND v.judged_at < ?
            ORDER BY v.say DESC, v.id""",
        [stamp(since), stamp(until)],
    )
    return _judged(db, rows)


def heard_of(db: Database, since: datetime, until: datetime) -> list[Judged]:
    """The stories of letters before `until` of which an article was seen in [since, until): each once."""
    rows = db.query(
        f"""{OF_ARTICLES} WHERE v.digest = 1 AND v.judged_at < :until AND a.story_id IN (
              SELECT story_id FROM articles WHERE story_id IS NOT NULL AND seen_at >= :since AND seen_at < :until)
            ORDER BY v.say DESC, v.id""",  # noqa: S608 - our own words
        {"since": stamp(since), "until": stamp(until)},
    )
    return _judged(db, rows)


def by_ids(db: Database, after: int, up_to: int) -> list[Judged]:
    """The stories that belong into a letter about the verdicts after < id <= up_to: each once, with its best one."""
    rows = db.query(
        OF_ARTICLES
        + """ WHERE v.digest = 1 AND a.story_id IS NOT NULL AND v.id > ? AND v.id <= ?
            ORDER BY v.say DESC, v.id""",
        [after, up_to],
    )
    return _judged(db, rows)


def _judged(db: Database, rows: Iterable[Mapping[str, Any]]) -> list[Judged]:
    found: dict[int, Judged] = {}
    for row in rows:
        if row["story_id"] in found:
            continue
        verdict = Verdict(
            say=bool(row["say"]),
            reason=Reason(row["reason"]),
            detail=row["detail"],
            ring=bool(row["ring"]),
            digest=True,
            late=bool(row["late"]),
            escalation=read_escalation(row["escalation"]),
        )
        found[row["story_id"]] = Judged(
            story=find_story(db, row["story_id"]),
            article_id=row["article_id"],
            verdict=verdict,
            judged_at=unstamp(row["judged_at"]),
        )
    return list(found.values())


def last_turn(db: Database, story_id: int, before: datetime) -> Escalation | None:
    """The last turn that a told story took before that moment; None when it took none."""
    row = db.execute(
        """SELECT escalation FROM verdicts WHERE story_id = ? AND escalation <> '' AND judged_at < ?
           ORDER BY id DESC LIMIT 1""",
        [story_id, stamp(before)],
    ).fetchone()
    return read_escalation(row[0]) if row else None


def last_before(db: Database, moment: datetime) -> int:
    """The id of the newest verdict judged before that moment; 0 when there is none."""
    row = db.execute("SELECT COALESCE(max(id), 0) FROM verdicts WHERE judged_at < ?", [stamp(moment)]).fetchone()
    return int(row[0])


def said_as(db: Database, ref: str, revision: int) -> Judged | None:
    """The yes that the card of this reference and revision was written for; None when there is no such story."""
    rows = db.query(
        OF_ARTICLES
        + """ JOIN stories s ON s.id = v.story_id
            WHERE s.ref = ? AND v.say = 1 ORDER BY v.id LIMIT 1 OFFSET ?""",
        [ref, revision],
    )
    return next(iter(_judged(db, rows)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTold:
    """When a story was first worth a letter, and what was found in the article that made it so."""

    judged_at: datetime
    feed_id: str
    topics: tuple[str, ...]
    places: tuple[str, ...]


def first_told(db: Database, since: datetime, until: datetime) -> list[FirstTold]:
    """Every story that was first worth a letter in [since, until), oldest first."""
    rows = db.query(
        """SELECT v.judged_at, a.feed_id, a.finding, a.places
           FROM (SELECT b.story_id, min(w.id) AS id FROM verdicts w JOIN articles b ON b.id = w.article_id
                 WHERE w.digest = 1 GROUP BY b.story_id) first
           JOIN verdicts v ON v.id = first.id JOIN articles a ON a.id = v.article_id
           WHERE v.judged_at >= ? AND v.judged_at < ? ORDER BY v.id""",
        [stamp(since), stamp(until)],
    )
    return [
        FirstTold(
            judged_at=unstamp(row["judged_at"]),
            feed_id=row["feed_id"],
            topics=live_topics(json.loads(row["finding"])),
            places=tuple(json.loads(row["places"])),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An article that almost matched: the topic, what was missing, and why nothing was said."""

    title: str
    topic: str
    missing: str
    reason: Reason


def near_misses(db: Database, since: datetime, until: datetime) -> list[Missed]:
    """The articles seen in [since, until) that almost matched: blocked ones, then those that lack something at home."""
    rows = db.query(
        """SELECT title, finding FROM articles
           WHERE story_id IS NULL AND pruned_at IS NULL AND seen_at >= :since AND seen_at < :until
           UNION ALL
           SELECT a.title, a.finding FROM verdicts v JOIN articles a ON a.id = v.article_id
           WHERE v.reason = 'BLOCKED' AND v.judged_at >= :since AND v.judged_at < :until""",
        {"since": stamp(since), "until": stamp(until)},
    )
    found = [missed for row in rows for missed in _missed(row["title"], json.loads(row["finding"]))]
    order = [Reason.BLOCKED, Reason.NO_TOPIC]  # an article without Kazakhstan is the commonest and the least telling
    return sorted(found, key=lambda one: order.index(one.reason) if one.reason in order else len(order))


def _missed(title: str, finding: Mapping[str, Any]) -> list[Missed]:
    """The first topic of an article that almost matched."""
    blocked = [(one["topic"], f"blocked by «{one['blocked']}»") for one in finding.get("topics", ()) if one["blocked"]]
    near = [*blocked, *((one["topic"], one["missing"]) for one in finding.get("near", ()))]
    reason = Reason(finding.get("reason", Reason.NO_TOPIC))
    return [Missed(title=title, topic=topic, missing=missing, reason=reason) for topic, missing in near[:1]]
