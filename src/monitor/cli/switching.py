"""`monitor feeds on` and `monitor feeds off`: whether a known source is read."""

from typing import TYPE_CHECKING

import click

from monitor.cli import Door
from monitor.cli.output import say
from monitor.config.settings import Settings

if TYPE_CHECKING:
    from monitor.model import Feed

IDS = click.argument("ids", metavar="ID...", nargs=-1, required=True)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Change nothing.")


@click.command("on", short_help="Read these sources from now on.")
@IDS
@DRY_RUN
@click.pass_obj
def switch_on(door: Door, *, ids: tuple[str, ...], dry_run: bool) -> None:
    """Read these sources from now on; their first reading floods nobody."""
    _switch(door.settings, ids, on=True, note="", dry_run=dry_run)


@click.command("off", short_help="Read these sources no more.")
@IDS
@click.option("--note", default="", help="Why, as a comment in the file.")
@DRY_RUN
@click.pass_obj
def switch_off(door: Door, *, ids: tuple[str, ...], note: str, dry_run: bool) -> None:
    """Read these sources no more; they stay in the file and count as not watched."""
    _switch(door.settings, ids, on=False, note=note, dry_run=dry_run)


def _switch(settings: Settings, ids: tuple[str, ...], *, on: bool, note: str, dry_run: bool) -> None:
    """Change the line `enabled:` of each entry, all in one go; what is so already is left alone."""
    from monitor.config import exchange
    from monitor.config.editing import switched
    from monitor.config.files import FEEDS, read_feeds
    from monitor.config.problems import shown
    from monitor.text.fold import clean

    path = settings.config_dir / FEEDS
    known = {feed.id: feed for feed in read_feeds(path)}
    for feed_id in ids:
        refuse_unknown(feed_id, known)
    before = after = exchange.read(path)
    changed = [feed_id for feed_id in dict.fromkeys(ids) if known[feed_id].enabled != on]
    for feed_id in changed:
        after = switched(after, feed_id, shown(path), on=on, note=clean(note, one_line=True))
    if not dry_run:
        exchange.write(path, before, after)
    would = "would be " if dry_run else ""
    word = "on" if on else "off"
    say(*(f"{feed_id}: {f'{would}switched {word}' if feed_id in changed else f'is {word} already'}" for feed_id in ids))


def refuse_unknown(feed_id: str, known: "dict[str, Feed]") -> None:
    """An id must be one of the file's. Raises BadParameter with the nearest one."""
    from monitor.config.hints import nearest

    if feed_id in known:
        return
    near = nearest(feed_id, known)
    hint = f"Did you mean `{near}`?" if near else "`monitor feeds list --all` shows all."
    raise click.BadParameter(f"there is no source `{feed_id}`. {hint}", param_hint="ID")
