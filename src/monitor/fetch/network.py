"""The guarded wire: names are resolved here, every address is checked, and the checked one is connected to.

URL, Host header, SNI and the choice of a kept connection all stay by name, so a certificate is always compared with the
name that was asked for; only the socket underneath goes to the address that was looked at. Nothing can change in
between.
"""

import asyncio
import re
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import httpcore
import httpx

from monitor.fetch.guard import check_addresses, check_host
from monitor.fetch.streams import Stream, connect

MakeContext = Callable[[], ssl.SSLContext]
"""What makes the TLS context that verifies servers, when it is first wanted; always the same one."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) → its addresses in text form; an OSError or an empty answer means there is no such host."""

_ADDRESS = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")  # no thread need look it up
_ATTEMPT_SECONDS = 8.0  # one address of several that does not answer must leave time for the next
_KEEP_ALIVE_SECONDS = 15.0  # long enough for the pages of a feed that was just read, no longer


class Unreachable(httpcore.ConnectError):
    """No connection below TLS; any other ConnectError comes from the TLS handshake."""


class NoSuchHost(Unreachable):
    """The name leads nowhere."""


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """The addresses the operating system knows for a name, in its order of preference; an address is its own."""
    if _ADDRESS.fullmatch(host):
        return [host]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def place(host: str, port: int) -> str:
    """`host:port` as `MONITOR_ALLOW_HOSTS` writes it; IPv6 literals stand in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host.lower()}:{port}"


class GuardedBackend:
    """Opens TCP connections to public addresses only; `exempt` holds the `host:port` pairs the operator vouches for."""

    def __init__(self, resolve: Resolve, exempt: frozenset[str]) -> None:
        self._resolve, self._exempt = resolve, exempt

    async def connect_tcp(self, host: str, port: int) -> Stream:
        """Resolve, check all addresses, connect to the first that answers.

        Raises FetchError `private-address`, NoSuchHost or Unreachable.
        """
        exempt = place(host, port) in self._exempt
        if not exempt:
            check_host(host)
        addresses = await self._addresses(host, port)
        if not exempt:
            check_addresses(host, addresses)
        *earlier, last = addresses
        for address in earlier:
            try:
                async with asyncio.timeout(_ATTEMPT_SECONDS):
                    return await connect(address, port)
            except (httpcore.ConnectError, TimeoutError):
                continue
        try:
            return await connect(last, port)
        except httpcore.ConnectError as error:
            raise Unreachable(str(error)) from error

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NoSuchHost(f"{host} has no address") from error
        if not addresses:
            raise NoSuchHost(f"{host} has no address")
        return addresses


class Wire(httpx.AsyncBaseTransport, ABC):
    """What asks one server at a time; it verifies TLS and follows nothing."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises httpcore's errors as they are."""
        url = request.url
        address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        answer = await self._ask(httpcore.Request(request.method, address, headers=request.headers.raw))
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    @abstractmethod
    async def _ask(self, request: httpcore.Request) -> httpcore.Response:
        """Send one request as httpcore has it."""


class DirectWire(Wire):
    """A connection of our own, kept for the next request to the same server.

    httpcore's pool, even of one connection, would cost half as much again as the connection itself.
    """

    def __init__(self, make_context: MakeContext, backend: GuardedBackend) -> None:
        self._make_context, self._backend = make_context, backend
        self._kept: httpcore.AsyncHTTP11Connection | None = None

    async def _ask(self, request: httpcore.Request) -> httpcore.Response:
        origin, kept = request.url.origin, self._kept
        if kept is None or not kept.can_handle_request(origin) or not kept.is_available() or kept.has_expired():
            await self.aclose()
            kept = self._kept = await self._connect(origin)
        return await kept.handle_async_request(request)

    async def _connect(self, origin: httpcore.Origin) -> httpcore.AsyncHTTP11Connection:
        host = origin.host.decode("ascii")
        context = self._make_context() if origin.scheme == b"https" else None
        stream = await self._backend.connect_tcp(host, origin.port)
        if context is not None:
            await stream.start_tls(context, server_hostname=host)
        return httpcore.AsyncHTTP11Connection(origin, stream, keepalive_expiry=_KEEP_ALIVE_SECONDS)

    async def aclose(self) -> None:
        """Close the connection, if any."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.aclose()


class ProxiedWire(Wire):
    """One connection through a proxy, over a pool of httpcore, which knows how to ask proxies."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def _ask(self, request: httpcore.Request) -> httpcore.Response:
        return await self._pool.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connection, if any."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer as it comes off the wire."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


def direct_wire(make_context: MakeContext, resolve: Resolve, exempt: frozenset[str]) -> Wire:
    """A wire of our own to public addresses, and to the `host:port` of `exempt`."""
    return DirectWire(make_context, GuardedBackend(resolve, exempt))


def proxied_wire(make_context: MakeContext, proxy_url: str) -> Callable[[], Wire]:
    """What makes wires through a SOCKS5 or HTTP proxy, which resolves names itself.

    The operator named the proxy, so its own address is not guarded. Raises ValueError for other kinds of proxy.
    """
    url = httpx.URL(proxy_url)
    makers: dict[str, Callable[..., httpcore.AsyncConnectionPool]] = {
        "http": httpcore.AsyncHTTPProxy,
        "socks5": httpcore.AsyncSOCKSProxy,
        "socks5h": httpcore.AsyncSOCKSProxy,
    }
    if url.scheme not in makers:
        raise ValueError(f"a proxy of kind {url.scheme!r} is not known; use socks5:// or http://")

    def make() -> Wire:
        pool = makers[url.scheme](
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/"),
            proxy_auth=(url.username, url.password) if url.username else None,
            ssl_context=make_context(),
            max_connections=1,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
        )
        return ProxiedWire(pool)

    return make
