"""What looks wrong in a keyword file without being wrong: warnings, never refusals."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from monitor.errors import Problem
from monitor.matching.engine import Matcher
from monitor.matching.lists import TermList, lists_of, problem
from monitor.matching.samples import only_word, shadowed, silent
from monitor.matching.terms import Phrase, TermError, WordPart, parse
from monitor.model import Keywords, Term, Topic
from monitor.text.fold import fold

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_INFINITIVE = re.compile(r".{2,}(?:ть|ти|чь)(?:ся|сь)?")
# After these an infinitive is a phrase (право бастовать); after any other word it is more often a lost comma.
_BEFORE_INFINITIVES = re.compile(
    r"не|прав|отказ|запре|треб|призыв|призвал|возможн|реш|намер|попыт|угр|обещ|приказ|готов|необходим|желан|обязан|пора"
    r"|нельзя|можно|невозможн|план|начать|начин|перест|продолж|хотеть|мочь|прекра|согла|разреш|помоч|заставл|застав"
)
PAIR = 2


def doubts(keywords: Keywords, path: str, matcher: Matcher) -> list[Problem]:
    """Every warning about the terms and topics of `keywords`, which `matcher` was made of."""
    found: list[Problem] = []
    for terms in lists_of(keywords):
        found += _repeated(terms, path)
        found += shadowed(terms, path, matcher)
        found += silent(terms, path, matcher)
        alone = _alone(terms)
        for term in terms.terms:
            found += _doubts_about(term, terms, alone[term.lang], path, matcher)
    found += [_without_examples(topic, path) for topic in keywords.topics if not _is_tried(topic)]
    return found


def _is_tried(topic: Topic) -> bool:
    return bool(topic.match_examples and topic.ignore_examples)


def _without_examples(topic: Topic, path: str) -> Problem:
    lacking = "match" if not topic.match_examples else "ignore"
    return Problem(
        path=path,
        line=topic.line,
        column=topic.column,
        what=f"The topic `{topic.id}` has no examples to {lacking}.",
        hint="Add a few headlines under `examples:`; every check runs them.",
        level="warning",
    )


def _words(term: Term) -> tuple[WordPart, ...]:
    """The words of a term that is one word or a phrase of plain words next to one another; empty for all others."""
    try:
        parsed = parse(term)
    except TermError:
        return ()
    parts = parsed.parts if isinstance(parsed, Phrase) else ()
    words = tuple(part for part in parts if isinstance(part, WordPart) and not part.gap)
    return words if len(words) == len(parts) else ()


def _alone(terms: TermList) -> Mapping[str, AbstractSet[str]]:
    """The terms of a list by language, folded: a phrase of two of them is probably none."""
    found: dict[str, set[str]] = {}
    for term in terms.terms:
        found.setdefault(term.lang, set()).add(fold(term.text))
    return found


def _doubts_about(
    term: Term, terms: TermList, alone: AbstractSet[str], path: str, matcher: Matcher
) -> Iterator[Problem]:
    mark = re.search("[,;]", term.text)
    if mark and not term.text.startswith("re:"):
        hint = "Write one term per line; inside a phrase, leave it out."
        yield problem(path, term, f"«{mark[0]}» inside a term.", hint, offset=mark.start(), level="warning")
    words = _words(term)
    if second := _second_term(words, term, alone):
        what = f"«{term.text}» looks like two terms."
        hint = f"Put a comma before «{second.text}»; if it is a phrase, write «{words[0].text} ~1 {second.text}»."
        yield problem(path, term, what, hint, offset=second.offset, level="warning")
    for word in words:
        if term.lang == "en" and _CYRILLIC.search(word.text):
            what = f"«{word.text}» is tried in English articles only."
            hint = "Move it below `ru:`, `kk:` or `any_lang:`."
            yield problem(path, term, what, hint, offset=word.offset, level="warning")
    if len(words) == 1 and not terms.names:
        for said in matcher.plan.assumed.get(only_word(term, matcher.plan), ()):
            yield problem(path, term, f"«{term.text}»: {said}", level="warning")


def _second_term(words: tuple[WordPart, ...], term: Term, alone: AbstractSet[str]) -> WordPart | None:
    """The word before which a comma was probably forgotten."""
    if len(words) < PAIR or any(word.exact for word in words):
        return None
    if all(fold(word.text) in alone for word in words):
        return words[1]
    if term.lang != "ru" or len(words) > PAIR:
        return None
    first, second = (fold(word.text) for word in words)
    if _INFINITIVE.fullmatch(second) and not _INFINITIVE.fullmatch(first) and not _BEFORE_INFINITIVES.match(first):
        return words[1]
    return None


def _repeated(terms: TermList, path: str) -> Iterator[Problem]:
    """Terms that stand in one list twice."""
    seen: dict[tuple[str, str], Term] = {}
    for term in terms.terms:
        text = term.text if "!" in term.text or term.text.startswith("re:") else fold(" ".join(term.text.split()))
        before = seen.setdefault((term.lang, text), term)
        if before is not term:
            what = f"«{term.text}» stands in this list already, in line {before.line}."
            yield problem(path, term, what, "Delete one of the two.", level="warning")
