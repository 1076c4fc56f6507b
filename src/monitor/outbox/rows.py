"""A row of `messages` as nouns, and back."""

from collections.abc import Mapping
from typing import Any

from monitor.model import Delivery, Message, State
from monitor.text.times import unstamp


def row_of(message: Message) -> dict[str, Any]:
    """The columns that a message fills."""
    return {
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
        "card": message.card,
        "ref": message.ref,
    }


def message_of(row: Mapping[str, Any]) -> Message:
    """The message of a row."""
    return Message(
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
        card=row["card"],
        ref=row["ref"],
    )


def delivery_of(row: Mapping[str, Any]) -> Delivery:
    """The message of a row, and its fate."""
    return Delivery(
        id=row["id"],
        message=message_of(row),
        state=State(row["state"]),
        attempt_count=row["attempt_count"],
        not_before=unstamp(row["not_before"]) if row["not_before"] else None,
        message_id=row["message_id"],
        created_at=unstamp(row["created_at"]),
        sent_at=unstamp(row["sent_at"]) if row["sent_at"] else None,
        last_error=row["last_error"],
        repeat=bool(row["repeat"]),
        folded_into=row["folded_into"],
    )
