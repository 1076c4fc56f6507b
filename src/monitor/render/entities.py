"""A text and what stands out in it, built from parts: no markup, so nothing to escape, inject or split badly."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from monitor.render.cutting import width

Kind = Literal["bold", "italic", "text_link", "blockquote", "expandable_blockquote"]

_TAGS: dict[str, tuple[str, str]] = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="more">', "</blockquote>"),
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A span that stands out; `offset` and `length` count UTF-16 units, as in the Bot API."""

    kind: Kind
    offset: int
    length: int
    url: str = ""


@dataclass(slots=True)
class Composer:
    """Builds a text part by part, with its entities, and the same text for where no entity can be shown."""

    text: str = ""
    plain: str = ""
    entities: list[Entity] = field(default_factory=list)
    units: int = 0

    def add(self, text: str, *kinds: Kind) -> None:
        """Append `text`, standing out as every one of `kinds`."""
        with self.span(*kinds):
            self.text += text
            self.plain += text
            self.units += width(text)

    def link(self, label: str, url: str, *, plain: str | None = None) -> None:
        """Append a link; where links cannot be shown stands `plain`, or the whole address."""
        self.entities.append(Entity("text_link", self.units, width(label), url))
        self.text += label
        self.plain += url if plain is None else plain
        self.units += width(label)

    @contextmanager
    def span(self, *kinds: Kind) -> Iterator[None]:
        """Everything added inside stands out as `kinds`."""
        start, slot = self.units, len(self.entities)
        yield
        if self.units > start:
            self.entities[slot:slot] = [Entity(kind, start, self.units - start) for kind in kinds]


def shifted(entities: Sequence[Entity], by: int) -> tuple[Entity, ...]:
    """The same entities behind a prefix of `by` UTF-16 units."""
    return tuple(replace(entity, offset=entity.offset + by) for entity in entities)


def to_html(text: str, entities: Sequence[Entity]) -> str:
    """The text as safe HTML: every letter escaped, entities as their tags, well nested."""
    units = text.encode("utf-16-le")
    opening: dict[int, list[Entity]] = {}
    for entity in sorted(entities, key=lambda each: (each.offset, -each.length)):
        opening.setdefault(entity.offset, []).append(entity)
    edges = sorted({0, len(units) // 2, *opening, *(each.offset + each.length for each in entities)})
    parts: list[str] = []
    open_now: list[Entity] = []
    for edge, following in zip(edges, [*edges[1:], edges[-1]], strict=True):
        while open_now and open_now[-1].offset + open_now[-1].length <= edge:
            parts.append(_closing(open_now.pop()))
        for entity in opening.get(edge, ()):
            open_now.append(entity)
            parts.append(_opening(entity))
        parts.append(escape(units[edge * 2 : following * 2].decode("utf-16-le")))
    return "".join(parts)


def _opening(entity: Entity) -> str:
    if entity.kind == "text_link":
        return f'<a href="{escape(entity.url)}" rel="noopener noreferrer">'
    return _TAGS[entity.kind][0]


def _closing(entity: Entity) -> str:
    return "</a>" if entity.kind == "text_link" else _TAGS[entity.kind][1]
