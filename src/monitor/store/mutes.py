"""Silences at rest: asked for by a person, about one thing, until a date, with a comment."""

from datetime import datetime

from sqlite_utils import Database

from monitor.model import Mute
from monitor.text.times import stamp

KINDS = ("topic", "place", "name", "source")


def add(db: Database, mute: Mute, now: datetime) -> int:
    """Keep a silence; returns its number. The same thing silenced again gets the new end and comment."""
    found = db.execute("SELECT id FROM mutes WHERE kind = ? AND value = ?", [mute.kind, mute.value]).fetchone()
    values = {"until_at": stamp(mute.until) if mute.until else None, "comment": mute.comment, "created_at": stamp(now)}
    if found:
        db.table("mutes").update(found[0], values)
        return int(found[0])
    return int(str(db.table("mutes").insert({"kind": mute.kind, "value": mute.value} | values).last_pk))


def remove(db: Database, number: int) -> bool:
    """Drop a silence; False when there is none of that number."""
    return db.execute("DELETE FROM mutes WHERE id = ?", [number]).rowcount > 0
