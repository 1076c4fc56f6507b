"""Getting to know a bot and its chats, once, when the program is set up; the only place that looks at updates."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Bot, Chat, MessageOriginChannel, MessageOriginChat, Update
from telegram.error import Conflict, TelegramError

from monitor.channels._bot import OPERATION_SECONDS, TELEGRAM, TOTAL_SECONDS, UNREADABLE, Wire
from monitor.channels._outcomes import outcome
from monitor.errors import DeliveryError, Undeliverable

LATEST = -100  # Telegram keeps a day of updates; the last hundred will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """A chat that the bot has seen: its number as a text, what kind it is, and its title."""

    chat: str
    kind: str
    title: str


class Introduction:
    """A bot that asks who it is and whom it has seen. Raises as `channels.Sender.probe` does."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def name(self) -> str:
        """The bot's own @name: the token is good."""
        failure: DeliveryError | None = None
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                me = await self._bot.get_me()
        except TelegramError as error:
            failure = outcome(error)
        except TimeoutError:
            failure = DeliveryError("Telegram did not answer in time")
        except UNREADABLE:
            failure = DeliveryError("Telegram's answer was not understood")
        if failure is not None:
            raise failure
        return f"@{me.username}"

    async def chats(self) -> list[Acquaintance]:
        """Channels and groups that the bot was added to, or whose posts it was sent lately, newest first; one look."""
        failure: DeliveryError | None = None
        updates: Sequence[Update] = ()
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                updates = await self._bot.get_updates(offset=LATEST, timeout=0)
        except Conflict:
            failure = Undeliverable("another program reads this bot's updates, or a webhook is set")
        except TelegramError as error:
            failure = outcome(error)
        except TimeoutError:
            failure = DeliveryError("Telegram did not answer in time")
        except UNREADABLE:
            failure = DeliveryError("Telegram's answer was not understood")
        if failure is not None:
            raise failure
        seen = [chat for update in reversed(updates) for chat in _chats_of(update) if chat.type != Chat.PRIVATE]
        found = [Acquaintance(chat=str(chat.id), kind=chat.type, title=chat.title or "") for chat in seen]
        return list({each.chat: each for each in reversed(found)}.values())[::-1]


def _chats_of(update: Update) -> list[Chat]:
    """The chats that an update speaks of: where it happened, and where what was forwarded comes from."""
    message = update.effective_message
    match message.forward_origin if message else None:
        case MessageOriginChannel(chat=chat) | MessageOriginChat(sender_chat=chat):
            return [chat]
        case _:
            return [update.effective_chat] if update.effective_chat else []


@asynccontextmanager
async def open_introduction(*, token: str, api_url: str | None, proxy: str | None) -> AsyncIterator[Introduction]:
    """The bot, its connections closed at the end."""
    wire = Wire(
        connect_timeout=OPERATION_SECONDS,
        read_timeout=OPERATION_SECONDS,
        write_timeout=OPERATION_SECONDS,
        proxy=proxy,
        httpx_kwargs={"trust_env": False},
    )
    try:
        yield Introduction(
            Bot(token, f"{(api_url or TELEGRAM).rstrip('/')}/bot", request=wire, get_updates_request=wire)
        )
    finally:
        await wire.shutdown()
