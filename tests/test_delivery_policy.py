"""When a message may leave, and which letter is owed."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.policy.delivery import (
    LONGEST_PAUSE,
    TELEGRAM,
    UNPACED,
    free_at,
    held_until,
    pause,
    piled_up,
    room,
)
from monitor.policy.editions import edition_of, next_edition, owed
from nouns import NOON

ALMATY = "Asia/Almaty"


def almaty(text: str) -> datetime:
    """A local time of Almaty (UTC+5 since March 2024) as UTC."""
    return (datetime.fromisoformat(text) - timedelta(hours=5)).replace(tzinfo=UTC)


def test_a_silent_destination_may_be_spoken_to_at_once():
    """Nothing was said lately, so nothing needs to wait."""
    assert free_at([], TELEGRAM, NOON) == NOON


def test_one_message_a_second():
    """Stored times are rounded down: for a second in between, two must lie between the stored times."""
    assert free_at([NOON], TELEGRAM, NOON) == NOON + timedelta(seconds=2)


def test_whole_seconds_at_rest_still_mean_whole_seconds_on_the_wire():
    """Whatever fractions the stored seconds hide, no second has two messages and no minute has nineteen."""
    draw = 0
    spoken: list[datetime] = []
    real: list[datetime] = []
    now = NOON
    for _ in range(300):
        draw = (draw * 75 + 74) % 65537
        now += timedelta(seconds=(0, 0.01, 0.3, 0.99)[draw % 4])
        while free_at(spoken, TELEGRAM, now.replace(microsecond=0)) > now.replace(microsecond=0):
            now += timedelta(seconds=0.01)
        real.append(now)
        now += timedelta(seconds=(0, 0.02, 0.98)[draw % 3])  # the answer takes its time
        spoken.append(now.replace(microsecond=0))
    assert min(later - earlier for earlier, later in itertools.pairwise(real)) >= timedelta(seconds=1)
    assert all(later - earlier > timedelta(minutes=1) for earlier, later in zip(real, real[18:], strict=False))


def test_a_channel_has_room_for_twenty_five_a_second():
    """The whole bot's rate counts every chat; a channel without a rate has room for all."""
    assert [room(busy, TELEGRAM) for busy in (0, 24, 25, 30)] == [25, 1, 0, 0]
    assert room(1000, UNPACED) is None


@pytest.mark.parametrize(("ahead", "held"), [(None, 0), (-5, 0), (3600, 3600), (24 * 3600, 24 * 3600), (10**8, 0)])
def test_a_pause_that_is_too_long_to_be_true_is_none(ahead, held):
    """A clock that was wrong when it wrote a pause does not silence us."""
    not_before = None if ahead is None else NOON + timedelta(seconds=ahead)
    assert held_until(not_before, NOON) == NOON + timedelta(seconds=held)


def test_a_queue_is_old_news_when_it_is_long_and_old():
    """Eleven messages of which one waits for more than an hour are summed up; ten are not, nor many fresh ones."""
    old, fresh = NOON - timedelta(hours=1, seconds=1), NOON - timedelta(minutes=59)
    assert piled_up([old] + [fresh] * 10, NOON)
    assert not piled_up([old] * 10, NOON)
    assert not piled_up([fresh] * 5000, NOON)


def test_eighteen_messages_a_minute_in_every_sliding_window():
    """Sending as fast as permitted never puts more than 18 messages into any minute, nor two into a second."""
    sent: list[datetime] = []
    now = NOON
    for _ in range(200):
        now = free_at(sent, TELEGRAM, now)
        sent.append(now)
    for start in sent:
        assert sum(start <= moment < start + timedelta(minutes=1) for moment in sent) <= 18
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in itertools.pairwise(sent))


def test_a_channel_of_our_own_is_not_paced():
    """The preview takes everything at once."""
    assert free_at([NOON] * 100, UNPACED, NOON) == NOON


def test_pauses_double_up_to_a_quarter_of_an_hour():
    """5 s, 10 s, 20 s and never more than 15 minutes, however often it failed."""
    assert [pause(count).total_seconds() for count in (1, 2, 3)] == [5, 10, 20]
    assert pause(10_000) == LONGEST_PAUSE


def test_no_letter_is_owed_before_its_hour():
    """At 07:29 yesterday's letter, which was written, is still the last."""
    assert owed("07:30", ALMATY, almaty("2026-03-01T07:30"), almaty("2026-03-02T07:29")) is None


def test_a_letter_is_owed_from_its_hour():
    """At 07:30 the letter of the day is owed, about the time since the last one."""
    edition = owed("07:30", ALMATY, almaty("2026-03-01T07:30"), almaty("2026-03-02T07:30"))
    assert edition.date == date(2026, 3, 2)
    assert (edition.since, edition.until) == (almaty("2026-03-01T07:30"), almaty("2026-03-02T07:30"))
    assert edition.late_by == timedelta(0)


def test_missed_letters_merge_into_one():
    """Three days of silence are one late letter about all of them."""
    edition = owed("07:30", ALMATY, almaty("2026-03-01T07:30"), almaty("2026-03-04T10:00"))
    assert (edition.since, edition.until) == (almaty("2026-03-01T07:30"), almaty("2026-03-04T07:30"))
    assert edition.late_by == timedelta(hours=2, minutes=30)


@pytest.mark.parametrize("hours", [0, 1, 5, 16])
def test_a_letter_once_written_is_not_owed_again(hours):
    """Whatever the hour, the day's letter is written once."""
    done = almaty("2026-03-02T07:30")
    assert owed("07:30", ALMATY, done, done + timedelta(hours=hours)) is None


def test_the_end_of_summer_time_makes_no_second_letter():
    """02:30 comes twice on 25 October 2026 in Berlin; the letter does not."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    edition = owed("02:30", "Europe/Berlin", first - timedelta(days=1), first)
    assert edition.date == date(2026, 10, 25)
    assert owed("02:30", "Europe/Berlin", edition.until, first + timedelta(hours=1)) is None


def test_almaty_changed_its_zone_and_kept_its_letters():
    """Across 1 March 2024, when Almaty went from UTC+6 to UTC+5, each local date has one letter."""
    before = datetime(2024, 2, 29, 1, 30, tzinfo=UTC)  # 07:30 at UTC+6
    edition = owed("07:30", ALMATY, before, datetime(2024, 3, 1, 2, 30, tzinfo=UTC))
    assert (edition.date, edition.until) == (date(2024, 3, 1), datetime(2024, 3, 1, 2, 30, tzinfo=UTC))


def test_a_day_of_the_past_has_a_fixed_period():
    """Regenerating a day asks about the same 24 hours."""
    edition = edition_of(date(2026, 3, 2), "07:30", ALMATY)
    assert (edition.since, edition.until) == (almaty("2026-03-01T07:30"), almaty("2026-03-02T07:30"))


def test_the_next_letter_can_be_looked_at_before_its_hour():
    """What came since the last letter, as far as it is known now."""
    edition = next_edition("07:30", ALMATY, almaty("2026-03-02T07:30"), almaty("2026-03-02T14:00"))
    assert (edition.date, edition.until) == (date(2026, 3, 3), almaty("2026-03-02T14:00"))
    assert edition.since == almaty("2026-03-02T07:30")
