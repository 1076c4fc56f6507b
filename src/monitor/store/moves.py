"""Stories put together and taken apart by hand: articles change their story, and all that hangs on them goes along."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from monitor.model import Severity


def merge(db: Database, story_id: int, into: int) -> list[int]:
    """Put every article of a story into another one; its reference leads there from now on. Returns the articles."""
    moved = [row[0] for row in db.execute("SELECT id FROM articles WHERE story_id = ? ORDER BY id", [story_id])]
    move(db, moved, into)
    db.execute("UPDATE stories SET merged_into = ? WHERE id = ? OR merged_into = ?", [into, story_id, story_id])
    db.execute("UPDATE OR IGNORE relatives SET story_id = ? WHERE story_id = ?", [into, story_id])
    db.execute("UPDATE OR IGNORE relatives SET other_id = ? WHERE other_id = ?", [into, story_id])
    db.execute("DELETE FROM relatives WHERE story_id = other_id OR ? IN (story_id, other_id)", [story_id])
    return moved


def move(db: Database, article_ids: Sequence[int], story_id: int) -> None:
    """Let articles belong to another story; what they are recognised by leads there too."""
    chosen = json.dumps(list(article_ids))
    sources = db.execute(
        "SELECT DISTINCT story_id FROM articles WHERE id IN (SELECT value FROM json_each(?))", [chosen]
    ).fetchall()
    db.execute("UPDATE articles SET story_id = ? WHERE id IN (SELECT value FROM json_each(?))", [story_id, chosen])
    # A passage stands once a story: where the other one has it, that will do.
    db.execute(
        "UPDATE OR IGNORE shingles SET story_id = ? WHERE article_id IN (SELECT value FROM json_each(?))",
        [story_id, chosen],
    )
    db.execute(
        "DELETE FROM shingles WHERE article_id IN (SELECT value FROM json_each(?)) AND story_id <> ?",
        [chosen, story_id],
    )
    for changed in {story_id, *(source for (source,) in sources)}:
        _count(db, changed)


def _count(db: Database, story_id: int) -> None:
    """Number, severity and topics of a story, from the articles it has now."""
    rows = db.execute("SELECT severity, finding FROM articles WHERE story_id = ? ORDER BY id", [story_id]).fetchall()
    if not rows:
        db.execute("UPDATE stories SET article_count = 0 WHERE id = ?", [story_id])
        return
    loudest = max((Severity(severity) for severity, _ in rows), key=lambda one: one.rank)
    topics = dict.fromkeys(
        topic["topic"]
        for _, finding in rows
        for topic in json.loads(finding).get("topics", [])
        if topic["live"] and not topic["blocked"]
    )
    db.execute(
        "UPDATE stories SET article_count = ?, severity = ?, topics = ? WHERE id = ?",
        [len(rows), loudest.value, json.dumps(list(topics), ensure_ascii=False), story_id],
    )


def articles_at(db: Database, story_id: int, url_keys: Sequence[str]) -> list[int]:
    """The articles of a story that lie at one of these addresses."""
    rows = db.execute(
        "SELECT id FROM articles WHERE story_id = ? AND url_hash IN (SELECT value FROM json_each(?)) ORDER BY id",
        [story_id, json.dumps(list(url_keys))],
    )
    return [row[0] for row in rows]


def find(db: Database, ref: str) -> int | None:
    """The story with this reference, or the one it was put into; None when there is none."""
    row = db.execute("SELECT COALESCE(merged_into, id) FROM stories WHERE ref = ?", [ref]).fetchone()
    return int(row[0]) if row else None


def merged_into(db: Database, story_id: int) -> list[str]:
    """The references of the stories that were put into this one."""
    return [row[0] for row in db.execute("SELECT ref FROM stories WHERE merged_into = ? ORDER BY id", [story_id])]
