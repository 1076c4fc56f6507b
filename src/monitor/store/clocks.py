"""A clock that was set back: what is stamped with a time that has not come yet happened now."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.text.times import stamp

SEEN = "clock"
# How often the time is written down, and so how small a step back goes unseen.
EVERY = timedelta(minutes=1)


def set_back(db: Database, now: datetime) -> timedelta:
    """By how much the clock was set back since it was last written down; zero when it was not."""
    row = db.execute("SELECT at FROM facts WHERE name = ?", [SEEN]).fetchone()
    if row is None or row[0] <= stamp(now):
        return timedelta(0)
    return datetime.fromisoformat(row[0]) - now


def must_be_noted(db: Database, now: datetime) -> bool:
    """Whether the time should be written down again."""
    row = db.execute("SELECT at FROM facts WHERE name = ?", [SEEN]).fetchone()
    return row is None or abs(now - datetime.fromisoformat(row[0])) >= EVERY


def mend(db: Database, now: datetime, back: timedelta) -> None:
    """What was judged or noted ahead of now was so now; a halt or a shut door lasts as long as it was meant to."""
    values = {"now": stamp(now), "shift": f"-{int(back.total_seconds())} seconds"}
    db.execute("UPDATE verdicts SET judged_at = :now WHERE judged_at > :now", values)
    db.execute(
        """UPDATE facts SET value = max(:now, strftime('%Y-%m-%dT%H:%M:%SZ', value, :shift))
           WHERE (name LIKE 'halt %' OR name LIKE 'closed %') AND value > :now""",
        values,
    )
    db.execute("UPDATE facts SET at = :now WHERE at > :now", values)
