"""The archive, searched by words with their forms."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor import languages
from monitor.languages import Word
from monitor.text.fold import fold
from monitor.text.times import stamp, unstamp
from monitor.text.tokens import find_words

# Articles looked at for one search: an index look-up each, newest first.
LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One article of the archive."""

    article_id: int
    seen_at: datetime
    outlet: str
    title: str
    url: str
    lang: str
    ref: str | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What else an article must have; None asks for nothing."""

    topic: str | None = None
    name: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def search(db: Database, words: Sequence[str], filters: Filters, *, limit: int = 50) -> list[Found]:
    """The newest articles that hold every word, in any of its forms in any of our languages; at most `limit`."""
    wanted = [_readings(word) for text in words for word in find_words(text)]
    found = []
    for row in _candidates(db, wanted, filters):
        if all(_holds(row["body"], readings) for readings in wanted):
            found.append(_found(row))
            if len(found) == limit:
                break
    return found


def _readings(word: str) -> tuple[Word, ...]:
    """One typed word as each language reads it; where the language knows whose form it is, as that word."""
    typed = fold(word)
    found = []
    for speaker in languages.by_code().values():
        lemmas = getattr(speaker, "lemmas", None)
        found += [speaker.word(lemma) for lemma in dict.fromkeys([typed, *(lemmas(typed) if lemmas else [])])]
    return tuple(found)


def _holds(body: str, readings: Sequence[Word]) -> bool:
    return any(reading.matches(token) for token in set(body.split()) for reading in readings)


def _candidates(db: Database, wanted: Sequence[Sequence[Word]], filters: Filters) -> Iterator[Mapping[str, Any]]:
    """Articles the full-text index thinks of, newest first; which of them really match is decided above."""
    query = """SELECT a.id, a.seen_at, f.title AS outlet, a.title, a.url, a.lang, a.finding, a.names, s.ref,
                      search.body AS body
               FROM search JOIN articles a ON a.id = search.rowid JOIN feeds f ON f.id = a.feed_id
               LEFT JOIN stories s ON s.id = a.story_id
               WHERE (:match IS NULL OR a.id IN (SELECT rowid FROM search WHERE search MATCH :match))
                 AND (:since IS NULL OR a.seen_at >= :since) AND (:until IS NULL OR a.seen_at < :until)
                 AND (:topic IS NULL OR EXISTS
                      (SELECT 1 FROM hits h WHERE h.article_id = a.id AND h.topic = :topic))
                 AND (:name IS NULL OR EXISTS (SELECT 1 FROM json_each(a.names) WHERE value = :name)
                      OR EXISTS (SELECT 1 FROM json_each(a.places) WHERE value = :name))
               ORDER BY a.seen_at DESC, a.id DESC LIMIT :most"""
    return db.query(
        query,
        {
            "match": " AND ".join(f"({_expression(readings)})" for readings in wanted) or None,
            "since": stamp(filters.since) if filters.since else None,
            "until": stamp(filters.until) if filters.until else None,
            "topic": filters.topic,
            "name": filters.name,
            "most": LOOKED_AT,
        },
    )


def _expression(readings: Sequence[Word]) -> str:
    """A word as the index asks for it: every form, and every stem as a beginning."""
    forms = {form for reading in readings for form in reading.forms}
    stems = {stem for reading in readings for stem in reading.stems}
    quoted = [_quote(form) for form in sorted(forms)] + [f"{_quote(stem)}*" for stem in sorted(stems)]
    return " OR ".join(quoted)


def _quote(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def _found(row: Mapping[str, Any]) -> Found:
    topics = json.loads(row["finding"]).get("topics", [])
    return Found(
        article_id=row["id"],
        seen_at=unstamp(row["seen_at"]),
        outlet=row["outlet"],
        title=row["title"],
        url=row["url"],
        lang=row["lang"],
        ref=row["ref"],
        topics=tuple(topic["topic"] for topic in topics if topic["live"] and not topic["blocked"]),
    )
