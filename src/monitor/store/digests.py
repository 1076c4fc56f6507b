"""Letters owed and written: one per local date and recipient, whatever the clock does."""

from datetime import datetime

from sqlite_utils import Database

from monitor.text.times import stamp, unstamp


def last_until(db: Database, recipient: str) -> datetime | None:
    """Where this recipient's last letter ended; None when there never was one."""
    row = db.execute("SELECT max(until_at) FROM digests WHERE recipient_key = ?", [recipient]).fetchone()
    return unstamp(row[0]) if row and row[0] else None


def keep(db: Database, date: str, recipient: str, period: tuple[datetime, datetime], now: datetime) -> bool:
    """Remember that the letter of this date is on its way; False when it already was."""
    since, until = period
    before = db.conn.total_changes
    db.table("digests").insert(
        {
            "digest_date": date,
            "recipient_key": recipient,
            "since_at": stamp(since),
            "until_at": stamp(until),
            "created_at": stamp(now),
        },
        ignore=True,
    )
    return db.conn.total_changes > before
