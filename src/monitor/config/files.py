"""The folder of YAML files in, one Configuration out; or every mistake of every file at once."""

from collections.abc import Collection
from pathlib import Path

from monitor.config.configuration import DELIVERY, FEEDS, KEYWORDS, Configuration
from monitor.config.delivery import make_delivery, usual
from monitor.config.feeds import make_feeds
from monitor.config.keywords import make_keywords
from monitor.config.plan import Plan
from monitor.config.problems import Problems, shown
from monitor.config.settings import Settings
from monitor.config.yaml import read_document
from monitor.errors import ConfigError
from monitor.matching.check import mistakes, refusals
from monitor.matching.compile import compile_keywords
from monitor.matching.engine import Matcher
from monitor.model import Feed, Keywords, Rules
from monitor.text.packing import nothing_collected

__all__ = [
    "DELIVERY",
    "FEEDS",
    "KEYWORDS",
    "Configuration",
    "load",
    "read_delivery",
    "read_feeds",
    "read_keywords",
    "read_matcher",
]


def load(config_dir: Path, settings: Settings | None = None, *, doubts: bool = False) -> Configuration:
    """Read feeds.yaml, keywords.yaml and, if it is there, delivery.yaml; `settings` give the defaults of delivery.

    With `doubts` the warnings say what looks wrong about terms, too: dear, and of use only to somebody who reads them.
    Raises ConfigError with all mistakes of all files.
    """
    proxies = None if settings is None else settings.proxies
    with nothing_collected():
        feeds, feed_problems = _feeds(config_dir / FEEDS, proxies)
        keywords, matcher, keyword_problems = _keywords(config_dir / KEYWORDS, doubts=doubts)
    known = None if keyword_problems.errors else keywords
    rules, plan, delivery_problems = _delivery(_optional(config_dir / DELIVERY), settings or Settings(), known)
    problems = (*feed_problems, *keyword_problems, *delivery_problems)
    if errors := [problem for problem in problems if problem.level == "error"]:
        raise ConfigError(errors)
    return Configuration(feeds=feeds, keywords=keywords, rules=rules, delivery=plan, matcher=matcher, warnings=problems)


def read_feeds(path: Path) -> tuple[Feed, ...]:
    """The sources of a feeds.yaml, disabled ones included. Raises ConfigError."""
    feeds, problems = _feeds(path, None)
    _raise(problems)
    return feeds


def read_keywords(path: Path) -> Keywords:
    """A keywords.yaml, its terms checked as well. Raises ConfigError."""
    keywords, _, problems = _keywords(path)
    _raise(problems)
    return keywords


def read_matcher(path: Path) -> Matcher:
    """The matcher of a keywords.yaml. Raises ConfigError."""
    _, matcher, problems = _keywords(path)
    _raise(problems)
    return matcher


def read_delivery(path: Path | None, settings: Settings | None = None) -> tuple[Rules, Plan]:
    """A delivery.yaml, or what holds without one. Raises ConfigError."""
    rules, plan, problems = _delivery(path, settings or Settings())
    _raise(problems)
    return rules, plan


def _raise(problems: Problems) -> None:
    if problems.errors:
        raise ConfigError(problems.errors)


def _optional(path: Path) -> Path | None:
    return path if path.exists() or path.is_symlink() else None


def _feeds(path: Path, proxies: Collection[str] | None) -> tuple[tuple[Feed, ...], Problems]:
    problems = Problems(shown(path))
    return make_feeds(read_document(path, problems), problems, proxies), problems


def _keywords(path: Path, *, doubts: bool = False) -> tuple[Keywords, Matcher, Problems]:
    """The keywords with what is wrong with the file and its terms; doubts about terms wait until nothing is wrong."""
    problems = Problems(shown(path))
    keywords = make_keywords(read_document(path, problems), problems)
    matcher = compile_keywords(keywords)
    if doubts and not problems.errors:
        problems.take(mistakes(keywords, problems.path, matcher))
    else:
        problems.take(refusals(keywords, problems.path))
    return keywords, matcher, problems


def _delivery(path: Path | None, settings: Settings, keywords: Keywords | None = None) -> tuple[Rules, Plan, Problems]:
    problems = Problems(shown(path) if path else DELIVERY)
    if path is None:
        return *usual(settings), problems
    return *make_delivery(read_document(path, problems), problems, settings, keywords), problems
