"""Previews of Telegram channels as `t.me/s/` shows them, for tests: any posts, any numbers."""

from datetime import datetime, timedelta

CHANNEL = "https://t.me/s/ozen"
FIRST = datetime(2026, 3, 1, 8, 50)  # noqa: DTZ001 - written as UTC; a post a minute


def preview(*numbers: int, words: str = "Забастовка, день", channel: str = "ozen") -> bytes:
    """A page of a channel's preview with posts of these numbers, oldest first."""
    posts = "".join(
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{channel}/{number}">'
        f'<div class="tgme_widget_message_text">{words} {number}: рабочие участка не вышли на смену</div>'
        f'<a class="tgme_widget_message_date" href="https://t.me/{channel}/{number}">'
        f'<time datetime="{FIRST + timedelta(minutes=number):%Y-%m-%dT%H:%M:%S+00:00}"></time></a></div></div>'
        for number in numbers
    )
    return (
        '<!DOCTYPE html><html><body><div class="tgme_channel_info"><div class="tgme_channel_info_header_title">Өзен</div>'
        f'</div><section class="tgme_channel_history">{posts}</section></body></html>'
    ).encode()
