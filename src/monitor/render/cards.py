"""A card: one alert in a few lines that can be read on a phone between two meetings.

    🔴 СРОЧНО · сообщают о забастовке · Жанаозен             our words, in the channel's first language
    URGENT · strike reported · Zhanaozen                     the same in its second language

    Нефтяники Жанаозена объявили бессрочную забастовку       their words
    «…с утра 21 ноября не вышли на смену 340 человек…»       the sentence that triggered
    Matched: забастовку = strike                             for those who cannot read it
    Лада (независимое) · 21.11, 14:20 Алматы
    lada.kz/news/12345
    Один источник. Найдено автоматически, не проверено.
    #забастовка #Мангистау · K7F2Q

Bold means one thing in their words: this is why it rang. Whatever must be cut, the link and the reference stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from monitor.model import Alert, Lang, Link, Severity
from monitor.render import excerpts, growth, vocabulary
from monitor.render.catalogue import words
from monitor.render.cutting import ELLIPSIS, cut, visible_host, width
from monitor.render.entities import Composer, Entity
from monitor.text.fold import clean
from monitor.text.urls import clean_link, host

MOST_UNITS = 4096  # Telegram's limit for a message, in UTF-16 units
HEADLINE_UNITS = 280
SENTENCE_UNITS = 320
PASSAGE_UNITS = 2200  # more text where the link cannot be opened: about a minute's reading
LINE_UNITS = 160
LABEL_UNITS = 32  # a line of a phone
ALSO_SHOWN = 4
PLAIN_URL_UNITS = 512  # a longer address is shown as its host where no link can be attached
HOME = "KZ"
QUOTATION_MARKS = tuple('«»“”„"')

MARKS = {Severity.URGENT: "🔴", Severity.NORMAL: "🔵", Severity.DIGEST: "⚪", Severity.NONE: "⚪"}
REPEAT_MARK = "↻"
LATE_MARK = "⏳"
NEWS_MARK = "↪"


@dataclass(frozen=True, slots=True)
class Card:
    """A message as Telegram wants it, and the same for where no entity can be shown.

    `text` and `plain_text` are at most 4,096 UTF-16 units with `repeat_line` before them; `repeat_line` is what a
    possible repeat begins with, and is part of neither unless the card was asked for as a repeat.
    """

    text: str
    entities: tuple[Entity, ...]
    plain_text: str
    repeat_line: str


def card(alert: Alert, *, languages: Sequence[Lang], time_zone: str, repeat: bool = False) -> Card:
    """The alert as a card in `languages`, the first of which leads; times are those of `time_zone`."""
    line = repeat_line(languages)
    room = MOST_UNITS - width(line)
    quoted = PASSAGE_UNITS if _closed_at_home(alert) else SENTENCE_UNITS
    composed = _compose(alert, languages, time_zone, quoted)
    over = max(composed.units, width(composed.plain)) - room
    if over > 0:
        composed = _compose(alert, languages, time_zone, max(quoted - over, 0))
    done = Card(composed.text, tuple(composed.entities), composed.plain, line)
    return as_repeat(done) if repeat else done


def repeat_line(languages: Sequence[Lang]) -> str:
    """The line a possible repeat begins with, in every language of the channel."""
    said = " · ".join(dict.fromkeys(words(lang).say("card.repeat") for lang in languages))
    return f"{REPEAT_MARK} {said}\n\n"


def as_repeat(done: Card) -> Card:
    """The same card, saying that it may be a repeat."""
    moved = Composer()
    moved.add(done.repeat_line)
    entities = tuple(Entity(each.kind, each.offset + moved.units, each.length, each.url) for each in done.entities)
    return Card(done.repeat_line + done.text, entities, done.repeat_line + done.plain_text, done.repeat_line)


def _compose(alert: Alert, languages: Sequence[Lang], time_zone: str, quoted: int) -> Composer:
    out = Composer()
    _first_lines(out, alert, languages)
    _news(out, alert, languages[0])
    _their_words(out, alert, languages[0], quoted)
    _why(out, alert, languages)
    _sources(out, alert, languages[0], time_zone)
    _last_line(out, alert, languages[0])
    return out


def first_line(alert: Alert, lang: Lang) -> str:
    """What is reported and where, in one language, without the mark: `URGENT · strike reported · Zhanaozen`."""
    urgent = words(lang).say("severity.urgent") if alert.severity is Severity.URGENT else ""
    late = words(lang).say("card.late") if alert.late else ""
    parts = [part for part in (urgent, late, vocabulary.reported(alert, lang), vocabulary.where(alert, lang)) if part]
    line = cut(" · ".join(parts), LINE_UNITS)
    return line[:1].upper() + line[1:]


def _first_lines(out: Composer, alert: Alert, languages: Sequence[Lang]) -> None:
    mark = MARKS[alert.severity] + (LATE_MARK if alert.late else "")
    out.add(f"{mark} ")
    out.add(first_line(alert, languages[0]), "bold")
    for lang in languages[1:2]:
        out.add("\n")
        out.add(first_line(alert, lang), "italic")


def _news(out: Composer, alert: Alert, lead: Lang) -> None:
    """What is new since the first card, on a card that answers it."""
    if line := growth.news(alert, lead):
        out.add(f"\n{NEWS_MARK} {cut(line, LINE_UNITS)}")


def _their_words(out: Composer, alert: Alert, lead: Lang, quoted: int) -> None:
    out.add("\n\n")
    if alert.lang and alert.lang != lead:
        out.add(f"[{alert.lang}] ")
    _add_pieces(out, excerpts.headline(alert, HEADLINE_UNITS))
    pieces = excerpts.passage(alert, quoted) if _closed_at_home(alert) else excerpts.sentence(alert, quoted)
    out.add("\n")
    if not pieces:
        return
    long = sum(width(piece.text) for piece in pieces) > SENTENCE_UNITS
    opens, closes = quote_signs(pieces, lead)
    with out.span("expandable_blockquote" if long else "blockquote"):
        out.add(opens)
        _add_pieces(out, pieces)
        out.add(closes)


def quote_signs(pieces: Sequence[excerpts.Piece], lang: Lang) -> tuple[str, str]:
    """What opens and closes a quotation; where their words begin or end with a quotation mark, one is enough."""
    begins = pieces[0].text.lstrip()[:1] in QUOTATION_MARKS
    ends = pieces[-1].text.rstrip()[-1:] in QUOTATION_MARKS
    say = words(lang).say
    return "" if begins else say("quote.opens"), "" if ends else say("quote.closes")


def _add_pieces(out: Composer, pieces: Sequence[excerpts.Piece]) -> None:
    for piece in pieces:
        out.add(piece.text, *(("bold",) if piece.matched else ()))


def _why(out: Composer, alert: Alert, languages: Sequence[Lang]) -> None:
    out.add("\n")
    if why := vocabulary.matched(alert, languages):
        out.add(why + "\n")


def _sources(out: Composer, alert: Alert, lead: Lang, time_zone: str) -> None:
    say = words(lead).say
    if alert.links:
        first, *others = alert.links
        others.sort(key=lambda link: not link.quoted)  # whose words stand above is named next
        out.add(f"{vocabulary.outlet(first, lead)} · {_when(alert, first, lead, time_zone)}\n")
        _add_link(out, first, lead)
        if HOME in first.blocked_in:
            out.add(f" · {say('card.closed_at_home')}")
        out.add("\n")
        _others(out, others, lead)
    out.add(_spread(alert, lead, time_zone) + "\n")
    for line in growth.relatives(alert, lead):
        out.add(line + "\n")


def _spread(alert: Alert, lead: Lang, time_zone: str) -> str:
    """How many sources; once the story has grown, also which ones are missing and when it was looked at last."""
    doubt = words(lead).say("card.unverified")
    if alert.spread.updated_at is None and not alert.is_reply:
        return f"{source_count(alert, lead)}. {doubt}"
    return " · ".join(growth.spread(alert, lead, time_zone)) + f"\n{doubt}"


def _others(out: Composer, others: Sequence[Link], lead: Lang) -> None:
    if not others:
        return
    out.add(words(lead).say("card.also") + " ")
    for index, link in enumerate(others[:ALSO_SHOWN]):
        out.add(", " if index else "")
        label = vocabulary.outlet(link, lead)
        url = clean_link(link.url)
        if url:
            out.link(label, url, plain=label)
        else:
            out.add(label)
    if len(others) > ALSO_SHOWN:
        out.add(" " + words(lead).count("card.more", len(others) - ALSO_SHOWN))
    out.add("\n")


def source_count(alert: Alert, lang: Lang) -> str:
    """`One source`, `3 sources`."""
    count = len(alert.links)
    return words(lang).say("card.one_source") if count == 1 else words(lang).count("card.sources", count)


def _when(alert: Alert, link: Link, lead: Lang, time_zone: str) -> str:
    """When the outlet published it; of a late one also when it was found."""
    say = words(lead)
    published_at, seen_at = told_at(alert, link)
    if published_at is None:
        return say.say("card.seen", moment=say.moment(seen_at, time_zone))
    published = say.moment(published_at, time_zone, beside=seen_at)
    if not (alert.late and _is_quoted(alert, link)):
        return published
    return say.say("card.late_moment", published=published, seen=say.moment(seen_at, time_zone))


def told_at(alert: Alert, link: Link) -> tuple[datetime | None, datetime]:
    """When the outlet published it, if it says so, and when we found it; of the quoted one the alert itself knows."""
    if _is_quoted(alert, link):
        return alert.published_at, alert.seen_at
    return link.published_at, link.seen_at or alert.seen_at


def _is_quoted(alert: Alert, link: Link) -> bool:
    return link.quoted or not any(one.quoted for one in alert.links)


def _add_link(out: Composer, link: Link, lead: Lang) -> None:
    url = clean_link(link.url)
    if url is None:
        out.add(words(lead).say("card.no_link"))
        return
    out.link(link_label(url), url, plain=url if width(url) <= PLAIN_URL_UNITS else link_label(url))


def link_label(url: str) -> str:
    """What a link shows: its true host, and its path when that is short: `lada.kz/news/12345`, else `lada.kz/…`."""
    shown = visible_host(host(url)).removeprefix("www.")
    path = clean(unquote(urlsplit(url).path), one_line=True).rstrip("/")
    if "%" in path or "\ufffd" in path or width(shown + path) > LABEL_UNITS:  # not letters, or too many
        path = f"/{ELLIPSIS}"
    if len(shown) > LABEL_UNITS:  # whom a host belongs to stands at its end
        shown = ELLIPSIS + shown[-LABEL_UNITS:]
    return shown + path


def _last_line(out: Composer, alert: Alert, lead: Lang) -> None:
    tags = vocabulary.hashtags(alert, lead)
    out.add((f"{tags} · " if tags else "· ") + alert.ref)


def _closed_at_home(alert: Alert) -> bool:
    """Whether no account of the story can be opened in Kazakhstan."""
    return bool(alert.links) and all(HOME in link.blocked_in for link in alert.links)
