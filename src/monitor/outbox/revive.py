"""What died or was put off may be tried at once, when a person says so."""

from sqlite_utils import Database

from monitor.model import State
from monitor.outbox import Place


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


def hasten(db: Database, place: Place) -> int:
    """What a failure put off at this destination waits no longer; returns how many.

    What may have been said keeps its short pause, and what the night holds back was never tried.
    """
    return db.execute(
        """UPDATE messages SET not_before = NULL
           WHERE channel = ? AND recipient_key = ? AND state = 'new' AND attempt_count > 0 AND not_before IS NOT NULL""",
        [*place],
    ).rowcount
