"""A feed's own rhythm: silence is measured in items that should have come, by the hours at which they usually come."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Entry, Feed, FeedState, Health, Parsed, Response
from monitor.policy.polling import after_success, after_unchanged
from monitor.policy.rhythm import Rhythm

MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
FEED = Feed(id="lada-kz", url="https://lada.kz/rss", every_min=5 * MINUTE, every_max=HOUR, time_zone="UTC")


def lived(times: list[datetime], until: datetime, feed=FEED) -> FeedState:
    """The state of a feed that published at these times and was asked whenever it wanted to be, from the first week on."""
    state, now, told = FeedState(feed_id=feed.id), times[0] + HOUR, 0
    while now <= until:
        fresh = [time for time in times[told:] if time <= now]
        told += len(fresh)
        if fresh:
            entries = tuple(Entry(feed_id=feed.id, guid=str(at), url="", title="t", published_at=at) for at in fresh)
            answer = Response(url=feed.url, status=200, headers={}, body=b"", received_at=now)
            state = after_success(feed, state, answer, Parsed(entries=entries, memory={"count": 20}), now)
        else:
            state = after_unchanged(feed, state, now)
        if state.health is Health.QUIET and now > times[-1]:
            return state
        now = state.poll_at.replace(microsecond=0) + timedelta(seconds=1)
    return state


def every(gap: timedelta, days: int, hours=range(24), *, weekends=True) -> list[datetime]:
    """A clockwork of items, at these hours of the day."""
    times = [MONDAY + number * gap for number in range(int(days * DAY / gap))]
    return [time for time in times if time.hour in hours and (weekends or time.weekday() < 5)]


@pytest.mark.parametrize("gap", [10 * MINUTE, HOUR, 5 * HOUR, DAY])
def test_a_silence_is_noticed_before_ten_items_are_missed(gap):
    """However fast a feed is, it is quiet after seven to ten of its own gaps, looked at when that time comes."""
    times = every(gap, days=max(20, 60 * gap // DAY))
    state = lived(times, until=times[-1] + 20 * gap)
    assert state.health is Health.QUIET
    assert 7 * gap < state.polled_at - times[-1] <= 10 * gap


def test_nights_are_no_silence():
    """Who publishes by day only is not quiet at night, however many gaps that is; by day it is, within its ten gaps."""
    times = every(10 * MINUTE, days=30, hours=range(8, 20))
    assert lived(times, until=times[-1] + 12 * HOUR).health is Health.OK
    state = lived(times, until=times[-1] + DAY)
    assert state.health is Health.QUIET
    assert state.polled_at - (times[-1] + 12 * HOUR + 10 * MINUTE) <= 100 * MINUTE


def test_weekends_are_no_silence():
    """Who rests at weekends is not quiet on a Sunday, and is on the Monday on which nothing comes."""
    times = every(HOUR, days=26, hours=range(6, 18), weekends=False)
    assert times[-1].weekday() == 4
    monday = times[-1].replace(hour=0) + 3 * DAY
    assert lived(times, until=monday).health is Health.OK
    state = lived(times, until=monday + DAY)
    assert state.health is Health.QUIET
    assert monday + 6 * HOUR < state.polled_at <= monday + 16 * HOUR


def test_hours_that_were_never_watched_promise_nothing():
    """A feed known from its workdays only raises no alarm in the first weekend."""
    saturday = MONDAY + 5 * DAY
    rhythm = Rhythm().learned([MONDAY + n * HOUR for n in range(120)], MONDAY - HOUR, saturday, "UTC")
    assert rhythm.missed(saturday, saturday + 2 * DAY, "UTC") == 0
    assert rhythm.missed(saturday + 2 * DAY, saturday + 3 * DAY, "UTC") == pytest.approx(24, rel=0.1)


def test_a_long_silence_is_counted_by_weeks():
    """Months are as exact as days: what a week promises, times the weeks."""
    rhythm = Rhythm().learned([MONDAY + n * HOUR for n in range(336)], MONDAY - HOUR, MONDAY + 2 * WEEK, "UTC")
    week = rhythm.missed(MONDAY, MONDAY + WEEK, "UTC")
    assert rhythm.missed(MONDAY, MONDAY + 30 * WEEK + 8 * HOUR, "UTC") == pytest.approx(
        30 * week + rhythm.missed(MONDAY, MONDAY + 8 * HOUR, "UTC")
    )
    assert rhythm.missed(MONDAY + WEEK, MONDAY, "UTC") == 0


def test_a_touched_up_item_is_no_sign_of_life():
    """A frozen feed whose items change their bytes at every poll is quiet all the same."""
    times = every(HOUR, days=30)
    state = lived(times, until=times[-1] + HOUR)
    same = Entry(feed_id=FEED.id, guid="1", url="", title="t", published_at=times[-1])
    now = state.polled_at
    answer = Response(url=FEED.url, status=200, headers={}, body=b"", received_at=now)
    while state.health is not Health.QUIET and now < times[-1] + DAY:
        now += 30 * MINUTE
        state = after_success(FEED, state, answer, Parsed(entries=(same,), memory={"count": 20}), now, news=())
    assert now <= times[-1] + 10 * HOUR


def test_rain_is_no_silence():
    """Items that come at random leave long pauses: a feed is measured by the longest of them, up to ten."""
    times, at = [], MONDAY
    for number in range(1344):  # pauses of 0.25 to 6 h in an order without a pattern, 1 h on average
        at += 15 * MINUTE * (1 if number * 7 % 11 else 24 if number % 5 == 0 else 4)
        times.append(at)
    state = lived(times, until=times[-1] + HOUR)
    rhythm = Rhythm.of(state.memory)
    assert 7.5 < rhythm.limit <= 9.2
    assert rhythm.longest > 5


def test_old_habits_fade():
    """A feed that slowed down to a tenth is measured by its new pace after three months."""
    times = every(HOUR, days=30)
    slower = [times[-1] + number * 10 * HOUR for number in range(1, 24 * 9)]
    state = lived([*times, *slower], until=slower[-1] + 30 * HOUR)
    assert state.health is Health.OK
    assert Rhythm.of(state.memory).missed(slower[-1], slower[-1] + 10 * HOUR, "UTC") < 2.5


@pytest.mark.parametrize(
    "kept",
    [
        None,
        {},
        {"items": 3},
        {"items": [1], "hours": [2], "longest": 0},
        {"items": ["x"] * 48, "hours": [], "longest": "y"},
    ],
)
def test_another_versions_memory_is_no_rhythm(kept):
    """What cannot be read is learned anew."""
    assert Rhythm.of({"rhythm": kept}) is None


def test_what_is_remembered_is_small_and_exact():
    """Forty-eight pairs of numbers: under two kilobytes, and the same after a round through JSON, minute by minute."""
    rhythm = Rhythm()
    for number in range(3000):
        now = MONDAY + number * MINUTE
        rhythm = Rhythm.of({"rhythm": rhythm.learned([now], now - MINUTE, now, "UTC").as_memory()})
    assert len(str(rhythm.as_memory())) < 2000
    assert rhythm.missed(now, now + HOUR, "UTC") == pytest.approx(60, rel=0.01)
