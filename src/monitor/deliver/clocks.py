"""A clock that jumps must not silence us, nor make us talk too fast.

Set forward, everything that waits comes due, which is harmless. Set back, pauses would last until the old time comes
again, letters would count as written and attempts as future ones. So the time is written down once a minute; when it
is found to lie ahead, all that happened "later" happened now, and pauses keep their length.
"""

from datetime import datetime

import structlog
from sqlite_utils import Database

from monitor import outbox
from monitor.schema import transaction
from monitor.store import clocks, facts

log = structlog.get_logger("monitor.deliver")


def check(db: Database, now: datetime) -> None:
    """Notice a clock that was set back, and mend what it would spoil."""
    back = clocks.set_back(db, now)
    if not back and not clocks.must_be_noted(db, now):
        return
    with transaction(db):
        if back:
            log.warning("the clock was set back", seconds=int(back.total_seconds()))
            outbox.mend(db, now, back)
            clocks.mend(db, now, back)
        facts.remember(db, clocks.SEEN, "", now)
