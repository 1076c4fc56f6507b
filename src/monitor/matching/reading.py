"""One article as the matcher reads it: where each word, phrase, group and pattern stands.

Positions count twelfths of a token (see `vocabulary`), the title's tokens first, then the text's; a span is a pair of
them, end exclusive. Code points are worked out only for what is reported. A phrase never reaches from the title into
the text, nor over the end of a sentence.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from monitor.matching.layout import Layout, Span
from monitor.matching.lookup import UNIT, inner_span
from monitor.matching.plan import Element, Plan, View
from monitor.matching.plan import Sequence as Elements
from monitor.matching.regexes import searchable
from monitor.matching.sentences import LONGEST_QUOTE, lead_end, parted, quote
from monitor.text.fold import clean

Spans = Sequence[Span]
NOWHERE: tuple[Span, ...] = ()

TITLE, LEAD, BODY = range(3)


class Found(NamedTuple):
    """A span in code points of its field."""

    field: Literal["title", "text"]
    start: int
    end: int
    form: str
    quote: str


class Reading:
    """What stands where in one article."""

    def __init__(self, plan: Plan, view: View, title: str, text: str) -> None:
        self._plan, self._view = plan, view
        self._places: dict[int, list[Span]] = {}
        self._spans: dict[int, Spans] = {}
        self._groups: dict[str, Spans] = {}
        self._present: set[int] | None = None
        self._patterns: dict[int, dict[Span, tuple[Layout, int, int]]] = {}
        self._lead_end = -1
        self._title = Layout(title)
        self._title.read(view.lookup, self._places)
        self._text = Layout(text, self._title.end)
        self._text.read(view.lookup, self._places)
        triggers = view.triggers
        self.candidates: set[int] = {term for number in self._places for term in triggers.get(number, ())}
        if view.regex_terms:
            self._find_patterns()

    def _find_patterns(self) -> None:
        """Every pattern that matches is a candidate, and triggers the terms whose groups it stands in."""
        for layout in (self._title, self._text):
            text = searchable(layout.text)
            for index in self._view.regexes.matching(text):
                number = self._view.regex_terms[index]
                regex = self._plan.terms[number].regex
                marks = self._patterns.setdefault(number, {})
                for start, end in regex.spans(text) if regex else ():
                    first, last = layout.word_at(start), layout.word_at(max(start, end - 1))
                    marks[first * UNIT, (last + 1) * UNIT] = (layout, start, end)
                self.candidates.add(number)
                self.candidates.update(self._view.triggers.get(pattern_key(number), ()))

    # ── Terms and groups ──

    def spans(self, number: int) -> Spans:
        """Where a term stands, in order."""
        known = self._spans.get(number)
        if known is None:
            self._spans[number] = NOWHERE  # a group that contains itself finds nothing of itself
            known = self._spans[number] = self._find(number)
        return known

    def _find(self, number: int) -> Spans:
        term = self._plan.terms[number]
        if term.regex is not None:
            return sorted(self._patterns.get(number, ()))
        found = self._either(term.sequences)
        if found and term.refused:
            refused = Cover(self._either(term.refused))
            return [span for span in found if refused.around(span) is None]
        return found

    def _either(self, sequences: Sequence[Elements]) -> Spans:
        if len(sequences) == 1:
            return self._sequence(sequences[0])
        return sorted({span for sequence in sequences for span in self._sequence(sequence)})

    def _sequence(self, elements: Elements) -> Spans:
        if len(elements) == 1:
            return self.element(elements[0][0])
        for element, _ in elements:
            if isinstance(element, int) and element not in self._places:
                return NOWHERE
        current = self.element(elements[0][0])
        for element, gap in elements[1:]:
            if not current:
                return NOWHERE
            current = self._follow(current, self.element(element), gap * UNIT)
        return current

    def element(self, element: Element) -> Spans:
        """Where a word or a group stands, in order."""
        return self._places.get(element, NOWHERE) if isinstance(element, int) else self.group(element)

    def group(self, name: str) -> Spans:
        """Where any term of a group stands, in order."""
        known = self._groups.get(name)
        if known is None:
            numbers = self._members().intersection(self._view.groups.get(name, ()))
            known = self._groups[name] = sorted({span for number in numbers for span in self.spans(number)})
        return known

    def _members(self) -> set[int]:
        """The terms of groups that may match here; of the hundreds in a group, most have no word in the article."""
        if self._present is None:
            keys = (*self._places, *map(pattern_key, self._patterns))
            self._present = {number for key in keys for number in self._view.members.get(key, ())}
        return self._present

    def _follow(self, before: Spans, after: Spans, room: int) -> list[Span]:
        """The spans of `before` prolonged by the `after` that follow within `room`, each by the nearest before it."""
        by_end = sorted(before, key=lambda span: (span[1], span[0]))
        ends = [end for _, end in by_end]
        joined = []
        for start, end in after:
            nearest = bisect_right(ends, start) - 1
            if nearest >= 0 and start - ends[nearest] <= room and not self._parted(ends[nearest], start):
                joined.append((by_end[nearest][0], end))
        return joined

    def _parted(self, end: int, start: int) -> bool:
        """Whether the title or a sentence ends between the word that ends at `end` and the one that begins at `start`."""
        first, second = (end - 1) // UNIT, start // UNIT
        layout = self._layout(first)
        if layout is not self._layout(second):
            return True
        return first != second and parted(layout.text, layout.span(first)[0], layout.span(second)[0])

    def _layout(self, word: int) -> Layout:
        return self._title if word < self._text.base else self._text

    # ── For people ──

    def region(self, span: Span) -> int:
        """Which part of the article a span begins in: TITLE, LEAD or BODY."""
        word = span[0] // UNIT
        if word < self._text.base:
            return TITLE
        if self._lead_end < 0:
            self._lead_end = lead_end(self._text.text)
        return LEAD if self._text.span(word)[0] < self._lead_end else BODY

    def locate(self, number: int, span: Span) -> Found:
        """The code points of a span of a term, what stands there, and the sentence around it."""
        if number in self._patterns:
            layout, start, end = self._patterns[number][span]
        else:
            layout, start, end = self._characters(span)
        where: Literal["title", "text"] = "title" if layout is self._title else "text"
        form = layout.text[start:end]
        if not form.isalpha():
            form = clean(form, one_line=True)[:LONGEST_QUOTE]
        return Found(where, start, end, form, quote(layout.text, start, end))

    def words_of(self, span: Span) -> str:
        """What stands at a span, for people."""
        layout, start, end = self._characters(span)
        return clean(layout.text[start:end], one_line=True)

    def _characters(self, span: Span) -> tuple[Layout, int, int]:
        first, last = span[0] // UNIT, (span[1] - 1) // UNIT
        layout = self._layout(first)
        start, first_end = layout.span(first)
        last_start, end = layout.span(last)
        if span[0] % UNIT:
            start += inner_span(layout.text[start:first_end], span[0] % UNIT, UNIT)[0]
        if span[1] % UNIT:
            end = last_start + inner_span(layout.text[last_start:end], 0, span[1] % UNIT)[1]
        return layout, start, end


class Cover:
    """Spans, asked whether they contain another one."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._widest: list[Span] = []
        widest = (0, 0)
        for span in sorted(spans):
            widest = max(widest, span, key=lambda each: each[1])
            self._starts.append(span[0])
            self._widest.append(widest)

    def around(self, span: Span) -> Span | None:
        """One of the spans that contains `span`, or None."""
        before = bisect_right(self._starts, span[0]) - 1
        if before < 0 or self._widest[before][1] < span[1]:
            return None
        return self._widest[before]


def pattern_key(number: int) -> int:
    """The key under which a regular expression triggers the terms whose groups it stands in; words are not negative."""
    return -1 - number
