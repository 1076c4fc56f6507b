"""What must be said is never lost and never said twice by our own fault."""

from datetime import timedelta

import pytest

from monitor import outbox
from monitor.model import State
from monitor.outbox import attempts
from monitor.schema import transaction
from nouns import NOON, a_message


def put(database, *messages, **more):
    """Queue messages in one transaction."""
    with transaction(database) as db:
        return outbox.put(db, messages, NOON, **more)


def next_one(database, now=NOON):
    """Claim the next message."""
    (head, *_) = outbox.heads(database, now)
    with transaction(database) as db:
        return outbox.claim(db, head, now)


def test_the_same_message_is_queued_once(database):
    """Subject, place, part and revision name a message; queueing it again changes nothing."""
    assert put(database, a_message()) == 1
    assert put(database, a_message(), a_message(body="other words")) == 0
    assert put(database, a_message(revision=1)) == 1


def test_the_most_urgent_and_then_the_oldest_is_next(database):
    """A destination's queue is by priority, then by age."""
    put(database, a_message(subject="a"), a_message(subject="b", priority=1), a_message(subject="c"))
    said = []
    while outbox.heads(database, NOON):
        delivery = next_one(database)
        said.append(delivery.message.subject)
        outbox.sent(database, delivery, "1", NOON)
    assert said == ["b", "a", "c"]


def test_every_destination_has_its_own_head(database):
    """Two chats do not wait for each other."""
    put(database, a_message(), a_message(subject="x"), a_message(recipient="other"))
    assert [head.message.recipient for head in outbox.heads(database, NOON)] == ["reader", "other"]


def test_a_message_is_claimed_once(database):
    """The second claim of the same message finds it taken, and a claimed one is no head."""
    put(database, a_message())
    (head,) = outbox.heads(database, NOON)
    with transaction(database) as db:
        assert outbox.claim(db, head, NOON).attempt_count == 1
        assert outbox.claim(db, head, NOON) is None
    assert outbox.heads(database, NOON) == []


def test_a_failed_message_holds_its_queue_back(database):
    """Order is kept: what comes behind a message that failed waits with it."""
    put(database, a_message(subject="a"), a_message(subject="b"))
    outbox.retry(database, next_one(database), "no route", NOON + timedelta(minutes=1), NOON)
    (head,) = outbox.heads(database, NOON)
    assert (head.message.subject, head.state, head.not_before) == ("a", State.NEW, NOON + timedelta(minutes=1))


def test_a_message_put_off_from_the_start_holds_nobody_back(database):
    """What waits for the morning lets the urgent pass."""
    put(database, a_message(subject="later"), not_before=NOON + timedelta(hours=7))
    put(database, a_message(subject="now"))
    (head,) = outbox.heads(database, NOON)
    assert head.message.subject == "now"
    (head,) = outbox.heads(database, NOON + timedelta(hours=8))
    assert head.message.subject == "later"


def test_a_doubtful_message_comes_back_as_a_possible_repeat(database):
    """What may have been said is held, then said once more, marked."""
    put(database, a_message())
    outbox.doubt(database, next_one(database), "no answer", NOON, NOON)
    delivery = next_one(database)
    assert (delivery.repeat, delivery.attempt_count) == (True, 2)
    outbox.retry(database, delivery, "refused", NOON, NOON)
    assert next_one(database).repeat, "a possible repeat stays one"


def test_after_a_crash_what_was_in_flight_is_a_possible_repeat(database):
    """A row left in `sending` is never a loss and never a silent copy."""
    put(database, a_message())
    next_one(database)
    with transaction(database) as db:
        assert outbox.recover(db, NOON) == 1
    delivery = next_one(database)
    assert delivery.repeat


def test_a_dead_message_is_out_of_the_way_and_stays_visible(database):
    """The queue goes on behind a message that cannot be said."""
    put(database, a_message(subject="a"), a_message(subject="b"))
    outbox.bury(database, next_one(database), "400", NOON)
    assert next_one(database).message.subject == "b"
    assert outbox.counts(database)["dead"] == 1


@pytest.mark.parametrize("settle", [outbox.bury, lambda db, one, why, now: outbox.retry(db, one, why, now, now)])
def test_a_settled_message_cannot_be_settled_again(database, settle):
    """A late answer does not bring a sent message back to life."""
    put(database, a_message())
    delivery = next_one(database)
    outbox.sent(database, delivery, "77", NOON)
    settle(database, delivery, "too late", NOON)
    found = outbox.find(database, delivery.id)
    assert (found.state, found.message_id, found.sent_at) == (State.SENT, "77", NOON)


def test_recipients_are_kept_as_keys_nobody_can_turn_back():
    """The same address has the same key; another secret, channel or address has another."""
    key = outbox.recipient_key(b"secret", "email", "reader@example.org")
    assert key == outbox.recipient_key(b"secret", "email", "reader@example.org")
    others = {
        outbox.recipient_key(b"other", "email", "reader@example.org"),
        outbox.recipient_key(b"secret", "telegram", "reader@example.org"),
        outbox.recipient_key(b"secret", "email", "another@example.org"),
    }
    assert len({key, *others}) == 4
    assert "reader" not in key


def test_times_of_sending_are_there_for_pacing(database):
    """When a destination was spoken to is remembered, per destination."""
    put(database, a_message(subject="a"), a_message(subject="b"), a_message(recipient="other"))
    for seconds in (1, 2):
        outbox.sent(database, next_one(database), "1", NOON + timedelta(seconds=seconds))
    assert attempts.spoken(database, "telegram", "reader", NOON) == [NOON + timedelta(seconds=s) for s in (1, 2)]
    assert attempts.in_all(database, "telegram", NOON + timedelta(seconds=2)) == 1


def test_every_attempt_counts_whatever_became_of_it(database):
    """An attempt in doubt or refused was seen by the server like one that succeeded, and is remembered with its end."""
    put(database, a_message())
    outbox.doubt(database, next_one(database), "no answer", NOON, NOON)
    outbox.retry(database, next_one(database), "no route", NOON, NOON + timedelta(seconds=3))
    delivery = next_one(database)
    assert attempts.spoken(database, "telegram", "reader", NOON) == [NOON, NOON + timedelta(seconds=3)]
    assert attempts.in_all(database, "telegram", NOON) == 3, "the one under way counts too"
    made = attempts.made_for(database, delivery.id)
    assert [(one.outcome, one.repeat, one.error) for one in made] == [
        (State.UNCERTAIN, False, "no answer"),
        (State.UNCERTAIN, True, "no route"),
        (State.SENDING, True, None),
    ]


def test_only_the_doubtful_one_is_tried_while_there_is_one(database):
    """While a message may have been said, nothing else goes there, however urgent; while one is in flight, nothing."""
    put(database, a_message(subject="a"))
    delivery = next_one(database)
    put(database, a_message(subject="urgent", priority=1))
    assert outbox.heads(database, NOON) == [], "one in flight per destination"
    outbox.doubt(database, delivery, "no answer", NOON + timedelta(seconds=30), NOON)
    (head,) = outbox.heads(database, NOON)
    assert head.message.subject == "a"


def test_a_late_answer_of_an_earlier_attempt_settles_nothing(database):
    """What an attempt that was given up says later does not touch the attempt under way."""
    put(database, a_message())
    first = next_one(database)
    outbox.retry(database, first, "gave up", NOON, NOON)
    second = next_one(database)
    outbox.sent(database, first, "1", NOON)
    assert outbox.find(database, first.id).state is State.SENDING
    outbox.sent(database, second, "2", NOON)
    assert outbox.find(database, first.id).message_id == "2"


def test_a_folded_message_is_no_longer_waiting_and_points_to_what_says_it(database):
    """Folding takes a message out of the queue, unless it is under way."""
    put(database, a_message(), a_message(subject="b"))
    delivery = next_one(database)
    assert not outbox.fold(database, delivery.id, "digest")
    assert outbox.fold(database, delivery.id + 1, "backlog:x")
    assert outbox.find(database, delivery.id + 1).folded_into == "backlog:x"
    assert outbox.counts(database)["folded"] == 1


def test_what_is_put_off_for_longer_than_a_day_was_put_off_by_a_wrong_clock(database):
    """A message held until 2030 is due now."""
    put(database, a_message(), not_before=NOON + timedelta(days=1400))
    put(database, a_message(subject="tonight"), not_before=NOON + timedelta(hours=7))
    (head,) = outbox.heads(database, NOON)
    assert head.message.subject == "story:K7F2Q"


def test_a_clock_set_back_does_not_leave_pauses_behind(database):
    """What happened ahead of now happened now, and a pause is as long as it was."""
    put(database, a_message())
    later = NOON + timedelta(hours=1)
    outbox.retry(database, next_one(database, later), "no route", later + timedelta(minutes=5), later)
    with transaction(database) as db:
        outbox.mend(db, NOON, timedelta(hours=1))
    (head,) = outbox.heads(database, NOON)
    assert head.not_before == NOON + timedelta(minutes=5)
    assert attempts.spoken(database, "telegram", "reader", NOON) == [NOON]


def test_the_next_message_is_found_in_an_index_however_long_the_queue(database):
    """Five thousand waiting messages are not looked at to find the next one."""
    put(database, *(a_message(subject=f"story:{number}") for number in range(50)))
    for query in (outbox.UNDER_WAY_OR_IN_DOUBT, outbox.DUE):
        values = {"channel": "telegram", "recipient": "reader", "now": "", "last": ""}
        plan = " ".join(str(row[3]) for row in database.execute(f"EXPLAIN QUERY PLAN {query}", values))
        assert "USING INDEX messages_" in plan
        assert "TEMP B-TREE" not in plan or query is outbox.UNDER_WAY_OR_IN_DOUBT
