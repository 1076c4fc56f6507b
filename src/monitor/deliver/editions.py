"""The daily letter: what a period brought, gathered, rendered and put into the outbox once per date and recipient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor import channels, outbox
from monitor.model import Coverage, Digest, DigestItem, Feed, Lang, Message
from monitor.policy import health
from monitor.policy.delivery import Edition, owed
from monitor.render.alerts import Labels, tell
from monitor.render.letters import letter
from monitor.schema import transaction
from monitor.store import digests, facts
from monitor.store import feeds as feed_store
from monitor.store import stories as story_store

HOUR = timedelta(hours=1)
OPENED = "house opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who gets a letter: a channel and the key of an address, at which local hour, in which languages."""

    channel: str
    recipient: str
    at: str
    zone: str
    languages: tuple[Lang, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What a letter is made from."""

    db: Database
    feeds: tuple[Feed, ...] = ()
    labels: Labels = field(default_factory=Labels)
    contact: str | None = None

    def coverage(self, now: datetime) -> Coverage:
        """What we see and what we do not, at this moment."""
        return health.coverage(self.feeds, feed_store.states(self.db), now)


def gather(library: Library, edition: Edition, zone: str, now: datetime) -> Digest:
    """All that belongs into the letter of an edition; the same for the same archive, whenever it is asked for."""
    feeds: Mapping[str, Feed] = {feed.id: feed for feed in library.feeds}
    items = []
    for judged in story_store.judged_between(library.db, edition.since, edition.until):
        accounts = story_store.accounts(library.db, judged.story.id)
        lead = next(account for account in accounts if account.article_id == judged.article_id)
        hits = story_store.hits(library.db, judged.article_id)
        alert = tell(judged.story, accounts, hits, judged.verdict, lead=lead, feeds=feeds, known=library.labels)
        items.append(
            DigestItem(
                alert=alert,
                verdict=judged.verdict.reason,
                said=judged.verdict.say,
                article_count=judged.story.article_count,
            )
        )
    return Digest(
        date=edition.date.isoformat(),
        time_zone=zone,
        since=edition.since,
        until=edition.until,
        items=tuple(items),
        coverage=library.coverage(now),
        late_hours=int(edition.late_by / HOUR),
    )


def issue(library: Library, readers: Sequence[Reader], now: datetime) -> int:
    """Queue every letter that is owed now; returns how many.

    The row that says "this date is done" and the message itself are one transaction: a crash leaves both or neither.
    """
    count = 0
    for reader in readers:
        last_until = digests.last_until(library.db, reader.recipient) or _opened_at(library.db, now)
        edition = owed(reader.at, reader.zone, last_until, now)
        if edition is not None:
            count += put_letter(library, reader, edition, now)
    return count


def _opened_at(db: Database, now: datetime) -> datetime:
    """When this house first looked at its letters: the first one tells what happened since then."""
    opened = facts.recalled_at(db, OPENED)
    if opened is None:
        with transaction(db):
            facts.remember(db, OPENED, "", now)
        return now
    return opened


def put_letter(library: Library, reader: Reader, edition: Edition, now: datetime) -> int:
    """Queue one edition for one reader, unless that date was written before; returns 1 or 0."""
    digest = gather(library, edition, reader.zone, now)
    written = letter(digest, languages=reader.languages, contact=library.contact)
    message: Message = channels.by_kind()[reader.channel].render_digest(digest, written)
    with transaction(library.db) as db:
        period = (edition.since, edition.until)
        if not digests.keep(db, digest.date, reader.recipient, period, now):
            return 0
        outbox.put(db, [replace(message, recipient=reader.recipient)], now)
    return 1
