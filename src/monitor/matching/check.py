"""What is wrong with the terms of a keyword file, and what looks wrong: all of it at once, each with its place."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from monitor.errors import Problem
from monitor.matching.compile import BUILT_IN_GROUPS, compile_keywords
from monitor.matching.doubts import doubts
from monitor.matching.engine import Matcher
from monitor.matching.lists import lists_of, problem
from monitor.matching.regexes import Regex
from monitor.matching.terms import GroupPart, Pattern, Phrase, TermError, parse
from monitor.model import Keywords, Term, Terms


def refusals(keywords: Keywords, path: str) -> list[Problem]:
    """Every mistake that a file must be refused for, in the order of the file `path`; cheap, for every start."""
    found: list[Problem] = []
    for each in lists_of(keywords):
        for term in each.terms:
            found += _mistakes_of(term, keywords, path)
    for name, terms in keywords.groups.items():
        found += _circles(name, terms, keywords.groups, path)
    return _in_order(found)


def mistakes(keywords: Keywords, path: str, matcher: Matcher | None = None) -> list[Problem]:
    """The refusals, and every doubt as a warning: what maintainers want to see before they trust a file.

    `matcher` is the compiled `keywords`, if the caller has it already.
    """
    found = refusals(keywords, path)
    wrong = frozenset((mistake.line, mistake.column) for mistake in found)
    found += [
        doubt
        for doubt in doubts(keywords, path, matcher or compile_keywords(keywords))
        if (doubt.line, doubt.column) not in wrong  # one word about a term is enough
    ]
    return _in_order(found)


def _in_order(found: Iterable[Problem]) -> list[Problem]:
    unique = dict.fromkeys(found)  # a term merged into two places by an anchor is one mistake
    return sorted(unique, key=lambda problem: (problem.line, problem.column, problem.level))


def _mistakes_of(term: Term, keywords: Keywords, path: str) -> Iterator[Problem]:
    try:
        parsed = parse(term)
        if isinstance(parsed, Pattern):
            Regex(parsed)
    except TermError as error:
        what = f"{error.message[:1].upper()}{error.message[1:]}."
        yield problem(path, term, what, error.hint, offset=error.offset)
        return
    if isinstance(parsed, Phrase):
        yield from _unknown_groups(term, parsed, keywords, path)


def _unknown_groups(term: Term, phrase: Phrase, keywords: Keywords, path: str) -> Iterator[Problem]:
    known = {*keywords.groups, *BUILT_IN_GROUPS}
    for part in phrase.parts:
        if isinstance(part, GroupPart) and part.name not in known:
            near = get_close_matches(part.name, sorted(known), n=1)
            hint = (
                f"Did you mean ${near[0]}?"
                if near
                else f"There are: {', '.join(f'${name}' for name in sorted(known))}."
            )
            yield problem(path, term, f"No group is called ${part.name}.", hint, offset=part.offset)


def _circles(name: str, terms: Terms, groups: Mapping[str, Terms], path: str) -> Iterator[Problem]:
    """A group that uses itself, directly or through others."""
    for term in terms:
        for part in _groups_in(term):
            if name in _reach(part.name, groups):
                what = f"The group ${name} contains itself through ${part.name}."
                yield problem(path, term, what, "Take one of the two out.", offset=part.offset)


def _reach(name: str, groups: Mapping[str, Terms]) -> set[str]:
    """A group and all groups it uses."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += [part.name for term in groups.get(current, ()) for part in _groups_in(term)]
    return seen


def _groups_in(term: Term) -> Iterable[GroupPart]:
    try:
        parsed = parse(term)
    except TermError:
        return []
    return [part for part in parsed.parts if isinstance(part, GroupPart)] if isinstance(parsed, Phrase) else []
