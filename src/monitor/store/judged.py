"""What was judged worth a letter or a card, as letters ask for it: by time, by id, by reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import Reason, Story, Verdict
from monitor.store.stories import find_story
from monitor.text.times import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A story in a period, with the first verdict that puts it into the letter."""

    story: Story
    article_id: int
    verdict: Verdict


def between(db: Database, since: datetime, until: datetime) -> list[Judged]:
    """The stories that belong into a letter about [since, until): each once, with its best verdict."""
    rows = db.query(
        """SELECT story_id, article_id, say, reason, detail, ring, late FROM verdicts
           WHERE digest = 1 AND story_id IS NOT NULL AND judged_at >= ? AND judged_at < ?
           ORDER BY say DESC, id""",
        [stamp(since), stamp(until)],
    )
    return _judged(db, rows)


def by_ids(db: Database, after: int, up_to: int) -> list[Judged]:
    """The stories that belong into a letter about the verdicts after < id <= up_to: each once, with its best one."""
    rows = db.query(
        """SELECT story_id, article_id, say, reason, detail, ring, late FROM verdicts
           WHERE digest = 1 AND story_id IS NOT NULL AND id > ? AND id <= ?
           ORDER BY say DESC, id""",
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
        )
        found[row["story_id"]] = Judged(
            story=find_story(db, row["story_id"]), article_id=row["article_id"], verdict=verdict
        )
    return list(found.values())


def last_before(db: Database, moment: datetime) -> int:
    """The id of the newest verdict judged before that moment; 0 when there is none."""
    row = db.execute("SELECT COALESCE(max(id), 0) FROM verdicts WHERE judged_at < ?", [stamp(moment)]).fetchone()
    return int(row[0])


def said_as(db: Database, ref: str, revision: int) -> Judged | None:
    """The yes that the card of this reference and revision was written for; None when there is no such story."""
    rows = db.query(
        """SELECT v.story_id, v.article_id, v.say, v.reason, v.detail, v.ring, v.late
           FROM verdicts v JOIN stories s ON s.id = v.story_id
           WHERE s.ref = ? AND v.say = 1 ORDER BY v.id LIMIT 1 OFFSET ?""",
        [ref, revision],
    )
    return next(iter(_judged(db, rows)), None)
