"""Which stories may belong together and are told apart all the same."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.model import Join, Kin, Relative
from monitor.text.times import stamp, unstamp

MOST_SHOWN = 6


def relate(db: Database, story_id: int, kin: Kin, now: datetime) -> bool:
    """Remember a relation, unless it is known; returns whether it is new."""
    known = db.execute(
        "SELECT 1 FROM relatives WHERE (story_id = ?1 AND other_id = ?2) OR (story_id = ?2 AND other_id = ?1)",
        [story_id, kin.story_id],
    ).fetchone()
    if known or kin.story_id == story_id:
        return False
    db.table("relatives").insert(
        {
            "story_id": story_id,
            "other_id": kin.story_id,
            "join_kind": kin.join.value,
            "sure": int(kin.sure),
            "why": kin.why,
            "found_at": stamp(now),
        }
    )
    return True


def shows_on_the_other(join: Join) -> bool:
    """Whether the older story's card names the younger one too: a mere link stands on the younger one only."""
    return join in {Join.ALSO, Join.POSSIBLY}


def of(db: Database, story_id: int, *, before: datetime | None = None) -> tuple[Relative, ...]:
    """The relatives that a story's card names, the surest kind first; with `before`, those that were known by then.

    Only stories that readers were told of: who asked for silence about something does not find it on another card.
    """
    rows = db.query(
        """SELECT r.join_kind, s.ref, s.title, a.lang, a.url
           FROM relatives r
           JOIN stories s ON s.id = CASE r.story_id WHEN :story THEN r.other_id ELSE r.story_id END
           LEFT JOIN articles a ON a.id = (SELECT min(id) FROM articles WHERE story_id = s.id)
           WHERE (r.story_id = :story OR (r.other_id = :story AND r.join_kind <> 'related'))
             AND (:before IS NULL OR r.found_at < :before)
             AND EXISTS (SELECT 1 FROM articles t JOIN verdicts v ON v.article_id = t.id
                         WHERE t.story_id = s.id AND (v.say = 1 OR v.digest = 1))
           ORDER BY CASE r.join_kind WHEN 'also' THEN 0 WHEN 'possibly' THEN 1 ELSE 2 END, r.id LIMIT :most""",
        {"story": story_id, "most": MOST_SHOWN, "before": stamp(before) if before else None},
    )
    return tuple(
        Relative(
            ref=row["ref"],
            join=Join(row["join_kind"]),
            title=row["title"],
            lang=row["lang"] or "",
            url=row["url"] or "",
        )
        for row in rows
    )


def surely_the_same(db: Database, story_id: int) -> list[str]:
    """The references of older stories that surely tell the same in another language, the oldest first."""
    rows = db.execute(
        """SELECT s.ref FROM relatives r JOIN stories s ON s.id = r.other_id
           WHERE r.story_id = ? AND r.join_kind = 'also' AND r.sure = 1 ORDER BY s.id""",
        [story_id],
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """That two stories may belong together, and why it seems so; `ref` and `title` are the other one's."""

    ref: str
    title: str
    join: str
    sure: bool
    why: str
    found_at: datetime


def known(db: Database, story_id: int) -> list[Relation]:
    """All that is known of a story's relatives, oldest first, whether its card names them or not."""
    rows = db.query(
        """SELECT r.*, s.ref, s.title FROM relatives r
           JOIN stories s ON s.id = CASE r.story_id WHEN :story THEN r.other_id ELSE r.story_id END
           WHERE r.story_id = :story OR r.other_id = :story ORDER BY r.id""",
        {"story": story_id},
    )
    return [
        Relation(
            ref=row["ref"],
            title=row["title"],
            join=row["join_kind"],
            sure=bool(row["sure"]),
            why=row["why"],
            found_at=unstamp(row["found_at"]),
        )
        for row in rows
    ]
