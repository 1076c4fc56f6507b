"""Room: how many large bodies may be in memory at the same time, however many feeds are under way.

Most bodies are small. Whoever is about to hold a large one takes the place first and keeps it for the rest of its turn,
so memory does not follow the number of feeds.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

LARGE = 256 * 1024  # bytes of a body: five times an ordinary feed
_PLACES = 1  # what one large body leaves behind serves the next; two places took 45 MB instead of 30
_PATIENCE = 60.0  # seconds: a crowd of large bodies that drip must not hold up an honest one for longer


@dataclass(slots=True)
class _Turn:
    has_place: bool = False
    has_waited: bool = False


class Room:
    """A place for large bodies. Outside of a turn nobody is held up."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_PLACES)
        self._turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """All that is fetched inside shares one place, which is given back at the end."""
        turn = _Turn()
        token = self._turn.set(turn)
        try:
            yield
        finally:
            self._turn.reset(token)
            if turn.has_place:
                self._places.release()

    async def enlarge(self) -> None:
        """Wait for a place, unless this turn has one; after a minute, go on without."""
        turn = self._turn.get()
        if turn is None or turn.has_place or turn.has_waited:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._places.acquire()
                turn.has_place = True
        except TimeoutError:
            turn.has_waited = True
