"""What we say: alerts and letters, messages and their fate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from monitor.model.basics import Lang, Reason, Severity, Standing
from monitor.model.keywords import Hit
from monitor.model.stories import Escalation, Join


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One outlet's account of a story. `quoted`: the headline and the sentence on the card are this one's."""

    outlet: str
    standing: Standing
    url: str
    title: str = ""
    lang: str = ""
    blocked_in: tuple[str, ...] = ()
    published_at: datetime | None = None
    seen_at: datetime | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far a story has gone at the moment a card is worded: who tells it, who does not, in which other languages.

    `independent_only`: all outlets so far are independent ones. `state_read_count` is how many state or official
    sources were read well at that moment; `state_after` how long after the first outlet the first of them had it (zero
    when it came from them), None while none has. `also_in` are languages other than the quoted one's. `updated_at` is
    None on a first card.
    """

    outlet_count: int = 1
    independent_only: bool = False
    state_read_count: int = 0
    state_after: timedelta | None = None
    also_in: tuple[str, ...] = ()
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Another story that this one may belong with, and how: ALSO (in another language), POSSIBLY the same, RELATED."""

    ref: str
    join: Join
    title: str = ""
    lang: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One outlet's article of a story, as it is at rest. `topics` are its live topics, the gravest first.

    `about` are the names, `sectors` the sectors that stand in its title or lead.
    """

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
    about: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()


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
    language, so that a card speaks the reader's language. `ring` is false for a silent message. `links` has the
    independent outlets first. `about` are the companies and unions that the article is about, `sectors` its sectors. A card with an `escalation` tells what is new in a story that was told before, and with
    `is_reply` it answers that story's first card. `relatives` are other stories, each with how sure it is.
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
    about: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    sector_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ring: bool = False
    late: bool = False
    feed_id: str = ""
    spread: Spread = field(default_factory=Spread)
    relatives: tuple[Relative, ...] = ()
    escalation: Escalation | None = None
    is_reply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What we could see and could not: the line that tells silence from blindness.

    `blind` holds (outlet name, since, reason) of each watched source that is not read at the moment;
    `unwatched_count` how many known sources are not polled at all. `gaps` holds (outlet name, how long) of stretches
    that may have passed by unseen, the longest first, and `gap` that longest one; `quiet` (outlet name, since) of the
    sources that are read and silent beyond their own measure.
    """

    read_count: int
    watched_count: int
    blind: tuple[tuple[str, datetime | None, str], ...] = ()
    unwatched_count: int = 0
    gap: timedelta | None = None
    gaps: tuple[tuple[str, timedelta], ...] = ()
    quiet: tuple[tuple[str, datetime | None], ...] = ()

    @property
    def sees_enough(self) -> bool:
        """Whether silence may be taken for calm: four of five watched sources are read."""
        return 0 < self.watched_count <= self.read_count * 5 / 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One story in the letter. `at_night`: it came while readers slept."""

    alert: Alert
    verdict: Reason
    said: bool
    article_count: int = 1
    at_night: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStory:
    """A dispute of earlier days whose end nobody reported: when it was first and when it was last heard of."""

    alert: Alert
    opened_at: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One story of the last days as a picture counts it: the local date of its letter, its topic, its regions."""

    date: str
    topic: str
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A period worth one letter: [since, until), for one local date.

    `coverage` is None when what could be read at that time was not recorded; `blind_regions` are those of the blind
    outlets. `past` are the stories of the `past_days` letters up to this one, `topic_titles` what their topics are
    called. `near_misses` are (title, what was missing), for maintainers only, and `near_count` how many there were.
    """

    date: str
    time_zone: str
    since: datetime
    until: datetime
    items: tuple[DigestItem, ...]
    coverage: Coverage | None
    late_hours: int = 0
    blind_regions: tuple[str, ...] = ()
    open_stories: tuple[OpenStory, ...] = ()
    past: tuple[Past, ...] = ()
    past_days: int = 30
    topic_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    near_misses: tuple[tuple[str, str], ...] = ()
    near_count: int = 0


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
    Priority: the lower, the sooner. `card` is the subject of the card that an edit changes or a reply answers; what
    the channel calls that card (`target_id`, `reply_to`) is filled in when the message leaves.
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
    card: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message and its fate. `message_id` is the channel's own id once it was said.

    `folded_into` is the subject of the message that says it instead, or "digest".
    """

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
    folded_into: str | None = None
