"""The fetcher: one GET with a total deadline, a byte cap, guarded redirects and an honest name.

There is no httpx client in between: a client brings cookies, redirects, environment proxies and decoders, and all of
them would have to be switched off again. A request goes straight to a transport.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import cast

import httpx

from monitor.errors import FetchError
from monitor.fetch.addresses import after_redirect, host, origin, parsed, port
from monitor.fetch.failures import WIRE_ERRORS, bad_status, translate
from monitor.fetch.guard import check_name
from monitor.fetch.inflate import encoding_of, read_body
from monitor.fetch.lines import Lines
from monitor.fetch.network import place
from monitor.fetch.politeness import Politeness
from monitor.fetch.room import Room
from monitor.model import Clock, Request, Response
from monitor.sources.challenge import challenge
from monitor.text.decode import decode

MAX_BYTES = 10_000_000
SECONDS = 30.0
_MAX_HEADERS = 300  # the busiest real servers send about 60
_LOOK_BYTES = 65_536  # how much of an error page is read to tell a challenge from a failure
_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_EVER = (301, 308)
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_ANSWERS = (200, 202, 203)
_PERHAPS_A_CHALLENGE = (401, 403, 405, 429, 503)
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """What one exchange may cost: bytes of body, seconds in all."""

    max_bytes: int
    seconds: float


class Fetcher:
    """GETs for everyone: polite per host, guarded, bounded in time and bytes. Made by `open_fetcher`.

    `direct` are the lines of our own, `proxied` those through each named proxy; with a proxy named "" nothing goes
    direct. `room` bounds what large bodies may take: whoever makes many requests makes them in a `room.turn()`.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        direct: Lines,
        proxied: Mapping[str, Lines],
        politeness: Politeness,
        allow_hosts: frozenset[str],
        user_agent: str,
    ) -> None:
        self._clock, self._direct, self._proxied, self._politeness = clock, direct, proxied, politeness
        self._allow_hosts = allow_hosts
        self.room = Room()
        self._headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip"}

    async def get(self, request: Request, *, max_bytes: int = MAX_BYTES, seconds: float = SECONDS) -> Response:
        """Fetch one address; 304 comes back as a Response, if validators were sent.

        `max_bytes` caps the body as received and as inflated. `seconds` bounds the whole exchange with its redirects,
        not the wait for its server's turn and for a free line. Response.url is where the answer came from;
        Response.moved_to is that address when every redirect on the way was a permanent one. Raises FetchError and
        nothing else.
        """
        loop = asyncio.get_running_loop()
        visited, for_ever, left = [parsed(request.url)], True, seconds
        while True:
            lines = self._lines(request, visited)
            url = visited[-1]
            async with self._politeness.turn(host(url), port(url)), lines.line(origin(url)) as transport:
                started = loop.time()
                response = await self._exchange(transport, request, url, _Limits(max_bytes=max_bytes, seconds=left))
                left -= loop.time() - started
            if response.status == HTTPStatus.NOT_MODIFIED and not _CONDITIONS & request.headers.keys():
                raise bad_status(response.status, response.headers, self._clock())  # than what? nothing was shown yet
            if response.status not in _REDIRECTS:
                moved = len(visited) > 1 and for_ever
                return replace(response, moved_to=response.url) if moved else response
            for_ever = for_ever and response.status in _FOR_EVER
            visited.append(after_redirect(visited, response.headers["location"]))

    def check(self, request: Request) -> None:
        """Refuse what is inside when it was named from outside. Raises FetchError `private-address`, or `url`."""
        self._refuse_inside(parsed(request.url), by=parsed(request.named_by or request.url))

    def slow_down(self, url: str, pause: timedelta) -> None:
        """Leave at least this pause between two requests to the server of an address. Raises FetchError `url`."""
        address = parsed(url)
        self._politeness.slow_down(host(address), port(address), pause.total_seconds())

    def _lines(self, request: Request, visited: list[httpx.URL]) -> Lines:
        """The lines for the next hop, after refusing what can be refused before anybody resolves a name.

        A proxied feed never goes direct: without its proxy it fails.
        """
        url = visited[-1]
        self._refuse_inside(url, by=parsed(request.named_by) if request.named_by else visited[0])
        name = request.proxy or ""
        if name in self._proxied:
            check_name(host(url))
            return self._proxied[name]
        if name:
            raise FetchError("proxy", f"the proxy {name!r} is not configured", permanent=True)
        return self._direct

    def _refuse_inside(self, url: httpx.URL, *, by: httpx.URL) -> None:
        """The guard lets us inside where the operator vouches for it; whoever is outside must not make use of that."""
        if self._exempt(url) and not self._exempt(by):
            raise FetchError("private-address", f"{by.host}, from outside, leads to {url.host}, which is inside")

    def _exempt(self, url: httpx.URL) -> bool:
        return place(host(url), port(url)) in self._allow_hosts

    async def _exchange(
        self, transport: httpx.AsyncBaseTransport, request: Request, url: httpx.URL, limits: _Limits
    ) -> Response:
        """One request and its answer, within the deadline; all that can go wrong leaves as FetchError."""
        try:
            async with asyncio.timeout(limits.seconds) as deadline:
                answer = await transport.handle_async_request(self._asked(request, url))
                try:
                    return await self._read(answer, url, limits, deadline)
                finally:
                    await answer.aclose()
        except TimeoutError:
            raise FetchError("timeout", f"{url.host} gave no complete answer in time") from None
        except WIRE_ERRORS as error:
            raise translate(error, url.host) from error

    def _asked(self, request: Request, url: httpx.URL) -> httpx.Request:
        """The request as it goes over the wire; a validator that is no ASCII goes back in the bytes it came in."""
        headers = {**self._headers, **request.headers}
        return httpx.Request("GET", url, headers=[(name.encode(), value.encode()) for name, value in headers.items()])

    async def _read(
        self, answer: httpx.Response, url: httpx.URL, limits: _Limits, deadline: asyncio.Timeout
    ) -> Response:
        """The answer as ours: a redirect or 304 without its body, a good one whole; a bad one raises."""
        headers = _headers(answer)
        status = answer.status_code
        body = b""
        if status in _ANSWERS:
            body = await _body(answer, limits.max_bytes, partial(self._wait_for_room, deadline))
        elif status == HTTPStatus.NOT_MODIFIED or (status in _REDIRECTS and headers.get("location")):
            await _drain(answer)
        else:
            raise await self._refusal(answer, headers)
        return Response(url=str(url), status=status, headers=headers, body=body, received_at=self._clock())

    async def _wait_for_room(self, deadline: asyncio.Timeout) -> None:
        """Wait for a place for a large body; that takes nothing of the exchange's own time."""
        loop, until = asyncio.get_running_loop(), deadline.when()
        left = None if until is None else until - loop.time()
        deadline.reschedule(None)
        await self.room.enlarge()
        if left is not None:
            deadline.reschedule(loop.time() + left)

    async def _refusal(self, answer: httpx.Response, headers: Mapping[str, str]) -> FetchError:
        """The error for a bad status; a wall of a bot protection says so, whatever its status."""
        status = answer.status_code
        if status in _PERHAPS_A_CHALLENGE:
            try:
                page = await _body(answer, _LOOK_BYTES, self.room.enlarge)
            except FetchError:
                page = b""
            if (wall := challenge(headers, decode(page, headers.get("content-type", "")))) is not None:
                return FetchError("blocked", f"status {status}: {wall}", status=status)
        return bad_status(status, headers, self._clock())


async def _body(answer: httpx.Response, max_bytes: int, enlarge: Callable[[], Awaitable[None]]) -> bytes:
    length = answer.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > max_bytes:
        raise FetchError("too-large", f"the body is announced with {length[:20]} bytes; the limit is {max_bytes}")
    encoding = encoding_of(answer.headers.get_list("content-encoding"))
    return await read_body(_wire_bytes(answer), encoding, max_bytes, enlarge)


def _wire_bytes(answer: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it comes off the wire; httpx's own iterators would inflate it, or count what we count ourselves."""
    return aiter(cast("httpx.AsyncByteStream", answer.stream))


async def _drain(answer: httpx.Response) -> None:
    """Read a short body nobody wants, so that its connection can be used again; a long one costs the connection."""
    received = 0
    async for chunk in _wire_bytes(answer):
        received += len(chunk)
        if received > _LOOK_BYTES:
            return


def _headers(answer: httpx.Response) -> dict[str, str]:
    """Lower-case names; repeated values joined by commas; no cookies, which we neither keep nor store."""
    if len(answer.headers.raw) > _MAX_HEADERS:
        raise FetchError("protocol", f"more than {_MAX_HEADERS} headers")
    return {name: value for name, value in answer.headers.items() if name != "set-cookie"}
