"""Terms tried on themselves: those that can never match, and those that another one always finds first."""

from collections.abc import Iterator

from monitor.errors import Problem
from monitor.languages import Word, by_code
from monitor.matching.engine import LANGUAGE_NAMES, Matcher
from monitor.matching.lists import TermList, problem
from monitor.matching.plan import CompiledTerm, Plan, View, term_key
from monitor.matching.reading import Cover, Reading
from monitor.matching.terms import GroupPart, Phrase, TermError, parse
from monitor.matching.vocabulary import ANY
from monitor.model import LANGUAGES, Term

_DEEPEST_GROUP = 5  # groups inside groups


def silent(terms: TermList, path: str, matcher: Matcher) -> Iterator[Problem]:
    """Warnings about terms that do not even match their own words, or only inside a phrase of their topic's `except_in`."""
    guards = _guards(terms, matcher.plan)
    is_plain = not any(_is_vague(matcher.plan.terms[guard]) for guard in guards)
    for term in terms.terms:
        number = matcher.plan.numbers.get(term_key(term))
        if number is None or matcher.plan.terms[number].regex is not None:
            continue
        views = [matcher.views[lang] for lang in (LANGUAGES if term.lang == ANY else (term.lang,))]
        if is_plain and any(_finds_itself(number, guards, matcher.plan, view) for view in views):
            continue
        readings = [reading for view in views if (reading := _try(number, matcher.plan, view))]
        if not any(reading.spans(number) for reading in readings):
            yield problem(path, term, f"«{term.text}» can never match.", _why(term), level="warning")
        elif any(_is_swallowed(number, guards, reading) for reading in readings):
            what = f"«{term.text}» never counts: it lies inside a phrase of `except_in`."
            yield problem(path, term, what, "Take one of the two out.", level="warning")


def _guards(terms: TermList, plan: Plan) -> frozenset[int]:
    """The phrases of `except_in` that the terms of a list may lie inside."""
    if terms.topic is None or terms.terms is terms.topic.except_in:
        return frozenset()
    numbers = (plan.numbers.get(term_key(each)) for each in terms.topic.except_in)
    return frozenset(number for number in numbers if number is not None)


def _finds_itself(number: int, guards: frozenset[int], plan: Plan, view: View) -> bool:
    """Whether a term finds its own words and no guard is near: what a reading would say of most terms, and quicker."""
    compiled = plan.terms[number]
    try:
        parsed = parse(compiled.term)
    except TermError:
        return False
    if compiled.refused or not compiled.sequences or not isinstance(parsed, Phrase):
        return False
    elements = [element for element, _ in compiled.sequences[0]]
    if len(elements) != len(parsed.parts):
        return False
    for part, element in zip(parsed.parts, elements, strict=True):
        if isinstance(part, GroupPart):
            if guards or not view.groups.get(part.name):
                return False
            continue
        numbers = view.lookup.numbers(part.text)
        if element not in numbers or not all(guards.isdisjoint(view.triggers.get(each, ())) for each in numbers):
            return False
    return True


def _is_vague(guard: CompiledTerm) -> bool:
    """Whether a guard may stand in words that trigger nothing: a pattern does, and what is in a group may be one."""
    return guard.regex is not None or any(
        not isinstance(element, int) for sequence in guard.sequences for element, _ in sequence
    )


def _is_swallowed(number: int, guards: frozenset[int], reading: Reading) -> bool:
    cover = Cover(span for phrase in guards & reading.candidates for span in reading.spans(phrase))
    spans = reading.spans(number)
    return bool(spans) and all(cover.around(span) for span in spans)


def _try(number: int, plan: Plan, view: View) -> Reading | None:
    """An article that holds nothing but the term, in its own words."""
    words = _sample(number, plan, view, _DEEPEST_GROUP)
    return Reading(plan, view, "", " ".join(words)) if words else None


def _sample(number: int, plan: Plan, view: View, depth: int) -> list[str]:
    """The words of a term; a group is its first term that is tried in this language. Empty when there is none."""
    try:
        parsed = parse(plan.terms[number].term)
    except TermError:
        return []
    if not isinstance(parsed, Phrase) or not depth:
        return []
    words: list[str] = []
    for part in parsed.parts:
        if not isinstance(part, GroupPart):
            words.append(part.text)
            continue
        inner = next(
            filter(None, (_sample(each, plan, view, depth - 1) for each in view.groups.get(part.name, ()))), []
        )
        if not inner:
            return []
        words += inner
    return words


def _why(term: Term) -> str:
    if term.excluded:
        return "`except` takes away its own form."
    if "$" in term.text:
        return f"One of its groups has no term for {LANGUAGE_NAMES.get(term.lang, 'any language')}."
    return "Nothing it could be found by is left."


def shadowed(terms: TermList, path: str, matcher: Matcher) -> Iterator[Problem]:
    """Terms of a list that another term of the same list always finds."""
    plan = matcher.plan
    by_word: dict[int, Term] = {}
    for term in terms.terms:
        word = only_word(term, plan)
        if word >= 0:
            by_word.setdefault(word, term)
    for term in terms.terms:
        other = _wider(term, by_word, matcher) if not term.forms and not term.excluded else None
        if other is None and terms.topic is not None:
            other = _inside(term, by_word, plan)
        if other is not None:
            what = f"«{term.text}» adds nothing: «{other.text}» in line {other.line} finds it too."
            yield problem(path, term, what, "Delete it, or keep it as a note in a comment.", level="warning")


def only_word(term: Term, plan: Plan) -> int:
    """The number of the word that a one-word term is; -1 for any other term."""
    number = plan.numbers.get(term_key(term))
    sequences = plan.terms[number].sequences if number is not None else ()
    if len(sequences) != 1 or len(sequences[0]) != 1:
        return -1
    element = sequences[0][0][0]
    return element if isinstance(element, int) else -1


def _wider(term: Term, by_word: dict[int, Term], matcher: Matcher) -> Term | None:
    """A one-word term that finds every form of this one-word term."""
    own, view = only_word(term, matcher.plan), matcher.views.get(term.lang)
    if own < 0 or view is None or "!" in term.text:
        return None
    found = view.lookup.numbers(term.text.partition("/")[0]) - {own}
    others = [number for number in found if number in by_word and by_word[number].lang == term.lang]
    if not others:
        return None
    forms = _forms(term)
    for number in others:
        if all(number in view.lookup.numbers(form) for form in forms):
            return by_word[number]
    return None


def _forms(term: Term) -> list[str]:
    """The forms of a one-word term: all of them, or a sample where there is no end of them."""
    language = by_code()[term.lang]
    text, _, pos = term.text.partition("/")
    word: Word = language.word(text, "n" if pos == "n" else "v" if pos == "v" else None)
    return sorted(word.forms) + (language.sample(word) if word.accept else [])


def _inside(term: Term, by_word: dict[int, Term], plan: Plan) -> Term | None:
    """A one-word term that is a word of this phrase, however the phrase is written."""
    number = plan.numbers.get(term_key(term))
    sequences = plan.terms[number].sequences if number is not None else ()
    common = set.intersection(*({element for element, _ in each} for each in sequences)) if sequences else set()
    if len(sequences) < 1 or min(map(len, sequences)) == 1:
        return None
    return next((by_word[each] for each in common if isinstance(each, int) and each in by_word), None)
