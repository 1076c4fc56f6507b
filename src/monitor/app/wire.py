"""The wire as the settings want it: a fetcher and a worker, for the house and for trying things out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from monitor.app.environment import now
from monitor.config.settings import Settings
from monitor.fetch import Fetcher, Resolve, introduce, open_fetcher
from monitor.ingest.robots import Robots
from monitor.model import Clock
from monitor.worker import Worker, open_worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What asks servers, what reads their answers, and the manners of a guest on pages made for people."""

    fetcher: Fetcher
    worker: Worker
    robots: Robots
    clock: Clock


@asynccontextmanager
async def open_wire(
    settings: Settings,
    *,
    clock: Clock = now,
    resolve: Resolve | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    readers: int = 2,
) -> AsyncIterator[Wire]:
    """A wire with proxies, pauses, exempt hosts and name of the settings; `readers` documents are read at a time.

    Tests put in their own clock, resolver and transport.
    """
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
        open_worker(count=readers) as worker,
    ):
        yield Wire(fetcher=fetcher, worker=worker, robots=Robots(fetcher, worker, clock), clock=clock)
