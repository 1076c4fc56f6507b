"""Keyword files for tests, written as short as people think of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.matching.compile import compile_keywords
from monitor.matching.engine import Matcher
from monitor.model import Keywords, Name, Place, Sector, Severity, Term, Topic

Lists = Mapping[str, Sequence[Any]]


def terms(lists: Lists | None, line: int = 1) -> tuple[Term, ...]:
    """Terms of lists by language; a term is its text, or a dict with term, forms and except. One line each."""
    found = []
    for lang, items in (lists or {}).items():
        for item in items:
            entry = {"term": item} if isinstance(item, str) else item
            forms, excluded = tuple(entry.get("forms", ())), tuple(entry.get("except", ()))
            found.append(Term(text=entry["term"], lang=lang, line=line, column=9, forms=forms, excluded=excluded))
            line += 1
    return tuple(found)


def topic(name: str, severity: str = "urgent", *, live: bool = True, near: int | None = None, **parts: Any) -> Topic:
    """A topic from its lists."""
    return Topic(
        id=name,
        titles={"en": name},
        severity=Severity(severity),
        live=live,
        near=near,
        any=terms(parts.get("any"), line=10),
        all=tuple(terms(group, line=30 + 10 * at) for at, group in enumerate(parts.get("all", ()))),
        none=terms(parts.get("none"), line=60),
        except_in=terms(parts.get("except_in"), line=70),
        boost=terms(parts.get("boost"), line=80),
        match_examples=terms({"": parts.get("match", ())}, line=90),
        ignore_examples=terms({"": parts.get("ignore", ())}, line=95),
        line=9,
        column=3,
    )


def keywords(*topics: Topic, **sections: Any) -> Keywords:
    """A whole file: places, names and sectors as {id: lists}, groups, elsewhere and demote as in the file."""
    return Keywords(
        topics=topics,
        places=tuple(
            Place(id=name, region="KZ-47", terms=terms(lists)) for name, lists in sections.get("places", {}).items()
        ),
        names=tuple(
            Name(id=name, kind=kind, terms=terms(lists)) for (name, kind), lists in sections.get("names", {}).items()
        ),
        sectors=tuple(
            Sector(id=name, titles={}, terms=terms(lists)) for name, lists in sections.get("sectors", {}).items()
        ),
        groups={name: terms(lists, line=200) for name, lists in sections.get("groups", {}).items()},
        elsewhere=terms(sections.get("elsewhere")),
        demote=terms(sections.get("demote")),
    )


def matcher(*topics: Topic, **sections: Any) -> Matcher:
    """A matcher of such a file."""
    return compile_keywords(keywords(*topics, **sections))


def one(**parts: Any) -> Matcher:
    """A matcher with one topic, `t`, whose `any` lists are given by language."""
    return matcher(topic("t", any=parts))


def found(made: Matcher, text: str, lang: str | None = None, **more: Any) -> list[str]:
    """What was found in a text, as it stands there."""
    return [hit.form for hit in made.find("", text, lang=lang, **more).hits]
