"""The coverage line: what tells silence from blindness.

`41 of 44 watched sources read. 75 known ones are not watched. Blind: lada.kz since 07:10 Almaty (blocked). Probable
gap: Власть 35 min. Unusually quiet: Ак Жайык since yesterday 18:40 Almaty.`
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model import Coverage, Lang
from monitor.render.catalogue import words
from monitor.render.cutting import cut, tame

BLIND_SHOWN = 3
REGIONS_SHOWN = 4
NAME_UNITS = 60
# The one word of an error or a state of health → the words for it; what stands nowhere here cannot be read.
_WHY = (
    dict.fromkeys(("blocked", "not-a-feed", "not-a-page", "not-a-sitemap"), "blind.blocked")
    | {"robots": "blind.robots", "preview-off": "blind.preview_off", "tls": "blind.certificate"}
    | dict.fromkeys(("timeout", "dns", "connect", "protocol", "proxy", "truncated"), "blind.unreachable")
    | {"throttled": "blind.throttled", "status": "blind.error", "redirect": "blind.error"}
    | {"emptied": "blind.emptied", "garbled": "blind.garbled", "quarantined": "blind.quarantined"}
    | {"quiet": "blind.quiet", "stale": "blind.stale", "moved": "blind.moved"}
    | {"not polled": "blind.not_polled", "not polled yet": "blind.new"}
)
_UNREADABLE = "blind.unreadable"
_MINUTE = timedelta(minutes=1)


def coverage_line(
    coverage: Coverage, lang: Lang, time_zone: str, *, shown: int = BLIND_SHOWN, now: datetime | None = None
) -> str:
    """How much we could see, in one paragraph; at most `shown` sources by name for each thing that is wrong."""
    return " ".join(coverage_sentences(coverage, lang, time_zone, shown=shown, now=now))


def coverage_sentences(
    coverage: Coverage,
    lang: Lang,
    time_zone: str,
    *,
    shown: int = BLIND_SHOWN,
    now: datetime | None = None,
    regions: Sequence[str] = (),
) -> list[str]:
    """The same in parts: how much is read, how much is not watched, and last what could not be seen.

    Times of the day of `now` and of the day before it are said without a date. `regions` are the names of those whose
    news may be missing.
    """
    say = words(lang)
    parts = [say.count("coverage.read", coverage.watched_count, read=coverage.read_count)]
    if coverage.unwatched_count:
        parts.append(say.count("coverage.unwatched", coverage.unwatched_count))
    unseen = []
    if coverage.blind:
        outlets = _some(blind_names(coverage, lang, time_zone, now=now), lang, shown)
        where = _some(regions, lang, REGIONS_SHOWN)
        if regions:
            unseen.append(say.count("coverage.blind_where", len(regions), outlets=outlets, regions=where))
        else:
            unseen.append(say.say("coverage.blind", outlets=outlets))
    if coverage.gaps:
        unseen.append(say.say("coverage.gap", outlets=_some(_gap_names(coverage, lang), lang, shown)))
    if coverage.quiet:
        quiet = [_with_since(_name(name), since, lang, time_zone, now) for name, since in coverage.quiet]
        unseen.append(say.say("coverage.quiet", outlets=_some(quiet, lang, shown)))
    if unseen:
        return [*parts, " ".join(unseen)]
    return [*parts, say.say("coverage.none_blind")] if coverage.watched_count else parts


def blind_names(coverage: Coverage, lang: Lang, time_zone: str, *, now: datetime | None = None) -> list[str]:
    """Every source that is not read at the moment, with the time since when, and why."""
    return [line(_name(outlet), since, reason, lang, time_zone, now=now) for outlet, since, reason in coverage.blind]


def line(
    outlet: str, since: datetime | None, reason: str, lang: Lang, time_zone: str, *, now: datetime | None = None
) -> str:
    """One source, since when and why: `lada.kz since 07:10 Almaty (blocked)`. Its name stands as it is given."""
    name = _with_since(outlet, since, lang, time_zone, now)
    return words(lang).say("coverage.because", outlet=name, why=why(reason, lang)) if reason else name


def why(reason: str, lang: Lang) -> str:
    """The words for the one word that says why a source is not read."""
    return words(lang).say(_WHY.get(reason, _UNREADABLE))


def span(length: timedelta, lang: Lang) -> str:
    """How long something lasted, by its two largest units: `35 min`, `1 hr 35 min`, `2 days 3 hr`."""
    minutes = max(round(length / _MINUTE), 1)
    days, hours = divmod(minutes // 60, 24)
    parts = [(days, "day"), (hours, "hour"), (minutes % 60, "minute")]
    largest = next(place for place, (number, _) in enumerate(parts) if number)
    return " ".join(words(lang).units(number, unit) for number, unit in parts[largest : largest + 2] if number)


def _gap_names(coverage: Coverage, lang: Lang) -> list[str]:
    say = words(lang)
    return [
        say.say("coverage.gap_of", outlet=_name(outlet), span=span(length, lang)) for outlet, length in coverage.gaps
    ]


def _with_since(outlet: str, since: datetime | None, lang: Lang, time_zone: str, now: datetime | None) -> str:
    say = words(lang)
    if since is None:
        return outlet
    return say.say("coverage.blind_since", outlet=outlet, since=say.since(since, time_zone, now=now))


def _some(names: Sequence[str], lang: Lang, shown: int) -> str:
    """The first few of them, and how many more there are."""
    listed = ", ".join(names[:shown])
    return listed if len(names) <= shown else f"{listed} {words(lang).count('coverage.blind_more', len(names) - shown)}"


def _name(outlet: str) -> str:
    return cut(tame(outlet), NAME_UNITS)
