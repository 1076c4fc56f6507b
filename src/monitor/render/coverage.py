"""The coverage line: what tells silence from blindness.

`41 of 44 watched sources read. 75 known ones are not watched. Blind: lada.kz since 07:10 Almaty.`
"""

from datetime import datetime

from babel.dates import format_timedelta

from monitor.model import Coverage, Lang
from monitor.render.catalogue import words
from monitor.render.cutting import cut, tame

BLIND_SHOWN = 3
NAME_UNITS = 60


def coverage_line(coverage: Coverage, lang: Lang, time_zone: str, *, shown: int = BLIND_SHOWN) -> str:
    """How much we could see, in one paragraph; at most `shown` blind sources by name."""
    return " ".join(coverage_sentences(coverage, lang, time_zone, shown=shown))


def coverage_sentences(
    coverage: Coverage, lang: Lang, time_zone: str, *, shown: int = BLIND_SHOWN, now: datetime | None = None
) -> list[str]:
    """The same, sentence by sentence; times of the day of `now` and of the day before it are said without a date."""
    say = words(lang)
    sentences = [say.count("coverage.read", coverage.watched_count, read=coverage.read_count)]
    if coverage.unwatched_count:
        sentences.append(say.count("coverage.unwatched", coverage.unwatched_count))
    if coverage.gap:
        span = format_timedelta(coverage.gap, locale=lang)
        sentences.append(say.say("coverage.gap", span=span))
    names = blind_names(coverage, lang, time_zone, now=now)
    if not names:
        return [*sentences, say.say("coverage.none_blind")] if coverage.watched_count else sentences
    outlets = ", ".join(names[:shown])
    if len(names) > shown:
        outlets += " " + say.count("coverage.blind_more", len(names) - shown)
    return [*sentences, say.say("coverage.blind", outlets=outlets)]


def blind_names(coverage: Coverage, lang: Lang, time_zone: str, *, now: datetime | None = None) -> list[str]:
    """Every source that is not read at the moment, with the time since when."""
    say = words(lang)
    named: list[str] = []
    for outlet, since, _reason in coverage.blind:
        name = cut(tame(outlet), NAME_UNITS)
        if since:
            name = say.say("coverage.blind_since", outlet=name, since=say.since(since, time_zone, now=now))
        named.append(name)
    return named
