"""The only room that speaks HTTP to the press: total deadline, byte caps, address guard, politeness."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import certifi
import httpx
from sniffio import current_async_library_cvar

from monitor.fetch.client import MAX_BYTES, SECONDS, Fetcher
from monitor.fetch.lines import Lines
from monitor.fetch.network import Resolve, direct_wire, proxied_wire, resolve_by_system
from monitor.fetch.politeness import Politeness
from monitor.model import Clock
from monitor.policy.robots import AGENT

__all__ = ["LINES", "MAX_BYTES", "SECONDS", "Fetcher", "Resolve", "introduce", "open_fetcher"]

LINES = 64  # requests in flight: more than the 50 that a hostile evening may hold up at once


def introduce(contact: str | None = None) -> str:
    """The User-Agent: honest and stable, which passes more walls than a borrowed browser's name."""
    about = f"labour news watcher; {contact}" if contact else "labour news watcher"
    return "".join(letter for letter in f"{AGENT}/{version('monitor')} (+{about})" if " " <= letter <= "~")


@asynccontextmanager
async def open_fetcher(
    *,
    clock: Clock,
    resolve: Resolve | None = None,
    allow_hosts: frozenset[str] = frozenset(),
    host_interval: timedelta = timedelta(seconds=1),
    proxies: Mapping[str, str] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    user_agent: str | None = None,
    ssl_context: ssl.SSLContext | None = None,
) -> AsyncIterator[Fetcher]:
    """A fetcher with its connections, closed at the end.

    `resolve` finds the addresses of a name (the system's resolver when None). `allow_hosts` holds `host:port` pairs
    exempt from the address guard. `proxies` maps a name to its `socks5://` or `http://` URL; the one named "" serves
    every request that names none. `transport` stands in for the network in tests. `ssl_context` verifies against
    certifi's roots when None. Raises ValueError for a proxy of an unknown kind.
    """
    current_async_library_cvar.set("asyncio")  # httpcore asks often, in its pools a dozen times a request
    roots = _roots()

    @cache
    def context() -> ssl.SSLContext:  # with the first address that asks for it: to read all roots takes a moment
        found = ssl_context or ssl.create_default_context(cafile=roots)
        found.hostname_checks_common_name = False  # only the list of names counts, as in browsers
        found.set_alpn_protocols(["http/1.1"])
        return found

    wire = partial(direct_wire, context, resolve or resolve_by_system, allow_hosts)
    direct = Lines(wire if transport is None else lambda: transport, LINES)
    proxied = {name: Lines(proxied_wire(context, url), LINES) for name, url in (proxies or {}).items()}
    async with AsyncExitStack() as closing:
        for lines in (direct, *proxied.values()):
            closing.push_async_callback(lines.aclose)
        yield Fetcher(
            clock=clock,
            direct=direct,
            proxied=proxied,
            politeness=Politeness(host_interval.total_seconds()),
            allow_hosts=allow_hosts,
            user_agent=user_agent or introduce(),
        )


def _roots() -> Path:
    """The file of the authorities we trust. Raises OSError now when it is not there, and not for one source after the other."""
    path = Path(certifi.where())
    with path.open("rb"):
        return path
