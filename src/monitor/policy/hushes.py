"""Who is silent together? When everybody answers and nobody has news, the reason lies between us or in the country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Cause, Feed, FeedState, Health, Trouble
from monitor.policy.health import BLIND, health, last_arrival
from monitor.policy.homes import is_in_kazakhstan
from monitor.policy.rhythm import Rhythm

_LEAST = 3  # sources
_ENOUGH = 12.0  # items that a group must have missed, all together …
_OTHERS = 6.0  # … and without its fastest source, whose silence may be its own
_SOME = 3.0  # items whose absence says that somebody is silent as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One source that is read and whose rhythm is known."""

    feed: Feed
    rhythm: Rhythm
    arrived_at: datetime
    looked_at: datetime
    quiet: bool

    def missed(self, since: datetime) -> float:
        """How many items should have come since then, as far as we have looked."""
        return self.rhythm.missed(since, self.looked_at, self.feed.time_zone)


def hush(feeds: Sequence[Feed], states: Mapping[str, FeedState], now: datetime) -> Trouble | None:
    """The silence of all sources, or of those in Kazakhstan; None while somebody of them publishes."""
    voices = [voice for feed in feeds if (voice := _voice(feed, states.get(feed.id), now)) is not None]
    home = [voice for voice in voices if is_in_kazakhstan(voice.feed)]
    abroad = [voice for voice in voices if not is_in_kazakhstan(voice.feed)]
    since = _silent_since(home)
    if since is None or not abroad:
        since = _silent_since(voices)
        return _trouble(Cause.SILENCE, voices, since) if since else None
    if any(voice.arrived_at > since for voice in abroad):
        return _trouble(Cause.SILENCED, home, since)
    # Nobody abroad has published either. Until they should have, or one silence is remarkable by itself, we wait.
    if sum(voice.missed(since) for voice in abroad) >= _SOME or any(voice.quiet for voice in home):
        return _trouble(Cause.SILENCE, voices, max(voice.arrived_at for voice in voices))
    return None


def _silent_since(voices: Sequence[Voice]) -> datetime | None:
    """Since when nobody of a group has published, if that is remarkable."""
    if len(voices) < _LEAST:
        return None
    since = max(voice.arrived_at for voice in voices)
    missed = sorted(voice.missed(since) for voice in voices)
    return since if sum(missed) >= _ENOUGH and sum(missed[:-1]) >= _OTHERS else None


def _voice(feed: Feed, state: FeedState | None, now: datetime) -> Voice | None:
    if state is None or state.good_at is None:
        return None
    rhythm, arrived_at = Rhythm.of(state.memory), last_arrival(state)
    if rhythm is None or not rhythm.is_known or arrived_at is None:
        return None
    found = health(feed, state, now)
    if found in BLIND or found is Health.STALE:
        return None
    return Voice(
        feed=feed,
        rhythm=rhythm,
        arrived_at=arrived_at,
        looked_at=min(state.good_at, now),
        quiet=found is Health.QUIET,
    )


def _trouble(cause: Cause, voices: Sequence[Voice], since: datetime) -> Trouble:
    return Trouble(
        cause=cause,
        key="silence",
        feeds=tuple(voice.feed.id for voice in voices),
        names=tuple(voice.feed.name for voice in voices),
        asked=len(voices),
        since=since,
    )
