"""The guard of the wire: no private address is ever connected to, no flawed certificate is ever let pass."""

import asyncio
import ssl
from datetime import timedelta
from ipaddress import IPv4Address

import httpx
import pytest

from monitor.errors import FetchError
from monitor.fetch import open_fetcher
from monitor.fetch.guard import is_public
from monitor.model import Request
from wire import WATCH, Authority, fetch_kind, ok, redirect, resolver, serve

NO_WAIT = timedelta(0)

PUBLIC = "93.184.215.14"
NOBODY = str(IPv4Address(0))  # a socket that connects to it reaches this machine
PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", NOBODY,
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:93.184.215.14", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "2002:5db8:d70e::", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1", "2606:4700::1%eth0", "", "news.example", "127.1",
]  # fmt: skip
# Every way to write 127.0.0.1 and its like in a URL that some resolver, library or browser understands.
FORMS = [
    "127.0.0.1", "127.1", "127.0.1", "0", NOBODY, "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "0x7F.0x0.0x0.0x1", "127.0.0.1.", "127.000.000.001", "00127.0.0.1", "0xA.0.0.1", "10.1",
    "3232235777", "169.254.169.254", "2852039166", "0xa9fea9fe", "192.168.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]",
    "[fe80::1]", "[fc00::1]", "[::127.0.0.1]", "[fec0::1]", "[ff02::1]", "localhost", "LOCALHOST", "localhost.",
    "user@127.0.0.1", "news.example@127.0.0.1", "user:pass@[::1]", "127.0.0.1%00.news.example", "127。0。0。1",
    "①②⑦.0.0.1", "１２７.0.0.1", "127.0.0.1#@news.example", "127.0.0.1?@news.example", "%31%32%37.0.0.1", "0x7f.0x1",
    "1.", "0x", "127.0.0.01", "4294967295", "4294967296", "0300.0250.1.1", "[::ffff:169.254.169.254]",
    "[2001:db8::1]", "[::ffff:0:127.0.0.1]", "127.0.0.1:80@10.0.0.1", "2130706433.", "metadata.internal", "[v1.x]",
]  # fmt: skip
# What a hostile name server may answer, all of it or among good addresses.
ANSWERS = [["127.0.0.1"], ["::1"], [PUBLIC, "10.0.0.1"], ["64:ff9b::7f00:1", PUBLIC], ["169.254.169.254"]]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_known(address):
    """Private, shared, mapped, wrapped, documented, reserved and multicast addresses, and what is none at all."""
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4010::8a"])
def test_public_addresses_pass(address):
    """Ordinary addresses of the internet."""
    assert is_public(address)


async def test_no_spelling_reaches_a_private_address(clock):
    """62 ways to write an address × 5 answers of a hostile name server, directly and through a redirect: no socket."""
    assert len(FORMS) >= 60
    for answer in ANSWERS:
        async with serve({f"/{place}": redirect(f"http://{form}/") for place, form in enumerate(FORMS)}) as server:
            options = {"clock": clock, "host_interval": NO_WAIT, "resolve": hostile(answer, server)}
            allowed = frozenset({f"start.example:{server.port}"})
            async with open_fetcher(allow_hosts=allowed, **options) as fetcher:
                with WATCH.watch() as watch:
                    for place, form in enumerate(FORMS):
                        assert await fetch_kind(fetcher, f"http://{form}/") in ("private-address", "url", "dns")
                        hop = await fetch_kind(fetcher, f"http://start.example:{server.port}/{place}")
                        assert hop in ("private-address", "redirect", "dns")
    assert set(watch.addresses) == {"127.0.0.1"}  # the allowed start of the redirects, and nothing else


def hostile(answer, server):
    """A name server that leads to the test's own server by one name and to `answer` by all others."""

    async def resolve(host, port):
        return ["127.0.0.1"] if (host, port) == ("start.example", server.port) else answer

    return resolve


@pytest.mark.parametrize("form", ["127.1", "0", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1.", "0x", "news.0x7f"])
async def test_a_disguised_address_is_not_even_resolved(clock, form):
    """Resolvers disagree about such names, so none is asked, whatever it would say."""
    async with open_fetcher(clock=clock, resolve=resolver([PUBLIC]), host_interval=NO_WAIT) as fetcher:
        assert await fetch_kind(fetcher, f"http://{form}/") in ("private-address", "url")


async def test_the_checked_address_is_the_one_that_is_used(clock):
    """A name server that answers well first and badly afterwards is asked once for each connection."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def rebinding(_host, _port):
        return next(answers)

    async with open_fetcher(clock=clock, resolve=rebinding, host_interval=NO_WAIT) as fetcher:
        with WATCH.watch() as watch:
            with pytest.raises(FetchError):
                await fetcher.get(Request(url="http://news.example:9/"), seconds=0.3)
            assert await fetch_kind(fetcher, "http://news.example:9/") == "private-address"
    assert watch.addresses == [PUBLIC]


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://e.kz/",
        "javascript:alert(1)",
        "http://",
        "//",
        "http://[::",
        "gopher://127.0.0.1/",
        "/loop",
    ],
)
async def test_redirects_lead_to_web_addresses_only(clock, location):
    """Other schemes, broken addresses and circles end the way."""
    async with (
        serve({"/loop": redirect(location), "/": redirect("/loop")}) as server,
        open_fetcher(clock=clock, allow_hosts=frozenset({server.place}), host_interval=NO_WAIT) as fetcher,
    ):
        assert await fetch_kind(fetcher, server.url("/loop")) == "redirect"


async def test_five_redirects_are_followed_and_no_sixth(clock):
    """A chain of five arrives at its end; one of six does not."""
    chain = {f"/{step}": redirect(f"{step - 1}") for step in range(1, 7)} | {"/0": ok(b"end")}
    async with (
        serve(chain) as server,
        open_fetcher(clock=clock, allow_hosts=frozenset({server.place}), host_interval=NO_WAIT) as fetcher,
    ):
        response = await fetcher.get(Request(url=server.url("/5")))
        assert (response.body, response.url, response.moved_to) == (b"end", server.url("/0"), "")
        assert await fetch_kind(fetcher, server.url("/6")) == "redirect"


async def test_a_permanent_move_is_told(clock):
    """301 and 308 all the way: the new address stands in `moved_to`; a single 302 and it does not."""
    ways = {
        "/a": redirect("/b", "301 Moved Permanently"),
        "/b": redirect("/c", "308 Permanent Redirect"),
        "/c": ok(b""),
        "/x": redirect("/a"),
    }
    async with (
        serve(ways) as server,
        open_fetcher(clock=clock, allow_hosts=frozenset({server.place}), host_interval=NO_WAIT) as fetcher,
    ):
        assert (await fetcher.get(Request(url=server.url("/a")))).moved_to == server.url("/c")
        assert (await fetcher.get(Request(url=server.url("/x")))).moved_to == ""


async def test_outsiders_cannot_redirect_inside(clock):
    """An address that the operator vouches for is reached by its own feed, not by a stranger's redirect."""
    inside = frozenset({"bridge.lan:80"})
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return (
            httpx.Response(302, headers={"Location": "http://bridge.lan/x"}) if len(asked) == 1 else httpx.Response(200)
        )

    # The only test of this room without a socket: a stranger's public address cannot be had on loopback.
    stub = httpx.MockTransport(answer)
    async with open_fetcher(clock=clock, allow_hosts=inside, host_interval=NO_WAIT, transport=stub) as fetcher:
        assert await fetch_kind(fetcher, "http://news.example/") == "private-address"
        assert asked == ["news.example"]
        asked.clear()
        assert (await fetcher.get(Request(url="http://bridge.lan/"))).url == "http://bridge.lan/x"


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────────────────────


DAY = timedelta(days=1)


@pytest.fixture
def authority(tmp_path):
    """A certificate authority that the fetchers of a test trust."""
    return Authority(tmp_path)


def secure(clock, server, authority):
    """A fetcher that trusts `authority` and finds every name at `server`."""
    places = frozenset(f"{name}.example:{server.port}" for name in ("news", "other"))
    context = authority.context()
    return open_fetcher(
        clock=clock, resolve=resolver(["127.0.0.1"]), allow_hosts=places, ssl_context=context, host_interval=NO_WAIT
    )


FLAWS = {
    "expired": lambda ours, _theirs: ours.server(begins=-2 * DAY, ends=-DAY),
    "not yet valid": lambda ours, _theirs: ours.server(begins=DAY, ends=2 * DAY),
    "wrong name": lambda ours, _theirs: ours.server("another.example"),
    "a name beside the list of names": lambda ours, _theirs: ours.server(nameless=True),
    "made for visitors": lambda ours, _theirs: ours.server(for_clients=True),
    "unknown root": lambda _ours, theirs: theirs.server(),
    "self-signed": lambda ours, _theirs: ours.server(self_signed=True),
    "old TLS": lambda ours, _theirs: old_tls(ours.server()),
}


@pytest.mark.parametrize("flaw", FLAWS)
async def test_a_flawed_certificate_is_an_event(clock, authority, tmp_path, flaw):
    """It is named, no byte of a request is sent, nothing of an answer is used, nobody tries again unverified."""
    context = FLAWS[flaw](authority, Authority(tmp_path))
    async with serve(ok(b"forged"), context) as server, secure(clock, server, authority) as fetcher:
        assert await fetch_kind(fetcher, f"https://news.example:{server.port}/") == "tls"
    assert not server.heads
    assert server.connections <= 1


async def test_a_redirect_to_a_flawed_certificate_ends_there(clock, authority):
    """From a sound server and from plain HTTP: the next hop is verified like the first."""
    async with serve(ok(b"forged"), authority.server("another.example")) as flawed:
        away = redirect(f"https://other.example:{flawed.port}/")
        async with serve(away, authority.server()) as sound, serve(away) as plain:
            for scheme, server in (("https", sound), ("http", plain)):
                places = frozenset({f"news.example:{server.port}", f"other.example:{flawed.port}"})
                options = {"resolve": resolver(["127.0.0.1"]), "ssl_context": authority.context()}
                async with open_fetcher(clock=clock, allow_hosts=places, host_interval=NO_WAIT, **options) as fetcher:
                    assert await fetch_kind(fetcher, f"{scheme}://news.example:{server.port}/") == "tls"
                assert len(server.heads) == 1
    assert not flawed.heads


async def test_a_sound_certificate_is_none(clock, authority):
    """The same server without a flaw is read: it is the flaw that is refused."""
    async with serve(ok(b"news"), authority.server()) as server, secure(clock, server, authority) as fetcher:
        assert (await fetcher.get(Request(url=f"https://news.example:{server.port}/"))).body == b"news"


def old_tls(context):
    """The same server, speaking only what was given up in 2021."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


async def test_a_second_name_is_verified_on_its_own(clock, authority):
    """A connection kept alive for one name never carries another, even at the same address."""
    async with serve(ok(b"news"), authority.server()) as server, secure(clock, server, authority) as fetcher:
        for _ in range(2):
            assert (await fetcher.get(Request(url=f"https://news.example:{server.port}/"))).body == b"news"
        assert server.connections == 1
        assert await fetch_kind(fetcher, f"https://other.example:{server.port}/") == "tls"
    assert len(server.heads) == 2


@pytest.mark.parametrize("said", [b"", ok(b"forged", status="400 Bad Request")], ids=["a cut", "plain HTTP"])
async def test_a_handshake_that_is_none_is_tls(clock, authority, said):
    """What a censor does to a forbidden name is not called a broken server, and plain words are not taken for news."""

    async def no_handshake(reader, writer):
        await reader.read(1)
        writer.write(said)
        writer.close()

    listening = await asyncio.start_server(no_handshake, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        options = {"resolve": resolver(["127.0.0.1"]), "allow_hosts": frozenset({f"news.example:{port}"})}
        async with open_fetcher(clock=clock, ssl_context=authority.context(), **options) as fetcher:
            assert await fetch_kind(fetcher, f"https://news.example:{port}/") == "tls"
