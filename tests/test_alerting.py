"""What interrupts someone, and why: the ladder of rules."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import Join, Mute, Placement, Reason, Rules, Severity
from monitor.policy.alerting import judge, of_a_baseline
from nouns import NOON, a_case, a_finding, a_state, an_article

RULES = Rules()


def published(ago: timedelta):
    """A case whose article came out that long ago."""
    return a_case(article=an_article(published_at=NOON - ago))


def test_a_fresh_urgent_article_rings():
    """An urgent article of the last hours makes a sound, as the first of its story."""
    verdict = judge(a_case(), RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.ring, verdict.digest) == (True, Reason.FIRST, True, True)


def test_a_normal_article_is_said_silently():
    """A normal article is a message without a sound."""
    verdict = judge(a_case(finding=a_finding(Severity.NORMAL)), RULES, NOON)
    assert (verdict.say, verdict.ring) == (True, False)


@pytest.mark.parametrize("reason", [Reason.NO_TOPIC, Reason.NO_PLACE, Reason.BLOCKED, Reason.TRIAL])
def test_what_did_not_match_keeps_the_matchers_reason(reason):
    """No match is a no, with the reason the matcher gave."""
    verdict = judge(a_case(finding=a_finding(Severity.NONE, reason=reason)), RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.digest) == (False, reason, False)


@pytest.mark.parametrize("reason", [Reason.DEMOTED, Reason.ELSEWHERE])
def test_what_is_only_worth_a_letter_goes_there(reason):
    """Retrospectives and foreign strikes wait for the digest and say why."""
    verdict = judge(a_case(finding=a_finding(Severity.DIGEST, reason=reason)), RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.digest) == (False, reason, True)


def test_statistics_wait_for_the_letter():
    """A topic of digest severity is never a message."""
    verdict = judge(a_case(finding=a_finding(Severity.DIGEST)), RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.digest) == (False, Reason.DIGEST_ONLY, True)


def test_a_first_reading_is_archive():
    """What a feed published before we knew it is no news; `of_a_baseline` picks the few exceptions."""
    verdict = judge(a_case(state=a_state(baselined_at=None, good_at=None)), RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.digest) == (False, Reason.BASELINE, False)


def test_a_baseline_says_the_newest_three_of_a_day():
    """Of ten articles that first readings passed over, the newest three of the last 24 h are said."""
    ages = [30, 5, 1, 23, 2, 100, 8, 12, 3, 25]
    chosen = of_a_baseline([NOON - timedelta(hours=age) for age in ages], RULES, NOON)
    assert [ages[place] for place in chosen] == [1, 2, 3]


def test_a_baseline_ignores_the_future():
    """A date after now is a mistake of the feed, not the newest news."""
    assert of_a_baseline([NOON + timedelta(hours=1)], RULES, NOON) == []


@pytest.mark.parametrize(("hours", "say"), [(1, True), (47, True), (48, True), (49, False), (1000, False)])
def test_an_article_rings_within_48_hours(hours, say):
    """48 h after publication an article is late: it goes to the letter, which says so."""
    verdict = judge(published(timedelta(hours=hours)), RULES, NOON)
    assert verdict.say is say
    assert (verdict.reason is Reason.TOO_OLD, verdict.late, verdict.digest) == (not say, not say, True)


@pytest.mark.parametrize(("days", "say"), [(6, True), (8, False)])
def test_after_an_outage_what_came_out_meanwhile_rings(days, say):
    """A feed that was blocked for a week still rings with what it published since it was last read."""
    case = replace(published(timedelta(days=days)), state=a_state(good_at=NOON - timedelta(days=7)))
    assert judge(case, RULES, NOON).say is say


def test_an_article_without_a_date_is_as_new_as_we_see_it():
    """No date is no reason for silence."""
    assert judge(a_case(article=an_article(published_at=None)), RULES, NOON).say


def test_a_reprint_is_not_said_again():
    """The same wire in another outlet stays silent, and is no second entry of the letter either."""
    case = a_case(placement=Placement(join=Join.REPRINT, story_id=1), told=Severity.URGENT)
    verdict = judge(case, RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.digest) == (False, Reason.REPRINT, False)


def test_a_graver_turn_of_a_story_is_said_again():
    """A story told as normal rings when it becomes urgent."""
    case = a_case(placement=Placement(join=Join.JOINS, story_id=1), told=Severity.NORMAL)
    verdict = judge(case, RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.ring) == (True, Reason.ESCALATED, True)


def test_the_same_gravity_is_not_said_again():
    """More of the same joins the story for the letter."""
    case = a_case(placement=Placement(join=Join.JOINS, story_id=1), told=Severity.URGENT)
    verdict = judge(case, RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.digest) == (False, Reason.COOLING_DOWN, True)


def test_a_later_version_of_the_same_gravity_says_nothing():
    """An edited headline is kept; the story is not said again, and it is no second entry of the letter."""
    case = a_case(placement=Placement(join=Join.VERSION, story_id=1), told=Severity.URGENT)
    verdict = judge(case, RULES, NOON)
    assert (verdict.say, verdict.reason, verdict.digest) == (False, Reason.COOLING_DOWN, False)


def test_a_reprint_of_something_never_said_is_news():
    """A reprint of an article that only went to the letter may be the first to ring."""
    assert judge(a_case(placement=Placement(join=Join.REPRINT, story_id=1), told=None), RULES, NOON).say


@pytest.mark.parametrize(
    ("kind", "value", "silent"),
    [
        ("topic", "strike", True),
        ("topic", "wages", False),
        ("place", "zhanaozen", True),
        ("place", "aktau", False),
        ("source", "lada", True),
        ("source", "vlast", False),
        ("name", "knprk", True),
    ],
)
def test_a_mute_silences_what_it_names(kind, value, silent):
    """A mute covers its topic, place, name or source, and nothing else."""
    case = a_case(finding=a_finding(names=("knprk",)), mutes=(Mute(kind=kind, value=value, until=None),))
    verdict = judge(case, RULES, NOON)
    assert (verdict.reason is Reason.MUTED) is silent
    assert verdict.say is not silent


def test_a_mute_ends():
    """After its date a mute says nothing any more."""
    past = Mute(kind="topic", value="strike", until=NOON - timedelta(seconds=1))
    assert judge(a_case(mutes=(past,)), RULES, NOON).say


def test_a_quarantined_feed_is_not_believed():
    """A feed that may have been taken over is stored and not said."""
    assert judge(a_case(quarantined=True), RULES, NOON).reason is Reason.QUARANTINED
