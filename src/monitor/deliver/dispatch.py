"""Outbox → world: claim, send, record; whatever happens, one of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlite_utils import Database

from monitor import outbox
from monitor.channels import Sender
from monitor.errors import DeliveryError, RecipientMoved, Refused, Uncertain, Undeliverable
from monitor.model import Clock, Delivery, State
from monitor.policy.delivery import CLOSED_PAUSE, DOUBT_PAUSE, UNKNOWN_HALT, UNPACED, Pace, free_at, pause
from monitor.schema import transaction
from monitor.store import facts
from monitor.text.times import stamp, unstamp

log = structlog.get_logger("monitor.deliver")

# Stored times have whole seconds; never spin on a remainder.
SHORTEST_REST = 0.05

Place = tuple[str, str]  # a channel's kind and the key of a recipient


@dataclass(slots=True, kw_only=True)
class Dispatch:
    """Everything that sending needs: open senders by channel, real addresses by destination, and how fast.

    `rest` waits for a number of seconds; tests tick their clock instead. `closed` is told of a destination that
    shut its door. `stopping` ends a round after the message in flight.
    """

    db: Database
    clock: Clock
    senders: Mapping[str, Sender]
    addresses: dict[Place, str]
    paces: Mapping[str, Pace] = field(default_factory=dict)
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    closed: Callable[[Place, str], None] = lambda _place, _why: None
    stopping: bool = False


@dataclass(slots=True, kw_only=True)
class Sent:
    """What one round of sending brought: how many alerts were said, are in doubt, or died. Letters are not alerts."""

    sent: int = 0
    uncertain: int = 0
    dead: int = 0

    def count(self, delivery: Delivery, outcome: State) -> None:
        """Count one outcome, if it is an alert's."""
        if delivery.message.ref:
            setattr(self, outcome.value, getattr(self, outcome.value) + 1)


async def drain(dispatch: Dispatch, *, wait: timedelta = timedelta(0)) -> Sent:
    """Send all that may leave now, and what may leave within `wait`; the rest stays in the outbox."""
    total = Sent()
    deadline = dispatch.clock() + wait
    while not dispatch.stopping:
        ready, next_at = _ready(dispatch)
        if ready:
            async with asyncio.TaskGroup() as group:
                for delivery in ready:
                    group.create_task(_deliver(dispatch, delivery, total))
            continue
        now = dispatch.clock()
        if next_at is None or next_at > deadline:
            return total
        await dispatch.rest(max((next_at - now).total_seconds(), SHORTEST_REST))
    return total


def _ready(dispatch: Dispatch) -> tuple[list[Delivery], datetime | None]:
    """The messages that may leave now, one a destination, and otherwise when the next one may."""
    now = dispatch.clock()
    ready, later = [], []
    for head in outbox.heads(dispatch.db, now):
        place = (head.message.channel, head.message.recipient)
        if place not in dispatch.addresses or head.message.channel not in dispatch.senders:
            continue
        pace = dispatch.paces.get(head.message.channel, UNPACED)
        spoken = outbox.sent_times(dispatch.db, *place, since=now - pace.window)
        free = max(
            free_at(spoken, pace, now), head.not_before or now, _halted_until(dispatch, head.message.channel, now)
        )
        if free <= now:
            ready.append(head)
        else:
            later.append(free)
    return ready, min(later, default=None)


def _halted_until(dispatch: Dispatch, channel: str, now: datetime) -> datetime:
    """The end of the halt that a channel's server asked for; it survives a restart."""
    until = facts.recall(dispatch.db, f"halt {channel}")
    return unstamp(until) if until else now


async def _deliver(dispatch: Dispatch, head: Delivery, total: Sent) -> None:
    """One message's way out. A bulkhead: after the claim it ends as sent, queued again, in doubt, or dead."""
    with transaction(dispatch.db) as db:
        delivery = outbox.claim(db, head)
    if delivery is None:
        return
    place = (delivery.message.channel, delivery.message.recipient)
    try:
        message_id = await dispatch.senders[place[0]].send(
            delivery.message, dispatch.addresses[place], repeat=delivery.repeat
        )
    except DeliveryError as error:
        _failed(dispatch, delivery, error, total)
    except Exception as error:
        # We do not know what it did before it broke: it may have been said.
        log.exception("a delivery broke", message=delivery.id)
        _failed(dispatch, delivery, Uncertain(f"unexpected {type(error).__name__}"), total)
    else:
        with transaction(dispatch.db) as db:
            outbox.sent(db, delivery, message_id, dispatch.clock())
        total.count(delivery, State.SENT)


def _failed(dispatch: Dispatch, delivery: Delivery, error: DeliveryError, total: Sent) -> None:
    """Write down what follows from a failure; see the table of outcomes in the channel."""
    now = dispatch.clock()
    place = (delivery.message.channel, delivery.message.recipient)
    log.warning("not delivered", message=delivery.id, channel=place[0], outcome=type(error).__name__, why=str(error))
    with transaction(dispatch.db) as db:
        match error:
            case Uncertain():
                longest = max(DOUBT_PAUSE, pause(delivery.attempt_count))
                outbox.doubt(db, delivery, str(error), now + longest)
                total.count(delivery, State.UNCERTAIN)
            case Refused():
                outbox.bury(db, delivery, str(error))
                total.count(delivery, State.DEAD)
            case Undeliverable():
                outbox.retry(db, delivery, str(error), now + CLOSED_PAUSE)
            case RecipientMoved():
                dispatch.addresses[place] = error.new_address
                outbox.retry(db, delivery, str(error), now)
            case _:
                outbox.retry(db, delivery, str(error), now + (error.retry_after or pause(delivery.attempt_count)))
        if error.halt:
            facts.remember(db, f"halt {place[0]}", stamp(now + (error.retry_after or UNKNOWN_HALT)), now)
    if isinstance(error, Undeliverable):
        dispatch.closed(place, str(error))
