"""The body of a card at rest: its text, what stands out in it, and what to say when that is refused or repeated."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Alert, Lang, Message
from monitor.render.backlog import Page, summary
from monitor.render.cards import Card, as_repeat, card, repeat_line
from monitor.render.catalogue import words
from monitor.render.cutting import cut
from monitor.render.entities import Composer, Entity
from monitor.render.notices import Notice
from monitor.text.times import stamp

NOTICE_MARK = "🛠"
NOTICE_UNITS = 3000


@dataclass(frozen=True, slots=True)
class Wording:
    """What is really said, once it is known whether it may be a repeat."""

    text: str
    entities: tuple[Entity, ...]
    plain_text: str


def _pack(done: Card, at: datetime, time_zone: str, lang: Lang) -> str:
    spans = [[each.kind, each.offset, each.length, each.url] for each in done.entities]
    body = {"text": done.text, "entities": spans, "plain": done.plain_text, "repeat": done.repeat_line}
    return json.dumps({**body, "at": stamp(at), "zone": time_zone, "lang": lang}, ensure_ascii=False)


def wording(message: Message, *, repeat: bool) -> Wording:
    """What the body says; with `repeat`, behind the words of a possible repeat."""
    body = json.loads(message.body)
    entities = tuple(Entity(*span) for span in body["entities"])
    done = Card(body["text"], entities, body["plain"], body["repeat"])
    said = as_repeat(done) if repeat else done
    return Wording(said.text, said.entities, said.plain_text)


def alert_body(alert: Alert, *, languages: Sequence[Lang], time_zone: str) -> str:
    """The body of an alert's card, as JSON: `text`, `entities`, `plain`, `repeat`, and when and for whom it was worded."""
    done = card(alert, languages=languages, time_zone=time_zone)
    return _pack(done, alert.seen_at, time_zone, languages[0])


def backlog_body(page: Page, *, at: datetime, languages: Sequence[Lang], time_zone: str) -> str:
    """The body of a summary of what piled up."""
    return _pack(summary(page, languages), at, time_zone, languages[0])


def post_body(post: Card, *, at: datetime, languages: Sequence[Lang], time_zone: str) -> str:
    """The body of a post that readers pin."""
    return _pack(post, at, time_zone, languages[0])


def notice_body(notice: Notice, *, at: datetime, languages: Sequence[Lang], time_zone: str) -> str:
    """The body of a notice: its subject in bold, then its text, at most 3,000 UTF-16 units of it."""
    out = Composer()
    out.add(f"{NOTICE_MARK} ")
    out.add(f"{words(languages[0]).say('notice.mark')} · {notice.subject}", "bold")
    out.add("\n\n" + cut(notice.text, NOTICE_UNITS))
    done = Card(out.text, tuple(out.entities), out.plain, repeat_line(languages))
    return _pack(done, at, time_zone, languages[0])
