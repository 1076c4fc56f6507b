"""Stories and judgements: what belongs together, and what a yes or no is based on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.basics import Reason, Severity
from monitor.model.keywords import Finding
from monitor.model.sources import Article, Feed, FeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell the same news. `ref` is the five characters readers see at the end of a card.

    `merged_into` is the story that a person put this one into.
    """

    id: int = 0
    ref: str
    title: str
    opened_at: datetime
    updated_at: datetime
    article_count: int = 1
    severity: Severity = Severity.NONE
    topics: tuple[str, ...] = ()
    merged_into: int | None = None


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
    """What makes a told story ring again: a new topic, town or employer, an end, a silence that is broken."""

    TOPIC = "topic"
    PLACE = "place"
    NAME = "name"
    END = "end"
    SILENCE = "silence"
    GRAVER = "graver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What an article is about, in a form that two articles can be compared by.

    From headline and lead: `words` are truncated, `numbers` as values, `places`, `firms`, `sectors` and `bodies`
    (authorities, organisations) ids of the keyword file, `names` and `people` skeletons of what stands in quotes
    or has a capital, `openers` of what begins a sentence. `topics` and `all_…` are from the whole text, `early_topics` are those with a hit in headline or lead;
    `title_…` are from the headline alone.
    """

    lang: str = ""
    words: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    all_places: frozenset[str] = frozenset()
    all_firms: frozenset[str] = frozenset()
    all_names: frozenset[str] = frozenset()
    early_topics: frozenset[str] = frozenset()
    title_places: frozenset[str] = frozenset()
    title_firms: frozenset[str] = frozenset()
    title_names: frozenset[str] = frozenset()
    title_words: frozenset[str] = frozenset()
    title_capitals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An earlier article that a new one is compared with, and the story it belongs to.

    `same` says that it has the address or the very words of the new one; `shared_count` how many of its `shingle_count`
    sampled passages the new one has too.
    """

    article_id: int
    story_id: int
    seen_at: datetime
    gist: Gist = field(default_factory=Gist)
    same: bool = False
    shared_count: int = 0
    shingle_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A story that an article may belong with and does not join: ALSO, POSSIBLY or RELATED, and why.

    `sure` is about ALSO: both tell the same beyond reasonable doubt.
    """

    join: Join
    story_id: int
    like: int
    why: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The story an article belongs to; `story_id` is None when it opens one. `like` is the article it resembles.

    `kin` are other stories, the closest first.
    """

    join: Join
    story_id: int | None = None
    like: int | None = None
    why: str = ""
    kin: tuple[Kin, ...] = ()


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
    """The fixed and the configured rules of judgement.

    A story that was told rings again when a topic of `escalating` or `ending` comes new to it, or when it had been silent
    for `silence`. What was surely said before in another language is said all the same, with a sound if
    `translations_ring`.
    """

    fresh: timedelta = timedelta(hours=48)
    baseline_window: timedelta = timedelta(hours=24)
    baseline_count: int = 3
    normal_budget: int = 12
    silence: timedelta = timedelta(days=3)
    translations_ring: bool = True
    escalating: frozenset[str] = frozenset()
    ending: frozenset[str] = frozenset()
    quiet: Quiet = field(default_factory=Quiet)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was said of a story, and what its articles told: topics that readers know, places, employers and unions.

    `silent_for` is how long ago its latest article came.
    """

    topics: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    silent_for: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a judgement needs, gathered by the edges.

    `told` is the severity at which the story was said (None when it never was) and `history` what is known of it since;
    `said_today` the normal alerts of the local day; `in_letter` says that this very article was put into a letter before,
    `routed` whether a route leads to a channel at all, `new_outlet` that the story had nothing of this source so far,
    `told_elsewhere` that it was surely said before, in another language.
    """

    article: Article
    feed: Feed
    state: FeedState
    finding: Finding
    placement: Placement
    told: Severity | None = None
    history: History = field(default_factory=History)
    gist: Gist = field(default_factory=Gist)
    new_outlet: bool = False
    told_elsewhere: bool = False
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
