"""After an outage: a few summaries instead of a flood, the gravest first; what finds no room stands in the letter.

Every alert that is summed up is folded, and points to the card that names it or to the letter. Nothing is dropped:
each of them was judged worth saying, so the letter tells of it anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlite_utils import Database

from monitor import channels, outbox
from monitor.channels import PRIORITY
from monitor.deliver import doors
from monitor.model import Delivery, Lang, Message, Quiet, Severity, State, Voice
from monitor.outbox import Place
from monitor.policy.delivery import MANY, SUMMARIES, held_until, piled_up
from monitor.policy.quiet import night_until
from monitor.render.backlog import Line, Page, pages
from monitor.schema import transaction
from monitor.store import stories as story_store
from monitor.text.times import stamp

log = structlog.get_logger("monitor.deliver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a summary speaks."""

    languages: tuple[Lang, ...]
    time_zone: str
    quiet: Quiet


def sum_up(db: Database, voices: Sequence[Voice], places: Sequence[Place], manner: Manner, now: datetime) -> int:
    """Sum up every queue that is long and old, unless its destination still fails; returns how many were folded."""
    speaking: Mapping[tuple[Place, int | None], Voice] = {
        ((one.channel, one.recipient), one.thread): one for one in voices
    }
    folded = 0
    for place in places:
        if outbox.load(db, place) <= MANY or doors.failing_since(db, place) is not None:
            continue
        waiting = [one for one in outbox.queue(db, place) if _is_due(one, now)]
        if not piled_up([_due_since(one) for one in waiting], now):
            continue
        for pile in _by_thread(place, waiting):
            voice = speaking.get((place, pile.thread))
            own = replace(manner, languages=voice.languages, time_zone=voice.time_zone) if voice else manner
            folded += _fold(db, pile, own, now)
    return folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """What waits for one thread of a destination, by reference, and how many cards may say it."""

    place: Place
    thread: int | None
    by_ref: Mapping[str, Sequence[Delivery]]
    most: int


def _by_thread(place: Place, waiting: Sequence[Delivery]) -> list[Pile]:
    """The forum topics of a chat share its cards."""
    threads: dict[int | None, dict[str, list[Delivery]]] = {}
    for one in waiting:
        threads.setdefault(one.message.thread, {}).setdefault(one.message.ref, []).append(one)
    most = max(SUMMARIES // len(threads), 1)
    return [Pile(place=place, thread=thread, by_ref=by_ref, most=most) for thread, by_ref in threads.items()]


def _is_due(delivery: Delivery, now: datetime) -> bool:
    """An alert that could have left by now and certainly did not. What may have been said is said again, marked.

    An edit is no alert: it follows its card, whatever becomes of that.
    """
    put_off = delivery.attempt_count == 0 and held_until(delivery.not_before, now) > now
    is_alert = bool(delivery.message.ref) and delivery.message.action != "edit"
    return is_alert and delivery.state is State.NEW and not put_off


def _due_since(delivery: Delivery) -> datetime:
    put_off = delivery.not_before if delivery.attempt_count == 0 else None
    return max(delivery.created_at, put_off or delivery.created_at)


def _fold(db: Database, pile: Pile, manner: Manner, now: datetime) -> int:
    """Write the summaries and fold what they say, in one transaction."""
    key = f"{stamp(now)}-{pile.thread or 0}"
    lines = _lines(db, pile.by_ref)
    written = pages(lines, pile.most)
    named = {line.ref for page in written for line in page.lines}
    deliveries = [one for together in pile.by_ref.values() for one in together]
    with transaction(db):
        outbox.put(db, _messages(pile, manner, written, key, now), now)
        for one in deliveries:
            outbox.fold(db, one.id, f"backlog:{key}" if one.message.ref in named else "digest")
    log.warning("what had piled up was summed up", alerts=len(deliveries), cards=len(written), named=len(named))
    return len(deliveries)


def _messages(pile: Pile, manner: Manner, written: Sequence[Page], key: str, now: datetime) -> list[Message]:
    """The cards; one rings when it names something urgent, but not at night."""
    render = channels.by_kind()[pile.place[0]].render_backlog
    night = night_until(manner.quiet, now) is not None
    found = []
    for part, page in enumerate(written):
        message: Message = render(
            page, key=key, part=part, at=now, languages=manner.languages, time_zone=manner.time_zone
        )
        silent = night or not page.urgent
        found.append(replace(message, recipient=pile.place[1], thread=pile.thread, silent=silent))
    return found


def _lines(db: Database, by_ref: Mapping[str, Sequence[Delivery]]) -> list[Line]:
    """A line for every story: urgent ones first, and of each kind the newest first, which matter most."""
    urgent = PRIORITY[Severity.URGENT]
    latest = {ref: max(deliveries, key=lambda one: one.id) for ref, deliveries in by_ref.items()}
    ordered = sorted(latest.values(), key=lambda one: (one.message.priority, -one.id))
    titles = story_store.titles(db, [one.message.ref for one in ordered])
    return [Line(one.message.priority <= urgent, titles.get(one.message.ref, ""), one.message.ref) for one in ordered]
