"""When a chat fails for long, its urgent alerts take the e-mail road; they stay in its queue all the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor import channels, outbox
from monitor.channels import PRIORITY
from monitor.deliver import doors
from monitor.deliver.library import Library
from monitor.model import Delivery, Lang, Message, Severity
from monitor.outbox import Place
from monitor.schema import transaction
from monitor.store import judged as judged_store

EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """After how long, and to whom: the mailboxes of maintainers and readers, in the house's languages."""

    after: timedelta
    mailboxes: tuple[Place, ...]
    languages: tuple[Lang, ...]
    time_zone: str


def fall_back(library: Library, fallback: Fallback, places: Sequence[Place], now: datetime) -> int:
    """Queue e-mails for the urgent alerts that wait for a chat which has failed for too long; returns how many.

    An alert has one e-mail a mailbox, however often this is asked. The failure must have lasted, not the alert: what
    comes in the third hour of an outage leaves at once.
    """
    count = 0
    for place in places:
        since = doors.failing_since(library.db, place)
        if place[0] == EMAIL or since is None or now - since < fallback.after:
            continue
        for waiting in _unheard(library.db, place, fallback):
            count += _mail(library, fallback, waiting, now)
    return count


def _unheard(db: Database, place: Place, fallback: Fallback) -> list[Delivery]:
    """The urgent alerts of a queue that no e-mail was written for yet."""
    if not fallback.mailboxes:
        return []
    mailbox = fallback.mailboxes[-1][1]
    urgent = [one for one in outbox.queue(db, place) if one.message.priority == PRIORITY[Severity.URGENT]]
    return [one for one in urgent if one.message.ref and not outbox.known(db, one.message, (EMAIL, mailbox))]


def _mail(library: Library, fallback: Fallback, waiting: Delivery, now: datetime) -> int:
    judged = judged_store.said_as(library.db, waiting.message.ref, waiting.message.revision)
    if judged is None:
        return 0
    written: tuple[Message, ...] = channels.by_kind()[EMAIL].render(
        library.alert(judged, now), languages=fallback.languages, time_zone=fallback.time_zone
    )
    with transaction(library.db) as db:
        return sum(
            outbox.put(db, [replace(one, recipient=code, revision=waiting.message.revision) for one in written], now)
            for _, code in fallback.mailboxes
        )
