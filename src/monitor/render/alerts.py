"""From what is at rest to what may be said: an Alert carries all that a card may show, and nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.model import LANGUAGES, Account, Alert, Feed, Hit, Keywords, Link, Standing, Story, Terms, Verdict

# What a term carries beside its words: case (!), part of speech (/n), a gap (~3).
_MARKS = re.compile(r"!|/[nv]\b|~\d+ ?")
_ORDER = {standing: rank for rank, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What topics, places and names are called in each language, and the region of each place."""

    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)


def labels(keywords: Keywords) -> Labels:
    """The names by which the keyword file knows things: the first term of each language."""
    return Labels(
        topics={topic.id: topic.titles for topic in keywords.topics},
        places={place.id: _first_terms(place.terms) for place in keywords.places},
        names={name.id: _first_terms(name.terms) for name in keywords.names},
        regions={place.id: place.region for place in keywords.places if place.region},
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
) -> Alert:
    """The alert of a story as told by `lead`; `accounts` are all its articles, `hits` the lead's own."""
    regions = dict.fromkeys(known.regions[place] for place in lead.places if place in known.regions)
    if not regions and lead.feed_id in feeds and (region := feeds[lead.feed_id].region):
        regions = {region: None}
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
        places=lead.places,
        regions=tuple(regions),
        place_names={place: known.places[place] for place in lead.places if place in known.places},
        names=lead.names,
        name_names={name: known.names[name] for name in lead.names if name in known.names},
        ring=verdict.ring,
        late=verdict.late,
        feed_id=lead.feed_id,
    )


def links(accounts: Sequence[Account], lead: Account, feeds: Mapping[str, Feed]) -> tuple[Link, ...]:
    """One link an outlet: the lead first, then independent voices before state ones."""
    others = sorted((one for one in accounts if one.feed_id != lead.feed_id), key=lambda one: _ORDER[one.standing])
    by_outlet = {one.feed_id: one for one in reversed([lead, *others])}
    ordered = dict.fromkeys(one.feed_id for one in [lead, *others])
    return tuple(
        Link(
            outlet=by_outlet[feed_id].outlet,
            standing=by_outlet[feed_id].standing,
            url=by_outlet[feed_id].url,
            title=by_outlet[feed_id].title,
            lang=by_outlet[feed_id].lang,
            blocked_in=feeds[feed_id].blocked_in if feed_id in feeds else (),
            published_at=by_outlet[feed_id].published_at,
        )
        for feed_id in ordered
    )
