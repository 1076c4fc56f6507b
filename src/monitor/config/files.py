"""The folder of YAML files in, one Configuration out; or every mistake of every file at once."""

from dataclasses import dataclass, field
from pathlib import Path

from monitor.config.delivery import Plan
from monitor.config.settings import Settings
from monitor.errors import Problem
from monitor.model import Feed, Keywords, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that the files say. `warnings` are for people; nothing stops because of them."""

    feeds: tuple[Feed, ...]
    keywords: Keywords
    rules: Rules = field(default_factory=Rules)
    delivery: Plan = field(default_factory=Plan)
    warnings: tuple[Problem, ...] = ()


def load(config_dir: Path, settings: Settings | None = None) -> Configuration:
    """Read feeds.yaml, keywords.yaml and, if it is there, delivery.yaml; `settings` give the defaults of delivery.

    Raises ConfigError with all mistakes of all files.
    """
    raise NotImplementedError


def read_feeds(path: Path) -> tuple[Feed, ...]:
    """The sources of a feeds.yaml, disabled ones included. Raises ConfigError."""
    raise NotImplementedError


def read_keywords(path: Path) -> Keywords:
    """A keywords.yaml, checked for shape; its terms are not parsed here. Raises ConfigError."""
    raise NotImplementedError


def read_delivery(path: Path | None, settings: Settings | None = None) -> tuple[Rules, Plan]:
    """A delivery.yaml, or the defaults for None. Raises ConfigError."""
    raise NotImplementedError
