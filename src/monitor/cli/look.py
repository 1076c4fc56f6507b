"""`monitor status` and `monitor search`: look without touching; both work beside a running daemon."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from monitor.cli import Door
from monitor.cli.days import DAY
from monitor.cli.output import local, print_json, say
from monitor.text.times import stamp

if TYPE_CHECKING:
    from monitor.history.search import Found
    from monitor.history.standing import Standing


@click.command(short_help="Show what is seen, what is not, and what waits to be sent.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def status(door: Door, *, as_json: bool) -> int:
    """Show what is seen, what is not, and what waits to be sent; exit 1 when stale or not well."""
    from monitor.app.environment import now
    from monitor.config.lastgood import load_or_last_good
    from monitor.history.standing import standing
    from monitor.render.coverage import coverage_line
    from monitor.schema import open_database

    settings = door.settings
    path = settings.data_dir / "monitor.db"
    if not path.exists():
        click.echo(f"nothing was ever read here: there is no {path}. Start with `monitor once` or `monitor run`.")
        return 1
    configuration, _refused = load_or_last_good(settings.config_dir, settings.data_dir, settings)
    found = standing(open_database(path), configuration.feeds, now())
    line = coverage_line(found.coverage, "en", settings.time_zone, shown=len(found.sources), now=found.at)
    if as_json:
        print_json(_as_json(found, line))
    else:
        say(*_in_words(found, line, settings.time_zone))
    return 0 if found.is_well else 1


def _as_json(found: "Standing", line: str) -> dict[str, Any]:
    return {
        "at": stamp(found.at),
        "last_good_cycle": stamp(found.last_good_cycle) if found.last_good_cycle else None,
        "stale": found.stale,
        "canary": None
        if found.flight is None
        else {
            "at": stamp(found.flight.at),
            "arrived": found.flight.arrived,
            "stage": found.flight.stage,
            "why": found.flight.why,
        },
        "unwell": [{"organ": one.organ.value, "what": one.what, "why": one.why} for one in found.unwell],
        "coverage": {
            "line": line,
            "read": found.coverage.read_count,
            "watched": found.coverage.watched_count,
            "unwatched": found.coverage.unwatched_count,
            "blind": [
                {"source": name, "since": stamp(since) if since else None, "reason": reason}
                for name, since, reason in found.coverage.blind
            ],
            "gaps": [
                {"source": name, "minutes": round(length.total_seconds() / 60)} for name, length in found.coverage.gaps
            ],
            "quiet": [
                {"source": name, "since": stamp(since) if since else None} for name, since in found.coverage.quiet
            ],
        },
        "troubles": [
            {
                "cause": one.cause.value,
                "since": stamp(one.since),
                "sources": list(one.feeds),
                "asked": one.asked,
                "what": one.what,
                "where": one.where,
            }
            for one in found.troubles
        ],
        "feeds": found.by_health,
        "failing": [
            {
                "feed": source.feed.id,
                "health": source.health.value,
                "kind": source.state.last_error_kind,
                "error": source.state.last_error,
                "failures": source.state.failure_count,
                "last_good": stamp(source.state.good_at) if source.state.good_at else None,
            }
            for source in found.sources
            if source.state.failure_count
        ],
        "outbox": found.outbox,
        "mutes": [{"kind": mute.kind, "value": mute.value, "comment": mute.comment} for mute in found.mutes],
        "configuration_refused": found.refused,
    }


def _in_words(found: "Standing", line: str, time_zone: str) -> list[str]:
    from monitor.model import WIDE
    from monitor.render.troubles import Light, told

    good = local(found.last_good_cycle, time_zone) if found.last_good_cycle else "never"
    light = Light(coverage=found.coverage, now=found.at, lang="en", time_zone=time_zone)
    waiting = found.outbox["new"] + found.outbox["sending"] + found.outbox["uncertain"]
    in_doubt = f" ({found.outbox['uncertain']} of them uncertain)" if found.outbox["uncertain"] else ""
    lines = [
        f"last good cycle: {good}" + (" — STALE: silence says nothing now" if found.stale else ""),
        *_of_the_house(found, time_zone),
        *(told(one, light) for one in found.troubles if one.cause in WIDE),
        line,
        "sources: " + ", ".join(f"{count} {name}" for name, count in found.by_health.items()),
        f"outbox: {waiting} waiting{in_doubt}, {found.outbox['sent']} sent, {found.outbox['dead']} dead",
    ]
    lines += [
        f"  {source.feed.id}: {source.state.last_error} ({source.state.last_error_kind}, "
        + ("once)" if source.state.failure_count == 1 else f"{source.state.failure_count} times)")
        for source in found.sources
        if source.state.failure_count
    ]
    lines += [f"muted: {mute.kind} {mute.value} {mute.comment}".rstrip() for mute in found.mutes]
    if found.refused:
        lines += ["the configuration files are refused; the last good ones are in force:", *found.refused.splitlines()]
    return lines


def _of_the_house(found: "Standing", time_zone: str) -> list[str]:
    """How the canary's last flight went, and what the running house says is wrong with it."""
    from monitor.render.unwell import told

    lines = []
    if (flight := found.flight) is not None:
        why = f" ({flight.why})" if flight.why else ""
        how = "arrived" if flight.arrived else f"FELL at {flight.stage}"
        lines.append(f"canary: {how} {local(flight.at, time_zone)}{why}")
    return lines + [f"NOT WELL: {told(one, 'en')}" for one in found.unwell]


@click.command(short_help="Search the archive by words in all their forms.")
@click.argument("words", nargs=-1)
@click.option("--topic", help="Only articles with a hit of this topic.")
@click.option("--name", help="Only articles that name this organisation, company, person or place (an id).")
@click.option("--since", type=DAY, help="Seen on this day or later, in MONITOR_TIME_ZONE.")
@click.option("--until", type=DAY, help="Seen before this day.")
@click.option("--limit", default=50, show_default=True, help="At most so many articles, the newest first.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a CSV table.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def search(
    door: Door,
    *,
    words: tuple[str, ...],
    topic: str | None,
    name: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    as_csv: bool,
    as_json: bool,
) -> int:
    """Search the archive; words are matched with their forms, in every language."""
    from monitor.history.search import Filters
    from monitor.history.search import search as find
    from monitor.schema import open_database

    path, time_zone = door.settings.data_dir / "monitor.db", door.settings.time_zone
    if not path.exists():
        click.echo(f"there is no archive at {path}", err=True)
        return 1
    filters = Filters(topic=topic, name=name, since=_begin(since, time_zone), until=_begin(until, time_zone))
    found = find(open_database(path), words, filters, limit=limit)
    if as_json:
        print_json([_row(one) for one in found])
    elif as_csv:
        _print_csv(found)
    else:
        for one in found:
            topics = f" [{', '.join(one.topics)}]" if one.topics else ""
            seen = local(one.seen_at, time_zone)
            click.echo(f"{seen}  {one.outlet}: {one.title}{topics} {one.ref or ''}".rstrip())
            click.echo(f"    {one.url}")
    return 0


def _begin(day: date | None, time_zone: str) -> datetime | None:
    """When a day begins, where the maintainers are."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)) if day else None


def _row(found: "Found") -> dict[str, Any]:
    return {
        "seen_at": stamp(found.seen_at),
        "outlet": found.outlet,
        "title": found.title,
        "url": found.url,
        "lang": found.lang,
        "ref": found.ref,
        "topics": list(found.topics),
    }


def _print_csv(found: "list[Found]") -> None:
    """CSV that a spreadsheet can open: a cell that looks like a formula is text."""
    import csv
    import sys

    out = csv.writer(sys.stdout)
    out.writerow(["seen_at", "outlet", "title", "url", "lang", "ref", "topics"])
    for one in found:
        row = _row(one) | {"topics": " ".join(one.topics)}
        out.writerow([f"'{cell}" if str(cell)[:1] in "=+-@" else cell for cell in row.values()])
