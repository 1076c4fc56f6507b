"""What must still be said, to whom, and what was.

    new ── claim ──> sending ──┬── sent        it was said
     ^                         ├── uncertain   it may have been said: once more, marked as a possible repeat
     ├──── retry ──────────────┴── dead        it will not be said there
     └──── fold ───> folded                    another message says it instead

The intention is committed before the request: after a crash `sending` rows are possible repeats, never losses. Every
change is a compare-and-set on state and attempt. One message a destination is under way, in the order of priority and
age; while one is in doubt, only that one is tried. A destination is a channel and an HMAC of its address: who reads us
is never at rest here.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from monitor.model import Delivery, Message, State
from monitor.outbox import attempts, cards
from monitor.outbox.rows import delivery_of, row_of
from monitor.policy.delivery import LONGEST_HOLD
from monitor.text.times import stamp

Place = tuple[str, str]  # a channel's kind and the key of a recipient

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
        row = row_of(message) | {"created_at": stamp(now), "not_before": stamp(not_before) if not_before else None}
        db.table("messages").insert(row, ignore=True)
    return db.conn.total_changes - before


def heads(db: Database, now: datetime) -> list[Delivery]:
    """The next message of every destination with something to say, whether it may leave yet or not."""
    places = db.execute(
        "SELECT DISTINCT channel, recipient_key FROM messages WHERE state IN ('new', 'sending', 'uncertain')"
    ).fetchall()
    found = [head(db, (channel, recipient), now) for channel, recipient in places]
    return sorted((one for one in found if one), key=lambda one: (one.message.priority, one.id))


def head(db: Database, place: Place, now: datetime) -> Delivery | None:
    """The next message of one destination, whether it may leave yet or not; None while one is under way.

    A message in doubt comes first, alone. Then the most urgent, and then the oldest. One that failed before holds
    those behind it back until its own time (order is kept); one that was put off from the start (quiet hours) holds
    nobody back. A few look-ups in an index, however long the queue.
    """
    values = {"channel": place[0], "recipient": place[1], "now": stamp(now), "last": stamp(now + LONGEST_HOLD)}
    doubtful = _first(db, UNDER_WAY_OR_IN_DOUBT, values)
    if doubtful is not None:
        return doubtful if doubtful.state is State.UNCERTAIN else None
    return _first(db, DUE, values) or _first(db, PUT_OFF, values)


UNDER_WAY_OR_IN_DOUBT = """SELECT * FROM messages
    WHERE channel = :channel AND recipient_key = :recipient AND state IN ('sending', 'uncertain')
    ORDER BY state = 'uncertain', id LIMIT 1"""
# The condition on all three states is that of the index `messages_live`, or SQLite would not use it.
DUE = """SELECT * FROM messages
    WHERE channel = :channel AND recipient_key = :recipient AND state IN ('new', 'sending', 'uncertain')
      AND state = 'new' AND NOT (attempt_count = 0 AND COALESCE(not_before > :now AND not_before <= :last, 0))
    ORDER BY priority, id LIMIT 1"""
PUT_OFF = """SELECT * FROM messages
    WHERE channel = :channel AND recipient_key = :recipient AND state IN ('new', 'sending', 'uncertain')
      AND state = 'new' ORDER BY not_before, priority, id LIMIT 1"""


def _first(db: Database, query: str, values: dict[str, str]) -> Delivery | None:
    return next((delivery_of(row) for row in db.query(query, values)), None)


def claim(db: Database, delivery: Delivery, now: datetime) -> Delivery | None:
    """Commit the intention to send, by compare-and-set; None when somebody else was faster or it does not leave now."""
    if not cards.may_leave(db, delivery, now):
        return None
    changed = db.execute(
        "UPDATE messages SET state = 'sending', attempt_count = attempt_count + 1 "
        "WHERE id = ? AND state = ? AND attempt_count = ?",
        [delivery.id, delivery.state.value, delivery.attempt_count],
    ).rowcount
    if not changed:
        return None
    claimed = find(db, delivery.id)
    attempts.begin(db, claimed, now)
    return claimed


def sent(db: Database, delivery: Delivery, message_id: str, now: datetime) -> None:
    """It was said; keep the channel's own id, which edits and replies need."""
    _settle(db, delivery, State.SENT, now, message_id=message_id, sent_at=stamp(now))


def retry(db: Database, delivery: Delivery, error: str, not_before: datetime, now: datetime) -> None:
    """It was certainly not said; try again then. A possible repeat stays one."""
    state = State.UNCERTAIN if delivery.repeat else State.NEW
    _settle(db, delivery, state, now, error=error, not_before=stamp(not_before))


def doubt(db: Database, delivery: Delivery, error: str, not_before: datetime, now: datetime) -> None:
    """It may have been said: hold it until then, then say it once more, marked. An edit is made again, unmarked."""
    if delivery.message.action == "edit":
        _settle(db, delivery, State.NEW, now, error=error, not_before=stamp(not_before))
        return
    _settle(db, delivery, State.UNCERTAIN, now, error=error, not_before=stamp(not_before), repeat=1)


def bury(db: Database, delivery: Delivery, error: str, now: datetime) -> None:
    """It will not be said there; it stays visible in the outbox with its error."""
    _settle(db, delivery, State.DEAD, now, error=error)


def _settle(db: Database, delivery: Delivery, state: State, now: datetime, **fields: Any) -> None:
    """The outcome of an attempt, unless this very attempt was settled before."""
    known = {"error": None, "not_before": None, "message_id": None, "sent_at": None, "repeat": 0} | fields
    changed = db.execute(
        """UPDATE messages SET state = :state, last_error = :error, not_before = :not_before,
             message_id = COALESCE(:message_id, message_id), sent_at = COALESCE(:sent_at, sent_at),
             repeat = max(repeat, :repeat)
           WHERE id = :id AND state = 'sending' AND attempt_count = :attempt""",
        {"id": delivery.id, "attempt": delivery.attempt_count, "state": state.value, **known},
    ).rowcount
    if changed:
        attempts.end(db, delivery.id, state, known["error"], now)


def fold(db: Database, delivery_id: int, into: str) -> bool:
    """Another message says it instead: `into` is that one's subject, or "digest". Only what is not under way."""
    return bool(
        db.execute(
            "UPDATE messages SET state = 'folded', folded_into = ? WHERE id = ? AND state IN ('new', 'uncertain')",
            [into, delivery_id],
        ).rowcount
    )


def reword(db: Database, delivery_id: int, body: str, now: datetime) -> bool:
    """Put other words into a message that never left; it counts as written now."""
    return bool(
        db.execute(
            "UPDATE messages SET body = ?, created_at = ? WHERE id = ? AND state = 'new'",
            [body, stamp(now), delivery_id],
        ).rowcount
    )


def recover(db: Database, now: datetime) -> int:
    """After a crash: whatever was in flight may have been said. Returns how many became possible repeats.

    An edit that was in flight is made again: twice the same is once.
    """
    attempts.end_all(db, "stopped while sending", now)
    db.execute(
        "UPDATE messages SET state = 'new', last_error = 'stopped while sending' "
        "WHERE state = 'sending' AND action = 'edit'"
    )
    return db.execute(
        "UPDATE messages SET state = 'uncertain', repeat = 1, last_error = 'stopped while sending' "
        "WHERE state = 'sending'"
    ).rowcount


def mend(db: Database, now: datetime, back: timedelta) -> None:
    """The clock was set back by `back`: what happened ahead of now happened now; pauses end that much earlier."""
    moment = stamp(now)
    attempts.mend(db, now)
    values = {"now": moment, "shift": f"-{int(back.total_seconds())} seconds"}
    db.execute("UPDATE messages SET created_at = :now WHERE created_at > :now", values)
    db.execute("UPDATE messages SET sent_at = :now WHERE sent_at > :now", values)
    db.execute(
        """UPDATE messages SET not_before = max(:now, strftime('%Y-%m-%dT%H:%M:%SZ', not_before, :shift))
           WHERE state IN ('new', 'uncertain') AND attempt_count > 0 AND not_before > :now""",
        values,
    )


def counts(db: Database) -> dict[str, int]:
    """How many messages are in each state."""
    rows = db.execute("SELECT state, count(*) FROM messages GROUP BY state").fetchall()
    found = {str(state): int(count) for state, count in rows}
    return {state.value: found.get(state.value, 0) for state in State}


def waiting(db: Database) -> list[Delivery]:
    """All that must still be said, next first."""
    rows = db.query("SELECT * FROM messages WHERE state IN ('new', 'sending', 'uncertain') ORDER BY priority, id")
    return [delivery_of(row) for row in rows]


def queue(db: Database, place: Place) -> list[Delivery]:
    """What waits for one destination and is not under way, next first."""
    rows = db.query(
        """SELECT * FROM messages WHERE channel = ? AND recipient_key = ? AND state IN ('new', 'sending', 'uncertain')
             AND state <> 'sending' ORDER BY priority, id""",
        [*place],
    )
    return [delivery_of(row) for row in rows]


def load(db: Database, place: Place) -> int:
    """How many messages wait for one destination."""
    row = db.execute(
        """SELECT count(*) FROM messages
           WHERE channel = ? AND recipient_key = ? AND state IN ('new', 'sending', 'uncertain')""",
        [*place],
    ).fetchone()
    return int(row[0])


def about(db: Database, ref: str) -> list[Delivery]:
    """Every message that carries a reference, first queued first, with its fate."""
    return [delivery_of(row) for row in db.query("SELECT * FROM messages WHERE ref = ? ORDER BY id", [ref])]


def known(db: Database, message: Message, place: Place) -> bool:
    """Whether the same thing was ever queued for another place."""
    return bool(
        db.execute(
            "SELECT 1 FROM messages WHERE subject = ? AND channel = ? AND recipient_key = ? AND revision = ?",
            [message.subject, *place, message.revision],
        ).fetchone()
    )


def was_said(db: Database, ref: str, *, before: datetime | None = None) -> bool:
    """Whether a chat had a story: its own card, or a line in a summary. An e-mail is not for everybody.

    `before`: as it was known at that moment.
    """
    return bool(
        db.execute(
            """SELECT 1 FROM messages WHERE ref = :ref AND channel <> 'email'
                 AND (state = 'sent' AND (:before IS NULL OR sent_at < :before)
                      OR folded_into LIKE 'backlog:%' AND (:before IS NULL OR created_at < :before)) LIMIT 1""",
            {"ref": ref, "before": stamp(before) if before else None},
        ).fetchone()
    )


def body_of(db: Database, subject: str, place: Place) -> str | None:
    """The words of the message with this subject to one destination, whatever became of it; None without one."""
    row = db.execute(
        "SELECT body FROM messages WHERE subject = ? AND channel = ? AND recipient_key = ? ORDER BY id DESC LIMIT 1",
        [subject, *place],
    ).fetchone()
    return str(row[0]) if row else None


def find(db: Database, delivery_id: int) -> Delivery:
    """One message and its fate; it must exist."""
    return delivery_of(next(iter(db.query("SELECT * FROM messages WHERE id = ?", [delivery_id]))))
