"""What a keyword file becomes: numbered terms, the lists they stand in, and what triggers them in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from monitor.matching.lookup import Lookup
from monitor.matching.regexes import Regex, RegexSet
from monitor.model import Term, Topic

Element = int | str
"""A word by its number, or a group by its name."""

Sequence = tuple[tuple[Element, int], ...]
"""Elements in order, each with the number of words that may stand in front of it."""

Part = Literal["any", "all", "none", "except_in", "boost", "place", "name", "sector", "elsewhere", "demote", "group"]


@dataclass(frozen=True, slots=True)
class Role:
    """One list a term stands in: a part of a topic (by its index), or a place, a name, a sector, a group (by its id)."""

    part: Part
    topic: int = -1
    group: int = -1
    id: str = ""


TermKey = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def term_key(term: Term) -> TermKey:
    """What makes two lines of the file one term."""
    return term.lang, term.text, term.forms, term.excluded


@dataclass(frozen=True, slots=True)
class CompiledTerm:
    """A term as alternatives of sequences, or a regular expression; `refused` sequences are not it."""

    term: Term
    sequences: tuple[Sequence, ...] = ()
    refused: tuple[Sequence, ...] = ()
    regex: Regex | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The keyword file as an article of one language sees it.

    `triggers` maps a word to the terms of topics, places, names and guards that may match when it is there, `members`
    to those that stand in groups; `groups` a name to the terms of it that are tried in this language.
    """

    lookup: Lookup
    triggers: Mapping[int, tuple[int, ...]]
    members: Mapping[int, tuple[int, ...]]
    groups: Mapping[str, tuple[int, ...]]
    regexes: RegexSet
    regex_terms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The compiled keyword file, the same for all languages."""

    terms: tuple[CompiledTerm, ...]
    roles: tuple[tuple[Role, ...], ...]
    topics: tuple[Topic, ...]
    near: tuple[int, ...]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    kazakh_names: frozenset[str] = frozenset()
    numbers: Mapping[TermKey, int] = field(default_factory=dict)
    assumed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """What a language had to assume about a word, in its own words, by the word's number."""
