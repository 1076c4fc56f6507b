"""The address guard: which addresses may be spoken to at all.

A feed, or whoever took it over, may point us at any address by a name, a redirect or a changed DNS answer. Only
addresses of the public internet are connected to; everything else is refused before a socket is opened.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from monitor.errors import FetchError

# Global unicast is 2000::/3 and nothing else. Asking for it, and not only for `is_global`, keeps out NAT64
# (64:ff9b::/96), v4-compatible (::/96), site-local (fec0::/10) and multicast, which Python 3.11 calls global.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Assigned to protocols and to the relays of 6to4; Python 3.11 calls most of both global.
_OF_PROTOCOLS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
# Inside 2000::/3, and yet a wrapper around any IPv4 address, or not routed at all.
_WRAPPED = (
    IPv6Network("2001::/23"),  # Teredo, ORCHID and other protocol assignments
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("3fff::/20"),  # documentation
)
# `0x7f.1`, `2130706433`, `0`, `127.1`: resolvers read a name that ends in a number as an IPv4 address.
_ENDS_IN_A_NUMBER = re.compile(r"(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)
_LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "home.arpa")


def is_public(address: str) -> bool:
    """Whether an IP address in text form belongs to the public internet; False for anything that is not one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return _public_v4(ip) if isinstance(ip, IPv4Address) else _public_v6(ip)


def _public_v4(ip: IPv4Address) -> bool:
    odd = ip.is_multicast or ip.is_reserved or any(ip in network for network in _OF_PROTOCOLS)
    return ip.is_global and not odd


def _public_v6(ip: IPv6Address) -> bool:
    if ip.scope_id or ip not in _GLOBAL_UNICAST:
        return False
    return ip.is_global and not any(ip in wrapped for wrapped in _WRAPPED)


def is_literal(host: str) -> bool:
    """Whether a host is an IP address in any spelling that some resolver understands, and not a name."""
    if _ENDS_IN_A_NUMBER.search(host):
        return True
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def check_host(host: str) -> None:
    """Refuse addresses in odd spellings before anybody resolves them.

    Raises FetchError `private-address`. A plain dotted address passes here and is checked as an address later.
    """
    if not _ENDS_IN_A_NUMBER.search(host):
        return
    try:
        IPv4Address(host)
    except ValueError:
        raise FetchError("private-address", f"{host!r} is an address in a disguised spelling", permanent=True) from None


def check_name(host: str) -> None:
    """Refuse what a proxy must not be asked for, because it would resolve it inside its own network.

    Raises FetchError `private-address` for IP literals in any spelling and for local names.
    """
    name = host.rstrip(".").lower()
    local = "." not in name or any(name == suffix or name.endswith("." + suffix) for suffix in _LOCAL_NAMES)
    if local or is_literal(name):
        raise FetchError("private-address", f"{host!r} is not a public name; refused behind a proxy", permanent=True)


def check_addresses(host: str, addresses: Iterable[str]) -> None:
    """Refuse a host when any of its addresses is not public: one bad answer among good ones is an attack.

    Raises FetchError `private-address`.
    """
    for address in addresses:
        if not is_public(address):
            raise FetchError("private-address", f"{host} leads to {address}, which is not a public address")
