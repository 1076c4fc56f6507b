"""Times at rest: UTC to the second, `2026-03-01T09:00:00Z`."""

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def stamp(moment: datetime) -> str:
    """An aware time as UTC text to the second; such texts sort as the times do. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    moment = moment.astimezone(UTC)
    # strftime("%Y") leaves out the zeros of years before 1000 on some systems
    return f"{moment.year:04d}{moment.strftime(_FORM.removeprefix('%Y'))}"


def unstamp(text: str) -> datetime:
    """What `stamp` wrote, as an aware UTC time. Raises ValueError for anything else."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
