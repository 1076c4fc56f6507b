"""The wire over real sockets: what a good answer gives, what a bad one costs, and what is never sent."""

import asyncio
import contextlib
import gzip
import time
import tracemalloc
import zlib
from datetime import timedelta

import pytest

from monitor.errors import FetchError
from monitor.fetch import introduce
from monitor.model import Request
from wire import Visit, fetch_kind, fetcher_for, hang, ok, serve


async def failure(clock, answer, *, path="/", **limits) -> FetchError:
    """The error that an answer leads to."""
    async with serve(answer) as server, fetcher_for(clock, server) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(Request(url=server.url(path)), **limits)
    return caught.value


async def test_a_good_answer_is_a_response(clock):
    """Body, lower-case headers, final address and the clock's time arrive; cookies do not."""
    answer = ok(b"<rss/>", 'ETag: W/"1"', "Content-Type: text/xml", "Set-Cookie: a=b")
    async with serve(answer) as server, fetcher_for(clock, server) as fetcher:
        response = await fetcher.get(Request(url=server.url("/feed?x=1#top")))
    assert (response.status, response.body, response.url) == (200, b"<rss/>", server.url("/feed?x=1"))
    assert response.headers == {"content-length": "6", "etag": 'W/"1"', "content-type": "text/xml"}
    assert response.received_at == clock.now
    assert not response.moved_to


async def test_we_say_who_we_are_and_nothing_else(clock):
    """An honest name, gzip only, the validators verbatim; no cookie comes back, no environment proxy is used."""
    async with serve(ok(b"", "Set-Cookie: a=b")) as server, fetcher_for(clock, server) as fetcher:
        for _ in range(2):
            await fetcher.get(Request(url=server.url(), headers={"If-None-Match": 'W/"ab:c"'}))
    head = server.heads[1].decode().lower()
    assert "user-agent: monitor/" in head
    assert "accept-encoding: gzip\r\n" in head
    assert 'if-none-match: w/"ab:c"\r\n' in head
    assert "cookie" not in head
    assert server.connections == 1


async def test_a_strange_validator_goes_back_as_it_came(clock):
    """An ETag beyond ASCII is no reason to fail, now or at the next poll."""
    async with serve(ok(b"", 'ETag: "қ"')) as server, fetcher_for(clock, server) as fetcher:
        etag = (await fetcher.get(Request(url=server.url()))).headers["etag"]
        await fetcher.get(Request(url=server.url(), headers={"If-None-Match": etag}))
    assert 'if-none-match: "қ"\r\n'.encode() in server.heads[1].lower()


async def test_environment_proxies_are_ignored(clock, monkeypatch):
    """Somebody's HTTP_PROXY is not ours."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serve(ok(b"direct")) as server, fetcher_for(clock, server) as fetcher:
        assert (await fetcher.get(Request(url=server.url()))).body == b"direct"


def test_the_name_cannot_smuggle_a_header():
    """A contact with line breaks or letters that no header holds stays one plain line."""
    assert introduce("a@b.kz\r\nX: Қ").endswith("(+labour news watcher; a@b.kzX: )")


async def test_not_modified_is_an_answer(clock):
    """304 comes back as a Response without a body, and its connection is used again; unasked for, it is a failure."""
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    async with serve(answer) as server, fetcher_for(clock, server) as fetcher:
        for _ in range(3):
            response = await fetcher.get(Request(url=server.url(), headers={"If-None-Match": '"1"'}))
            assert (response.status, response.body) == (304, b"")
        assert await fetch_kind(fetcher, server.url()) == "status", "nothing was shown that could have stayed as it is"
    assert server.connections == 1


async def endless(visit: Visit) -> None:
    """A body that is announced as longer than anybody reads."""
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + b"x" * 100_000)
    await hang(visit)


async def hung_up(visit: Visit) -> None:
    """A good answer, after which the server hangs up without having said so."""
    await visit.send(ok(b"news"))
    visit.writer.close()


BROKEN_OFF = {
    "a body too large": (endless, {"max_bytes": 50_000}),
    "no answer in time": (hang, {"seconds": 0.2}),
    "half a body in time": (endless, {"seconds": 0.2}),
    "a bad status with a long page": (ok(b"x" * 200_000, status="500 Oops"), {}),
    "a server that hung up": (hung_up, {}),
    "what is no HTTP": (b"220 mail.example ESMTP\r\n", {}),
}


@pytest.mark.parametrize("name", BROKEN_OFF)
async def test_what_was_broken_off_is_never_read_on(clock, name):
    """The next request to the same server has a connection of its own, and its own answer."""
    answer, limits = BROKEN_OFF[name]
    async with serve({"/": answer, "/next": ok(b"next")}) as server, fetcher_for(clock, server) as fetcher:
        with contextlib.suppress(FetchError):
            await fetcher.get(Request(url=server.url()), **limits)
        for _ in range(2):
            assert (await fetcher.get(Request(url=server.url("/next")))).body == b"next"
        assert server.connections == 2


async def test_who_is_cancelled_leaves_no_half_answer(clock):
    """A cycle that is cut short in the middle of an answer: the next one begins anew."""
    async with serve({"/": endless, "/next": ok(b"next")}) as server, fetcher_for(clock, server) as fetcher:
        task = asyncio.create_task(fetcher.get(Request(url=server.url())))
        while not server.heads:
            await asyncio.wait([task], timeout=0.01)
        task.cancel()
        await asyncio.wait([task])
        assert (await fetcher.get(Request(url=server.url("/next")))).body == b"next"
        assert server.connections == 2


async def test_a_kept_connection_grows_old(clock, monkeypatch):
    """After a while it is not used again: its server may be about to close it."""
    async with serve(ok(b"news")) as server, fetcher_for(clock, server) as fetcher:
        await fetcher.get(Request(url=server.url()))
        monkeypatch.setattr("httpcore._async.http11.time.monotonic", lambda: time.monotonic_ns() / 1e9 + 16)
        await fetcher.get(Request(url=server.url()))
    assert server.connections == 2


async def test_without_roots_nothing_begins(clock, monkeypatch):
    """That is our own fault, told at the start and not by one source after the other."""
    monkeypatch.setattr("certifi.where", lambda: "/nonexistent/roots.pem")
    with pytest.raises(FileNotFoundError):
        async with fetcher_for(clock):
            pytest.fail("it began")


@pytest.mark.parametrize(
    "headers", [("Content-Encoding: gzip",), ("Content-Encoding: x-gzip",), ("Content-Encoding: identity, GZIP",)]
)
async def test_gzip_is_inflated(clock, headers):
    """One gzip, by either of its names, of one or several members."""
    body = gzip.compress(b"<rss>") + gzip.compress(b"</rss>")
    async with serve(ok(body, *headers)) as server, fetcher_for(clock, server) as fetcher:
        assert (await fetcher.get(Request(url=server.url()))).body == b"<rss></rss>"


BOMB = gzip.compress(bytes(50_000_000), mtime=0)  # a time in it would name the tests anew in every worker


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (ok(BOMB, "Content-Encoding: gzip"), "bomb"),
        (ok(gzip.compress(BOMB, mtime=0), "Content-Encoding: gzip, gzip"), "encoding"),
        (ok(gzip.compress(BOMB, mtime=0), "Content-Encoding: gzip", "Content-Encoding: gzip"), "encoding"),
        (ok(b"\x00", "Content-Encoding: br"), "encoding"),
        (ok(b"\x00", "Content-Encoding: zstd"), "encoding"),
        (ok(zlib.compress(b"x"), "Content-Encoding: deflate"), "encoding"),
        (ok(b"not gzip at all", "Content-Encoding: gzip"), "encoding"),
        (ok(gzip.compress(b"<rss/>" * 99, mtime=0)[:-9], "Content-Encoding: gzip"), "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n<rss>", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n<rss>\r\n", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10000001\r\n\r\n", "too-large"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"ffff\r\n" + b"x" * 65535 + b"\r\n") * 160, "too-large"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 400 + b"\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1_000_000 + b"\r\n", "protocol"),
        (b"\x16\x03\x01 this is no HTTP\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "protocol"),
        (b"", "protocol"),
    ],
    ids=str,
)  # fmt: skip
async def test_a_bad_answer_is_a_named_error(clock, answer, kind):
    """Bombs, foreign encodings, cut and endless bodies, floods of headers and nonsense: each has its name."""

    async def send_and_hang_up(visit: Visit) -> None:
        await visit.send(answer)

    assert (await failure(clock, send_and_hang_up)).kind == kind


async def test_a_bomb_takes_no_memory(clock):
    """Fifty megabytes in fifty kilobytes cost what the limit allows and a step more, never the whole."""
    async with serve(ok(BOMB, "Content-Encoding: gzip")) as server, fetcher_for(clock, server) as fetcher:
        tracemalloc.start()
        with pytest.raises(FetchError):
            await fetcher.get(Request(url=server.url()), max_bytes=5_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.parametrize(
    "beginning", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"]
)
async def test_a_dripping_answer_ends_at_the_deadline(clock, beginning):
    """However slowly header or body arrive, the exchange as a whole has its time."""

    async def drip(visit: Visit) -> None:
        await visit.send(beginning)
        while True:
            await visit.send(b"x")
            await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.01)

    assert (await failure(clock, drip, seconds=0.2)).kind == "timeout"


async def test_a_closed_port_is_named(clock):
    """A server that is not there is `connect`, a name that is not there `dns`."""
    async with serve(b"") as server:
        pass

    async def nowhere(_host: str, _port: int) -> list[str]:
        return []

    async with fetcher_for(clock, server, resolve=nowhere) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(Request(url="http://news.example/"))
        assert caught.value.kind == "dns"
    async with fetcher_for(clock, server) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(Request(url=server.url()))
        assert caught.value.kind == "connect"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.xml",
        "file:///etc/passwd",
        "ftp://e.kz/",
        "http://",
        "http://[",
        "javascript:1",
        "http://a\x00b/",
        "http://e.kz:99999/",
        "http://" + "a" * 9000,
    ],
)
async def test_what_is_no_web_address_is_refused(clock, url):
    """Only http and https with a host are asked for."""
    async with fetcher_for(clock) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(Request(url=url))
    assert (caught.value.kind, caught.value.permanent) == ("url", True)


@pytest.mark.parametrize(
    ("status", "header", "kind", "wait"),
    [
        ("429 Too Many Requests", "Retry-After: 120", "throttled", timedelta(seconds=120)),
        ("429 Too Many Requests", "X: y", "throttled", None),
        ("503 Service Unavailable", "Retry-After: 999999999999999999", "throttled", timedelta(hours=24)),
        ("503 Service Unavailable", "Retry-After: Sun, 01 Mar 2026 10:00:00 GMT", "throttled", timedelta(hours=1)),
        ("503 Service Unavailable", "Retry-After: Sun, 01 Mar 2026 08:00:00 GMT", "status", None),
        ("503 Service Unavailable", "Retry-After: soon", "status", None),
        ("404 Not Found", "Retry-After: 60", "status", None),
        ("500 Internal Server Error", "X: y", "status", None),
        ("401 Unauthorized", "X: y", "blocked", None),
        ("403 Forbidden", "X: y", "blocked", None),
        ("451 Unavailable For Legal Reasons", "X: y", "blocked", None),
        ("206 Partial Content", "X: y", "status", None),
        ("302 Found", "X: no location", "status", None),
        ("799 Whatever", "X: y", "status", None),
    ],
)  # fmt: skip
async def test_a_bad_status_carries_what_policy_needs(clock, status, header, kind, wait):
    """The status, whether it is a farewell, and how long the server asks us to wait, at most a day."""
    error = await failure(clock, ok(b"sorry", header, status=status))
    assert (error.kind, error.retry_after, error.status) == (kind, wait, int(status[:3]))
    assert error.permanent == status.startswith("404")


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"", "cf-mitigated: challenge", status="403 Forbidden"),
        ok(
            "<title>Проверка браузера</title>".encode("cp1251"),
            "Content-Type: text/html; charset=windows-1251",
            status="503 Service Unavailable",
        ),
        ok(
            gzip.compress(b"<title>Just a moment...</title>", mtime=0), "Content-Encoding: gzip", status="403 Forbidden"
        ),
    ],
    ids=["header", "cyrillic", "gzip"],
)
async def test_a_wall_says_so_whatever_its_status(clock, answer):
    """A bot check behind an error status is `blocked`: another thing than a broken server."""
    assert (await failure(clock, answer)).kind == "blocked"
