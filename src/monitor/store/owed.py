"""Pages of articles that could not be had when the articles came: what is owed, and when it is asked for again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.store.entries import Fresh
from monitor.store.withheld import as_read
from monitor.text.times import stamp

PAUSE = timedelta(minutes=5)  # doubled with every attempt
ATTEMPTS = 6  # five hours in all
_LONGEST_PAUSE = PAUSE * 2 ** (ATTEMPTS - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One article whose page is owed, as it was read without it; `is_last` after this attempt nobody asks again."""

    fresh: Fresh
    article_id: int
    is_last: bool


def owe(db: Database, feed_id: str, guid: str, not_before: datetime) -> None:
    """Remember that the page of a stored entry is owed."""
    db.execute(
        """INSERT INTO owed_pages (article_id, feed_id, guid, not_before)
           SELECT article_id, feed_id, guid, ? FROM entries WHERE feed_id = ? AND guid = ? AND article_id IS NOT NULL
           ON CONFLICT (article_id) DO UPDATE SET guid = excluded.guid""",
        [stamp(not_before), feed_id, guid],
    )


def claim(db: Database, now: datetime, limit: int) -> list[Owed]:
    """Pages to be asked for now, longest due first; each is put off at once, so that a crash costs one attempt only.

    A time further ahead than the longest pause cannot be right (a clock was set back) and counts as now.
    """
    rows = list(
        db.query(
            """SELECT a.*, e.guid, e.url_hash AS entry_url, e.text_hash, e.title_hash, o.attempt_count
               FROM owed_pages o
               JOIN articles a ON a.id = o.article_id
               JOIN entries e ON e.feed_id = o.feed_id AND e.guid = o.guid
               WHERE o.not_before <= ? OR o.not_before > ? ORDER BY o.not_before, o.id LIMIT ?""",
            [stamp(now), stamp(now + _LONGEST_PAUSE), limit],
        )
    )
    for row in rows:
        db.execute(
            "UPDATE owed_pages SET attempt_count = attempt_count + 1, not_before = ? WHERE article_id = ?",
            [stamp(now + PAUSE * 2 ** row["attempt_count"]), row["id"]],
        )
    return [
        Owed(fresh=as_read(row)[1], article_id=row["id"], is_last=row["attempt_count"] + 1 >= ATTEMPTS) for row in rows
    ]


def settle(db: Database, article_id: int) -> None:
    """The page came, or nobody will ask again."""
    db.execute("DELETE FROM owed_pages WHERE article_id = ?", [article_id])
