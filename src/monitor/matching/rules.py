"""The rule of one topic, applied to one article: does it hold, what shows it, and if not, what is missing."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from monitor.matching.layout import Span
from monitor.matching.lookup import UNIT
from monitor.matching.plan import Plan, Role
from monitor.matching.reading import BODY, LEAD, TITLE, Cover, Reading
from monitor.model import Hit, NearMiss, Term, Topic, TopicMatch

SCORES = {TITLE: 3, LEAD: 2, BODY: 1}
BOOST = 2

_SHOWN_WORDS = 3  # of a list that is missing

Mark = tuple[Span, int]
"""A span and the term that stands there."""


class Sheet:
    """The terms of one topic that stand in the article, by the list they belong to."""

    __slots__ = ("all", "any", "boost", "except_in", "none")

    def __init__(self) -> None:
        self.any: list[int] = []
        self.all: dict[int, list[int]] = {}
        self.none: list[int] = []
        self.except_in: list[int] = []
        self.boost: list[int] = []

    def add(self, role: Role, number: int) -> None:
        """Note a term under its role."""
        if role.part == "any":
            self.any.append(number)
        elif role.part == "all":
            self.all.setdefault(role.group, []).append(number)
        else:
            {"none": self.none, "except_in": self.except_in, "boost": self.boost}[role.part].append(number)


class TopicRule:
    """One topic of a plan."""

    def __init__(self, plan: Plan, index: int) -> None:
        self._plan = plan
        self.topic: Topic = plan.topics[index]
        self._near = plan.near[index]

    def apply(self, sheet: Sheet, reading: Reading) -> TopicMatch | NearMiss | None:
        """What the topic says of an article whose terms are on `sheet`: it matches, almost, or not at all."""
        cover = Cover(span for number in sheet.except_in for span in reading.spans(number)) if sheet.except_in else None
        swallowed: list[Mark] = []
        lists: list[list[Mark]] = []
        if self.topic.any:
            lists.append(self._outside(sheet.any, reading, cover, swallowed))
        groups = range(len(self.topic.all))
        lists += [self._outside(sheet.all.get(group, []), reading, cover, swallowed) for group in groups]
        if not lists or not all(lists):
            return self._incomplete(lists, swallowed, reading, cover)
        marks = lists[0] if len(lists) == 1 else _together(lists, self._near * UNIT)
        if not marks:
            return self._miss(f"its {len(lists)} lists match, but more than {self._near} words apart")
        return self._match(sheet, marks, reading)

    def _outside(
        self, numbers: Iterable[int], reading: Reading, cover: Cover | None, swallowed: list[Mark]
    ) -> list[Mark]:
        """Where the terms stand, apart from those inside a phrase of `except_in`."""
        if cover is None:
            return [(span, number) for number in numbers for span in reading.spans(number)]
        outside: list[Mark] = []
        for number in numbers:
            for span in reading.spans(number):
                (outside if cover.around(span) is None else swallowed).append((span, number))
        return outside

    def _match(self, sheet: Sheet, marks: Sequence[Mark], reading: Reading) -> TopicMatch:
        best: dict[str, tuple[int, Span, int]] = {}
        regions: set[tuple[int, int]] = set()
        for span, number in marks:
            region = reading.region(span)
            regions.add((region, number))
            name, this = self._term(number).text, (region, span, number)
            if name not in best or this < best[name]:
                best[name] = this
        return TopicMatch(
            topic=self.topic.id,
            severity=self.topic.severity,
            score=sum(SCORES[region] for region, _ in regions) + BOOST * len(sheet.boost),
            hits=tuple(self._hit(span, number, reading) for _, span, number in sorted(best.values())),
            live=self.topic.live,
            blocked=self._blocked(sheet, reading),
        )

    def _blocked(self, sheet: Sheet, reading: Reading) -> str | None:
        """The term of `none` that stands in the title or the lead."""
        for number in sheet.none:
            if any(reading.region(span) != BODY for span in reading.spans(number)[:1]):
                return self._term(number).text
        return None

    def _hit(self, span: Span, number: int, reading: Reading) -> Hit:
        term, found = self._term(number), reading.locate(number, span)
        return Hit(
            topic=self.topic.id,
            term=term.text,
            lang=term.lang,
            form=found.form,
            field=found.field,
            start=found.start,
            end=found.end,
            quote=found.quote,
        )

    def _term(self, number: int) -> Term:
        return self._plan.terms[number].term

    # ── What was missing ──

    def _incomplete(
        self, lists: list[list[Mark]], swallowed: list[Mark], reading: Reading, cover: Cover | None
    ) -> NearMiss | None:
        if swallowed:
            span = min(swallowed)[0]
            around = (cover and cover.around(span)) or span
            form = reading.words_of(span)
            return self._miss(f"«{form}» does not count inside «{reading.words_of(around)}»")
        present = sum(map(bool, lists))
        # A place alone is in every article: with a list of its own words, a topic is near only when one of them is there.
        if not present or (self.topic.any and not lists[0]):
            return None
        missing = [_named(terms) for terms, marks in zip(self._lists(), lists, strict=True) if not marks]
        return self._miss(f"only {present} of {len(lists)} lists match: nothing of {'; nor of '.join(missing)}")

    def _lists(self) -> list[tuple[Term, ...]]:
        return [*([self.topic.any] if self.topic.any else []), *self.topic.all]

    def _miss(self, missing: str) -> NearMiss:
        return NearMiss(topic=self.topic.id, missing=missing)


def _named(terms: Sequence[Term]) -> str:
    """The first terms of a list, for people."""
    shown = ", ".join(term.text for term in terms[:_SHOWN_WORDS])
    return f"«{shown}{', …' if len(terms) > _SHOWN_WORDS else ''}»"


def _together(lists: Sequence[list[Mark]], near: int) -> list[Mark]:
    """The marks of groups of one mark per list that stand within `near` of one another; empty when there is none.

    For every mark as the one that ends first, each list offers the mark that starts soonest among those that do not
    end before it; when the latest of these starts soon enough, all of them belong together.
    """
    sooner = [_Soonest(marks) for marks in lists]
    kept: set[Mark] = set()
    for index, marks in enumerate(lists):
        for mark in marks:
            end = mark[0][1]
            picks = [other.after(end) for at, other in enumerate(sooner) if at != index]
            chosen = [pick for pick in picks if pick is not None and pick[0][0] - end < near]
            if len(chosen) == len(picks):
                kept.update((mark, *chosen))
    return sorted(kept)


class _Soonest:
    """The marks of a list, asked for the one that starts first among those that do not end before a position."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        by_end = sorted(marks, key=lambda mark: mark[0][1])
        self._ends = [span[1] for span, _ in by_end]
        self._first = list(by_end)
        for at in range(len(by_end) - 2, -1, -1):
            self._first[at] = min(by_end[at], self._first[at + 1])

    def after(self, end: int) -> Mark | None:
        at = bisect_left(self._ends, end)
        return self._first[at] if at < len(self._ends) else None
