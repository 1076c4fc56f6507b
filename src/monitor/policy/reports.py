"""Which troubles are told now, and which are over? Each once; a source that comes and goes is a line a day at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import WIDE, Cause, FeedState, Trouble

# What was over and is back is told again after this long; until then it goes on in silence.
AGAIN, WIDE_AGAIN = timedelta(days=1), timedelta(hours=2)
# Here the road is at fault and not its end. While it is closed a few are asked again and again, whoever waits longest;
# when it is open again all are, however long their pauses.
ROADS = frozenset({Cause.NETWORK, Cause.PROXY, Cause.SHUTDOWN, Cause.ABROAD})
SCOUTS, SCOUTS_REST = 3, timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A trouble that was told: when, when it was over (None while it lasts), and whether it came back in silence.

    `is_fading`: at the last look it was not there, and the next one decides; whoever was behind it is asked meanwhile.
    """

    trouble: Trouble
    told_at: datetime
    over_at: datetime | None = None
    in_silence: bool = False
    is_fading: bool = False

    def is_old(self, now: datetime) -> bool:
        """Whether it is over, and long enough ago that the same trouble is news again."""
        pause = WIDE_AGAIN if self.trouble.cause in WIDE else AGAIN
        return self.over_at is not None and now - self.told_at >= pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is to be told: wide troubles and ends of wide troubles by themselves, `lines` and `well` names together.

    `kept` is what to remember as told, `forgotten` which keys not to; `awake` are the feeds to be asked at once.
    """

    wide: tuple[Trouble, ...] = ()
    over: tuple[Told, ...] = ()
    lines: tuple[Trouble, ...] = ()
    well: tuple[str, ...] = ()
    kept: tuple[Told, ...] = ()
    forgotten: tuple[str, ...] = ()
    awake: tuple[str, ...] = ()


def report(
    found: Sequence[Trouble], told: Mapping[str, Told], states: Mapping[str, FeedState], now: datetime
) -> Report:
    """What has changed between what is known to be wrong (`told`, by key) and what is wrong now."""
    present = {one.key: one for one in found}
    absent = [kept for key, kept in told.items() if kept.over_at is None and _is_over(key, kept, present)]
    new = [one for one in found if one.ripe and _is_news(told.get(one.key), now) and _was_asked(one, told, states)]
    fading = [replace(kept, is_fading=True) for kept in absent if not kept.is_fading]
    ended = [replace(kept, over_at=now, is_fading=False) for kept in absent if kept.is_fading]
    known = {one.key for one in new}
    back = [kept for key, kept in told.items() if kept.over_at and key in present and key not in known]
    grown = [
        _grown(kept, present[key])
        for key, kept in told.items()
        if kept.over_at is None and key in present and _has_changed(kept, present[key])
    ]
    aloud = [kept for kept in ended if not kept.in_silence]
    return Report(
        wide=tuple(one for one in new if one.cause in WIDE),
        over=tuple(kept for kept in aloud if kept.trouble.cause in WIDE),
        lines=tuple(one for one in new if one.cause not in WIDE),
        well=tuple(name for kept in aloud if kept.trouble.cause not in WIDE for name in kept.trouble.names),
        kept=(
            *(Told(trouble=one, told_at=now) for one in new),
            *fading,
            *ended,
            *grown,
            *(replace(kept, over_at=None, in_silence=True) for kept in back),
        ),
        forgotten=tuple(key for key, kept in told.items() if key not in present and kept.is_old(now)),
        awake=(
            *(feed for kept in fading if kept.trouble.cause in ROADS for feed in kept.trouble.feeds),
            *(feed for one in found if one.cause in ROADS for feed in _scouts(one, states, now)),
        ),
    )


def _scouts(one: Trouble, states: Mapping[str, FeedState], now: datetime) -> list[str]:
    """The sources of a closed road that were not asked for longest, as far as they have rested."""
    asked = sorted((polled, feed_id) for feed_id in one.feeds if (polled := states[feed_id].polled_at))
    return [feed_id for polled, feed_id in asked if now - polled >= SCOUTS_REST][:SCOUTS]


def _grown(kept: Told, one: Trouble) -> Told:
    """A trouble that was told, with all the sources that it has blinded since."""
    both = {
        **dict(zip(kept.trouble.feeds, kept.trouble.names, strict=True)),
        **dict(zip(one.feeds, one.names, strict=True)),
    }
    return replace(kept, is_fading=False, trouble=replace(kept.trouble, feeds=tuple(both), names=tuple(both.values())))


def _has_changed(kept: Told, one: Trouble) -> bool:
    return kept.is_fading or not set(one.feeds) <= set(kept.trouble.feeds)


def _is_news(kept: Told | None, now: datetime) -> bool:
    return kept is None or kept.is_old(now)


def _is_over(key: str, kept: Told, present: Mapping[str, Trouble]) -> bool:
    """Whether a trouble is gone; a single source that is a part of a wider one now is not well."""
    if key in present:
        return False
    still = {feed_id for one in present.values() for feed_id in one.feeds}
    return kept.trouble.cause in WIDE or still.isdisjoint(kept.trouble.feeds)


def _was_asked(one: Trouble, told: Mapping[str, Told], states: Mapping[str, FeedState]) -> bool:
    """Whether a single source was asked since the wide trouble was over that had blinded it."""
    if one.cause in WIDE:
        return True
    wide = [kept for kept in told.values() if kept.trouble.cause in WIDE and set(one.feeds) & set(kept.trouble.feeds)]
    if any(kept.over_at is None for kept in wide):
        return False  # it ends with this very report
    ends = [kept.over_at for kept in wide if kept.over_at]
    asked = [polled for feed_id in one.feeds if (polled := states[feed_id].polled_at)]
    return not ends or (bool(asked) and min(asked) > max(ends))
