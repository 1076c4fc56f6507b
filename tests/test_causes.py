"""What is wrong, by root cause: whoever fails or is silent together is one trouble and one notice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Cause, Feed, FeedState, Standing
from monitor.policy.causes import troubles
from monitor.policy.homes import is_in_kazakhstan
from monitor.policy.reports import report
from press_of_twenty import DAY, HOUR, MINUTE, MONDAY, Press, twenty

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def feeds(home: int, abroad: int) -> list[Feed]:
    """So many sources in Kazakhstan and abroad, each on a host of its own."""
    hosts = [f"h{number}.kz" for number in range(home)] + [f"a{number}.org" for number in range(abroad)]
    return [Feed(id=host.replace(".", "-"), url=f"https://{host}/rss", title=host) for host in hosts]


def well(feed: Feed, ago: timedelta = 5 * MINUTE) -> FeedState:
    """A source that answered a moment ago."""
    return FeedState(feed_id=feed.id, polled_at=NOW - ago, good_at=NOW - ago, memory={"count": 9})


def failing(feed: Feed, since: timedelta = HOUR, kind="timeout", count=3, ago: timedelta = MINUTE) -> FeedState:
    """A source that fails since then, and failed again a moment ago."""
    return replace(
        well(feed, ago),
        good_at=NOW - since - 5 * MINUTE,
        failing_since=NOW - since,
        failure_count=count,
        last_error_kind=kind,
    )


def found(known: list[Feed], states: list[FeedState]) -> list[tuple[Cause, int, bool]]:
    """The troubles as (cause, how many sources, ripe)."""
    by_id = {state.feed_id: state for state in states}
    return [(one.cause, len(one.feeds), one.ripe) for one in troubles(known, by_id, NOW)]


# ── one by one ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_is_well():
    """Nobody fails, nothing is wrong."""
    known = feeds(3, 3)
    assert found(known, [well(feed) for feed in known]) == []
    assert troubles(known, {}, NOW) == []


@pytest.mark.parametrize(
    ("since", "count", "ripe"), [(HOUR, 3, True), (20 * MINUTE, 3, False), (5 * HOUR, 2, False), (3 * DAY, 20, True)]
)
def test_one_outlet_is_one_line_when_it_has_lasted(since, count, ripe):
    """Three failures over three quarters of an hour; less than that happens to everybody."""
    known = feeds(3, 3)
    states = [well(feed) for feed in known[1:]] + [failing(known[0], since, "blocked", count)]
    (one,) = troubles(known, {state.feed_id: state for state in states}, NOW)
    assert (one.cause, one.names, one.what, one.ripe) == (Cause.OUTLET, ("h0.kz",), "blocked", ripe)


def test_sources_of_one_host_are_one_line():
    """Twelve channels of a platform that blocks us are one trouble, not twelve."""
    known = [
        *feeds(3, 3),
        *(Feed(id=f"c{number}", url=f"https://t.me/s/c{number}", title=f"C{number}") for number in range(12)),
    ]
    states = [well(feed) for feed in known[:6]] + [failing(feed, kind="blocked") for feed in known[6:]]
    (one,) = troubles(known, {state.feed_id: state for state in states}, NOW)
    assert (one.cause, one.where, len(one.feeds)) == (Cause.HOST, "t.me", 12)


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_our_own_network_is_one_trouble():
    """Nobody answers, inside or outside: whatever the kinds of errors, it is our line."""
    known = feeds(6, 4)
    kinds = ["timeout", "dns", "connect", "tls"]
    states = [failing(feed, 10 * MINUTE, kinds[place % 4], 1) for place, feed in enumerate(known)]
    assert found(known, states) == [(Cause.NETWORK, 10, True)]


def test_a_chance_failure_before_the_outage_changes_nothing():
    """One source failed an hour earlier, by itself, while the others still answered."""
    known = feeds(6, 4)
    states = [failing(feed, 10 * MINUTE, count=1) for feed in known[1:]] + [failing(known[0], HOUR)]
    assert found(known, states) == [(Cause.NETWORK, 10, True)]


def test_half_of_the_round_is_enough():
    """Sources that were not asked since are no witnesses: half of all, failing in a row, is an outage."""
    known = feeds(6, 4)
    states = [failing(feed, 8 * MINUTE, count=1) for feed in known[:3] + known[6:8]]
    states += [well(feed, 20 * MINUTE) for feed in known[3:6] + known[8:]]
    assert found(known, states) == [(Cause.NETWORK, 5, True)]


def test_an_error_is_an_answer():
    """Who answers with an error page shows that the road is open: then it is many lines, and no outage of ours."""
    known = feeds(6, 4)
    states = [failing(feed, kind="status" if place % 2 else "timeout") for place, feed in enumerate(known)]
    assert {cause for cause, _, _ in found(known, states)} == {Cause.OUTLET}


def test_kazakhstan_together_is_possibly_a_shutdown():
    """All hosts there fail, others answer: one trouble that says so, whatever single ones failed long before."""
    known = feeds(8, 4)
    states = [failing(feed, 15 * MINUTE, count=1) for feed in known[:7]] + [failing(known[7], 9 * DAY, count=40)]
    states += [well(feed) for feed in known[8:]]
    assert found(known, states) == [(Cause.SHUTDOWN, 7, True), (Cause.OUTLET, 1, True)]


def test_a_few_behind_a_foreign_cache_still_answer_in_a_shutdown():
    """Eight in ten are a shutdown; half are not."""
    known = feeds(10, 4)
    abroad = [well(feed) for feed in known[10:]]
    most = [failing(feed, 15 * MINUTE, count=1) for feed in known[:8]] + [well(feed) for feed in known[8:10]]
    assert found(known, [*most, *abroad]) == [(Cause.SHUTDOWN, 8, True)]
    half = [failing(feed, 15 * MINUTE, count=1) for feed in known[:5]] + [
        well(feed, MINUTE / 2) for feed in known[5:10]
    ]
    assert {cause for cause, _, _ in found(known, [*half, *abroad])} == {Cause.OUTLET}


def test_nobody_speaks_of_a_shutdown_before_others_were_asked():
    """As long as no source abroad was asked since, it may be our own line: the trouble is there, and not told yet."""
    known = feeds(6, 4)
    states = [failing(feed, 10 * MINUTE, count=1) for feed in known[:6]] + [
        well(feed, 30 * MINUTE) for feed in known[6:]
    ]
    assert found(known, states) == [(Cause.SHUTDOWN, 6, False)]


def test_everything_abroad_together_is_a_cut_line():
    """Where the monitor runs inside Kazakhstan, a shutdown looks the other way round."""
    known = feeds(6, 4)
    states = [well(feed) for feed in known[:6]] + [failing(feed, 10 * MINUTE, count=1) for feed in known[6:]]
    assert found(known, states) == [(Cause.ABROAD, 4, True)]


def test_several_bad_certificates_are_somebody_in_between():
    """Three hosts that cannot prove who they are at once is no neglect of theirs."""
    known = feeds(8, 6)
    states = [failing(feed, kind="tls", count=1) for feed in known[:3]] + [well(feed) for feed in known[3:]]
    assert found(known, states) == [(Cause.CERTIFICATES, 3, True)]
    assert found(known, [failing(known[0], kind="tls"), *(well(feed) for feed in known[1:])]) == [
        (Cause.OUTLET, 1, True)
    ]


def test_a_proxy_that_is_down_is_one_trouble():
    """All that is asked through it fails, and says so; the others are not concerned."""
    known = [replace(feed, proxy="tor") if place < 3 else feed for place, feed in enumerate(feeds(6, 3))]
    states = [failing(feed, kind="proxy") for feed in known[:3]] + [well(feed) for feed in known[3:]]
    (one,) = troubles(known, {state.feed_id: state for state in states}, NOW)
    assert (one.cause, one.where, len(one.feeds)) == (Cause.PROXY, "tor", 3)


@pytest.mark.parametrize(
    ("url", "more", "home"),
    [
        ("https://lada.kz/rss", {}, True),
        ("https://xn--80a.xn--80ao21a/", {}, True),
        ("https://kursiv.media/feed", {"region": "KZ-75"}, True),
        ("https://t.me/s/aktau", {"region": "KZ-47"}, False),
        ("https://rus.azattyq.org/api", {"region": "KZ", "standing": Standing.FOREIGN}, False),
        ("https://www.hrw.org/rss", {}, False),
    ],
)
def test_who_is_in_kazakhstan(url, more, home):
    """By the country's domains, or by a region in the file; platforms stand elsewhere, whoever writes there."""
    assert is_in_kazakhstan(Feed(id="x", url=url, **more)) is home


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────


def told_of(press: Press) -> list[str]:
    """What was told, in order."""
    said = []
    for _, one in press.reports:
        said += [f"{trouble.cause}!" for trouble in one.wide] + [f"{kept.trouble.cause} over" for kept in one.over]
        said += [f"{name}?" for trouble in one.lines for name in trouble.names] + [f"{name} well" for name in one.well]
    return said


def short_press(hours: float = 3) -> Press:
    """The twenty, asked for some hours without trouble."""
    press = twenty(MONDAY + 3 * DAY, every=(5 * MINUTE, 15 * MINUTE))
    press.live(MONDAY + hours * HOUR)
    assert press.reports == []
    return press


def test_an_outage_of_ours_is_told_once_and_once_when_it_is_over():
    """One notice, one end; nobody is called failing whose turn has not come since, and all are asked at once then."""
    press = short_press()
    press.live(press.now + 8 * HOUR, failing=lambda *_: True)
    assert told_of(press) == ["network!"]
    assert press.reports[0][0] - (MONDAY + 3 * HOUR) <= 20 * MINUTE
    back = press.now
    press.live(press.now + 3 * HOUR)
    assert told_of(press) == ["network!", "network over"]
    late = [feed_id for feed_id, state in press.states.items() if state.failure_count]
    assert late == []
    assert press.reports[1][0] - back <= 20 * MINUTE


def test_a_shutdown_of_days_is_one_notice():
    """It stays one trouble for as long as it lasts."""
    press = short_press()
    press.live(
        press.now + 2 * DAY,
        failing=lambda feed_id, _: any(f.id == feed_id and is_in_kazakhstan(f) for f in press.feeds),
    )
    assert told_of(press) == ["shutdown!"]


def test_a_source_that_comes_and_goes_is_a_line_a_day():
    """Failing for two hours out of every four, it is told once, called well once, and then for a day no more."""
    press = short_press()
    began = press.now
    press.live(
        press.now + 20 * HOUR,
        failing=lambda feed_id, at: feed_id == "outlet-1" and ((at - began) // (2 * HOUR)) % 2 == 0,
    )
    assert told_of(press) == ["outlet1.kz?", "outlet1.kz well"]


def test_a_line_becomes_a_part_of_a_wide_trouble_in_silence():
    """Who failed alone and is then shut down with the others is neither told again nor called well."""
    press = short_press()
    press.live(press.now + 2 * HOUR, failing=lambda feed_id, _: feed_id == "outlet-1")
    press.live(press.now + 4 * HOUR, failing=lambda *_: True)
    assert told_of(press) == ["outlet1.kz?", "network!"]


def test_nothing_is_told_twice_and_what_is_over_is_forgotten():
    """The same troubles, looked at again, are no report; a day after the end the key is free."""
    known = feeds(3, 3)
    states = {state.feed_id: state for state in [*(well(feed) for feed in known[1:]), failing(known[0])]}
    first = report(troubles(known, states, NOW), {}, states, NOW)
    told = {kept.trouble.key: kept for kept in first.kept}
    assert len(first.lines) == 1
    again = report(troubles(known, states, NOW), told, states, NOW + MINUTE)
    assert (again.lines, again.well, again.kept) == ((), (), ())
    states[known[0].id] = well(known[0])
    fading = report([], told, states, NOW + HOUR)
    assert fading.well == ()
    over = report([], {kept.trouble.key: kept for kept in fading.kept}, states, NOW + HOUR + MINUTE)
    assert over.well == ("h0.kz",)
    told = {kept.trouble.key: kept for kept in over.kept}
    assert report([], told, states, NOW + 2 * HOUR).forgotten == ()
    assert report([], told, states, NOW + 25 * HOUR).forgotten == (f"source {known[0].id}",)
