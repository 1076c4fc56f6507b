"""What time do others have? Every answer of a server names its own, and nobody has to be asked for it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.model import Response
from monitor.text.urls import host

REMEMBERED = timedelta(minutes=30)
MOST = 256


class Witnesses:
    """By how much our clock is ahead of each host's, as their last answers tell."""

    def __init__(self) -> None:
        self._skews: dict[str, tuple[datetime, timedelta]] = {}

    def note(self, response: Response) -> None:
        """Remember what time the server of an answer has."""
        told = served_at(response)
        if told is not None:
            self._skews.pop(name := host(response.url), None)
            self._skews[name] = (response.received_at, response.received_at - told)
            if len(self._skews) > MOST:
                del self._skews[next(iter(self._skews))]

    def lately(self, now: datetime) -> dict[str, timedelta]:
        """By how much we are ahead of each host that answered in the last half hour."""
        return {name: skew for name, (at, skew) in self._skews.items() if timedelta(0) <= now - at <= REMEMBERED}


def served_at(response: Response) -> datetime | None:
    """When a server says that it answered: its Date, and the Age of what came out of a cache."""
    try:
        date = parsedate_to_datetime(response.headers.get("date", ""))
        age = timedelta(seconds=int(response.headers.get("age", "0")[:10]))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)) + age
    except (ValueError, OverflowError):  # the last day of the year 9999 may be told, but nothing comes after it
        return None
