"""Where the house stands: last good cycle, coverage, feeds by health, outbox, silences."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor import outbox
from monitor.model import Ailment, Coverage, Feed, FeedState, Flight, Health, Mute, Organ, Trouble
from monitor.policy import causes, health
from monitor.store import facts
from monitor.store import feeds as feed_store
from monitor.store import stories as story_store

GOOD_CYCLE, CANARY, PULSE = "last good cycle", "canary", "pulse"
# Sources are read every 5 to 60 minutes: longer than this without one good cycle is a fault, not calm.
STALE_AFTER = timedelta(hours=1)
MISSED_ROUNDS = 2
# A pulse that was felt longer ago is that of a daemon which runs no more.
PULSE_FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One watched source and how it is."""

    feed: Feed
    state: FeedState
    health: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The state of everything at one moment."""

    at: datetime
    last_good_cycle: datetime | None
    stale: bool
    coverage: Coverage
    sources: tuple[Source, ...]
    outbox: dict[str, int]
    mutes: tuple[Mute, ...]
    refused: str | None
    troubles: tuple[Trouble, ...] = ()
    flight: Flight | None = None
    unwell: tuple[Ailment, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether sources were read lately, the canary's last flight arrived and the running house felt well."""
        return not self.stale and not self.unwell and (self.flight is None or self.flight.arrived)

    @property
    def by_health(self) -> dict[str, int]:
        """How many watched sources are in each state of health, only those that occur."""
        return dict(sorted(Counter(source.health.value for source in self.sources).items()))


def standing(db: Database, feeds: Sequence[Feed], now: datetime) -> Standing:
    """Look at everything once. `stale` means that no cycle was good for so long that silence says nothing."""
    states = feed_store.states(db)
    watched = [feed for feed in feeds if feed.enabled]
    sources = []
    for feed in watched:
        state = states.get(feed.id, FeedState(feed_id=feed.id))
        sources.append(Source(feed=feed, state=state, health=health.health(feed, state, now)))
    last_good = facts.recalled_at(db, GOOD_CYCLE)
    patience = max([STALE_AFTER, *(MISSED_ROUNDS * min(feed.every_max for feed in watched) for _ in watched[:1])])
    return Standing(
        at=now,
        last_good_cycle=last_good,
        stale=last_good is None or now - last_good > patience,
        coverage=health.coverage(feeds, states, now),
        sources=tuple(sources),
        outbox=outbox.counts(db),
        mutes=story_store.mutes(db, now),
        refused=facts.recall(db, "configuration refused"),
        troubles=tuple(causes.troubles(feeds, states, now)),
        flight=_flight(db),
        unwell=_unwell(db, now),
    )


def _flight(db: Database) -> Flight | None:
    """How the canary's last flight went; None when it never flew here."""
    kept, at = facts.recall(db, CANARY), facts.recalled_at(db, CANARY)
    return Flight(at=at, **json.loads(kept)) if kept and at else None


def _unwell(db: Database, now: datetime) -> tuple[Ailment, ...]:
    """What the running house said was wrong with it, when it felt its pulse last."""
    kept, at = facts.recall(db, PULSE), facts.recalled_at(db, PULSE)
    if not kept or not at or now - at > PULSE_FRESH:
        return ()
    return tuple(Ailment(organ=Organ(organ), what=what, why=why) for organ, what, why in json.loads(kept)["wrong"])
