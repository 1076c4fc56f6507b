"""Every request made for a message: what pacing counts, and what a life of a message is told from.

Times have whole seconds, rounded down, like every time at rest. An attempt that failed counts like one that did not:
the server saw it, or may have.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.model import Delivery, State
from monitor.text.times import stamp, unstamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request: when it was about to be made, when and how it ended. `outcome` is the message's state after it."""

    started_at: datetime
    ended_at: datetime | None
    outcome: State
    repeat: bool
    error: str | None


def begin(db: Database, delivery: Delivery, now: datetime) -> None:
    """A request is about to be made."""
    db.execute(
        "INSERT INTO attempts (delivery_id, channel, recipient_key, repeat, started_at) VALUES (?, ?, ?, ?, ?)",
        [delivery.id, delivery.message.channel, delivery.message.recipient, int(delivery.repeat), stamp(now)],
    )


def end(db: Database, delivery_id: int, outcome: State, error: str | None, now: datetime) -> None:
    """The request that was under way for this message is over."""
    db.execute(
        "UPDATE attempts SET ended_at = ?, outcome = ?, error = ? WHERE delivery_id = ? AND ended_at IS NULL",
        [stamp(now), outcome.value, error, delivery_id],
    )


def end_all(db: Database, error: str, now: datetime) -> None:
    """Nothing is under way any more; nobody knows how it ended."""
    db.execute(
        "UPDATE attempts SET ended_at = ?, outcome = 'uncertain', error = ? WHERE ended_at IS NULL",
        [stamp(now), error],
    )


def spoken(db: Database, channel: str, recipient: str, since: datetime) -> list[datetime]:
    """When requests to one destination ended, since then, oldest first."""
    rows = db.execute(
        "SELECT ended_at FROM attempts WHERE channel = ? AND recipient_key = ? AND ended_at >= ? ORDER BY ended_at",
        [channel, recipient, stamp(since)],
    )
    return [unstamp(row[0]) for row in rows]


def in_all(db: Database, channel: str, since: datetime) -> int:
    """How many requests of a channel are under way or ended since then, whoever they were for."""
    query = """SELECT (SELECT count(*) FROM attempts WHERE channel = ?1 AND ended_at IS NULL)
                    + (SELECT count(*) FROM attempts WHERE channel = ?1 AND ended_at >= ?2)"""
    return int(db.execute(query, [channel, stamp(since)]).fetchone()[0])


def made_for(db: Database, delivery_id: int) -> list[Attempt]:
    """All requests made for one message, first to last; one under way has no end and the outcome `sending`."""
    rows = db.query("SELECT * FROM attempts WHERE delivery_id = ? ORDER BY id", [delivery_id])
    return [
        Attempt(
            started_at=unstamp(row["started_at"]),
            ended_at=unstamp(row["ended_at"]) if row["ended_at"] else None,
            outcome=State(row["outcome"] or State.SENDING),
            repeat=bool(row["repeat"]),
            error=row["error"],
        )
        for row in rows
    ]


def mend(db: Database, now: datetime) -> None:
    """The clock was set back: what ended ahead of now ended now."""
    db.execute("UPDATE attempts SET started_at = :now WHERE started_at > :now", {"now": stamp(now)})
    db.execute("UPDATE attempts SET ended_at = :now WHERE ended_at > :now", {"now": stamp(now)})
