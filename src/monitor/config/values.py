"""The small notations that settings and files share: durations, zones, addresses of machines and of people.

Each function takes the text as written and gives the value, or raises Unusable with what is wrong and what would mend
it. The words never repeat the value: a setting may be a secret; the reader of a file adds the value by himself.
"""

import ipaddress
import re
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from monitor.config.hints import nearest
from monitor.model import LANGUAGES, Lang

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds", "ms": "milliseconds"}
PART = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(ms|[dhms])")
DURATION = re.compile(rf"(?:{PART.pattern})+", re.ASCII)
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
# ISO 3166-2:KZ since 2022-11: 17 regions, 3 cities. The letters of before (KZ-MAN) are refused with the new code.
REGIONS = frozenset(
    f"KZ-{number}" for number in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63, 71, 75, 79)
)
FORMER_REGIONS = {
    "AKM": "11", "AKT": "15", "ALM": "19", "ATY": "23", "ZAP": "27", "ZHA": "31", "KAR": "35", "KUS": "39",
    "KZY": "43", "MAN": "47", "PAV": "55", "SEV": "59", "YUZ": "61", "VOS": "63", "AST": "71", "ALA": "75", "SHY": "79",
}  # fmt: skip
# Anything a mail header or a log line could be broken with.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
NAMED_MAILBOX = re.compile(rf"(?:[^<>@]*<{MAILBOX.pattern}>|{MAILBOX.pattern})")
HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")
NUMBER = re.compile(r"\d{1,12}", re.ASCII)  # Python refuses to read numbers of thousands of digits
PORTS = range(1, 65536)
WEB = frozenset({"http", "https"})
PROXIES = frozenset({"http", "https", "socks5", "socks5h"})


class Unusable(ValueError):
    """A text that is not what it should be: `what` completes "`MONITOR_X` …", `hint` is a sentence.

    With `hidden` the text itself is not repeated: somebody may have put a secret where its name belongs.
    """

    def __init__(self, what: str, hint: str = "", *, hidden: bool = False) -> None:
        self.what, self.hint, self.hidden = what, hint, hidden
        super().__init__(what, hint)


def duration(text: str) -> timedelta:
    """`30s`, `15m`, `1h30m`, `1d`, `500ms` as a timedelta."""
    if not DURATION.fullmatch(text):
        raise Unusable("is not a duration.", "Write a number and a unit, such as 30s, 15m, 2h or 1d.")
    spans = (timedelta(**{UNITS[unit]: float(number)}) for number, unit in PART.findall(text))
    return sum(spans, timedelta())


def clock_time(text: str) -> str:
    """`07:30`, hours and minutes of the day."""
    if not CLOCK_TIME.fullmatch(text):
        raise Unusable("is not a time of day.", 'Write hours and minutes with two digits each, such as "07:30".')
    return text


def time_zone(text: str) -> str:
    """The name of a zone of the tz database, such as `Asia/Almaty`."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(text, available_timezones())
        hint = f"Did you mean {near}?" if near else "Write a name such as Asia/Almaty or Europe/Brussels."
        raise Unusable("is not a time zone.", hint) from None
    return text


def region(text: str) -> str:
    """A region of Kazakhstan by its ISO 3166-2 code, such as `KZ-47`."""
    if text in REGIONS:
        return text
    hint = "Write the ISO 3166-2 code, such as KZ-47 for Mangystau."
    former = FORMER_REGIONS.get(text.upper().removeprefix("KZ-"))
    if former:
        hint = f"That code was replaced in 2022: write KZ-{former}."
    elif re.fullmatch(r"\d\d", text) and f"KZ-{text}" in REGIONS:
        hint = f"Write KZ-{text}."
    raise Unusable("is not a region of Kazakhstan.", hint)


def web_address(text: str) -> str:
    """An http or https URL with a host, as written."""
    return _address(text, WEB, "is not a web address.", "Write it in full, beginning with https:// or http://.")


def proxy_address(text: str) -> str:
    """The address of a proxy: `socks5://host:port` or `http://host:port`, with or without user and password."""
    hint = "Write it as socks5://host:port or http://host:port."
    return _address(text, PROXIES, "is not the address of a proxy.", hint)


def _address(text: str, schemes: frozenset[str], what: str, hint: str) -> str:
    """The text when it is a URL of one of the schemes with a host and a possible port."""
    if CONTROL.search(text) or " " in text:
        raise Unusable("has a space or an invisible character in it.", "Take it out, or write it as %20.")
    try:
        parts = urlsplit(text)
        fits = parts.scheme.lower() in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise Unusable(what, hint)
    return text


def mailbox(text: str) -> str:
    """One e-mail address, bare; what could break out of a mail header is refused."""
    if CONTROL.search(text) or not MAILBOX.fullmatch(text):
        raise Unusable("is not an e-mail address.", "Write it as name@example.org.")
    return text


def sender(text: str) -> str:
    """An e-mail address, bare or as `Name <name@example.org>`."""
    if CONTROL.search(text) or not NAMED_MAILBOX.fullmatch(text):
        raise Unusable("is not an e-mail address.", "Write it as name@example.org or Name <name@example.org>.")
    return text


def mailboxes(text: str) -> tuple[str, ...]:
    """E-mail addresses separated by commas; the same one twice counts once."""
    return tuple(dict.fromkeys(mailbox(part) for part in listed(text)))


def listed(text: str) -> list[str]:
    """The parts of a comma-separated list, trimmed of spaces, without empty ones."""
    return [part for part in (piece.strip(" \t") for piece in text.split(",")) if part]


def host_and_port(text: str) -> str:
    """`host:port`, the host in lower case; an IPv6 address stands in brackets."""
    host, _, port = text.rpartition(":")
    if not (HOST.fullmatch(host) and NUMBER.fullmatch(port) and int(port) in PORTS):
        raise Unusable("is not a list of host:port.", "Write it as bridge.lan:8080,[::1]:80.")
    return f"{host.lower()}:{int(port)}"


def port(text: str) -> int:
    """A port number."""
    if not (NUMBER.fullmatch(text) and int(text) in PORTS):
        raise Unusable("is not a port.", f"Write a number from {PORTS[0]} to {PORTS[-1]}.")
    return int(text)


def languages(text: str) -> tuple[Lang, ...]:
    """Languages of cards and letters, comma-separated, the first one leads."""
    chosen = tuple(dict.fromkeys(code.lower() for code in listed(text)))
    found = tuple(lang for code in chosen for lang in LANGUAGES if lang == code)
    if not found or len(found) != len(chosen):
        raise Unusable("names a language we do not speak.", "Choose from en, ru and kk, such as ru,en.")
    return found


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, by its name or its address."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
