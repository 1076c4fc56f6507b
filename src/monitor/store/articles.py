"""Articles: what was read and found in it, and the evidence for it."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from monitor.model import Article, Finding, Severity
from monitor.text.times import stamp
from monitor.text.tokens import search_words

_as_json = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make such an encoder each time
_COMPRESSION = 6  # of evidence: 9 takes twice the time for two percent


_TOLD = (
    *(
        "feed_id",
        "story_id",
        "url",
        "url_hash",
        "title",
        "text",
        "author",
        "forwarded_from",
        "lang",
        "fingerprint",
        "severity",
    ),
    *("places", "names", "finding", "shingles", "published_at"),
)
# Written out: thousands of articles are stored when feeds are read for the first time.
_INSERT = (
    f"INSERT INTO articles ({', '.join(_TOLD)}, seen_at) VALUES ({', '.join(f':{name}' for name in _TOLD)}, :seen_at)"  # noqa: S608 - our own names
)
_CHANGE = f"UPDATE articles SET {', '.join(f'{name} = :{name}' for name in _TOLD)}, pruned_at = NULL WHERE id = :id"  # noqa: S608 - our own names


def keep(
    db: Database,
    article: Article,
    finding: Finding,
    shingles: Iterable[int],
    words: str = "",
) -> int:
    """Store an article with what was found in it, in place of its earlier version if it has an id; returns the id.

    `seen_at` stays what it was when we first saw the article. `words` are those to search for when they are known.
    """
    told = {
        "feed_id": article.feed_id,
        "story_id": article.story_id,
        "url": article.url,
        "url_hash": article.url_key,
        "title": article.title,
        "text": article.text,
        "author": article.author,
        "forwarded_from": article.forwarded_from,
        "lang": article.lang,
        "fingerprint": article.fingerprint,
        "severity": finding.severity.value,
        "places": _as_json(finding.places),
        "names": _as_json(finding.names),
        "finding": _as_json(_summary(finding)),
        "shingles": pack(shingles) if finding.topics else None,
        "published_at": stamp(article.published_at) if article.published_at else None,
    }
    if article.id:
        article_id = article.id
        db.execute(_CHANGE, told | {"id": article_id})
        db.execute("DELETE FROM hits WHERE article_id = ?", [article_id])
        db.execute("DELETE FROM search WHERE rowid = ?", [article_id])
    else:
        article_id = int(db.execute(_INSERT, told | {"seen_at": stamp(article.seen_at)}).lastrowid or 0)
    words = words or search_words(article.title, article.text)
    db.execute("INSERT INTO search (rowid, body) VALUES (?, ?)", [article_id, words])
    if finding.hits:
        db.table("hits").insert_all(
            ({"article_id": article_id, **asdict(hit)} for hit in finding.hits),
            ignore=True,  # UNIQUE(article_id, topic, term): a term is one hit however often it stands there
        )
    return article_id


def story_of(db: Database, article_id: int) -> int | None:
    """The story an article belongs to, if it has one."""
    row = db.execute("SELECT story_id FROM articles WHERE id = ?", [article_id]).fetchone()
    return int(row[0]) if row and row[0] is not None else None


def severity_of(db: Database, article_id: int) -> Severity:
    """How grave a stored article was found to be."""
    return Severity(db.execute("SELECT severity FROM articles WHERE id = ?", [article_id]).fetchone()[0])


def title_of(db: Database, article_id: int) -> str:
    """The headline of a stored article."""
    return str(db.execute("SELECT title FROM articles WHERE id = ?", [article_id]).fetchone()[0])


def _summary(finding: Finding) -> dict[str, Any]:
    """What `why` needs to explain a yes or a no later; the hits have their own table."""
    return {
        "reason": finding.reason.value,
        "topics": [
            {
                "topic": topic.topic,
                "severity": topic.severity.value,
                "score": topic.score,
                "live": topic.live,
                "blocked": topic.blocked,
            }
            for topic in finding.topics
        ],
        "near": [asdict(miss) for miss in finding.near],
        "about": finding.about,
        "sectors": finding.sectors,
    }


def pack(numbers: Iterable[int]) -> bytes:
    """Shingles as sorted 4-byte words: 119 integers of a long article are 476 bytes."""
    return b"".join(number.to_bytes(4, "big") for number in sorted(numbers))


def unpack(packed: bytes | None) -> frozenset[int]:
    """The reverse of `pack`."""
    data = packed or b""
    return frozenset(int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4))


def keep_evidence(
    db: Database,
    article_id: int,
    kind: Literal["feed", "page"],
    *,
    url: str,
    body: bytes,
    fetched_at: datetime,
    title: str = "",
    text: str = "",
) -> None:
    """Keep the bytes as received, for good: pages vanish. The same bytes are stored once, whoever refers to them."""
    sha256 = hashlib.sha256(body).hexdigest()
    stored = db.execute("SELECT 1 FROM evidence WHERE sha256 = ? AND body IS NOT NULL LIMIT 1", [sha256]).fetchone()
    db.table("evidence").insert(
        {
            "article_id": article_id,
            "kind": kind,
            "url": url,
            "fetched_at": stamp(fetched_at),
            "sha256": sha256,
            "size": len(body),
            "title": title,
            "text": text,
            "body": None if stored else gzip.compress(body, _COMPRESSION, mtime=0),
        },
        ignore=True,
    )


def prune(db: Database, before: datetime, *, limit: int = 1000) -> int:
    """Drop the text of articles without a hit seen before `before`; returns how many. Their keys stay known."""
    rows = db.execute(
        "SELECT id FROM articles WHERE story_id IS NULL AND pruned_at IS NULL AND seen_at < ? LIMIT ?",
        [stamp(before), limit],
    ).fetchall()
    for (article_id,) in rows:
        db.execute("DELETE FROM search WHERE rowid = ?", [article_id])
        db.execute(
            "UPDATE articles SET text = NULL, finding = '{}', pruned_at = ? WHERE id = ?", [stamp(before), article_id]
        )
    return len(rows)
