"""Times at rest: UTC to the second, `2026-03-01T09:00:00Z`."""

import re
from datetime import UTC, datetime

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def stamp(moment: datetime) -> str:
    """An aware time as UTC text to the second; such texts sort as the times do. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    there = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return there.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def unstamp(text: str) -> datetime:
    """What `stamp` wrote, as an aware UTC time. Raises ValueError for anything else."""
    if not _FORM.fullmatch(text):
        raise ValueError(f"{text!r} is no time as we write it")
    return datetime.fromisoformat(text)
