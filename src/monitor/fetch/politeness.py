"""Politeness: one request at a time per server, and a breath between two of them.

A server is a host and a port; the usual ports of the web are one. Whoever waits keeps all of its own time: a slow
request before it delays it and does not fail it. Servers that are done with are forgotten, so memory follows the
requests in flight and not the servers ever seen.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_FORGET_ABOVE = 256  # doors kept before the idle ones are cleared away
_USUAL_PORTS = (80, 443)


@dataclass(slots=True)
class _Door:
    """The entrance of one server: whether somebody is inside, who waits, when the next may enter (loop time)."""

    busy: bool = False
    open_at: float = 0.0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


class Politeness:
    """Lets requests to one server in one by one, `interval` seconds apart, in the order they came."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._doors: dict[str, _Door] = {}
        self._slower: dict[str, float] = {}

    def slow_down(self, host: str, port: int, seconds: float) -> None:
        """Leave at least so many seconds between two requests to this server from now on; it asked for that."""
        self._slower[_server(host, port)] = seconds

    @asynccontextmanager
    async def turn(self, host: str, port: int) -> AsyncIterator[None]:
        """Wait for this server's turn and hold it."""
        server = _server(host, port)
        door = self._doors.setdefault(server, _Door())
        await self._enter(door)
        try:
            if (wait := door.open_at - asyncio.get_running_loop().time()) > 0:
                await asyncio.sleep(wait)
            yield
        finally:
            self._leave(door, self._slower.get(server, 0.0))

    async def _enter(self, door: _Door) -> None:
        if not door.busy:
            door.busy = True
            return
        ticket = asyncio.get_running_loop().create_future()
        door.waiting.append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self._leave(door, 0.0)  # it was our turn already: hand it on
            raise

    def _leave(self, door: _Door, slower: float) -> None:
        door.open_at = asyncio.get_running_loop().time() + max(self._interval, slower)
        while door.waiting:
            ticket = door.waiting.popleft()
            if not ticket.done():
                ticket.set_result(None)
                return
        door.busy = False
        if len(self._doors) > _FORGET_ABOVE:
            self._forget()

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        for server in [server for server, door in self._doors.items() if not door.busy and door.open_at <= now]:
            del self._doors[server]


def _server(host: str, port: int) -> str:
    return host if port in _USUAL_PORTS else f"{host}:{port}"
