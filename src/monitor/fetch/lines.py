"""The lines: a small set of wires, each one connection wide, shared by everyone who fetches.

A line that last spoke to the same origin is preferred, so that its connection is used again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx


@dataclass(slots=True)
class _Line:
    transport: httpx.AsyncBaseTransport
    origin: str = ""


class Lines:
    """At most `count` transports made by `make`, the most recently used first."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport], count: int) -> None:
        self._make = make
        self._free = asyncio.Semaphore(count)
        self._idle: list[_Line] = []

    @asynccontextmanager
    async def line(self, origin: str) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Hold a transport for one request to `origin` (`scheme://host:port`)."""
        async with self._free:
            line = self._pick(origin)
            line.origin = origin
            try:
                yield line.transport
            finally:
                self._idle.append(line)

    def _pick(self, origin: str) -> _Line:
        for place in range(len(self._idle) - 1, -1, -1):
            if self._idle[place].origin == origin:
                return self._idle.pop(place)
        return self._idle.pop() if self._idle else _Line(self._make())

    async def aclose(self) -> None:
        """Close every line."""
        while self._idle:
            await self._idle.pop().transport.aclose()
