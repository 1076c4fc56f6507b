"""Match, place, judge, render and keep one article: the inside of a transaction, without an await."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from monitor import channels, outbox, stories
from monitor.ingest.desk import Desk, FeedReport, Turn
from monitor.ingest.routes import Traits, voices_for
from monitor.model import (
    Account,
    Article,
    Case,
    Finding,
    Join,
    Placement,
    Response,
    Severity,
    Story,
    TopicMatch,
    Verdict,
)
from monitor.policy import alerting
from monitor.policy.quiet import day_of, night_until
from monitor.render.alerts import tell
from monitor.store import articles
from monitor.store import stories as story_store
from monitor.store.articles import Fresh
from monitor.text.prints import reference, shingles

# How far back a new article is compared with earlier ones.
STORY_WINDOW = timedelta(days=7)
# A list larger than this is not kept as evidence for each article in it; the item as received is.
LARGEST_DOCUMENT = 200_000
# These bring nothing that readers do not know.
SAME_ARTICLE = frozenset({Join.REPRINT, Join.VERSION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article ready to be judged: the entry it came from, and the page that proves it, where one was fetched."""

    fresh: Fresh
    article: Article
    page_response: Response | None = None


def keep(turn: Turn, draft: Draft, now: datetime) -> None:
    """Everything that follows from one article, inside the caller's transaction; counts go into the turn's report.

    Only an article with a live or trial hit gets a story; others are kept for 90 days, so that `why` and
    `keywords diff` can look at them.
    """
    desk, feed = turn.desk, turn.feed
    db = desk.db
    finding = desk.matcher.find(draft.article.title, draft.article.text, prior=feed.lang, scope=feed.scope)
    article = replace(draft.article, lang=finding.lang or feed.lang)
    if not finding.topics and not article.id:  # most of what is published: nothing to place and nothing to judge
        articles.keep_entry(db, feed.id, draft.fresh, articles.keep(db, article, finding, ()), now)
        turn.report.articles += 1
        return
    placement = _place(desk, article, finding, now)
    verdict = alerting.judge(_case(turn, article, finding, placement, now), desk.rules, now)
    has_story = finding.topics or placement.story_id is not None
    story = _story(desk, article, finding, placement, now) if has_story else None
    article = replace(article, story_id=story.id if story else None)
    if _is_milder(desk, article, finding):
        article_id = article.id
    else:
        passages = shingles(f"{article.title}\n{article.text}") if finding.topics else ()
        article_id = articles.keep(db, article, finding, passages)
    articles.keep_entry(db, feed.id, draft.fresh, article_id, now)
    if story:
        _keep_evidence(turn, article_id, article, draft)
        story_store.keep_verdict(db, verdict, placement, article_id=article_id, story_id=story.id, now=now)
        if verdict.say:
            turn.report.queued += announce(desk, story.id, article_id, verdict, now)
    _count(turn.report, finding, placement, draft)


def _place(desk: Desk, article: Article, finding: Finding, now: datetime) -> Placement:
    """The story of an article with a hit; a later version stays where the first one was, also when it has none."""
    if article.id and (story_id := articles.story_of(desk.db, article.id)):
        return Placement(join=Join.VERSION, story_id=story_id, like=article.id, why="a later version of the article")
    if not finding.topics:
        return Placement(join=Join.OPENS)
    return stories.place(article, finding, story_store.recent(desk.db, now - STORY_WINDOW))


def _is_milder(desk: Desk, article: Article, finding: Finding) -> bool:
    """Whether this is a later version that says less: the archive keeps the gravest one, as it was told.

    Otherwise an article whose words come and go would be news each time they come. What the milder version says is in
    the evidence.
    """
    if not article.id or article.story_id is None:
        return False
    return finding.severity.rank < articles.severity_of(desk.db, article.id).rank


def _case(turn: Turn, article: Article, finding: Finding, placement: Placement, now: datetime) -> Case:
    """All that the judgement of an article needs."""
    desk, db = turn.desk, turn.desk.db
    told = story_store.said(db, placement.story_id) if placement.story_id else None
    severity = told.severity if told else None
    if placement.join is Join.VERSION and severity is None:
        severity = articles.severity_of(db, article.id)  # judged once; only a graver version is judged anew
    limited = finding.severity is Severity.NORMAL
    return Case(
        article=article,
        feed=turn.feed,
        state=turn.state,
        finding=finding,
        placement=placement,
        told=severity,
        told_topics=told.topics if told else frozenset(),
        in_letter=placement.join in SAME_ARTICLE and story_store.in_letter(db, placement.story_id),
        said_today=story_store.said_between(db, finding.severity, *day_of(desk.rules.quiet, now)) if limited else 0,
        routed=bool(voices_for(desk, _traits(turn, article, finding))) or not desk.voices,
        mutes=story_store.mutes(db, now),
    )


def _traits(turn: Turn, article: Article, finding: Finding) -> Traits:
    return Traits(
        topics=frozenset(topics_of(finding.topics)),
        severity=finding.severity,
        places=frozenset(finding.places),
        lang=article.lang,
        standing=turn.feed.standing,
    )


def _story(desk: Desk, article: Article, finding: Finding, placement: Placement, now: datetime) -> Story:
    """The story the article joins, or the one it opens, with a reference nobody else has."""
    topics = topics_of(finding.topics)
    if placement.story_id is not None:
        another = placement.join is not Join.VERSION
        return story_store.join_story(desk.db, placement.story_id, finding.severity, topics, now, another=another)
    seed = f"{article.feed_id} {article.title}"  # the same in every run of the demo, whatever its port
    refs = (reference(seed, salt) for salt in count())
    ref = next(ref for ref in refs if story_store.ref_is_free(desk.db, ref))
    story = Story(ref=ref, title=article.title, opened_at=now, updated_at=now, severity=finding.severity, topics=topics)
    return story_store.open_story(desk.db, story)


def topics_of(matches: tuple[TopicMatch, ...]) -> tuple[str, ...]:
    """The ids of the topics that count: live and not blocked, the gravest first."""
    live = [match for match in matches if match.live and not match.blocked]
    return tuple(match.topic for match in sorted(live, key=lambda one: (-one.severity.rank, -one.score)))


def announce(desk: Desk, story_id: int, article_id: int, verdict: Verdict, now: datetime) -> int:
    """Put a story's card into the outbox of the destination its route leads to; returns how many messages are new.

    Belongs after the verdict was stored: each yes about a story is a card of its own (its revision). What makes no
    sound waits for the morning.
    """
    story = story_store.find_story(desk.db, story_id)
    accounts = story_store.accounts(desk.db, story_id)
    lead = next(account for account in accounts if account.article_id == article_id)
    hits = story_store.hits(desk.db, article_id)
    alert = tell(story, accounts, hits, verdict, lead=lead, feeds=desk.feeds_by_id, known=desk.labels)
    said = story_store.said(desk.db, story_id)
    kinds = channels.by_kind()
    not_before = None if verdict.ring else night_until(desk.rules.quiet, now)
    queued = 0
    for voice in voices_for(desk, _traits_of(lead)):
        messages = kinds[voice.channel].render(alert, languages=voice.languages, time_zone=voice.time_zone)
        addressed = [
            replace(message, recipient=voice.recipient, thread=voice.thread, revision=said.count - 1 if said else 0)
            for message in messages
        ]
        queued += outbox.put(desk.db, addressed, now, not_before=not_before)
    return queued


def _traits_of(lead: Account) -> Traits:
    return Traits(
        topics=frozenset(lead.topics),
        severity=lead.severity,
        places=frozenset(lead.places),
        lang=lead.lang,
        standing=lead.standing,
    )


def _keep_evidence(turn: Turn, article_id: int, article: Article, draft: Draft) -> None:
    """Keep what proves an article: the document that listed it, or only the item of a large one, and its own page.

    A page that is watched as a whole is its own proof, beside the change that made it news.
    """
    entry, listed = draft.fresh.entry, turn.listed_in(draft.fresh.entry)
    is_its_own_page = bool(entry.raw) and entry.url == turn.feed.url
    by_item = is_its_own_page or (len(listed.body) > LARGEST_DOCUMENT and entry.raw)
    proofs: list[tuple[Literal["feed", "page"], Response]] = [
        ("feed", replace(listed, body=entry.raw) if by_item else listed)
    ]
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


def _count(report: FeedReport, finding: Finding, placement: Placement, draft: Draft) -> None:
    report.articles += draft.fresh.article_id is None
    report.hits += len(finding.hits) if finding.severity is not Severity.NONE else 0
    if finding.topics:
        report.opened += placement.join is Join.OPENS
        report.reprints += placement.join is Join.REPRINT
        report.joined += placement.join in {Join.JOINS, Join.POSSIBLY, Join.RELATED}
