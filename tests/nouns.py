"""Nouns ready to use in tests, with everything beside the point filled in."""

from datetime import UTC, datetime
from typing import Any

from monitor.model import (
    Article,
    Case,
    Entry,
    Feed,
    FeedState,
    Finding,
    Hit,
    Join,
    Message,
    Placement,
    Reason,
    Severity,
    TopicMatch,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def a_feed(**more: Any) -> Feed:
    """A local Russian feed."""
    return Feed(**{"id": "lada", "url": "https://lada.example/rss", "title": "Лада", **more})


def a_state(**more: Any) -> FeedState:
    """A feed that was read before and is past its baseline."""
    return FeedState(**{"feed_id": "lada", "good_at": NOON, "baselined_at": NOON, **more})


def an_entry(**more: Any) -> Entry:
    """An entry about a strike."""
    filled = {
        "feed_id": "lada",
        "guid": "1",
        "url": "https://lada.example/news/1",
        "title": "Нефтяники Жанаозена объявили бессрочную забастовку",
        "summary": "С утра не вышли на смену около 340 человек.",
        "published_at": NOON,
    }
    return Entry(**filled | more)


def an_article(**more: Any) -> Article:
    """An article about a strike, published and seen at noon."""
    filled = {
        "feed_id": "lada",
        "url": "https://lada.example/news/1",
        "url_key": "key-1",
        "title": "Нефтяники Жанаозена объявили бессрочную забастовку",
        "text": "С утра не вышли на смену около 340 человек.",
        "lang": "ru",
        "published_at": NOON,
        "seen_at": NOON,
        "fingerprint": "print-1",
    }
    return Article(**filled | more)


def a_hit(**more: Any) -> Hit:
    """The word that rang."""
    filled = {
        "topic": "strike",
        "term": "забастовка",
        "lang": "ru",
        "form": "забастовку",
        "field": "title",
        "start": 39,
        "end": 49,
        "quote": "Нефтяники Жанаозена объявили бессрочную забастовку",
    }
    return Hit(**filled | more)


def a_finding(severity: Severity = Severity.URGENT, **more: Any) -> Finding:
    """A finding of one live topic."""
    match = TopicMatch(topic="strike", severity=severity, score=3, hits=(a_hit(),))
    filled = {
        "lang": "ru",
        "severity": severity,
        "reason": Reason.MATCHED,
        "topics": (match,),
        "places": ("zhanaozen",),
    }
    return Finding(**filled | more)


def a_case(**more: Any) -> Case:
    """A fresh urgent article of a feed that is past its baseline, in a story nobody was told of."""
    filled = {
        "article": an_article(),
        "feed": a_feed(),
        "state": a_state(),
        "finding": a_finding(),
        "placement": Placement(join=Join.OPENS),
    }
    return Case(**filled | more)


def a_message(**more: Any) -> Message:
    """A card for the only reader of a channel."""
    filled = {"subject": "story:K7F2Q", "channel": "telegram", "recipient": "reader", "body": "{}", "ref": "K7F2Q"}
    return Message(**filled | more)
