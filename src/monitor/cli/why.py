"""`monitor why`: the life of one alert or one address, stage by stage."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json
from monitor.cli.voices import archive, names_of
from monitor.text.times import stamp

if TYPE_CHECKING:
    from monitor.history.why import Judgement, Life, Piece, Sending, Source

Names = dict[tuple[str, str], str]

MOST_CHANGES = 40  # lines of a watched page's difference

SENTENCES = {
    "FIRST": "the first that was heard of this",
    "NEW_TOPIC": "the story has a new topic",
    "ESCALATED": "graver than what was said before",
    "GREW": "another outlet tells the story; its card grows",
    "OTHER_LANGUAGE": "it was told in another language before, and is told in this one too",
    "BASELINE": "the source was read for the first time; its past is archive",
    "TOO_OLD": "published too long ago",
    "REPRINT": "a reprint of what was said",
    "COOLING_DOWN": "the story was said already",
    "MUTED": "somebody asked for silence about this",
    "QUIET_HOURS": "it is night; silently in the morning",
    "OVER_BUDGET": "enough was said today; it is in the letter",
    "DIGEST_ONLY": "for the letter only",
    "DEMOTED": "a retrospective or the like; at most the letter",
    "ELSEWHERE": "about another country; at most the letter",
    "NO_PLACE": "names no place in Kazakhstan",
    "NO_TOPIC": "no topic in it",
    "BLOCKED": "a word of `none` blocks the topic",
    "TRIAL": "the topic is on trial",
    "QUARANTINED": "the source may have been taken over",
    "MATCHED": "matched",
}


@click.command
@click.argument("subject", metavar="REF|URL")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def why(door: Door, *, subject: str, as_json: bool) -> int:
    """Tell the life of an alert (its reference, such as K7F2Q) or of an address, stage by stage."""
    from monitor.history.why import life_of_ref, life_of_url

    with archive(door) as room:
        db, feeds = room.library.db, room.library.feeds
        if "/" in subject or "." in subject:
            url = subject if "://" in subject else f"https://{subject}"
            life = life_of_url(db, url, feeds)
        else:
            found = life_of_ref(db, subject.strip("#· "))
            if found is None:
                click.echo(f"no story carries {subject}; try `monitor search`, or the address of the article", err=True)
                return 1
            life = found
        names = names_of(room.recipients)
    if as_json:
        print_json(_plain(asdict(life)))
    else:
        click.echo("\n".join(_told(life, names)))
    return 0 if life.known else 1


def _plain(value: Any) -> Any:
    """The same, of what JSON knows; the bodies of messages and the keys of recipients stay at home."""
    match value:
        case datetime():
            return stamp(value)
        case Enum():
            return value.value
        case dict():
            return {key: _plain(one) for key, one in value.items() if key not in {"body", "recipient", "memory"}}
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _told(life: "Life", names: Names) -> Iterator[str]:
    if not life.known:
        yield from _never_seen(life)
        return
    if life.story:
        story = life.story
        yield f"{story.ref}  {story.title}"
        yield (
            f"story: {story.severity.value}, topics {', '.join(story.topics) or 'none'}, opened {stamp(story.opened_at)}, "
            f"{story.article_count} articles"
        )
    for piece in life.pieces:
        yield ""
        yield from _article(piece)
    yield ""
    if not life.sendings:
        yield "messages: none was ever queued"
    for sending in life.sendings:
        yield from _message(sending, names)


def _article(piece: "Piece") -> Iterator[str]:
    yield f"{piece.outlet} ({piece.feed_id}): {piece.title}"
    yield f"  {piece.url}"
    published = f"published {stamp(piece.published_at)}, " if piece.published_at else "undated, "
    yield f"  found   {published}seen {stamp(piece.seen_at)}, language {piece.lang}"
    yield from _particulars(piece)
    for hit in piece.hits:
        yield f"  hit     {hit.topic}: «{hit.form}» is {hit.term} [{hit.lang}], {hit.field} {hit.start}-{hit.end}: {hit.quote}"
    if not piece.hits:
        yield "  hits    none" + (" (its text was dropped after 90 days)" if piece.pruned else "")
    for topic in piece.topics:
        guards = [word for word, on in (("on trial", not topic["live"]), ("blocked", topic["blocked"])) if on]
        yield f"  topic   {topic['topic']}: {topic['severity']}, score {topic['score']}" + "".join(
            f", {g}" for g in guards
        )
    for miss in piece.near:
        yield f"  near    {miss['topic']}: {miss['missing']}"
    if piece.finding:
        yield f"  guards  {piece.finding}: {SENTENCES.get(piece.finding, '')}".rstrip(": ")
    for judgement in piece.judgements:
        yield _judged(judgement)


def _particulars(piece: "Piece") -> Iterator[str]:
    """Whose words they are, whether the page is owed, and how a watched page changed."""
    whose = [f"by {piece.author}"] * bool(piece.author) + [f"passed on from {piece.forwarded_from}"] * bool(
        piece.forwarded_from
    )
    if whose:
        yield f"  words   {', '.join(whose)}"
    if piece.page_owed:
        yield "  page    could not be had yet; it is asked for again"
    for line in piece.difference[:MOST_CHANGES]:
        yield f"  change  {line}"
    if len(piece.difference) > MOST_CHANGES:
        yield f"  change  … and {len(piece.difference) - MOST_CHANGES} lines more"


def _judged(judgement: "Judgement") -> str:
    ways = [way for way, on in (("ringing", judgement.ring), ("in the letter", judgement.digest)) if on]
    detail = f" ({judgement.detail})" if judgement.detail else ""
    return (
        f"  judged  {stamp(judgement.at)} {'said' if judgement.say else 'not said'}: {judgement.reason}, "
        f"{SENTENCES.get(judgement.reason, '')}{detail}; {judgement.join} the story"
        + "".join(f", {way}" for way in ways)
    )


def _message(sending: "Sending", names: Names) -> Iterator[str]:
    delivery = sending.delivery
    message = delivery.message
    to = names.get((message.channel, message.recipient), "a destination that is no longer set")
    number = f", message {delivery.message_id}" if delivery.message_id else ""
    folded = f" into {delivery.folded_into}" if delivery.folded_into else ""
    yield f"message #{delivery.id} ({message.action}) to {message.channel} {to}: {delivery.state.value}{folded}{number}"
    yield f"  queued  {stamp(delivery.created_at)}" + (
        f", not before {stamp(delivery.not_before)}" if delivery.not_before else ""
    )
    for number_of, attempt in enumerate(sending.attempts, 1):
        ended = f", ended {stamp(attempt.ended_at)}" if attempt.ended_at else ""
        repeat = ", marked as a possible repeat" if attempt.repeat else ""
        error = f": {attempt.error}" if attempt.error else ""
        outcome = "not said, again later" if attempt.outcome.value == "new" else attempt.outcome.value
        yield f"  attempt {number_of}: {stamp(attempt.started_at)}{ended}{repeat} → {outcome}{error}"


def _never_seen(life: "Life") -> Iterator[str]:
    yield "never seen in any source"
    if not life.sources:
        yield "no source of this host is watched; add one to feeds.yaml"
    for source in life.sources:
        yield from _source(source)


def _source(source: "Source") -> Iterator[str]:
    feed, state = source.feed, source.state
    yield f"{feed.title} ({feed.id}) is {'watched' if feed.enabled else 'switched off'}: {feed.url}"
    if state is None or state.polled_at is None:
        yield "  it was never read"
        return
    good = stamp(state.good_at) if state.good_at else "never"
    newest = f", its newest item then of {stamp(state.newest_at)}" if state.newest_at else ""
    yield f"  last asked {stamp(state.polled_at)}, last good {good}; {source.entry_count} items seen so far{newest}"
    if state.last_error:
        times = f", {state.failure_count} times" if state.failure_count else ""
        yield f"  it fails: {state.last_error} ({state.last_error_kind}{times})"
    else:
        yield "  it is read well, and did not show this address when it was"
