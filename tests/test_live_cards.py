"""One live card a story: it grows by edits that are never lost, never twice, never more than one a minute."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from fake_telegram import LOST, TOKEN, FakeTelegram, Fault, refusal
from monitor import outbox
from monitor.channels import telegram
from monitor.deliver.dispatch import drain
from monitor.errors import DeliveryError, Refused, Uncertain
from monitor.model import State
from monitor.outbox import attempts, cards
from monitor.schema import transaction
from nouns import a_message
from posting import World, a_dispatch

MINUTE = timedelta(minutes=1)
PLACE = ("telegram", "reader")
SUBJECT = "story:K7F2Q"


class Channel(World):
    """The outside, which remembers what each of its messages says now and what it was asked to edit or answer."""

    def __init__(self, clock) -> None:
        super().__init__(clock)
        self.shown, self.edits, self.answers_to, self.gone = {}, [], [], set()

    async def send(self, message, recipient, *, repeat):
        """Fail as told; else say it, or change what was said."""
        if message.action == "edit":
            assert not repeat, "an edit is never marked"
            self.times.append(self.clock())
            answer = self.answers.pop(0) if self.answers else None
            if str(message.target_id) in self.gone:
                raise Refused("the message to edit is gone (400)")
            if not isinstance(answer, DeliveryError) or isinstance(answer, Uncertain):
                self.shown[str(message.target_id)] = message.body
                self.edits.append((self.clock(), message.body))
            if answer is not None:
                raise answer
            return str(message.target_id)
        number = await super().send(message, recipient, repeat=repeat)
        self.shown[number] = message.body
        self.answers_to.append(message.reply_to)
        return number


@pytest.fixture
def world(clock):
    """The outside."""
    return Channel(clock)


@pytest.fixture
def dispatch(database, clock, world):
    """A dispatch to one chat of a paced channel, whose rests tick the clock."""
    return a_dispatch(database, clock, world, "reader")


def put(dispatch, *messages, **more):
    """Queue messages."""
    with transaction(dispatch.db) as db:
        return outbox.put(db, messages, dispatch.clock(), **more)


def grow(dispatch, body, **more):
    """Bring the card up to date."""
    with transaction(dispatch.db) as db:
        return cards.grow(db, a_message(body=body), dispatch.clock(), **more)


def fates(dispatch):
    """Action and state of every message, oldest first."""
    rows = dispatch.db.execute("SELECT action, state FROM messages ORDER BY id").fetchall()
    return [f"{action} {state}" for action, state in rows]


async def test_a_card_that_was_said_is_edited(dispatch, world):
    """The words of the same message change; nothing is said a second time."""
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    assert grow(dispatch, "two") == 1
    await drain(dispatch, wait=2 * MINUTE)
    assert (world.shown, len(world.said)) == ({"1": "two"}, 1)
    assert fates(dispatch) == ["send sent", "edit sent"]


async def test_a_card_that_waits_gets_the_new_words(dispatch, world):
    """What was not said yet needs no edit: it says the newest, and the archive keeps what it would have said."""
    put(dispatch, a_message(body="one"))
    dispatch.clock.tick(MINUTE)
    assert grow(dispatch, "two") == 0
    dispatch.clock.tick(MINUTE)
    assert grow(dispatch, "three") == 0
    await drain(dispatch, wait=5 * MINUTE)
    assert (world.shown, world.edits) == ({"1": "three"}, [])
    kept = dispatch.db.execute("SELECT body, worded_at, replaced_at FROM wordings ORDER BY id").fetchall()
    assert kept == [
        ("one", "2026-03-01T09:00:00Z", "2026-03-01T09:01:00Z"),
        ("two", "2026-03-01T09:01:00Z", "2026-03-01T09:02:00Z"),
    ]


async def test_growing_keeps_a_card_in_its_place(dispatch, world):
    """New words do not make a waiting card younger: the order of the queue stays."""
    put(dispatch, a_message(body="one"), a_message(subject="story:AAAAA", body="a"))
    grow(dispatch, "two")
    await drain(dispatch, wait=5 * MINUTE)
    assert [subject for subject, _, _ in world.said] == [SUBJECT, "story:AAAAA"]


async def test_the_same_words_make_no_edit(dispatch):
    """What the card says already, or is about to say, is not said again."""
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    assert [grow(dispatch, body) for body in ("one", "two", "two")] == [0, 1, 0]
    await drain(dispatch, wait=2 * MINUTE)
    assert grow(dispatch, "two") == 0


async def test_a_card_is_edited_once_a_minute(dispatch, world):
    """Twenty outlets in a minute are one edit; the first comes a minute after the card itself."""
    put(dispatch, a_message(body="0"))
    await drain(dispatch)
    said_at = dispatch.clock()
    for number in range(1, 61):
        dispatch.clock.tick(timedelta(seconds=3))
        grow(dispatch, str(number))
        await drain(dispatch)
    await drain(dispatch, wait=5 * MINUTE)
    times = [said_at, *(at for at, _ in world.edits)]
    assert all(later - earlier > MINUTE for earlier, later in pairwise(times))
    assert 3 <= len(world.edits) <= 4
    assert world.shown == {"1": "60"}


async def test_every_version_stays_in_the_archive(dispatch):
    """Also the versions that a newer one overtook are kept, each with its time."""
    put(dispatch, a_message(body="0"))
    await drain(dispatch)
    for number in range(1, 4):
        dispatch.clock.tick(timedelta(seconds=5))
        grow(dispatch, str(number))
    await drain(dispatch, wait=5 * MINUTE)
    rows = dispatch.db.execute("SELECT body, state, folded_into, created_at FROM messages ORDER BY id").fetchall()
    assert [(body, state) for body, state, _, _ in rows] == [
        ("0", "sent"),
        ("1", "folded"),
        ("2", "folded"),
        ("3", "sent"),
    ]
    assert rows[1][2] == "edit:K7F2Q"
    assert len({at for _, _, _, at in rows}) == 4


async def test_pace_counts_edits(dispatch, world):
    """Edits and cards together stay within eighteen a minute."""
    put(dispatch, *(a_message(subject=f"story:{number:05}", body="1", ref=f"{number:05}") for number in range(30)))
    await drain(dispatch, wait=10 * MINUTE)
    dispatch.clock.tick(10 * MINUTE)
    world.times.clear()
    with transaction(dispatch.db) as db:
        for number in range(30):
            cards.grow(db, a_message(subject=f"story:{number:05}", body="2", ref=f"{number:05}"), dispatch.clock())
    await drain(dispatch, wait=10 * MINUTE)
    assert len(world.edits) == 30
    assert all(later - earlier >= MINUTE for earlier, later in zip(world.times, world.times[18:], strict=False))


async def test_news_goes_before_edits(dispatch):
    """A new card does not wait behind the edits of old ones."""
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    dispatch.clock.tick(5 * MINUTE)
    grow(dispatch, "two")
    put(dispatch, a_message(subject="story:AAAAA", ref="AAAAA", body="a"))
    await drain(dispatch, wait=MINUTE)
    asked = dispatch.db.execute("SELECT m.action FROM attempts a JOIN messages m ON m.id = delivery_id ORDER BY a.id")
    assert [action for (action,) in asked] == ["send", "send", "edit"]


async def test_an_edit_in_doubt_is_made_again_unmarked(dispatch, world):
    """Whether it went through or not, the second time it is the same; nothing waits for it."""
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    grow(dispatch, "two")
    world.answers = [Uncertain("closed without an answer")]
    total = await drain(dispatch, wait=5 * MINUTE)
    assert (total.sent, total.uncertain) == (1, 0)
    assert [body for _, body in world.edits] == ["two", "two"]
    assert (world.shown, fates(dispatch)) == ({"1": "two"}, ["send sent", "edit sent"])


async def test_a_newer_edit_overtakes_one_that_failed(dispatch, world):
    """The card ends with the newest words, whatever happened on the way."""
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    grow(dispatch, "two")
    world.answers = [DeliveryError("no route")]
    await drain(dispatch, wait=timedelta(seconds=65))
    grow(dispatch, "three")
    await drain(dispatch, wait=5 * MINUTE)
    assert (world.shown, [body for _, body in world.edits]) == ({"1": "three"}, ["three"])


async def test_an_edit_waits_while_its_card_is_in_doubt(dispatch, world):
    """A card that may have been said is repeated in its own words, marked, and edited after that."""
    put(dispatch, a_message(body="one"))
    world.answers = [Uncertain("closed without an answer")]
    await drain(dispatch)
    assert grow(dispatch, "two") == 1
    await drain(dispatch, wait=5 * MINUTE)
    assert [repeat for _, _, repeat in world.said] == [True]
    assert (world.shown, fates(dispatch)) == ({"1": "two"}, ["send sent", "edit sent"])


async def test_a_card_that_came_back_unsaid_takes_its_edits_in(dispatch, world):
    """An edit written while the card was under way is folded into it when the card certainly was not said."""
    put(dispatch, a_message(body="one"))
    (head,) = outbox.heads(dispatch.db, dispatch.clock())
    with transaction(dispatch.db) as db:
        claimed = outbox.claim(db, head, dispatch.clock())
    grow(dispatch, "two")
    with transaction(dispatch.db) as db:
        outbox.retry(db, claimed, "no route", dispatch.clock(), dispatch.clock())
    await drain(dispatch, wait=5 * MINUTE)
    assert (world.shown, world.edits) == ({"1": "two"}, [])
    assert fates(dispatch) == ["send sent", "edit folded"]
    assert dispatch.db.execute("SELECT body FROM wordings").fetchall() == [("one",)]


async def test_newer_words_are_not_overwritten_by_an_older_edit(dispatch, world):
    """A card that came back and grew again says the newest, not what an edit of before would have said."""
    put(dispatch, a_message(body="one"))
    (head,) = outbox.heads(dispatch.db, dispatch.clock())
    with transaction(dispatch.db) as db:
        claimed = outbox.claim(db, head, dispatch.clock())
    grow(dispatch, "two")
    with transaction(dispatch.db) as db:
        outbox.retry(db, claimed, "no route", dispatch.clock(), dispatch.clock())
    grow(dispatch, "three")
    await drain(dispatch, wait=5 * MINUTE)
    assert (world.shown, world.edits) == ({"1": "three"}, [])


async def test_a_card_that_is_gone_is_left_in_peace(dispatch, world):
    """Somebody deleted it: one try, no notice to anybody, and no further edit; what comes next is a card of its own."""
    troubles = []
    dispatch.buried = lambda *trouble: troubles.append(trouble)
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    world.gone.add("1")
    grow(dispatch, "two")
    total = await drain(dispatch, wait=5 * MINUTE)
    assert (total.dead, troubles, fates(dispatch)) == (0, [], ["send sent", "edit dead"])
    assert grow(dispatch, "three") == 0
    assert cards.live(dispatch.db, PLACE, SUBJECT) is None
    put(dispatch, a_message(body="four", revision=1))
    await drain(dispatch, wait=MINUTE)
    assert grow(dispatch, "five") == 1


async def test_a_card_that_was_summed_up_is_not_edited(dispatch, world):
    """A line in a summary stands for it; what waits for it is buried quietly."""
    put(dispatch, a_message(body="one"))
    (head,) = outbox.heads(dispatch.db, dispatch.clock())
    with transaction(dispatch.db) as db:
        claimed = outbox.claim(db, head, dispatch.clock())
    grow(dispatch, "two")
    with transaction(dispatch.db) as db:
        outbox.retry(db, claimed, "no route", dispatch.clock(), dispatch.clock())
        outbox.fold(db, claimed.id, "backlog:x")
    assert grow(dispatch, "three") == 0
    await drain(dispatch, wait=5 * MINUTE)
    assert (world.said, world.edits, fates(dispatch)) == ([], [], ["send folded", "edit dead"])


async def test_an_edit_at_night_waits_for_the_morning(dispatch, world):
    """Nothing leaves before the time that the night ends."""
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    morning = dispatch.clock() + timedelta(hours=6)
    for body in ("two", "three"):
        grow(dispatch, body, not_before=morning)
        dispatch.clock.tick(MINUTE)
    dispatch.clock.tick(timedelta(hours=5))
    await drain(dispatch)
    assert world.edits == []
    await drain(dispatch, wait=timedelta(hours=2))
    assert [body for _, body in world.edits] == ["three"]
    assert world.edits[0][0] >= morning


async def test_a_crash_between_edit_and_record_makes_no_second_card(dispatch, world):
    """What was in flight is made again: no new message, no mark, the right words."""
    put(dispatch, a_message(body="one"))
    await drain(dispatch)
    grow(dispatch, "two")
    dispatch.clock.tick(2 * MINUTE)
    (head,) = outbox.heads(dispatch.db, dispatch.clock())
    with transaction(dispatch.db) as db:
        claimed = outbox.claim(db, head, dispatch.clock())
    await world.send(claimed.message, "chat", repeat=False)
    with transaction(dispatch.db) as db:
        assert outbox.recover(db, dispatch.clock()) == 0
    assert attempts.made_for(dispatch.db, claimed.id)[0].outcome is State.UNCERTAIN
    await drain(dispatch, wait=5 * MINUTE)
    assert (len(world.said), world.shown, fates(dispatch)) == (1, {"1": "two"}, ["send sent", "edit sent"])


async def test_a_reply_answers_the_card(dispatch, world):
    """What the chat calls the first card is found out when the reply leaves, not before."""
    put(dispatch, a_message(body="one"), a_message(body="two", action="reply", card=SUBJECT, revision=1))
    await drain(dispatch, wait=MINUTE)
    assert world.answers_to == [None, 1]


async def test_a_reply_to_a_card_that_is_gone_is_said_all_the_same(dispatch, world):
    """The news matters more than the thread."""
    put(dispatch, a_message(body="one"))
    with transaction(dispatch.db) as db:
        outbox.fold(db, 1, "backlog:x")
    put(dispatch, a_message(body="two", action="reply", card=SUBJECT, revision=1))
    await drain(dispatch, wait=MINUTE)
    assert (world.answers_to, world.shown) == ([None], {"1": "two"})


def words(text):
    """A body as Telegram's channel wants it."""
    return json.dumps({"text": text, "entities": [], "plain": text, "repeat": "↻ again\n\n"})


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (None, "two"),
        (LOST, "two"),
        (Fault(500, b"{}"), "two"),
        (refusal(429, "Too Many Requests", retry_after=5), "two"),
        (refusal(400, "Bad Request: message to edit not found"), "one"),
        (refusal(400, "Bad Request: message can't be edited"), "one"),
    ],
)
async def test_edits_over_the_real_wire(database, clock, fault, shown):
    """Lost answers, halts and messages that vanished end with one message in the chat and its right words."""
    async with FakeTelegram() as server, telegram.connect(token=TOKEN, api_url=server.url) as bot:
        dispatch = a_dispatch(database, clock, bot, "reader")
        dispatch.addresses[PLACE] = "@news"
        put(dispatch, a_message(body=words("one")))
        await drain(dispatch)
        with transaction(database) as db:
            cards.grow(db, a_message(body=words("two")), clock())
        if fault:
            server.faults.append(fault)
        await drain(dispatch, wait=10 * MINUTE)
        assert [message["text"] for message in server.said()] == [shown]
        assert outbox.waiting(database) == []
        edits = [call for call in server.calls if call.method in ("editMessageText", "fault")]
        assert len(edits) <= 2


async def test_not_modified_is_success():
    """A message that reads so already counts as edited."""
    async with FakeTelegram() as server, telegram.connect(token=TOKEN, api_url=server.url) as bot:
        same = a_message(action="edit", body=words("one"), target_id=1)
        assert await bot.send(a_message(body=words("one")), "@news", repeat=False) == "1"
        assert await bot.send(same, "@news", repeat=True) == "1"
        assert [message["text"] for message in server.said()] == ["one"]


async def test_a_reply_on_the_wire_names_the_first_card(database, clock):
    """Telegram is told which message is answered."""
    async with FakeTelegram() as server, telegram.connect(token=TOKEN, api_url=server.url) as bot:
        dispatch = a_dispatch(database, clock, bot, "reader")
        dispatch.addresses[PLACE] = "@news"
        reply = replace(a_message(body=words("two"), revision=1), action="reply", card=SUBJECT)
        put(dispatch, a_message(body=words("one")), reply)
        await drain(dispatch, wait=MINUTE)
        asked = [call.params.get("reply_parameters") for call in server.calls]
        assert asked == [None, {"message_id": 1, "allow_sending_without_reply": True}]
