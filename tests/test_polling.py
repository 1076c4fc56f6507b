"""When a feed is asked: its own rhythm between its bounds, failures that back off and come back, moves that are believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.model import Entry, Feed, FeedState, Health, Parsed, Response
from monitor.policy.health import SILENT
from monitor.policy.polling import after_failure, after_success, after_unchanged, due, interval
from monitor.text.times import unstamp

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = Feed(id="lada-kz", url="https://lada.kz/rss", every_min=5 * MINUTE, every_max=HOUR)
NEW = FeedState(feed_id=FEED.id)


def entry(number: int, published: datetime | None = NOW) -> Entry:
    """An item of the feed."""
    return Entry(feed_id=FEED.id, guid=f"g{number}", url=f"https://lada.kz/{number}", title="t", published_at=published)


def answer(**fields) -> Response:
    """A good answer."""
    fields = {"url": FEED.url, "headers": {"etag": '"1"', "last-modified": "Sun"}} | fields
    return Response(status=200, body=b"", received_at=NOW, **fields)


def polled(state=NEW, *, entries=(), now=NOW, feed=FEED, memory=None, **fields) -> FeedState:
    """The state after a good answer with these new entries."""
    parsed = Parsed(entries=tuple(entries), memory={"count": 30} | (memory or {}))
    return after_success(feed, state, answer(**fields), parsed, now, body_hash="h")


# ── due ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_those_who_wait_longest_come_first():
    """Never asked, then the most overdue; those who are not due or disabled do not come."""
    feeds = [Feed(id=name, url="https://e.kz/", every_max=HOUR) for name in ("new", "late", "later", "not-yet")]
    feeds.append(Feed(id="off", url="https://e.kz/", enabled=False))
    waits = {"late": -MINUTE, "later": -HOUR, "not-yet": MINUTE, "off": -DAY}
    states = {name: FeedState(feed_id=name, poll_at=NOW + wait) for name, wait in waits.items()}
    assert [feed.id for feed in due(feeds, states, NOW)] == ["new", "later", "late"]


@pytest.mark.parametrize(
    ("ahead", "failures", "is_due"),
    [(0 * MINUTE, 0, True), (59 * MINUTE, 0, False), (65 * MINUTE, 0, False), (2 * HOUR, 0, True), (5 * HOUR, 3, False), (24 * HOUR, 1, False), (30 * HOUR, 1, True)],
)  # fmt: skip
def test_a_time_that_cannot_be_right_is_now(ahead, failures, is_due):
    """A clock set back, or an interval made shorter, does not silence a feed."""
    state = FeedState(feed_id=FEED.id, poll_at=NOW + ahead, failure_count=failures)
    assert bool(due([FEED], {FEED.id: state}, NOW)) == is_due


# ── success ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_good_answer_is_remembered_whole():
    """Validators verbatim, body hash, times, the source's memory; earlier failures are forgotten."""
    failing = after_failure(FEED, NEW, NOW - HOUR, kind="dns", error="no address")
    state = polled(failing, entries=[entry(1, NOW - HOUR), entry(2, None)], memory={"seen": {"a": "b"}})
    assert (state.etag, state.last_modified, state.body_hash) == ('"1"', "Sun", "h")
    assert (state.polled_at, state.good_at, state.newest_at) == (NOW, NOW, NOW - HOUR)
    assert (state.failure_count, state.failing_since, state.last_error, state.last_error_kind) == (0, None, None, None)
    assert state.memory["seen"] == {"a": "b"}
    assert state.health is Health.OK
    assert polled(state, headers={}).etag is None


def test_a_cut_answer_is_asked_for_again():
    """A source that saw only a part of the body gets the whole one next time, soon, and no 304; it says what happened."""
    state = polled(polled(), memory={"partial": True})
    assert (state.etag, state.last_modified, state.body_hash) == (None, None, None)
    assert (state.last_error_kind, state.failure_count, state.good_at) == ("truncated", 0, NOW)
    assert state.poll_at - NOW <= FEED.every_min * 1.1
    assert polled(state).etag == '"1"'
    assert polled(state).last_error is None


def test_the_baseline_is_the_first_good_answer():
    """It is set once and kept."""
    first = polled()
    assert first.baselined_at == NOW
    assert polled(first, now=NOW + HOUR).baselined_at == NOW
    assert after_failure(FEED, NEW, NOW, kind="dns", error="x").baselined_at is None


def test_unchanged_keeps_what_was_known():
    """304 changes times, not memory; a gap that is no more is none of the feed's health."""
    state = polled(polled(), memory={"gap": True, "seen": {"a": "b"}}, now=NOW + HOUR)
    assert state.health is Health.GAP
    later = after_unchanged(FEED, state, NOW + 2 * HOUR)
    assert (later.good_at, later.etag, later.body_hash) == (NOW + 2 * HOUR, '"1"', "h")
    assert later.memory["seen"] == {"a": "b"}
    assert "gap" not in later.memory
    assert later.health is Health.OK


def test_a_silence_is_doubted_every_six_hours():
    """A quiet feed loses its validators four times a day and no more; the answer to a plain request brings them back."""
    state = polled(
        polled(entries=[entry(0, NOW - DAY)], now=NOW - DAY), entries=[entry(number) for number in range(1, 6)]
    )
    plain = []
    for quarter in range(4 * 24 * 14):
        now = NOW + quarter * HOUR / 4
        is_plain = state.etag is None
        plain += [now] if is_plain else []
        state = after_unchanged(FEED, state, now, validators={"etag": '"2"'} if is_plain else {})
    assert state.health in SILENT
    assert state.body_hash == "h"
    assert plain[0] > NOW + DAY
    assert len(plain) >= 20
    assert all(later - earlier >= 5 * HOUR for earlier, later in pairwise(plain))


def test_a_fixed_interval_is_kept_and_spread():
    """`every: 15m` means fifteen minutes, up to a tenth more by the feed's id, so that feeds drift apart."""
    feeds = [Feed(id=f"feed-{number}", url="https://e.kz/") for number in range(50)]
    waits = [polled(FeedState(feed_id=feed.id), feed=feed).poll_at - NOW for feed in feeds]
    assert all(15 * MINUTE <= wait <= 16.5 * MINUTE for wait in waits)
    assert len(set(waits)) == 50
    assert waits[0] == polled(FeedState(feed_id="feed-0"), feed=feeds[0]).poll_at - NOW


def run(rate: float, hours: int = 24 * 14) -> FeedState:
    """Two weeks of a feed that brings `rate` items an hour, polled every half hour."""
    state, brought = polled(now=NOW - hours * HOUR), 0
    for half in range(1, hours * 2 + 1):
        now = NOW - hours * HOUR + half * HOUR / 2
        fresh = int(half / 2 * rate) - brought
        brought += fresh
        new = [entry(number, now) for number in range(fresh)]
        state = polled(state, entries=new, now=now) if new else after_unchanged(FEED, state, now)
    return state


def test_the_interval_follows_the_rhythm():
    """The more a feed brings, the more often it is asked, as 1 / √rate, between its bounds."""
    waits = {rate: interval(FEED, run(rate), NOW) for rate in (0.01, 0.25, 1, 4, 60)}
    assert waits[0.01] == HOUR
    assert waits[60] == FEED.every_min
    assert waits[1] == pytest.approx(timedelta(minutes=17.3), abs=2 * MINUTE)
    assert waits[0.25] / waits[1] == pytest.approx(2, rel=0.15)
    assert waits[1] / waits[4] == pytest.approx(2, rel=0.15)


def test_the_first_window_tells_the_rhythm():
    """The dates of the first thirty items are enough to begin with."""
    busy = polled(entries=[entry(number, NOW - number * 6 * MINUTE) for number in range(30)])
    calm = polled(entries=[entry(number, NOW - number * DAY) for number in range(30)])
    undated = polled(entries=[entry(number, None) for number in range(30)])
    assert busy.memory["rate"] == pytest.approx(10, rel=0.01)
    assert interval(FEED, busy, NOW) < 6 * MINUTE
    assert interval(FEED, calm, NOW) == HOUR
    assert undated.memory["rate"] == 1


def test_a_silent_feed_is_asked_less_and_its_rhythm_is_not_forgotten():
    """Silence makes polls rarer, while the usual rate stays as it was: it tells a silence from calm."""
    state = run(4)
    later = after_unchanged(FEED, state, NOW + 10 * HOUR)
    assert interval(FEED, later, NOW + 10 * HOUR) > 2 * interval(FEED, state, NOW)
    assert later.memory["rate"] == state.memory["rate"]


def test_a_gap_is_asked_as_often_as_allowed():
    """Something may have passed by unseen: come sooner."""
    assert interval(FEED, polled(memory={"gap": True}), NOW) == FEED.every_min


@pytest.mark.parametrize("memory", [{"rate": "x", "new_at": 3}, {"rate": 0.0, "new_at": "2026-11-22T12:00:00Z"}, {}])
def test_a_strange_memory_is_no_reason_to_fail(memory):
    """What another version wrote leads to an ordinary interval."""
    wait = interval(FEED, replace(NEW, memory=memory), NOW)
    assert FEED.every_min <= wait <= FEED.every_max


# ── gaps ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def gaps_of(state: FeedState) -> list[tuple[datetime, datetime]]:
    """The gaps that a feed remembers."""
    return [(unstamp(begin), unstamp(end)) for begin, end in state.memory.get("gaps", ())]


def test_a_gap_ends_where_the_new_window_begins():
    """From the last good poll to the window's oldest item, pinned ones aside; to now where dates tell nothing."""
    window = [entry(number, NOW + HOUR - number * 5 * MINUTE) for number in range(6)]
    pinned = [entry(91, NOW - 30 * DAY), entry(92, NOW - 9 * DAY)]
    gap = polled(polled(), entries=[*window, *pinned], memory={"gap": True}, now=NOW + HOUR)
    assert gaps_of(gap) == [(NOW, NOW + 35 * MINUTE)]
    undated = polled(polled(), entries=[entry(1, None)], memory={"gap": True}, now=NOW + HOUR)
    assert gaps_of(undated) == [(NOW, NOW + HOUR)]


def test_other_ids_for_the_same_items_are_no_gap():
    """A window that reaches back before the last poll shows all that came since, whatever its ids."""
    window = [entry(number, NOW + HOUR - number * 10 * MINUTE) for number in range(12)]
    state = polled(polled(), entries=window, memory={"gap": True}, now=NOW + HOUR)
    assert gaps_of(state) == []
    assert state.health is Health.OK


def test_gaps_are_remembered_as_long_as_a_letter_may_tell_of_them():
    """Two weeks and a day, over good polls and failures."""
    state = polled(polled(), entries=[entry(1, None)], memory={"gap": True}, now=NOW + HOUR)
    for day in range(1, 15):
        state = polled(state, entries=[entry(2 + day, None)], now=NOW + day * DAY)
        state = after_failure(FEED, state, NOW + day * DAY + HOUR, kind="dns", error="x")
        assert gaps_of(state) == [(NOW, NOW + HOUR)]
    assert gaps_of(polled(state, entries=[entry(99, None)], now=NOW + 16 * DAY)) == []


# ── failure ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_failures_back_off_and_never_give_up():
    """5, 10, 20 … minutes, at most six hours, for ever; the reason and its beginning are kept."""
    state, waits = NEW, []
    for _ in range(40):
        state = after_failure(FEED, state, NOW, kind="status", error="404 Not Found")
        waits.append(state.poll_at - NOW)
    assert all(wait >= 5 * MINUTE * 2**place for place, wait in enumerate(waits[:7]))
    assert all(6 * HOUR <= wait <= 6.6 * HOUR for wait in waits[8:])
    assert (state.failure_count, state.failing_since, state.polled_at) == (40, NOW, NOW)
    assert (state.last_error, state.last_error_kind, state.health) == ("404 Not Found", "status", Health.FAILING)
    assert state.good_at is None


def test_a_slow_feed_is_not_asked_more_often_because_it_fails():
    """A feed that is asked once a day is asked once a day."""
    daily = replace(FEED, every_min=DAY, every_max=DAY)
    assert after_failure(daily, NEW, NOW, kind="dns", error="x").poll_at - NOW >= DAY


@pytest.mark.parametrize(("asked", "least"), [(2 * HOUR, 2 * HOUR), (9 * DAY, DAY), (timedelta(0), 5 * MINUTE)])
def test_retry_after_is_obeyed_for_a_day_at_most(asked, least):
    """A server that asks for silence gets it, and no server gets rid of us."""
    wait = after_failure(FEED, NEW, NOW, kind="throttled", error="429", retry_after=asked).poll_at - NOW
    assert least <= wait <= least * 1.1


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────


def moved(to: str, times: int, feed=FEED) -> FeedState:
    """The state after permanent redirects to one address."""
    state = NEW
    for _ in range(times):
        state = polled(state, url=to, moved_to=to, feed=feed)
    return state


def test_a_permanent_move_is_believed_after_three_sightings():
    """Within the same registrable domain or among the aliases; a stranger's address is only reported."""
    assert "address" not in moved("https://www.lada.kz/feed", 2).memory
    adopted = moved("https://www.lada.kz/feed", 3)
    assert adopted.memory["address"] == {"configured": FEED.url, "now": "https://www.lada.kz/feed"}
    assert polled(adopted, url="https://www.lada.kz/feed").memory["address"]
    assert adopted.health is not Health.MOVED
    stranger = moved("https://casino.example/feed", 9)
    assert "address" not in stranger.memory
    assert stranger.health is Health.MOVED
    alias = replace(FEED, aliases=("lada.example",))
    assert moved("https://lada.example/feed", 3, alias).memory["address"]


def test_a_document_cannot_say_where_we_ask_and_whom_we_trust():
    """A child that a document has taken over may remember what it likes; address, trust and rhythm are not its own."""
    lies = {
        "address": {"configured": FEED.url, "now": "https://casino.example/"},
        "moved": {"to": "https://casino.example/", "count": 9},
        "quarantine": {"at": "x"},
        "gaps": [["x", "y"]],
        "since": {"health": "ok", "at": "x"},
        "rate": "x",
    }
    first = polled(memory=lies)
    assert first.memory == polled().memory
    assert polled(first, memory=lies).memory == polled(first).memory


def test_a_move_that_wavers_is_not_believed():
    """A direct answer in between, or another target, and the sightings begin anew."""
    state = polled(moved("https://www.lada.kz/feed", 2))
    assert "moved" not in state.memory
    state = polled(moved("https://www.lada.kz/a", 2), url="https://www.lada.kz/b", moved_to="https://www.lada.kz/b")
    assert state.memory["moved"]["count"] == 1


def test_an_adopted_address_that_fails_is_given_up():
    """After three failures the configured address gets its chance again."""
    state = moved("https://www.lada.kz/feed", 3)
    for _ in range(3):
        assert "address" in state.memory
        state = after_failure(FEED, state, NOW, kind="dns", error="x")
    assert "address" not in state.memory
    assert "moved" not in state.memory
