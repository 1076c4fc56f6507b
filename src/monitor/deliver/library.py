"""What letters are made from: the archive of a period, gathered into a Digest; the same whenever it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor import outbox
from monitor.model import Alert, Coverage, Digest, DigestItem, Feed
from monitor.policy import health
from monitor.policy.editions import Edition
from monitor.render.alerts import Labels, tell
from monitor.store import feeds as feed_store
from monitor.store import judged as judged_store
from monitor.store import stories as story_store
from monitor.store.judged import Judged

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What a letter is made from."""

    db: Database
    feeds: tuple[Feed, ...] = ()
    labels: Labels = field(default_factory=Labels)
    contact: str | None = None

    def coverage(self, now: datetime, since: datetime | None = None) -> Coverage:
        """What we see and what we do not at this moment, and what may have passed by unseen since then."""
        return health.coverage(self.feeds, feed_store.states(self.db), now, since=since)

    def alert(self, judged: Judged) -> Alert:
        """The alert of a judged story, as its archive stands now."""
        feeds: Mapping[str, Feed] = {feed.id: feed for feed in self.feeds}
        accounts = story_store.accounts(self.db, judged.story.id)
        lead = next(account for account in accounts if account.article_id == judged.article_id)
        hits = story_store.hits(self.db, judged.article_id)
        return tell(judged.story, accounts, hits, judged.verdict, lead=lead, feeds=feeds, known=self.labels)


def gather(
    library: Library, edition: Edition, zone: str, now: datetime, *, verdicts: tuple[int, int] | None = None
) -> Digest:
    """All that belongs into the letter of an edition; the same for the same archive, whenever it is asked for.

    With `verdicts` (after, up to) their ids decide, otherwise the times of the edition.
    """
    if verdicts:
        found = judged_store.by_ids(library.db, *verdicts)
    else:
        found = judged_store.between(library.db, edition.since, edition.until)
    items = [
        DigestItem(
            alert=library.alert(judged),
            verdict=judged.verdict.reason,
            said=judged.verdict.say and outbox.was_said(library.db, judged.story.ref),
            article_count=judged.story.article_count,
        )
        for judged in found
    ]
    return Digest(
        date=edition.date.isoformat(),
        time_zone=zone,
        since=edition.since,
        until=edition.until,
        items=tuple(items),
        coverage=library.coverage(now, edition.since),
        late_hours=int(edition.late_by / HOUR),
    )
