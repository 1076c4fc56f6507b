"""Trying the chats and the mail server without a word.

Destinations are called by the names of their settings, never by what they hold.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from monitor import channels
from monitor.channels import Sender
from monitor.config.settings import Settings
from monitor.errors import DeliveryError


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How one try went: `kind` is the error's one word, empty when all is well; `said` is a sentence."""

    subject: str
    said: str
    kind: str = ""

    @property
    def ok(self) -> bool:
        """Whether it went well."""
        return not self.kind


async def probe_destinations(settings: Settings, senders: Mapping[str, Sender] | None = None) -> list[Probe]:
    """Try every chat that the settings name, and the mail server once. `senders` are by channel, for tests."""
    async with AsyncExitStack() as stack:
        opened = senders if senders is not None else await _open_senders(stack, settings)
        return [probe async for probe in _each(settings, opened)]


async def _each(settings: Settings, senders: Mapping[str, Sender]) -> AsyncIterator[Probe]:
    mailboxes = [name for name, address in settings.addresses.items() if "@" in address.lstrip("@")]
    for name, address in settings.addresses.items():
        channel = "email" if name in mailboxes else "telegram"
        if channel in senders and name not in mailboxes[1:]:
            yield await _probe_destination(name, senders[channel], address.split(",")[0])


async def _probe_destination(name: str, sender: Sender, address: str) -> Probe:
    try:
        await sender.probe(address)
    except DeliveryError as error:
        return Probe(subject=name, said=str(error), kind=type(error).__name__.lower())
    return Probe(subject=name, said="can be told")


async def _open_senders(stack: AsyncExitStack, settings: Settings) -> dict[str, Sender]:
    """The senders that the settings make possible."""
    kinds = channels.by_kind()
    opened: dict[str, Sender] = {}
    if settings.telegram_token:
        telegram = kinds["telegram"].connect(
            token=settings.telegram_token, api_url=settings.telegram_api_url, proxy=settings.proxy
        )
        opened["telegram"] = await stack.enter_async_context(telegram)
    if settings.smtp and settings.digest_from:
        email = kinds["email"].connect(smtp=settings.smtp, sender=settings.digest_from)
        opened["email"] = await stack.enter_async_context(email)
    return opened
