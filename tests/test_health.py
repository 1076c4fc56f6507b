"""How a feed is and how much we see: a silence is never taken for calm, and the coverage line never lies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Feed, FeedState, Health, Standing
from monitor.policy.health import coverage, health, state_read_count
from monitor.text.times import stamp

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed(id="lada-kz", url="https://lada.kz/rss", title="Лада")


def state(silent=HOUR, rate=1.0, **fields) -> FeedState:
    """A feed that was polled well a minute ago and brought its last item `silent` ago."""
    memory = {"count": 30, "rate": rate, "new_at": stamp(NOW - silent)} | fields.pop("memory", {})
    polled = {"polled_at": NOW - timedelta(minutes=1), "good_at": NOW - timedelta(minutes=1)}
    return FeedState(feed_id=FEED.id, memory=memory, **(polled | fields))


@pytest.mark.parametrize(
    ("remembered", "expected"),
    [
        (FeedState(feed_id=FEED.id), Health.NEW),
        (state(), Health.OK),
        (state(memory={"rate": None}), Health.OK),
        (state(failure_count=1, last_error_kind="timeout"), Health.FAILING),
        (state(failure_count=1, last_error_kind="blocked"), Health.BLOCKED),
        (state(failure_count=1, last_error_kind="not-a-feed"), Health.BLOCKED),
        (state(failure_count=1, last_error_kind="robots"), Health.BLOCKED),
        (state(failure_count=1, last_error_kind="script-only"), Health.BLOCKED),
        (state(failure_count=1, last_error_kind="other-outlet"), Health.BLOCKED),
        (state(memory={"quarantine": {"at": stamp(NOW)}, "count": 0}), Health.QUARANTINED),
        (state(memory={"count": 0}), Health.EMPTIED),
        (FeedState(feed_id=FEED.id, polled_at=NOW, good_at=NOW, memory={"count": 0}), Health.OK),
        (state(memory={"garbled": True}), Health.GARBLED),
        (state(memory={"gap": True}), Health.GAP),
        (state(memory={"moved": {"to": "x", "count": 3}}), Health.MOVED),
        (state(memory={"moved": {"to": "x", "count": 2}}), Health.OK),
        (state(memory={"moved": {"to": "x", "count": 3}, "address": {"now": "x"}}), Health.OK),
        (state(silent=35 * HOUR), Health.OK),
        (state(silent=37 * HOUR), Health.QUIET),
        (state(silent=37 * HOUR, rate=0.1), Health.OK),
        (state(silent=5 * DAY, rate=0.1), Health.QUIET),
        (state(silent=31 * DAY), Health.STALE),
        (state(silent=31 * DAY, rate=1 / 720), Health.OK),
    ],
)  # fmt: skip
def test_a_feed_is_judged_by_its_own_history(remembered, expected):
    """Its last answer first, then what it showed, then how long it has been silent by its own measure."""
    assert health(FEED, remembered, NOW) is expected


NOTHING_KNOWN = {"rhythm": {"items": [0.0] * 48, "hours": [0.0] * 48, "longest": 0.0}}


@pytest.mark.parametrize(
    ("kind", "silent", "expected"),
    [("rss", 80 * DAY, Health.OK), ("rss", 100 * DAY, Health.STALE), ("page", 900 * DAY, Health.OK)],
)
def test_a_source_that_never_showed_anything_new(kind, silent, expected):
    """It is stale after a season; a page is watched because it changes once in years."""
    known = state(silent=silent, memory=NOTHING_KNOWN)
    assert health(replace(FEED, kind=kind), known, NOW) is expected


def test_a_rare_poll_cannot_notice_a_short_silence():
    """A feed that is asked once a day is not called quiet after a day and a half."""
    daily = replace(FEED, every_min=DAY, every_max=DAY)
    assert health(daily, state(silent=37 * HOUR), NOW) is Health.OK


def feeds(count: int, **fields) -> list[Feed]:
    """Some feeds."""
    return [Feed(id=f"f{number}", url="https://e.kz/", title=f"F{number}", **fields) for number in range(count)]


def test_the_coverage_counts_what_is_read():
    """Enabled feeds with a good poll that do not fail now; the others are named with since and why."""
    watched = feeds(6)
    good_at = NOW - 3 * HOUR
    failing = {"failure_count": 2, "failing_since": NOW - 2 * HOUR, "last_error_kind": "blocked"}
    states = {
        "f0": state(),
        "f1": state(good_at=good_at, **failing),
        "f2": state(good_at=None, **failing),
        "f4": state(memory={"count": 0}),
        "f5": state(memory={"garbled": True}),
    }
    seen = coverage([*watched, *feeds(3, enabled=False)], states, NOW)
    assert (seen.read_count, seen.watched_count, seen.unwatched_count) == (1, 6, 3)
    assert seen.blind == (
        ("F1", good_at, "blocked"),
        ("F2", NOW - 2 * HOUR, "blocked"),
        ("F3", None, "not polled yet"),
        ("F4", NOW - timedelta(minutes=1), "emptied"),
        ("F5", NOW - timedelta(minutes=1), "garbled"),
    )


def test_a_good_poll_of_long_ago_is_no_coverage():
    """A daemon that was down saw nothing, however good its last poll was."""
    old = NOW - 5 * HOUR
    seen = coverage(feeds(1), {"f0": state(polled_at=old, good_at=old)}, NOW)
    assert (seen.read_count, seen.blind) == (0, (("F0", old, "not polled"),))
    daily = coverage(feeds(1, every_max=DAY), {"f0": state(polled_at=old, good_at=old)}, NOW)
    assert daily.read_count == 1


def gaps(*spans: tuple[timedelta, timedelta]) -> dict[str, list[list[str]]]:
    """A memory of gaps: how long ago each began, and how long it was."""
    return {"gaps": [[stamp(NOW - ago), stamp(NOW - ago + length)] for ago, length in spans]}


def test_gaps_of_the_period_are_told():
    """Feeds that are read may still have let something pass by: the longest first, and only what lies in the period."""
    states = {
        "f0": state(memory=gaps((HOUR, timedelta(minutes=10)))),
        "f1": state(memory=gaps((3 * HOUR, timedelta(minutes=20)), (5 * HOUR, timedelta(minutes=15)), (3 * DAY, HOUR))),
    }
    seen = coverage(feeds(2), states, NOW)
    assert (seen.read_count, seen.gap) == (2, timedelta(minutes=35))
    assert seen.gaps == (("F1", timedelta(minutes=35)), ("F0", timedelta(minutes=10)))
    assert coverage(feeds(2), states, NOW, since=NOW - 4 * DAY).gap == timedelta(minutes=95)
    assert coverage(feeds(2), states, NOW, since=NOW - HOUR / 2).gaps == ()
    cut = coverage(feeds(2), states, NOW, since=NOW - 3 * HOUR + timedelta(minutes=5))
    assert cut.gap == timedelta(minutes=15)
    assert coverage(feeds(1), {"f0": state()}, NOW).gap is None


def test_a_silent_source_is_read_and_named():
    """Whoever is silent beyond its own measure is seen, and not taken for calm."""
    seen = coverage(feeds(2), {"f0": state(silent=37 * HOUR), "f1": state()}, NOW)
    assert (seen.read_count, seen.quiet) == (2, (("F0", NOW - 37 * HOUR),))
    assert coverage(feeds(1), {"f0": state(silent=60 * DAY)}, NOW).quiet == ()


def test_state_media_are_counted_when_they_are_read():
    """N is how many state and official sources are read now; since a moment, those that were read after it."""
    voices = [Standing.STATE, Standing.OFFICIAL, Standing.STATE, Standing.STATE, Standing.INDEPENDENT, Standing.STATE]
    known = [replace(feed, standing=voice) for feed, voice in zip(feeds(6), voices, strict=True)]
    known[5] = replace(known[5], enabled=False)
    failing = {"failure_count": 1, "last_error_kind": "timeout"}
    old = state(polled_at=NOW - HOUR / 2, good_at=NOW - HOUR / 2)
    states = {"f0": state(), "f1": old, "f2": state(**failing), "f4": state(), "f5": state()}
    assert state_read_count(known, states, NOW) == 2
    assert state_read_count(known, states, NOW, since=NOW - timedelta(minutes=10)) == 1


def test_nothing_is_watched():
    """An empty configuration reads nothing of nothing."""
    seen = coverage([], {}, NOW)
    assert (seen.read_count, seen.watched_count, seen.blind) == (0, 0, ())
