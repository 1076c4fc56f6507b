"""What died may be tried once more, when a person says so."""

from sqlite_utils import Database

from monitor.model import State


def revive(db: Database, ref: str) -> int:
    """Put the dead messages of a reference, or the one with this number, back into the queue; returns how many.

    What may have been said stays a possible repeat, and will say so.
    """
    number = int(ref) if ref.isdecimal() else None
    return db.execute(
        """UPDATE messages SET state = CASE repeat WHEN 1 THEN ? ELSE ? END, not_before = NULL
           WHERE state = ? AND (ref = ? OR id = ?)""",
        [State.UNCERTAIN.value, State.NEW.value, State.DEAD.value, ref.upper(), number],
    ).rowcount
