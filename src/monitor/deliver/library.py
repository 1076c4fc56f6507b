"""What letters are made from: the archive of a period, gathered into a Digest; the same whenever it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor import outbox
from monitor.model import Alert, Coverage, Digest, DigestItem, Feed, OpenStory, Past, Quiet, Severity, Turn
from monitor.policy import health
from monitor.policy.editions import Edition, date_of_letter
from monitor.policy.quiet import night_until
from monitor.render.alerts import Labels, regions_of, tell
from monitor.store import feeds as feed_store
from monitor.store import judged as judged_store
from monitor.store import relatives
from monitor.store import stories as story_store
from monitor.store.judged import Judged

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAST_DAYS = 30  # what the picture of a letter shows
NEAR_KEPT = 20  # a list that nobody reads to its end helps nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What a letter is made from. `stays_open` says of each topic how long its stories count as open."""

    db: Database
    feeds: tuple[Feed, ...] = ()
    labels: Labels = field(default_factory=Labels)
    contact: str | None = None
    quiet: Quiet = field(default_factory=Quiet)
    stays_open: Mapping[str, timedelta] = field(default_factory=dict)

    def coverage(self, now: datetime, since: datetime | None = None) -> Coverage:
        """What we see and what we do not at this moment, and what may have passed by unseen since then."""
        return health.coverage(self.feeds, feed_store.states(self.db), now, since=since)

    def alert(self, judged: Judged, now: datetime | None = None, *, before: datetime | None = None) -> Alert:
        """The alert of a judged story, as its archive stands now, or with `before` as it stood then.

        With `now` it also says in how many of the state's sources that are read at that time it was not found.
        """
        feeds: Mapping[str, Feed] = {feed.id: feed for feed in self.feeds}
        accounts = story_store.accounts(self.db, judged.story.id, before=before)
        if all(account.article_id != judged.article_id for account in accounts):
            accounts = story_store.accounts(self.db, judged.story.id)  # a clock jumped between seeing and judging
        lead = next(account for account in accounts if account.article_id == judged.article_id)
        hits = story_store.hits(self.db, judged.article_id)
        return tell(
            judged.story,
            accounts,
            hits,
            judged.verdict,
            lead=lead,
            feeds=feeds,
            known=self.labels,
            relatives=relatives.of(self.db, judged.story.id, before=before),
            state_read_count=self._state_sources(judged.story.opened_at, now) if now else 0,
        )

    def _state_sources(self, since: datetime, now: datetime) -> int:
        """How many of the state's sources are read, and were since then."""
        return health.state_read_count(self.feeds, feed_store.states(self.db), now, since=since)


def gather(
    library: Library,
    edition: Edition,
    zone: str,
    now: datetime,
    *,
    verdicts: tuple[int, int] | None = None,
    maintainer: bool = False,
) -> Digest:
    """All that belongs into the letter of an edition; the same for the same archive, whenever it is asked for.

    With `verdicts` (after, up to) their ids decide, and the letter tells what is known now; otherwise the times of
    the edition decide, and it tells what was known at its end. Near misses are for a `maintainer`.
    """
    known_at = None if verdicts else min(now, edition.until)
    if verdicts:
        found = judged_store.by_ids(library.db, *verdicts)
    else:
        found = judged_store.between(library.db, edition.since, edition.until)
    coverage = library.coverage(now, edition.since) if now - edition.until < DAY else None
    near = judged_store.near_misses(library.db, edition.since, edition.until) if maintainer else []
    return Digest(
        date=edition.date.isoformat(),
        time_zone=zone,
        since=edition.since,
        until=edition.until,
        items=tuple(_item(library, judged, now if coverage else None, known_at) for judged in found),
        coverage=coverage,
        late_hours=int(edition.late_by / HOUR),
        blind_regions=_blind_regions(library, coverage),
        open_stories=tuple(_still_open(library, edition, {judged.story.id for judged in found}, known_at)),
        past=tuple(_past(library, edition, zone)),
        past_days=PAST_DAYS,
        topic_titles=library.labels.topics,
        near_misses=tuple((one.title, f"{one.topic}: {one.missing}") for one in near[:NEAR_KEPT]),
        near_count=len(near),
    )


def _item(library: Library, judged: Judged, seen_at: datetime | None, known_at: datetime | None) -> DigestItem:
    alert = library.alert(judged, seen_at, before=known_at)
    return DigestItem(
        alert=alert,
        verdict=judged.verdict.reason,
        said=judged.verdict.say and outbox.was_said(library.db, judged.story.ref, before=known_at),
        article_count=alert.spread.outlet_count,
        at_night=night_until(library.quiet, judged.judged_at) is not None,
    )


def _blind_regions(library: Library, coverage: Coverage | None) -> tuple[str, ...]:
    """The regions whose own outlets are blind: their news may be missing."""
    blind = {name for name, *_ in coverage.blind} if coverage else set()
    regions = (feed.region for feed in library.feeds if feed.enabled and feed.name in blind)
    return tuple(dict.fromkeys(region for region in regions if region))


def _still_open(library: Library, edition: Edition, told: set[int], known_at: datetime | None) -> list[OpenStory]:
    """The disputes of earlier letters that were heard of lately, without an end, and are not in this letter."""
    longest = max(library.stays_open.values(), default=timedelta(0))
    found = []
    for judged in judged_store.heard_of(library.db, edition.until - longest, edition.until):
        turn = judged_store.last_turn(library.db, judged.story.id, known_at or edition.until)
        if judged.story.id in told or (turn is not None and turn.turn is Turn.END):
            continue
        accounts = story_store.accounts(library.db, judged.story.id, before=known_at)
        heard_at = max((account.seen_at for account in accounts), default=judged.judged_at)
        alert = library.alert(judged, before=known_at)
        window = max((library.stays_open.get(topic, timedelta(0)) for topic in alert.topics), default=timedelta(0))
        if alert.severity.rank >= Severity.NORMAL.rank and heard_at >= edition.until - window:
            found.append(OpenStory(alert=alert, opened_at=judged.story.opened_at, heard_at=heard_at))
    return sorted(found, key=lambda one: (-one.alert.severity.rank, -one.heard_at.timestamp(), one.alert.ref))


def _past(library: Library, edition: Edition, zone: str) -> list[Past]:
    """What the letters of the last days were about, for the picture."""
    feeds: Mapping[str, Feed] = {feed.id: feed for feed in library.feeds}
    told = judged_store.first_told(library.db, edition.until - PAST_DAYS * DAY, edition.until)
    return [
        Past(
            date=date_of_letter(one.judged_at, edition.until, zone).isoformat(),
            topic=one.topics[0],
            regions=regions_of(one.places, feeds.get(one.feed_id), library.labels),
        )
        for one in told
        if one.topics
    ]
