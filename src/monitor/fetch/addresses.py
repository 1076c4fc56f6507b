"""Addresses on the way: what may be asked for, and where a redirect leads."""

from collections.abc import Sequence

import httpx

from monitor.errors import FetchError

MAX_REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}
_MAX_LENGTH = 8_000  # what servers commonly accept in a request line


def parsed(url: str) -> httpx.URL:
    """An http(s) URL with a host, without its fragment. Raises FetchError `url`."""
    try:
        address = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("url", f"not a usable address: {url[:200]!r}", permanent=True) from error
    if address.scheme not in _PORTS or not address.host or len(url) > _MAX_LENGTH:
        raise FetchError("url", f"not a web address: {url[:200]!r}", permanent=True)
    return address.copy_with(fragment=None)


def after_redirect(visited: Sequence[httpx.URL], location: str) -> httpx.URL:
    """Where a redirect from the last visited address leads; user names in it are dropped, ours are not passed on.

    Raises FetchError `redirect` for a loop, too many hops, or anything that is not http(s).
    """
    if len(visited) > MAX_REDIRECTS:
        raise FetchError("redirect", f"more than {MAX_REDIRECTS} redirects from {visited[0].host}")
    try:
        address = visited[-1].join(location.strip()).copy_with(fragment=None, userinfo=b"")
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("redirect", f"{visited[-1].host} redirects to no usable address") from error
    if address.scheme not in _PORTS or not address.host:
        raise FetchError("redirect", f"{visited[-1].host} redirects to a {address.scheme or 'broken'} address")
    if address in visited:
        raise FetchError("redirect", f"{visited[-1].host} redirects in a circle")
    return address


def port(url: httpx.URL) -> int:
    """The port that is connected to."""
    return url.port or _PORTS[url.scheme]


def origin(url: httpx.URL) -> str:
    """`scheme://host:port`: what one connection may serve."""
    return f"{url.scheme}://{url.host}:{port(url)}"
