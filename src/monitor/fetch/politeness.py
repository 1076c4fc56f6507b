"""Politeness: one request at a time per host, and a breath between two of them.

Hosts that are done with are forgotten, so memory follows the requests in flight and not the hosts ever seen.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.errors import FetchError

_FORGET_ABOVE = 256  # doors kept before the idle ones are cleared away


@dataclass(slots=True)
class _Door:
    """The entrance of one host: whether somebody is inside, who waits, when the next may enter (loop time)."""

    busy: bool = False
    open_at: float = 0.0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


class Politeness:
    """Lets requests to one host in one by one, `interval` seconds apart, in the order they came."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._doors: dict[str, _Door] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it.

        A host that does not answer at all must not hold up everybody who queues behind: when the turn ends with a
        FetchError of kind `timeout`, all who wait at that moment get the same answer instead of their own wait.
        """
        door = self._doors.setdefault(host, _Door())
        await self._enter(door)
        try:
            if (wait := door.open_at - asyncio.get_running_loop().time()) > 0:
                await asyncio.sleep(wait)
            yield
        except FetchError as error:
            if error.kind == "timeout":
                _turn_away(door, host)
            raise
        finally:
            self._leave(door)

    async def _enter(self, door: _Door) -> None:
        if not door.busy:
            door.busy = True
            return
        ticket = asyncio.get_running_loop().create_future()
        door.waiting.append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled() and ticket.exception() is None:
                self._leave(door)  # it was our turn already: hand it on
            raise

    def _leave(self, door: _Door) -> None:
        door.open_at = asyncio.get_running_loop().time() + self._interval
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
        for host in [host for host, door in self._doors.items() if not door.busy and door.open_at <= now]:
            del self._doors[host]


def _turn_away(door: _Door, host: str) -> None:
    while door.waiting:
        ticket = door.waiting.popleft()
        if not ticket.done():
            ticket.set_exception(FetchError("timeout", f"{host} did not answer the request before this one"))
