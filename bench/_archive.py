"""A house with the keyword file that ships and an empty archive, for measurements that put articles into stories."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

from monitor.app.house import open_house
from monitor.config.settings import Settings
from monitor.ingest import looking, placing
from monitor.model import Article, Finding, Join, Placement, Severity, Story, TopicMatch
from monitor.store import articles, stories
from monitor.text.prints import digest16, fingerprint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from monitor.ingest.desk import Desk
    from monitor.ingest.placing import Sight

ROOT = Path(__file__).resolve().parents[1]
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
ANY = TopicMatch(
    topic="strike", severity=Severity.URGENT, score=1.0, hits=()
)  # for texts in which the keywords find nothing
FEED = "bench"


@asynccontextmanager
async def a_desk() -> AsyncIterator[Desk]:
    """A desk with the shipped words in a folder that vanishes."""
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as name:
        config, data = Path(name) / "config", Path(name) / "data"
        config.mkdir()
        copy(ROOT / "config" / "keywords.yaml", config)
        (config / "feeds.yaml").write_text(
            f"version: 1\nfeeds: [{{id: {FEED}, url: https://bench.example/rss}}]\n", "utf-8"
        )
        async with open_house(Settings(config_dir=config, data_dir=data), clock=lambda: BEGAN) as house:
            house.db.execute("PRAGMA synchronous = OFF")  # the disk is not what is measured
            house.db.table("feeds").insert(
                {"id": FEED, "title": "Bench", "url": "https://bench.example/rss", "kind": "rss", "lang": "ru",
                 "scope": "local", "standing": "independent", "added_at": "2026-03-01T00:00:00Z"}
            )  # fmt: skip
            yield house.desk


def found(desk: Desk, number: int, text: tuple[str, str, str], now: datetime) -> tuple[Article, Finding]:
    """An article (language, headline, text) of its own address, and what the keywords find in it; at least one topic."""
    lang, title, body = text
    url = f"https://bench.example/{number}"
    article = Article(
        feed_id=FEED, url=url, url_key=digest16(url), title=title, text=body, lang=lang, seen_at=now,
        fingerprint=fingerprint(title, body),
    )  # fmt: skip
    finding = desk.matcher.find(title, body, lang=lang)
    return article, finding if finding.topics else replace(finding, topics=(ANY,))


def see(desk: Desk, article: Article, finding: Finding) -> Sight:
    """An article in which this was found as the stories see it."""
    look = looking.look_closer(desk.matcher, finding, article.title, article.text, lang=article.lang)
    return placing.look_at(desk, article, look)


def look(desk: Desk, number: int, text: tuple[str, str, str], now: datetime) -> tuple[Article, Sight]:
    """An article of its own address as the stories see it."""
    article, finding = found(desk, number, text, now)
    return article, see(desk, article, finding)


def store(desk: Desk, article: Article, sight: Sight, story_id: int) -> int:
    """Store an article that belongs to a story, without what it is recognised by; returns its id."""
    finding = replace(desk.matcher.find("", ""), topics=(ANY,))
    return articles.keep(desk.db, replace(article, story_id=story_id), finding, sight.signs.passages)


def keep(desk: Desk, article: Article, sight: Sight, number: int) -> int:
    """Store an article in a story of its own; returns the story."""
    story = Story(
        ref=f"{number:05}", title=article.title, opened_at=article.seen_at, updated_at=article.seen_at,
        severity=Severity.URGENT, topics=("strike",),
    )  # fmt: skip
    story_id = stories.open_story(desk.db, story).id
    placing.remember(desk, store(desk, article, sight, story_id), story_id, sight, new=True)
    return story_id


def is_copy(placement: Placement) -> bool:
    """Whether an article was taken for a reprint."""
    return placement.join is Join.REPRINT
