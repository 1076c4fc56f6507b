"""Letters owed and written: one per local date and recipient, whatever the clock does.

A letter tells of verdicts by their ids, not by their times: each verdict stands in one letter of a recipient, also
when the clock jumped between two of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.text.times import stamp, unstamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter that exists: its local date, its period, and the verdicts it tells of: after < id <= up_to."""

    date: str
    since: datetime
    until: datetime
    after: int
    up_to: int


def last(db: Database, recipient: str, now: datetime) -> Written | None:
    """The latest letter of a recipient; None when there never was one.

    One that ends ahead of now was written by a clock that was wrong, and is no reason to stay silent until then.
    """
    query = "SELECT * FROM digests WHERE recipient_key = ? AND until_at <= ? ORDER BY until_at DESC LIMIT 1"
    return next((_written(row) for row in db.query(query, [recipient, stamp(now)])), None)


def last_until(db: Database, recipient: str, now: datetime) -> datetime | None:
    """Where this recipient's last letter ended; None when there never was one."""
    written = last(db, recipient, now)
    return written.until if written else None


def told_up_to(db: Database, recipient: str) -> int | None:
    """The last verdict that any letter told this recipient of; None when there never was a letter."""
    found = db.execute("SELECT max(up_to_verdict) FROM digests WHERE recipient_key = ?", [recipient]).fetchone()[0]
    return None if found is None else int(found)


def of_date(db: Database, date: str, recipient: str) -> Written | None:
    """The letter of a local date."""
    rows = db.query("SELECT * FROM digests WHERE digest_date = ? AND recipient_key = ?", [date, recipient])
    return next((_written(row) for row in rows), None)


def keep(db: Database, written: Written, recipient: str, now: datetime) -> bool:
    """Remember that the letter of this date is on its way; False when it already was."""
    before = db.conn.total_changes
    db.table("digests").insert(
        {
            "digest_date": written.date,
            "recipient_key": recipient,
            "since_at": stamp(written.since),
            "until_at": stamp(written.until),
            "after_verdict": written.after,
            "up_to_verdict": written.up_to,
            "created_at": stamp(now),
        },
        ignore=True,
    )
    return db.conn.total_changes > before


def _written(row: Mapping[str, Any]) -> Written:
    return Written(
        date=row["digest_date"],
        since=unstamp(row["since_at"]),
        until=unstamp(row["until_at"]),
        after=row["after_verdict"],
        up_to=row["up_to_verdict"],
    )
