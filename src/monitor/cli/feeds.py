"""`monitor feeds`: the sources, how they are, and what is done with them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.adding import add
from monitor.cli.discovery import discover
from monitor.cli.opml import export_opml, import_opml
from monitor.cli.output import print_json, print_table, say
from monitor.cli.switching import switch_off, switch_on
from monitor.cli.trust import trust
from monitor.cli.tryout import test
from monitor.config.settings import Settings
from monitor.text.times import stamp

if TYPE_CHECKING:
    from monitor.history.standing import Source, Standing
    from monitor.model import Feed

OFF = "off"
# What needs a look comes first.
ORDER = ("quarantined", "blocked", "failing", "garbled", "emptied", "moved", "gap", "stale", "quiet", "new", "ok", OFF)
COLOURS = {"ok": "green", "new": "cyan", "quiet": "yellow", "stale": "yellow", "gap": "yellow", "moved": "yellow"}
COLOURS |= dict.fromkeys(("quarantined", "blocked", "failing", "garbled", "emptied"), "red") | {OFF: "bright_black"}
WORDS = {
    "gap": "shares no item with the time before, so something may have passed unseen",
    "emptied": "answers, and nothing is in it",
    "garbled": "its letters are damaged",
    "quiet": "silent for longer than it usually is",
    "stale": "silent for a month: probably forgotten by its makers",
}
SPANS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))
NEVER = "–"


@click.group
def feeds() -> None:
    """List, try, find and add sources."""


for command in (test, discover, add, switch_on, switch_off, trust, import_opml, export_opml):
    feeds.add_command(command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One known source with how it is; `source` is None for one that is switched off, `remark` what the file says."""

    feed: "Feed"
    source: "Source | None" = None
    remark: str = ""

    @property
    def health(self) -> str:
        """A word of `Health`, or `off`."""
        return self.source.health.value if self.source else OFF


@feeds.command("list", short_help="List the sources and how they are.")
@click.option("--all", "everything", is_flag=True, help="Also the sources that are switched off, and why they are.")
@click.option("--health", "wanted", multiple=True, type=click.Choice(ORDER), help="Only these; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print all of them as JSON.")
@click.pass_obj
def list_feeds(door: Door, *, everything: bool, wanted: tuple[str, ...], as_json: bool) -> None:
    """List the sources with their health, those that need a look first."""
    from monitor.app.environment import now

    rows, found = known_sources(door.settings)
    at = found.at if found else now()
    chosen = [row for row in rows if row.health in wanted or not wanted]
    if as_json:
        print_json([_record(row) for row in chosen])
        return
    shown = [row for row in chosen if everything or wanted or row.source]
    shown.sort(key=lambda row: ORDER.index(row.health) if row.health in ORDER else -1)
    if shown:
        heads = ("health", "source", "read", "news", "remark")
        print_table(heads, [_cells(row, at) for row in shown], COLOURS)
    say(*_summary(rows, found, shown, door.settings))


def known_sources(settings: Settings) -> "tuple[list[Row], Standing | None]":
    """Every source of feeds.yaml in its order, and the standing of all; None when nothing was ever read.

    Raises ConfigError when the file is refused.
    """
    from monitor.app.environment import now
    from monitor.config.exchange import read
    from monitor.config.files import FEEDS, read_feeds
    from monitor.config.remarks import remarks
    from monitor.history.standing import Source, standing
    from monitor.model import FeedState, Health
    from monitor.schema import open_database

    path = settings.config_dir / FEEDS
    known = read_feeds(path)
    said = remarks(read(path))
    database = settings.data_dir / "monitor.db"
    found = standing(open_database(database), known, now()) if database.exists() else None
    sources = {source.feed.id: source for source in found.sources} if found else {}
    new = {
        feed.id: Source(feed=feed, state=FeedState(feed_id=feed.id), health=Health.NEW)
        for feed in known
        if feed.enabled
    }
    watched = new | sources
    return [Row(feed=feed, source=watched.get(feed.id), remark=said.get(feed.id, "")) for feed in known], found


def _cells(row: Row, at: datetime) -> tuple[str, str, str, str, str]:
    if row.source is None:
        return OFF, row.feed.id, NEVER, NEVER, row.remark
    state = row.source.state
    return row.health, row.feed.id, age(state.good_at, at), age(_news_at(row.source), at), _trouble(row.source, at)


def _trouble(source: "Source", at: datetime) -> str:
    """What is the matter, in words; empty while all is well."""
    from monitor.policy.health import ill_since
    from monitor.render.troubles import suspicions

    state = source.state
    if state.failure_count:
        times = f", {state.failure_count} times" if state.failure_count > 1 else ""
        return f"{state.last_error} ({state.last_error_kind}{times})"
    match source.health.value:
        case "quarantined":
            signs = "; ".join(suspicions(state.memory["quarantine"]["signs"], "en"))
            return f"{signs}. If it is the outlet after all: `monitor feeds trust {source.feed.id}`"
        case "moved":
            return f"has moved for good to {state.memory['moved']['to']}: write that address"
        case "gap" | "emptied" | "garbled" as ill:
            return f"{WORDS[ill]}, for {age(ill_since(state, source.health), at)}"
        case word:
            return WORDS.get(word, "")


def _news_at(source: "Source") -> datetime | None:
    """When the last new item arrived."""
    from monitor.policy.health import last_arrival

    return last_arrival(source.state) or source.state.newest_at


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago something was, in one unit: `12m`, `3h`, `40d`."""
    if moment is None:
        return NEVER
    past = max(now - moment, timedelta(0))
    return next((f"{past // span}{unit}" for unit, span in SPANS if past >= span), "0m")


def _summary(rows: Sequence[Row], found: "Standing | None", shown: Iterable[Row], settings: Settings) -> list[str]:
    """How many there are, how much is seen, and what is not in the table."""
    from monitor.render.coverage import coverage_line

    counts = Counter(row.health for row in rows)
    lines = [f"{len(rows)} sources: " + ", ".join(f"{counts[word]} {word}" for word in ORDER if counts[word])]
    if found is None:
        lines.append("Nothing was ever read here; start with `monitor once` or `monitor run`.")
    else:
        lines.append(coverage_line(found.coverage, "en", settings.time_zone))
    if counts[OFF] and not any(row.health == OFF for row in shown):
        lines.append("`--all` shows those that are switched off, and why.")
    return lines


def _record(row: Row) -> dict[str, Any]:
    """A source as JSON."""
    from monitor.config.entry import short_duration

    feed, source = row.feed, row.source
    state = source.state if source else None
    times = {
        "last_good": state.good_at if state else None,
        "last_news": _news_at(source) if source else None,
        "next_poll": state.poll_at if state else None,
    }
    return {
        "id": feed.id,
        "title": feed.name,
        "url": feed.url,
        "kind": feed.kind,
        "lang": feed.lang,
        "scope": feed.scope,
        "standing": feed.standing.value,
        "region": feed.region,
        "every": {"min": short_duration(feed.every_min), "max": short_duration(feed.every_max)},
        "full_text": feed.full_text,
        "aliases": list(feed.aliases),
        "blocked_in": list(feed.blocked_in),
        "enabled": feed.enabled,
        "remark": row.remark,
        "health": row.health,
        **{name: stamp(moment) if moment else None for name, moment in times.items()},
        "failures": state.failure_count if state else 0,
        "error_kind": state.last_error_kind if state else None,
        "error": state.last_error if state else None,
    }
