"""A life in words, for people: a story with its articles, judgements and messages; or who might have shown an address."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.app.tracing import Outlook, Shown, Trace
    from monitor.history.pieces import Judgement, Piece
    from monitor.history.watching import Source, Window
    from monitor.history.why import Life, Sending

Names = dict[tuple[str, str], str]
At = Callable[[datetime], str]  # how a time is written

MOST_CHANGES = 40  # lines of a watched page's difference

JOINS = {"also": "also in another language", "possibly": "possibly the same story as", "related": "possibly linked to"}
PLACES = {
    "opens": "opens a story",
    "joins": "joins the story",
    "reprint": "a reprint",
    "version": "a later version",
    "possibly": "opens a story, possibly the same as another",
    "related": "opens a story, possibly linked to another",
    "also": "opens a story, told in another language too",
}
SENTENCES = {
    "FIRST": "the first that was heard of this",
    "NEW_TOPIC": "the story has a new topic",
    "ESCALATED": "graver than what was said before",
    "GREW": "another outlet tells the story; its card grows",
    "OTHER_LANGUAGE": "it was told in another language before, and is told in this one too",
    "BASELINE": "the source was read for the first time; its past is archive",
    "TOO_OLD": "published too long ago",
    "REPRINT": "a reprint of what was said",
    "COOLING_DOWN": "the story is known, and nothing in this one rings again",
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


def told(life: "Life", names: Names, at: At, *, cards: bool = False) -> Iterator[str]:
    """The lines of a life; `names` are of destinations; with `cards` every wording of every card in full."""
    if not life.known:
        yield from _never_seen(life, at)
        return
    if life.story:
        story = life.story
        yield f"{story.ref}  {story.title}"
        yield (
            f"story: {story.severity.value}, topics {', '.join(story.topics) or 'none'}, opened {at(story.opened_at)}, "
            f"updated {at(story.updated_at)}, {_plural(story.article_count, 'article')}"
        )
        if life.merged:
            yield f"merged: {', '.join(life.merged)} was put into it by hand"
        for one in life.relatives:
            sure = ", surely" if one.sure else ""
            because = f": {one.why}" if one.why else ""
            yield f"kin:   {JOINS[one.join]}{sure} {one.ref} «{one.title}», since {at(one.found_at)}{because}"
    for piece in life.pieces:
        yield ""
        yield from _article(piece, at)
    yield ""
    if not life.sendings:
        yield "messages: none was ever queued"
    for sending in life.sendings:
        yield from _message(sending, names, at, cards=cards)


def _article(piece: "Piece", at: At) -> Iterator[str]:
    yield f"{piece.outlet} ({piece.feed_id}): {piece.title}"
    yield f"  {piece.url}"
    published = f"published {at(piece.published_at)}, " if piece.published_at else "undated, "
    size = f"{piece.characters} characters" if piece.characters else "no text, the headline only"
    text = "" if piece.pruned else f", {size}"
    yield f"  found   {published}seen {at(piece.seen_at)}, language {piece.lang}{text}"
    for version in piece.versions[:-1]:
        yield f"  before  {at(version.fetched_at)} it said: {version.title} ({version.characters} characters)"
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
        yield _judged(judgement, at)


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


def _judged(judgement: "Judgement", at: At) -> str:
    ways = [way for way, on in (("ringing", judgement.ring), ("in the letter", judgement.digest)) if on]
    detail = f" ({judgement.detail})" if judgement.detail else ""
    like = f", like {judgement.like}" if judgement.like else ""
    return (
        f"  judged  {at(judgement.at)} {'said' if judgement.say else 'not said'}: {judgement.reason}, "
        f"{SENTENCES.get(judgement.reason, '')}{detail}; {PLACES[judgement.join]}{like}"
        + "".join(f", {way}" for way in ways)
    )


def _message(sending: "Sending", names: Names, at: At, *, cards: bool) -> Iterator[str]:
    delivery = sending.delivery
    message = delivery.message
    to = names.get((message.channel, message.recipient), "a destination that is no longer set")
    number = f", message {delivery.message_id}" if delivery.message_id else ""
    folded = f" into {delivery.folded_into}" if delivery.folded_into else ""
    yield f"message #{delivery.id} ({message.action}) to {message.channel} {to}: {delivery.state.value}{folded}{number}"
    yield f"  queued  {at(delivery.created_at)}" + (
        f", not before {at(delivery.not_before)}" if delivery.not_before else ""
    )
    for number_of, attempt in enumerate(sending.attempts, 1):
        ended = f", ended {at(attempt.ended_at)}" if attempt.ended_at else ""
        repeat = ", marked as a possible repeat" if attempt.repeat else ""
        error = f": {attempt.error}" if attempt.error else ""
        outcome = "not said, again later" if attempt.outcome.value == "new" else attempt.outcome.value
        yield f"  attempt {number_of}: {at(attempt.started_at)}{ended}{repeat} → {outcome}{error}"
    yield from _wordings(sending, at, in_full=cards)


def _wordings(sending: "Sending", at: At, *, in_full: bool) -> Iterator[str]:
    """What the message said, from when to when; in short only that it got other words."""
    for words in sending.words if in_full else sending.words[:-1]:
        until = f" to {at(words.until)}" if words.until else ""
        yield f"  worded  {at(words.since)}{until}"
        if in_full:
            yield from (f"    {line}" for line in words.text.splitlines())


def _never_seen(life: "Life", at: At) -> Iterator[str]:
    yield "never seen in any source"
    if not life.sources:
        yield "no source of this outlet is watched; `monitor feeds add` adds one"
    for source in life.sources:
        yield from _source(source, at)


def _source(source: "Source", at: At) -> Iterator[str]:
    feed, state = source.feed, source.state
    yield f"{feed.title} ({feed.id}) is {'watched' if feed.enabled else 'switched off'}: {feed.url}"
    if state is None or state.polled_at is None:
        yield "  it was never read"
        return
    good = at(state.good_at) if state.good_at else "never"
    newest = f", its newest item then of {at(state.newest_at)}" if state.newest_at else ""
    yield f"  last asked {at(state.polled_at)}, last good {good}; {_plural(source.entry_count, 'item')} seen so far{newest}"
    if source.window:
        yield f"  {_window(source.window, at)}"
    for since, until in source.gaps:
        yield f"  from {at(since)} to {at(until)} items may have passed by unseen"
    if state.last_error:
        times = f", {state.failure_count} times" if state.failure_count else ""
        yield f"  it fails: {state.last_error} ({state.last_error_kind}{times})"
    elif "quarantine" in state.memory:
        yield "  it is in quarantine: it may have been taken over"
    else:
        yield "  it is read well, and did not show this address when it was"


def _window(window: "Window", at: At) -> str:
    """How far back the last answer reached."""
    span = f", from {at(window.oldest)} to {at(window.newest)}" if window.oldest and window.newest else ""
    return (
        f"its list showed {_plural(window.count, 'item')} when it was read last{span}; this address was not among them"
    )


def foretold(trace: "Trace", at: At) -> Iterator[str]:
    """The lines of a trace: what the sources show now, what the page says, and what would be said of it."""
    yield ""
    yield f"asked now: {trace.url}"
    for shown in trace.shown:
        yield f"  {_shown(shown, at)}"
    if trace.trouble:
        yield f"  its page: {trace.trouble}"
    outlook = trace.outlook
    if outlook is None:
        yield "  there is nothing to judge"
        return
    yield f"  it says: {trace.title} ({trace.characters} characters)"
    for hit in outlook.finding.hits:
        yield f"  hit     {hit.topic}: «{hit.form}» is {hit.term} [{hit.lang}]: {hit.quote}"
    for miss in outlook.finding.near:
        yield f"  near    {miss.topic}: {miss.missing}"
    yield f"  {_outlook(outlook, watched=trace.watched)}"


def _shown(shown: "Shown", at: At) -> str:
    if shown.kind:
        return f"{shown.feed_id}: {shown.said} ({shown.kind})"
    back = f", back to {at(shown.oldest)}" if shown.oldest else ""
    where = f"it is no. {shown.place}" if shown.place else "it is not among them"
    return f"{shown.feed_id} shows {_plural(shown.count, 'item')}{back}; {where}"


def _outlook(outlook: "Outlook", *, watched: bool) -> str:
    would = "would be said" if outlook.say else "would not be said"
    whole = would if watched else f"if its outlet were watched, it {would}"
    detail = f" ({outlook.detail})" if outlook.detail else ""
    place = f"; {PLACES[outlook.join]}" + (f" {outlook.ref} «{outlook.title}»" if outlook.ref else "")
    found = place if outlook.finding.topics else ""
    return f"{whole}: {outlook.reason}, {SENTENCES.get(outlook.reason, '')}{detail}{found}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
