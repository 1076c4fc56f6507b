"""The letter: a period's news for breakfast, as text and as HTML that needs no network.

First what counts in three lines (how much, what could be seen, what could not), then the stories by topic and weight
with one sentence each and all their sources. The subject says nothing that must not be seen on a locked phone.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from textwrap import fill
from typing import TYPE_CHECKING

from markupsafe import Markup

from monitor.model import Alert, Digest, Lang
from monitor.render import backlog
from monitor.render.bubbles import environment
from monitor.render.cards import card
from monitor.render.catalogue import words
from monitor.render.notices import Notice
from monitor.render.pages import Page, counts, is_calm, page_of

if TYPE_CHECKING:
    from css_inline import CSSInliner

TEXT_WIDTH = 72
SENTENCE_UNITS = (300, 150, 60)  # how long a quoted sentence may be, the next when the letter gets too heavy
LAST_RESORT = 1  # language, when it still is
MOST_BYTES = 100_000  # Gmail cuts a letter off at 102 kB
REPEAT_SLOT = "<!--repeat-->"  # where the words of a possible repeat go when the letter is sent again


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest as an e-mail: a neutral subject, the line that mail programs show beside it, and both parts."""

    subject: str
    preheader: str
    text: str
    html: str
    languages: tuple[Lang, ...]
    story_count: int = 0


def letter(
    digest: Digest,
    *,
    languages: Sequence[Lang],
    contact: str | None = None,
    plain: bool = False,
    telling: bool = False,
) -> Letter:
    """The letter of `digest`; the first language leads, a second one stands beside it in small.

    `contact` is whom readers tell about a mistake. A `plain` one has no HTML part, and only a `telling` one says in
    its subject how much there is. Always succeeds, whatever the titles contain.
    """
    page = page_of(digest, languages, contact, sentence_units=SENTENCE_UNITS[0])
    html = "" if plain else _html(digest, languages, contact)
    subject = _subject(digest, languages[0], telling=telling)
    return Letter(subject, page.summary[0], _text(page), html, tuple(languages), len(digest.items))


def _subject(digest: Digest, lang: Lang, *, telling: bool) -> str:
    """The same words every day, unless readers asked for more: a subject is read by whoever sees the phone."""
    say = words(lang)
    day = say.date(date.fromisoformat(digest.date), "date.day_full")
    if not telling:
        return say.say("letter.subject", day=day)
    nothing = say.say("letter.nothing" if is_calm(digest) else "letter.nothing_in_sight")
    said = ", ".join(counts(digest, lang)) or nothing
    return say.say("letter.subject_counts", counts=said[:1].upper() + said[1:], day=day)


def alert_letter(alert: Alert, *, languages: Sequence[Lang], time_zone: str) -> Letter:
    """One alert as a short letter, for when its channel is down: the card's plain words, a neutral subject."""
    subject = words(languages[0]).say("letter.alert_subject", ref=alert.ref)
    text = card(alert, languages=languages, time_zone=time_zone).plain_text
    return Letter(subject, "", text + "\n", "", tuple(languages))


def backlog_letter(page: backlog.Page, *, languages: Sequence[Lang]) -> Letter:
    """A summary of what piled up as a short letter with a neutral subject."""
    subject = words(languages[0]).count("backlog.title", len(page.lines))
    text = backlog.summary(page, languages).plain_text
    return Letter(subject, "", text + "\n", "", tuple(languages))


def notice_letter(notice: Notice, *, languages: Sequence[Lang]) -> Letter:
    """A notice for maintainers as a short letter."""
    subject = f"monitor: {notice.subject}"
    return Letter(subject, "", f"{notice.subject}\n\n{notice.text}\n", "", tuple(languages))


def repeat_block(line: str) -> str:
    """The words of a possible repeat as they stand on top of the HTML part."""
    style = "margin:0 0 16px;padding:8px 12px;border:1px solid #b8862b;border-radius:6px;color:#b8862b"
    return str(Markup('<p style="{}">{}</p>').format(style, line))


def _html(digest: Digest, languages: Sequence[Lang], contact: str | None) -> str:
    """The HTML part; on a day with very many stories it says less of each, and the text part says it all."""
    template = environment().get_template("letter.html.j2")
    html = ""
    shorter = [(units, languages) for units in SENTENCE_UNITS] + [(SENTENCE_UNITS[-1], languages[:LAST_RESORT])]
    for units, spoken in shorter:
        html = _inliner().inline(template.render(page=page_of(digest, spoken, contact, sentence_units=units)))
        if len(html.encode()) <= MOST_BYTES:
            break
    return html.rstrip() + "\n"


def _text(page: Page) -> str:
    return environment().get_template("letter.txt.j2").render(page=page, wrap=_wrap).strip() + "\n"


def _wrap(text: str, indent: str = "") -> str:
    """Lines of at most 72 characters; a long address is never broken."""
    return fill(
        text,
        TEXT_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def _inliner() -> "CSSInliner":
    """Moves the style sheet into the tags, where every mail program reads it; the one for dark mode stays behind."""
    made: CSSInliner = importlib.import_module("css_inline").CSSInliner(
        keep_style_tags=False, minify_css=True, load_remote_stylesheets=False
    )
    return made
