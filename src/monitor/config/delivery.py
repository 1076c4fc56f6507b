"""`delivery.yaml`: who hears what, when it is night, and what happens when Telegram fails."""

from typing import Annotated, Literal, get_args

from pydantic import Field, WithJsonSchema

from monitor.config.hints import did_you_mean, nearest
from monitor.config.nodes import ListNode, MapNode, Node, TextNode
from monitor.config.plan import Destination, DigestPlan, Plan, Route
from monitor.config.problems import Problems
from monitor.config.settings import CHANNELS, RECIPIENTS, Settings
from monitor.config.shapes import (
    ClockTime,
    Duration,
    Flag,
    Language,
    Reading,
    Shape,
    Slug,
    Version,
    Zone,
    choice,
    read_shape,
    short,
    text,
    whole_number,
)
from monitor.config.values import Unusable
from monitor.config.yaml import Document
from monitor.model import Keywords, Quiet, Rules, Severity, Standing

# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────

CHANNEL, MAILBOXES = "MONITOR_TELEGRAM_CHANNEL", "MONITOR_DIGEST_TO"
MOST_A_DAY = 10_000
MOST_THREAD = 2**31 - 1
LOUDNESS = tuple(severity for severity in Severity if severity is not Severity.NONE)


def _chat_setting(name: str) -> str:
    return _setting(name, CHANNEL, CHANNELS)


def _mail_setting(name: str) -> str:
    return _setting(name, MAILBOXES, RECIPIENTS)


def _setting(name: str, usual: str, family: str) -> str:
    """The name of a setting; never what it holds, which may not stand in a file."""
    if name == usual or (name.startswith(family) and len(name) > len(family)):
        return name
    raise Unusable(
        "is not the name of a setting for this.", f"Write {usual}, or {family}<NAME> and set that.", hidden=True
    )


Form = Literal["html", "plain"]
Subject = Literal["neutral", "counts"]
Translations = Literal["ring", "silent"]
Loudness = Annotated[Severity, choice(LOUDNESS), WithJsonSchema({"type": "string", "enum": list(LOUDNESS)})]
Voice = Annotated[Standing, choice(Standing)]


class QuietShape(Shape):
    """The hours of the night."""

    NOUN = "pair of times"
    start: ClockTime = Field(alias="from")
    """When the night begins, such as "23:00", in MONITOR_TIME_ZONE."""
    end: ClockTime = Field(alias="to")
    """When it ends, such as "07:00"; the same time twice means that there is no night."""


class Budget(Shape):
    """How many messages a day are bearable."""

    NOUN = "budget"
    normal: Annotated[int, whole_number(0, MOST_A_DAY)] = Rules().normal_budget
    """Silent messages a day; what is over it goes to the digest. Urgent ones are not limited."""


class DestinationShape(Shape):
    """A place that cards go to."""

    NOUN = "destination"
    channel: Annotated[str, text(_chat_setting)] = CHANNEL
    """The name of the setting that holds the chat."""
    languages: tuple[Language, ...] = ()
    """Languages of the cards, the first one leads."""
    thread: Annotated[int, whole_number(1, MOST_THREAD)] = 0
    """The topic of a forum, if the chat is one."""


class RouteShape(Shape):
    """Which alerts go to a destination."""

    NOUN = "route"
    to: Slug
    """The name of a destination."""
    topics: tuple[Slug, ...] = ()
    """Only these topics."""
    severity: tuple[Loudness, ...] = ()
    """Only these severities."""
    places: tuple[Slug, ...] = ()
    """Only these places."""
    langs: tuple[Language, ...] = ()
    """Only articles in these languages."""
    standing: tuple[Voice, ...] = ()
    """Only outlets of this standing."""


class DigestShape(Shape):
    """One daily letter."""

    NOUN = "digest"
    name: Slug
    """How it is called in previews and logs."""
    to: Annotated[str, text(_mail_setting)] = MAILBOXES
    """The name of the setting that holds the mailboxes."""
    at: ClockTime = ""
    """When it is sent, such as "07:30"."""
    zone: Zone = ""
    """The time zone of `at`."""
    languages: tuple[Language, ...] = ()
    """Languages of the letter, the first one leads."""
    form: Annotated[Form, choice(get_args(Form))] = "html"
    """html: text and HTML side by side, without any picture from the network; plain: text alone."""
    subject: Annotated[Subject, choice(get_args(Subject))] = "neutral"
    """neutral: the same words every day; counts: how many urgent and other news there are."""
    maintainers: Flag = False
    """true: the letter also lists what almost matched."""


class DeliveryFile(Shape):
    """Who hears what."""

    NOUN = "delivery file"
    version: Version
    """Always 1."""
    quiet: QuietShape = QuietShape.model_construct(start=Quiet().start, end=Quiet().end)
    """The hours in which only urgent news with a hit in the title rings."""
    budget: Budget = Budget.model_construct()
    """How many messages a day are bearable."""
    again_after: Duration = Rules().silence
    """A story that was told rings again when news of it comes after so long a silence."""
    translations: Annotated[Translations, choice(get_args(Translations))] = "ring"
    """The same news in another language always has a card of its own; `silent` gives it no sound when it was told before."""
    fallback_after: Duration = Plan().fallback_after
    """Urgent alerts go by e-mail when Telegram fails this long."""
    destinations: dict[Slug, DestinationShape] = Field(default_factory=dict)
    """Places that cards go to, by name."""
    routes: tuple[RouteShape, ...] = ()
    """Which alerts go where; the first that fits counts."""
    digests: tuple[DigestShape, ...] = ()
    """The daily letters."""


def make_delivery(
    document: Document, problems: Problems, settings: Settings, keywords: Keywords | None = None
) -> tuple[Rules, Plan]:
    """The rules and the plan of a file; mistakes are noted. Routes may name what `keywords` have, if they are given."""
    file = read_shape(DeliveryFile, Reading(document, problems))
    _check_routes(document, problems)
    if keywords is not None:
        _check_conditions(document, problems, keywords)
    return plan_of(file, settings) if file else usual(settings)


def usual(settings: Settings) -> tuple[Rules, Plan]:
    """What holds without a file: everything goes to the one channel and the one letter of the settings."""
    return plan_of(DeliveryFile.model_construct(version=1), settings)


def plan_of(file: DeliveryFile, settings: Settings) -> tuple[Rules, Plan]:
    """The nouns of a file; what it leaves open the settings say."""
    quiet = Quiet(start=file.quiet.start, end=file.quiet.end, time_zone=settings.time_zone)
    shapes = file.destinations or {"main": DestinationShape.model_construct()}
    destinations = {
        name: Destination(
            name=name,
            channel=shape.channel,
            languages=shape.languages or settings.languages,
            thread=shape.thread or None,
        )
        for name, shape in shapes.items()
    }
    digests = file.digests or (DigestShape.model_construct(name="digest"),)
    plan = Plan(
        destinations=destinations,
        routes=tuple(map(_route, file.routes)) or (Route(to=next(iter(destinations))),),
        digests=tuple(
            DigestPlan(
                name=shape.name,
                to=shape.to,
                at=shape.at or settings.digest_at,
                zone=shape.zone or settings.time_zone,
                languages=shape.languages or settings.languages,
                plain=shape.form == "plain",
                telling=shape.subject == "counts",
                maintainers=shape.maintainers,
            )
            for shape in digests
        ),
        fallback_after=file.fallback_after,
    )
    rules = Rules(
        normal_budget=file.budget.normal,
        quiet=quiet,
        silence=file.again_after,
        translations_ring=file.translations == "ring",
    )
    return rules, plan


def _route(shape: RouteShape) -> Route:
    return Route(
        to=shape.to,
        topics=frozenset(shape.topics),
        severity=frozenset(shape.severity),
        places=frozenset(shape.places),
        langs=frozenset(shape.langs),
        standing=frozenset(shape.standing),
    )


def _check_routes(document: Document, problems: Problems) -> None:
    """Every route leads somewhere, and letters have names of their own."""
    root = document.root if isinstance(document.root, MapNode) else MapNode()
    destinations = root.get("destinations")
    known = list(destinations) if isinstance(destinations, MapNode) else ["main"]
    for target in _values(root.get("routes"), "to"):
        if target not in known and not document.holes:
            problems.error_at(target, f"There is no destination `{target}`.", did_you_mean(target, known))
    seen: dict[str, TextNode] = {}
    for name in _values(root.get("digests"), "name"):
        if name in seen:
            problems.error_at(name, f"The name `{name}` is already in line {seen[name].line}.", "Choose another one.")
        seen.setdefault(name, name)


def _check_conditions(document: Document, problems: Problems, keywords: Keywords) -> None:
    """A route for a topic or a place that does not exist would wait for it forever."""
    root = document.root if isinstance(document.root, MapNode) else MapNode()
    known = {
        "topics": ("topic", [topic.id for topic in keywords.topics]),
        "places": ("place", [place.id for place in keywords.places]),
    }
    for route in _entries(root.get("routes")):
        for condition, (noun, ids) in known.items():
            named = route.get(condition)
            for one in named if isinstance(named, ListNode) else []:
                if isinstance(one, TextNode) and one and one not in ids:
                    near = nearest(one, ids)
                    hint = f"Did you mean `{near}`?" if near else f"Use the id of a {noun} of keywords.yaml."
                    problems.error_at(one, f"There is no {noun} `{short(one)}`.", hint)


def _values(nodes: Node | None, name: str) -> list[TextNode]:
    """One value of every entry of a list, as far as it is a text."""
    values = (entry.get(name) for entry in _entries(nodes))
    return [value for value in values if isinstance(value, TextNode) and value]


def _entries(nodes: Node | None) -> list[MapNode]:
    """The entries of a list."""
    return [node for node in nodes if isinstance(node, MapNode)] if isinstance(nodes, ListNode) else []
