"""How the house itself is: the canary's flights, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# The stages of the canary's way, in their order; empty is all of it.
STAGES = ("serve", "fetch", "parse", "match", "place", "judge", "outbox", "send")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """One flight of the canary: `stage` is where it fell, empty when it arrived; `why` the reason in one line."""

    at: datetime
    stage: str = ""
    why: str = ""

    @property
    def arrived(self) -> bool:
        """Whether it came through."""
        return not self.stage


class Organ(StrEnum):
    """What of the house may be unwell."""

    CYCLE = "cycle"  # no source was read for too long
    NETWORK = "network"  # nobody answers
    CANARY = "canary"  # the canary fell, or does not fly
    DATABASE = "database"  # nothing can be written
    CLOCK = "clock"  # the clock stands, or tells another time than everybody else's
    JOB = "job"  # a row of the timetable breaks or hangs
    ROAD = "road"  # a destination cannot be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """One thing that is wrong with the house: `what` names the stage, job or destination, `why` says more."""

    organ: Organ
    what: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        """The same as long as it lasts."""
        return f"{self.organ} {self.what}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """How a destination was found at the last look: `failures` in a row, since when, and the last reason."""

    name: str
    failures: int = 0
    failing_for: timedelta = timedelta(0)
    why: str = ""
