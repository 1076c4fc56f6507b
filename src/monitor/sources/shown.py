"""Dates as lists show them to people: "сегодня, 14:20", "2 сағат бұрын", "20 ноября" without a year, a bare "14:20".

A day heads a whole group of times often enough, so what is found is kept in two halves and put together later.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.sources.dates import RUSSIAN_KEYS, full_year, month_number, place_of

LONGEST = 80  # characters of a line that shows a date; longer ones are sentences that mention one
_LEADING = 40  # … and the date stands near its beginning
_OTHER_WORDS = 7  # … beside a rubric, an author and a count of views
_END_OF_DAY = time(23, 59)

_MONTHS = (
    r"(?:январ[ья]|янв|феврал[ья]|фев|марта?|мар|апрел[ья]|апр|ма[йя]|июн[ья]|июн|июл[ья]|июл|августа?|авг|сентябр[ья]|сент?"
    r"|октябр[ья]|окт|ноябр[ья]|нояб?|декабр[ья]|дек"
    r"|кантар(?:дын|да)?|акпан(?:нын|да)?|наурыз(?:дын|да)?|сауир(?:дин|де)?|мамыр(?:дын|да)?|маусым(?:нын|да)?"
    r"|шилде(?:нин|де)?|тамыз(?:дын|да)?|кыркуйек(?:тин|те)?|казан(?:нын|да)?|караша(?:нын|да)?|желтоксан(?:нын|да)?"
    r"|(?:кан|акп|нау|сау|мам|мау|шил|там|кыр|каз|кар|жел)(?=\.|,|\s+\d|\s*$)"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\b\.?"
)
_YEAR_WORD = r"(?:\s*(?:года?|г|жылы?|ж)\b\.?)?"
_DAYS = (
    # 2026 жылғы 20 қараша
    rf"(?P<year>(?:19|20)\d\d)\s*(?:жылгы|жыл|ж\.)?,?\s+(?P<day>\d{{1,2}})\s+(?P<month>{_MONTHS})",
    # 20 ноября 2026 г. · 20 қараша, 2026 · 20 Nov · 20th November 2026
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<month>{_MONTHS})(?:[\s,-]+(?P<year>(?:19|20)\d\d)\b{_YEAR_WORD})?",
    # November 20, 2026 · Nov 20
    rf"(?P<month>{_MONTHS})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?",
    # 2026-11-20 · 2026.11.20
    r"(?P<year>(?:19|20)\d\d)[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})(?!\d)",
    # 20.11.2026 · 20/11/26
    r"(?<![\d.])(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>(?:19|20)?\d\d)(?![\d.]*\d)",
)
_DAY_WORDS = {"сегодня": 0, "бугин": 0, "today": 0, "вчера": 1, "кеше": 1, "yesterday": 1, "позавчера": 2}
_AGO = re.compile(
    r"(?:(?P<count>\d{1,3})\s*)?\b(?P<unit>сек\w*|мин\w*|час\w*|ч|д(?:ень|ня|ней)|недел\w*|саг\w*|кун|апта"
    r"|seconds?|minutes?|mins?|hours?|days?|weeks?)\b\.?\s+(?:назад|бурын|ago)\b"
)
_JUST_NOW = re.compile(r"\b(?:только что|жана гана|just now)\b")
_SPOKEN = re.compile(r"\b(" + "|".join(_DAY_WORDS) + r")\b")
_WRITTEN = tuple(re.compile(form) for form in _DAYS)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])\s*(?P<half>[ap]\.?m\b)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a line shows of a date, its words, and where they stand; `moment` when it was said as a distance from now."""

    words: str
    day: date | None = None
    clock: time | None = None
    moment: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether a day is known; a bare time needs one from elsewhere."""
        return self.day is not None or self.moment is not None


def shown_date(line: str, zone: str, now: datetime) -> Shown | None:
    """The date that a line of a list shows, or None when it shows none or is a sentence.

    `zone` is the outlet's; a day without a year is the last such day.
    """
    text = " ".join(line.split())
    if not text or len(text) > LONGEST:
        return None
    folded = text.lower().translate(RUSSIAN_KEYS)
    local = now.astimezone(place_of(zone))
    found, spans = _day(folded, local)
    clock = _CLOCK.search(_blanked(folded, spans))
    if clock:
        spans = [*spans, clock.span()]
    if not spans or min(start for start, _ in spans) > _LEADING or _is_sentence(folded, spans):
        return None
    words = text[min(start for start, _ in spans) : max(end for _, end in spans)].strip(" ,|")
    if isinstance(found, datetime):
        return Shown(words=words, moment=found.astimezone(UTC))
    return Shown(words=words, day=found, clock=_time(clock) if clock else None)


def moment_of(shown: Shown, zone: str, now: datetime, *, heading: date | None = None) -> datetime | None:
    """The moment that is meant, as UTC and never in the future.

    A bare time is of the `heading`'s day; without one, the last time the clock showed it. A day without a time is its
    end: lists tell days, and a late hour errs to the news.
    """
    if shown.moment is not None:
        return min(shown.moment, now)
    place = place_of(zone)
    day = shown.day or heading
    if day is None and shown.clock is None:
        return None
    today = now.astimezone(place).date()
    local = datetime.combine(day or today, shown.clock or _END_OF_DAY, place)
    if day is None and local > now:
        local -= timedelta(days=1)
    return min(local.astimezone(UTC), now)


def _day(text: str, local: datetime) -> tuple[date | datetime | None, list[tuple[int, int]]]:
    """The day or moment that a folded text names, and where; spoken ones first, for "сегодня" needs no digits."""
    if found := _JUST_NOW.search(text):
        return local, [found.span()]
    if found := _AGO.search(text):
        return _before(found, local), [found.span()]
    if found := _SPOKEN.search(text):
        return (local - timedelta(days=_DAY_WORDS[found[1]])).date(), [found.span()]
    for form in _WRITTEN:
        for found in form.finditer(text):
            if (day := _date(found, local.date())) is not None:
                return day, [found.span()]
    return None, []


def _before(found: re.Match[str], local: datetime) -> date | datetime:
    """So long ago: days and weeks as a day, less as a moment."""
    unit = _unit(found["unit"])
    span = timedelta(**{unit: int(found["count"] or 1)})
    return (local - span).date() if unit in ("days", "weeks") else local - span


def _unit(word: str) -> str:
    names = {"sec": "seconds", "сек": "seconds", "min": "minutes", "мин": "minutes", "hou": "hours", "час": "hours"}
    names |= {"ч": "hours", "саг": "hours", "day": "days", "ден": "days", "дня": "days", "дне": "days", "кун": "days"}
    return names.get(word[:3], "weeks")


def _date(found: re.Match[str], today: date) -> date | None:
    month, day = month_number(found["month"]), int(found["day"])
    year = full_year(found["year"]) if found["year"] else today.year
    try:
        named = date(year, month, day)
    except ValueError:
        return None
    if found["year"] is None and named > today + timedelta(days=1):
        return named.replace(year=year - 1) if (named.month, named.day) != (2, 29) else None
    return named


def _time(found: re.Match[str]) -> time:
    hour = int(found["hour"])
    half = (found["half"] or "")[:1]
    if half and 1 <= hour <= 12:  # noqa: PLR2004 - the twelve hours of a clock
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found["minute"]))


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_sentence(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether there are more words beside the date than a rubric, an author and a count need."""
    rest = _blanked(text, spans)
    return len(re.findall(r"[^\W\d_]{2,}", rest)) > _OTHER_WORDS
