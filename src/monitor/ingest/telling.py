"""What a judged article makes readers see: a card of its own, an answer to the story's card, or a card that grows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor import channels, outbox
from monitor.ingest.desk import Teller
from monitor.ingest.routes import Traits, voices_for
from monitor.model import Account, Alert, Delivery, Join, Message, Placement, Relative, State, Verdict, Voice
from monitor.outbox import cards
from monitor.policy import health
from monitor.policy.quiet import night_until
from monitor.render.alerts import tell
from monitor.store import feeds as feed_store
from monitor.store import judged as judged_store
from monitor.store import relatives
from monitor.store import stories as story_store


def announce(teller: Teller, story_id: int, article_id: int, verdict: Verdict, now: datetime) -> int:
    """Put a story's card into the outbox of the destination its route leads to; returns how many messages are new.

    Belongs after the verdict was stored: each yes about a story has a number (its revision). The first is a card; a later
    one answers it, or takes its place where it was not said yet. What makes no sound waits for the morning.
    """
    story = story_store.find_story(teller.db, story_id)
    lead = _account(story_store.accounts(teller.db, story_id), article_id)
    said = story_store.said(teller.db, story_id)
    not_before = None if verdict.ring else night_until(teller.rules.quiet, now)
    queued = 0
    for voice in voices_for(teller, _traits_of(lead)):
        card = cards.live(teller.db, (voice.channel, voice.recipient), subject_of(story.ref))
        answers = _card_to_answer(teller, story_id, verdict, voice, card)
        alert = compose(teller, story_id, article_id, verdict, is_reply=bool(answers))
        for message in _render(alert, voice):
            addressed = replace(message, revision=said.count - 1 if said else 0)
            if answers:
                addressed = replace(addressed, action="reply", card=answers)
            if card is not None and card.state is State.NEW:
                outbox.fold(teller.db, card.id, card.message.subject)
            queued += outbox.put(teller.db, [addressed], now, not_before=not_before)
    return queued


def grow(teller: Teller, story_id: int, now: datetime) -> int:
    """Bring the cards of a told story up to date wherever they stand; returns how many edits are new.

    An edit makes no sound, so at night it waits for the morning.
    """
    story = story_store.find_story(teller.db, story_id)
    not_before = night_until(teller.rules.quiet, now)
    queued = 0
    for voice in teller.voices:
        card = cards.live(teller.db, (voice.channel, voice.recipient), subject_of(story.ref))
        told = judged_store.said_as(teller.db, story.ref, card.message.revision) if card is not None else None
        if card is None or told is None or not getattr(channels.by_kind()[voice.channel], "EDITS", False):
            continue
        updated_at = now if card.state not in cards.UNSAID else None
        alert = compose(teller, story_id, told.article_id, told.verdict, updated_at=updated_at)
        for message in _render(alert, voice):
            queued += cards.grow(teller.db, message, now, not_before=not_before)
    return queued


def point(teller: Teller, story_id: int, into: int, now: datetime) -> int:
    """Let the card of a story that was put into another one say where it is told now; returns how many edits are new."""
    own, other = story_store.find_story(teller.db, story_id), story_store.find_story(teller.db, into)
    queued = 0
    for voice in teller.voices:
        card = cards.live(teller.db, (voice.channel, voice.recipient), subject_of(own.ref))
        told = judged_store.said_as(teller.db, own.ref, card.message.revision) if card is not None else None
        if card is None or told is None:
            continue
        alert = compose(teller, into, told.article_id, told.verdict, updated_at=now)
        pointer = Relative(ref=other.ref, join=Join.JOINS, title=other.title)
        for message in _render(replace(alert, ref=own.ref, relatives=(pointer,)), voice):
            queued += cards.grow(teller.db, message, now, not_before=night_until(teller.rules.quiet, now))
    return queued


def relate(teller: Teller, story_id: int, placement: Placement, now: datetime) -> int:
    """Remember which other stories this one may belong with, and say so on their cards; returns how many edits are new."""
    queued = 0
    for kin in placement.kin:
        if relatives.relate(teller.db, story_id, kin, now) and relatives.shows_on_the_other(kin.join):
            queued += grow(teller, kin.story_id, now)
    return queued


def subject_of(ref: str) -> str:
    """The subject under which the outbox knows a story's card."""
    return f"story:{ref}"


def compose(
    teller: Teller,
    story_id: int,
    article_id: int,
    verdict: Verdict,
    *,
    updated_at: datetime | None = None,
    is_reply: bool = False,
) -> Alert:
    """The alert of a story as one of its articles tells it, with all that is known of its spread."""
    accounts = story_store.accounts(teller.db, story_id)
    lead = _account(accounts, article_id)
    read = health.state_read_count(teller.feeds, feed_store.states(teller.db), updated_at or teller.clock())
    return tell(
        story_store.find_story(teller.db, story_id),
        accounts,
        story_store.hits(teller.db, lead.article_id),
        verdict,
        lead=lead,
        feeds=teller.feeds_by_id,
        known=teller.labels,
        relatives=relatives.of(teller.db, story_id),
        state_read_count=read,
        updated_at=updated_at,
        is_reply=is_reply,
    )


def _card_to_answer(teller: Teller, story_id: int, verdict: Verdict, voice: Voice, card: Delivery | None) -> str:
    """The subject of the card that this one answers: the story's own, or that of the same news in another language."""
    if card is not None:
        return card.message.subject if card.state not in cards.UNSAID else ""
    if verdict.escalation is not None:
        return ""
    for other in relatives.surely_the_same(teller.db, story_id):
        subject = subject_of(other)
        if cards.live(teller.db, (voice.channel, voice.recipient), subject) is not None:
            return subject
    return ""


def _render(alert: Alert, voice: Voice) -> list[Message]:
    """The card as one destination gets it."""
    messages = channels.by_kind()[voice.channel].render(alert, languages=voice.languages, time_zone=voice.time_zone)
    return [replace(message, recipient=voice.recipient, thread=voice.thread) for message in messages]


def _account(accounts: Sequence[Account], article_id: int) -> Account:
    """The account of an article; when somebody moved it to another story, the first that is left."""
    return next((account for account in accounts if account.article_id == article_id), accounts[0])


def _traits_of(lead: Account) -> Traits:
    return Traits(
        topics=frozenset(lead.topics),
        severity=lead.severity,
        places=frozenset(lead.places),
        lang=lead.lang,
        standing=lead.standing,
    )
