"""A guess at the list on a page that nobody has described: the repeated block with links and dates, as CSS selectors.

Links that stand in the same place of equal boxes form a group. Every group is read as if it were the list and weighed
by what news look like: headlines of several words, dates, first sentences, and a place outside menus and side columns.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from urllib.parse import urlsplit

from monitor.errors import ParseError
from monitor.model import Response
from monitor.sources.blocks import Block, Reader
from monitor.sources.challenge import challenge
from monitor.sources.selectors import selector_for, stable_classes, stable_id
from monitor.sources.webpage import Node, Webpage, ancestors, nothing_on, open_page, words

Select = Mapping[str, str]

_MAX_LINKS = 2_000  # of a page; lists stand among the first ones
_LEVELS = 10  # above a link: how large the box around one item may be
_LEAST_ITEMS = 3
_SAMPLE = 30  # items of a group that are read to weigh it
_CANDIDATES = 40  # groups that are read at all
_CROWDED = 0.2  # share of boxes that may hold another link of the group as well
_HEADLINE, _HEADLINE_WORDS = 20, 3  # characters and words of a title that is a headline; menus have fewer
_LONG_HEADLINE_WORDS = 5  # on average, of a list that shows nothing but titles …
_LONG_LIST = 5  # … and how many of them
_ENOUGH, _HALF = 0.6, 0.5
_MUCH_TEXT = 300  # characters of a box; more says nothing more
# Where lists of something else stand, by the names that builders of pages give to their boxes.
_ASIDE_TAGS = frozenset({"nav", "aside", "footer"})
_ASIDE = re.compile(
    r"^(?:nav|menu|side|widget|foot|left|right|bottom|tags?|cloud|social|lang)(?:$|[-_])"
    r"|(?:^|[-_])(?:nav(?:bar|igation)|\w*menu|sidebar|footer|popular|related|recommend\w*|similar|partners?|banners?"
    r"|teasers?|breadcrumbs?|pager|pagination|comments?)(?:$|[-_])",
    re.IGNORECASE,
)
_ASIDE_WEIGHT = 0.35
_LEAD_HEADINGS = "h1, h2, h3"
_MAX_LEADS = 5
_LONGEST_NAME = 20  # characters of a step in an address that is a rubric's name; longer ones are made of a title
_DATED_WEIGHT, _SUMMARY_WEIGHT = 2.0, 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A group of boxes that was read: how much it looks like the list, and whether that is enough."""

    boxes: Sequence[Node]
    blocks: Sequence[Block]
    weight: float = 0.0
    is_list: bool = False
    is_aside: bool = False

    @property
    def dates(self) -> list[datetime]:
        """The dates it shows, oldest first."""
        return sorted(block.published_at for block in self.blocks if block.published_at is not None)

    @property
    def shapes(self) -> set[str]:
        """What its addresses look like."""
        return {_shape(block.url) for block in self.blocks}


def guess_select(response: Response, zone: str) -> dict[str, str]:
    """Where the list on an answered page is, as `select:` of the feeds file takes it. Raises ParseError."""
    return dict(guess(open_page(response), zone, response.received_at))


def guess(page: Webpage, zone: str, now: datetime) -> Select:
    """The selector `item` of the list on a page: also of a lead story above it, and of further lists as fresh as it.

    Raises ParseError `no-list`, `script-only` or `blocked` when there is no list to be found.
    """
    wall = challenge(page.headers, page.markup)
    if wall is not None and "parked" in wall:  # such pages are lists of links
        raise ParseError("blocked", f"{wall} instead of the page")
    lists = [found for boxes in _groups(page) if (found := _weigh(page, boxes, zone, now)).is_list]
    if not lists:
        raise nothing_on(page, "no list of links was found; say with `select:` where it is")
    best = max(lists, key=lambda one: one.weight)
    chosen = [best.boxes, *(one.boxes for one in lists if _goes_with(one, best))]
    reader = Reader(page=page, select={}, zone=zone, now=now)
    chosen += [[box] for box in _leads(page, chosen, best) if _is_fresh(reader.read([box]), best)]
    return {"item": ", ".join(dict.fromkeys(selector_for(page.tree, boxes) for boxes in chosen))}


def _goes_with(other: _List, best: _List) -> bool:
    """Whether a second list belongs to the news as well: the same kind of addresses, and dates as fresh."""
    if other is best or other.is_aside or not other.shapes <= best.shapes or not best.dates:
        return False
    urls = {block.url for block in best.blocks}
    dates = other.dates
    if len(dates) * 2 < len(other.blocks) or any(block.url in urls for block in other.blocks):
        return False
    return dates[len(dates) // 2] >= best.dates[0]


def _leads(page: Webpage, lists: Sequence[Sequence[Node]], best: _List) -> list[Node]:
    """The boxes of lead stories: a heading in front of the list whose link is of the same kind as the list's."""
    listed = {box.mem_id for boxes in lists for box in boxes}
    found: dict[str, Node] = {}
    for node in page.tree.css(f"{_LEAD_HEADINGS}, a[href]"):
        if any(around.mem_id in listed for around in (node, *ancestors(node, _LEVELS))):
            break
        link = next((one for one in (*node.css("a[href]"), *ancestors(node, 3)) if one.tag == "a"), None)
        url = page.link(link) if link is not None and node.tag != "a" else ""
        if url and _shape(url) in best.shapes and len(words(node)) >= _HEADLINE and not _is_aside(node):
            found.setdefault(url, _box_of(page, link, url))
    return list(found.values())[:_MAX_LEADS]


def _is_fresh(blocks: Sequence[Block], best: _List) -> bool:
    """Whether a lead story is dated like the list, if that is dated: tickers of popular articles are not."""
    if len(best.dates) * 2 < len(best.blocks):
        return True
    return any(block.published_at is not None and block.published_at >= best.dates[0] for block in blocks)


def _box_of(page: Webpage, link: Node, url: str) -> Node:
    """The largest element around a link that holds no other link of its kind."""
    box = link
    for around in ancestors(link, _LEVELS):
        alike = {other for one in around.css("a[href]") if _shape(other := page.link(one)) == _shape(url)}
        if around.tag == "body" or alike != {url}:
            break
        box = around
    return box


def _shape(url: str) -> str:
    """What an address looks like: numbers and slugs by their kind, everything else by its name."""
    parts = urlsplit(url)
    names = sorted(piece.split("=")[0] for piece in parts.query.split("&"))
    return "/".join([parts.netloc, *map(_kind_of_step, parts.path.strip("/").split("/")), *names])


def _kind_of_step(step: str) -> str:
    if step.isdigit():
        return "9"
    made_of_a_title = "-" in step or len(step) > _LONGEST_NAME or any(map(str.isdigit, step))
    return "a-b" if made_of_a_title else step


# ── groups ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _groups(page: Webpage) -> list[Sequence[Node]]:
    """The groups of boxes worth reading: each set of links once, in its largest boxes; the most promising first."""
    boxes: dict[tuple[int, ...], dict[int, tuple[Node, str]]] = defaultdict(dict)
    crowded: dict[tuple[int, ...], set[int]] = defaultdict(set)
    places = _Places()
    for link in page.tree.css("a[href]")[:_MAX_LINKS]:
        if not (url := page.link(link)):
            continue
        for key, box in places.of(link):
            if boxes[key].setdefault(box.mem_id, (box, url))[1] != url:
                crowded[key].add(box.mem_id)
    largest: dict[frozenset[str], tuple[int, Sequence[Node]]] = {}
    for key, found in boxes.items():
        urls = frozenset(url for _, url in found.values())
        if len(urls) < _LEAST_ITEMS or len(crowded[key]) > _CROWDED * len(found):
            continue
        if urls not in largest or largest[urls][0] < key[0]:
            largest[urls] = (key[0], [box for box, _ in found.values()])
    return sorted((group for _, group in largest.values()), key=_promise, reverse=True)[:_CANDIDATES]


class _Places:
    """Names the place of a link in each box around it, equally for equal boxes."""

    def __init__(self) -> None:
        self._outer: dict[int, int] = {}

    def of(self, link: Node) -> Iterator[tuple[tuple[int, ...], Node]]:
        """`((level, place), box)` for the link itself and the elements around it."""
        inner = 0
        for level, box in enumerate((link, *ancestors(link, _LEVELS))):
            if box.tag in ("body", "html") or box.parent is None:
                return
            first = (stable_classes(box) or [""])[0] if level == 0 else ""
            inner = hash((inner, box.tag, first))
            own = hash((stable_classes(box) or [""])[0])
            yield (level, inner, own, self._around(box.parent)), box
            yield (level, inner, box.parent.mem_id), box  # where no name can be relied on, the parent tells lists apart

    def _around(self, node: Node) -> int:
        """A hash of the names of an element and all around it."""
        chain = []
        while node is not None and node.is_element_node and node.mem_id not in self._outer:
            chain.append(node)
            node = node.parent
        above = self._outer.get(node.mem_id, 0) if node is not None else 0
        for one in reversed(chain):
            above = hash((above, one.tag, stable_id(one), (stable_classes(one) or [""])[0]))
            self._outer[one.mem_id] = above
        return above


def _promise(boxes: Sequence[Node]) -> float:
    """How much a group is worth reading: many boxes with some text in them, not aside."""
    sample = boxes[:_SAMPLE]
    text = mean(min(len(box.text(deep=True, strip=True)), _MUCH_TEXT) for box in sample)
    return math.sqrt(len(sample)) * text * (_ASIDE_WEIGHT if _is_aside(boxes[0]) else 1)


def _is_aside(box: Node) -> bool:
    """Whether a box stands where menus, side columns and teasers do."""
    for node in (box, *ancestors(box, 100)):
        if node.tag in ("body", "html"):
            return False
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".split()
        if node.tag in _ASIDE_TAGS or any(_ASIDE.search(name) for name in names):
            return True
    return False


# ── weight ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _weigh(page: Webpage, boxes: Sequence[Node], zone: str, now: datetime) -> _List:
    blocks = Reader(page=page, select={}, zone=zone, now=now).read(boxes[:_SAMPLE])
    if len(blocks) < _LEAST_ITEMS:
        return _List(boxes=boxes, blocks=blocks)
    headlines = _share(blocks, _is_headline) * len({block.title for block in blocks}) / len(blocks)
    dated = _share(blocks, lambda block: block.published_at is not None)
    told = _share(blocks, lambda block: bool(block.summary))
    aside = _is_aside(boxes[0])
    weight = math.sqrt(len(blocks)) * headlines * (1 + _DATED_WEIGHT * dated + _SUMMARY_WEIGHT * told)
    long = mean(len(block.title.split()) for block in blocks) >= _LONG_HEADLINE_WORDS and len(blocks) >= _LONG_LIST
    shows_more = dated >= _HALF or told >= _HALF or (long and not aside)
    return _List(
        boxes=boxes,
        blocks=blocks,
        is_aside=aside,
        weight=weight * (_ASIDE_WEIGHT if aside else 1),
        is_list=headlines >= _ENOUGH and shows_more,
    )


def _share(blocks: Sequence[Block], holds: Callable[[Block], bool]) -> float:
    return sum(map(holds, blocks)) / len(blocks)


def _is_headline(block: Block) -> bool:
    return len(block.title) >= _HEADLINE and len(block.title.split()) >= _HEADLINE_WORDS
