"""The daily letter: what a period brought, gathered, rendered and put into the outbox once per date and recipient.

A letter that could not leave is worded again every hour, so that it says how late it is; when the next one is due
before it left, it is merged into that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlite_utils import Database

from monitor import channels, outbox
from monitor.deliver.library import Library, gather
from monitor.model import Delivery, Digest, Lang, Message, State
from monitor.policy.delivery import LETTER_MOST, LETTER_WORDED
from monitor.policy.editions import Edition, owed
from monitor.render.letters import Letter, letter
from monitor.schema import transaction
from monitor.store import digests, facts
from monitor.store import judged as judged_store
from monitor.store import stories as story_store
from monitor.store.digests import Written

log = structlog.get_logger("monitor.deliver")

LETTER = "digest:"
DATE = slice(len(LETTER), len(LETTER) + len("2026-03-01"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who gets a letter: a channel and the key of an address, at which local hour, in which languages.

    `name` is how maintainers know the reader ("MONITOR_DIGEST_TO, no. 3"), never an address. `series` tells letters
    of one date apart where delivery.yaml has several; the first has none. A `plain` letter has no HTML part, a
    `telling` one says in its subject how much there is, and a `maintainer` also gets what almost matched.
    """

    channel: str
    recipient: str
    at: str
    zone: str
    languages: tuple[Lang, ...]
    name: str = ""
    series: str = ""
    plain: bool = False
    telling: bool = False
    maintainer: bool = False


def issue(library: Library, readers: Sequence[Reader], now: datetime) -> int:
    """Queue every letter that is owed now, and word those again that wait; returns how many are new.

    The row that says "this date is done" and the message itself are one transaction: a crash leaves both or neither.
    """
    count = 0
    for reader in readers:
        last_until = digests.last_until(library.db, reader.recipient, now) or _since_when(library.db, reader, now)
        edition = owed(reader.at, reader.zone, last_until, now)
        queued = put_letter(library, reader, edition, now) if edition is not None else 0
        if not queued:
            _reword(library, reader, now)
        count += queued
    return count


def put_letter(library: Library, reader: Reader, edition: Edition, now: datetime) -> int:
    """Queue one edition for one reader, unless that date was written before; returns 1 or 0.

    Letters that still wait are merged into it. The letter of a date before the last one tells of its 24 hours alone.
    """
    db, date = library.db, edition.date.isoformat()
    if digests.of_date(db, date, reader.recipient) is not None:
        return 0
    last = digests.last_until(db, reader.recipient, now)
    past = last is not None and edition.until <= last
    waiting = [] if past else _waiting(db, reader)
    written = _period(db, reader, edition, waiting) if not past else _of_the_past(edition)
    message = _worded(library, reader, written, now)
    with transaction(db):
        if not digests.keep(db, written, reader.recipient, now):
            return 0
        for delivery, _ in waiting:
            outbox.fold(db, delivery.id, message.subject)
        outbox.put(db, [message], now)
    return 1


def meet(library: Library, readers: Sequence[Reader], now: datetime) -> None:
    """Note whom we begin to write for, before anything happens: the first letter tells of all that comes after."""
    for reader in readers:
        if digests.told_up_to(library.db, reader.recipient) is None:
            _since_when(library.db, reader, now)


def _since_when(db: Database, reader: Reader, now: datetime) -> datetime:
    """When we first looked at a reader who never got a letter: the first one tells what happened since then."""
    name = f"reader {reader.recipient}"
    first = facts.recalled_at(db, name)
    if first is not None:
        return min(first, now)
    with transaction(db):
        facts.remember(db, name, str(story_store.last_verdict(db)), now)
    return now


def _waiting(db: Database, reader: Reader) -> list[tuple[Delivery, Written]]:
    """The reader's letters that did not get through yet, and are not on their way at this moment."""
    letters = [
        one
        for one in outbox.queue(db, (reader.channel, reader.recipient))
        if one.message.subject.startswith(LETTER) and one.state is not State.SENDING
    ]
    known = [(one, digests.of_date(db, one.message.subject[DATE], reader.recipient)) for one in letters]
    return [(one, written) for one, written in known if written is not None]


def _period(db: Database, reader: Reader, edition: Edition, waiting: list[tuple[Delivery, Written]]) -> Written:
    """What a new letter tells of: all since the last one, and all that the waiting ones would have told."""
    told = digests.told_up_to(db, reader.recipient)
    after = told if told is not None else int(facts.recall(db, f"reader {reader.recipient}") or 0)
    merged = [written for _, written in waiting if written.up_to]
    earliest = edition.until - LETTER_MOST
    return Written(
        date=edition.date.isoformat(),
        since=max(min([edition.since, *(written.since for written in merged)]), earliest),
        until=edition.until,
        after=max(min([after, *(written.after for written in merged)]), _forgotten(db, earliest, merged)),
        up_to=story_store.last_verdict(db),
    )


def _forgotten(db: Database, earliest: datetime, merged: list[Written]) -> int:
    """The verdicts that are too old for a letter that merges many; an ordinary letter forgets nothing."""
    return judged_store.last_before(db, earliest) if merged else 0


def _of_the_past(edition: Edition) -> Written:
    return Written(date=edition.date.isoformat(), since=edition.since, until=edition.until, after=0, up_to=0)


def _worded(library: Library, reader: Reader, written: Written, now: datetime) -> Message:
    """The letter as a message, as it reads at this moment."""
    edition = Edition.of(written.date, written.since, written.until, now)
    by_ids = (written.after, written.up_to) if written.up_to else None
    digest = gather(library, edition, reader.zone, now, verdicts=by_ids, maintainer=reader.maintainer)
    message: Message = channels.by_kind()[reader.channel].render_digest(digest, _in_words(library, reader, digest))
    return replace(message, subject=_subject(written.date, reader), recipient=reader.recipient)


def _in_words(library: Library, reader: Reader, digest: Digest) -> Letter:
    return letter(
        digest,
        languages=reader.languages,
        contact=library.contact,
        plain=reader.plain,
        telling=reader.telling,
    )


def _subject(day: str, reader: Reader) -> str:
    """The name of a letter in the outbox."""
    return f"{LETTER}{day}" + (f"-{reader.series}" if reader.series else "")


def as_written(library: Library, reader: Reader, day: date) -> Letter | None:
    """The letter of a date as this reader got it, whatever happened since; None when none was written."""
    body = outbox.body_of(library.db, _subject(day.isoformat(), reader), (reader.channel, reader.recipient))
    found: Letter | None = channels.by_kind()[reader.channel].letter_in(body) if body else None
    return found


def as_of(library: Library, reader: Reader, edition: Edition, now: datetime) -> Letter:
    """The letter of an edition as the archive knows it at its end, for looking; nothing is kept."""
    digest = gather(library, edition, reader.zone, now, maintainer=reader.maintainer)
    return _in_words(library, reader, digest)


def _reword(library: Library, reader: Reader, now: datetime) -> None:
    """Word a waiting letter again when its words are an hour old; one that may have been said keeps its words."""
    for delivery, written in _waiting(library.db, reader):
        if delivery.state is State.NEW and now - delivery.created_at >= LETTER_WORDED:
            message = _worded(library, reader, written, now)
            with transaction(library.db) as db:
                outbox.reword(db, delivery.id, message.body, now)
