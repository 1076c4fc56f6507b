"""Feeds and what we remember about polling them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import Feed, FeedState, Health
from monitor.text.times import stamp, unstamp

TIMES = ("polled_at", "good_at", "poll_at", "baselined_at", "newest_at", "failing_since")


def sync(db: Database, feeds: Iterable[Feed], now: datetime) -> None:
    """Make the table agree with the file.

    A feed that was away (removed or disabled) and comes back starts with a new baseline: what it published meanwhile
    is its past, not news. What agrees already is not written again: this runs before every cycle.
    """
    wanted = [feed for feed in feeds if feed.enabled]
    known = {row["id"]: row for row in db.query("SELECT * FROM feeds")}
    for feed in wanted:
        row = {
            "id": feed.id,
            "title": feed.name,
            "url": feed.url,
            "kind": feed.kind,
            "lang": feed.lang,
            "scope": feed.scope,
            "standing": feed.standing.value,
            "region": feed.region,
            "active": 1,
            "left_at": None,
        }
        before = known.get(feed.id)
        if before is None:
            db.table("feeds").insert(row | {"added_at": stamp(now)})
        elif row.items() - before.items():
            db.table("feeds").update(feed.id, row)
            _forget(db, feed.id, came_back=not before["active"], moved=before["url"] != feed.url)
    gone = {feed_id for feed_id, row in known.items() if row["active"]} - {feed.id for feed in wanted}
    for feed_id in gone:
        db.execute("UPDATE feeds SET active = 0, left_at = ? WHERE id = ?", [stamp(now), feed_id])


def _forget(db: Database, feed_id: str, *, came_back: bool, moved: bool) -> None:
    """What no longer holds: the baseline of a feed that was away, the validators of one at another address."""
    if came_back or moved:
        db.execute(
            "UPDATE feed_states SET etag = NULL, last_modified = NULL, body_hash = NULL WHERE feed_id = ?", [feed_id]
        )
    if came_back:
        db.execute("UPDATE feed_states SET baselined_at = NULL WHERE feed_id = ?", [feed_id])


def states(db: Database) -> dict[str, FeedState]:
    """What we remember of every feed that was ever polled, by feed id."""
    return {row["feed_id"]: _state(row) for row in db.query("SELECT * FROM feed_states")}


def state(db: Database, feed_id: str) -> FeedState:
    """What we remember of one feed; a blank memory when it was never polled."""
    for row in db.query("SELECT * FROM feed_states WHERE feed_id = ?", [feed_id]):
        return _state(row)
    return FeedState(feed_id=feed_id)


def _state(row: Mapping[str, Any]) -> FeedState:
    times = {name: unstamp(row[name]) if row[name] else None for name in TIMES}
    rest = {name: row[name] for name in row if name not in TIMES}
    return replace(
        FeedState(feed_id=row["feed_id"]),
        **{**rest, **times, "health": Health(row["health"]), "memory": json.loads(row["memory"])},
    )


def polled(db: Database, remembered: FeedState) -> None:
    """Remember a poll: validators, times, failures and the source's own memory, in one row."""
    row: dict[str, Any] = {name: getattr(remembered, name) for name in FeedState.__slots__}
    row |= {name: stamp(row[name]) if row[name] else None for name in TIMES}
    row |= {"health": remembered.health.value, "memory": json.dumps(dict(remembered.memory), ensure_ascii=False)}
    db.table("feed_states").upsert(row, pk="feed_id")
