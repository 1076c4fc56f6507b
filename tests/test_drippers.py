"""A hostile evening in real time: fifty servers that never finish, and a house that reads the others meanwhile."""

import asyncio

import pytest

from monitor.ingest import poll
from monitor.store import feeds as feed_store
from walking import a_house, rss, settings_in, write_config
from wire import Visit, ok, serve

MOST_SECONDS = 31
ON_TIME = 10  # seconds, for ordinary feeds beside the fifty, on a busy machine
DRIPPING, GOOD = 50, 20


async def drip_head(visit: Visit) -> None:
    """A byte of a header every now and then."""
    await visit.send(b"HTTP/1.1 200 OK\r\nX-Patience: ")
    await drip(visit)


async def drip_body(visit: Visit) -> None:
    """A byte of a body every now and then."""
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n<rss>")
    await drip(visit)


async def drip(visit: Visit) -> None:
    """A byte every half second, for ever."""
    while True:
        await visit.send(b"x")
        await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.5)


@pytest.mark.heavy
async def test_fifty_drip_and_twenty_are_read_on_time(tmp_path, clock):
    """Header and body, 25 each, each a server of its own: all are ended by their deadline, the others long before."""
    loop = asyncio.get_running_loop()
    good = ok(
        rss("https://lada.example/rss", {"title": "Погода", "when": clock()}), "Content-Type: application/rss+xml"
    )
    answers = {"/head": drip_head, "/body": drip_body, "/good": good}
    async with serve(answers, host="0.0.0.0") as server:  # noqa: S104 - a host of loopback for every feed
        hosts = [f"127.0.1.{number + 1}" for number in range(DRIPPING + GOOD)]
        paths = ["/head", "/body"] * (DRIPPING // 2) + ["/good"] * GOOD
        feeds = [
            {"id": f"{path[1:]}-{number}", "url": f"http://{host}:{server.port}{path}", "lang": "ru"}
            for number, (host, path) in enumerate(zip(hosts, paths, strict=True))
        ]
        write_config(tmp_path / "config", feeds)
        allowed = frozenset(f"{host}:{server.port}" for host in hosts)
        async with a_house(settings_in(tmp_path, allow_hosts=allowed), clock) as house:
            began, ended = loop.time(), {}
            report = await poll.cycle(
                house.desk,
                everything=True,
                progress=lambda one: ended.setdefault(one.feed_id, (one.error_kind, loop.time() - began)),
            )
            drippers = {kind_and_time for name, kind_and_time in ended.items() if not name.startswith("good")}
            others = [kind_and_time for name, kind_and_time in ended.items() if name.startswith("good")]
            assert len(report.failed) == DRIPPING
            assert {kind for kind, _ in drippers} == {"timeout"}
            assert max(seconds for _, seconds in drippers) <= MOST_SECONDS
            assert all(kind is None and seconds < ON_TIME for kind, seconds in others), others
            assert feed_store.state(house.db, feeds[0]["id"]).last_error_kind == "timeout"
