"""Keywords in, a Matcher out: every word expanded once, every list turned inside out."""

from collections.abc import Iterable, Mapping
from itertools import islice, product

from monitor.languages import by_code
from monitor.matching.engine import Matcher
from monitor.matching.lookup import Lookup
from monitor.matching.plan import CompiledTerm, Plan, Role, Sequence, TermKey, View, term_key
from monitor.matching.regexes import Regex, RegexSet
from monitor.matching.terms import GroupPart, Pattern, Phrase, TermError, WordPart, parse
from monitor.matching.triggers import Triggers
from monitor.matching.vocabulary import ANY, Vocabulary, loans_of
from monitor.model import Keywords, Name, Place, Term, Terms, Topic
from monitor.text.fold import fold
from monitor.text.tokens import find_words

# Groups every file has: the names of one kind, and everything of a kind.
KINDS = {"companies": "company", "unions": "union", "people": "person"}
BUILT_IN_GROUPS = frozenset({"places", "names", *KINDS})
# Names that say "Kazakhstan" like a place does; an international body or a law does not.
KAZAKH_KINDS = frozenset(KINDS.values())
# Languages whose articles also try the lists of another one.
BORROWS: Mapping[str, tuple[str, ...]] = {"kk": ("ru",)}
MOST_SEQUENCES = 16  # ways to write one phrase; each hyphen doubles or triples them


def compile_keywords(keywords: Keywords) -> Matcher:
    """Make a matcher. Terms that cannot be used are left out: `check.mistakes` tells of them."""
    builder = _Builder()
    for index, topic in enumerate(keywords.topics):
        builder.add_topic(index, topic)
    for place in keywords.places:
        builder.add(place.terms, Role("place", id=place.id), Role("group", id="places"))
    for name in keywords.names:
        kinds = [kind for kind, of_kind in KINDS.items() if of_kind == name.kind]
        builder.add(name.terms, Role("name", id=name.id), *(Role("group", id=kind) for kind in ["names", *kinds]))
    for sector in keywords.sectors:
        builder.add(sector.terms, Role("sector", id=sector.id))
    for group, terms in keywords.groups.items():
        builder.add(terms, Role("group", id=group))
    builder.add(keywords.elsewhere, Role("elsewhere"))
    builder.add(keywords.demote, Role("demote"))
    plan = Plan(
        terms=tuple(builder.terms),
        roles=tuple(tuple(dict.fromkeys(roles)) for roles in builder.roles),
        topics=keywords.topics,
        near=tuple(keywords.near if topic.near is None else topic.near for topic in keywords.topics),
        labels=_labels(keywords.places) | _labels(keywords.names),
        regions={place.id: place.region for place in keywords.places if place.region},
        kazakh_names=frozenset(name.id for name in keywords.names if name.kind in KAZAKH_KINDS),
        numbers=builder.numbers,
        assumed=builder.vocabulary.assumed,
    )
    return Matcher(plan, {lang: builder.view(lang) for lang in ("", *by_code())})


def _labels(things: Iterable[Place | Name]) -> dict[str, dict[str, str]]:
    return {each.id: label(each.terms) for each in things}


def label(terms: Terms) -> dict[str, str]:
    """What to call a place or a name in each language: its first plain term there, or its first of any language."""
    found: dict[str, str] = {}
    for term in terms:
        if not term.text.startswith(("re:", "$")):
            found.setdefault(
                term.lang, " ".join(word.removesuffix("!") for word in term.text.split() if word[0] != "~")
            )
    anywhere = found.pop(ANY, None)
    return found if anywhere is None else dict.fromkeys(by_code(), anywhere) | found


class _Builder:
    """Numbers terms; one term in many lists has one number and many roles."""

    def __init__(self) -> None:
        self.terms: list[CompiledTerm] = []
        self.roles: list[list[Role]] = []
        self._numbers: dict[TermKey, int | None] = {}
        self.vocabulary = Vocabulary()
        self._lengths: dict[int, int] = {}

    @property
    def numbers(self) -> dict[TermKey, int]:
        """The numbers of the terms that could be used."""
        return {key: number for key, number in self._numbers.items() if number is not None}

    def add_topic(self, index: int, topic: Topic) -> None:
        self.add(topic.any, Role("any", topic=index))
        for group, terms in enumerate(topic.all):
            self.add(terms, Role("all", topic=index, group=group))
        self.add(topic.none, Role("none", topic=index))
        self.add(topic.except_in, Role("except_in", topic=index))
        self.add(topic.boost, Role("boost", topic=index))

    def add(self, terms: Iterable[Term], *roles: Role) -> None:
        for term in terms:
            key = term_key(term)
            if key not in self._numbers:
                self._numbers[key] = self._compile(term)
            number = self._numbers[key]
            if number is not None:
                self.roles[number] += roles

    def _compile(self, term: Term) -> int | None:
        try:
            parsed = parse(term)
            compiled = (
                CompiledTerm(term, regex=Regex(parsed)) if isinstance(parsed, Pattern) else self._phrase(term, parsed)
            )
        except TermError:
            return None
        self.terms.append(compiled)
        self.roles.append([])
        return len(self.terms) - 1

    # ── One phrase ──

    def _phrase(self, term: Term, phrase: Phrase) -> CompiledTerm:
        """Every way to write a phrase; the author's own forms are further ways, the excluded ones are none."""
        words = [find_words(fold(form)) for form in term.excluded]
        refused = frozenset(found[0] for found in words if len(found) == 1)
        ways = [self._ways(part, term.lang, refused) for part in phrase.parts]
        sequences = [tuple(step for way in chosen for step in way) for chosen in islice(product(*ways), MOST_SEQUENCES)]
        sequences += [self._literal(find_words(fold(form)), term.lang) for form in term.forms]
        return CompiledTerm(
            term,
            sequences=tuple(filter(None, sequences)),
            refused=tuple(self._literal(found, term.lang) for found in words if len(found) > 1),
            exact=phrase.exact,
        )

    def _ways(self, part: WordPart | GroupPart, lang: str, refused: frozenset[str]) -> list[Sequence]:
        """The ways to write one part: walk-out is also walkout and walk out."""
        if isinstance(part, GroupPart):
            return [((part.name, part.gap),)]
        ways: list[Sequence] = [((self._word(part, lang, refused), part.gap),)]
        pieces = [piece for piece in fold(part.text).split("-") if piece]
        if len(pieces) > 1 and not part.exact:
            spread = [self._word(WordPart(piece), lang, refused) for piece in pieces]
            ways.append(tuple((word, 0 if at else part.gap) for at, word in enumerate(spread)))
            ways.append(((self._word(WordPart("".join(pieces), part.pos), lang, refused), part.gap),))
        return ways

    def _word(self, part: WordPart, lang: str, refused: frozenset[str]) -> int:
        number = self.vocabulary.number(part, lang, refused)
        self._lengths[number] = len(part.text)
        return number

    def _literal(self, words: list[str], lang: str) -> Sequence:
        numbers = [self.vocabulary.literal(word, lang) for word in words]
        self._lengths |= zip(numbers, map(len, words), strict=True)
        return tuple((number, 0) for number in numbers)

    # ── One language ──

    def view(self, lang: str) -> View:
        """The plan as an article in `lang` sees it."""
        tried = {lang, ANY, *BORROWS.get(lang, ())}
        active = [number for number, term in enumerate(self.terms) if term.term.lang in tried or term.exact]
        groups: dict[str, list[int]] = {}
        for number in active:
            for role in self.roles[number]:
                if role.part == "group":
                    groups.setdefault(role.id, []).append(number)
        words = Triggers(self.terms, self._lengths, groups)
        triggers: dict[int, list[int]] = {}
        members: dict[int, list[int]] = {}
        for number in active:
            in_groups = [role.part == "group" for role in self.roles[number]]
            for key in words.of(number):
                if not all(in_groups):
                    triggers.setdefault(key, []).append(number)
                if any(in_groups):
                    members.setdefault(key, []).append(number)
        patterns = [number for number in active if self.terms[number].regex is not None]
        readings = getattr(by_code().get(lang), "readings", None)
        return View(
            lookup=Lookup(self.vocabulary, [lang, loans_of(lang), *BORROWS.get(lang, ()), ANY], readings),
            triggers={key: tuple(numbers) for key, numbers in triggers.items()},
            members={key: tuple(numbers) for key, numbers in members.items()},
            groups={name: tuple(dict.fromkeys(numbers)) for name, numbers in groups.items()},
            regexes=RegexSet([regex for number in patterns if (regex := self.terms[number].regex) is not None]),
            regex_terms=tuple(patterns),
        )
