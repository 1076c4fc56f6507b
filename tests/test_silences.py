"""Twenty outlets fall silent one by one, all at once, and only those of Kazakhstan: noticed in time, and told once."""

import copy

import pytest

from monitor.model import Cause
from monitor.policy.homes import is_in_kazakhstan
from press_of_twenty import DAY, HOUR, LOOK, MONDAY, Press, twenty

NOON = MONDAY + 35 * DAY + 12 * HOUR  # five weeks of ordinary life, then a Monday
END = NOON + 3 * DAY


@pytest.fixture(scope="module")
def lived() -> Press:
    """The twenty after five weeks in which nobody was ever called silent."""
    press = twenty(END)
    press.live(NOON - 7 * DAY, watched=False)
    press.live(NOON)
    return press


def last_item(press: Press, number: int):
    """The last item of an outlet before it fell silent."""
    return max(at for at in press.outlets[number].items if at < NOON)


@pytest.mark.heavy
def test_a_week_of_ordinary_life_is_no_silence(lived):
    """In seven days of twenty outlets, nights and a weekend among them, nothing was told."""
    assert lived.reports == []


@pytest.mark.heavy
@pytest.mark.parametrize("number", range(20))
def test_each_is_noticed_alone_within_ten_of_its_gaps(lived, number):
    """One line about this outlet, before ten of its usual gaps have passed, and none about the nineteen others."""
    press = copy.deepcopy(lived)
    outlet = press.outlets[number]
    latest = last_item(press, number) + 10 * outlet.gap
    press.live(latest + LOOK, silenced=lambda feed_id, at: feed_id == outlet.feed.id and at >= NOON)
    told = [(trouble.cause, trouble.feeds) for _, one in press.reports for trouble in (*one.wide, *one.lines)]
    assert told == [(Cause.OUTLET, (outlet.feed.id,))]
    assert press.reports[0][0] <= latest


@pytest.mark.heavy
@pytest.mark.parametrize("only_home", [False, True])
def test_many_at_once_are_one_notice(lived, only_home):
    """All of them, or only those in Kazakhstan: one notice of that cause within ten gaps of the fastest, then no more."""
    press = copy.deepcopy(lived)
    concerned = {feed.id for feed in press.feeds if is_in_kazakhstan(feed) or not only_home}
    fastest = min(outlet.gap for outlet in press.outlets if outlet.feed.id in concerned)
    press.live(NOON + DAY, silenced=lambda feed_id, at: feed_id in concerned and at >= NOON)
    told = [(trouble.cause, len(trouble.feeds)) for _, one in press.reports for trouble in (*one.wide, *one.lines)]
    assert told == [(Cause.SILENCED, 14) if only_home else (Cause.SILENCE, 20)]
    assert press.reports[0][0] <= NOON + 10 * fastest
    assert [one.cause for one in press.look()] == [told[0][0]], "and the status tells one thing as well"
