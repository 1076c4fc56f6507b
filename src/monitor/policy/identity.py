"""Is a feed still the outlet it was? A domain that lapsed or was taken over goes on answering, with other people's words.

What a feed is known by is learned from its answers: the domains they come from, its title, the languages of its items
and where their links lead. An answer that breaks with one of these puts the feed into quarantine: its items are kept,
none of them is said, and the maintainers are asked once. Redesigns keep most of what an outlet is: they move within
their domain or to a known alias, redecorate the title, open a section in another language, link to a video now and
then. `FeedState.memory` holds

    identity    url (the configured one), domains, title, titled_at, langs and links (how many items of each, the older the
                lighter), strange_langs and strange_links (how many items in a row broke with them)
    quarantine  at, believed_at (the last answer before it), signs ([kind, before, now] each) and identity (what it has
                looked like since)

Another address in `feeds.yaml` is a person's word, and begins anew.
"""

import importlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from monitor.model import LANGUAGES, Entry, Feed, FeedState, Lang, Look, Parsed, Response
from monitor.policy.namesakes import same_name, says_nothing
from monitor.text.times import stamp, unstamp
from monitor.text.urls import domain

HOST, TITLE, LANGUAGE, LINKS = "host", "title", "language", "links"
_LOOKED_AT = 60  # items of one answer
_SAMPLE = 300  # characters of an item whose language is asked for
_KNOWN_BY = 8.0  # items, before anybody can say what is usual
_MEMORY = 200.0  # items that are remembered; older ones grow lighter
_OWN = 0.7  # of the links: whose lead elsewhere anyway, like an aggregator's, cannot be known by them
_USUAL = 0.02  # of the links: a domain that was linked to so often is no stranger
_RARE = 0.05  # of the items: a language seen less often is not the feed's
_MUCH = 0.25  # of the items: of a feed that has shown few so far
_MOST = 0.8  # of the new items in languages that are not the feed's
_FEW_LINKS, _FEW_FOREIGN, _FEW_OURS = 3, 3, 5  # new items before they prove anything
_STEADY = timedelta(days=3)  # a web page's title is a headline of the hour, unless it has stood for so long
_HEADED = frozenset({"listing", "sitemap", "page"})  # kinds of source whose title is that of a web page
# Services that publish an outlet's feed under their own address; what tells then is where the links lead.
_SERVICES = frozenset({"feedburner.com", "feedpress.me", "feedblitz.com", "follow.it", "rss.app"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a feed is known by."""

    url: str
    domains: tuple[str, ...] = ()
    title: str = ""
    titled_at: str = ""
    langs: Mapping[str, float]
    links: Mapping[str, float]
    strange_langs: int = 0
    strange_links: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Identity | None":
        """The identity that a feed's memory holds; None when there is none, or another version's."""
        try:
            return cls(**{**kept, "domains": tuple(kept["domains"])}) if kept else None
        except (KeyError, TypeError):
            return None

    def as_memory(self) -> dict[str, Any]:
        """The same as small JSON."""
        named = {name: getattr(self, name) for name in ("url", "title", "titled_at", "strange_langs", "strange_links")}
        counted = {name: _heaviest(getattr(self, name)) for name in ("langs", "links")}
        return {**named, **counted, "domains": list(self.domains)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one answer looks like."""

    domain: str
    title: str
    langs: tuple[str, ...]
    links: tuple[str, ...]


def guarded(
    feed: Feed, state: FeedState, response: Response, parsed: Parsed, *, news: Sequence[Entry]
) -> Mapping[str, Any]:
    """What to remember of a feed's identity after an answer, and whether it is in quarantine.

    All entries are looked at, the `news` among them teach: an item that is touched up again and again counts once.
    """
    known, now = Identity.of(state.memory.get("identity")), response.received_at
    places = (*known.domains, *known.links) if known else ()
    seen = _sighting(feed, response, parsed, news, places)
    if known is None or known.url != feed.url:
        return {"identity": _learned(_nobody(feed), seen, feed, now).as_memory()}
    if (held := state.memory.get("quarantine")) is not None:
        present = Identity.of(held.get("identity")) or _nobody(feed)
        present = replace(_learned(present, seen, feed, now), title=seen.title or present.title)
        return {"identity": known.as_memory(), "quarantine": {**held, "identity": present.as_memory()}}
    learned = _learned(known, seen, feed, now)
    whole = _sighting(feed, response, parsed, parsed.entries, places)
    if signs := _signs(known, learned, whole, feed, now):
        present = _learned(_nobody(feed), whole, feed, now)
        found = {"at": stamp(now), "believed_at": stamp(state.good_at or now), "signs": [list(sign) for sign in signs]}
        return {"identity": known.as_memory(), "quarantine": {**found, "identity": present.as_memory()}}
    return {"identity": learned.as_memory()}


def is_quarantined(state: FeedState) -> bool:
    """Whether what the feed brings is kept and not said."""
    return "quarantine" in state.memory


def trusted(state: FeedState) -> FeedState:
    """The state after a person has said that the feed is still, or again, its outlet: it is known by what it is now.

    The next answer is read as a whole: new versions of old items were left alone meanwhile.
    """
    known = Identity.of(state.memory.get("identity"))
    present = Identity.of(state.memory.get("quarantine", {}).get("identity"))
    memory = {name: value for name, value in state.memory.items() if name not in ("quarantine", "seen", "since")}
    if known and present:
        domains = tuple(dict.fromkeys((*known.domains, *present.domains)))
        memory["identity"] = replace(present, domains=domains).as_memory()
    return replace(state, memory=memory, etag=None, last_modified=None, body_hash=None)


def _nobody(feed: Feed) -> Identity:
    return Identity(url=feed.url, langs={}, links={})


def _sighting(
    feed: Feed, response: Response, parsed: Parsed, entries: Sequence[Entry], places: Sequence[str]
) -> Sighting:
    """What these entries of an answer look like; `places` are domains the feed is known by."""
    entries = entries[:_LOOKED_AT]
    links = (domain(entry.url, places) for entry in entries if entry.url)
    return Sighting(
        domain=domain(response.url, places),
        title=parsed.title,
        langs=tuple(lang for entry in entries if (lang := _language(feed, entry, parsed.looks))),
        links=tuple(link for link in links if link),
    )


def _language(feed: Feed, entry: Entry, looks: Mapping[str, Look]) -> str:
    if entry.guid in looks:
        return looks[entry.guid].finding.lang
    return _detected(f"{entry.title}. {entry.summary[:_SAMPLE]}", feed.lang)


@lru_cache(maxsize=512)
def _detected(sample: str, prior: Lang) -> str:
    """What a sample is written in; news are looked at twice, by themselves and among all entries.

    Mostly the worker's child has told it already, so the detector is loaded when it is asked.
    """
    found: str = importlib.import_module("monitor.languages.detection").detect(sample, prior=prior)
    return found


def _learned(known: Identity, seen: Sighting, feed: Feed, now: datetime) -> Identity:
    """What the feed is known by with one more answer."""
    first = not known.domains
    steady = known.title == seen.title or (bool(known.title) and says_nothing(seen.title))
    foreign = [_is_foreign(lang, known) for lang in seen.langs]
    strange = [_is_strange(link, known, feed) for link in seen.links]
    return Identity(
        url=feed.url,
        domains=(seen.domain,) if first else known.domains,
        title=known.title if steady else seen.title,
        titled_at=known.titled_at if steady and known.titled_at else stamp(now),
        langs=_weighed(known.langs, seen.langs),
        links=_weighed(known.links, seen.links),
        strange_langs=_in_a_row(known.strange_langs, foreign),
        strange_links=_in_a_row(known.strange_links, strange),
    )


def _signs(known: Identity, learned: Identity, seen: Sighting, feed: Feed, now: datetime) -> list[tuple[str, str, str]]:
    """What has broken with what the feed is known by: what, before, now."""
    signs = []
    if not _is_home(seen.domain, known, feed) and not (seen.domain in _SERVICES and _leads_home(seen, known, feed)):
        signs.append((HOST, known.domains[0], seen.domain))
    if _is_another_title(known, seen, feed, now):
        signs.append((TITLE, known.title, seen.title))
    if _is_another_language(known, learned, seen):
        signs.append((LANGUAGE, _main(known.langs), _main(Counter(seen.langs))))
    if _leads_elsewhere(known, learned, seen, feed):
        strangers = Counter(link for link in seen.links if _is_strange(link, known, feed))
        signs.append((LINKS, _main(known.links), _main(strangers)))
    return signs


def _is_another_title(known: Identity, seen: Sighting, feed: Feed, now: datetime) -> bool:
    if seen.title == known.title or not known.title or says_nothing(seen.title):
        return False
    if feed.kind in _HEADED and now - unstamp(known.titled_at) < _STEADY:
        return False
    labels = [one.partition(".")[0] for one in (*known.domains, *_own(feed))]
    return not any(same_name(seen.title, (known.title, feed.title, feed.id), label) for label in labels)


def _is_another_language(known: Identity, learned: Identity, seen: Sighting) -> bool:
    """Whether nearly all new items are in languages that the feed does not speak, in this answer or one by one."""
    if sum(known.langs.values()) < _KNOWN_BY or not seen.langs:
        return False
    foreign = [lang for lang in seen.langs if _is_foreign(lang, known)]
    enough = _FEW_OURS if set(foreign) <= set(LANGUAGES) else _FEW_FOREIGN
    at_once = len(foreign) >= enough and len(foreign) >= _MOST * len(seen.langs)
    return at_once or (bool(foreign) and learned.strange_langs >= enough)


def _leads_elsewhere(known: Identity, learned: Identity, seen: Sighting, feed: Feed) -> bool:
    """Whether most new items link to domains that the feed never linked to, in this answer or one by one."""
    total = sum(known.links.values())
    own = sum(weight for link, weight in known.links.items() if _is_home(link, known, feed))
    if total < _KNOWN_BY or own < _OWN * total:
        return False
    strange = sum(_is_strange(link, known, feed) for link in seen.links)
    at_once = strange >= _FEW_LINKS and strange * 2 > len(seen.links)
    return at_once or (strange > 0 and learned.strange_links >= _FEW_LINKS)


def _leads_home(seen: Sighting, known: Identity, feed: Feed) -> bool:
    own = sum(_is_home(link, known, feed) for link in seen.links)
    return own * 2 > len(seen.links)


def _is_home(where: str, known: Identity, feed: Feed) -> bool:
    return where in known.domains or where in _own(feed)


def _own(feed: Feed) -> set[str]:
    """The domains that `feeds.yaml` gives to the outlet."""
    return {domain(feed.url), *(domain(f"https://{alias}/") for alias in feed.aliases)}


def _is_strange(link: str, known: Identity, feed: Feed) -> bool:
    return not _is_home(link, known, feed) and not _is_usual(link, known.links, _USUAL, _FEW_LINKS)


def _is_foreign(lang: str, known: Identity) -> bool:
    return not _is_usual(lang, known.langs, _RARE, _FEW_OURS)


def _is_usual(name: str, counted: Mapping[str, float], share: float, few: int) -> bool:
    """Whether something was seen often enough to be the feed's own; what trickles in does not become so by itself."""
    total, weight = sum(counted.values()), counted.get(name, 0.0)
    return weight >= share * total and (weight >= few or weight >= _MUCH * total)


def _in_a_row(before: int, odd: Sequence[bool]) -> int:
    """How many items in a row are odd, the oldest of an answer first; they come newest first."""
    count = before
    for one in reversed(odd):
        count = count + 1 if one else 0
    return count


def _weighed(before: Mapping[str, float], seen: Sequence[str]) -> dict[str, float]:
    """The counts with the new ones added; what is too much to remember makes the older ones lighter."""
    counted = Counter(before)
    counted.update(Counter(seen))
    total = sum(counted.values())
    share = min(1.0, _MEMORY / total) if total else 1.0
    return {name: round(weight * share, 2) for name, weight in counted.items()}


def _heaviest(counted: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(counted.items(), key=lambda one: -one[1])[:20])


def _main(counted: Mapping[str, float]) -> str:
    return max(counted, key=lambda name: counted[name], default="")
