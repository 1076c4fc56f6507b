"""Stories and judgements: what belongs together, and what a yes or no is based on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.basics import Reason, Severity
from monitor.model.keywords import Finding
from monitor.model.sources import Article, Feed, FeedState


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
    """How an article relates to the stories we know.

    REPRINT, VERSION and JOINS put it into a story; ALSO (the same in another language), POSSIBLY and RELATED open a
    story of its own that points to the other one.
    """

    OPENS = "opens"
    JOINS = "joins"
    ALSO = "also"
    POSSIBLY = "possibly"
    RELATED = "related"
    REPRINT = "reprint"
    VERSION = "version"


class Turn(StrEnum):
    """What makes a told story ring again."""

    TOPIC = "topic"
    PLACE = "place"
    NAME = "name"
    END = "end"
    SILENCE = "silence"
    GRAVER = "graver"


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
    the local day; `in_letter` says that this very article was put into a letter before, `routed` whether a route
    leads to a channel at all.
    """

    article: Article
    feed: Feed
    state: FeedState
    finding: Finding
    placement: Placement
    told: Severity | None = None
    told_topics: frozenset[str] = frozenset()
    said_today: int = 0
    routed: bool = True
    in_letter: bool = False
    mutes: tuple[Mute, ...] = ()
    quarantined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The turn a told story took: `what` are ids of topics, places or names; `days` how long it had been silent."""

    turn: Turn
    what: tuple[str, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Yes or no, with the reason. `ring` makes a sound; `digest` puts it into the letter; `late` says it is old.

    `escalation` says what turn a story took that was told before: then the card answers the first one.
    """

    say: bool
    reason: Reason
    detail: str = ""
    ring: bool = False
    digest: bool = False
    late: bool = False
    escalation: Escalation | None = None
