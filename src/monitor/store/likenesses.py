"""What articles with hits can be recognised by, as rows of indexes: a look-up reads a few dozen of them, no more.

`shingles` are the sampled passages of a text, each once a story and kept for a week. `clues` are what the same news in
other words has in common (a name, a number, a place with a word), kept for two weeks. `word_counts` says how rare a
word is. However many articles there are, one more costs the same: each look stops at a handful of the newest rows.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import log1p
from typing import Any

from sqlite_utils import Database

from monitor.model import Gist, Told
from monitor.store.articles import unpack
from monitor.text.times import stamp, unstamp

PASSAGES_KEPT = timedelta(days=7)
CLUES_KEPT = timedelta(days=14)
# A passage that stands in more stories is a phrase of the trade; it is not written down again.
STORIES_A_PASSAGE = 21
ARTICLES_A_CLUE = 24
COMPARED = 24
PASSAGES_ASKED = 400
SAME_WORDS = 4
REMEMBERED = 2048
TOTAL = 0  # the key under which `word_counts` counts articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What an article is found by: its address (however outlets spell it), its words, passages, clues with weights."""

    url_keys: tuple[str, ...]
    fingerprint: str
    passages: frozenset[int] = frozenset()
    clues: Mapping[str, float] = field(default_factory=dict)


def candidates(db: Database, signs: Signs, now: datetime) -> list[Told]:
    """The earlier articles with hits that may tell the same, newest first: a few dozen at most."""
    same = _same(db, signs, now)
    telling, copied = _sharing_passages(db, signs.passages)
    wanted = {*same, *copied, *_sharing_clues(db, signs.clues)}
    rows = db.execute(
        """SELECT id, story_id, seen_at, gist, shingles FROM articles
           WHERE id IN (SELECT value FROM json_each(?)) AND story_id IS NOT NULL ORDER BY seen_at DESC, id DESC""",
        [json.dumps(sorted(wanted))],
    )
    week = stamp(now - PASSAGES_KEPT)
    found = []
    for article_id, story_id, seen_at, gist, shingles in rows:
        theirs = unpack(shingles) if article_id in copied and seen_at >= week else frozenset()
        found.append(
            Told(
                article_id=article_id,
                story_id=story_id,
                seen_at=unstamp(seen_at),
                gist=read_gist(gist),
                same=article_id in same,
                shared_count=len(theirs & telling),
                shingle_count=len(theirs),
            )
        )
    return found


def _same(db: Database, signs: Signs, now: datetime) -> set[int]:
    """Articles with a story at the same address, or with the very same words within a week."""
    rows = db.execute(
        """SELECT id FROM articles WHERE url_hash IN (SELECT value FROM json_each(?)) AND story_id IS NOT NULL
           UNION ALL
           SELECT * FROM (SELECT id FROM articles WHERE fingerprint = ? AND story_id IS NOT NULL AND seen_at >= ?
                          ORDER BY id DESC LIMIT ?)""",
        [json.dumps(signs.url_keys), signs.fingerprint, stamp(now - PASSAGES_KEPT), SAME_WORDS],
    )
    return {row[0] for row in rows}


def _sharing_passages(db: Database, passages: frozenset[int]) -> tuple[frozenset[int], list[int]]:
    """The passages that stand in few stories, and the articles that brought most of them there."""
    asked = sorted(passages)[:PASSAGES_ASKED]  # by their hashes: a fair sample of a very long text
    found = _newest(db, "shingles", "shingle", asked, STORIES_A_PASSAGE)
    common = {passage for passage, holders in found.items() if len(holders) >= STORIES_A_PASSAGE}
    known = Counter(holder for passage, holders in found.items() if passage not in common for holder in holders)
    return passages - common, [article_id for article_id, _ in known.most_common(COMPARED)]


def _sharing_clues(db: Database, clues: Mapping[str, float]) -> list[int]:
    """The articles of the last two weeks that share the weightiest clues; the fewer have a clue, the more it weighs."""
    weights = {key_of(clue): weight for clue, weight in clues.items()}
    found: defaultdict[int, float] = defaultdict(float)
    for key, holders in _newest(db, "clues", "clue", list(weights), ARTICLES_A_CLUE).items():
        telling = weights[key] * log1p(ARTICLES_A_CLUE / len(holders))
        for article_id in holders:
            found[article_id] += telling
    return sorted(found, key=lambda article_id: (-found[article_id], -article_id))[:COMPARED]


def _newest(db: Database, table: str, column: str, keys: Sequence[int], limit: int) -> dict[int, list[int]]:
    """For each key that has any, its newest articles, at most `limit`: one look into the index a key."""
    rows = db.execute(
        f"""SELECT k.value, (SELECT json_group_array(article_id) FROM
                (SELECT article_id FROM {table} WHERE {column} = k.value LIMIT {limit}))
            FROM json_each(?) k""",  # noqa: S608 (names of our own)
        [json.dumps(keys)],
    )
    return {key: json.loads(found) for key, found in rows if found != "[]"}


def keep(db: Database, article_id: int, story_id: int, signs: Signs, gist: Gist) -> None:
    """Write down what an article is recognised by, in place of what an earlier version of it was."""
    forget(db, [article_id])
    db.execute("UPDATE articles SET gist = ? WHERE id = ?", [write_gist(gist), article_id])
    db.execute(
        """INSERT OR IGNORE INTO shingles (shingle, story_id, article_id)
           SELECT value, ?, ? FROM json_each(?)
           WHERE (SELECT count(*) FROM (SELECT 1 FROM shingles WHERE shingle = value LIMIT ?)) < ?""",
        [story_id, article_id, json.dumps(sorted(signs.passages)), STORIES_A_PASSAGE, STORIES_A_PASSAGE],
    )
    db.execute(
        "INSERT OR IGNORE INTO clues (clue, newest, article_id) SELECT value, ?, ? FROM json_each(?)",
        [-article_id, article_id, json.dumps(sorted(map(key_of, signs.clues)))],
    )


def count(db: Database, gist: Gist) -> None:
    """Count the words of one more article."""
    db.execute(
        """INSERT INTO word_counts (word, article_count) SELECT value, 1 FROM json_each(?) WHERE true
           ON CONFLICT (word) DO UPDATE SET article_count = article_count + 1""",
        [json.dumps([TOTAL, *sorted(map(key_of, gist.words))])],
    )


def word_counts(db: Database, words: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many articles each of these words stood, and how many articles there were."""
    by_key = {key_of(word): word for word in words}
    rows = db.execute(
        "SELECT word, article_count FROM word_counts WHERE word IN (SELECT value FROM json_each(?))",
        [json.dumps([TOTAL, *by_key])],
    ).fetchall()
    known = {int(key): int(counted) for key, counted in rows}
    total = known.pop(TOTAL, 0)
    return {by_key[key]: counted for key, counted in known.items()}, total


def forget(db: Database, article_ids: Sequence[int]) -> None:
    """Drop what these articles are recognised by."""
    for table in ("shingles", "clues"):
        db.execute(
            f"DELETE FROM {table} WHERE article_id IN (SELECT value FROM json_each(?))",  # noqa: S608
            [json.dumps(article_ids)],
        )


def prune(db: Database, now: datetime, *, limit: int = 1000) -> int:
    """Drop passages after a week and clues after two, of at most `limit` articles each; returns of how many."""
    dropped = 0
    for table, kept in (("shingles", PASSAGES_KEPT), ("clues", CLUES_KEPT)):
        row = db.execute(
            "SELECT id FROM articles WHERE story_id IS NOT NULL AND seen_at < ? ORDER BY seen_at DESC LIMIT 1",
            [stamp(now - kept)],
        ).fetchone()
        if row is None:
            continue
        old = db.execute(
            f"SELECT DISTINCT article_id FROM {table} WHERE article_id <= ? LIMIT ?",  # noqa: S608
            [row[0], limit],
        ).fetchall()
        db.execute(
            f"DELETE FROM {table} WHERE article_id IN (SELECT value FROM json_each(?))",  # noqa: S608
            [json.dumps([article_id for (article_id,) in old])],
        )
        dropped += len(old)
    return dropped


@lru_cache(maxsize=REMEMBERED * 32)
def key_of(clue: str) -> int:
    """A clue or a word as a positive 63-bit number."""
    return int.from_bytes(blake2b(clue.encode(), digest_size=8).digest()) >> 1


def write_gist(gist: Gist) -> str:
    """A gist as JSON."""
    values = {one.name: getattr(gist, one.name) for one in fields(Gist)}
    return json.dumps(
        {name: value if isinstance(value, str) else sorted(value) for name, value in values.items() if value},
        ensure_ascii=False,
    )


@lru_cache(maxsize=REMEMBERED)
def read_gist(kept: str | None) -> Gist:
    """The reverse of `write_gist`; an article of before there were gists has an empty one."""
    values: dict[str, Any] = json.loads(kept or "{}")
    for name, value in values.items():
        values[name] = value if isinstance(value, str) else frozenset(value)
    return Gist(**values)
