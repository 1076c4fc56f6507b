"""What was kept from feeds in quarantine and judged so, as it was read: to be judged anew when the feed is trusted."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from monitor.model import Article, Entry, Keys, Response
from monitor.store.entries import Fresh
from monitor.text.times import unstamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An article that was kept and not said: as it was read, under its names, and the item it was found in."""

    article: Article
    fresh: Fresh
    listed_in: Response


def of_feed(db: Database, feed_id: str) -> list[Withheld]:
    """All that one feed brought in quarantine and that was not judged since, in the order of events."""
    rows = db.query(
        """SELECT a.*, e.guid, e.url_hash AS entry_url, e.text_hash, e.title_hash, p.url AS listed_at, p.fetched_at, p.body
           FROM articles a
           JOIN entries e ON e.article_id = a.id AND e.feed_id = a.feed_id
           JOIN evidence p ON p.id = (SELECT min(id) FROM evidence WHERE article_id = a.id)
           JOIN verdicts v ON v.id = (SELECT max(id) FROM verdicts WHERE article_id = a.id)
           WHERE a.feed_id = ? AND a.story_id IS NULL AND a.pruned_at IS NULL AND v.reason = 'QUARANTINED'
           GROUP BY a.id ORDER BY COALESCE(a.published_at, a.seen_at), a.id""",
        [feed_id],
    )
    return [_withheld(row) for row in rows]


def _withheld(row: Mapping[str, Any]) -> Withheld:
    article, fresh = as_read(row)
    return Withheld(
        article=article,
        fresh=fresh,
        listed_in=Response(
            url=row["listed_at"],
            status=200,
            headers={},
            body=gzip.decompress(row["body"]) if row["body"] else b"",
            received_at=unstamp(row["fetched_at"]),
        ),
    )


def as_read(row: Mapping[str, Any]) -> tuple[Article, Fresh]:
    """A stored article and its entry as they were read; `row` is the article's, with the names of its entry."""
    published_at = unstamp(row["published_at"]) if row["published_at"] else None
    names = Keys(
        guid=row["guid"],
        address=row["url_hash"],
        url=row["entry_url"],
        text=row["text_hash"],
        title=row["title_hash"],
    )
    entry = Entry(
        feed_id=row["feed_id"],
        guid=row["guid"],
        url=row["url"],
        title=row["title"],
        summary=row["text"] or "",
        author=row["author"],
        forwarded_from=row["forwarded_from"],
        published_at=published_at,
    )
    article = Article(
        id=row["id"],
        feed_id=row["feed_id"],
        url=row["url"],
        url_key=row["url_hash"],
        shares_address=names.shares_address,
        title=row["title"],
        text=row["text"] or "",
        author=row["author"],
        forwarded_from=row["forwarded_from"],
        lang=row["lang"],
        published_at=published_at,
        seen_at=unstamp(row["seen_at"]),
        fingerprint=row["fingerprint"],
    )
    return article, Fresh(entry=entry, keys=names, article_id=row["id"])
