"""What the running house knows of itself, told by the stopwatch and kept in memory: a restart begins anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model import Flight, Road
from monitor.outbox import Place
from monitor.policy.pulse import Beat

Stopwatch = Callable[[], float]
"""Seconds since some moment; never set, never stands."""


class Row(Protocol):
    """What is asked of a row of the timetable."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def every(self) -> float:
        """Seconds between two runs."""
        ...


@dataclass(slots=True)
class Tried:
    """How one destination was found: failures in a row, since when (by the stopwatch), why, and when to try again."""

    failures: int = 0
    since: float = 0.0
    why: str = ""
    next_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Vitals:
    """The pulse of one run of the house. All moments are the stopwatch's."""

    stopwatch: Stopwatch
    started: float
    clock_moved: float
    clock_showed: datetime | None = None
    read_well: float | None = None
    flight: Flight | None = None
    flown: float | None = None
    beats: dict[str, float] = field(default_factory=dict)
    broke: dict[str, str] = field(default_factory=dict)
    tried: dict[Place, Tried] = field(default_factory=dict)
    rows: Sequence[Row] = ()
    pinged: float | None = None
    was_well: bool = True
    unwell_since: dict[str, float] = field(default_factory=dict)

    @classmethod
    def begin(cls, stopwatch: Stopwatch) -> "Vitals":
        """The vitals of a house that opens now."""
        now = stopwatch()
        return cls(stopwatch=stopwatch, started=now, clock_moved=now)

    def since(self, moment: float | None) -> timedelta:
        """How long ago something was; what never was, was at the start."""
        return timedelta(seconds=self.stopwatch() - (self.started if moment is None else moment))

    def done(self, name: str) -> None:
        """A job ended well."""
        self.beats[name] = self.stopwatch()
        self.broke.pop(name, None)

    def failed(self, name: str, why: str) -> None:
        """A job broke or was cut off."""
        self.broke[name] = why

    def jobs(self) -> dict[str, Beat]:
        """How each row of the timetable goes."""
        return {
            row.name: Beat(
                every=timedelta(seconds=row.every),
                ago=self.since(self.beats.get(row.name)),
                broke=self.broke.get(row.name, ""),
            )
            for row in self.rows
        }

    def stands_for(self, now: datetime) -> timedelta:
        """For how long the clock has shown the same time."""
        if now != self.clock_showed:
            self.clock_showed, self.clock_moved = now, self.stopwatch()
        return self.since(self.clock_moved)

    def road(self, place: Place, name: str) -> Road:
        """How a destination was found at the last try."""
        tried = self.tried.get(place, Tried())
        failing_for = self.since(tried.since) if tried.failures else timedelta(0)
        return Road(name=name, failures=tried.failures, failing_for=failing_for, why=tried.why)
