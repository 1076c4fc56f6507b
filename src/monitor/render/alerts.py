"""From what is at rest to what may be said: an Alert carries all that a card may show, and nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model import (
    LANGUAGES,
    Account,
    Alert,
    Feed,
    Hit,
    Join,
    Keywords,
    Link,
    Relative,
    Spread,
    Standing,
    Story,
    Terms,
    Verdict,
)

# What a term carries beside its words: case (!), part of speech (/n), a gap (~3).
_MARKS = re.compile(r"!|/[nv]\b|~\d+ ?")
# Whose account is read first: those who depend least on the state.
_ORDER = {
    standing: rank
    for rank, standing in enumerate(
        (
            Standing.INDEPENDENT,
            Standing.UNION,
            Standing.FOREIGN,
            Standing.BUSINESS,
            Standing.OFFICIAL,
            Standing.STATE,
        )
    )
}
# Kinds of names that news can be about.
EMPLOYERS = frozenset({"company", "union"})
# Whose word is the state's.
STATE = frozenset({Standing.STATE, Standing.OFFICIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What topics, places, names and sectors are called in each language, and the region of each place.

    `employers` are the names that can be what news are about: companies and unions.
    `whole_regions` are the places that stand for a region as a whole: of each region the one listed first.
    """

    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sectors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    employers: frozenset[str] = frozenset()
    regions: Mapping[str, str] = field(default_factory=dict)
    whole_regions: frozenset[str] = frozenset()


def labels(keywords: Keywords) -> Labels:
    """The names by which the keyword file knows things: the first term of each language."""
    regions = {place.id: place.region for place in keywords.places if place.region}
    first_of = {region: place for place, region in reversed(regions.items())}
    return Labels(
        topics={topic.id: topic.titles for topic in keywords.topics},
        places={place.id: _first_terms(place.terms) for place in keywords.places},
        names={name.id: _first_terms(name.terms) for name in keywords.names},
        sectors={sector.id: sector.titles for sector in keywords.sectors},
        employers=frozenset(name.id for name in keywords.names if name.kind in EMPLOYERS),
        regions=regions,
        whole_regions=frozenset(first_of.values()),
    )


def _first_terms(terms: Terms) -> dict[str, str]:
    """The first plain term of each language; one that stands for all languages fills in where a language has none."""
    found: dict[str, str] = {}
    for term in terms:
        if not term.text.startswith(("re:", "$")):
            found.setdefault(term.lang, _MARKS.sub("", term.text).strip())
    anywhere = found.pop("any_lang", None)
    return found if anywhere is None else dict.fromkeys(LANGUAGES, anywhere) | found


def tell(
    story: Story,
    accounts: Sequence[Account],
    hits: Sequence[Hit],
    verdict: Verdict,
    *,
    lead: Account,
    feeds: Mapping[str, Feed],
    known: Labels,
    relatives: Sequence[Relative] = (),
    state_read_count: int = 0,
    updated_at: datetime | None = None,
    is_reply: bool = False,
) -> Alert:
    """The alert of a story as told by `lead`; `accounts` are all its articles, `hits` the lead's own.

    `relatives`, `state_read_count`, `updated_at` and `is_reply` go onto the card as they are.
    """
    return Alert(
        ref=story.ref,
        severity=lead.severity,
        topics=lead.topics,
        topic_titles={topic: known.topics[topic] for topic in lead.topics if topic in known.topics},
        title=lead.title,
        lang=lead.lang,
        text=lead.text,
        hits=tuple(hit for hit in hits if hit.topic in lead.topics),
        links=links(accounts, lead, feeds),
        seen_at=lead.seen_at,
        published_at=lead.published_at,
        places=_nearest(lead.places, known),
        regions=regions_of(lead.places, feeds.get(lead.feed_id), known),
        place_names={place: known.places[place] for place in lead.places if place in known.places},
        names=lead.names,
        name_names={name: known.names[name] for name in lead.names if name in known.names},
        about=tuple(name for name in lead.about if name in known.employers),
        sectors=lead.sectors,
        sector_titles={sector: known.sectors[sector] for sector in lead.sectors if sector in known.sectors},
        ring=verdict.ring,
        late=verdict.late,
        feed_id=lead.feed_id,
        spread=spread(accounts, lead, relatives, state_read_count, updated_at),
        relatives=tuple(relatives),
        escalation=verdict.escalation,
        is_reply=is_reply,
    )


def regions_of(places: Sequence[str], feed: Feed | None, known: Labels) -> tuple[str, ...]:
    """The regions that an article is about: those of its places, else that of its outlet."""
    named = dict.fromkeys(known.regions[place] for place in places if place in known.regions)
    return tuple(named) if named or feed is None or not feed.region else (feed.region,)


def _nearest(places: Sequence[str], known: Labels) -> tuple[str, ...]:
    """The places without the region of a town that is named itself."""
    towns = {known.regions.get(place) for place in places if place not in known.whole_regions}
    return tuple(place for place in places if place not in known.whole_regions or known.regions[place] not in towns)


def spread(
    accounts: Sequence[Account],
    lead: Account,
    relatives: Sequence[Relative] = (),
    state_read_count: int = 0,
    updated_at: datetime | None = None,
) -> Spread:
    """How far a story has gone, from all its articles."""
    by_outlet = {one.feed_id: one.standing for one in accounts}
    told_in = [one.lang for one in accounts] + [one.lang for one in relatives if one.join is Join.ALSO]
    return Spread(
        outlet_count=len(by_outlet),
        independent_only=set(by_outlet.values()) == {Standing.INDEPENDENT},
        state_read_count=state_read_count,
        state_after=_in_state_after(accounts),
        also_in=tuple(dict.fromkeys(lang for lang in told_in if lang and lang != lead.lang)),
        updated_at=updated_at,
    )


def _in_state_after(accounts: Sequence[Account]) -> timedelta | None:
    """How long after the first outlet the first one of the state told it; None while none has."""
    state = [one.seen_at for one in accounts if one.standing in STATE]
    return min(state) - min(one.seen_at for one in accounts) if state else None


def links(accounts: Sequence[Account], lead: Account, feeds: Mapping[str, Feed]) -> tuple[Link, ...]:
    """One link an outlet, its latest account: independent voices first, those of the state last, the lead before its like."""
    ordered = sorted([lead, *accounts], key=lambda one: (_ORDER[one.standing], one.feed_id != lead.feed_id))
    by_outlet = {one.feed_id: one for one in accounts} | {lead.feed_id: lead}
    return tuple(
        Link(
            outlet=one.outlet,
            standing=one.standing,
            url=one.url,
            title=one.title,
            lang=one.lang,
            blocked_in=feeds[one.feed_id].blocked_in if one.feed_id in feeds else (),
            published_at=one.published_at,
            seen_at=one.seen_at,
            quoted=one is lead,
        )
        for one in (by_outlet[feed_id] for feed_id in dict.fromkeys(one.feed_id for one in ordered))
    )
