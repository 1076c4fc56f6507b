"""Trying the outside world without changing anything: the feeds, the chats, the mail server.

Nothing is stored and nothing is said. Destinations are called by the names of their settings, never by what they hold.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx

from monitor import channels, sources
from monitor.app.environment import now
from monitor.channels import Sender
from monitor.config.settings import Settings
from monitor.errors import DeliveryError, FetchError, ParseError, WorkerError
from monitor.fetch import Fetcher, Resolve, introduce, open_fetcher
from monitor.model import Clock, Feed, FeedState
from monitor.worker import Worker, open_worker

FEEDS_AT_ONCE = 20


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


async def probe_feeds(
    settings: Settings,
    feeds: Sequence[Feed],
    *,
    clock: Clock = now,
    resolve: Resolve | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    done: Callable[[Probe], None] | None = None,
) -> list[Probe]:
    """Ask every enabled feed once, as the daemon would; `done` hears of each as it is known. In the order of `feeds`."""
    places = asyncio.Semaphore(FEEDS_AT_ONCE)

    async def one(feed: Feed, fetcher: Fetcher, worker: Worker) -> Probe:
        async with places:
            probe = await _probe_feed(feed, fetcher, worker)
        if done:
            done(probe)
        return probe

    async with (
        open_fetcher(
            clock=clock,
            resolve=resolve,
            allow_hosts=settings.allow_hosts,
            host_interval=settings.host_interval,
            proxies=dict(settings.proxies) | ({"": settings.proxy} if settings.proxy else {}),
            transport=transport,
            user_agent=introduce(settings.contact),
        ) as fetcher,
        open_worker() as worker,
    ):
        return list(await asyncio.gather(*(one(feed, fetcher, worker) for feed in feeds if feed.enabled)))


async def _probe_feed(feed: Feed, fetcher: Fetcher, worker: Worker) -> Probe:
    source = sources.by_kind()[feed.kind]
    try:
        response = await fetcher.get(source.request(feed, FeedState(feed_id=feed.id)))
        parsed = await worker.run(source.parse, feed, response, {})
    except (FetchError, ParseError, WorkerError) as error:
        return Probe(subject=feed.id, said=str(error), kind=error.kind)
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    newest = f", the newest of {max(dates):%Y-%m-%d %H:%M} UTC" if dates else ""
    return Probe(subject=feed.id, said=f"{len(parsed.entries)} items{newest}")


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
