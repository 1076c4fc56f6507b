"""The lists of a keyword file, one by one, under the names people know them by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from monitor.errors import Problem
from monitor.model import Keywords, Term, Terms, Topic


@dataclass(frozen=True, slots=True)
class TermList:
    """One list. `names` is true for places and names, whose words no dictionary needs to know."""

    terms: Terms
    topic: Topic | None = None
    names: bool = False


def lists_of(keywords: Keywords) -> Iterator[TermList]:
    """Every list of terms of the file."""
    for topic in keywords.topics:
        for terms in (topic.any, *topic.all, topic.none, topic.except_in, topic.boost):
            yield TermList(terms, topic)
    for place in keywords.places:
        yield TermList(place.terms, names=True)
    for name in keywords.names:
        yield TermList(name.terms, names=True)
    for sector in keywords.sectors:
        yield TermList(sector.terms)
    for terms in (*keywords.groups.values(), keywords.elsewhere, keywords.demote):
        yield TermList(terms)


def problem(
    path: str, term: Term, what: str, hint: str = "", *, offset: int = 0, level: Literal["error", "warning"] = "error"
) -> Problem:
    """A problem that points at a character of a term."""
    return Problem(path=path, line=term.line, column=term.column + offset, what=what, hint=hint, level=level)
