"""One table of outcomes: what went wrong with the Bot API, by exception and cause, and what that means for a message.

The Bot API has no idempotency, and python-telegram-bot raises the same classes for "not sent" and "maybe sent", so
the cause decides; what the table does not know may have been said. Our errors hold our own words only: theirs may
hold the address, and with it the token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from monitor.errors import DeliveryError, RecipientMoved, Refused, Uncertain, Undeliverable

LEAST_HALT = timedelta(seconds=30)  # for a 429 that does not say how long
MOST_HALT = timedelta(hours=24)

# What Telegram answers with 400 when the chat, not the message, is at fault. There is no other sign than its words.
CLOSED = (
    "chat not found",
    "chat_id is empty",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "channel_private",
    "channel_invalid",
    "peer_id_invalid",
    "group chat was deactivated",
    "have no rights",
    "not enough rights",
    "need administrator rights",
    "user_deactivated",
    "user is deactivated",
)
UNCHANGED = "message is not modified"
# What Telegram answers to an edit of a message that was deleted, or that nobody may change any more.
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
)


class Throttled(TelegramError):
    """A 429. Our own, because RetryAfter warns about its own future in its constructor and needs a number."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__("too many requests")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: the first whose exception, cause and words fit decides."""

    raised: type[TelegramError]
    becomes: Callable[[TelegramError], DeliveryError]
    cause: type[Exception] | tuple[type[Exception], ...] = ()
    says: tuple[str, ...] = ()

    def fits(self, error: TelegramError) -> bool:
        """Whether this row is about `error`."""
        return (
            isinstance(error, self.raised)
            and (not self.cause or isinstance(error.__cause__, self.cause))
            and (not self.says or _says(error, self.says))
        )


def _throttled(error: TelegramError) -> DeliveryError:
    wait = min(error.wait, MOST_HALT) if isinstance(error, Throttled) else LEAST_HALT
    return DeliveryError("Telegram asks to wait (429)", retry_after=wait, halt=True)


def _moved(error: TelegramError) -> DeliveryError:
    if not isinstance(error, ChatMigrated):
        return Uncertain("Telegram's answer was not understood")
    return RecipientMoved(str(error.new_chat_id))


OUTCOMES = (
    Outcome(Throttled, _throttled),
    Outcome(RetryAfter, _throttled),
    Outcome(ChatMigrated, _moved),
    # An answer that is not Telegram's JSON came from something in between, whatever its status says.
    Outcome(TelegramError, lambda _: Uncertain("an answer that is not Telegram's"), cause=TelegramError),
    Outcome(Forbidden, lambda _: Undeliverable("the bot may not write there (403)")),
    Outcome(InvalidToken, lambda _: Undeliverable("Telegram does not know the bot's token (401)", halt=True)),
    Outcome(BadRequest, lambda _: Undeliverable("there is no such chat, or the bot may not post (400)"), says=CLOSED),
    Outcome(BadRequest, lambda _: Refused("the message to edit is gone (400)"), says=GONE),
    Outcome(BadRequest, lambda _: Refused("Telegram refuses this message (400)")),
    Outcome(TimedOut, lambda _: DeliveryError("Telegram could not be reached in time"), cause=httpx.ConnectTimeout),
    Outcome(TimedOut, lambda _: DeliveryError("no connection was free"), cause=httpx.PoolTimeout),
    Outcome(TimedOut, lambda _: Uncertain("Telegram did not answer in time")),
    Outcome(
        NetworkError,
        lambda _: DeliveryError("Telegram could not be reached"),
        cause=(httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol),
    ),
    Outcome(NetworkError, lambda _: Uncertain("the connection broke, or Telegram had trouble")),
    Outcome(TelegramError, lambda _: Uncertain("Telegram's answer was not understood")),
)


def outcome(error: TelegramError) -> DeliveryError:
    """What `error` means for the message: the first row that fits, and the last fits everything."""
    return next(row for row in OUTCOMES if row.fits(error)).becomes(error)


def may_pass_as_plain_text(error: TelegramError) -> bool:
    """Whether Telegram refused the message itself, so that plain words might pass."""
    return isinstance(error, BadRequest) and isinstance(outcome(error), Refused) and not _says(error, GONE)


def _says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    words = error.message.lower()
    return any(phrase in words for phrase in phrases)


def was_said_already(error: TelegramError) -> bool:
    """Whether an edit was refused because the message reads so already."""
    return isinstance(error, BadRequest) and UNCHANGED in error.message.lower()
