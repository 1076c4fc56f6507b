"""Large bodies come one at a time, and waiting for one's turn costs nothing of one's own time."""

import asyncio

import pytest

from monitor.errors import FetchError
from monitor.fetch.room import LARGE
from monitor.model import Request
from wire import Server, Visit, fetcher_for, ok, serve

BIG = b"x" * (LARGE + 100_000)


class Tap:
    """A server that gives most of a large body at once and the rest when it is let."""

    def __init__(self) -> None:
        self.begun, self.flow = asyncio.Event(), asyncio.Event()

    async def __call__(self, visit: Visit) -> None:
        """Answer one request."""
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BIG)}\r\n\r\n".encode()
        await visit.send(head + BIG[:-1])
        self.begun.set()
        await self.flow.wait()
        await visit.send(BIG[-1:])


async def in_a_turn(fetcher, server: Server, **options) -> int:
    """The size of a body that is fetched in a turn of its own."""
    async with fetcher.room.turn():
        return len((await fetcher.get(Request(url=server.url()), **options)).body)


async def test_a_second_large_body_waits_and_a_small_one_does_not(clock):
    """While one large body is under way another is not collected; its own deadline does not run meanwhile."""
    tap = Tap()
    async with (
        serve(tap) as first,
        serve(ok(BIG)) as second,
        serve(ok(b"small")) as third,
        fetcher_for(clock, first, second, third) as fetcher,
    ):
        one = asyncio.create_task(in_a_turn(fetcher, first))
        await tap.begun.wait()
        two = asyncio.create_task(in_a_turn(fetcher, second, seconds=0.2))
        assert await in_a_turn(fetcher, third) == 5
        await asyncio.wait({two}, timeout=0.4)
        assert not two.done()
        tap.flow.set()
        assert await asyncio.gather(one, two) == [len(BIG), len(BIG)]


async def test_the_place_is_given_back_when_a_turn_fails(clock):
    """A large body that is too large, or never ends, leaves the place to the next."""
    tap = Tap()
    async with serve(tap) as slow, serve(ok(BIG)) as good, fetcher_for(clock, slow, good) as fetcher:
        with pytest.raises(FetchError):
            await in_a_turn(fetcher, slow, seconds=0.3)
        with pytest.raises(FetchError):
            await in_a_turn(fetcher, good, max_bytes=LARGE + 10)
        assert await in_a_turn(fetcher, good) == len(BIG)


async def test_nobody_waits_for_ever(clock, monkeypatch):
    """After its patience an honest large feed goes on beside one that drips."""
    monkeypatch.setattr("monitor.fetch.room._PATIENCE", 0.1)
    tap = Tap()
    async with serve(tap) as slow, serve(ok(BIG)) as good, fetcher_for(clock, slow, good) as fetcher:
        held = asyncio.create_task(in_a_turn(fetcher, slow))
        await tap.begun.wait()
        assert await in_a_turn(fetcher, good) == len(BIG)
        tap.flow.set()
        await held
