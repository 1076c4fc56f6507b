"""The configuration: what all files of a folder say together."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.config.plan import Plan
from monitor.errors import Problem
from monitor.model import Feed, Keywords, Rules

if TYPE_CHECKING:
    from monitor.matching.engine import Matcher

FEEDS, KEYWORDS, DELIVERY = "feeds.yaml", "keywords.yaml", "delivery.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that the files say.

    `matcher` is made of `keywords`, to check them; it costs too much to make twice, and when the files were checked
    before, it lies `packed` here instead. `warnings` are for people; nothing stops because of them.
    """

    feeds: tuple[Feed, ...]
    keywords: Keywords
    rules: Rules = field(default_factory=Rules)
    delivery: Plan = field(default_factory=Plan)
    matcher: "Matcher | None" = field(default=None, repr=False, compare=False)
    packed: bytes | None = field(default=None, repr=False, compare=False)
    warnings: tuple[Problem, ...] = ()
