"""Dates as outlets write them: RFC 822, ISO 8601, dotted, unix, with Russian and Kazakh months, with or without a zone.

A date with an explicit offset is trusted; one without is in the feed's own zone, because that is what a newsroom's
clock shows. What cannot be read is None: nobody is told a wrong time.
"""

import importlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

_MAX_LENGTH = 100  # longer is a sentence, not a date
_EARLIEST_YEAR = 1990  # 0001-01-01 and 1970-01-01 are what programs write for "unknown"
_CENTURY_TURN = 69  # two-digit years: 69-99 are of the last century, as RFC 2822 reads them
_MONTHS_IN_A_YEAR = 12
_NOON = 12
_LAST_SECOND = 59
_MILLISECONDS = 10**11  # unix times beyond this many are in milliseconds
_KAZAKH_MONTHS = {
    "қаң": 1,
    "ақп": 2,
    "нау": 3,
    "сәу": 4,
    "мам": 5,
    "мау": 6,
    "шіл": 7,
    "там": 8,
    "қыр": 9,
    "қаз": 10,
    "қар": 11,
    "жел": 12,
}
_RUSSIAN_MONTHS = {
    "янв": 1,
    "фев": 2,
    "мар": 3,
    "апр": 4,
    "май": 5,
    "мая": 5,
    "июн": 6,
    "июл": 7,
    "авг": 8,
    "сен": 9,
    "окт": 10,
    "ноя": 11,
    "дек": 12,
}
_ENGLISH_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
# Kazakh letters that a Russian keyboard lacks are often typed as their nearest Russian ones.
RUSSIAN_KEYS = str.maketrans("қңәіғүұөһ", "кнаигууох")
_MONTHS: Mapping[str, int] = {
    name.translate(RUSSIAN_KEYS): month
    for names in (_KAZAKH_MONTHS, _RUSSIAN_MONTHS, _ENGLISH_MONTHS)
    for name, month in names.items()
}
_ALMATY = "Asia/Almaty"
# Zone names that feeds use, as a place or as hours; of ambiguous ones the reading that a feed in our field means.
_PLACES = {
    "ALMT": _ALMATY,
    "ALT": _ALMATY,
    "KZT": _ALMATY,
    "ASTT": _ALMATY,
    "QYZT": "Asia/Qyzylorda",
    "AQTT": "Asia/Aqtau",
    "AQTST": "Asia/Aqtobe",
    "ORAT": "Asia/Oral",
    "MSK": "Europe/Moscow",
    "MSD": "Europe/Moscow",
    "ET": "America/New_York",
    "PT": "America/Los_Angeles",
}
_HOURS = {
    "Z": 0,
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "BST": 1,
    "CET": 1,
    "MET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "TRT": 3,
    "SAMT": 4,
    "UZT": 5,
    "YEKT": 5,
    "PKT": 5,
    "KGT": 6,
    "OMST": 6,
    "NOVT": 7,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "JST": 9,
    "HKT": 8,
    "SGT": 8,
}

_TIME = r"(?:\s*[,|–-]?\s*(?:(?:в|at|сағат|сагат|t)\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:[.,]\d+)?\s*(?P<half>[ap]\.?m\.?\b)?)?"
_ZONE = r"\s*(?P<zone>\(?(?:gmt|utc)?\s*[+-]\d{1,2}:?(?:\d{2})?\)?|\(?[a-z]{1,5}\)?)?(?:\s*\([\w\s+:-]*\))?"
_YEAR_END = r"(?:\s*(?:года?|г|жылы?|ж)\b\.?)?"
_WEEKDAY = r"(?:[^\W\d_]+\.?,?\s+)?"
_FORMS = tuple(
    re.compile(form + _YEAR_END + _TIME + _ZONE, re.IGNORECASE)
    for form in (
        # Mon, 06 Sep 2021 · 6 сентября 2021 г. · 20.11.2026 · 20/11/26
        _WEEKDAY
        + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s./-]+(?P<month>\d{1,2}|[^\W\d_]+)\.?,?[\s./-]+(?P<year>\d{4}|\d{2})(?!\d)",
        # 2021-09-06 · 2021/9/6
        r"(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})(?!\d)",
        # 2026 жылғы 20 қараша
        r"(?P<year>\d{4})\s*(?:жылғы|жылгы|жыл|ж\.?)?,?\s+(?P<day>\d{1,2})\s+(?P<month>[^\W\d_]+)\.?",
        # Sep 6, 2021 · Monday, September 6, 2021
        _WEEKDAY + r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)",
    )
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")


def read_date(raw: str, zone: str, now: datetime) -> datetime | None:
    """The moment a feed's date means, as aware UTC, or None when it cannot be read.

    `zone` names the time zone of dates without an offset. A date in the future, as seen from `now`, is `now`.
    """
    text = " ".join(raw.split())[: _MAX_LENGTH + 1]
    if not text or len(text) > _MAX_LENGTH:
        return None
    moment = _unix(text) or _written(text, zone) or _by_dateparser(text, zone, now)
    if moment is None or moment.year < _EARLIEST_YEAR:
        return None
    return min(moment, now)


def _unix(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970, when the text is nothing but such a number."""
    if not (text.isascii() and text.isdigit() and len(text) in (9, 10, 13)):
        return None
    number = int(text)
    return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, tz=UTC)


def _written(text: str, zone: str) -> datetime | None:
    """A date in one of the usual forms, the whole text of it."""
    for form in _FORMS:
        found = form.fullmatch(text)
        if found and (moment := _assembled(found, zone)) is not None:
            return moment
    return None


def _assembled(found: re.Match[str], zone: str) -> datetime | None:
    month = month_number(found["month"])
    day = int(found["day"])
    if month > _MONTHS_IN_A_YEAR >= day:  # 11/20/2026: an American wrote it
        day, month = month, day
    second = min(int(found["second"] or 0), _LAST_SECOND)  # a leap second is the one before it
    try:
        local = datetime(
            full_year(found["year"]),
            month,
            day,
            _hour(found),
            int(found["minute"] or 0),
            second,
            tzinfo=_zone(found["zone"], zone),
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def full_year(digits: str) -> int:
    """A year of two or four digits, in full."""
    if len(digits) > len("99"):
        return int(digits)
    return int(digits) + (1900 if int(digits) >= _CENTURY_TURN else 2000)


def month_number(word: str) -> int:
    """1 to 12, a larger number as it stands, 0 for a word that is no month."""
    if word.isdigit():
        return int(word)
    return _MONTHS.get(word.lower().translate(RUSSIAN_KEYS)[:3], 0)


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"] or 0)
    half = (found["half"] or "")[:1].lower()
    if half and 1 <= hour <= _NOON:
        return hour % _NOON + (_NOON if half == "p" else 0)
    return hour


def _zone(name: str | None, default: str) -> tzinfo:
    """The zone a date names; the feed's own when it names none, or one we do not know."""
    label = (name or "").strip("() ").upper()
    if offset := _OFFSET.search(label):
        sign, hours, minutes = offset.groups()
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(span if sign == "+" else -span)
    if label in _HOURS:
        return timezone(timedelta(hours=_HOURS[label]))
    return place_of(_PLACES.get(label, default))


@lru_cache(maxsize=64)
def place_of(zone: str) -> tzinfo:
    """A time zone by its name; UTC for one there is not."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # a typo in the configuration must not cost the date
        return UTC


def _by_dateparser(text: str, zone: str, now: datetime) -> datetime | None:
    """Whatever is left: "вчера в 14:20", "3 сағат бұрын", forms nobody listed. Slow, so only for what looks like a date."""
    if not any(letter.isdigit() for letter in text) and not any("а" <= letter <= "я" for letter in text.lower()):
        return None
    place = place_of(zone)
    settings = {
        "DATE_ORDER": "DMY",
        "TIMEZONE": zone if place is not UTC else "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "RELATIVE_BASE": now.astimezone(place).replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["day", "month"],  # "2026-11" is no moment
    }
    try:
        found = _dateparser().parse(text, languages=["ru", "kk", "en"], settings=settings)
    except (ValueError, OverflowError, TypeError, AttributeError, LookupError, RecursionError):
        return None
    return found.astimezone(UTC) if found is not None else None


@lru_cache(maxsize=1)
def _dateparser() -> Any:
    """dateparser, imported on first use: most feeds never need it."""
    return importlib.import_module("dateparser")
