"""Clocks that jump: whatever the hour says, no longer silence than two intervals, and one letter for each date."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from monitor import outbox
from monitor.deliver import clocks, editions
from monitor.deliver.dispatch import drain
from monitor.deliver.editions import Reader
from monitor.deliver.library import Library
from monitor.errors import DeliveryError
from monitor.policy import polling
from monitor.schema import transaction
from nouns import a_feed, a_message, a_state
from posting import World, a_dispatch, in_memory_speed

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
INTERVAL, STEP = 30 * MINUTE, 15 * MINUTE
FEED = a_feed(every_min=INTERVAL, every_max=INTERVAL)
JUMPS = {"hour ahead": HOUR, "hour back": -HOUR, "day ahead": DAY, "day back": -DAY, "2030 and back": None}
ZONES = {
    "Almaty 2024": ("Asia/Almaty", datetime(2024, 2, 28, 12, tzinfo=UTC)),
    "Berlin spring": ("Europe/Berlin", datetime(2026, 3, 27, 12, tzinfo=UTC)),
    "Berlin autumn": ("Europe/Berlin", datetime(2026, 10, 23, 12, tzinfo=UTC)),
    "Almaty": ("Asia/Almaty", datetime(2026, 3, 1, 12, tzinfo=UTC)),
}
HOURS = ("02:30", "07:30", "00:00")


class Life:
    """Two days and a half of a house by a wall clock that jumps, told by a real clock that does not."""

    def __init__(self, database, clock, zone, at) -> None:
        self.clock, self.db = clock, database
        self.world = World(clock)
        self.dispatch = a_dispatch(database, clock, self.world, "reader")
        self.dispatch.addresses["preview", "mailbox"] = "mailbox"
        self.dispatch.senders = {"telegram": self.world, "preview": self.world}
        self.dispatch.prepare = lambda now: clocks.check(database, now)
        self.library = Library(db=database)
        self.readers = [Reader(channel="preview", recipient="mailbox", at=at, zone=zone, languages=("en",))]
        self.state = a_state(feed_id=FEED.id, good_at=clock(), poll_at=clock())
        self.real = timedelta(0)
        self.polled: list[timedelta] = []
        self.told: list[timedelta] = []

    async def live(self, span):
        """Every quarter of an hour: a poll when one is due, an alert, the letters, a round of sending."""
        end = self.real + span
        while self.real < end:
            now = self.clock()
            if polling.due([FEED], {FEED.id: self.state}, now):
                self.state = polling.after_unchanged(FEED, self.state, now)
                self.polled.append(self.real)
            said = len(self.world.said)
            with transaction(self.db) as db:
                subject = f"story:{self.real}"
                outbox.put(db, [a_message(subject=subject)], now)
            editions.issue(self.library, self.readers, now)
            await drain(self.dispatch, wait=MINUTE)
            self.told += [self.real] * (len(self.world.said) > said)
            self.clock.now = now + STEP
            self.real += STEP


@pytest.mark.heavy
@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("at", HOURS)
@pytest.mark.parametrize("zone", ZONES)
async def test_a_clock_that_jumps_neither_silences_nor_repeats_us(database, clock, zone, at, jump):
    """60 cases: polls and alerts are never further apart than two intervals, and no date has two letters or none."""
    name, clock.now = ZONES[zone]
    life = Life(in_memory_speed(database), clock, name, at)
    await life.live(17 * HOUR)
    life.world.answers = [DeliveryError("no route")] * 3  # a pause is under way when the clock jumps
    await life.live(15 * MINUTE)
    if JUMPS[jump] is None:
        right = clock()
        clock.now = datetime(2030, 1, 1, tzinfo=UTC)
        await life.live(30 * MINUTE)
        clock.now = right + 30 * MINUTE
    else:
        clock.tick(JUMPS[jump])
    await life.live(40 * HOUR)
    assert max(later - earlier for earlier, later in itertools.pairwise(life.polled)) <= 2 * INTERVAL
    assert max(later - earlier for earlier, later in itertools.pairwise(life.told)) <= 2 * INTERVAL
    dates = [subject.removeprefix("digest:") for subject, *_ in life.world.said if subject.startswith("digest:")]
    assert len(dates) == len(set(dates)), "a date with two letters"
    written = [row[0] for row in database.execute("SELECT digest_date FROM digests ORDER BY digest_date")]
    assert sorted(dates) == written, "every letter that was written was sent"
    ordinary = [datetime.fromisoformat(date) for date in written if date < "2029-12"]
    assert len(ordinary) >= 1 + (JUMPS[jump] != -DAY)
    skipped = [gap for gap in (b - a for a, b in itertools.pairwise(ordinary)) if gap > DAY]
    assert not skipped or JUMPS[jump] == DAY, "a date without a letter"
    assert all(gap <= 2 * DAY for gap in skipped), "only the day the clock itself left out"
    assert outbox.counts(database)["new"] <= 1


def test_small_steps_of_a_clock_are_nothing(database, clock):
    """A second of correction mends nothing; an hour does, and says so once."""
    clocks.check(database, clock())
    clock.tick(30 * SECOND)
    clocks.check(database, clock())
    clock.tick(-10 * SECOND)
    clocks.check(database, clock())
    with transaction(database) as db:
        outbox.put(db, [a_message()], clock() + HOUR)
    clock.tick(-HOUR)
    clocks.check(database, clock())
    (head,) = outbox.heads(database, clock())
    assert head.created_at == clock()


async def test_a_halt_keeps_its_length_when_the_clock_is_set_back(database, clock):
    """A halt of a minute is over a minute later, although the clock went back by an hour in between."""
    world = World(clock)
    dispatch = a_dispatch(database, clock, world, "reader")
    dispatch.prepare = lambda now: clocks.check(database, now)
    world.answers = [DeliveryError("429", retry_after=MINUTE, halt=True)]
    with transaction(database) as db:
        outbox.put(db, [a_message()], clock())
    await drain(dispatch)
    clock.tick(-HOUR)
    await drain(dispatch)
    assert world.said == []
    clock.tick(2 * MINUTE)
    await drain(dispatch)
    assert len(world.said) == 1
