"""Small facts of the running house: when a cycle was last good, which notice was already given."""

from datetime import datetime

from sqlite_utils import Database

from monitor.text.times import stamp, unstamp


def remember(db: Database, name: str, value: str, now: datetime) -> None:
    """Keep `value` under `name`, and since when."""
    db.execute(
        "INSERT INTO facts (name, value, at) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at",
        [name, value, stamp(now)],
    )


def recall(db: Database, name: str) -> str | None:
    """The value kept under `name`, if any."""
    for row in db.query("SELECT value FROM facts WHERE name = ?", [name]):
        return str(row["value"])
    return None


def recalled_at(db: Database, name: str) -> datetime | None:
    """When the value under `name` was kept."""
    for row in db.query("SELECT at FROM facts WHERE name = ?", [name]):
        return unstamp(row["at"])
    return None


def named(db: Database, prefix: str) -> dict[str, str]:
    """The values of all facts whose names begin like this, by name."""
    rows = db.query("SELECT name, value FROM facts WHERE substr(name, 1, ?) = ? ORDER BY name", [len(prefix), prefix])
    return {str(row["name"]): str(row["value"]) for row in rows}


def forget(db: Database, name: str) -> None:
    """Drop a fact."""
    db.execute("DELETE FROM facts WHERE name = ?", [name])
