"""Delivery under storms: thousands of messages, halts, lost answers, poison, power cuts at every commit."""

import bisect
import itertools
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from fake_telegram import BAD_GATEWAY, CLOSED, HTML, LOST, TOKEN, FakeTelegram
from monitor import outbox
from monitor.channels import telegram
from monitor.deliver import dispatch as dispatching
from monitor.deliver.dispatch import drain
from monitor.errors import DeliveryError, Refused, Uncertain
from monitor.model import State
from monitor.policy.delivery import UNPACED
from monitor.schema import open_database, transaction
from nouns import a_message
from posting import Dice, World, a_dispatch, in_memory_speed
from samples import ALMATY, HOSTILE, alert

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def put(dispatch, count, **more):
    """Queue so many messages to the chat."""
    with transaction(dispatch.db) as db:
        outbox.put(db, [a_message(subject=f"story:{n}", ref=f"{n:05}", **more) for n in range(count)], dispatch.clock())


async def until_empty(dispatch, limit=1000):
    """Drain until nothing waits."""
    for _ in range(limit):
        await drain(dispatch, wait=DAY)
        if not outbox.waiting(dispatch.db):
            return
    raise AssertionError("the queue does not empty")


def most_in(times, window):
    """How many of these (ascending) times lie in the fullest half-open window of that length."""
    return max(bisect.bisect_left(times, start + window) - place for place, start in enumerate(times))


@pytest.mark.heavy
async def test_five_hundred_never_crowd_a_second_or_a_minute(database, clock):
    """500 queued messages take their time: in any sliding window one a second and 18 a minute, for half an hour."""
    world = World(clock)
    dispatch = a_dispatch(in_memory_speed(database), clock, world, "reader")
    put(dispatch, 500)
    started = clock()
    await until_empty(dispatch)
    assert len(world.said) == 500
    assert (most_in(world.times, SECOND), most_in(world.times, MINUTE)) == (1, 18)
    assert timedelta(minutes=27) < clock() - started < timedelta(minutes=32), "not slower than it must be, either"


@pytest.mark.heavy
async def test_a_storm_of_halts_is_sat_out(database, clock):
    """1,000 messages through hundreds of 429s of 1-120 s or without a time: none leaves in a halt, order is kept."""
    dice, world = Dice(429), World(clock)
    dispatch = a_dispatch(in_memory_speed(database), clock, world, "reader")
    put(dispatch, 1000)
    waits = [dice.choice([None, 1 + dice.below(120)]) for _ in range(400)]
    halts = [DeliveryError("429", halt=True, retry_after=wait and timedelta(seconds=wait)) for wait in waits]
    world.answers = dice.shuffled([*halts, *[None] * 700])
    script = list(world.answers)
    await until_empty(dispatch)
    assert [subject for subject, *_ in world.said] == [f"story:{n}" for n in range(1000)]
    assert not any(repeat for *_, repeat in world.said)
    for answer, asked, after in zip(script, world.times, world.times[1:], strict=False):
        if answer is not None:
            assert after - asked > (answer.retry_after or timedelta(seconds=30)), "something left inside a halt"


@pytest.mark.heavy
async def test_every_ambiguous_answer_makes_exactly_one_marked_repeat(database, clock):
    """500 answers lost, cut, 502 or HTML over real HTTP: nothing lost, order kept, one marked repeat for each."""
    dice = Dice(502)
    async with FakeTelegram() as api, telegram.connect(token=TOKEN, api_url=api.url) as sender:
        dispatch = a_dispatch(in_memory_speed(database), clock, sender, "reader")
        dispatch.addresses["telegram", "reader"], dispatch.paces = "@news", {"telegram": UNPACED}
        cards = [alert(ref=f"{n:05}") for n in range(400)]
        messages = [telegram.render(card, languages=("ru",), time_zone=ALMATY)[0] for card in cards]
        with transaction(database) as db:
            outbox.put(db, [replace(message, recipient="reader") for message in messages], clock())
        faults = [dice.choice([LOST, CLOSED, BAD_GATEWAY, HTML]) for _ in range(500)]
        api.faults.extend(faults)  # each request meets one of them until they are used up
        await until_empty(dispatch)
    texts = [message["text"] for message in api.said()]
    first_seen = list(dict.fromkeys(text[-5:] for text in texts))
    assert first_seen == [card.ref for card in cards], "lost or out of order"
    tries = database.execute("SELECT count(*), sum(repeat) FROM attempts").fetchone()
    assert tries == (400 + 500, 500), "one marked repeat for each ambiguous answer, and no other"
    carried_out = sum(fault.first for fault in faults)
    assert len(texts) == 400 + carried_out
    assert sum(text.startswith("↻") for text in texts) <= 500
    for _, copies in itertools.groupby(sorted(texts, key=lambda text: text[-5:]), key=lambda text: text[-5:]):
        assert sum(not text.startswith("↻") for text in copies) <= 1, "a second copy that does not say so"


@pytest.mark.heavy
async def test_poison_stops_nobody_and_loses_nothing(database, clock):
    """1,000 hostile alerts and raw bodies that Telegram refuses: the next one leaves within 5 s, each is accounted for."""
    async with FakeTelegram() as api, telegram.connect(token=TOKEN, api_url=api.url) as sender:
        times = []
        dispatch = a_dispatch(in_memory_speed(database), clock, Watched(sender, clock, times), "reader")
        dispatch.addresses["telegram", "reader"] = "@news"
        raw = ["ж" * 4097, "👨‍👩‍👧‍👦" * 1000, "", " \n\t"]
        messages = []
        for n in range(1000):
            hostile = HOSTILE[n % len(HOSTILE)]
            card = alert(ref=f"{n:05}", title=hostile or "x", text=hostile * 2, hits=())
            (message,) = telegram.render(card, languages=("ru", "en"), time_zone=ALMATY)
            if n % 10 == 0:
                body = json.loads(message.body) | {"text": raw[n // 10 % len(raw)], "plain": raw[n // 10 % len(raw)]}
                body["entities"] = [["bold", 5000, -1, ""]]
                message = replace(message, body=json.dumps(body))
            messages.append(replace(message, recipient="reader"))
        with transaction(database) as db:
            outbox.put(db, messages, clock())
        await until_empty(dispatch)
    counts = outbox.counts(database)
    assert (counts["sent"], counts["dead"]) == (900, 100)
    assert all(message["text"].rstrip()[-5:].isdigit() for message in api.said()), "the reference is always there"
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    crowded = [gap for gap in gaps if gap > 5 * SECOND]
    assert len(crowded) <= len(times) / 17, "only the minute's limit makes anybody wait for longer than 5 s"
    dead = database.execute("SELECT count(*) FROM messages WHERE state = 'dead' AND last_error <> '' AND body <> ''")
    assert dead.fetchone() == (100,), "what was refused is kept with its words and the reason"


class Watched:
    """A sender that notes when it was asked."""

    def __init__(self, sender, clock, times) -> None:
        self.sender, self.clock, self.times = sender, clock, times

    async def send(self, message, recipient, *, repeat):
        """Note the time, then send."""
        self.times.append(self.clock())
        return await self.sender.send(message, recipient, repeat=repeat)


# ── a power cut at every commit ──────────────────────────────────────────────────────────────────────────────────────


class PowerCutError(BaseException):
    """Nothing catches this."""


class Fuse:
    """Stands in for `transaction`: blows before or after the n-th commit."""

    def __init__(self, at, *, after) -> None:
        self.left, self.after, self.blown = at, after, False

    @contextmanager
    def __call__(self, db):
        """A transaction, unless the power is gone."""
        if self.blown:
            raise PowerCutError
        self.left -= 1
        try:
            with transaction(db):
                yield db
                self._blow_if(not self.after)
        finally:
            self.blown = self.blown or self.left < 0
        self._blow_if(self.after)

    def _blow_if(self, now):
        if now and self.left < 0:
            self.blown = True
            raise PowerCutError


def answers(seed):
    """A scripted world: a bit of everything."""
    dice = Dice(seed)
    kinds = [None, None, Uncertain("lost"), DeliveryError("no route"), Refused("400"), DeliveryError("429", halt=True)]
    return [dice.choice(kinds) for _ in range(6)]


async def cut_at(folder, clock, seed, at, *, after):
    """Run three messages into a power cut at one commit, start again; returns the world, or None when all was over."""
    world = World(clock)
    world.answers = answers(seed)
    lost_in_flight = 0
    db = in_memory_speed(open_database(folder / f"{seed}-{at}-{after}.db"))
    try:
        dispatch = a_dispatch(db, clock, world, "reader")
        put(dispatch, 3)
        fuse, real = Fuse(at, after=after), dispatching.transaction
        dispatching.transaction = fuse
        try:
            await drain(dispatch, wait=DAY)
        except PowerCutError:
            lost_in_flight = 1
        finally:
            dispatching.transaction = real
        with transaction(db):
            outbox.recover(db, clock())
        await until_empty(a_dispatch(db, clock, world, "reader"))
        rows = db.execute("SELECT subject, state, repeat FROM messages ORDER BY id").fetchall()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        db.conn.close()
    return (world, rows) if lost_in_flight else None


@pytest.mark.heavy
@pytest.mark.parametrize("seed", range(20))
async def test_a_power_cut_at_every_commit_loses_nothing(tmp_path, clock, seed):
    """Before and after each commit of claim, outcome and door: all is said or dead, order kept, extra copies marked."""
    points = 0
    for after in (False, True):
        for at in itertools.count():
            run = await cut_at(tmp_path, clock, seed, at, after=after)
            if run is None:
                break
            points += 1
            world, rows = run
            assert {state for _, state, _ in rows} <= {State.SENT, State.DEAD}
            heard = [subject for subject, *_ in world.said]
            assert [s for s, state, _ in rows if state == State.SENT] == list(dict.fromkeys(heard)) or State.DEAD in {
                state for _, state, _ in rows
            }
            for subject in set(heard):
                copies = [repeat for said, _, repeat in world.said if said == subject]
                assert sum(not repeat for repeat in copies) <= 1, "a second copy that does not say so"
                assert len(copies) <= 2, "one cut makes at most one copy more"
    assert points >= 12
