"""The live card: one message a story in each chat; later versions edit it, escalations answer it.

What a card says may change while it waits, while it is under way, and after it was said:

    it waits          it gets the new words; the former ones go to `wordings`, the archive
    it is under way   an edit waits for it, or is taken in when it comes back unsaid
    it was said       an edit; one that still waits is folded into the next, so that a card is edited once a minute

An edit makes no second message: one that may have been made is simply made again. A card that is gone (deleted, or
too old for the channel) is edited no more, and nobody is told.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from monitor.model import Delivery, Message, State
from monitor.outbox.rows import delivery_of, row_of
from monitor.policy.delivery import EDIT_GAP, RESOLUTION
from monitor.text.times import stamp, unstamp

Place = tuple[str, str]

NO_CARD = "there is no card to edit"
EDIT_PRIORITY = 6  # after the news itself
# A card in one of these states has not been said, and certainly so: it can still say something else.
UNSAID = frozenset({State.NEW, State.DEAD})


def live(db: Database, place: Place, subject: str) -> Delivery | None:
    """The message that stands for a story in a chat; None when there is none, when it was summed up, or is gone."""
    rows = db.query(
        """SELECT * FROM messages WHERE subject = ? AND channel = ? AND recipient_key = ? AND action = 'send'
           ORDER BY revision DESC LIMIT 1""",
        [subject, *place],
    )
    card = next((delivery_of(row) for row in rows), None)
    if card is None or card.state is State.FOLDED or _is_gone(db, card):
        return None
    return card


def _is_gone(db: Database, card: Delivery) -> bool:
    """Whether the chat knows this message no longer: an edit of it was refused."""
    if card.message_id is None:
        return False
    message = card.message
    return bool(
        db.execute(
            """SELECT 1 FROM messages WHERE subject = ? AND channel = ? AND recipient_key = ? AND action = 'edit'
                 AND state = 'dead' AND target_id = ? LIMIT 1""",
            [_edits_of(message.subject), message.channel, message.recipient, card.message_id],
        ).fetchone()
    )


def grow(db: Database, message: Message, now: datetime, *, not_before: datetime | None = None) -> int:
    """Bring the card of a story up to date in one chat; returns how many messages that makes, one or none.

    `message` is the card as it should read now. A card that was not said yet gets the new words; one that was said, or
    may have been, is edited, a minute after it was said or edited last and not before `not_before`.
    """
    place = (message.channel, message.recipient)
    card = live(db, place, message.subject)
    if card is None or latest_words(db, card) == message.body:
        return 0
    waiting = _waiting_edits(db, card)
    for older in waiting:
        _fold(db, older, message.subject if card.state in UNSAID else _edits_of(message.subject))
    if card.state in UNSAID:
        _reword(db, card, message.body, now)
        return 0
    held = [one.not_before for one in waiting if one.not_before]
    edit = replace(
        message,
        subject=_edits_of(message.subject),
        action="edit",
        card=message.subject,
        revision=_edit_count(db, card) + 1,
        silent=True,
        priority=EDIT_PRIORITY,
        thread=card.message.thread,
    )
    earliest = max([now, *held, *([not_before] if not_before else []), _rested_at(db, card, now)])
    db.table("messages").insert(row_of(edit) | {"created_at": stamp(now), "not_before": stamp(earliest)})
    return 1


def latest_words(db: Database, card: Delivery) -> str:
    """What the card says once everything that waits is said."""
    row = db.execute(
        """SELECT body FROM messages WHERE subject = ? AND channel = ? AND recipient_key = ? AND action = 'edit'
             AND state IN ('new', 'sending', 'sent') ORDER BY revision DESC LIMIT 1""",
        [_edits_of(card.message.subject), card.message.channel, card.message.recipient],
    ).fetchone()
    return str(row[0]) if row and card.state is not State.NEW else card.message.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a message would have said, had it been said between these two moments."""

    body: str
    worded_at: datetime
    replaced_at: datetime


def wordings(db: Database, delivery_id: int) -> list[Wording]:
    """The former words of a message that got others before it was said, oldest first."""
    rows = db.query("SELECT * FROM wordings WHERE delivery_id = ? ORDER BY id", [delivery_id])
    return [
        Wording(body=row["body"], worded_at=unstamp(row["worded_at"]), replaced_at=unstamp(row["replaced_at"]))
        for row in rows
    ]


def may_leave(db: Database, delivery: Delivery, now: datetime) -> bool:
    """Make a message ready for its way out: aim an edit or a reply at what the chat knows, let a card take its edits in.

    False when it does not leave now: it was folded or buried, or put off.
    """
    match delivery.message.action:
        case "edit":
            return _aim_edit(db, delivery, now)
        case "reply":
            card = live(db, _place(delivery), delivery.message.card)
            said = card.message_id if card is not None and card.state is State.SENT else None
            db.execute("UPDATE messages SET reply_to = ? WHERE id = ?", [said, delivery.id])
        case _:
            if delivery.state is State.NEW and not delivery.repeat:
                _take_in(db, delivery, now)
    return True


def _aim_edit(db: Database, edit: Delivery, now: datetime) -> bool:
    """Whether the edit may leave now; it is the newest, its card was said, and was not edited a moment ago."""
    newer = [one for one in _waiting_edits(db, edit) if one.message.revision > edit.message.revision]
    if newer:
        _fold(db, edit, edit.message.subject)
        return False
    card = live(db, _place(edit), edit.message.card)
    if card is None or card.state is State.DEAD:
        db.execute("UPDATE messages SET state = 'dead', last_error = ? WHERE id = ?", [NO_CARD, edit.id])
        return False
    rested = _rested_at(db, card, now) if card.state is State.SENT else now + EDIT_GAP
    if rested > now:
        db.execute("UPDATE messages SET not_before = ? WHERE id = ?", [stamp(rested), edit.id])
        return False
    db.execute("UPDATE messages SET target_id = ? WHERE id = ?", [card.message_id, edit.id])
    return True


def _take_in(db: Database, card: Delivery, now: datetime) -> None:
    """A card that leaves for the first time says what its waiting edits would have made of it."""
    waiting = _waiting_edits(db, card)
    if not waiting:
        return
    _reword(db, card, waiting[-1].message.body, now)
    for edit in waiting:
        _fold(db, edit, card.message.subject)


def _rested_at(db: Database, card: Delivery, now: datetime) -> datetime:
    """When the card may be edited again: a minute after it was said, or after the last try to edit it."""
    last = db.execute(
        """SELECT max(COALESCE(a.ended_at, a.started_at)) FROM attempts a JOIN messages m ON m.id = a.delivery_id
           WHERE m.subject = ? AND m.channel = ? AND m.recipient_key = ?""",
        [_edits_of(card.message.subject), card.message.channel, card.message.recipient],
    ).fetchone()[0]
    times = [unstamp(last)] if last else []
    times += [card.sent_at] if card.sent_at else []
    return max((min(one, now) + EDIT_GAP + RESOLUTION for one in times), default=now)


def _reword(db: Database, card: Delivery, body: str, now: datetime) -> None:
    """New words for a card that was not said; the former ones stay in the archive with their time."""
    db.execute(
        """INSERT INTO wordings (delivery_id, body, worded_at, replaced_at)
           SELECT id, body, COALESCE((SELECT max(replaced_at) FROM wordings WHERE delivery_id = messages.id), created_at), ?
           FROM messages WHERE id = ?""",
        [stamp(now), card.id],
    )
    db.execute("UPDATE messages SET body = ? WHERE id = ?", [body, card.id])


def _waiting_edits(db: Database, about: Delivery) -> list[Delivery]:
    """The edits of a card that are queued and not under way, oldest first; `about` is the card or one of them."""
    message = about.message
    subject = message.subject if message.action == "edit" else _edits_of(message.subject)
    rows = db.query(
        """SELECT * FROM messages WHERE subject = ? AND channel = ? AND recipient_key = ? AND action = 'edit'
             AND state = 'new' ORDER BY revision""",
        [subject, message.channel, message.recipient],
    )
    return [delivery_of(row) for row in rows]


def _edit_count(db: Database, card: Delivery) -> int:
    row = db.execute(
        "SELECT COALESCE(max(revision), 0) FROM messages WHERE subject = ? AND channel = ? AND recipient_key = ?",
        [_edits_of(card.message.subject), card.message.channel, card.message.recipient],
    ).fetchone()
    return int(row[0])


def _fold(db: Database, edit: Delivery, into: str) -> None:
    db.execute("UPDATE messages SET state = 'folded', folded_into = ? WHERE id = ?", [into, edit.id])


def _edits_of(subject: str) -> str:
    """The subject of the edits of a card: `edit:K7F2Q` for `story:K7F2Q`."""
    return f"edit:{subject.partition(':')[2]}"


def _place(delivery: Delivery) -> Place:
    return delivery.message.channel, delivery.message.recipient
