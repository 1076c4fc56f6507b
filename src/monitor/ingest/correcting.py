"""A person corrects the machine: two stories are one, or one is two. Cards follow, and the correction is a test case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlite_utils import Database

from monitor.ingest import telling
from monitor.ingest.desk import Teller
from monitor.model import Account, Join, Kin, Placement, Reason, Severity, Story, Verdict
from monitor.schema import transaction
from monitor.store import moves, relatives
from monitor.store import stories as story_store
from monitor.text.prints import reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One article of a correction, as a test case needs it."""

    lang: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Two articles that belong to one story (`same`), or do not."""

    same: bool
    first: Text
    second: Text


def merge(teller: Teller, story_id: int, into: int, now: datetime) -> list[Correction]:
    """Make two stories one: the articles of the first go into the second, whose card grows; the first card says so."""
    with transaction(teller.db) as db:
        cases = [Correction(same=True, first=_lead(db, into), second=_lead(db, story_id))]
        moves.merge(db, story_id, into)
        telling.grow(teller, into, now)
        telling.point(teller, story_id, into, now)
    return cases


def split(
    teller: Teller, story_id: int, article_ids: Sequence[int], now: datetime, *, say: bool = True
) -> tuple[Story, list[Correction]]:
    """Make one story two: these articles open a story of their own, whose card rings as it should have at first."""
    with transaction(teller.db) as db:
        chosen = _text(db, article_ids[0])
        lead = next(one for one in story_store.accounts(db, story_id) if one.article_id == article_ids[0])
        story = story_store.open_story(db, _opened(db, lead, now))
        moves.move(db, article_ids, story.id)
        cases = [Correction(same=False, first=_lead(db, story_id), second=chosen)]
        kin = Kin(join=Join.RELATED, story_id=story_id, like=article_ids[0], why="told apart by hand")
        relatives.relate(db, story.id, kin, now)
        said = say and lead.severity.rank >= Severity.NORMAL.rank
        ref = story_store.find_story(db, story_id).ref
        verdict = Verdict(
            say=said,
            reason=Reason.FIRST,
            detail=f"split off from {ref} by hand",
            ring=said and lead.severity is Severity.URGENT,
            digest=True,
        )
        placement = Placement(join=Join.RELATED, story_id=story.id, like=None, kin=(kin,))
        story_store.keep_verdict(db, verdict, placement, article_id=article_ids[0], story_id=story.id, now=now)
        if said:
            telling.announce(teller, story.id, article_ids[0], verdict, now)
        telling.grow(teller, story_id, now)
    return story_store.find_story(teller.db, story.id), cases


def _opened(db: Database, lead: Account, now: datetime) -> Story:
    """A new story about what an article tells, with a reference nobody else has."""
    refs = (reference(f"{lead.feed_id} {lead.title}", salt) for salt in count(1))
    ref = next(ref for ref in refs if story_store.ref_is_free(db, ref))
    return Story(ref=ref, title=lead.title, opened_at=now, updated_at=now, severity=lead.severity, topics=lead.topics)


def _lead(db: Database, story_id: int) -> Text:
    """The first article of a story."""
    return _text(db, db.execute("SELECT min(id) FROM articles WHERE story_id = ?", [story_id]).fetchone()[0])


def _text(db: Database, article_id: int) -> Text:
    row = db.execute("SELECT lang, title, text FROM articles WHERE id = ?", [article_id]).fetchone()
    return Text(lang=row[0], title=row[1], text=row[2] or "")
