"""Days as people type them on the command line."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import click

FORMS = ("%Y-%m-%d", "%d.%m.%Y")


class Day(click.ParamType[date]):
    """A date: `2026-11-20`, or `20.11.2026` as people in Kazakhstan write it."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date. Raises BadParameter."""
        if isinstance(value, date):
            return value
        for form in FORMS:
            with suppress(ValueError):
                return datetime.strptime(value, form).date()  # noqa: DTZ007 - a day has no zone
        raise click.BadParameter(f"{value!r} is not a day. Write it as 2026-11-20 or 20.11.2026.", ctx, param)


DAY = Day()
