"""Telegram: cards as text with entities, link previews off, send-only, through python-telegram-bot."""

import importlib
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from monitor.channels import NOTICE_PRIORITY, PRIORITY, Sender
from monitor.channels._body import alert_body, notice_body
from monitor.model import Alert, Lang, Message
from monitor.render.notices import Notice

KIND = "telegram"


def render(alert: Alert, *, languages: Sequence[Lang], time_zone: str) -> tuple[Message, ...]:
    """The alert as one message; who receives it is the outbox's business."""
    body = alert_body(alert, languages, time_zone)
    return (
        Message(
            subject=f"story:{alert.ref}",
            channel=KIND,
            recipient="",
            body=body,
            silent=not alert.ring,
            priority=PRIORITY[alert.severity],
            ref=alert.ref,
        ),
    )


def render_notice(notice: Notice, *, key: str, languages: Sequence[Lang]) -> tuple[Message, ...]:
    """A notice for maintainers; `key` tells one notice from another, so that it is said once."""
    body = notice_body(notice, languages)
    return (Message(subject=f"notice:{key}", channel=KIND, recipient="", body=body, priority=NOTICE_PRIORITY),)


def connect(*, token: str, api_url: str | None = None, proxy: str | None = None) -> AbstractAsyncContextManager[Sender]:
    """A sender that holds the bot; `api_url` is the base address of a Bot API server, Telegram's own by default.

    Nothing is asked of the server before the first message. python-telegram-bot takes half a second and 30 MB to
    import, so it is imported here.
    """
    bot = importlib.import_module("monitor.channels._bot")
    opened: AbstractAsyncContextManager[Sender] = bot.open_bot(token=token, api_url=api_url, proxy=proxy)
    return opened
