"""Feeds that may have been taken over: what they bring is kept and not said, until a person trusts them again.

What is held has no story, so it stands on no card, joins no news and counts for nothing. When the feed is trusted, all
of it is judged as if it came now.
"""

from dataclasses import replace
from datetime import datetime

import structlog
from sqlite_utils import Database

from monitor.ingest.desk import Desk, FeedReport, Turn
from monitor.ingest.keep import Draft, keep, look_of
from monitor.model import Article, Case, Feed, FeedState, Finding, Join, Placement
from monitor.policy import alerting
from monitor.policy.identity import is_quarantined, trusted
from monitor.schema import transaction
from monitor.store import articles, facts, withheld
from monitor.store import entries as entry_store
from monitor.store import feeds as feed_store
from monitor.store import stories as story_store
from monitor.text.times import unstamp

log = structlog.get_logger("monitor.ingest")

TRUSTED = "trusted "  # the beginning of a fact's name; the feed's id follows


def store(turn: Turn, draft: Draft, now: datetime) -> None:
    """Keep and judge an article; what comes from a feed in quarantine is only kept."""
    (hold if turn.quarantined else keep)(turn, draft, now)


def hold(turn: Turn, draft: Draft, now: datetime) -> None:
    """Keep an article, its evidence and the verdict that it is not said, inside the caller's transaction.

    A new version of an article that was kept before is left alone: it would change what was believed. It is read again
    when the feed is trusted.
    """
    if draft.article.id:
        return
    desk, feed = turn.desk, turn.feed
    look = look_of(turn, draft)
    finding = look.finding
    article = replace(draft.article, lang=finding.lang or feed.lang)
    article_id = articles.keep(desk.db, article, finding, (), look.words)
    entry_store.keep(desk.db, feed.id, draft.fresh, article_id, now)
    turn.report.articles += 1
    if finding.topics:
        _explain(turn, draft, replace(article, id=article_id), finding, now)


def _explain(turn: Turn, draft: Draft, article: Article, finding: Finding, now: datetime) -> None:
    """Why an article with a hit is not said, and the item it was found in."""
    db, entry = turn.desk.db, draft.fresh.entry
    placement = Placement(join=Join.OPENS)
    case = Case(
        article=article, feed=turn.feed, state=turn.state, finding=finding, placement=placement, quarantined=True
    )
    verdict = alerting.judge(case, turn.desk.rules, now)
    story_store.keep_verdict(db, verdict, placement, article_id=article.id, story_id=None, now=now)
    listed = turn.listed_in(entry)
    articles.keep_evidence(
        db,
        article.id,
        "feed",
        url=listed.url,
        body=entry.raw or listed.body,
        fetched_at=listed.received_at,
        title=article.title,
        text=article.text,
    )


def trust(db: Database, feed_id: str, now: datetime) -> bool:
    """A person says that a feed is its outlet: remember to end its quarantine; False when it is in none.

    The next cycle ends it, so that this is safe beside a running daemon.
    """
    with transaction(db):
        if not is_quarantined(feed_store.state(db, feed_id)):
            return False
        facts.remember(db, TRUSTED + feed_id, "", now)
        return True


def release(desk: Desk, now: datetime) -> int:
    """End the quarantine of all feeds that were trusted, and judge what was held of them; returns the messages queued.

    One transaction a feed. A feed whose turn is under way waits for the next cycle.
    """
    queued = 0
    for name in facts.named(desk.db, TRUSTED):
        feed = desk.feeds_by_id.get(name.removeprefix(TRUSTED))
        if feed is None or feed.id not in desk.busy:
            with transaction(desk.db) as db:
                queued += _release(desk, feed, now) if feed else 0
                facts.forget(db, name)
    return queued


def _release(desk: Desk, feed: Feed, now: datetime) -> int:
    state = feed_store.state(desk.db, feed.id)
    if not is_quarantined(state):
        return 0
    feed_store.polled(desk.db, replace(trusted(state), poll_at=now))
    held = withheld.of_feed(desk.db, feed.id)
    believed = replace(state, good_at=_believed_until(state, now))  # what came since then is news, as after an outage
    report = FeedReport(feed_id=feed.id)
    listed_in = {one.fresh.entry.guid: one.listed_in for one in held}
    turn = Turn(desk=desk, feed=feed, state=believed, listed_in=lambda entry: listed_in[entry.guid], report=report)
    for one in held:
        keep(turn, Draft(fresh=one.fresh, article=one.article), now)
    log.info("the feed is trusted again", feed=feed.id, held=len(held), queued=report.queued)
    return report.queued


def _believed_until(state: FeedState, now: datetime) -> datetime:
    kept = state.memory["quarantine"].get("believed_at")
    return min(unstamp(kept), now) if isinstance(kept, str) else now
