"""What stands in a letter, in order, before it becomes text or HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from monitor.model import Digest, DigestItem, Lang, Link, Reason, Severity
from monitor.render import excerpts, vocabulary
from monitor.render.cards import HOME, first_line, link_label
from monitor.render.catalogue import Words, words
from monitor.render.coverage import BLIND_SHOWN, blind_names, coverage_sentences
from monitor.render.cutting import cut, tame
from monitor.render.excerpts import Piece
from monitor.text.fold import clean
from monitor.text.urls import clean_link

HEADLINE_UNITS = 240
NEAR_SHOWN = 20
NEAR_UNITS = 160


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet's account: its name with standing, its link if it has one, and a word of warning."""

    name: str
    url: str = ""
    label: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story: our words, their words, their links; `fate` is when it came, where it was said, and its reference."""

    urgent: bool
    label: str
    other_label: str
    other_lang: str
    headline: tuple[Piece, ...]
    sentence: tuple[Piece, ...]
    lang: str
    foreign: bool
    sources: tuple[Source, ...]
    fate: str


@dataclass(frozen=True, slots=True)
class Group:
    """The stories of one topic, the weightiest first."""

    title: str
    other_title: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole letter. `summary` is in the leading language, `other_summary` in the second one, if any."""

    lang: Lang
    other_lang: str
    title: str
    day: str
    late: str
    summary: tuple[str, ...]
    other_summary: tuple[str, ...]
    groups: tuple[Group, ...]
    blind: tuple[str, ...]
    near: tuple[tuple[str, str], ...]
    footer: tuple[str, ...]
    say: Words


def page_of(digest: Digest, languages: Sequence[Lang], contact: str | None, *, sentence_units: int) -> Page:
    """Everything the letter says, in its order; a quoted sentence has at most `sentence_units`."""
    lead, other = languages[0], languages[1] if len(languages) > 1 else None
    say = words(lead)
    local = date.fromisoformat(digest.date)
    weekday, day = (format_date(local, say.say(key), locale=lead) for key in ("date.weekday", "date.day_full"))
    blind = blind_names(digest.coverage, lead, digest.time_zone, now=digest.until)
    footer = [say.say("letter.footer"), say.say("letter.zone", zone=say.zone(digest.time_zone))]
    if contact:
        footer.append(say.say("letter.contact", contact=clean(contact, one_line=True)))
    return Page(
        lang=lead,
        other_lang=other or "",
        title=say.say("letter.title"),
        day=f"{weekday}, {day}",
        late=say.count("letter.late_edition", digest.late_hours) if digest.late_hours else "",
        summary=summary(digest, lead),
        other_summary=summary(digest, other) if other else (),
        groups=_groups(digest, lead, other, sentence_units),
        blind=tuple(blind if len(blind) > BLIND_SHOWN else ()),  # the summary has room for a few
        near=tuple((_short(title), _short(missing)) for title, missing in digest.near_misses[:NEAR_SHOWN]),
        footer=tuple(footer),
        say=say,
    )


def summary(digest: Digest, lang: Lang) -> tuple[str, ...]:
    """Three lines: how much since when, what could be seen, what could not."""
    say = words(lang)
    since = say.since(digest.since, digest.time_zone, now=digest.until)
    urgent = sum(item.alert.severity is Severity.URGENT for item in digest.items)
    other = len(digest.items) - urgent
    if not digest.items:
        first = say.say("letter.quiet", since=since)
    elif not urgent:
        first = say.say("letter.since", since=since, counts=say.count("letter.news", other))
    else:
        counts = [say.count("letter.urgent", urgent)] + ([say.count("letter.other", other)] if other else [])
        first = say.say("letter.since", since=since, counts=", ".join(counts))
    *seen, blind = coverage_sentences(digest.coverage, lang, digest.time_zone, now=digest.until)
    return tuple(line[:1].upper() + line[1:] for line in (first, " ".join(seen), blind) if line)


def _groups(digest: Digest, lead: Lang, other: Lang | None, sentence_units: int) -> tuple[Group, ...]:
    """Topics by their weightiest story, then by how many there are; stories by weight, sources and time."""
    by_topic: dict[str, list[DigestItem]] = {}
    for item in sorted(digest.items, key=_weight):
        by_topic.setdefault(item.alert.topics[0] if item.alert.topics else "", []).append(item)
    ordered = sorted(by_topic.items(), key=lambda group: (-group[1][0].alert.severity.rank, -len(group[1])))
    return tuple(
        Group(
            title=vocabulary.topic_title(items[0].alert, topic, lead),
            other_title=vocabulary.topic_title(items[0].alert, topic, other) if other else "",
            stories=tuple(_story(item, digest, lead, other, sentence_units) for item in items),
        )
        for topic, items in ordered
    )


def _weight(item: DigestItem) -> tuple[int, int, float, str]:
    alert = item.alert
    return (-alert.severity.rank, -len(alert.links), -alert.seen_at.timestamp(), alert.ref)


def _story(item: DigestItem, digest: Digest, lead: Lang, other: Lang | None, sentence_units: int) -> StoryView:
    alert, say = item.alert, words(lead)
    when = alert.published_at or alert.seen_at
    return StoryView(
        urgent=alert.severity is Severity.URGENT,
        label=first_line(alert, lead),
        other_label=first_line(alert, other) if other else "",
        other_lang=other or "",
        headline=tuple(excerpts.headline(alert, HEADLINE_UNITS)),
        sentence=tuple(excerpts.sentence(alert, sentence_units)),
        lang=alert.lang,
        foreign=bool(alert.lang) and alert.lang != lead,
        sources=tuple(_source(link, lead) for link in alert.links),
        fate=" · ".join([say.moment(when, digest.time_zone, beside=digest.until), *_notes(item, say), alert.ref]),
    )


def _notes(item: DigestItem, say: Words) -> list[str]:
    """Whether the channel had it, and if not, why it stands only here."""
    if item.said:
        return [say.say("letter.in_channel")]
    key = f"why.{item.verdict}"
    if say.has(key):
        return [say.say(key)]
    return [say.say(f"why.{Reason.TOO_OLD}")] if item.alert.late else []


def _source(link: Link, lead: Lang) -> Source:
    url = clean_link(link.url) or ""
    warning = words(lead).say("card.closed_at_home") if HOME in link.blocked_in else ""
    return Source(vocabulary.outlet(link, lead), url, link_label(url) if url else "", warning)


def _short(text: str) -> str:
    return cut(tame(text), NEAR_UNITS)
