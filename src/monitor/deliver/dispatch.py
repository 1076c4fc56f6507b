"""Outbox → world: claim, send, record; whatever happens, one of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlite_utils import Database

from monitor import outbox
from monitor.channels import Sender
from monitor.deliver import doors
from monitor.errors import DeliveryError, RecipientMoved, Refused, Uncertain, Undeliverable
from monitor.model import Clock, Delivery, State
from monitor.outbox import Place, attempts
from monitor.policy.delivery import (
    CLOSED_PAUSE,
    DOUBT_PAUSE,
    EDIT_GAP,
    LETTER_STALE,
    RESOLUTION,
    UNPACED,
    Pace,
    free_at,
    halt_until,
    held_until,
    pause,
    room,
)
from monitor.schema import transaction

log = structlog.get_logger("monitor.deliver")

# Stored times have whole seconds; never spin on a remainder.
SHORTEST_REST = 0.05
# While a slow server keeps one message, the others are looked at again this often (seconds).
LOOK_AGAIN = 1.0
# What has piled up or must take another road is looked at again this often.
PREPARED = timedelta(seconds=30)


@dataclass(slots=True, kw_only=True)
class Dispatch:
    """Everything that sending needs: open senders by channel, real addresses by destination, and how fast.

    `rest` waits for a number of seconds; tests tick their clock instead. `prepare` looks after the queues
    before a round, at most every half minute, and when a destination answers again. `said` is told of every message
    that was, `closed`, `reopened` and `buried` of a destination that shut its door or opened it again, and of a message
    that died. `stopping` ends a round after the messages in flight.
    """

    db: Database
    clock: Clock
    senders: Mapping[str, Sender]
    addresses: dict[Place, str]
    paces: Mapping[str, Pace] = field(default_factory=dict)
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    prepare: Callable[[datetime], None] = lambda _now: None
    said: Callable[[Delivery], None] = lambda _delivery: None
    closed: Callable[[Place, str], None] = lambda _place, _why: None
    reopened: Callable[[Place], None] = lambda _place: None
    buried: Callable[[Delivery, str], None] = lambda _delivery, _why: None
    prepared_at: datetime | None = None
    stopping: bool = False

    def look_after(self, now: datetime) -> None:
        """Prepare, unless that was done a moment ago."""
        if self.prepared_at is None or abs(now - self.prepared_at) >= PREPARED:
            self.prepared_at = now
            self.prepare(now)


@dataclass(slots=True, kw_only=True)
class Sent:
    """What one round of sending brought: how many alerts were said, are in doubt, or died. Letters are not alerts."""

    sent: int = 0
    uncertain: int = 0
    dead: int = 0

    def count(self, delivery: Delivery, outcome: State) -> None:
        """Count one outcome, if it is an alert's. An edit that fails is made again or not missed."""
        if delivery.message.ref and (outcome is State.SENT or delivery.message.action != "edit"):
            setattr(self, outcome.value, getattr(self, outcome.value) + 1)


async def drain(dispatch: Dispatch, *, wait: timedelta = timedelta(0)) -> Sent:
    """Send all that may leave now, and what may leave within `wait`; the rest stays in the outbox.

    Destinations do not wait for each other; within one, a message leaves when the one before it is settled.
    """
    total = Sent()
    deadline = dispatch.clock() + wait
    under_way: set[asyncio.Task[None]] = set()
    try:
        while under_way or not dispatch.stopping:
            now = dispatch.clock()
            dispatch.look_after(now)
            ready, next_at = _ready(dispatch) if not dispatch.stopping else ([], None)
            claimed = [delivery for head in ready if (delivery := _claim(dispatch, head)) is not None]
            under_way |= {asyncio.create_task(_deliver(dispatch, delivery, total)) for delivery in claimed}
            if under_way:
                under_way = await _settled(under_way)
            elif ready:  # folded or put off on the way out: what comes behind may leave
                await dispatch.rest(SHORTEST_REST)
            elif next_at is None or next_at > deadline:
                break
            else:
                await dispatch.rest(max((next_at - now).total_seconds(), SHORTEST_REST))
    finally:
        await _abandon(under_way)
    return total


async def _settled(under_way: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """Wait until one of them is settled, or a moment; returns the others."""
    done, rest = await asyncio.wait(under_way, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    return rest


async def _abandon(under_way: set[asyncio.Task[None]]) -> None:
    """The round is cut short: each message in flight may have been said, and writes that down itself."""
    for task in under_way:
        task.cancel()
    for task in under_way:
        with suppress(asyncio.CancelledError):
            await task


def _ready(dispatch: Dispatch) -> tuple[list[Delivery], datetime | None]:
    """The messages that may leave now, at most one a destination, and otherwise when the next one may."""
    now = dispatch.clock()
    ready, later = [], []
    for place in list(dispatch.addresses):
        if place[0] not in dispatch.senders:
            continue
        head = outbox.head(dispatch.db, place, now)
        if head is None or _must_be_reworded(head, now):
            continue
        free = _free_at(dispatch, place, head, now)
        if free <= now:
            ready.append(head)
        else:
            later.append(free)
    ready.sort(key=lambda head: (head.message.priority, head.id))
    leaving = _as_many_as_permitted(dispatch, ready, now)
    if len(leaving) < len(ready):
        later.append(now + RESOLUTION)
    return leaving, min(later, default=None)


def _free_at(dispatch: Dispatch, place: Place, head: Delivery, now: datetime) -> datetime:
    """When the head of a destination's queue may leave: pace, its own pause, a shut door, the channel's halt."""
    db, pace = dispatch.db, dispatch.paces.get(place[0], UNPACED)
    spoken = attempts.spoken(db, *place, since=now - pace.memory) if pace.per_window else []
    return max(
        free_at(spoken, pace, now),
        held_until(head.not_before, now),
        doors.halted_until(db, place[0], now),
        doors.closed_until(db, place, now),
    )


def _as_many_as_permitted(dispatch: Dispatch, ready: list[Delivery], now: datetime) -> list[Delivery]:
    """The first of them that a channel's rate over all its destinations has room for."""
    leaving: list[Delivery] = []
    for channel in dict.fromkeys(head.message.channel for head in ready):
        heads = [head for head in ready if head.message.channel == channel]
        pace = dispatch.paces.get(channel, UNPACED)
        leaving += heads[: room(attempts.in_all(dispatch.db, channel, now - RESOLUTION), pace)]
    return leaving


def _must_be_reworded(head: Delivery, now: datetime) -> bool:
    """A letter says how late it is: words of hours ago do not leave. `editions` words it again, or merges it."""
    is_letter = head.message.subject.startswith("digest:")
    return is_letter and head.state is State.NEW and now - head.created_at > LETTER_STALE


def _claim(dispatch: Dispatch, head: Delivery) -> Delivery | None:
    with transaction(dispatch.db) as db:
        return outbox.claim(db, head, dispatch.clock())


async def _deliver(dispatch: Dispatch, delivery: Delivery, total: Sent) -> None:
    """One claimed message's way out. A bulkhead: it ends as sent, queued again, in doubt, or dead."""
    place = (delivery.message.channel, delivery.message.recipient)
    try:
        address = dispatch.addresses[place]  # inside: a reload may have taken it away since the claim
        message_id = await dispatch.senders[place[0]].send(delivery.message, address, repeat=delivery.repeat)
    except DeliveryError as error:
        _failed(dispatch, delivery, error, total)
    except asyncio.CancelledError:
        _failed(dispatch, delivery, Uncertain("stopped while sending"), total)
        raise
    except Exception as error:
        # We do not know what it did before it broke: it may have been said.
        log.exception("a delivery broke", message=delivery.id)
        _failed(dispatch, delivery, Uncertain(f"unexpected {type(error).__name__}"), total)
    else:
        _said(dispatch, delivery, message_id)
        total.count(delivery, State.SENT)


def _said(dispatch: Dispatch, delivery: Delivery, message_id: str) -> None:
    """Write down that it was said; a destination that answers again after a while is looked after at once."""
    place = (delivery.message.channel, delivery.message.recipient)
    with transaction(dispatch.db) as db:
        outbox.sent(db, delivery, message_id, dispatch.clock())
        failed, shut = doors.succeed(db, place)
    dispatch.said(delivery)
    if failed:
        dispatch.prepare(dispatch.clock())
    if shut:
        dispatch.reopened(place)


def _failed(dispatch: Dispatch, delivery: Delivery, error: DeliveryError, total: Sent) -> None:
    """Write down what follows from a failure; see the table of outcomes in the channel."""
    now = dispatch.clock()
    place = (delivery.message.channel, delivery.message.recipient)
    is_edit = delivery.message.action == "edit"
    why = str(error)
    log.warning("not delivered", message=delivery.id, channel=place[0], outcome=type(error).__name__, why=why)
    with transaction(dispatch.db) as db:
        match error:
            case Uncertain():
                longest = max(EDIT_GAP if is_edit else DOUBT_PAUSE, pause(delivery.attempt_count))
                outbox.doubt(db, delivery, why, now + longest, now)
                total.count(delivery, State.UNCERTAIN)
            case Refused():
                outbox.bury(db, delivery, why, now)
                total.count(delivery, State.DEAD)
            case Undeliverable():
                outbox.retry(db, delivery, why, now + CLOSED_PAUSE, now)
                doors.close(db, place, now)
            case RecipientMoved():
                dispatch.addresses[place] = error.new_address
                outbox.retry(db, delivery, why, now, now)
            case _:
                wait = error.retry_after + RESOLUTION if error.retry_after else pause(delivery.attempt_count)
                outbox.retry(db, delivery, why, now + wait, now)
        if not isinstance(error, Refused | RecipientMoved):
            doors.fail(db, place, now)
        if error.halt:
            doors.halt(db, place[0], halt_until(error.retry_after, now), now)
    if isinstance(error, Undeliverable):
        dispatch.closed(place, why)
    if isinstance(error, Refused) and not is_edit:  # a card that is gone is nobody's trouble
        dispatch.buried(delivery, why)
