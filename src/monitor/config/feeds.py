"""`feeds.yaml`: the sources and how each is to be read."""

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Annotated, Any, Self, get_args

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from monitor.config import shapes
from monitor.config.hints import did_you_mean
from monitor.config.nodes import ListNode, MapNode, TextNode
from monitor.config.problems import Problems
from monitor.config.shapes import (
    Flag,
    Language,
    Reading,
    Region,
    Shape,
    Slug,
    Text,
    Version,
    WebAddress,
    Zone,
    choice,
    read_shape,
    text,
    unusable,
)
from monitor.config.values import Unusable
from monitor.config.yaml import Document
from monitor.model import Feed, Scope, Standing
from monitor.sources import kinds, with_whole_text

# The kinds of the contract; what a file of `sources/` adds to them is known as well.
KINDS = ("rss", "sitemap", "listing", "telegram", "page")
# A guest who asks more often than this is not polite; the demo and the tests may.
USUAL = timedelta(minutes=15)
POLITE = timedelta(minutes=1)
IMPOLITE = "Servers may lock such a reader out; 5m is often enough."
HOME = "KZ"  # where most readers are
HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def _kind(word: str) -> str:
    if word in kinds():
        return word
    if word in KINDS:
        usable = ", ".join(sorted(kinds())) or "none"
        raise Unusable("is a kind of source that is not supported yet.", f"Put # before its lines. Usable: {usable}.")
    raise Unusable("is not a kind of source.", did_you_mean(word, sorted({*KINDS, *kinds()})))


def _host(name: str) -> str:
    if not HOST.fullmatch(name):
        raise Unusable("is not the name of a site.", "Write it without https:// and path, such as lada.kz.")
    return name.lower()


def _country(code: str) -> str:
    if not COUNTRY.fullmatch(code):
        raise Unusable("is not a country.", "Write its two capital letters, such as KZ.")
    return code


Kind = Annotated[str, text(_kind), WithJsonSchema({"type": "string", "enum": list(KINDS)})]
Css = Annotated[str, text(str)]
Host = Annotated[str, text(_host)]
Country = Annotated[str, text(_country), WithJsonSchema({"type": "string", "pattern": f"^{COUNTRY.pattern}$"})]


class Every(Shape):
    """How often a source is asked: between `min` when much happens there and `max` when little does."""

    NOUN = "pair of intervals"
    min: shapes.Duration
    """The shortest time between two visits."""
    max: shapes.Duration
    """The longest time between two visits."""

    @model_validator(mode="after")
    def order(self) -> Self:
        """The shorter one is `min`."""
        if self.min > self.max:
            raise unusable("`min` is longer than `max`.", "Exchange them.")
        return self


def _every(node: Any) -> Any:
    """One duration means that both ends are the same."""
    if not isinstance(node, TextNode):
        return node
    both = MapNode({"min": node, "max": node})
    both.line, both.column, both.end_line = node.line, node.column, node.line
    return both


Interval = Annotated[
    Every,
    BeforeValidator(_every),
    WithJsonSchema(
        {
            "anyOf": [
                shapes.DURATION_SCHEMA,
                {
                    "type": "object",
                    "properties": {"min": shapes.DURATION_SCHEMA, "max": shapes.DURATION_SCHEMA},
                    "required": ["min", "max"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class Select(Shape):
    """Where on a page things are, as CSS selectors; for the kinds `listing` and `page`."""

    NOUN = "set of selectors"
    item: Css = ""
    """What surrounds one item of the list."""
    link: Css = ""
    """The link to the article, inside the item."""
    title: Css = ""
    """The headline, inside the item."""
    date: Css = ""
    """The date, inside the item."""
    summary: Css = ""
    """The first sentences, inside the item."""
    text: Css = ""
    """The article's own text, or the part of a page that is watched."""


class Common(Shape):
    """What `defaults` may say for all feeds, and each feed for itself."""

    lang: Language = "ru"
    """What it is mostly written in; the language of each article is detected."""
    scope: Annotated[Scope, choice(get_args(Scope))] = "local"
    """local: about Kazakhstan anyway. global: an article must also name Kazakhstan."""
    standing: Annotated[Standing, choice(Standing)] = Standing.INDEPENDENT
    """Whose voice it is; readers weigh the news by it."""
    every: Interval = Every.model_construct(min=USUAL, max=USUAL)
    """How often it is asked: 15m, or {min: 5m, max: 1h}."""
    time_zone: Zone = "Asia/Almaty"
    """The zone of dates that do not name one."""
    full_text: Flag = False
    """true: fetch the article's page and search its whole text. As a default it means the kinds that need it."""
    proxy: Slug = ""
    """Ask through the proxy of the setting MONITOR_PROXY_<NAME>; never directly."""


class Defaults(Common):
    """What holds for every feed that does not say otherwise."""

    NOUN = "set of defaults"


class Source(Common):
    """One source."""

    NOUN = "feed"
    id: Slug
    """Small Latin letters, digits and dashes. Unique; never reused for another source."""
    url: WebAddress
    """The address of the feed, not of the front page."""
    kind: Kind = "rss"
    """rss (also Atom and JSON Feed), sitemap, listing, telegram or page."""
    title: Text = ""
    """What readers call the outlet."""
    region: Region = ""
    """The region it writes about, as an ISO 3166-2 code."""
    aliases: tuple[Host, ...] = ()
    """Mirror sites of the same outlet."""
    blocked_in: tuple[Country, ...] = ()
    """Countries where readers cannot open its links."""
    select: Select = Select.model_construct()
    """Where on the page things are."""
    enabled: Flag = True
    """false: known, but not read."""


class FeedsFile(Shape):
    """The sources that monitor reads."""

    NOUN = "feeds file"
    version: Version
    """Always 1."""
    defaults: Defaults = Defaults.model_construct()
    """What holds for every feed that does not say otherwise."""
    feeds: tuple[Source, ...]
    """The sources, one after the other."""


def make_feeds(document: Document, problems: Problems, proxies: Collection[str] | None = None) -> tuple[Feed, ...]:
    """The feeds of a file; mistakes are noted. `proxies` are the names that are set, None when that is not known."""
    file = read_shape(FeedsFile, Reading(document, problems))
    nodes = _entries(document.root)
    _refuse_twins(nodes, problems)
    if file is None:
        return ()
    feeds = tuple(_feed(source, file.defaults) for source in file.feeds)
    for feed, node in zip(feeds, nodes, strict=True):
        if feed.proxy and proxies is not None and feed.proxy not in proxies and feed.enabled:
            hint = f"Set MONITOR_PROXY_{feed.proxy.upper()}; without it the feed would be read directly."
            problems.error_at(node.get("proxy", node), f"The proxy `{feed.proxy}` is not set.", hint)
        if feed.every_min < POLITE and feed.enabled:
            problems.warning_at(node.get("every", node), f"`{feed.id}` is asked more than once a minute.", IMPOLITE)
        if HOME in feed.blocked_in and feed.enabled and not (feed.full_text or brings_whole_text(feed.kind)):
            what = f"Readers in {HOME} cannot open the links of `{feed.id}`, and its cards carry only a summary."
            problems.warning_at(node["blocked_in"], what, "Write `full_text: true`; then they carry the article.")
    if isinstance(document.root, MapNode) and not any(feed.enabled for feed in feeds):
        problems.warning_at(document.root.name("feeds"), "No feed is enabled: there is nothing to read.")
    return feeds


def usual_feed(document: Document) -> Feed:
    """What a feed of this file is that says nothing but its id and address; both are empty here."""
    file = read_shape(FeedsFile, Reading(document, Problems("")))
    unsaid = Source.model_construct(_fields_set={"id", "url"}, id="", url="")
    return _feed(unsaid, file.defaults if file else Defaults.model_construct())


def _entries(root: Any) -> list[MapNode]:
    """The feeds as they stand in the file, as far as there are any."""
    feeds = root.get("feeds") if isinstance(root, MapNode) else None
    return [node for node in feeds if isinstance(node, MapNode)] if isinstance(feeds, ListNode) else []


def _refuse_twins(nodes: list[MapNode], problems: Problems) -> None:
    """An id stands for one source for ever; one address read twice is a slip."""
    for name, note in (("id", problems.error_at), ("url", problems.warning_at)):
        seen: dict[str, TextNode] = {}
        for node in nodes:
            value = node.get(name)
            if not isinstance(value, TextNode) or not value:
                continue
            if value in seen:
                hint = "Give each feed its own." if name == "id" else "Delete one of the two."
                note(value, f"The {name} `{value}` is already that of the feed in line {seen[value].line}.", hint)
            seen.setdefault(value, value)


def brings_whole_text(kind: str) -> bool:
    """Whether the entries of this kind are all there is to read, so that no page of their own need be fetched."""
    return kind in with_whole_text()


def _feed(source: Source, defaults: Defaults) -> Feed:
    """A source with what the defaults say for it."""
    said = {name: getattr(defaults, name) for name in defaults.model_fields_set}
    said |= {name: getattr(source, name) for name in source.model_fields_set}
    if "full_text" not in source.model_fields_set and brings_whole_text(source.kind):
        said["full_text"] = False
    every: Every = said.pop("every", defaults.every)
    if "select" in said:
        said["select"] = said["select"].model_dump(exclude_unset=True)
    return Feed(**said, every_min=every.min, every_max=every.max)
