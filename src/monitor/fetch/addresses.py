"""Addresses on the way: what may be asked for, and where a redirect leads."""

import re
from collections.abc import Sequence
from functools import lru_cache

import httpx

from monitor.errors import FetchError

MAX_REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}
_MAX_LENGTH = 8_000  # what servers commonly accept in a request line
_MAX_PORT = 65_535
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)  # a name in its DNS form, or an IPv6 address


@lru_cache(maxsize=4096)
def parsed(url: str) -> httpx.URL:
    """An http(s) URL with a host, without its fragment. Raises FetchError `url`."""
    try:
        address = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("url", f"not a usable address: {url[:200]!r}", permanent=True) from error
    if not _usable(address) or len(url) > _MAX_LENGTH:
        raise FetchError("url", f"not a web address: {url[:200]!r}", permanent=True)
    return _bare(address)


def after_redirect(visited: Sequence[httpx.URL], location: str) -> httpx.URL:
    """Where a redirect from the last visited address leads; user names in it are dropped, ours are not passed on.

    Raises FetchError `redirect` for a loop, too many hops, or anything that is not http(s).
    """
    if len(visited) > MAX_REDIRECTS:
        raise FetchError("redirect", f"more than {MAX_REDIRECTS} redirects from {visited[0].host}")
    try:
        address = _bare(visited[-1].join(location.strip()))
        address = address.copy_with(userinfo=b"") if address.userinfo else address
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("redirect", f"{visited[-1].host} redirects to no usable address") from error
    if not _usable(address):
        raise FetchError("redirect", f"{visited[-1].host} redirects to what is no web address ({address.scheme}:)")
    if address in visited:
        raise FetchError("redirect", f"{visited[-1].host} redirects in a circle")
    return address


def _bare(address: httpx.URL) -> httpx.URL:
    return address.copy_with(fragment=None) if address.fragment else address


def _usable(address: httpx.URL) -> bool:
    return address.scheme in _PORTS and bool(_HOST.fullmatch(host(address))) and 0 < port(address) <= _MAX_PORT


def host(url: httpx.URL) -> str:
    """The host as it goes over the wire: a name in its ASCII form, or an address without brackets."""
    return url.raw_host.decode("ascii", "replace").lower()


def port(url: httpx.URL) -> int:
    """The port that is connected to."""
    return _PORTS[url.scheme] if url.port is None else url.port


def origin(url: httpx.URL) -> str:
    """`scheme://host:port`: what one connection may serve."""
    return f"{url.scheme}://{host(url)}:{port(url)}"
