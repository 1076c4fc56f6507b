"""The nouns: what the house talks about.

Four words for four stages, never confused:

    Entry    an item as the outlet said it             (their words)
    Article  the item as we understood it              (our understanding)
    Story    the articles that tell the same news      (the news)
    Alert    a story worth interrupting someone for    (our voice)

And around them: a Feed is one source and its FeedState what we remember about polling it; a Hit is a term found
in an article and a Finding all that the matcher says of one; a Case is what a judgement needs and a Verdict the
judgement with its reason; a Message is one part of what must be said and a Delivery that message and its fate.

Every time in this module is an aware UTC datetime; every span counts code points.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

Clock = Callable[[], datetime]
Lang = Literal["en", "ru", "kk"]
Scope = Literal["local", "global"]

LANGUAGES: tuple[Lang, ...] = ("en", "ru", "kk")


class Standing(StrEnum):
    """Whose voice an outlet is; readers weigh the news by it."""

    INDEPENDENT = "independent"
    STATE = "state"
    BUSINESS = "business"
    UNION = "union"
    OFFICIAL = "official"
    FOREIGN = "foreign"


class Severity(StrEnum):
    """How loudly a topic speaks: urgent rings, normal is silent, digest waits for the letter."""

    URGENT = "urgent"
    NORMAL = "normal"
    DIGEST = "digest"
    NONE = "none"

    @property
    def rank(self) -> int:
        """3 for urgent down to 0 for none; the enum itself does not order."""
        return {"urgent": 3, "normal": 2, "digest": 1, "none": 0}[self.value]


class Health(StrEnum):
    """How a feed is, judged from its own history alone."""

    NEW = "new"
    OK = "ok"
    QUIET = "quiet"
    EMPTIED = "emptied"
    STALE = "stale"
    GAP = "gap"
    BLOCKED = "blocked"
    MOVED = "moved"
    GARBLED = "garbled"
    FAILING = "failing"


class Reason(StrEnum):
    """Why the answer is yes or no. Every verdict carries exactly one."""

    FIRST = "FIRST"
    NEW_TOPIC = "NEW_TOPIC"
    ESCALATED = "ESCALATED"
    GREW = "GREW"
    BASELINE = "BASELINE"
    TOO_OLD = "TOO_OLD"
    REPRINT = "REPRINT"
    COOLING_DOWN = "COOLING_DOWN"
    MUTED = "MUTED"
    QUIET_HOURS = "QUIET_HOURS"
    OVER_BUDGET = "OVER_BUDGET"
    DIGEST_ONLY = "DIGEST_ONLY"
    DEMOTED = "DEMOTED"
    ELSEWHERE = "ELSEWHERE"
    NO_PLACE = "NO_PLACE"
    NO_TOPIC = "NO_TOPIC"
    BLOCKED = "BLOCKED"
    TRIAL = "TRIAL"
    QUARANTINED = "QUARANTINED"
    MATCHED = "MATCHED"


# ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One source of `config/feeds.yaml`."""

    id: str
    url: str
    kind: str = "rss"
    title: str = ""
    lang: Lang = "ru"
    scope: Scope = "local"
    standing: Standing = Standing.INDEPENDENT
    region: str | None = None
    every_min: timedelta = timedelta(minutes=15)
    every_max: timedelta = timedelta(minutes=15)
    time_zone: str = "Asia/Almaty"
    full_text: bool = False
    aliases: tuple[str, ...] = ()
    blocked_in: tuple[str, ...] = ()
    proxy: str | None = None
    select: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True

    @property
    def name(self) -> str:
        """What readers call the outlet."""
        return self.title or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What we remember about polling one feed.

    `baselined_at` is None until the first good poll of a new or re-enabled feed has been stored: until then matches
    come from its past and must not flood. `memory` is small JSON that the source wants back next time.
    """

    feed_id: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    polled_at: datetime | None = None
    good_at: datetime | None = None
    poll_at: datetime | None = None
    baselined_at: datetime | None = None
    newest_at: datetime | None = None
    failure_count: int = 0
    failing_since: datetime | None = None
    last_error: str | None = None
    last_error_kind: str | None = None
    health: Health = Health.NEW
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask a server for; sans-IO."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a server answered: the final URL, lower-case header names, the body as inflated bytes.

    `moved_to` is the final URL when every redirect on the way there was a permanent one.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as the feed said it: plain text, no markup, http(s) link, date as the feed wrote it and as we read it."""

    feed_id: str
    guid: str
    url: str
    title: str
    summary: str = ""
    author: str = ""
    published_raw: str = ""
    published_at: datetime | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a source made of a response: entries, further requests to follow, and memory it wants back next time."""

    entries: tuple[Entry, ...]
    follow: tuple[Request, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article page as the extractor read it; `text` is empty when nothing usable was found."""

    title: str = ""
    text: str = ""
    author: str = ""
    published_raw: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The item as we understood it. `id` is 0 until it is stored; `url_key` names its address whatever the spelling."""

    id: int = 0
    feed_id: str
    url: str
    url_key: str = ""
    title: str
    text: str = ""
    lang: str = ""
    published_at: datetime | None = None
    seen_at: datetime
    fingerprint: str = ""
    story_id: int | None = None


# ── Keywords ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of the keyword file, unparsed, with the place it stands at (1-based) for error messages.

    `lang` is the language of the list it stands in, or `any_lang`. `forms` are added to, and `excluded` taken
    from, the forms that the language gives.
    """

    text: str
    lang: str
    line: int = 0
    column: int = 0
    forms: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in Kazakhstan: what an article from a global source must name."""

    id: str
    region: str | None = None
    terms: Terms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An organisation, company, person or law; a name alone never rings."""

    id: str
    kind: str
    terms: Terms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic of the keyword file: what must match, what blocks it, how loudly it speaks."""

    id: str
    titles: Mapping[str, str]
    severity: Severity
    live: bool = True
    any: Terms = ()
    all: tuple[Terms, ...] = ()
    none: Terms = ()
    except_in: Terms = ()
    boost: Terms = ()
    near: int | None = None
    match_examples: tuple[Term, ...] = ()
    ignore_examples: tuple[Term, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords:
    """The whole of `config/keywords.yaml`, checked for shape; terms are compiled by `matching`."""

    topics: tuple[Topic, ...] = ()
    places: tuple[Place, ...] = ()
    names: tuple[Name, ...] = ()
    groups: Mapping[str, Terms] = field(default_factory=dict)
    elsewhere: Terms = ()
    demote: Terms = ()
    near: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A term found in an article; `start`/`end` count code points of `field` (title or text)."""

    topic: str
    term: str
    lang: str
    form: str
    field: Literal["title", "text"]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """A topic whose rule holds. `blocked` names the guard term that silenced it, `trial` topics never count."""

    topic: str
    severity: Severity
    score: int
    hits: tuple[Hit, ...]
    live: bool = True
    blocked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A topic that almost matched, and what was missing, in words."""

    topic: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that the matcher says of one article.

    `severity` is the highest among matched live topics after the guards and `reason` one of MATCHED, NO_TOPIC,
    NO_PLACE, ELSEWHERE, DEMOTED, BLOCKED, TRIAL. `places` and `names` are ids, in order of appearance.
    """

    lang: str
    severity: Severity
    reason: Reason
    topics: tuple[TopicMatch, ...] = ()
    near: tuple[NearMiss, ...] = ()
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits of all matched topics, in the order of the topics."""
        return tuple(hit for topic in self.topics for hit in topic.hits)


# ── Stories and judgements ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell the same news. `ref` is the five characters readers see at the end of a card."""

    id: int = 0
    ref: str
    title: str
    opened_at: datetime
    updated_at: datetime
    article_count: int = 1
    severity: Severity = Severity.NONE
    topics: tuple[str, ...] = ()


class Join(StrEnum):
    """How an article relates to the stories we know."""

    OPENS = "opens"
    JOINS = "joins"
    POSSIBLY = "possibly"
    RELATED = "related"
    REPRINT = "reprint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What `stories` compares a new article with: an earlier article and the story it belongs to."""

    article_id: int
    story_id: int
    feed_id: str
    url_key: str
    title: str
    fingerprint: str
    shingles: frozenset[int]
    topics: frozenset[str]
    marks: frozenset[str]
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The story an article belongs to; `story_id` is None when it opens one. `like` is the article it resembles."""

    join: Join
    story_id: int | None = None
    like: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A silence with an expiry: kind is topic, place, name or source; value its id."""

    id: int = 0
    kind: str
    value: str
    until: datetime | None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the night in which only a dated urgent with its hit in the title rings; `start == end` means never."""

    start: str = "23:00"
    end: str = "07:00"
    time_zone: str = "Asia/Almaty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The fixed and the configured rules of judgement."""

    fresh: timedelta = timedelta(hours=48)
    baseline_window: timedelta = timedelta(hours=24)
    baseline_count: int = 3
    normal_budget: int = 12
    quiet: Quiet = field(default_factory=Quiet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a judgement needs, gathered by the edges.

    `told` is the severity at which the story was said (None when it never was), `said_today` the normal alerts of
    the local day.
    """

    article: Article
    feed: Feed
    state: FeedState
    finding: Finding
    placement: Placement
    story: Story | None = None
    told: Severity | None = None
    told_topics: frozenset[str] = frozenset()
    said_today: int = 0
    mutes: tuple[Mute, ...] = ()
    quarantined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Yes or no, with the reason. `ring` makes a sound; `digest` puts it into the letter; `late` says it is old."""

    say: bool
    reason: Reason
    detail: str = ""
    ring: bool = False
    digest: bool = False
    late: bool = False


# ── What we say ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One outlet's account of a story."""

    outlet: str
    standing: Standing
    url: str
    title: str = ""
    lang: str = ""
    blocked_in: tuple[str, ...] = ()
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One outlet's article of a story, as it is at rest. `topics` are its live topics, the gravest first."""

    article_id: int
    feed_id: str
    outlet: str
    standing: Standing
    url: str
    title: str
    text: str
    lang: str
    severity: Severity
    topics: tuple[str, ...]
    places: tuple[str, ...]
    names: tuple[str, ...]
    published_at: datetime | None
    seen_at: datetime
    join: Join


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One place we speak to: a channel and the key of a recipient, in these languages, the first one leads."""

    name: str
    channel: str
    recipient: str
    languages: tuple[Lang, ...]
    time_zone: str
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A story worth interrupting someone for; everything a card may show, nothing else.

    `topic_titles` maps a topic id to its titles by language; `place_names` and `name_names` an id to its names by
    language, so that a card speaks the reader's language. `ring` is false for a silent message.
    """

    ref: str
    severity: Severity
    topics: tuple[str, ...]
    topic_titles: Mapping[str, Mapping[str, str]]
    title: str
    lang: str
    text: str
    hits: tuple[Hit, ...]
    links: tuple[Link, ...]
    seen_at: datetime
    published_at: datetime | None = None
    places: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    place_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    name_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ring: bool = False
    late: bool = False
    feed_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What we could see and could not: the line that tells silence from blindness.

    `blind` holds (outlet name, since, reason) of each watched source that is not read at the moment;
    `unwatched_count` how many known sources are not polled at all.
    """

    read_count: int
    watched_count: int
    blind: tuple[tuple[str, datetime | None, str], ...] = ()
    unwatched_count: int = 0
    gap: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One story in the letter."""

    alert: Alert
    verdict: Reason
    said: bool
    article_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A period worth one letter: [since, until), for one local date."""

    date: str
    time_zone: str
    since: datetime
    until: datetime
    items: tuple[DigestItem, ...]
    coverage: Coverage
    late_hours: int = 0
    near_misses: tuple[tuple[str, str], ...] = ()


class State(StrEnum):
    """Where a message is on its way out."""

    NEW = "new"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One part of what must be said, in the channel's own form.

    `recipient` is a name of the settings or an HMAC, never an address. `body` is the channel's own JSON.
    Priority: the lower, the sooner.
    """

    subject: str
    channel: str
    recipient: str
    body: str
    action: Literal["send", "edit", "reply"] = "send"
    part: int = 0
    revision: int = 0
    silent: bool = True
    priority: int = 5
    thread: int | None = None
    reply_to: int | None = None
    target_id: int | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message and its fate. `message_id` is the channel's own id once it was said."""

    id: int
    message: Message
    state: State
    attempt_count: int = 0
    not_before: datetime | None = None
    message_id: str | None = None
    created_at: datetime
    sent_at: datetime | None = None
    last_error: str | None = None
    repeat: bool = False
