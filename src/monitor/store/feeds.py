"""Feeds and what we remember about polling them."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model import Feed, FeedState, Health
from monitor.text.times import stamp, unstamp

TIMES = ("polled_at", "good_at", "poll_at", "baselined_at", "newest_at", "failing_since")
# Written out: every poll of every feed reads and writes its row.
_COLUMNS = FeedState.__slots__
_NAMES = ", ".join(_COLUMNS)
_REMEMBER = f"""INSERT INTO feed_states ({_NAMES}) VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
    ON CONFLICT (feed_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])}"""  # noqa: S608 - our own names

_TOUCH = f"""UPDATE feed_states SET {", ".join(f"{name} = :{name}" for name in _COLUMNS[1:] if name != "memory")}
    WHERE feed_id = :feed_id"""  # noqa: S608 - our own names


def sync(db: Database, feeds: Iterable[Feed], now: datetime) -> None:
    """Make the table agree with the file.

    A feed that was away (removed or disabled) and comes back starts with a new baseline: what it published meanwhile
    is its past, not news. What agrees already is not written again.
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
    return {row[0]: _state(row) for row in db.execute(f"SELECT {_NAMES} FROM feed_states")}  # noqa: S608 - our own names


def timetable(db: Database) -> dict[str, FeedState]:
    """The same with nothing but what tells who is due; asked for every few seconds, so it leaves the memories alone."""
    rows = db.execute("SELECT feed_id, poll_at, failure_count FROM feed_states")
    return {
        feed_id: FeedState(feed_id=feed_id, poll_at=unstamp(poll_at) if poll_at else None, failure_count=failures)
        for feed_id, poll_at, failures in rows
    }


def state(db: Database, feed_id: str) -> FeedState:
    """What we remember of one feed; a blank memory when it was never polled."""
    row = db.execute(f"SELECT {_NAMES} FROM feed_states WHERE feed_id = ?", [feed_id]).fetchone()  # noqa: S608 - our own names
    return _state(row) if row else FeedState(feed_id=feed_id)


def _state(row: Sequence[Any]) -> FeedState:
    told = dict(zip(_COLUMNS, row, strict=True))
    for name in TIMES:
        told[name] = unstamp(told[name]) if told[name] else None
    return FeedState(**told | {"health": Health(told["health"]), "memory": json.loads(told["memory"])})


def polled(db: Database, remembered: FeedState, *, with_memory: bool = True) -> None:
    """Remember a poll: validators, times, failures and, unless it is what it was, the source's own memory."""
    row: dict[str, Any] = {name: getattr(remembered, name) for name in _COLUMNS}
    for name in TIMES:
        row[name] = stamp(row[name]) if row[name] else None
    row["health"] = remembered.health.value
    if with_memory:
        db.execute(_REMEMBER, row | {"memory": json.dumps(dict(remembered.memory), ensure_ascii=False)})
    else:
        db.execute(_TOUCH, row)


def wake(db: Database, feed_ids: Iterable[str], now: datetime) -> None:
    """These feeds failed for a reason that is gone: they are due now, however long their pause was to be."""
    for feed_id in feed_ids:
        db.execute("UPDATE feed_states SET poll_at = ? WHERE feed_id = ? AND failure_count > 0", [stamp(now), feed_id])
