"""The blocks of a list on a web page: one for each item, with its link, title, date and first sentences.

A block is the element that a selector found. Where items are only headings in a row, what stands between one and the
next belongs to it as well; whether a date stands before or after its item is decided for the whole list at once.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.sources.dates import read_date
from monitor.sources.shown import LONGEST, Shown, moment_of, shown_date
from monitor.sources.webpage import Node, Webpage, ancestors, lines, select_all, words

_HEADINGS = "h1, h2, h3, h4, h5, h6"
_TITLE_NAMES = re.compile(r"title|head|caption|zagolov|tema|takyryp", re.IGNORECASE)
_MOMENTS = "time[datetime], [itemprop=datePublished], [data-date], [data-datetime], [data-time]"
_MOMENT_NAMES = ("datetime", "content", "data-date", "data-datetime", "data-time")
_DATE_BOXES = "[class*=date], [class*=Date], [class*=time], [class*=kuni]"
_DAY_IN_ADDRESS = re.compile(r"/(20\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)")
_LEAST_TITLE = 12  # characters: "Читать далее" is no title, and neither is a rubric
_LEAST_SUMMARY = 40
_SAID_AGAIN = 3  # links with the same words: they say what to do, not what happened
_MAX_ITEMS = 500  # of a page
_SOME_LINES = 40  # of one item: its date stands among the first ones
_SOME_BOXES = 5
_SIBLINGS = 60  # how far from an item its date or its day may stand
_LEVELS = 4  # above an item: where its group may have a heading
_LONGEST_RAW = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One item as it stands on the page."""

    node: Node
    link: Node
    url: str
    title: str
    summary: str = ""
    published: str = ""
    published_at: datetime | None = None

    @property
    def raw(self) -> str:
        """Its markup."""
        return str(self.node.html or "")[:_LONGEST_RAW]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """An item on its way to a Block: what stands after and before it until the next one, and where its title is."""

    node: Node
    link: Node
    url: str
    title: str
    title_node: Node
    after: tuple[Node, ...] = ()
    before: tuple[Node, ...] = ()
    own: Shown | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the blocks of one page; `select` holds CSS selectors, all but `item` (or `link`) optional."""

    page: Webpage
    select: Mapping[str, str]
    zone: str
    now: datetime

    def blocks(self) -> tuple[Block, ...]:
        """The items that `select` finds, in the order of the page, each address once. Raises ParseError `selector`."""
        return self.read(select_all(self.page.tree, self.select.get("item") or self.select["link"]))

    def read(self, nodes: Sequence[Node]) -> tuple[Block, ...]:
        """The items that these elements are; what holds no link or no title is none. Raises ParseError `selector`."""
        found = [(node, link) for node in nodes[:_MAX_ITEMS] if (link := self._link(node)) is not None]
        said = Counter(words(link) for _, link in found)
        generic = frozenset(text for text, count in said.items() if count >= _SAID_AGAIN)
        items = [item for node, link in found if (item := self._item(node, link, generic)) is not None]
        dated = self._dates(_with_neighbours(items))
        blocks: dict[str, Block] = {}
        for item, (shown, moment) in zip(items, dated, strict=True):
            block = Block(
                node=item.node,
                link=item.link,
                url=item.url,
                title=item.title,
                summary=self._summary(item),
                published=shown,
                published_at=moment,
            )
            blocks.setdefault(item.url, block)
        return tuple(blocks.values())

    # ── what an item is ──────────────────────────────────────────────────────────────────────────────────────────

    def _item(self, node: Node, link: Node, generic: frozenset[str]) -> _Item | None:
        title_node, title = self._title(node, link, generic)
        if not title:
            return None
        return _Item(node=node, link=link, url=self.page.link(link), title=title, title_node=title_node)

    def _link(self, node: Node) -> Node | None:
        """The link to the article: the selected one, the item itself or what it stands in, the heading's, the longest."""
        if selector := self.select.get("link"):
            chosen = [node] if self._is_link(node) and not self.select.get("item") else select_all(node, selector)
            return next((link for link in chosen if self._is_link(link)), None)
        if self._is_link(node):
            return node
        links = [link for link in node.css("a[href]") if self._is_link(link)]
        if not links:
            return next((above for above in ancestors(node, 3) if self._is_link(above)), None)
        headed = (link for heading in node.css(_HEADINGS) for link in heading.css("a[href]") if self._is_link(link))
        return next(headed, None) or max(links, key=lambda link: len(link.text(deep=True, strip=True)))

    def _is_link(self, node: Node) -> bool:
        return node.tag == "a" and bool(self.page.link(node))

    # ── its title and first sentences ────────────────────────────────────────────────────────────────────────────

    def _title(self, node: Node, link: Node, generic: frozenset[str]) -> tuple[Node, str]:
        """Where the title is, and what it says; `generic` are words that stand on many links ("Читать далее")."""
        for candidate in self._titles(node, link):
            title = words(candidate)
            if len(title) >= _LEAST_TITLE and title not in generic and not self._is_date(title):
                return candidate, title
        named = (link.attributes.get("title"), link.attributes.get("aria-label"), *_alts(link))
        said = next((name for name in named if name), "")
        return link, " ".join(said.split()) or words(link)

    def _titles(self, node: Node, link: Node) -> Iterator[Node]:
        """Where the title may be, the best places first."""
        if selector := self.select.get("title"):
            yield from select_all(node, selector)
            return
        yield from node.css(_HEADINGS)
        alike = [other for other in node.css("a[href]") if self.page.link(other) == self.page.link(link)]
        for candidate in sorted(alike or [link], key=lambda one: -len(one.text(deep=True, strip=True))):
            leaves = list(_leaves(candidate))
            if len(leaves) <= 1:
                yield candidate
                continue
            yield from (leaf for leaf in leaves if _TITLE_NAMES.search(leaf.attributes.get("class") or ""))
            yield from leaves
        yield from (inner for inner in node.css("[class]") if _TITLE_NAMES.search(inner.attributes.get("class") or ""))
        yield from node.css("b, strong")
        yield from _leaves(node)

    def _summary(self, item: _Item) -> str:
        if selector := self.select.get("summary"):
            return "\n".join(line for node in select_all(item.node, selector) for line in lines(node))
        around = (item.node, *item.after)
        said = [line for line in lines(*around, skip=(item.title_node,)) if len(line) >= _LEAST_SUMMARY]
        return "\n".join(line for line in said if line != item.title and not self._is_date(line))

    def _is_date(self, line: str) -> bool:
        """Whether a line is little else than a date."""
        shown = shown_date(line, self.zone, self.now)
        return shown is not None and len(shown.words) * 2 > len(line)

    # ── its date ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _dates(self, items: Sequence[_Item]) -> list[tuple[str, datetime | None]]:
        """Each item's date in words and as a moment: its own, the one beside it, its day's heading, its address's."""
        own = [replace(item, own=self._own(item.node, item)) for item in items]
        if sum(_is_whole(item.own) for item in own) * 2 < len(own):
            own = self._from_neighbours(own)
        return [self._settled(item) for item in own]

    def _own(self, node: Node, item: _Item) -> Shown | datetime | None:
        """The date that stands inside a node: a machine's one before a person's."""
        if node.is_text_node:
            return None if self.select.get("date") else self._shown(lines(node))
        if selector := self.select.get("date"):
            chosen = select_all(node, selector)
            return self._machine(chosen) or self._shown([line for one in chosen for line in lines(one, gap=" ")])
        return self._machine(select_all(node, _MOMENTS)) or self._shown(self._candidates(node, item))

    def _machine(self, nodes: Sequence[Node]) -> datetime | None:
        """A date for programs; a bare time or nonsense in it is no date."""
        for node in nodes:
            written = next((value for name in _MOMENT_NAMES if (value := node.attributes.get(name))), "")
            moment = read_date(written, self.zone, self.now) if len(written) >= len("2026-11-20") else None
            if moment is not None:
                return moment
        return None

    def _candidates(self, node: Node, item: _Item) -> list[str]:
        """Lines that may be a date: whole ones, pieces of them, and boxes called one that hold a day and a month apart."""
        skip = (item.title_node,)
        boxes = [" ".join(lines(box, gap=" ")) for box in node.css(_DATE_BOXES)[:_SOME_BOXES]]
        return lines(node, skip=skip, gap=" ")[:_SOME_LINES] + lines(node, skip=skip, gap="\n")[:_SOME_LINES] + boxes

    def _shown(self, candidates: Sequence[str]) -> Shown | None:
        """The fullest date among lines; the first one of equals."""
        best, best_rank = None, 0
        for line in candidates:
            shown = shown_date(line, self.zone, self.now)
            if shown is not None and (rank := _rank(shown)) > best_rank:
                best, best_rank = shown, rank
        return best

    def _from_neighbours(self, items: Sequence[_Item]) -> list[_Item]:
        """Dates beside the items, when the items hold none of their own: after each, before each, or over groups."""
        after = [self._beside(item.after, item) for item in items]
        before = [self._beside(item.before, item) for item in items]
        if sum(map(_is_whole, after)) * 2 >= len(items) and not (_is_whole(before[0]) and not _is_whole(after[-1])):
            return [replace(item, own=found or item.own) for item, found in zip(items, after, strict=True)]
        day: Shown | datetime | None = None
        headed = []
        for item, found in zip(items, before, strict=True):
            day = found if _is_whole(found) else day
            headed.append(replace(item, own=_under(day, item.own)))
        return headed

    def _beside(self, nodes: Sequence[Node], item: _Item) -> Shown | datetime | None:
        """The first date among an item's neighbours."""
        return next((found for node in nodes if _is_whole(found := self._own(node, item))), None)

    def _settled(self, item: _Item) -> tuple[str, datetime | None]:
        own = item.own
        if isinstance(own, datetime):
            return "", own
        if own is not None and (moment := moment_of(own, self.zone, self.now)) is not None:
            return own.words, moment
        if found := _DAY_IN_ADDRESS.search(item.url):
            try:
                day = date(*map(int, found.groups()))
            except ValueError:
                return "", None
            return "", moment_of(Shown(words="", day=day), self.zone, self.now)
        return "", None


def _leaves(node: Node) -> Iterator[Node]:
    """The elements inside a node that hold words and no element with words."""
    for inner in node.css("*"):
        if inner.mem_id != node.mem_id and inner.text(deep=False, strip=True):
            yield inner


def _alts(link: Node) -> Iterator[str | None]:
    return (img.attributes.get("alt") for img in link.css("img[alt]"))


def _rank(shown: Shown) -> int:
    """How much a date says: a day and a time, a day, a time."""
    if shown.moment is not None or (shown.day and shown.clock):
        return 3
    return 2 if shown.day else 1


def _is_whole(found: Shown | datetime | None) -> bool:
    return isinstance(found, datetime) or (found is not None and found.is_whole)


def _under(day: Shown | datetime | None, own: Shown | datetime | None) -> Shown | datetime | None:
    """An item's own time on its heading's day."""
    if isinstance(day, Shown) and isinstance(own, Shown) and own.clock and not own.is_whole:
        return replace(own, day=day.day)
    return own if _is_whole(own) or day is None else day


def _with_neighbours(items: Sequence[_Item]) -> list[_Item]:
    """The items with what stands between each and the next one."""
    taken = {item.node.mem_id for item in items}
    taken |= {above.mem_id for item in items for above in ancestors(item.node, _LEVELS)}
    return [
        replace(
            item, after=tuple(_siblings(item.node, taken, "next")), before=tuple(_siblings(item.node, taken, "prev"))
        )
        for item in items
    ]


def _siblings(node: Node, taken: set[int], way: str) -> Iterator[Node]:
    """What stands on one side of an item, nearest first, until something that is or holds another item.

    What stands before a whole group of items, in front of its parent, stands before its first item: a line there may
    be the group's heading, anything longer is another part of the page.
    """
    here, levels = node, _LEVELS
    for _ in range(_SIBLINGS):
        there = getattr(here, way)
        if there is None:
            here, levels = here.parent, levels - 1
            if here is None or not levels or here.tag == "body" or way == "next":
                return
            continue
        here = there
        if here.mem_id in taken:
            return
        climbed = levels < _LEVELS
        if not here.is_comment_node and not (climbed and len(here.text(deep=True, strip=True)) > LONGEST):
            yield here
