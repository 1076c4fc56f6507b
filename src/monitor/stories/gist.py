"""What an article is about, in a form that two articles can be compared by: words, numbers, places, firms, people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.languages.little import is_little
from monitor.languages.numerals import numbers
from monitor.model import Article, Finding, Gist, Keywords, Severity
from monitor.stories.names import STEM, Dull, names_in, skeleton
from monitor.text.fold import fold
from monitor.text.tokens import find_words

LONGEST_LOOK = 6000  # code points of a text that are looked through for names
SHORT_WORD = 2
# Kinds of names that say who an employer or a union is.
FIRMS = frozenset({"company", "union"})
PERSON = "person"
BODIES = frozenset({"organisation", "authority"})
WIDE = frozenset({"country", "region"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """What the keyword file knows beside topics: kinds of places and names, regions, the words of the trade.

    `common` are the stems of all its terms: they say what kind of news it is, not which. `towns` are the stems of places,
    which are compared by their ids. `dull` knows the words that name nobody.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()
    dull: Dull = field(default_factory=Dull)

    def is_town(self, place: str) -> bool:
        """Whether a place is one town, field or plant, not a region or the country."""
        return self.places.get(place, "town") not in WIDE


def atlas_of(keywords: Keywords, outlets: Iterable[str] = ()) -> Atlas:
    """The atlas of a keyword file; `outlets` are the names of the sources."""
    terms = [*(term for topic in keywords.topics for term in topic.any)]
    terms += [term for group in keywords.groups.values() for term in group]
    words = (fold(word) for term in terms if not term.text.startswith("re:") for word in find_words(term.text))
    bodies = [
        word
        for name in keywords.names
        if name.kind not in (FIRMS | {PERSON})
        for term in name.terms
        for word in find_words(term.text)
    ]
    places = [word for place in keywords.places for term in place.terms for word in find_words(term.text)]
    titles = [word for outlet in outlets for word in find_words(outlet)]
    common = frozenset(word[:STEM] for word in words if len(word) > SHORT_WORD)
    marks = frozenset(mark for word in (*places, *bodies, *titles) if (mark := skeleton(word)))
    return Atlas(
        places={place.id: place.kind for place in keywords.places},
        regions={place.id: place.region for place in keywords.places if place.region},
        kinds={name.id: name.kind for name in keywords.names},
        common=common,
        towns=frozenset(fold(word)[:STEM] for word in places if len(word) > SHORT_WORD and word[0].isupper()),
        dull=Dull(skeletons=marks, stems=common),
    )


def gist_of(article: Article, lead: str, whole: Finding, atlas: Atlas, *, early: Finding, headline: Finding) -> Gist:
    """The gist of an article. `lead` is the beginning of its text.

    `early` is what the matcher found in headline and lead, `headline` what it found in the headline alone.
    """
    named = names_in(article.title, lead, atlas.dull)
    headwords = [word for word in find_words(article.title) if len(word) > SHORT_WORD]
    titled = names_in(article.title, "", atlas.dull)
    everywhere = names_in(article.title, article.text[:LONGEST_LOOK], atlas.dull)
    folded = fold(f"{article.title}\n{lead}")
    words = (word for word in find_words(folded) if len(word) > SHORT_WORD and not word[0].isdigit())
    stems = frozenset(word[:STEM] for word in words if not is_little(word))
    firms = frozenset(name for name in early.names if atlas.kinds.get(name) in FIRMS)
    return Gist(
        lang=article.lang,
        words=stems - atlas.towns - frozenset(word[:STEM] for word in named.words),
        numbers=numbers(folded),
        places=frozenset(early.places),
        firms=firms,
        names=named.firms,
        openers=named.openers,
        people=named.others | frozenset(name for name in early.names if atlas.kinds.get(name) == PERSON),
        sectors=frozenset(whole.sectors),
        bodies=frozenset(name for name in early.names if atlas.kinds.get(name) in BODIES),
        topics=_live(whole),
        all_places=frozenset(whole.places),
        all_firms=frozenset(name for name in whole.names if atlas.kinds.get(name) in FIRMS),
        all_names=everywhere.firms | everywhere.others,
        early_topics=frozenset(topic for topic in _live(whole) if _stands_early(topic, whole, len(lead))),
        title_places=frozenset(place for place in headline.places if atlas.is_town(place)),
        title_firms=frozenset(name for name in headline.names if atlas.kinds.get(name) in FIRMS) | titled.firms,
        title_names=titled.firms | titled.others,
        title_words=frozenset(fold(word)[:STEM] for word in headwords),
        title_capitals=frozenset(fold(word)[:STEM] for word in headwords if word[0].isupper()),
    )


def _live(finding: Finding) -> frozenset[str]:
    """The topics that say what happened; ceremonies and statistics are in every second article of a union."""
    counted = (topic for topic in finding.topics if topic.live and not topic.blocked)
    return frozenset(topic.topic for topic in counted if topic.severity is not Severity.DIGEST)


def _stands_early(topic: str, finding: Finding, lead_length: int) -> bool:
    """Whether a topic has a hit in the headline or in the lead."""
    hits = (hit for one in finding.topics if one.topic == topic for hit in one.hits)
    return any(hit.field == "title" or hit.start < lead_length for hit in hits)
