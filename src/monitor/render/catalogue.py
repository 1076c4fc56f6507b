"""Every word a reader sees, in one catalogue per language.

The words stand in `locale/<language>/LC_MESSAGES/monitor.po`, a format that translators' tools know. A key that a
language lacks falls back to English, so that a forgotten line never stops an alert; a test finds it first.

Babel, which knows dates, units and places in every language, is loaded with the first word: most polls say none.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.model import Lang

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue of one language: words, plurals, dates."""

    lang: Lang
    translations: GNUTranslations

    def has(self, key: str) -> bool:
        """Whether the catalogue, or the English one behind it, knows `key`."""
        return self.translations.gettext(key) != key

    def say(self, key: str, **fields: object) -> str:
        """The words for `key`, with `{fields}` filled in."""
        return self.translations.gettext(key).format_map(fields)

    def count(self, key: str, number: int, **fields: object) -> str:
        """The words for `key` in the plural form that `number` asks for; `{count}` is the number."""
        return self.translations.ngettext(key, key, number).format_map({"count": number, **fields})

    def date(self, day: date, key: str) -> str:
        """A date in the pattern that `key` names."""
        said: str = _babel("dates").format_date(day, self.say(key), locale=self.lang)
        return said

    def units(self, number: int, unit: str) -> str:
        """So many of a unit of time (`day`, `hour`, `minute`), short."""
        said: str = _babel("units").format_unit(number, f"duration-{unit}", length="short", locale=self.lang)
        return said

    def day(self, when: datetime, time_zone: str, *, beside: datetime | None = None) -> str:
        """The local date, with its year only when it is another than that of `beside`."""
        local = when.astimezone(ZoneInfo(time_zone))
        same_year = beside is None or beside.astimezone(ZoneInfo(time_zone)).year == local.year
        return self.date(local.date(), "date.day" if same_year else "date.day_year")

    def clock(self, when: datetime, time_zone: str) -> str:
        """The local time with the name of its zone: `14:20 Almaty`."""
        local = when.astimezone(ZoneInfo(time_zone))
        return self.say("date.clock", time=f"{local:%H:%M}", zone=self.zone(time_zone))

    def zone(self, time_zone: str) -> str:
        """The city that names the zone."""
        city: str = _babel("dates").get_timezone_location(ZoneInfo(time_zone), locale=self.lang, return_city=True)
        return city

    def moment(self, when: datetime, time_zone: str, *, beside: datetime | None = None) -> str:
        """Date, time and zone: `21 Nov, 14:20 Almaty`."""
        return self.say("date.moment", day=self.day(when, time_zone, beside=beside), clock=self.clock(when, time_zone))

    def since(self, when: datetime, time_zone: str, *, now: datetime | None = None) -> str:
        """From when on, as people say it: `since 07:10 Almaty`, `since yesterday 07:30 Almaty`, `since 18 November, …`.

        Without `now` there is no today and no yesterday.
        """
        zone, clock = ZoneInfo(time_zone), self.clock(when, time_zone)
        local = when.astimezone(zone).date()
        today = now.astimezone(zone).date() if now else None
        if today == local:
            return self.say("date.since_clock", clock=clock)
        if today == local + timedelta(days=1):
            return self.say("date.since_yesterday", clock=clock)
        same_year = today is None or today.year == local.year
        full = self.date(local, "date.day_full")
        day = full if same_year else self.day(when, time_zone, beside=now)
        return self.say("date.since_day", day=day, clock=clock)


def _babel(room: str) -> Any:
    return importlib.import_module(f"babel.{room}")


def read_catalogue(lang: Lang) -> "Catalog":
    """The catalogue file of one language, as babel reads it."""
    with (FOLDER / lang / "LC_MESSAGES" / "monitor.po").open("rb") as file:
        catalogue: Catalog = _babel("messages.pofile").read_po(file, locale=lang)
        return catalogue


@cache
def words(lang: Lang) -> Words:
    """The words of one language; read from its file on first use."""
    compiled = BytesIO()
    _babel("messages.mofile").write_mo(compiled, read_catalogue(lang))
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    if lang != "en":
        translations.add_fallback(words("en").translations)
    return Words(lang, translations)


def name_of(names: Mapping[str, str], languages: Sequence[str]) -> str:
    """The first name there is in `languages`, in that order, else any; empty when there is none."""
    for lang in languages:
        if name := names.get(lang):
            return name
    return next(iter(names.values()), "")
