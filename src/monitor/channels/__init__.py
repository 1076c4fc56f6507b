"""The contract of a channel, and one file per kind of channel, found by looking in this folder.

A channel is a module with

    KIND                                                   its name in the outbox
    render(alert, *, languages, time_zone)                 → tuple[Message, ...], in the channel's own form
    render_notice(notice, *, key, at, languages, time_zone) → tuple[Message, ...], words for maintainers
    render_backlog(page, *, key, part, at, languages, time_zone) → Message, a summary of what piled up
    connect(…)                                             → async context manager of a Sender

and, where it carries the digest, `render_digest(digest, letter) → Message` and `letter_in(body) → Letter`, and where it is read like a chat,
`render_post(card, *, at, languages, time_zone) → Message` for what readers pin; `EDITS = True` where what was said can be
changed. What `render` makes is complete: the
body holds the text, the plain text to fall back on and the words of a possible repeat, so that nothing has to be
rendered when it is sent. Neither a Message nor an error ever holds an address, a chat or a secret.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Protocol

from monitor.model import Alert, Message, Severity
from monitor.render.cards import Card
from monitor.text.prints import digest16

PRIORITY: Mapping[Severity, int] = {Severity.URGENT: 1, Severity.NORMAL: 5, Severity.DIGEST: 7, Severity.NONE: 9}
NOTICE_PRIORITY = 3
LETTER_PRIORITY = 4


class Sender(Protocol):
    """Says one message at a time to one recipient."""

    async def send(self, message: Message, recipient: str, *, repeat: bool) -> str:
        """Say `message` to `recipient` (an address or chat) and return the channel's own id of it.

        With `repeat` the text begins with ↻ and says that it may be a repeat. For the action `edit`,
        `message.target_id`, and for `reply`, `message.reply_to`, is the channel's own id of the earlier message.
        Raises Undeliverable, Refused, Uncertain, RecipientMoved, or DeliveryError when it was certainly not said.
        """
        ...

    async def probe(self, recipient: str) -> None:
        """Prove without saying anything that `recipient` could be told; raises as `send` does."""
        ...


def alert_message(alert: Alert, kind: str, body: str) -> Message:
    """The message of an alert on the channel `kind`; only what rings makes a sound."""
    return Message(
        subject=f"story:{alert.ref}",
        channel=kind,
        recipient="",
        body=body,
        silent=not alert.ring,
        priority=PRIORITY[alert.severity],
        ref=alert.ref,
    )


def notice_message(key: str, kind: str, body: str) -> Message:
    """The message of a notice; `key` tells one notice from another, so that each is said once."""
    return Message(subject=f"notice:{key}", channel=kind, recipient="", body=body, priority=NOTICE_PRIORITY)


def post_message(post: Card, kind: str, body: str) -> Message:
    """The message of a post that readers pin; the same words are one message, said once."""
    return Message(
        subject=f"post:{digest16(post.text)}", channel=kind, recipient="", body=body, priority=NOTICE_PRIORITY
    )


def backlog_message(key: str, part: int, kind: str, body: str, *, urgent: bool) -> Message:
    """A summary of what piled up; `key` tells one occasion from another, `part` one page from the next."""
    priority = PRIORITY[Severity.URGENT if urgent else Severity.NORMAL]
    return Message(subject=f"backlog:{key}", channel=kind, recipient="", part=part, body=body, priority=priority)


@cache
def by_kind() -> Mapping[str, ModuleType]:
    """Every channel by its KIND; files whose name begins with an underscore are the channels' own helpers."""
    names = [found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in sorted(names)]
    return {module.KIND: module for module in modules}
