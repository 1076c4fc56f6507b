"""`monitor stories`: which stories are open, and corrections of what the machine put together or kept apart."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import local, print_json
from monitor.cli.voices import archive
from monitor.text.times import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.app.reading_room import ReadingRoom
    from monitor.ingest.correcting import Correction
    from monitor.store.overview import Row
    from monitor.workbench.clusters import Outcome

FOR_LINES = 100


@click.group(invoke_without_command=True)
@click.pass_context
def stories(context: click.Context) -> None:
    """Which stories are open; put two together, take one apart. Without a command: list the open ones."""
    if context.invoked_subcommand is None:
        context.invoke(list_stories)


@stories.command("list", short_help="List the open stories, the latest first.")
@click.option("--days", type=click.IntRange(1, 3650), default=14, show_default=True, help="Told within so many days.")
@click.option("--all", "everything", is_flag=True, help="Also those that readers were not told of.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def list_stories(door: Door, *, days: int, everything: bool, as_json: bool) -> None:
    """List the open stories, the latest first: reference, outlets, headline, and what they may belong with."""
    from monitor.store.overview import open_stories

    with archive(door) as room:
        found = open_stories(room.library.db, room.clock() - timedelta(days=days), everything=everything)
    if as_json:
        print_json([_row(one) for one in found])
        return
    for one in found:
        click.echo(_in_a_line(one, door.settings.time_zone))
    if not found:
        click.echo("no story is open")


def _row(one: "Row") -> dict[str, Any]:
    return {
        "ref": one.ref,
        "title": one.title,
        "severity": one.severity,
        "topics": list(one.topics),
        "outlets": one.outlet_count,
        "articles": one.article_count,
        "opened_at": stamp(one.opened_at),
        "updated_at": stamp(one.updated_at),
        "said": one.said_count,
        "relatives": [{"ref": ref, "join": join} for ref, join in one.relatives],
    }


def _in_a_line(one: "Row", time_zone: str) -> str:
    kin = "".join(f"  {join} {ref}" for ref, join in one.relatives)
    outlets = f"{one.outlet_count} outlet{'s' * (one.outlet_count != 1)}"
    return f"{one.ref}  {one.severity:<6}  {outlets}, {local(one.updated_at, time_zone)}  {one.title[:FOR_LINES]}{kin}"


@stories.command
@click.argument("ref")
@click.argument("into")
@click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")
@click.pass_obj
def merge(door: Door, *, ref: str, into: str, dry_run: bool) -> int:
    """Put the story REF into the story INTO: they tell the same. The card of REF will say so."""
    from monitor.ingest.correcting import merge as put_together

    with archive(door) as room:
        one, other = _story(room, ref), _story(room, into)
        if one is None or other is None:
            return 1
        if one == other:
            click.echo("that is one story already", err=True)
            return 1
        if not dry_run:
            _remember(door, put_together(room.teller, one, other, room.clock()))
    click.echo(f"{'would be ' if dry_run else ''}merged: {ref.upper()} is told in {into.upper()} now")
    return 0


@stories.command(short_help="Take articles out of a story: they tell another one.")
@click.argument("ref")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
@click.option("--no-card", is_flag=True, help="Say nothing about the new story; it is in the next letter.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")
@click.pass_obj
def split(door: Door, *, ref: str, addresses: tuple[str, ...], no_card: bool, dry_run: bool) -> int:
    """Take the articles at these ADDRESSES out of the story REF: they tell something else, and get a card of their own."""
    from monitor.ingest.correcting import split as take_apart
    from monitor.store.stories import accounts

    with archive(door) as room:
        story = _story(room, ref)
        if story is None:
            return 1
        chosen = _articles(room, story, addresses)
        if chosen is None:
            return 1
        if len(chosen) == len(accounts(room.library.db, story)):
            click.echo("these are all its articles; nothing would be left of the story", err=True)
            return 1
        if dry_run:
            click.echo(f"would be split off from {ref.upper()}: {len(chosen)} articles")
            return 0
        fresh, cases = take_apart(room.teller, story, chosen, room.clock(), say=not no_card)
        _remember(door, cases)
    click.echo(f"split: {len(chosen)} articles of {ref.upper()} are the story {fresh.ref} now")
    return 0


@stories.command(short_help="Replay the corrections made so far.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print every case with its outcome as JSON.")
@click.pass_obj
def check(door: Door, *, file: Path | None, as_json: bool) -> int:
    """Replay the corrections made so far (or those of FILE) against the rules and keywords of today."""
    from monitor.workbench import clusters

    path = file or door.settings.data_dir / clusters.FILE
    if file is None and not path.exists():
        click.echo("nothing was ever corrected")
        return 0
    try:
        outcomes = _replayed(door, path)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path}: {error}") from None
    if as_json:
        print_json([_outcome(one) for one in outcomes])
    else:
        for one in outcomes:
            click.echo(_told(one))
        click.echo(f"{sum(one.right for one in outcomes)} of {len(outcomes)} corrections would not be needed today")
    return 0 if all(one.right for one in outcomes) else 1


def _replayed(door: Door, path: Path) -> "list[Outcome]":
    from monitor.app.words import Words
    from monitor.config.lastgood import load_or_last_good
    from monitor.workbench import clusters

    settings = door.settings
    configuration, _refused = load_or_last_good(settings.config_dir, settings.data_dir, settings)
    words = Words(configuration)
    return [clusters.replay(case, words.matcher(), words.atlas()) for case in clusters.read(path)]


def _outcome(one: "Outcome") -> dict[str, Any]:
    return {**asdict(one.case), "join": one.join.value, "why": one.why, "right": one.right}


def _told(one: "Outcome") -> str:
    wanted = "one story" if one.case.same else "two stories"
    return f"{'ok   ' if one.right else 'wrong'}  {wanted}, {one.join.value}: {one.case.first.title} / {one.case.second.title}"


def _story(room: "ReadingRoom", ref: str) -> int | None:
    """The story of a reference as it was typed; says so when there is none."""
    from monitor.history.why import spoken_ref
    from monitor.store.moves import find

    found = find(room.library.db, spoken_ref(ref))
    if found is None:
        click.echo(f"no story carries {ref}; see `monitor stories list`", err=True)
    return found


def _articles(room: "ReadingRoom", story: int, addresses: "Sequence[str]") -> list[int] | None:
    """The articles of a story at these addresses; says which address is not among them."""
    from monitor.history.why import keys_of
    from monitor.store.moves import articles_at

    chosen: list[int] = []
    for address in addresses:
        found = articles_at(room.library.db, story, keys_of(address, room.library.feeds))
        if not found:
            click.echo(f"the story has no article at {address}; `monitor why` lists its articles", err=True)
            return None
        chosen += [one for one in found if one not in chosen]
    return chosen


def _remember(door: Door, cases: "list[Correction]") -> None:
    from monitor.workbench import clusters

    path = clusters.remember(door.settings.data_dir, cases)
    click.echo(f"remembered as a test case in {path}; `monitor stories check` replays it", err=True)
