"""The parts of a YAML file as strings, lists and dicts that know their place.

Every scalar stays the text that was written (`no`, `12:30` and `2011` are words like any other, as YAML 1.2 wants it
of the first two); what a field means by it is the field's business. Nothing after a colon is the empty text.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from monitor.config.problems import Problems
from monitor.config.runs import Items, Pairs, Part, Run, Scalar
from monitor.config.syntax import odd_character, special

# A keyword file of 10,000 terms has 25,000 nodes; only aliases of aliases get beyond this.
MOST_NODES = 400_000
# The deepest thing we know of stands 9 deep.
MOST_DEPTH = 30
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
MERGE = "<<"


class TextNode(str):
    """A scalar. `column` is that of its first character, inside the quotes; `folded`: plain, but over several lines."""

    __slots__ = ("column", "folded", "line")
    line: int
    column: int
    folded: bool


class ListNode(list["Node"]):
    """A sequence."""

    __slots__ = ("column", "line")
    line: int
    column: int


class MapNode(dict[str, "Node"]):
    """A mapping; its keys know their places. `end_line` is the line at which something else begins."""

    __slots__ = ("column", "end_line", "line")
    line: int
    column: int
    end_line: int

    def names(self) -> list[TextNode]:
        """The keys as they stand in the file."""
        return [key for key in self if isinstance(key, TextNode)]

    def name(self, key: str) -> TextNode:
        """One key as it stands in the file."""
        return next(name for name in self.names() if name == key)


Node: TypeAlias = TextNode | ListNode | MapNode


class TooMuchError(ValueError):
    """The file is nested too deep, multiplies itself, or is several files in one."""

    def __init__(self, what: str, hint: str = "") -> None:
        self.what, self.hint = what, hint
        super().__init__(what)


class _Open(NamedTuple):
    """A list or mapping that is still being read; `before` is how many nodes came earlier."""

    node: ListNode | MapNode
    anchor: str | None
    before: int


class Builder:
    """Makes nodes of the parser's events, without recursion: depth and size are bounded, aliases share their node.

    `place` is the line and column of the last event. What `runs` hold goes before their last items, which the parser
    reports; `missed` are those it did not report as such. Raises TooMuchError.
    """

    def __init__(self, problems: Problems, runs: Iterable[Run] = ()) -> None:
        self.problems = problems
        self.missed = {(run.line, run.column): run for run in runs}
        self.root: Node | None = None
        self.place = (1, 1)
        self._open: list[_Open] = []
        self._keys: list[Node | None] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._size = 0

    def take(self, event: Any) -> None:
        """Read one event."""
        mark = event.start_mark
        self.place = (mark.line + 1, mark.column + 1)
        if self.place in self.missed and isinstance(event, ScalarEvent | MappingStartEvent):
            self._recall()
        if isinstance(event, ScalarEvent):
            self._refuse_tag(event)
            self._add(self._text(event), event.anchor, 1)
        elif isinstance(event, SequenceStartEvent | MappingStartEvent):
            self._refuse_tag(event)
            self._begin(ListNode() if isinstance(event, SequenceStartEvent) else MapNode(), event.anchor)
        elif isinstance(event, SequenceEndEvent | MappingEndEvent):
            self._end()
        elif isinstance(event, AliasEvent):
            self._alias(event.anchor)
        elif isinstance(event, DocumentStartEvent) and self.root is not None:
            raise TooMuchError("A second document begins here; only one is read.", "Take out the line `---`.")

    def _text(self, event: Any) -> TextNode:
        """The scalar; escapes may hide what the text of the file may not hold."""
        line, column = self.place
        quoted = event.style in {"'", '"'}
        value: str = event.value
        text = TextNode("" if not event.style and value in NULLS else value)
        text.line, text.column = line, column + 1 if quoted else column
        text.folded = not event.style and event.end_mark.line > event.start_mark.line
        if quoted and (odd := odd_character(value)):
            self.problems.error_at(text, odd[1], "Take it out.")
        return text

    def _recall(self) -> None:
        """The last item of a run: if this is a list, the others belong before it."""
        parent = self._open[-1].node if self._open else None
        if not isinstance(parent, ListNode):
            return
        run = self.missed.pop(self.place)
        if run.begin and not parent:  # with a name (`&strikes`) before it, a list begins there
            parent.line, parent.column = min(run.begin, (parent.line, parent.column))
        parent.extend(map(self._node, run.items))

    def _node(self, part: Part) -> Node:
        """The node of a part that was read without the parser."""
        self._size += 1
        node: Node
        if isinstance(part, Scalar):
            node = TextNode("" if part.text in NULLS else part.text)
            node.folded = False
        elif isinstance(part, Items):
            node = ListNode(map(self._node, part.items))
        else:
            node = MapNode()
            node.end_line = getattr(part, "end_line", 0) or part.line
        node.line, node.column = part.line, part.column
        if isinstance(node, MapNode) and isinstance(part, Pairs):
            for key, value in part.pairs:
                self._enter(node, self._node(key), self._node(value))
        return node

    def _refuse_tag(self, event: Any) -> None:
        if event.tag:
            self.problems.error(*self.place, *special("!"))

    def _begin(self, node: ListNode | MapNode, anchor: str | None) -> None:
        node.line, node.column = self.place
        if len(self._open) == MOST_DEPTH:
            raise TooMuchError(f"This is nested more than {MOST_DEPTH} deep.", "Is it the right file?")
        self._open.append(_Open(node, anchor, self._size))
        self._keys.append(None)

    def _end(self) -> None:
        node, anchor, before = self._open.pop()
        self._keys.pop()
        if isinstance(node, MapNode):
            node.end_line = self.place[0]
            self._merge(node)
        inside, self._size = self._size - before, before
        self._add(node, anchor, inside + 1)

    def _alias(self, name: str) -> None:
        node, size = self._anchors.get(name, (None, 1))
        if node is None:
            self.problems.error(*self.place, *special("*"))
            node = TextNode(f"*{name}")
            (node.line, node.column), node.folded = self.place, False
        self._add(node, None, size)

    def _add(self, node: Node, anchor: str | None, size: int) -> None:
        """Put a finished node where it belongs; `size` counts it with all that is in it, aliases in full."""
        self._size += size
        if self._size > MOST_NODES:
            raise TooMuchError(f"The aliases (`*name`) make this file more than {MOST_NODES} parts long.")
        if anchor:
            self._anchors[anchor] = (node, size)
        if not self._open:
            self.root = node
            return
        parent, key = self._open[-1].node, self._keys[-1]
        if isinstance(parent, ListNode):
            parent.append(node)
        elif key is None:
            self._keys[-1] = node
        else:
            self._keys[-1] = None
            self._enter(parent, key, node)

    def _enter(self, parent: MapNode, key: Node, node: Node) -> None:
        """Put a value under its key."""
        if not isinstance(key, TextNode):
            self.problems.error_at(key, "A name is expected here, before the colon.", "Brackets need quotes in a text.")
        elif key in parent:
            first = parent.name(key)
            what = f"`{key}` stands here a second time; the first is in line {first.line}."
            self.problems.error_at(key, what, "Keep one of the two.")
        else:
            if node == "":
                node.line, node.column = key.line, key.column + len(key) + 1  # the parser says where the next part is
            parent[key] = node

    def _merge(self, node: MapNode) -> None:
        """Take over what `<<: *other` brings and the mapping does not say itself."""
        if MERGE not in node:
            return
        place = node.name(MERGE)
        merged = node.pop(place)
        for other in merged if isinstance(merged, ListNode) else [merged]:
            if isinstance(other, MapNode):
                for key, value in other.items():
                    node.setdefault(key, value)
            else:
                self.problems.error_at(place, "`<<` takes over another mapping.", "Write `<<: *name`.")
