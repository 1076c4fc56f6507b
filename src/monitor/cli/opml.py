"""`monitor feeds import` and `monitor feeds export`: the list of sources as feed readers exchange it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.adding import put
from monitor.cli.output import print_json, print_table
from monitor.config.settings import Settings

if TYPE_CHECKING:
    from monitor.config.opml import Outline
    from monitor.model import Feed

COLOURS = {"added": "green", "known": "bright_black", "refused": "red", "off": "yellow"}


@dataclass(slots=True, kw_only=True)
class Import:
    """What becomes of the sources of a list: feeds to add, comments above them, and for each source a line."""

    feeds: "list[Feed]" = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)


@click.command("import", short_help="Add the sources of an OPML file.")
@click.argument("file", type=click.File("rb"))
@click.option("--online", is_flag=True, help="Ask each source first; what does not answer is added switched off.")
@click.option("--dry-run", is_flag=True, help="Show what would be added and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def import_opml(door: Door, *, file: Any, online: bool, dry_run: bool, as_json: bool) -> int:
    """Add the sources of an OPML file (- is stdin) that are not there yet.

    What monitor wrote comes back whole; of other readers' lists the address decides whether a source is local.
    """
    from monitor.config.files import FEEDS, read_feeds
    from monitor.config.opml import NotOpmlError, read_opml

    path = door.settings.config_dir / FEEDS
    known = read_feeds(path) if path.exists() else ()
    try:
        outlines = read_opml(file.read())
    except NotOpmlError as error:
        raise click.BadParameter(f"{file.name} is no OPML file: {error}", param_hint="FILE") from None
    found = _sorted_out(outlines, known)
    if online and found.feeds:
        asyncio.run(_asked(door.settings, found, known))
    if found.feeds:
        put(path, found.feeds, found.notes, dry_run=dry_run)
    if as_json:
        told = [dict(zip(("outcome", "source", "remark"), line, strict=True)) for line in found.told]
        print_json({"added": len(found.feeds), "dry_run": dry_run, "sources": told})
    else:
        _tell(found, dry_run=dry_run)
    return 0 if outlines else 1


def _sorted_out(outlines: "Sequence[Outline]", known: "Sequence[Feed]") -> Import:
    """Which sources are new, which are there already, and which make no sense."""
    from monitor.app.describing import free_id, twin_of, unknown_feed
    from monitor.config.opml import feed_of
    from monitor.errors import ConfigError
    from monitor.render.cards import link_label

    found, there = Import(), list(known)
    for outline in outlines:
        if twin := twin_of(outline.url, there):
            found.told.append(("known", outline.title or outline.url, f"as {twin.id}"))
            continue
        taken = {feed.id for feed in there}
        guessed = unknown_feed(outline.url)
        guessed = replace(guessed, kind="rss", id=free_id(outline.url, guessed.lang, taken))
        try:
            feed = feed_of(outline, guessed)
        except ConfigError as error:
            found.told.append(("refused", outline.title or outline.url, error.problems[0].what))
            continue
        feed = replace(feed, id=guessed.id) if feed.id in taken else feed
        there.append(feed)
        found.feeds.append(feed)
        found.told.append(("added" if feed.enabled else "off", feed.id, link_label(feed.url)))
        if outline.folder:
            found.notes[feed.id] = f"Imported from the folder {outline.folder}."
    return found


async def _asked(settings: Settings, found: Import, known: "Sequence[Feed]") -> None:
    """Ask each new source: one that answers is described by what it says, one that does not is switched off."""
    from monitor import logs
    from monitor.app.describing import described
    from monitor.app.tryout import try_feeds
    from monitor.app.wire import open_wire
    from monitor.cli.progress import source_progress
    from monitor.config.files import KEYWORDS, read_matcher

    logs.set_up(form=settings.log_format, level="error", secrets=settings.secrets())
    async with open_wire(settings) as wire:
        with source_progress(len(found.feeds)) as moved:
            trials = await try_feeds(wire, found.feeds, lambda trial: moved(trial.feed.id))
    matcher = read_matcher(settings.config_dir / KEYWORDS)
    for at, trial in enumerate(trials):
        feed = found.feeds[at]
        if trial.ok:
            taken = {one.id for one in (*known, *found.feeds)}
            tells = described(trial, matcher, taken)
            found.feeds[at] = replace(tells, id=feed.id, title=feed.title, standing=feed.standing)
            continue
        found.feeds[at] = replace(feed, enabled=False)
        found.notes[feed.id] = f"{found.notes.get(feed.id, '')} It did not answer: {trial.said}.".strip()
        line = next(place for place, line in enumerate(found.told) if line[1] == feed.id)
        found.told[line] = ("off", feed.id, f"{trial.said} ({trial.kind})")


def _tell(found: Import, *, dry_run: bool) -> None:
    if found.told:
        print_table(("outcome", "source", "remark"), found.told, COLOURS)
    would = "would be added" if dry_run else "added"
    click.echo(f"{len(found.told)} sources in the file, {len(found.feeds)} {would}.")


@click.command("export", short_help="Write the sources as OPML, for other readers.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--all", "everything", is_flag=True, help="Also the sources that are switched off.")
@click.pass_obj
def export_opml(door: Door, *, file: Path | None, everything: bool) -> None:
    """Write the sources as OPML, to FILE or to stdout; other readers and `monitor feeds import` take it."""
    from monitor.config.files import FEEDS, read_feeds
    from monitor.config.opml import write_opml

    feeds = read_feeds(door.settings.config_dir / FEEDS)
    document = write_opml([feed for feed in feeds if feed.enabled or everything], "Sources of monitor")
    if file is None:
        click.echo(document.decode("utf-8"), nl=False)
    else:
        try:
            file.write_bytes(document)
        except OSError as error:
            raise click.ClickException(f"{file} cannot be written ({error.strerror})") from None
