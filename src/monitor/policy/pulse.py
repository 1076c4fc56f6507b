"""Is the house well? From what it knows of itself, whatever single sources do; every complaint by its organ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.model import Ailment, Flight, Organ, Road

MINUTE = timedelta(minutes=1)
# Nothing read for so long is a fault, not calm: sources are read every 5 to 60 minutes.
CYCLE_PATIENCE = timedelta(hours=1)
_JOB_PATIENCE, _JOB_ROUNDS = 10 * MINUTE, 3  # a job that hangs is cut off by its deadline and tried again
_FLIGHT_PATIENCE = 12 * MINUTE  # the canary flies every five
_ROAD_FAILURES = 2  # tries in a row: one may meet a server that restarts
_ROAD_PATIENCE = 10 * MINUTE  # of messages that do not get through
_CLOCK_STANDS = 2 * MINUTE
_CLOCK_WRONG = 5 * MINUTE
_WITNESSES = 2  # hosts that must agree on another time than ours
_AGREE = 2 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One row of the timetable: how often it runs, how long ago it last ended well, and why it broke since, if it did."""

    every: timedelta
    ago: timedelta
    broke: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the house knows of itself at one moment. Ages are told by the stopwatch, which no clock can mislead."""

    good_ago: timedelta  # since a source was last read well, or since the start
    cycle_patience: timedelta = CYCLE_PATIENCE
    network_down: bool = False
    flight: Flight | None = None
    flown_ago: timedelta = timedelta(0)  # since the last flight, or since the start
    database: str = ""
    stands_for: timedelta = timedelta(0)
    skew: timedelta | None = None
    jobs: Mapping[str, Beat] = field(default_factory=dict)
    roads: Sequence[Road] = ()


def ailments(signs: Signs) -> list[Ailment]:
    """All that is wrong, the gravest first; empty when the house is well."""
    found = [*_of_the_clock(signs), *_of_the_work(signs)]
    if signs.database:
        found.insert(0, Ailment(organ=Organ.DATABASE, why=signs.database))
    found += [
        Ailment(organ=Organ.JOB, what=name, why=beat.broke)
        for name, beat in signs.jobs.items()
        if beat.ago > max(_JOB_PATIENCE, beat.every * _JOB_ROUNDS)
    ]
    found += [
        Ailment(organ=Organ.ROAD, what=road.name, why=road.why)
        for road in signs.roads
        if road.failures >= _ROAD_FAILURES or road.failing_for >= _ROAD_PATIENCE
    ]
    return found


def _of_the_clock(signs: Signs) -> list[Ailment]:
    if signs.stands_for >= _CLOCK_STANDS:
        return [Ailment(organ=Organ.CLOCK, what="stands")]
    if signs.skew is not None and abs(signs.skew) >= _CLOCK_WRONG:
        return [Ailment(organ=Organ.CLOCK, what="wrong", why=f"{signs.skew.total_seconds() / 60:+.0f} min")]
    return []


def _of_the_work(signs: Signs) -> list[Ailment]:
    found = []
    if signs.flight is not None and not signs.flight.arrived:
        found.append(Ailment(organ=Organ.CANARY, what=signs.flight.stage, why=signs.flight.why))
    elif signs.flown_ago > _FLIGHT_PATIENCE:
        found.append(Ailment(organ=Organ.CANARY, what="late"))
    if signs.network_down:
        found.append(Ailment(organ=Organ.NETWORK))
    elif signs.good_ago > signs.cycle_patience:
        found.append(Ailment(organ=Organ.CYCLE))
    return found


def agreed_skew(told: Mapping[str, timedelta]) -> timedelta | None:
    """By how much our clock is ahead of what most hosts tell, by host; None when too few of them agree."""
    skews = sorted(told.values())
    if len(skews) < _WITNESSES:
        return None
    median = skews[len(skews) // 2]
    agreeing = [skew for skew in skews if abs(skew - median) <= _AGREE]
    return median if len(agreeing) >= _WITNESSES and len(agreeing) * 2 > len(skews) else None
