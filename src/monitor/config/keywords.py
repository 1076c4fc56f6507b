"""`keywords.yaml`: topics, places, names and word lists, checked for shape; their terms are parsed by `matching`."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from monitor.config.nodes import ListNode, MapNode, TextNode
from monitor.config.problems import Problems
from monitor.config.shapes import (
    Duration,
    Reading,
    Region,
    Shape,
    Slug,
    Text,
    Version,
    choice,
    read_shape,
    whole_number,
)
from monitor.config.terms import TermLists, read_terms
from monitor.config.yaml import Document
from monitor.model import LANGUAGES, Keywords, Name, Place, Sector, Severity, Terms, Topic

NameKind = Literal["union", "company", "person", "organisation", "authority", "media", "law"]
PlaceKind = Literal["town", "site", "both", "region", "country"]
Status = Literal["live", "trial"]
TopicTurn = Literal["usual", "escalates", "ends", "none"]
# Groups that are always there; a list of that name would hide one.
BUILT_IN = ("places", "names", "companies", "unions", "people")
GROUP = re.compile(r"\$([A-Za-z][\w-]*)")
FARTHEST = 1000  # words; beyond this `near` says nothing
LOUDNESS = tuple(severity for severity in Severity if severity is not Severity.NONE)


def _sentences(node: Any, info: ValidationInfo) -> Terms:
    """Example sentences, with their places."""
    return tuple(read_terms(node, "", cast("Reading", info.context).problems))


Sentences = Annotated[
    Terms, PlainValidator(_sentences), WithJsonSchema({"type": ["array", "null"], "items": {"type": "string"}})
]
Near = Annotated[int, whole_number(1, FARTHEST)]
NO_TERMS = TermLists.model_construct()


class Titles(Shape):
    """What readers see, in their language."""

    NOUN = "title"
    en: Text = ""
    """In English."""
    ru: Text = ""
    """In Russian."""
    kk: Text = ""
    """In Kazakh."""


class Examples(Shape):
    """Sentences that `monitor check` tries."""

    NOUN = "set of examples"
    match: Sentences = ()
    """Headlines that must raise the topic."""
    ignore: Sentences = ()
    """Headlines that must not."""


class TopicShape(Shape):
    """One topic: what must match, what blocks it, how loudly it speaks."""

    NOUN = "topic"
    title: Titles
    """What readers see, in their language."""
    severity: Annotated[Severity, choice(LOUDNESS), WithJsonSchema({"type": "string", "enum": list(LOUDNESS)})]
    """urgent rings, normal is a silent message, digest is only in the letter."""
    status: Annotated[Status, choice(get_args(Status))] = "live"
    """trial: matched and shown to maintainers only."""
    turn: Annotated[TopicTurn, choice(get_args(TopicTurn))] = "usual"
    """When the topic comes new to a story that was told: escalates, ends (a settlement) or none; usually urgent topics escalate."""
    any: TermLists = NO_TERMS
    """One of these must match."""
    all: tuple[TermLists, ...] = ()
    """And, if given, one of every group here, within `near` words of one another."""
    none: TermLists = NO_TERMS
    """In the title or the lead, one of these blocks the topic for this article."""
    except_in: TermLists = NO_TERMS
    """A hit inside one of these phrases does not count."""
    boost: TermLists = NO_TERMS
    """One of these makes the article more important within the topic."""
    near: Near = 0
    """How many words apart the groups of `all` may stand."""
    stays_open: Duration = timedelta(0)
    """How long after its last report the letter lists a story of this topic as still open, such as 14d."""
    examples: Examples = Examples.model_construct()
    """Sentences that `monitor check` tries."""


class PlaceShape(TermLists):
    """A place in Kazakhstan, by its names."""

    NOUN = "place"
    id: Slug
    """Small Latin letters; becomes a hashtag."""
    kind: Annotated[PlaceKind, choice(get_args(PlaceKind))] = "town"
    """A site is a field or a plant; both is a town whose region goes by the same name. Two towns are two stories."""
    region: Region = ""
    """The region it lies in, as an ISO 3166-2 code."""


class NameShape(TermLists):
    """An organisation, company, person or law; the same id in every language."""

    NOUN = "name"
    id: Slug
    """Small Latin letters; becomes a hashtag."""
    kind: Annotated[NameKind, choice(get_args(NameKind))]
    """What it is; `$companies`, `$unions` and `$people` are the names of that kind."""


class SectorShape(TermLists):
    """A trade, by the words of those who work in it; it never rings."""

    NOUN = "sector"
    id: Slug
    """Small Latin letters."""
    title: Titles
    """What readers see, in their language."""


class KeywordDefaults(Shape):
    """What holds for every topic that does not say otherwise."""

    NOUN = "set of defaults"
    near: Near = Keywords().near
    """How many words apart the groups of `all` may stand."""


class KeywordsFile(Shape):
    """What monitor listens for."""

    NOUN = "keywords file"
    version: Version
    """Always 1."""
    defaults: KeywordDefaults = KeywordDefaults.model_construct()
    """What holds for every topic that does not say otherwise."""
    places: tuple[PlaceShape, ...] = ()
    """Kazakhstan: what an article from a global source must name."""
    names: tuple[NameShape, ...] = ()
    """Organisations, companies, people, laws; a name alone never rings."""
    sectors: tuple[SectorShape, ...] = ()
    """Trades: what a card names when an article names no place, company or union."""
    groups: dict[Slug, TermLists] = Field(default_factory=dict)
    """Word lists to use inside terms, as $name."""
    elsewhere: TermLists = NO_TERMS
    """Names one of these and nothing in Kazakhstan: at most the digest."""
    demote: TermLists = NO_TERMS
    """Words of retrospectives: at most the digest."""
    topics: dict[Slug, TopicShape]
    """What rings, by id."""


def make_keywords(document: Document, problems: Problems) -> Keywords:
    """The keywords of a file; mistakes are noted.

    Of a file with mistakes come all terms that could be read, as if they were one topic, so that their own mistakes
    are told in the same run.
    """
    reading = Reading(document, problems)
    file = read_shape(KeywordsFile, reading)
    root = document.root if isinstance(document.root, MapNode) else MapNode()
    _refuse_twins(root.get("places"), problems)
    _refuse_twins(root.get("names"), problems)
    _refuse_twins(root.get("sectors"), problems)
    _refuse_built_in(root.get("groups"), problems)
    _refuse_silent(root, document, problems)
    return keywords_of(file, root) if file and not document.holes else _heap(reading, _names(root.get("groups")))


def _heap(reading: Reading, groups: Iterable[str]) -> Keywords:
    """All terms of a file with mistakes; a group that may have stood in lost lines counts as one that is there."""
    used = (name for term in reading.terms for name in GROUP.findall(term.text)) if reading.document.holes else ()
    heap = Topic(id="", titles={}, severity=Severity.NONE, any=tuple(reading.terms))
    return Keywords(topics=(heap,), groups=dict.fromkeys(map(str, (*groups, *used)), ()))


def keywords_of(file: KeywordsFile, root: MapNode) -> Keywords:
    """The nouns of a file; `root` knows where the topics stand."""
    topics = root.get("topics")
    places = {str(key): key for key in topics.names()} if isinstance(topics, MapNode) else {}
    return Keywords(
        topics=tuple(_topic(name, topic, places[name]) for name, topic in file.topics.items()),
        places=tuple(
            Place(id=place.id, kind=place.kind, region=place.region or None, terms=place.terms) for place in file.places
        ),
        names=tuple(Name(id=name.id, kind=name.kind, terms=name.terms) for name in file.names),
        sectors=tuple(
            Sector(id=sector.id, titles=_titles(sector.title), terms=sector.terms) for sector in file.sectors
        ),
        groups={name: lists.terms for name, lists in file.groups.items()},
        elsewhere=file.elsewhere.terms,
        demote=file.demote.terms,
        near=file.defaults.near,
    )


def _topic(name: str, topic: TopicShape, key: TextNode) -> Topic:
    return Topic(
        id=name,
        titles=_titles(topic.title),
        severity=topic.severity,
        live=topic.status == "live",
        escalates=topic.turn == "escalates" or (topic.turn == "usual" and topic.severity is Severity.URGENT),
        ends=topic.turn == "ends",
        any=topic.any.terms,
        all=tuple(group.terms for group in topic.all),
        none=topic.none.terms,
        except_in=topic.except_in.terms,
        boost=topic.boost.terms,
        near=topic.near or None,
        stays_open=topic.stays_open,
        match_examples=topic.examples.match,
        ignore_examples=topic.examples.ignore,
        line=key.line,
        column=key.column,
    )


def _titles(title: Titles) -> dict[str, str]:
    return {lang: said for lang in LANGUAGES if (said := getattr(title, lang))}


def _names(node: Any) -> list[TextNode]:
    return node.names() if isinstance(node, MapNode) else []


def _refuse_twins(nodes: Any, problems: Problems) -> None:
    """An id stands for one place or name."""
    seen: dict[str, TextNode] = {}
    for node in nodes if isinstance(nodes, ListNode) else []:
        value = node.get("id") if isinstance(node, MapNode) else None
        if not isinstance(value, TextNode) or not value:
            continue
        if value in seen:
            what = f"The id `{value}` is already in line {seen[value].line}."
            problems.error_at(value, what, "Put all its terms together, or choose another id.")
        seen.setdefault(value, value)


def _refuse_built_in(groups: Any, problems: Problems) -> None:
    """A group must not hide one that is always there."""
    for key in _names(groups):
        if key in BUILT_IN:
            what = f"`${key}` always stands for the {key} of this file."
            problems.error_at(key, what, "Choose another name for the group.")


def _refuse_silent(root: MapNode, document: Document, problems: Problems) -> None:
    """A topic, a place, a name or a sector without terms can never be found."""
    topics = root.get("topics")
    topics = topics if isinstance(topics, MapNode) else MapNode()
    for key, topic in zip(topics.names(), topics.values(), strict=True):
        if isinstance(topic, MapNode) and not document.lost_part_of(topic) and not _speaks(topic):
            problems.error_at(key, f"The topic `{key}` has no terms.", "Write at least one below `any:`.")
    for section in ("places", "names", "sectors"):
        nodes = root.get(section)
        for node in nodes if isinstance(nodes, ListNode) else []:
            if isinstance(node, MapNode) and not document.lost_part_of(node) and not _has_terms(node):
                what, hint = f"`{node.get('id', '?')}` has no terms.", "Write at least one, such as `ru: [Жанаозен]`."
                problems.error_at(node, what, hint)


def _speaks(topic: MapNode) -> bool:
    """Whether a topic has terms under `any` or in a group of `all`."""
    groups = topic.get("all")
    return _has_terms(topic.get("any")) or any(map(_has_terms, groups if isinstance(groups, ListNode) else []))


def _has_terms(node: Any) -> bool:
    """Whether lists by language hold anything; whether that is right is somebody else's question."""
    return isinstance(node, MapNode) and any(
        value for key, value in node.items() if key not in {"id", "kind", "region", "title"}
    )
