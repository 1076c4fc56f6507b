"""Why was this said, or not: the life of a story, an article and its messages, stage by stage."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor import outbox
from monitor.history.pieces import Piece, find_piece
from monitor.history.watching import Source, sources_of
from monitor.model import Delivery, Feed, Story
from monitor.outbox import attempts, cards
from monitor.outbox.attempts import Attempt
from monitor.outbox.rows import delivery_of
from monitor.store import moves, relatives, stories
from monitor.store.relatives import Relation
from monitor.text.prints import digest16
from monitor.text.urls import canonical, canonical_in

# A reference is read aloud and typed: these letters are not among its characters, and mean the digits.
SPOKEN = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a message said, or would have said, from then on; `until` is None for what it says at last."""

    text: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One message, every wording it had, and every request that was made for it."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All that is known; of an address never seen (`known` is false), the sources that might have shown it.

    `merged` are the references of stories that somebody put into this one.
    """

    story: Story | None = None
    merged: tuple[str, ...] = ()
    relatives: tuple[Relation, ...] = ()
    pieces: tuple[Piece, ...] = ()
    sendings: tuple[Sending, ...] = ()
    known: bool = False
    sources: tuple[Source, ...] = ()


def life_of_ref(db: Database, ref: str) -> Life | None:
    """The life of the story that carries this reference, in whatever case it was typed; None when none does."""
    found = moves.find(db, spoken_ref(ref))
    return _life_of_story(db, found) if found is not None else None


def spoken_ref(typed: str) -> str:
    """A reference as it was typed or read aloud, the way it is kept."""
    return typed.strip("#· ").upper().translate(SPOKEN)


def keys_of(url: str, feeds: Sequence[Feed]) -> tuple[str, ...]:
    """The keys under which an address may be kept, in any of its spellings; the scheme may be missing."""
    address = url if "://" in url else f"https://{url}"
    spelt = (canonical(address), *(canonical_in(feed, address) for feed in feeds if feed.aliases))
    return tuple(dict.fromkeys(digest16(key) for key in spelt))


def life_of_url(db: Database, url: str, feeds: Sequence[Feed]) -> Life:
    """The life of the article at this address, in any of its spellings; without one, what is known of its outlet.

    An article that moved is known by its former address too.
    """
    rows = db.execute(
        """SELECT id, story_id FROM articles WHERE url_hash IN (SELECT value FROM json_each(?1))
           UNION SELECT a.id, a.story_id FROM entries e JOIN articles a ON a.id = e.article_id
           WHERE e.feed_id IN (SELECT id FROM feeds) AND e.url_hash IN (SELECT value FROM json_each(?1)) ORDER BY 1""",
        [json.dumps(keys_of(url, feeds))],
    ).fetchall()
    if story_ids := [row[1] for row in rows if row[1] is not None]:
        return _life_of_story(db, story_ids[-1])
    if rows:
        return Life(pieces=tuple(find_piece(db, row[0]) for row in rows), known=True)
    return Life(sources=sources_of(db, url, feeds))


def _life_of_story(db: Database, story_id: int) -> Life:
    story = stories.find_story(db, story_id)
    merged = moves.merged_into(db, story_id)
    pieces = [
        find_piece(db, row[0])
        for row in db.execute("SELECT id FROM articles WHERE story_id = ? ORDER BY seen_at, id", [story_id])
    ]
    messages = [*(one for ref in (story.ref, *merged) for one in outbox.about(db, ref)), *_letters(db, story_id)]
    return Life(
        story=story,
        merged=tuple(merged),
        relatives=tuple(relatives.known(db, story_id)),
        pieces=tuple(pieces),
        sendings=tuple(_sending(db, one) for one in sorted(messages, key=lambda one: one.id)),
        known=True,
    )


def _letters(db: Database, story_id: int) -> list[Delivery]:
    """The letters that told of a story: each tells of a range of verdicts."""
    rows = db.query(
        """SELECT m.* FROM messages m JOIN digests d
             ON m.recipient_key = d.recipient_key AND m.subject >= 'digest:' || d.digest_date
             AND m.subject < 'digest:' || d.digest_date || ';'
           WHERE EXISTS (SELECT 1 FROM verdicts v JOIN articles a ON a.id = v.article_id
             WHERE a.story_id = ? AND v.digest = 1 AND v.id > d.after_verdict AND v.id <= d.up_to_verdict)""",
        [story_id],
    )
    return [delivery_of(row) for row in rows]


def _sending(db: Database, delivery: Delivery) -> Sending:
    """A message with its attempts and wordings; what letters say is kept by their readers."""
    former = cards.wordings(db, delivery.id)
    words = [Words(text=_text(one.body), since=one.worded_at, until=one.replaced_at) for one in former]
    since = former[-1].replaced_at if former else delivery.created_at
    words.append(Words(text=_text(delivery.message.body), since=since))
    return Sending(delivery=delivery, attempts=tuple(attempts.made_for(db, delivery.id)), words=tuple(words))


def _text(body: str) -> str:
    """The text in a message's body; empty where that is not text."""
    try:
        return str(json.loads(body)["text"])
    except (ValueError, KeyError, TypeError):
        return ""


def unsaid(db: Database, *, said: int = 0) -> list[Delivery]:
    """What waits, is in doubt or died, next first; and the `said` last messages that were sent or folded."""
    rows = list(
        db.query(
            """SELECT * FROM messages WHERE state IN ('new', 'sending', 'uncertain', 'dead')
               ORDER BY state = 'dead', priority, id"""
        )
    )
    rows += db.query("SELECT * FROM messages WHERE state IN ('sent', 'folded') ORDER BY id DESC LIMIT ?", [said])
    return [delivery_of(row) for row in rows]
