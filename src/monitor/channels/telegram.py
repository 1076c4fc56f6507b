"""Telegram: cards as text with entities, link previews off, send-only, through python-telegram-bot."""

import importlib
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from monitor.channels import Sender, alert_message, backlog_message, notice_message, post_message
from monitor.channels._body import alert_body, backlog_body, notice_body, post_body
from monitor.model import Alert, Lang, Message
from monitor.render.backlog import Page
from monitor.render.cards import Card
from monitor.render.notices import Notice

KIND = "telegram"
EDITS = True


def render(alert: Alert, *, languages: Sequence[Lang], time_zone: str) -> tuple[Message, ...]:
    """The alert as one message; who receives it is the outbox's business."""
    return (alert_message(alert, KIND, alert_body(alert, languages=languages, time_zone=time_zone)),)


def render_notice(
    notice: Notice, *, key: str, at: datetime, languages: Sequence[Lang], time_zone: str
) -> tuple[Message, ...]:
    """A notice for maintainers; `key` tells one notice from another, so that it is said once."""
    return (notice_message(key, KIND, notice_body(notice, at=at, languages=languages, time_zone=time_zone)),)


def render_post(post: Card, *, at: datetime, languages: Sequence[Lang], time_zone: str) -> Message:
    """What readers pin; the same words are one message."""
    return post_message(post, KIND, post_body(post, at=at, languages=languages, time_zone=time_zone))


def render_backlog(
    page: Page, *, key: str, part: int, at: datetime, languages: Sequence[Lang], time_zone: str
) -> Message:
    """One page of a summary of what piled up."""
    body = backlog_body(page, at=at, languages=languages, time_zone=time_zone)
    return backlog_message(key, part, KIND, body, urgent=page.urgent)


def connect(*, token: str, api_url: str | None = None, proxy: str | None = None) -> AbstractAsyncContextManager[Sender]:
    """A sender that holds the bot; `api_url` is the base address of a Bot API server, Telegram's own by default.

    Nothing is asked of the server before the first message. python-telegram-bot takes half a second and 30 MB to
    import, so it is imported here.
    """
    bot = importlib.import_module("monitor.channels._bot")
    opened: AbstractAsyncContextManager[Sender] = bot.open_bot(token=token, api_url=api_url, proxy=proxy)
    return opened
