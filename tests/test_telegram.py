"""Telegram: the real python-telegram-bot against a strict Bot API on loopback, every way it can go wrong."""

import json
import logging
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from fake_telegram import BAD_GATEWAY, CLOSED, HTML, LOST, SILENT, TOKEN, FakeTelegram, Fault, refusal
from monitor.channels import telegram
from monitor.channels._bot import open_bot
from monitor.channels._outcomes import Throttled, outcome
from monitor.errors import DeliveryError, RecipientMoved, Refused, Uncertain, Undeliverable
from monitor.model import Severity
from samples import ALMATY, HOSTILE, alert

CHAT = "@news"


@asynccontextmanager
async def bench(**changes):
    """A fake Bot API and a sender that talks to it."""
    async with FakeTelegram(**changes) as api, telegram.connect(token=TOKEN, api_url=api.url) as sender:
        yield api, sender


def message(languages=("ru", "en"), **changes):
    """The sample alert as Telegram's message."""
    (rendered,) = telegram.render(alert(**changes), languages=languages, time_zone=ALMATY)
    return rendered


async def failing(*faults, sent=None):
    """The error of one message while the server does `faults`, and the server."""
    async with bench() as (api, sender):
        api.faults.extend(faults)
        with pytest.raises(DeliveryError) as caught:
            await sender.send(sent or message(), CHAT, repeat=False)
        return caught.value, api


async def test_a_card_arrives():
    """A card is sent with its entities, without link preview and markup, and its message id comes back."""
    async with bench() as (api, sender):
        assert await sender.send(message(), CHAT, repeat=False) == "1"
        (said,) = api.said()
    assert said["text"].endswith("#забастовка #Мангистау · K7F2Q")
    assert [entity["type"] for entity in said["entities"]].count("text_link") == 1
    assert said["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in said


async def test_nothing_is_asked_first():
    """A sender is send-only: its first request is the message itself, and it never asks for updates."""
    async with bench() as (api, sender):
        assert api.calls == []
        await sender.send(message(), CHAT, repeat=False)
        assert [call.method for call in api.calls] == ["sendMessage"]


async def test_silence_and_thread():
    """What does not ring is sent silently; a forum thread is named."""
    async with bench() as (api, sender):
        await sender.send(message(), CHAT, repeat=False)
        await sender.send(replace(message(ring=False), thread=12), CHAT, repeat=False)
        loud, calm = api.said()
    assert loud.get("disable_notification") in (None, "false")
    assert (calm["disable_notification"], calm["message_thread_id"]) == ("true", "12")


async def test_a_repeat_says_so():
    """A possible repeat begins with ↻ and its words, and its spans still fit."""
    async with bench() as (api, sender):
        await sender.send(message(), CHAT, repeat=True)
        (said,) = api.said()
    assert said["text"].startswith("↻ Возможный повтор · Possible repeat\n\n🔴 СРОЧНО")
    bold = next(entity for entity in said["entities"] if entity["type"] == "bold")
    units = said["text"].encode("utf-16-le")
    assert units[bold["offset"] * 2 :].decode("utf-16-le").startswith("СРОЧНО")


async def test_edit():
    """An edit changes the earlier message; saying the same again is success."""
    async with bench() as (api, sender):
        first = await sender.send(message(), CHAT, repeat=False)
        grown = replace(message(severity=Severity.NORMAL), action="edit", target_id=int(first))
        for _ in range(2):
            assert await sender.send(grown, CHAT, repeat=False) == first
        (said,) = api.said()
    assert [call.method for call in api.calls] == ["sendMessage", "editMessageText", "editMessageText"]
    assert said["text"].startswith("🔵 Сообщают о забастовке")


async def test_edit_of_what_is_gone():
    """A message that a maintainer deleted cannot be edited: this edit dies, the queue goes on."""
    async with bench() as (_, sender):
        with pytest.raises(Refused):
            await sender.send(replace(message(), action="edit", target_id=99), CHAT, repeat=False)


async def test_reply():
    """An update answers the earlier message, and is said even when that one is gone."""
    async with bench() as (api, sender):
        await sender.send(replace(message(), action="reply", reply_to=7), CHAT, repeat=False)
        (said,) = api.said()
    assert said["reply_parameters"] == {"message_id": 7, "allow_sending_without_reply": True}


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_arrive(title):
    """Whatever the words are, Telegram takes the card as it is, with its entities."""
    async with bench() as (api, sender):
        await sender.send(message(title=title, text=title, hits=()), CHAT, repeat=True)
        (said,) = api.said()
    assert len(api.calls) == 1
    assert said["text"].endswith("K7F2Q")


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        (refusal(429, "Too Many Requests: retry after 17", retry_after=17), DeliveryError, 0),
        (refusal(429, "Too Many Requests"), DeliveryError, 0),
        (Fault(429, b"<html>slow down</html>"), DeliveryError, 0),
        (refusal(403, "Forbidden: bot was kicked from the channel chat"), Undeliverable, 0),
        (refusal(401, "Unauthorized"), Undeliverable, 0),
        (refusal(404, "Not Found"), Undeliverable, 0),
        (refusal(400, "Bad Request: chat not found"), Undeliverable, 0),
        (refusal(400, "Bad Request: not enough rights to send text messages to the chat"), Undeliverable, 0),
        (refusal(409, "Conflict"), Uncertain, 0),
        (refusal(500, "Internal Server Error"), Uncertain, 0),
        (Fault(403, b"<html>Blocked by your provider</html>"), Uncertain, 0),
        (Fault(200, b"[]"), Uncertain, 0),
        (Fault(200, b'{"ok": true}', first=True), Uncertain, 1),
        (Fault(200, b'{"ok": true, "result": {"message_id": "x"}}', first=True), Uncertain, 1),
        (BAD_GATEWAY, Uncertain, 1),
        (HTML, Uncertain, 1),
        (LOST, Uncertain, 1),
        (CLOSED, Uncertain, 0),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_outcomes(fault, kind, said):
    """Each way to fail over the wire becomes the outcome of the table, whether or not it was said."""
    error, api = await failing(fault)
    assert type(error) is kind
    assert len(api.said()) == said
    assert len(api.calls) == 1


async def test_silence_on_the_line():
    """A server that takes the message and never answers leaves it uncertain."""
    async with FakeTelegram() as api, open_bot(token=TOKEN, api_url=api.url, proxy=None, patience=0.2) as sender:
        api.faults.append(SILENT)
        with pytest.raises(Uncertain):
            await sender.send(message(), CHAT, repeat=False)
        assert len(api.said()) == 1


async def test_nobody_listens():
    """A refused connection is certainly not said."""
    async with telegram.connect(token=TOKEN, api_url="http://127.0.0.1:1") as sender:
        with pytest.raises(DeliveryError) as caught:
            await sender.send(message(), CHAT, repeat=False)
    assert type(caught.value) is DeliveryError


async def test_a_proxy_that_is_not_there():
    """Behind a proxy nothing goes out directly: without it the message is certainly not said."""
    async with FakeTelegram() as api:
        async with telegram.connect(token=TOKEN, api_url=api.url, proxy="http://127.0.0.1:1") as sender:
            with pytest.raises(DeliveryError):
                await sender.send(message(), CHAT, repeat=False)
        assert api.calls == []


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (refusal(429, "x", retry_after=17), 17),
        (refusal(429, "x", retry_after=0), 30),
        (refusal(429, "x"), 30),
        (refusal(429, "x", retry_after="soon"), 30),
        (refusal(429, "x", retry_after=10**9), 86_400),
        (Fault(429, b'{"parameters": {"retry_after": Infinity}}'), 30),
    ],
)
async def test_how_long_a_halt_lasts(fault, wait):
    """A 429 halts the whole bot for as long as it says, at least something, at most a day."""
    error, _ = await failing(fault)
    assert (error.retry_after, error.halt) == (timedelta(seconds=wait), True)


async def test_the_chat_has_moved():
    """A group that became a supergroup says its new id."""
    error, _ = await failing(refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100777))
    assert isinstance(error, RecipientMoved)
    assert error.new_address == "-100777"


async def test_a_wrong_token_stops_the_bot():
    """A token that Telegram does not know closes every chat at once; a kick closes one."""
    unknown, _ = await failing(refusal(401, "Unauthorized"))
    kicked, _ = await failing(refusal(403, "Forbidden: bot was kicked"))
    assert (unknown.halt, kicked.halt) == (True, False)


async def test_plain_text_after_400():
    """A message that Telegram refuses is tried once more as plain text with the whole address, and may repeat."""
    async with bench() as (api, sender):
        api.faults.append(refusal(400, "Bad Request: can't parse entities"))
        assert await sender.send(message(), CHAT, repeat=True) == "1"
        (said,) = api.said()
    assert said["entities"] == []
    assert said["text"].startswith("↻")
    assert "https://www.lada.kz/news/12345.html" in said["text"]


async def test_refused_twice_is_dead():
    """Refused as plain text too, the message dies."""
    error, api = await failing(refusal(400, "Bad Request: x"), refusal(400, "Bad Request: x"))
    assert type(error) is Refused
    assert len(api.calls) == 2


async def test_a_poisoned_body():
    """A body whose text is too long for Telegram dies without blocking what follows."""
    body = json.loads(message().body)
    poison = replace(message(), body=json.dumps({**body, "text": "ж" * 4097, "plain": "ж" * 4097}))
    async with bench() as (_, sender):
        with pytest.raises(Refused):
            await sender.send(poison, CHAT, repeat=False)
        assert await sender.send(message(), CHAT, repeat=False) == "1"


@pytest.mark.parametrize(
    ("error", "cause", "kind"),
    [
        (TimedOut(), httpx.ConnectTimeout("x"), DeliveryError),
        (TimedOut(), httpx.PoolTimeout("x"), DeliveryError),
        (TimedOut(), httpx.ReadTimeout("x"), Uncertain),
        (TimedOut(), httpx.WriteTimeout("x"), Uncertain),
        (TimedOut(), None, Uncertain),
        (NetworkError("x"), httpx.ConnectError("x"), DeliveryError),
        (NetworkError("x"), httpx.ProxyError("x"), DeliveryError),
        (NetworkError("x"), httpx.ReadError("x"), Uncertain),
        (NetworkError("x"), httpx.RemoteProtocolError("x"), Uncertain),
        (NetworkError("x"), None, Uncertain),
        (Forbidden("x"), None, Undeliverable),
        (Forbidden("x"), TelegramError("not JSON"), Uncertain),
        (InvalidToken("x"), None, Undeliverable),
        (BadRequest("x"), None, Refused),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), None, Undeliverable),
        (ChatMigrated(5), None, RecipientMoved),
        (Throttled(timedelta(seconds=1)), None, DeliveryError),
        (Conflict("x"), None, Uncertain),
        (TelegramError("x"), None, Uncertain),
    ],
)
def test_the_table(error, cause, kind):
    """The exception's class and its cause decide; what nobody foresaw may have been said."""
    error.__cause__ = cause
    assert type(outcome(error)) is kind


ECHO = Fault(502, f"<html>no route to /bot{TOKEN}/sendMessage</html>".encode())


@pytest.mark.parametrize("fault", [LOST, HTML, ECHO, refusal(403, f"Forbidden: {CHAT}"), refusal(400, CHAT)])
async def test_no_log_and_no_error_names_token_or_chat(fault, caplog):
    """Neither our errors nor anybody's log lines from WARNING up hold the token, the address or the chat."""
    caplog.set_level(logging.WARNING)
    error, api = await failing(fault, fault)
    assert error.__cause__ is None
    assert error.__context__ is None
    for secret in (TOKEN, TOKEN.split(":")[1], CHAT, api.url):
        assert secret not in f"{error} {error!r} {caplog.text}"


async def test_probe():
    """A probe passes for a bot that may post, and says what is missing for one that may not."""
    async with bench() as (api, sender):
        await sender.probe(CHAT)
        api.rights["can_post_messages"] = False
        with pytest.raises(Undeliverable, match="not an administrator"):
            await sender.probe(CHAT)
        with pytest.raises(Undeliverable, match="no such chat"):
            await sender.probe("@nobody")
        api.token = "another"
        with pytest.raises(Undeliverable, match="token"):
            await sender.probe(CHAT)
        assert api.said() == []


def test_importing_the_channel_is_light():
    """python-telegram-bot is imported when a bot is opened, not when the folder is looked through."""
    code = "import sys; from monitor.channels import by_kind; by_kind(); sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
