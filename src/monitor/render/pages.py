"""What stands in a letter, in order, before it becomes text or HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.model import Alert, Digest, DigestItem, Lang, Link, OpenStory, Reason, Severity
from monitor.render import excerpts, growth, vocabulary
from monitor.render.cards import HOME, first_line, link_label, quote_signs, told_at
from monitor.render.catalogue import Words, words
from monitor.render.coverage import BLIND_SHOWN, blind_names, coverage_sentences
from monitor.render.cutting import cut, tame
from monitor.render.excerpts import Piece
from monitor.render.pictures import Picture, picture
from monitor.text.fold import clean
from monitor.text.urls import clean_link

HEADLINE_UNITS = 240
LINE_UNITS = 120
OPEN_SHOWN = 12
NIGHT_SHOWN = 8
NEAR_UNITS = 160
NO_NEWS = frozenset({Reason.DEMOTED, Reason.ELSEWHERE})  # anniversaries; what happened abroad


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
    opens: str
    closes: str
    lang: str
    foreign: bool
    sources: tuple[Source, ...]
    spread: str
    fate: str


@dataclass(frozen=True, slots=True)
class Line:
    """A story in a line or two: our words; of an open one also their headline and its first link."""

    urgent: bool
    label: str
    note: str
    headline: str = ""
    lang: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of such lines under a heading; `more` says how many did not fit."""

    title: str = ""
    lines: tuple[Line, ...] = ()
    more: str = ""


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
    night: Lines
    groups: tuple[Group, ...]
    still_open: Lines
    picture: Picture | None
    blind: tuple[str, ...]
    near: tuple[tuple[str, str], ...]
    near_more: str
    footer: tuple[str, ...]
    say: Words


def page_of(digest: Digest, languages: Sequence[Lang], contact: str | None, *, sentence_units: int) -> Page:
    """Everything the letter says, in its order; a quoted sentence has at most `sentence_units`."""
    lead, other = languages[0], languages[1] if len(languages) > 1 else None
    say = words(lead)
    local = date.fromisoformat(digest.date)
    weekday, day = (say.date(local, key) for key in ("date.weekday", "date.day_full"))
    blind = blind_names(digest.coverage, lead, digest.time_zone, now=digest.until) if digest.coverage else []
    return Page(
        lang=lead,
        other_lang=other or "",
        title=say.say("letter.title"),
        day=f"{weekday}, {day}",
        late=say.count("letter.late_edition", digest.late_hours) if digest.late_hours else "",
        summary=summary(digest, lead),
        other_summary=summary(digest, other) if other else (),
        night=_night(digest, lead),
        groups=_groups(digest, lead, other, sentence_units),
        still_open=_still_open(digest, lead),
        picture=picture(digest, lead),
        blind=tuple(blind if len(blind) > BLIND_SHOWN else ()),  # the summary has room for a few
        near=tuple((_short(title), _short(missing)) for title, missing in digest.near_misses),
        near_more=_more(say, digest.near_count - len(digest.near_misses)),
        footer=_footer(digest, say, contact),
        say=say,
    )


def summary(digest: Digest, lang: Lang) -> tuple[str, ...]:
    """Three lines: how much since when, what could be seen, what could not."""
    say = words(lang)
    since = say.since(digest.since, digest.time_zone, now=digest.until)
    key = "letter.since" if digest.items else "letter.quiet" if is_calm(digest) else "letter.nothing_found"
    first = say.say(key, since=since, counts=", ".join(counts(digest, lang)))
    if digest.coverage is None:
        return _capital(first), say.say("coverage.unknown")
    regions = [vocabulary.region_name(region, lang) for region in digest.blind_regions]
    *seen, blind = coverage_sentences(digest.coverage, lang, digest.time_zone, now=digest.until, regions=regions)
    return tuple(_capital(line) for line in (first, " ".join(seen), blind) if line)


def is_calm(digest: Digest) -> bool:
    """Whether a letter without news may say that all is quiet: enough was read."""
    return digest.coverage is not None and digest.coverage.sees_enough


def counts(digest: Digest, lang: Lang) -> list[str]:
    """How much there is: `3 urgent`, `7 other`; nothing on a quiet day."""
    say = words(lang)
    urgent = sum(item.alert.severity is Severity.URGENT for item in digest.items)
    other = len(digest.items) - urgent
    if not urgent:
        return [say.count("letter.news", other)] if other else []
    return [say.count("letter.urgent", urgent), *([say.count("letter.other", other)] if other else [])]


def _footer(digest: Digest, say: Words, contact: str | None) -> tuple[str, ...]:
    lines = [say.say("letter.footer"), say.say("letter.zone", zone=say.zone(digest.time_zone))]
    if contact:
        lines.append(say.say("letter.contact", contact=clean(contact, one_line=True)))
    return tuple(lines)


# ── stories ──────────────────────────────────────────────────────────────────────────────────────────────────────


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
    grown = alert.spread.outlet_count > 1
    sentence = tuple(excerpts.sentence(alert, sentence_units))
    opens, closes = quote_signs(sentence, lead) if sentence else ("", "")
    spread = " · ".join(growth.spread(alert, lead, digest.time_zone)) if grown else ""
    life = [line for line in (spread, " · ".join(growth.relatives(alert, lead))) if line]
    return StoryView(
        urgent=_is_urgent(alert),
        label=_label(item, lead),
        other_label=_label(item, other) if other else "",
        other_lang=other or "",
        headline=tuple(excerpts.headline(alert, HEADLINE_UNITS)),
        sentence=sentence,
        opens=opens,
        closes=closes,
        lang=alert.lang,
        foreign=bool(alert.lang) and alert.lang != lead,
        sources=tuple(_source(link, lead) for link in alert.links),
        spread=_capital(". ".join(life)),
        fate=" · ".join([_when(alert, digest, say), *_notes(item, say), alert.ref]),
    )


def _label(item: DigestItem, lang: Lang) -> str:
    """The card's first line; of what is no news from Kazakhstan that it is none, before what it is about."""
    key = f"why.{item.verdict}"
    if item.said or item.verdict not in NO_NEWS:
        return first_line(item.alert, lang)
    about = vocabulary.topic_word(item.alert, item.alert.topics[0], lang) if item.alert.topics else ""
    where = vocabulary.where(item.alert, lang) if item.verdict is Reason.DEMOTED else ""
    return _capital(cut(" · ".join(filter(None, (words(lang).say(key), about, where))), LINE_UNITS))


def _when(alert: Alert, digest: Digest, say: Words) -> str:
    """When the first outlet that is named published it, as on the card; where it has no date, when we found it."""
    published_at, seen_at = told_at(alert, alert.links[0]) if alert.links else (alert.published_at, alert.seen_at)
    moment = say.moment(published_at or seen_at, digest.time_zone, beside=digest.until)
    return moment if published_at else say.say("card.seen", moment=moment)


def _notes(item: DigestItem, say: Words) -> list[str]:
    """Whether the channel had it, and if not, why it stands only here."""
    if item.said:
        return [say.say("letter.in_channel")]
    key = f"why.{item.verdict}"
    if item.verdict in NO_NEWS:
        return []  # its first line says so
    if say.has(key):
        return [say.say(key)]
    return [say.say(f"why.{Reason.TOO_OLD}")] if item.alert.late else []


def _source(link: Link, lead: Lang) -> Source:
    url = clean_link(link.url) or ""
    warning = words(lead).say("card.closed_at_home") if HOME in link.blocked_in else ""
    return Source(vocabulary.outlet(link, lead), url, link_label(url) if url else "", warning)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _night(digest: Digest, lead: Lang) -> Lines:
    """What came in while readers slept, a line each; the stories themselves stand under their topics."""
    items = sorted((item for item in digest.items if item.at_night), key=_weight)
    lines = (Line(_is_urgent(item.alert), _label(item, lead), item.alert.ref) for item in items)
    return _lines("letter.night", list(lines), NIGHT_SHOWN, words(lead))


def _still_open(digest: Digest, lead: Lang) -> Lines:
    """The disputes of earlier letters of which no end was reported."""
    lines = [_open_line(one, digest, lead) for one in digest.open_stories]
    return _lines("letter.open", lines, OPEN_SHOWN, words(lead))


def _open_line(one: OpenStory, digest: Digest, lead: Lang) -> Line:
    say, alert = words(lead), one.alert
    opened, heard = (say.day(moment, digest.time_zone, beside=digest.until) for moment in (one.opened_at, one.heard_at))
    note = [say.say("letter.open_note", opened=opened, heard=heard), alert.ref]
    return Line(
        urgent=_is_urgent(alert),
        label=_capital(" · ".join(filter(None, (vocabulary.reported(alert, lead), vocabulary.where(alert, lead))))),
        note=" · ".join(note),
        headline=cut(tame(alert.title), LINE_UNITS),
        lang=alert.lang,
        source=_source(alert.links[0], lead) if alert.links else None,
    )


def _lines(key: str, lines: Sequence[Line], most: int, say: Words) -> Lines:
    if not lines:
        return Lines()
    return Lines(say.say(key), tuple(lines[:most]), _more(say, len(lines) - most))


def _more(say: Words, count: int) -> str:
    return say.count("letter.more", count) if count > 0 else ""


def _is_urgent(alert: Alert) -> bool:
    return alert.severity is Severity.URGENT


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def _short(text: str) -> str:
    return cut(tame(text), NEAR_UNITS)
