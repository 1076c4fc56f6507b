"""Words the other nouns are made of: languages, severities, reasons, states."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Literal

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
    QUARANTINED = "quarantined"


class Reason(StrEnum):
    """Why the answer is yes or no. Every verdict carries exactly one."""

    FIRST = "FIRST"
    NEW_TOPIC = "NEW_TOPIC"
    ESCALATED = "ESCALATED"
    GREW = "GREW"
    OTHER_LANGUAGE = "OTHER_LANGUAGE"
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
