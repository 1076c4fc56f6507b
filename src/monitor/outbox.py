"""What must still be said, to whom, and what was.

    new ── claim ──> sending ──┬── sent        it was said
     ^                         ├── uncertain   it may have been said: once more, marked as a possible repeat
     └──── retry ──────────────┴── dead        it will not be said there

The intention is committed before the request: after a crash `sending` rows are possible repeats, never losses. One
message a destination is in flight, in the order of priority and age. A destination is a channel and an HMAC of its
address: who reads us is never at rest here.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import Delivery, Message, State
from monitor.text.times import stamp, unstamp

KEY_DIGITS = 32


def recipient_key(secret: bytes, channel: str, address: str) -> str:
    """The name of a destination at rest: 32 hex digits of an HMAC that nobody can turn back without the secret."""
    return hmac.new(secret, f"{channel}\n{address}".encode(), hashlib.sha256).hexdigest()[:KEY_DIGITS]


def put(db: Database, messages: Iterable[Message], now: datetime, *, not_before: datetime | None = None) -> int:
    """Queue messages; what is queued or was said already (same subject, place, part, revision) is left alone.

    Returns how many are new.
    """
    before = db.conn.total_changes
    for message in messages:
        db.table("messages").insert(
            {
                "subject": message.subject,
                "action": message.action,
                "channel": message.channel,
                "recipient_key": message.recipient,
                "part": message.part,
                "revision": message.revision,
                "body": message.body,
                "silent": int(message.silent),
                "priority": message.priority,
                "thread": message.thread,
                "reply_to": message.reply_to,
                "target_id": message.target_id,
                "ref": message.ref,
                "created_at": stamp(now),
                "not_before": stamp(not_before) if not_before else None,
            },
            ignore=True,
        )
    return db.conn.total_changes - before


def heads(db: Database, now: datetime) -> list[Delivery]:
    """The next message of every destination, whether it may leave yet or not.

    Within a destination the most urgent and then the oldest is next. One that failed before holds those behind it
    back until its own time (order is kept); one that was put off from the start (quiet hours) holds nobody back.
    """
    rows = db.query(
        """SELECT * FROM messages WHERE id IN (
             SELECT id FROM (
               SELECT id, row_number() OVER (
                 PARTITION BY channel, recipient_key
                 ORDER BY (attempt_count = 0 AND COALESCE(not_before, '') > ?), priority, id
               ) AS place
               FROM messages WHERE state IN ('new', 'uncertain')
             ) WHERE place = 1
           ) ORDER BY priority, id""",
        [stamp(now)],
    )
    return [_delivery(row) for row in rows]


def claim(db: Database, delivery: Delivery) -> Delivery | None:
    """Commit the intention to send, by compare-and-set; None when somebody else was faster."""
    changed = db.execute(
        "UPDATE messages SET state = 'sending', attempt_count = attempt_count + 1 "
        "WHERE id = ? AND state = ? AND attempt_count = ?",
        [delivery.id, delivery.state.value, delivery.attempt_count],
    ).rowcount
    return find(db, delivery.id) if changed else None


def sent(db: Database, delivery: Delivery, message_id: str, now: datetime) -> None:
    """It was said; keep the channel's own id, which edits and replies need."""
    _settle(db, delivery, State.SENT, message_id=message_id, sent_at=now)


def retry(db: Database, delivery: Delivery, error: str, not_before: datetime) -> None:
    """It was certainly not said; try again then. A possible repeat stays one."""
    state = State.UNCERTAIN if delivery.repeat else State.NEW
    _settle(db, delivery, state, error=error, not_before=not_before)


def doubt(db: Database, delivery: Delivery, error: str, not_before: datetime) -> None:
    """It may have been said: hold it until then, then say it once more, marked."""
    _settle(db, delivery, State.UNCERTAIN, error=error, not_before=not_before, repeat=True)


def bury(db: Database, delivery: Delivery, error: str) -> None:
    """It will not be said there; it stays visible in the outbox with its error."""
    _settle(db, delivery, State.DEAD, error=error)


def _settle(
    db: Database,
    delivery: Delivery,
    state: State,
    *,
    error: str | None = None,
    not_before: datetime | None = None,
    message_id: str | None = None,
    sent_at: datetime | None = None,
    repeat: bool = False,
) -> None:
    db.execute(
        """UPDATE messages SET state = :state, last_error = :error, not_before = :not_before,
             message_id = COALESCE(:message_id, message_id), sent_at = COALESCE(:sent_at, sent_at),
             repeat = max(repeat, :repeat)
           WHERE id = :id AND state = 'sending'""",
        {
            "id": delivery.id,
            "state": state.value,
            "error": error,
            "not_before": stamp(not_before) if not_before else None,
            "message_id": message_id,
            "sent_at": stamp(sent_at) if sent_at else None,
            "repeat": int(repeat),
        },
    )


def recover(db: Database) -> int:
    """After a crash: whatever was in flight may have been said. Returns how many became possible repeats."""
    return db.execute(
        "UPDATE messages SET state = 'uncertain', repeat = 1, last_error = 'stopped while sending' "
        "WHERE state = 'sending'"
    ).rowcount


def sent_times(db: Database, channel: str, recipient: str, since: datetime) -> list[datetime]:
    """When this destination was last spoken to; pacing is a pure function over these times."""
    rows = db.execute(
        "SELECT sent_at FROM messages WHERE channel = ? AND recipient_key = ? AND sent_at > ? ORDER BY sent_at",
        [channel, recipient, stamp(since)],
    )
    return [unstamp(row[0]) for row in rows]


def counts(db: Database) -> dict[str, int]:
    """How many messages are in each state."""
    rows = db.execute("SELECT state, count(*) FROM messages GROUP BY state").fetchall()
    found = {str(state): int(count) for state, count in rows}
    return {state.value: found.get(state.value, 0) for state in State}


def waiting(db: Database) -> list[Delivery]:
    """All that must still be said, next first."""
    rows = db.query("SELECT * FROM messages WHERE state IN ('new', 'sending', 'uncertain') ORDER BY priority, id")
    return [_delivery(row) for row in rows]


def find(db: Database, delivery_id: int) -> Delivery:
    """One message and its fate; it must exist."""
    return _delivery(next(iter(db.query("SELECT * FROM messages WHERE id = ?", [delivery_id]))))


def _delivery(row: Mapping[str, Any]) -> Delivery:
    message = Message(
        subject=row["subject"],
        action=row["action"],
        channel=row["channel"],
        recipient=row["recipient_key"],
        part=row["part"],
        revision=row["revision"],
        body=row["body"],
        silent=bool(row["silent"]),
        priority=row["priority"],
        thread=row["thread"],
        reply_to=row["reply_to"],
        target_id=row["target_id"],
        ref=row["ref"],
    )
    return Delivery(
        id=row["id"],
        message=message,
        state=State(row["state"]),
        attempt_count=row["attempt_count"],
        not_before=unstamp(row["not_before"]) if row["not_before"] else None,
        message_id=row["message_id"],
        created_at=unstamp(row["created_at"]),
        sent_at=unstamp(row["sent_at"]) if row["sent_at"] else None,
        last_error=row["last_error"],
        repeat=bool(row["repeat"]),
    )
