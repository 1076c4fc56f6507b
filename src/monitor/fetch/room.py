"""Room: how many large bodies may be in memory at the same time, however many feeds are under way.

Most bodies are small. Whoever is about to hold a large one takes the place first and keeps it for the rest of its turn,
so memory does not follow the number of feeds.
"""

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

LARGE = 256 * 1024  # bytes of a body: five times an ordinary feed
_PLACES = 1  # what one large body leaves behind serves the next; two places took 45 MB instead of 30
_M_MMAP_THRESHOLD = -3  # as <malloc.h> has it
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
        _give_back_large_blocks()
        turn = self._turn.get()
        if turn is None or turn.has_place or turn.has_waited:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._places.acquire()
                turn.has_place = True
        except TimeoutError:
            turn.has_waited = True


@cache
def _give_back_large_blocks() -> None:
    """Have each large block mapped by itself and unmapped when it is freed.

    Left to itself, glibc does so for the first one, then takes the next from its heap, where small ones settle between
    them: forty bombs took 37 MB instead of 30. Other C libraries are left alone.
    """
    with suppress(AttributeError, OSError):
        importlib.import_module("ctypes").CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)
