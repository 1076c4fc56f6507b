"""A summary card: what piled up while a channel could not be reached, a line each, the gravest first.

📚 12 сообщений задержались из-за сбоя
12 reports were held up by an outage
🔴 Нефтяники Жанаозена объявили забастовку · K7F2Q
🔵 Работники завода требуют повышения · M3XA9
Ещё 40 — в утреннем обзоре
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import Lang, Severity
from monitor.render.cards import MARKS, MOST_UNITS, Card, repeat_line
from monitor.render.catalogue import words
from monitor.render.cutting import cut, tame, width
from monitor.render.entities import Composer

MARK = "📚"
HEADLINE_UNITS = 110
FRAME_UNITS = 700  # the first and the last lines in two languages, and the words of a possible repeat


@dataclass(frozen=True, slots=True)
class Line:
    """One alert of a summary."""

    urgent: bool
    headline: str
    ref: str

    @property
    def text(self) -> str:
        """`🔴 headline · K7F2Q`, on one line."""
        mark = MARKS[Severity.URGENT if self.urgent else Severity.NORMAL]
        return f"{mark} {cut(tame(self.headline), HEADLINE_UNITS)} · {self.ref}\n"


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one card, and how many more only the letter tells of."""

    lines: tuple[Line, ...]
    more: int = 0

    @property
    def urgent(self) -> bool:
        """Whether any line is."""
        return any(line.urgent for line in self.lines)


def pages(lines: Sequence[Line], most: int) -> list[Page]:
    """The first of these lines that fit into `most` cards, in their order; the last one says how many did not."""
    found: list[list[Line]] = []
    room = 0
    for line in lines:
        units = width(line.text)
        if units > room:
            if len(found) == most:
                break
            found.append([])
            room = MOST_UNITS - FRAME_UNITS
        found[-1].append(line)
        room -= units
    left = len(lines) - sum(map(len, found))
    return [Page(tuple(page), left if page is found[-1] else 0) for page in found]


def summary(page: Page, languages: Sequence[Lang]) -> Card:
    """One page as a card."""
    out = Composer()
    out.add(f"{MARK} ")
    out.add(words(languages[0]).count("backlog.title", len(page.lines)), "bold")
    for lang in languages[1:2]:
        out.add("\n")
        out.add(words(lang).count("backlog.title", len(page.lines)), "italic")
    out.add("\n\n")
    for line in page.lines:
        out.add(line.text)
    for lang in languages[:2] if page.more else ():
        out.add("\n" + words(lang).count("backlog.more", page.more))
    return Card(out.text.rstrip(), tuple(out.entities), out.plain.rstrip(), repeat_line(languages))
