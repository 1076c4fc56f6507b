"""Match, place, judge, render and keep one article: the inside of a transaction, without an await."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Literal

from monitor.ingest import looking, placing, telling
from monitor.ingest.desk import Desk, FeedReport, Turn
from monitor.ingest.placing import Sight
from monitor.ingest.reading import LARGEST_DOCUMENT
from monitor.ingest.routes import Traits, voices_for
from monitor.model import (
    Article,
    Case,
    Finding,
    Gist,
    History,
    Join,
    Look,
    Placement,
    Reason,
    Response,
    Severity,
    Story,
    TopicMatch,
    Verdict,
)
from monitor.policy import alerting
from monitor.policy.quiet import day_of
from monitor.store import articles
from monitor.store import entries as entry_store
from monitor.store import stories as story_store
from monitor.store.entries import Fresh
from monitor.text.prints import reference

# These bring nothing that readers do not know.
SAME_ARTICLE = frozenset({Join.REPRINT, Join.VERSION})
# What readers shall not hear of does not show on a card either.
UNSEEN = frozenset({Reason.MUTED, Reason.QUARANTINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article ready to be judged: the entry it came from, and the page that proves it, where one was fetched."""

    fresh: Fresh
    article: Article
    page_response: Response | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as we understood it: what was found in it, how the stories see it (when it has a hit), where it belongs."""

    article: Article
    look: Look
    sight: Sight | None
    placement: Placement

    @property
    def finding(self) -> Finding:
        """What was found in all of it."""
        return self.look.finding


def keep(turn: Turn, draft: Draft, now: datetime) -> None:
    """Everything that follows from one article, inside the caller's transaction; counts go into the turn's report.

    Only an article with a live or trial hit gets a story; others are kept for 90 days, so that `why` and
    `keywords diff` can look at them.
    """
    desk = turn.desk
    reading = _read(turn, draft, now)
    if not reading.finding.topics and reading.placement.story_id is None:  # most of what is published: nothing to judge
        entry_store.keep(desk.db, turn.feed.id, draft.fresh, _keep_article(desk, reading), now)
        _count(turn.report, reading, draft)
        return
    case = _case(turn, draft, reading, now)
    verdict = alerting.judge(case, desk.rules, now)
    story = _story(desk, reading, now)
    reading = replace(reading, article=replace(reading.article, story_id=story.id if story else None))
    reworded = _is_reworded(desk, reading)
    article_id = _keep_article(desk, reading)
    entry_store.keep(desk.db, turn.feed.id, draft.fresh, article_id, now)
    if story:
        _keep_evidence(turn, article_id, reading.article, draft)
        story_store.keep_verdict(desk.db, verdict, reading.placement, article_id=article_id, story_id=story.id, now=now)
        turn.report.queued += telling.relate(desk, story.id, reading.placement, now)
        if verdict.say:
            turn.report.queued += telling.announce(desk, story.id, article_id, verdict, now)
        # A version that rings answers the card; the card keeps the words that were answered.
        grown = case.new_outlet or (reworded and not verdict.say)
        if case.told is not None and grown and verdict.reason not in UNSEEN:
            turn.report.queued += telling.grow(desk, story.id, now)
    _count(turn.report, reading, draft)


def foresee(turn: Turn, draft: Draft, now: datetime) -> tuple[Reading, Verdict]:
    """How an article would be understood and judged; nothing is kept."""
    reading = _read(turn, draft, now)
    return reading, alerting.judge(_case(turn, draft, reading, now), turn.desk.rules, now)


def _read(turn: Turn, draft: Draft, now: datetime) -> Reading:
    """Find the words, and the story."""
    desk, feed = turn.desk, turn.feed
    look = look_of(turn, draft)
    article = replace(draft.article, lang=look.finding.lang or feed.lang)
    sight = placing.look_at(desk, article, look) if look.finding.topics else None
    return Reading(article=article, look=look, sight=sight, placement=placing.place(desk, article, sight, now))


def look_of(turn: Turn, draft: Draft) -> Look:
    """What stands in an article; the worker may have looked already, unless the article says more than its entry."""
    entry, title, text = draft.fresh.entry, draft.article.title, draft.article.text
    known = turn.looks.get(entry.guid)
    if known is not None and (title, text) == (entry.title, entry.summary):
        return known
    return looking.look(turn.desk.matcher, turn.feed, title, text)


def _keep_article(desk: Desk, reading: Reading) -> int:
    """Store the article with what it is recognised by, unless it is a version that says less; returns its id."""
    article, sight = reading.article, reading.sight
    if _is_milder(desk, article, reading.finding):
        return article.id
    passages = sight.signs.passages if sight else ()
    article_id = articles.keep(desk.db, article, reading.finding, passages, reading.look.words)
    if sight and article.story_id is not None:
        placing.remember(desk, article_id, article.story_id, sight, new=not article.id)
    return article_id


def _is_reworded(desk: Desk, reading: Reading) -> bool:
    """Whether this is a later version that is kept and has another headline: cards show headlines."""
    article = reading.article
    if not article.id or _is_milder(desk, article, reading.finding):
        return False
    return articles.title_of(desk.db, article.id) != article.title


def _is_milder(desk: Desk, article: Article, finding: Finding) -> bool:
    """Whether this is a later version that says less: the archive keeps the gravest one, as it was told.

    Otherwise an article whose words come and go would be news each time they come. What the milder version says is in
    the evidence.
    """
    if not article.id or article.story_id is None:
        return False
    return finding.severity.rank < articles.severity_of(desk.db, article.id).rank


def _case(turn: Turn, draft: Draft, reading: Reading, now: datetime) -> Case:
    """All that the judgement of an article needs."""
    desk, db = turn.desk, turn.desk.db
    article, finding, placement = reading.article, reading.finding, reading.placement
    story_id = placement.story_id
    limited = finding.severity is Severity.NORMAL
    return Case(
        article=article,
        feed=turn.feed,
        state=turn.known_before(draft.fresh),
        finding=finding,
        placement=placement,
        told=_told(desk, article, placement),
        history=story_store.history(db, story_id, now) if story_id is not None else History(),
        gist=reading.sight.gist if reading.sight else Gist(),
        new_outlet=story_id is not None and not story_store.has_outlet(db, story_id, turn.feed.id),
        told_elsewhere=any(
            kin.join is Join.ALSO and kin.sure and story_store.said(db, kin.story_id) for kin in placement.kin
        ),
        in_letter=placement.join in SAME_ARTICLE and story_store.in_letter(db, story_id),
        said_today=story_store.said_between(db, finding.severity, *day_of(desk.rules.quiet, now)) if limited else 0,
        routed=bool(voices_for(desk, _traits(turn, article, finding))) or not desk.voices,
        mutes=story_store.mutes(db, now),
        quarantined=turn.quarantined,
    )


def _told(desk: Desk, article: Article, placement: Placement) -> Severity | None:
    """How loudly the story was said; a version of one that was not counts as judged once: only a graver one is news."""
    told = story_store.said(desk.db, placement.story_id) if placement.story_id else None
    if told is None and placement.join is Join.VERSION:
        return articles.severity_of(desk.db, article.id)
    return told.severity if told else None


def _traits(turn: Turn, article: Article, finding: Finding) -> Traits:
    return Traits(
        topics=frozenset(topics_of(finding.topics)),
        severity=finding.severity,
        places=frozenset(finding.places),
        lang=article.lang,
        standing=turn.feed.standing,
    )


def _story(desk: Desk, reading: Reading, now: datetime) -> Story | None:
    """The story the article joins, or the one it opens, with a reference nobody else has; None for one without a hit."""
    article, finding, placement = reading.article, reading.finding, reading.placement
    topics = topics_of(finding.topics)
    if placement.story_id is not None:
        another = placement.join is not Join.VERSION
        return story_store.join_story(desk.db, placement.story_id, finding.severity, topics, now, another=another)
    if not finding.topics:
        return None
    seed = f"{article.feed_id} {article.title}"  # the same in every run of the demo, whatever its port
    refs = (reference(seed, salt) for salt in count())
    ref = next(ref for ref in refs if story_store.ref_is_free(desk.db, ref))
    story = Story(ref=ref, title=article.title, opened_at=now, updated_at=now, severity=finding.severity, topics=topics)
    return story_store.open_story(desk.db, story)


def topics_of(matches: tuple[TopicMatch, ...]) -> tuple[str, ...]:
    """The ids of the topics that count: live and not blocked, the gravest first."""
    live = [match for match in matches if match.live and not match.blocked]
    return tuple(match.topic for match in sorted(live, key=lambda one: (-one.severity.rank, -one.score)))


def _keep_evidence(turn: Turn, article_id: int, article: Article, draft: Draft) -> None:
    """Keep what proves an article: the document that listed it, or only the item of a large one, and its own page.

    A page that is watched as a whole is its own proof, beside the change that made it news.
    """
    entry, listed = draft.fresh.entry, turn.listed_in(draft.fresh.entry)
    is_its_own_page = bool(entry.raw) and entry.url == turn.feed.url
    by_item = is_its_own_page or (len(listed.body) > LARGEST_DOCUMENT and entry.raw)
    proofs: list[tuple[Literal["feed", "page"], Response]] = []
    if listed.body:  # a page that came later was listed long ago
        proofs.append(("feed", replace(listed, body=entry.raw) if by_item else listed))
    if page := listed if is_its_own_page else draft.page_response:
        proofs.append(("page", page))
    for kind, response in proofs:
        articles.keep_evidence(
            turn.desk.db,
            article_id,
            kind,
            url=response.url,
            body=response.body,
            fetched_at=response.received_at,
            title=article.title,
            text=article.text,
        )


def _count(report: FeedReport, reading: Reading, draft: Draft) -> None:
    finding, placement = reading.finding, reading.placement
    report.articles += draft.fresh.article_id is None
    report.hits += len(finding.hits) if finding.severity is not Severity.NONE else 0
    if finding.topics:
        report.opened += placement.story_id is None
        report.reprints += placement.join is Join.REPRINT
        report.joined += placement.join is Join.JOINS
