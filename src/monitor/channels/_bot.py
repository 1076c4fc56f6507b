"""The bot itself: python-telegram-bot over one connection pool, each request under a total deadline."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import Bot, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from monitor.channels._body import Wording, wording
from monitor.channels._outcomes import LEAST_HALT, Throttled, may_pass_as_plain_text, outcome, was_said_already
from monitor.errors import DeliveryError, Uncertain, Undeliverable
from monitor.model import Message
from monitor.render.entities import Entity

TELEGRAM = "https://api.telegram.org"
POOL_SIZE = 8
OPERATION_SECONDS = 20.0  # for connecting, for a write, for a read
TOTAL_SECONDS = 60.0  # httpx limits single operations only: a dripping answer would never end
TOO_MANY_REQUESTS = 429
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)  # what the library raises on JSON it did not expect
MAY_POST = ("creator", "administrator")


class Wire(HTTPXRequest):
    """HTTPXRequest that understands every 429 and never logs what a server answered."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send one request; a 429 becomes Throttled, with at least something to wait for."""
        code, payload = await super().do_request(*args, **kwargs)
        if code == TOO_MANY_REQUESTS:
            raise Throttled(_asked_wait(payload))
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. The library's own version logs an answer that is not, and a proxy may echo the token."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("not an answer of the Bot API")
        return answer


class BotSender:
    """A `channels.Sender` for Telegram."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, message: Message, recipient: str, *, repeat: bool) -> str:
        """Send, edit or reply; when Telegram refuses the message itself, once more as plain text.

        An edit is never marked as a repeat: made twice it is the same. A card that is gone is not tried again.
        """
        said = wording(message, repeat=repeat and message.action != "edit")
        try:
            return await self._attempt(message, recipient, said.text, said.entities)
        except TelegramError as error:
            if was_said_already(error):
                return str(message.target_id)
            if not may_pass_as_plain_text(error):
                failure: DeliveryError | None = outcome(error)
            else:
                failure = None
        if failure is not None:
            raise failure  # outside the handler, so that nothing of the library's words hangs on it
        return await self._send_plain(message, recipient, said)

    async def probe(self, recipient: str) -> None:
        """Ask whether the token is good and the bot may post to `recipient`; raises as `send` does."""
        failure: DeliveryError | None = None
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                me = await self._bot.get_me()
                member = await self._bot.get_chat_member(recipient, me.id)
                chat = await self._bot.get_chat(recipient)
        except TelegramError as error:
            failure = outcome(error)
        except TimeoutError:
            failure = DeliveryError("Telegram did not answer in time")
        except UNREADABLE:
            failure = DeliveryError("Telegram's answer was not understood")
        if failure is not None:
            raise failure
        if chat.type == "channel" and not (
            member.status in MAY_POST and getattr(member, "can_post_messages", True) is not False
        ):
            raise Undeliverable("the bot is not an administrator who may post in the channel")

    async def _send_plain(self, message: Message, recipient: str, said: Wording) -> str:
        try:
            return await self._attempt(message, recipient, said.plain_text, ())
        except TelegramError as error:
            if was_said_already(error):
                return str(message.target_id)
            failure = outcome(error)
        raise failure

    async def _attempt(self, message: Message, recipient: str, text: str, entities: tuple[Entity, ...]) -> str:
        """One request. Raises TelegramError, or Uncertain when the answer came too late or made no sense."""
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._request(message, recipient, text, [_entity(each) for each in entities])
        except TimeoutError:
            reason = "Telegram did not answer in time"
        except UNREADABLE:
            reason = "Telegram's answer was not understood"
        raise Uncertain(reason)

    async def _request(self, message: Message, recipient: str, text: str, entities: list[MessageEntity]) -> str:
        if message.action == "edit":
            await self._bot.edit_message_text(
                text,
                chat_id=recipient,
                message_id=message.target_id,
                entities=entities,
                link_preview_options=NO_PREVIEW,
            )
            return str(message.target_id)
        reply = None
        if message.action == "reply" and message.reply_to is not None:
            reply = ReplyParameters(message.reply_to, allow_sending_without_reply=True)
        said = await self._bot.send_message(
            recipient,
            text,
            entities=entities,
            disable_notification=message.silent,
            message_thread_id=message.thread,
            reply_parameters=reply,
            link_preview_options=NO_PREVIEW,
        )
        return str(said.message_id)


@asynccontextmanager
async def open_bot(
    *, token: str, api_url: str | None, proxy: str | None, patience: float = OPERATION_SECONDS
) -> AsyncIterator[BotSender]:
    """The sender, its connections closed at the end. Nothing is asked of the server here.

    `patience` is how many seconds each single operation on the wire may take.
    """
    wire = Wire(
        connection_pool_size=POOL_SIZE,
        connect_timeout=patience,
        read_timeout=patience,
        write_timeout=patience,
        pool_timeout=patience,
        proxy=proxy,
        httpx_kwargs={"trust_env": False},
    )
    base_url = f"{(api_url or TELEGRAM).rstrip('/')}/bot"
    try:
        yield BotSender(Bot(token, base_url, request=wire, get_updates_request=wire))
    finally:
        await wire.shutdown()


def _entity(entity: Entity) -> MessageEntity:
    return MessageEntity(entity.kind, entity.offset, entity.length, url=entity.url or None)


def _asked_wait(payload: bytes) -> timedelta:
    """How long a 429 asks to wait; the least halt when it does not say."""
    try:
        seconds = float(json.loads(payload)["parameters"]["retry_after"])
        return timedelta(seconds=seconds) if seconds > 0 else LEAST_HALT
    except (KeyError, OverflowError, TypeError, ValueError):
        return LEAST_HALT
