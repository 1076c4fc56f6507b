"""Whether the house is well, from what it knows of itself: every organ by itself, and nothing before its time."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.ingest.witnesses import Witnesses, served_at
from monitor.model import Flight, Organ, Response, Road
from monitor.policy.pulse import Beat, Signs, agreed_skew, ailments

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ARRIVED = Flight(at=NOW)


def wrong(**signs):
    """What is wrong with a house that is well but for these signs."""
    well = {"good_ago": MINUTE, "flight": ARRIVED, "flown_ago": MINUTE}
    return [(one.organ, one.what) for one in ailments(Signs(**well | signs))]


def test_a_well_house():
    """Nothing is wrong with it, and a house that has just begun is given time."""
    assert wrong() == []
    assert ailments(Signs(good_ago=SECOND)) == []


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({"good_ago": 61 * MINUTE}, [(Organ.CYCLE, "")]),
        ({"good_ago": 61 * MINUTE, "cycle_patience": 2 * HOUR}, []),
        ({"network_down": True, "good_ago": 2 * HOUR}, [(Organ.NETWORK, "")]),
        ({"flight": Flight(at=NOW, stage="match")}, [(Organ.CANARY, "match")]),
        ({"flown_ago": 13 * MINUTE}, [(Organ.CANARY, "late")]),
        ({"flown_ago": 11 * MINUTE}, []),
        ({"database": "disk full"}, [(Organ.DATABASE, "")]),
        ({"stands_for": 3 * MINUTE}, [(Organ.CLOCK, "stands")]),
        ({"skew": timedelta(days=2)}, [(Organ.CLOCK, "wrong")]),
        ({"skew": -6 * MINUTE}, [(Organ.CLOCK, "wrong")]),
        ({"skew": 4 * MINUTE}, []),
        ({"jobs": {"letters": Beat(every=20 * SECOND, ago=11 * MINUTE)}}, [(Organ.JOB, "letters")]),
        ({"jobs": {"prune": Beat(every=10 * MINUTE, ago=25 * MINUTE)}}, []),
        ({"jobs": {"prune": Beat(every=10 * MINUTE, ago=31 * MINUTE)}}, [(Organ.JOB, "prune")]),
        ({"roads": [Road(name="main", failures=1)]}, []),
        ({"roads": [Road(name="main", failures=2)]}, [(Organ.ROAD, "main")]),
        ({"roads": [Road(name="main", failing_for=11 * MINUTE)]}, [(Organ.ROAD, "main")]),
    ],
)
def test_every_organ_complains_by_itself(signs, expected):
    """Each sign leads to its own complaint, and only when it has lasted."""
    assert wrong(**signs) == expected


def test_the_gravest_comes_first():
    """A database that takes nothing explains most of the rest."""
    assert wrong(database="x", stands_for=HOUR, flight=Flight(at=NOW, stage="serve"))[0] == (Organ.DATABASE, "")


# ── what time others have ────────────────────────────────────────────────────────────────────────────────────────


def answer(host, date, age=None, at=NOW):
    """An answer of a host that says what time it has."""
    headers = {"date": date} | ({"age": age} if age else {})
    return Response(url=f"https://{host}/", status=200, headers=headers, body=b"", received_at=at)


@pytest.mark.parametrize(
    ("told", "skew"),
    [
        ({}, None),
        ({"a": HOUR}, None),
        ({"a": HOUR, "b": HOUR + MINUTE}, HOUR + MINUTE),
        ({"a": timedelta(0), "b": SECOND, "c": -HOUR}, timedelta(0)),
        ({"a": HOUR, "b": -HOUR, "c": 5 * HOUR}, None),
        ({"a": HOUR, "b": HOUR, "c": timedelta(0), "d": timedelta(0)}, None),
    ],
)
def test_most_hosts_must_agree(told, skew):
    """One host that is wrong proves nothing, nor do hosts that contradict each other."""
    assert agreed_skew(told) == skew


def test_a_host_tells_its_time_and_how_old_its_answer_is():
    """`Date`, and `Age` when it came out of a cache; what cannot be read is no witness."""
    assert served_at(answer("a.kz", "Sun, 01 Mar 2026 08:59:00 GMT")) == NOW - MINUTE
    assert served_at(answer("a.kz", "Sun, 01 Mar 2026 08:00:00 GMT", age="3600")) == NOW
    assert served_at(answer("a.kz", "yesterday")) is None
    assert served_at(answer("a.kz", "Sun, 01 Mar 2026 08:00:00 GMT", age="long")) is None
    assert served_at(answer("a.kz", "Fri, 31 Dec 9999 23:59:59 GMT", age="3600")) is None


def test_witnesses_are_heard_for_half_an_hour():
    """Each host counts once, with its last answer; what a clock that jumped has made old or future is no evidence."""
    witnesses = Witnesses()
    for host, minute in (("a.kz", "00"), ("b.kz", "30"), ("a.kz", "58")):
        witnesses.note(answer(host, f"Sun, 01 Mar 2026 08:{minute}:00 GMT"))
    assert witnesses.lately(NOW) == {"a.kz": 2 * MINUTE, "b.kz": 30 * MINUTE}
    assert witnesses.lately(NOW + HOUR) == witnesses.lately(NOW - HOUR) == {}
    for number in range(400):
        witnesses.note(answer(f"h{number}.kz", "Sun, 01 Mar 2026 09:00:00 GMT"))
    assert len(witnesses.lately(NOW)) == 256
