"""Proxies: asked by name, never for their own network, and never left out."""

import asyncio

import pytest

from monitor.fetch import open_fetcher
from monitor.model import Request
from wire import WATCH, Visit, fetch_kind, ok, redirect, resolver, serve

PUBLIC = "93.184.215.14"


async def test_an_http_proxy_is_asked_by_name(clock):
    """The proxy gets the whole address; the name is not resolved here."""

    async def nobody(_host, _port):
        raise AssertionError("a proxied name was resolved here")

    async with (
        serve(ok(b"by proxy")) as proxy,
        open_fetcher(clock=clock, proxies={"lan": proxy.url()}, resolve=nobody) as fetcher,
    ):
        response = await fetcher.get(Request(url="http://news.example/feed", proxy="lan"))
    assert response.body == b"by proxy"
    assert proxy.heads[0].startswith(b"GET http://news.example/feed HTTP/1.1\r\n")


async def test_a_socks_proxy_is_asked_by_name(clock):
    """The name goes to the proxy as a name: Tor resolves it at its own end."""
    asked = []

    async def socks(reader, writer):
        await reader.readexactly(3)
        writer.write(b"\x05\x00")
        head = await reader.readexactly(5)
        asked.append(await reader.readexactly(head[4] + 2))
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok(b"by socks"))
        writer.close()

    listening = await asyncio.start_server(socks, "127.0.0.1", 0)
    async with listening:
        url = f"socks5://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        async with open_fetcher(clock=clock, proxies={"tor": url}) as fetcher:
            response = await fetcher.get(Request(url="http://newsabc.onion/feed", proxy="tor"))
    assert response.body == b"by socks"
    assert asked == [b"newsabc.onion\x00\x50"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://8.8.8.8/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://printer/",
        "http://nas.local/",
        "http://db.internal/",
        "http://router.lan/",
    ],
)
async def test_a_proxy_is_not_asked_for_its_own_network(clock, url):
    """Literals and local names are refused before a byte is sent: behind the proxy nobody can check an address."""
    async with serve(ok(b"inside")) as proxy, open_fetcher(clock=clock, proxies={"lan": proxy.url()}) as fetcher:
        assert await fetch_kind(fetcher, url, proxy="lan") == "private-address"
    assert not proxy.connections


@pytest.mark.parametrize("proxies", [{}, {"tor": "socks5://127.0.0.1:9"}, {"tor": "http://127.0.0.1:9"}])
async def test_without_its_proxy_a_feed_fails(clock, proxies):
    """A proxied feed never goes direct: a proxy that is missing or down is an error, not a detour."""
    async with open_fetcher(clock=clock, proxies=proxies, resolve=resolver([PUBLIC])) as fetcher:
        with WATCH.watch() as watch:
            assert await fetch_kind(fetcher, "http://news.example/", proxy="tor") in ("proxy", "connect", "tls")
    assert PUBLIC not in watch.addresses


async def test_a_proxy_for_everybody(clock):
    """The proxy named "" serves the requests that name none."""
    async with serve(ok(b"by proxy")) as proxy, open_fetcher(clock=clock, proxies={"": proxy.url()}) as fetcher:
        assert (await fetcher.get(Request(url="http://news.example/"))).body == b"by proxy"


async def test_a_redirect_behind_a_proxy_stays_outside(clock):
    """The guard of names holds on every hop."""

    async def to_the_router(visit: Visit) -> None:
        await visit.send(redirect("http://192.168.1.1/admin"))

    async with serve(to_the_router) as proxy, open_fetcher(clock=clock, proxies={"lan": proxy.url()}) as fetcher:
        assert await fetch_kind(fetcher, "http://news.example/", proxy="lan") == "private-address"
    assert len(proxy.heads) == 1


async def test_an_unknown_kind_of_proxy_is_refused_at_once(clock):
    """A typo in a setting is told when the daemon starts, not when the feed is due."""
    with pytest.raises(ValueError, match="ftp"):
        async with open_fetcher(clock=clock, proxies={"tor": "ftp://127.0.0.1:9050"}):
            pass
