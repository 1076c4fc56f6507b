"""Outbox → world: whatever happens to a message, exactly one of the outcomes is written down."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from monitor import outbox
from monitor.deliver.dispatch import drain
from monitor.errors import DeliveryError, RecipientMoved, Refused, Uncertain, Undeliverable
from monitor.model import State
from monitor.policy.delivery import CLOSED_PAUSE
from monitor.schema import transaction
from nouns import a_message
from posting import World, a_dispatch

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(clock):
    """The outside."""
    return World(clock)


@pytest.fixture
def dispatch(database, clock, world):
    """A dispatch to one chat of a paced channel, whose rests tick the clock."""
    return a_dispatch(database, clock, world, "reader")


def put(dispatch, *subjects):
    """Queue one message for each subject."""
    with transaction(dispatch.db) as db:
        outbox.put(db, [a_message(subject=subject) for subject in subjects], dispatch.clock())


def the(dispatch, number=1):
    """One message and its fate."""
    return outbox.find(dispatch.db, number)


async def test_messages_are_said_in_order_to_the_real_address(dispatch, world):
    """The recipient's key leads to the address that only the memory knows."""
    put(dispatch, "a", "b", "c")
    result = await drain(dispatch, wait=MINUTE)
    assert world.said == [
        ("a", "chat of reader", False),
        ("b", "chat of reader", False),
        ("c", "chat of reader", False),
    ]
    assert result.sent == 3
    assert the(dispatch).message_id == "1"


async def test_what_pacing_does_not_permit_waits(dispatch, world):
    """Without time to wait, one message leaves and the rest stays in the outbox."""
    put(dispatch, "a", "b")
    assert (await drain(dispatch)).sent == 1
    assert outbox.counts(dispatch.db)["new"] == 1
    assert len(world.said) == 1


async def test_eighteen_a_minute_even_for_fifty(dispatch, world):
    """Fifty messages take more than two minutes and never crowd a second or a minute."""
    put(dispatch, *map(str, range(50)))
    await drain(dispatch, wait=10 * MINUTE)
    assert len(world.said) == 50
    for start in world.times:
        assert sum(start <= moment < start + MINUTE for moment in world.times) <= 18
    assert len(set(world.times)) == 50


async def test_twenty_five_a_second_over_all_chats(database, clock, world):
    """Forty chats are told at once, but never more than 25 messages lie in two stored seconds."""
    dispatch = a_dispatch(database, clock, world, *map(str, range(40)))
    with transaction(database) as db:
        outbox.put(db, [a_message(recipient=str(number)) for number in range(40)], clock())
    await drain(dispatch, wait=MINUTE)
    assert len(world.said) == 40
    for start in world.times:
        assert sum(start <= moment <= start + timedelta(seconds=1) for moment in world.times) <= 25


class Slow:
    """Answers when three others have been told."""

    def __init__(self, world) -> None:
        self.world, self.three = world, asyncio.Event()
        world.heard = lambda: self.three.set() if len(world.said) == 3 else None

    async def send(self, message, recipient, *, repeat):
        """Wait for the three others, then say it."""
        await self.three.wait()
        return await self.world.send(message, recipient, repeat=repeat)


async def test_a_slow_chat_keeps_nobody_else_waiting(dispatch, world, clock):
    """While one destination's server thinks, the messages of another one leave, one after the other."""
    dispatch.addresses["preview", "quick"] = "quick"
    dispatch.senders = {"telegram": Slow(world), "preview": world}
    put(dispatch, "slow")
    with transaction(dispatch.db) as db:
        messages = [a_message(subject=str(n), channel="preview", recipient="quick") for n in range(3)]
        outbox.put(db, messages, clock())
    await drain(dispatch)
    assert [subject for subject, *_ in world.said] == ["0", "1", "2", "slow"]


async def test_a_round_that_is_cut_short_leaves_no_message_in_the_air(dispatch, world):
    """A deadline or a stop in the middle of a request makes a possible repeat, not a message that waits for ever."""
    dispatch.senders = {"telegram": Slow(world)}
    put(dispatch, "a")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await drain(dispatch)
    assert (the(dispatch).state, the(dispatch).repeat) == (State.UNCERTAIN, True)


async def test_a_failure_is_tried_again_in_order(dispatch, world):
    """A network error costs a pause, not a message, and the next one does not overtake."""
    world.answers = [DeliveryError("no route"), DeliveryError("no route")]
    put(dispatch, "a", "b")
    await drain(dispatch, wait=MINUTE)
    assert world.said == [("a", "chat of reader", False), ("b", "chat of reader", False)]
    assert the(dispatch).attempt_count == 3


async def test_an_ambiguous_answer_makes_one_marked_repeat(dispatch, world):
    """What may have been said is said once more, marked; then the queue goes on."""
    world.answers = [Uncertain("no answer")]
    put(dispatch, "a", "b")
    await drain(dispatch, wait=5 * MINUTE)
    assert world.said == [("a", "chat of reader", True), ("b", "chat of reader", False)]


async def test_a_refused_message_dies_and_the_queue_goes_on(dispatch, world):
    """One message Telegram does not like costs nobody else anything."""
    world.answers = [Refused("400")]
    put(dispatch, "a", "b")
    result = await drain(dispatch, wait=MINUTE)
    assert world.said == [("b", "chat of reader", False)]
    assert (result.dead, the(dispatch).state) == (1, State.DEAD)


async def test_nothing_leaves_in_a_halt(dispatch, world, clock):
    """After a 429 the whole channel waits for the time it was given, also after a restart."""
    world.answers = [DeliveryError("429", retry_after=timedelta(seconds=90), halt=True)]
    dispatch.addresses["telegram", "other"] = "chat-2"
    put(dispatch, "a")
    await drain(dispatch)
    with transaction(dispatch.db) as db:
        outbox.put(db, [a_message(subject="b", recipient="other")], clock())
    end = clock() + timedelta(seconds=90)
    await drain(dispatch, wait=timedelta(seconds=80))
    assert len(world.times) == 1, "something left inside the halt"
    await drain(dispatch, wait=2 * MINUTE)
    assert len(world.said) == 2
    assert min(world.times[1:]) >= end


async def test_a_closed_destination_keeps_its_queue_and_tells(dispatch, world, clock):
    """Kicked out of a channel: nothing is lost, somebody is told, and an hour later it is tried again."""
    told = []
    dispatch.closed = lambda place, why: told.append((place, why))
    world.answers = [Undeliverable("kicked")]
    put(dispatch, "a", "b")
    await drain(dispatch, wait=10 * MINUTE)
    assert (world.said, told) == ([], [(("telegram", "reader"), "kicked")])
    with transaction(dispatch.db) as db:
        outbox.put(db, [a_message(subject="urgent", priority=1)], clock())
    await drain(dispatch, wait=10 * MINUTE)
    assert len(world.times) == 1, "a shut door is not knocked at, however urgent"
    again = []
    dispatch.reopened = again.append
    clock.tick(CLOSED_PAUSE)
    await drain(dispatch, wait=MINUTE)
    assert [subject for subject, *_ in world.said] == ["urgent", "a", "b"]
    assert again == [("telegram", "reader")]


async def test_a_message_that_died_is_told_to_somebody(dispatch, world):
    """Whoever looks after the house hears of a message that was refused for good."""
    told = []
    dispatch.buried = lambda delivery, why: told.append((delivery.message.subject, why))
    world.answers = [Refused("400")]
    put(dispatch, "a")
    await drain(dispatch, wait=MINUTE)
    assert told == [("a", "400")]


async def test_nothing_urgent_overtakes_a_message_in_doubt(dispatch, world, clock):
    """While a chat is ambiguous only its oldest message is tried, each time later, and then the urgent one."""
    world.answers = [Uncertain("no answer")] * 5
    put(dispatch, "a")
    await drain(dispatch)
    with transaction(dispatch.db) as db:
        outbox.put(db, [a_message(subject="urgent", priority=1)], clock())
    await drain(dispatch, wait=10 * MINUTE)
    assert [subject for subject, *_ in world.said] == ["a", "urgent"]
    pauses = [later - earlier for earlier, later in itertools.pairwise(world.times)][:5]
    assert pauses == sorted(pauses)
    assert pauses[0] >= timedelta(seconds=30)


async def test_a_chat_that_moved_is_followed(dispatch, world):
    """A group that became a supergroup has a new address; the message goes there at once."""
    world.answers = [RecipientMoved("chat-new")]
    put(dispatch, "a")
    await drain(dispatch, wait=MINUTE)
    assert world.said == [("a", "chat-new", False)]


async def test_an_unknown_error_may_have_said_it(dispatch, world):
    """What we do not understand is treated as ambiguous, never as a loss."""
    world.answers = [RuntimeError("bug")]
    put(dispatch, "a")
    await drain(dispatch, wait=5 * MINUTE)
    assert world.said == [("a", "chat of reader", True)]


async def test_a_destination_without_an_address_waits(dispatch, world):
    """A message for somebody who is no longer in the settings stays in the outbox and blocks nobody."""
    with transaction(dispatch.db) as db:
        outbox.put(db, [a_message(recipient="gone")], dispatch.clock())
    put(dispatch, "a")
    await drain(dispatch, wait=MINUTE)
    assert world.said == [("a", "chat of reader", False)]
    assert outbox.counts(dispatch.db)["new"] == 1


async def test_a_stop_ends_after_the_message_in_flight(dispatch, world):
    """Told to stop, a round sends no further message."""
    dispatch.stopping = True
    put(dispatch, "a")
    await drain(dispatch, wait=MINUTE)
    assert world.said == []
