"""Manners on the wire: one request at a time to a server, and nobody pays for another one's slowness."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.errors import FetchError
from monitor.fetch.politeness import Politeness
from monitor.model import Request
from wire import Visit, fetcher_for, hang, ok, serve


async def test_one_at_a_time_and_a_breath_between(clock):
    """Requests to one host never overlap and keep their distance."""
    inside, most, began = 0, 0, []

    async def slow(visit: Visit) -> None:
        nonlocal inside, most
        began.append(asyncio.get_running_loop().time())
        inside += 1
        most = max(most, inside)
        await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.02)
        inside -= 1
        await visit.send(ok(b"", "Connection: close"))

    async with serve(slow) as server, fetcher_for(clock, server, host_interval=timedelta(milliseconds=50)) as fetcher:
        await asyncio.gather(*(fetcher.get(Request(url=server.url())) for _ in range(4)))
    assert most == 1
    assert all(later - earlier >= 0.065 for earlier, later in pairwise(began))


async def anywhere(_host: str, _port: int) -> list[str]:
    """A name server that finds everybody here."""
    return ["127.0.0.1"]


async def test_another_host_does_not_wait(clock):
    """A host that hangs holds up its own queue only; each of its requests is tried in turn, with all of its time."""
    async with serve({"/slow": hang, "/fast": ok(b"fast")}) as server:
        places = frozenset(f"{name}.example:{server.port}" for name in ("slow", "fast"))
        async with fetcher_for(clock, allow_hosts=places, resolve=anywhere) as fetcher:
            slow = [
                asyncio.create_task(fetcher.get(Request(url=f"http://slow.example:{server.port}/slow"), seconds=0.1))
                for _ in range(4)
            ]
            fast = await fetcher.get(Request(url=f"http://fast.example:{server.port}/fast"))
            assert fast.body == b"fast"
            assert not any(task.done() for task in slow)
            answers = await asyncio.gather(*slow, return_exceptions=True)
            assert {getattr(answer, "kind", None) for answer in answers} == {"timeout"}
    assert sum(head.startswith(b"GET /slow") for head in server.heads) == 4


async def test_a_slow_feed_fails_alone(clock):
    """Whoever queues behind it at the same server waits, is asked, and is answered."""
    async with serve({"/slow": hang, "/good": ok(b"good")}) as server, fetcher_for(clock, server) as fetcher:
        slow = asyncio.create_task(fetcher.get(Request(url=server.url("/slow")), seconds=0.4))
        good = [asyncio.create_task(fetcher.get(Request(url=server.url("/good")), seconds=0.2)) for _ in range(5)]
        assert [response.body for response in await asyncio.gather(*good)] == [b"good"] * 5
        with pytest.raises(FetchError, match="in time"):
            await slow


async def test_waiting_for_a_line_costs_no_time_of_ones_own(clock, monkeypatch):
    """With every line taken by a server that hangs, others are asked later and not failed."""
    monkeypatch.setattr("monitor.fetch.LINES", 1)
    async with serve(hang) as slow, serve(ok(b"good")) as good, fetcher_for(clock, slow, good) as fetcher:
        hung = asyncio.create_task(fetcher.get(Request(url=slow.url()), seconds=0.4))
        answered = asyncio.create_task(fetcher.get(Request(url=good.url()), seconds=0.2))
        assert (await answered).body == b"good"
        assert (await asyncio.gather(hung, return_exceptions=True))[0].kind == "timeout"


async def test_another_port_is_another_server(clock):
    """Two servers on one host do not wait for each other; the usual ports of the web are one server."""
    async with serve(hang) as slow, serve(ok(b"good")) as good, fetcher_for(clock, slow, good) as fetcher:
        hung = asyncio.create_task(fetcher.get(Request(url=slow.url()), seconds=0.4))
        assert (await fetcher.get(Request(url=good.url()), seconds=0.2)).body == b"good"
        assert not hung.done()
        await asyncio.gather(hung, return_exceptions=True)
    politeness, order = Politeness(0), []

    async def visit(port: int) -> None:
        async with politeness.turn("lada.kz", port):
            order.append(port)
            await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.02)
            order.append(-port)

    await asyncio.gather(visit(80), visit(443), visit(8080))
    assert order.index(443) > order.index(-80)
    assert order.index(8080) < order.index(-80)


async def test_fifty_that_drip_do_not_hold_up_the_rest(clock):
    """A hostile evening: fifty hosts that never finish end at their deadline, and five others answer meanwhile."""

    async def drip(visit: Visit) -> None:
        while True:
            await visit.send(b"x")
            await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.05)

    async with serve({"/drip": drip, "/news": ok(b"news")}) as server:
        hosts = [f"h{number}.example:{server.port}" for number in range(55)]
        async with fetcher_for(clock, allow_hosts=frozenset(hosts), resolve=anywhere) as fetcher:
            bad = [
                asyncio.create_task(fetcher.get(Request(url=f"http://{host}/drip"), seconds=1)) for host in hosts[5:]
            ]
            good = await asyncio.gather(*(fetcher.get(Request(url=f"http://{host}/news")) for host in hosts[:5]))
            assert [response.body for response in good] == [b"news"] * 5
            assert not any(task.done() for task in bad)
            assert {error.kind for error in await asyncio.gather(*bad, return_exceptions=True)} == {"timeout"}
