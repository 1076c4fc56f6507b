"""The demo: the main job end to end on a small press of our own, in two acts and a morning, by a fixed clock.

Act one is the baseline: a first look at what the outlets published before. Act two, six hours later, is the news.
Then the clock goes on to the next morning and the letter is written. No token, no mail server, no proxy, no internet.
"""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from monitor.app.house import House, open_house, preview_folder
from monitor.app.summary import summarise
from monitor.config.settings import Settings
from monitor.deliver import dispatch, editions
from monitor.ingest import poll
from monitor.newsroom.outlets import ACT_TIMES, write_feeds
from monitor.newsroom.press import Press

MORNING = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)  # 07:30 in Almaty
BEFORE_ALL = ACT_TIMES[1] - timedelta(hours=1)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is set."""

    at: datetime

    def __call__(self) -> datetime:
        """The time it was set to."""
        return self.at


@dataclass(slots=True, kw_only=True)
class Played:
    """What the demo did: a summary an act, the cards as sent, and where to look."""

    acts: dict[str, dict[str, Any]] = field(default_factory=dict)
    cards: list[str] = field(default_factory=list)
    channel: Path = Path()
    letter: Path = Path()


def shipped(name: str) -> Path:
    """A configuration file as shipped: inside the installed package, or in the checkout it is run from."""
    packaged = Path(str(resources.files("monitor"))) / "shipped" / name
    return packaged if packaged.exists() else Path(__file__).parents[3] / "config" / name


async def play(settings: Settings, *, drip: float = 1.0) -> Played:
    """Play the demo in a fresh `DATA_DIR/demo`; `drip` is how many seconds the slow feed takes."""
    stage = settings.data_dir / "demo"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700, parents=True)
    shutil.copyfile(shipped("keywords.yaml"), stage / "keywords.yaml")
    clock, played = FixedClock(BEFORE_ALL), Played()
    with Press(drip=drip) as press:
        write_feeds(stage, press.base)
        own = Settings(
            config_dir=stage,
            data_dir=stage,
            allow_hosts=frozenset({press.address}),
            host_interval=timedelta(0),
            languages=settings.languages,
        )
        async with open_house(own, clock=clock) as house:
            house.desk = replace(house.desk, feeds_at_once=1)  # one after the other: the same story leads in every run
            editions.issue(house.library, house.recipients.readers, clock())  # the house opens; nothing is owed yet
            for act, when in ACT_TIMES.items():
                clock.at, press.act = when, act
                played.acts[f"act {act}"] = await _act(house)
            clock.at = MORNING
            await poll.cycle(house.desk, everything=True)  # nothing new overnight; the letter says what is still read
            editions.issue(house.library, house.recipients.readers, clock())
            await dispatch.drain(house.dispatch)
            played.cards = _cards(house)
    folder = preview_folder(own)
    played.channel, played.letter = folder / "channel.html", folder / "digest-2026-11-21.html"
    return played


async def _act(house: House) -> dict[str, Any]:
    """One cycle over every outlet, and its summary."""
    started = time.monotonic()
    report = await poll.cycle(house.desk, everything=True)
    sent = await dispatch.drain(house.dispatch)
    return summarise(house, report, sent, time.monotonic() - started)


def _cards(house: House) -> list[str]:
    """The first line and the headline of every card, as they were sent."""
    rows: list[Mapping[str, Any]] = list(
        house.db.query(
            "SELECT s.severity, s.ref, s.title FROM messages m JOIN stories s ON s.ref = m.ref "
            "WHERE m.state = 'sent' AND m.ref <> '' AND m.action <> 'edit' ORDER BY m.id"
        )
    )
    return [f"{row['severity']:<6} {row['ref']}  {row['title']}" for row in rows]
