"""What many tests need: a clock that is ticked by hand, and a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from sqlite_utils import Database

from monitor.schema import open_database

# The same texts every time: who changes one thing is not told of another. To look further, run with
# `--hypothesis-profile=default`, and pin what is found as an example.
settings.register_profile("pinned", derandomize=True)
settings.load_profile("pinned")


class HandClock:
    """A `model.Clock` that stands still until a test ticks it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it shows, aware and in UTC."""
        return self.now

    def tick(self, span: timedelta) -> datetime:
        """Let `span` pass (a negative one sets the clock back); returns the new time."""
        self.now += span
        return self.now


@pytest.fixture
def clock() -> HandClock:
    """A clock that shows 1 March 2026, 09:00 UTC, a Sunday."""
    return HandClock(datetime(2026, 3, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh database with all its tables, in a file of its own."""
    db = open_database(tmp_path / "monitor.db")
    yield db
    db.conn.close()
