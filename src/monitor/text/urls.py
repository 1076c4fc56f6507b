"""Addresses: one key for the many ways a page is linked.

`canonical` is a key to compare by, not a link to open: it may drop what a server insists on.
"""

import importlib
import re
import unicodedata
from collections.abc import Callable, Container, Sequence
from functools import cache, lru_cache
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit, urlunsplit

from monitor.model import Feed
from monitor.text.fold import clean

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNRESERVED = re.compile(r"[\w.~-]")
_TRACKERS = re.compile(
    r"(?:utm|mtm|pk|hsa|mc|mkt|itm|at|vero|ns|oly)_.*|_?openstat|_g[al]|_hs(?:enc|mi)|xtor|cmpid|spm|igsh(?:id)?"
    r"|(?:fb|y|ys|g|d|tw|tt|rb_|msclk|clck|efg|gb|wb)_?(?:clid|clickid|ra?id|id)|msclkid|li_fat_id|phpsessid|jsessionid"
    r"|amp|outputtype",
    re.IGNORECASE,
)
# These name the door a reader came through, unless they carry a number: then they may be the article's own.
_DOORS = frozenset({"from", "ref", "referer", "referrer", "source", "src", "partner"})
_SIDE_DOORS = ("www.", "m.", "amp.", "mobile.")
_QUERY_SIGNS = "/%!=:,-+;@$"
_LEAST_DOTS = 2  # m.lada.kz loses its m., m.kz does not
_AMP_PATH = re.compile(r"^/amp(?=/.)|/amp(?:\.html)?/?$|\.amp(?=\.html$|$)", re.IGNORECASE)
# These choose an edition of the page and do not track.
_EDITION = re.compile(r"(?:amp|outputtype)(?:=|$)", re.IGNORECASE)
_NO_URL_SIGNS = str.maketrans({sign: quote(sign) for sign in '<>"`'})
_TRACKING_FRAGMENT = re.compile(r":~:|(?:utm_\w+|xtor)=", re.IGNORECASE)
# Where a number names the article, the words beside it are its headline of today, and the folder its script. A date is
# no such number.
_DIGITS = re.compile(r"\d{3}")
_ID = r"(?!(?:19|20)\d{6}\b)\d{5,}"
_NUMBERED = (
    (re.compile(rf"/a/(?:[^/]+/)?({_ID})(?:\.html?)?/?$"), r"/a/\1"),  # Azattyq and its sisters: /a/slug/31706771.html
    (
        re.compile(r"/(?:index\.php/)?(?:(?:lt|tt)/)?post/(\d{3,})(?:[-_/][^/]*)?/?$"),
        r"/post/\1",
    ),  # abai.kz, in three scripts
    (re.compile(rf"/({_ID})[-_][^/]*/?$"), r"/\1"),  # /news/12345-slug.html
    (re.compile(rf"/news/({_ID})/[^/]+/?$"), r"/news/\1"),  # /news/12345/slug
)
_SESSION = re.compile(r";jsessionid=[^/?;]*", re.IGNORECASE)
# Most links need nothing: a plain host, words and numbers between slashes, no query.
_PLAIN = re.compile(
    r"https?://(?!www\.|m\.|amp\.|mobile\.)((?:(?!xn--)[a-z][a-z0-9-]*\.)+[a-z]{2,12})((?:/(?!(?i:amp)\b)[A-Za-z0-9_-]+)+(?:\.html?)?)"
)


def canonical(url: str, aliases: Sequence[str] = ()) -> str:
    """The key of an address, the same for every way to the page.

    That is: http and https, www., m. and AMP editions, trackers, escapes and fragments, and all headlines and scripts of
    an article that goes by a number. `aliases` are the hosts of one outlet, its main one first: a link to any of them is
    a link to the first. Never raises: what is no web address comes back cleaned and otherwise as it is.
    """
    if not aliases and (plain := _PLAIN.fullmatch(url)):
        return f"https://{plain[1]}{_by_number(plain[2])}"
    link = web_link(url)
    if link is None:
        return clean(url, one_line=True)
    parts = urlsplit(link)
    where = _home(_netloc(parts))
    hosts = [_home(alias.lower()) for alias in aliases]
    if where in hosts:
        where = hosts[0]
    path = _by_number(_SESSION.sub("", _AMP_PATH.sub("", _one_spelling(parts.path)))) or "/"
    pieces = (piece for piece in _one_spelling(parts.query).split("&") if _tells(piece))
    query = "&".join(sorted(quote(piece, safe=_QUERY_SIGNS) for piece in pieces))
    # courlan's own cleaning of queries drops whatever begins with `cid`, `ga` or `source`, and `?77`: real ids are
    # lost and two articles become one. It gets the address without its query.
    bare = _normalize()(urlunsplit(("https", where, path, "", "")), strict=False, trailing_slash=False)
    return bare.rstrip("/") + ("?" + query if query else "")


def _by_number(path: str) -> str:
    """The path with the article's number alone, where it has one."""
    if not _DIGITS.search(path):
        return path
    for pattern, number in _NUMBERED:
        if found := pattern.search(path):
            return path[: found.start()] + found.expand(number)
    return path


def canonical_in(feed: Feed, url: str) -> str:
    """The key of an address as this feed may spell it: its mirrors (`aliases`) are its own site. Never raises."""
    home = web_link(feed.url) if feed.aliases else None
    return canonical(url, (_netloc(urlsplit(home)), *feed.aliases) if home else feed.aliases)


@lru_cache(maxsize=4096)
def host(url: str) -> str:
    """The host of an address, lower-case, without port and trailing dot; empty when there is none. Never raises.

    Asked for the address of each source at each poll.
    """
    return _host(url)


def _host(url: str) -> str:
    try:
        return (urlsplit(clean(url, one_line=True)).hostname or "").rstrip(".")
    except ValueError:
        return ""


def domain(url: str, known: Container[str] = ()) -> str:
    """The registrable domain of an address: what somebody owns (`lada.kz`, `bbc.co.uk`); a number stays itself. Never raises.

    One of the `known` domains is its own; for all else the list of public suffixes must be read, which takes a moment.
    """
    where = _host(url)  # not remembered: mostly of articles, which are met once
    return where if where in known else _owned(where)


@lru_cache(maxsize=4096)
def _owned(where: str) -> str:
    if not where or where[-1].isdigit() or ":" in where:  # nothing, or a number instead of a name
        return where
    return _extract_domain()(f"https://{where}/") or ".".join(where.split(".")[-2:])


def web_link(url: str) -> str | None:
    """The address without hidden characters and spaces, or None unless it is http(s) with a host. Never raises."""
    link = clean(url, one_line=True).replace(" ", "%20")
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return link if usable else None


def clean_link(url: str) -> str | None:
    """The address to open, without what only tells its server where a reader came from; None like `web_link`.

    What is left stays as the outlet wrote it, in its order; only signs that no address may hold are escaped.
    """
    link = web_link(url)
    if link is None:
        return None
    parts = urlsplit(link)
    query = "&".join(piece for piece in parts.query.split("&") if _tells(piece) or _EDITION.match(piece))
    fragment = "" if _TRACKING_FRAGMENT.match(parts.fragment) else parts.fragment
    return urlunsplit((*parts[:3], query, fragment)).translate(_NO_URL_SIGNS)


@cache
def _normalize() -> Callable[..., str]:
    """The normaliser of courlan: hosts in Unicode, paths quoted, slashes single. 70 ms to import, so on first use."""
    found: Callable[..., str] = importlib.import_module("courlan").normalize_url
    return found


@cache
def _extract_domain() -> Callable[[str], str | None]:
    """Knows public suffixes; its list takes a moment to load, so on first use."""
    found: Callable[[str], str | None] = importlib.import_module("courlan").extract_domain
    return found


def _netloc(parts: SplitResult) -> str:
    """Host, and port when it is not the usual one; who the reader claims to be is dropped."""
    where = (parts.hostname or "").rstrip(".")
    if ":" in where:
        where = f"[{where}]"
    usual = parts.port in (None, 80, 443)
    return where if usual else f"{where}:{parts.port}"


def _home(where: str) -> str:
    """The outlet's own host: www., m. and amp. editions tell the same."""
    for door in _SIDE_DOORS:
        if where.startswith(door) and where.count(".") >= _LEAST_DOTS:
            where = where.removeprefix(door)
    return where


def _tells(piece: str) -> bool:
    """Whether one `name=value` of a query may say which article is meant."""
    name, _, value = piece.partition("=")
    if name.lower() in _DOORS:
        return any(letter.isdigit() for letter in value)
    return bool(piece) and not _TRACKERS.fullmatch(name)


def _one_spelling(part: str) -> str:
    """Percent escapes of letters undone (%D0%B7 is з), all others in capitals, the whole in NFC."""
    return unicodedata.normalize("NFC", _ESCAPES.sub(_unescape, part))


def _unescape(escapes: re.Match[str]) -> str:
    try:
        text = unquote_to_bytes(escapes[0]).decode("utf-8")
    except UnicodeDecodeError:  # windows-1251, or noise: keep the bytes
        return escapes[0].upper()
    return "".join(letter if _UNRESERVED.fullmatch(letter) else quote(letter, safe="") for letter in text)


def words_of(url: str) -> str:
    """The words that an address is made of, for want of better ones: `/news/12-zabastovka-v-ozene.html` says three."""
    step = urlsplit(web_link(url) or "").path.rstrip("/").rsplit("/", 1)[-1]
    words = re.split(r"[-_+.\s]+", clean(unquote(step).removesuffix(".html"), one_line=True))
    return " ".join(word for word in words if not word.isdigit()) or clean(url, one_line=True)
