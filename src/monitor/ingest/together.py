"""Feeds without news, written down together: a commit each would be most of what an unchanged feed costs.

Nothing is lost with what a crash keeps from being written: those feeds are asked again.
"""

import asyncio
import sqlite3

import structlog
from sqlite_utils import Database

from monitor.model import FeedState
from monitor.schema import transaction, unhurried
from monitor.store import feeds as feed_store

log = structlog.get_logger("monitor.ingest")

_GATHERED = 0.05  # seconds that the first of a batch waits for others


class Unchanged:
    """Collects the states of feeds without news and writes them a few at a time."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._states: list[tuple[FeedState, bool]] = []
        self._written: asyncio.Event | None = None
        self._timer: asyncio.TimerHandle | None = None

    def note(self, before: FeedState, after: FeedState) -> asyncio.Event:
        """Have a state written soon; the event is set when that was done, or when it could not be."""
        self._states.append((after, after.memory is not before.memory))
        if self._written is None:
            self._written = asyncio.Event()
            self._timer = asyncio.get_running_loop().call_later(_GATHERED, self.write)
        return self._written

    def write(self) -> None:
        """Write what was gathered, now: nobody else is to be waited for."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        states, self._states = self._states, []
        written, self._written = self._written, None
        if not states:
            return
        try:
            with unhurried(self._db), transaction(self._db) as db:
                for state, has_other_memory in states:
                    feed_store.polled(db, state, with_memory=has_other_memory)
        except sqlite3.Error:
            log.exception("unchanged feeds could not be written down", count=len(states))
        finally:
            if written is not None:
                written.set()
