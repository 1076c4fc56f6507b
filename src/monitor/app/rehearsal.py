"""A rehearsal: one cycle on a copy of the archive. Servers are asked, nothing is kept, nobody is told."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path

from monitor import outbox
from monitor.app.house import House, open_house
from monitor.config.settings import Settings

_ALONG = ("recipients.key", "configuration.remembered")  # so that readers have the same names, and starts are quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message that would be said: how (send, edit or reply), by which channel, and its words."""

    ref: str
    channel: str
    action: str
    silent: bool
    text: str


@asynccontextmanager
async def rehearse(settings: Settings) -> AsyncIterator[House]:
    """A house with no senders on a copy of the archive; both are gone at the end.

    The copy lies in the data directory, which has room for an archive and is private. Raises what `open_house` raises.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=settings.data_dir) as name:
        _copy(settings.data_dir, Path(name))
        async with open_house(replace(settings, data_dir=Path(name)), senders={}) as house:
            yield house


def lines(house: House, after: int) -> list[Line]:
    """What waits to be said and was queued after the message of that number, the next one first."""
    return [
        Line(
            ref=one.message.ref,
            channel=one.message.channel,
            action=one.message.action,
            silent=one.message.silent,
            text=_words(one.message.body),
        )
        for one in outbox.waiting(house.db)
        if one.id > after
    ]


def newest(house: House) -> int:
    """The number of the last message."""
    return int(house.db.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0])


def _copy(archive: Path, stage: Path) -> None:
    """A consistent copy, also beside a daemon that writes."""
    for name in _ALONG:
        if (archive / name).is_file():
            shutil.copy(archive / name, stage)
    if (archive / "monitor.db").is_file():
        with (
            closing(sqlite3.connect(f"file:{archive / 'monitor.db'}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(stage / "monitor.db")) as target,
        ):
            source.backup(target)


def _words(body: str) -> str:
    """What a message says: a card's text, a letter's subject."""
    told = json.loads(body)
    return str(told.get("text") or told.get("subject") or "")
