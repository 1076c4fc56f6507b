"""`monitor keywords diff`: what a changed keyword file would have said of the archive, before it goes live."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json
from monitor.text.times import stamp

if TYPE_CHECKING:
    from monitor.workbench.replay import Comparison, Difference

WORDS = {
    "gained": "would be said now",
    "lost": "would no longer be said",
    "louder": "would ring now",
    "quieter": "would no longer ring",
}


@click.command(short_help="List the alerts that a changed keyword file gains and loses.")
@click.argument("other", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--days", default=30, show_default=True, help="How far back to read the archive again.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def diff(door: Door, *, other: Path | None, days: int, as_json: bool) -> int:
    """Read the archive again with two keyword files and list the alerts gained and lost.

    With OTHER: what would change if OTHER took the place of keywords.yaml. Without: what keywords.yaml, as it lies
    there, changes against the last good file that the running monitor uses.
    """
    from monitor.app.environment import now
    from monitor.config.files import KEYWORDS, read_feeds, read_matcher
    from monitor.config.lastgood import FOLDER
    from monitor.schema import open_database
    from monitor.workbench.replay import compare

    settings = door.settings
    current = settings.config_dir / KEYWORDS
    in_force = settings.data_dir / FOLDER / KEYWORDS
    before, after = (current, other) if other else (in_force if in_force.exists() else current, current)
    database = settings.data_dir / "monitor.db"
    if not database.exists():
        click.echo(f"there is no archive at {database} to read again", err=True)
        return 1
    feeds = {feed.id: feed for feed in read_feeds(settings.config_dir / "feeds.yaml")}
    matchers = [read_matcher(path) for path in (before, after)]
    found = compare(open_database(database), feeds, *matchers, since=now() - timedelta(days=days))
    if as_json:
        print_json(_as_json(found))
    else:
        click.echo("\n".join(_in_words(found, days)))
    return 0


def _in_words(found: "Comparison", days: int) -> list[str]:
    lines = [
        (
            f"{found.read} articles of the last {days} days read again: "
            f"{found.said_before} alerts with the old file, {found.said_after} with the new one"
        )
    ]
    for change, words in WORDS.items():
        some = [one for one in found.differences if one.change == change]
        lines += [f"\n{words} ({len(some)}):"] if some else []
        lines += [_line(one) for one in some]
    return lines if found.differences else [*lines, "nothing changes"]


def _line(one: "Difference") -> str:
    severity = f"{one.before.value} → {one.after.value}"
    return f"  {one.seen_at:%Y-%m-%d} {severity:<16} {one.outlet}: {one.title}  [{', '.join(one.because)}]"


def _as_json(found: "Comparison") -> dict[str, Any]:
    return {
        "read": found.read,
        "said_before": found.said_before,
        "said_after": found.said_after,
        "differences": [
            {
                "change": one.change,
                "seen_at": stamp(one.seen_at),
                "outlet": one.outlet,
                "title": one.title,
                "url": one.url,
                "before": one.before.value,
                "after": one.after.value,
                "because": list(one.because),
            }
            for one in found.differences
        ],
    }
