"""Asks a server's robots.txt before a page made for people is read; remembers the answer for a day, in memory."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from urllib.parse import urlsplit

from monitor.errors import FetchError, WorkerError
from monitor.fetch import Fetcher
from monitor.model import Clock, Request, Response
from monitor.policy import robots
from monitor.policy.robots import Rules
from monitor.text.decode import decode
from monitor.worker import Worker

_MAX_BYTES = 1_000_000  # RFC 9309 2.5: at least 500 KiB must be read
_FORGET_ABOVE = 5_000  # servers


class Robots:
    """The manners of a guest: fetches pages only where their server's robots.txt lets us."""

    def __init__(self, fetcher: Fetcher, worker: Worker, clock: Clock) -> None:
        self._fetcher, self._worker, self._clock = fetcher, worker, clock
        self._rules: dict[tuple[str, str], Rules] = {}
        self._asking: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, request: Request) -> Response:
        """Fetch a page made for people.

        Raises FetchError as the fetcher does, `robots` where we are not wanted, and the error of robots.txt itself
        while that cannot be had.
        """
        await self.check(request)
        return await self._fetcher.get(request)

    async def check(self, request: Request) -> None:
        """Return when a page may be fetched. Raises FetchError as `get` does, but for the page itself."""
        self._fetcher.check(request)  # before anything is remembered of that server
        rules = await self._rules_for(request)
        if rules.text is None:
            raise rules.error or FetchError("robots", "robots.txt could not be had")
        if "disallow" not in rules.text.lower():
            return
        try:
            (allowed,) = await self._worker.run(robots.allowed, rules.text, (request.url,))
        except WorkerError:
            allowed = False  # rules that nobody can work out are not for guests
        if not allowed:
            parts = urlsplit(request.url)
            raise FetchError(
                "robots", f"robots.txt of {parts.hostname} asks us not to read {parts.path}", permanent=True
            )

    async def _rules_for(self, request: Request) -> Rules:
        """The rules of the request's server, by the road the request takes; asked for once by all who wait."""
        parts = urlsplit(request.url)
        server = (request.proxy or "", f"{parts.scheme}://{parts.netloc}")
        async with self._asking[server]:
            known = self._rules.get(server)
            if known is None or not known.hold(self._clock()):
                known = self._rules[server] = await self._ask(server, known, request)
        if len(self._rules) > _FORGET_ABOVE:
            self._forget()
        return known

    async def _ask(self, server: tuple[str, str], before: Rules | None, request: Request) -> Rules:
        asked = Request(url=f"{server[1]}/robots.txt", proxy=request.proxy)
        try:
            response = await self._fetcher.get(asked, max_bytes=_MAX_BYTES)
        except FetchError as error:
            words = FetchError(error.kind, f"robots.txt: {error}", status=error.status, retry_after=error.retry_after)
            return robots.not_found(words, before, self._clock())
        text = decode(response.body, response.headers.get("content-type", ""))
        await self._slow_down(request, text)
        return robots.found(text, self._clock())

    async def _slow_down(self, request: Request, text: str) -> None:
        """Take the pauses that a server asks for, as far as they are bearable."""
        if "crawl-delay" not in text.lower():
            return
        with suppress(WorkerError):
            self._fetcher.slow_down(request.url, await self._worker.run(robots.crawl_delay, text))

    def _forget(self) -> None:
        """Drop what is out of date; who is asked again gets it again."""
        now = self._clock()
        self._rules = {server: rules for server, rules in self._rules.items() if rules.hold(now)}
        self._asking = defaultdict(
            asyncio.Lock, {server: lock for server, lock in self._asking.items() if lock.locked()}
        )
