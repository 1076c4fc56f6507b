"""The keyword file and what it finds: terms, topics, places and names; hits and findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from monitor.model.basics import Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of the keyword file, unparsed, with the place it stands at (1-based) for error messages.

    `lang` is the language of the list it stands in, or `any_lang`. `forms` are added to, and `excluded` taken
    from, the forms that the language gives.
    """

    text: str
    lang: str
    line: int = 0
    column: int = 0
    forms: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in Kazakhstan: what an article from a global source must name.

    `kind` is town, site (a field, a plant), both (a town whose region goes by the same name), region or country.
    """

    id: str
    kind: str = "town"
    region: str | None = None
    terms: Terms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An organisation, company, person or law; a name alone never rings."""

    id: str
    kind: str
    terms: Terms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """A trade: what a card names when an article names no place, company or union; it never rings."""

    id: str
    titles: Mapping[str, str]
    terms: Terms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic of the keyword file: what must match, what blocks it, how loudly it speaks.

    A story that was told rings again when a topic that `escalates` or `ends` comes new to it. The
    letter goes on listing its stories as open for `stays_open` after the last report.
    """

    id: str
    titles: Mapping[str, str]
    severity: Severity
    live: bool = True
    escalates: bool = False
    ends: bool = False
    any: Terms = ()
    all: tuple[Terms, ...] = ()
    none: Terms = ()
    except_in: Terms = ()
    boost: Terms = ()
    near: int | None = None
    stays_open: timedelta = timedelta(0)
    match_examples: tuple[Term, ...] = ()
    ignore_examples: tuple[Term, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords:
    """The whole of `config/keywords.yaml`, checked for shape; terms are compiled by `matching`."""

    topics: tuple[Topic, ...] = ()
    places: tuple[Place, ...] = ()
    names: tuple[Name, ...] = ()
    sectors: tuple[Sector, ...] = ()
    groups: Mapping[str, Terms] = field(default_factory=dict)
    elsewhere: Terms = ()
    demote: Terms = ()
    near: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A term found in an article; `start`/`end` count code points of `field` (title or text)."""

    topic: str
    term: str
    lang: str
    form: str
    field: Literal["title", "text"]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """A topic whose rule holds. `blocked` names the guard term that silenced it, `trial` topics never count."""

    topic: str
    severity: Severity
    score: int
    hits: tuple[Hit, ...]
    live: bool = True
    blocked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A topic that almost matched, and what was missing, in words."""

    topic: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that the matcher says of one article.

    `severity` is the highest among matched live topics after the guards and `reason` one of MATCHED, NO_TOPIC,
    NO_PLACE, ELSEWHERE, DEMOTED, BLOCKED, TRIAL. `places` and `names` are ids, in order of appearance. `about` are the
    names, and `sectors` the sectors, that stand in the title or the lead: what the article is about.
    """

    lang: str
    severity: Severity
    reason: Reason
    topics: tuple[TopicMatch, ...] = ()
    near: tuple[NearMiss, ...] = ()
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits of all matched topics, in the order of the topics."""
        return tuple(hit for topic in self.topics for hit in topic.hits)
