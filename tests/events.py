"""The labelled events: what outlets wrote of sixty-two happenings of one week, in three languages."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from monitor.config.files import load
from monitor.config.settings import Settings
from monitor.matching.engine import Matcher
from monitor.matching.sentences import lead_end
from monitor.model import Article, Gist
from monitor.stories.gist import Atlas, atlas_of, gist_of
from nouns import NOON
from paths import ROOT

FILE = ROOT / "tests" / "data" / "story_events.jsonl"
HALVES = ("tuned", "held out")


@dataclass(frozen=True)
class Told:
    """One outlet's account: which event it is about, on which day of the week, of what kind."""

    event: str
    day: int
    topic: str
    lang: str
    title: str
    lead: str
    gist: Gist

    @property
    def half(self) -> str:
        """Thresholds were chosen on odd events only."""
        return HALVES[int(self.event[1:]) % 2 == 0]


@cache
def shipped() -> tuple[Matcher, Atlas]:
    """The matcher and the atlas of the keyword file that ships."""
    configuration = load(ROOT / "config", Settings(config_dir=ROOT / "config"))
    assert configuration.matcher is not None
    return configuration.matcher, atlas_of(configuration.keywords, [feed.name for feed in configuration.feeds])


def gist(title: str, text: str, lang: str) -> Gist:
    """An article as the stories see it."""
    matcher, atlas = shipped()
    lead = text[: lead_end(text)]
    article = Article(feed_id="x", url="", title=title, text=text, lang=lang, seen_at=NOON)
    return gist_of(
        article,
        lead,
        matcher.find(title, text, lang=lang),
        atlas,
        early=matcher.find(title, lead, lang=lang),
        headline=matcher.find(title, "", lang=lang),
    )


@cache
def accounts() -> tuple[Told, ...]:
    """Every account of every event."""
    rows = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    return tuple(Told(**row, gist=gist(row["title"], row["lead"], row["lang"])) for row in rows)


def pairs(half: str = "") -> Iterator[tuple[Told, Told]]:
    """Every two accounts, of one half or (without one) of all."""
    yield from itertools.combinations([one for one in accounts() if half in {"", one.half}], 2)
