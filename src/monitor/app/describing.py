"""What can be found out about a source, so that nobody needs to be asked: kind, id, title, language, scope, region."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from monitor.app.tryout import Trial, in_its_language
from monitor.matching.engine import Matcher
from monitor.model import Entry, Feed, Scope, Standing
from monitor.sources import with_whole_text
from monitor.text.urls import canonical, host

TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
CHANNEL = re.compile(r"/(?:s/)?@?(?P<handle>[A-Za-z]\w{3,31})/?", re.ASCII)
AT_HOME = (".kz", ".қаз", ".xn--80ao21a")
OFFICIAL = (".gov.kz", ".zan.kz")
CAPITALS = frozenset({"KZ-71", "KZ-75"})  # everybody names them
MOST = 0.6  # of the items
ENOUGH = 5  # items that name a place, before a region is believed
SHORT = 400  # characters: a text of that length is a summary
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_NO_TITLE = re.compile(
    r"\s*(?:[»|·:—–-]\s*)?(?:RSS|Feed|Atom|лента|новости|news)(?:[- ]?(?:feed|лента))?\s*$", re.IGNORECASE
)
_USUAL = frozenset({"rss", "feed", "feeds", "atom", "xml", "index", "news", "rss2", "all", "s"})


def full_address(typed: str) -> str:
    """An address as people type it, with its scheme: `lada.kz` is https://lada.kz, `@vlastkz` a Telegram channel."""
    typed = typed.strip()
    if typed.startswith("@"):
        return f"https://t.me/s/{typed[1:]}"
    return typed if "://" in typed else f"https://{typed}"


def telegram_handle(url: str) -> str:
    """The channel that an address of Telegram leads to; empty when it leads to none."""
    found = CHANNEL.fullmatch(urlsplit(url).path) if host(url) in TELEGRAM else None
    return found["handle"] if found else ""


def likely_kinds(url: str) -> tuple[str, ...]:
    """The kinds that may be behind an address, the surest first."""
    return ("telegram",) if telegram_handle(url) else ("rss", "sitemap", "listing")


def twin_of(url: str, known: Iterable[Feed]) -> Feed | None:
    """The source that is read at this address already, in whatever spelling; None when there is none."""
    return next((feed for feed in known if _key(feed.url) == _key(url)), None)


def neighbours_of(feed: Feed, known: Iterable[Feed]) -> list[str]:
    """The ids of the sources that are read from the same site; channels of Telegram are no neighbours."""
    here = host(canonical(feed.url))
    return [] if here in TELEGRAM else [one.id for one in known if one.enabled and host(canonical(one.url)) == here]


def _key(url: str) -> str:
    handle = telegram_handle(url)
    return f"t.me/{handle.lower()}" if handle else canonical(url)


def unknown_feed(url: str) -> Feed:
    """A source of which only the address is known."""
    handle, where = telegram_handle(url), host(url)
    official = f".{where}".endswith(OFFICIAL)
    return Feed(
        id="new",
        url=f"https://t.me/s/{handle}" if handle else url,
        kind=likely_kinds(url)[0],
        scope="local" if where.endswith(AT_HOME) else "global",
        standing=Standing.OFFICIAL if official else Standing.INDEPENDENT,
        full_text=not handle,
    )


def described(trial: Trial, matcher: Matcher, taken: Collection[str]) -> Feed:
    """The source of a trial with all that its items tell; `taken` are the ids that others have."""
    entries = [item.entry for item in trial.items]
    feed = in_its_language(trial.feed, entries)
    title = title_of(trial)
    return replace(
        feed,
        id=free_id(feed.url, feed.lang, taken),
        title=title,
        scope=_scope(feed, entries, matcher),
        region=_region(title, entries, matcher),
        full_text=feed.kind not in with_whole_text() and _says_little(entries),
    )


def title_of(trial: Trial) -> str:
    """What the outlet calls itself, without "RSS" and the like; its host when it says nothing."""
    title = trial.title
    while (shorter := _NO_TITLE.sub("", title)) != title:
        title = shorter
    return title.strip(" -–—|·:»") or host(trial.feed.url).removeprefix("www.")


def _scope(feed: Feed, entries: Sequence[Entry], matcher: Matcher) -> Scope:
    """Local when the address is, or when most items name a place in Kazakhstan."""
    at_home = sum(bool(_places(entry.title, entry.summary, matcher)) for entry in entries)
    return "local" if feed.scope == "local" or at_home > MOST * len(entries) else "global"


def _region(title: str, entries: Sequence[Entry], matcher: Matcher) -> str | None:
    """The region that the outlet's name tells, or else that of most places in its items."""
    named = {matcher.regions[place] for place in _places(title, "", matcher) if place in matcher.regions}
    if len(named) == 1:
        return named.pop()
    regions = Counter(
        region
        for entry in entries
        for region in {matcher.regions.get(place) for place in _places(entry.title, entry.summary, matcher)}
        if region
    )
    if regions.total() < ENOUGH:
        return None
    region, count = regions.most_common(1)[0]
    return region if count > MOST * regions.total() and region not in CAPITALS else None


def _places(title: str, text: str, matcher: Matcher) -> tuple[str, ...]:
    return matcher.find(title, text, explain=True).places


def _says_little(entries: Sequence[Entry]) -> bool:
    """Whether most items bring a summary at best, so that their own pages are worth fetching."""
    return sum(len(entry.summary) < SHORT for entry in entries) > MOST * len(entries)


def free_id(url: str, lang: str, taken: Collection[str]) -> str:
    """A short id that nobody has: `lada-kz`, `tg-vlastkz`; then with the section, the language, or a number."""
    handle = telegram_handle(url)
    where = _slug(host(url).removeprefix("www."))
    plain = f"tg-{_slug(handle)}" if handle else where or "source"
    section = [_slug(part.split(".")[0]) for part in urlsplit(url).path.lower().split("/")]
    longer = "-".join([plain, *(part for part in section if part and part not in _USUAL)][:3])
    wanted = [plain, longer, f"{plain}-{lang}", *(f"{plain}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in wanted if one not in taken)


def _slug(text: str) -> str:
    return _NO_SLUG.sub("-", text.lower()).strip("-")
