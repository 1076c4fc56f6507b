"""`monitor digest` and `monitor channel`: look at a letter or at the pinned post, or send it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor.cli import Door
from monitor.cli.days import DAY
from monitor.cli.output import print_json
from monitor.errors import LockedError

if TYPE_CHECKING:
    from monitor.app.reading_room import ReadingRoom

WAIT = timedelta(seconds=60)


@click.command(short_help="Send the next letter now, or only look at it.")
@click.option("--date", "day", type=DAY, help="The letter of this local date, past or today.")
@click.option(
    "--preview", type=click.Path(dir_okay=False, path_type=Path), help="Write its HTML to this file; send nothing."
)
@click.option("--dry-run", is_flag=True, help="Print its text; send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print subject, counts and text as JSON; send nothing.")
@click.option(
    "--maintainer", is_flag=True, help="Show it with what almost matched, as maintainers get it; send nothing."
)
@click.pass_obj
def digest(
    door: Door, *, day: date | None, preview: Path | None, dry_run: bool, as_json: bool, maintainer: bool
) -> int:
    """Send the next letter now, with all that came since the last one; or only look at it."""
    if preview or dry_run or as_json or maintainer:
        return _look(door, day, preview, as_json=as_json, maintainer=maintainer)
    return asyncio.run(_send(door, day))


def _refuse_future(room: "ReadingRoom", day: date | None) -> None:
    """Of a day that has begun for no reader yet there is no letter. Raises BadParameter."""
    today = max(room.clock().astimezone(ZoneInfo(reader.zone)).date() for reader in room.recipients.readers)
    if day and day > today:
        raise click.BadParameter(f"{day} has not come yet; there is no letter of it.", param_hint="--date")


def _look(door: Door, day: date | None, preview: Path | None, *, as_json: bool, maintainer: bool) -> int:
    """Write or print the letter of the first reader, as it was written if it was; nothing is queued."""
    from monitor.app.reading_room import reading_room
    from monitor.deliver.editions import as_of, as_written
    from monitor.render.letters import REPEAT_SLOT

    with reading_room(door.settings) as room:
        _refuse_future(room, day)
        reader = room.recipients.readers[0]
        edition = room.edition(reader, day)
        written = None if maintainer else as_written(room.library, reader, edition.date)
        if written is None:
            reader = replace(reader, maintainer=maintainer or reader.maintainer)
            written = as_of(room.library, reader, edition, room.clock())
    if preview:
        try:
            preview.write_text(written.html.replace(REPEAT_SLOT, "") or written.text, encoding="utf-8")
        except OSError as error:
            raise click.FileError(str(preview), hint=error.strerror) from None
        click.echo(f"{preview}: {written.subject}, {written.story_count} stories", err=as_json)
    if as_json:
        found = {"date": edition.date.isoformat(), "subject": written.subject, "stories": written.story_count}
        print_json({**found, "text": written.text})
    elif not preview:
        click.echo(f"{written.subject}\n\n{written.text}")
    return 0


async def _send(door: Door, day: date | None) -> int:
    """Queue the letter for everybody who gets one, and send it ourselves unless a daemon runs."""
    from monitor.app.reading_room import reading_room
    from monitor.deliver.editions import put_letter

    with reading_room(door.settings) as room:
        _refuse_future(room, day)
        queued = sum(
            put_letter(room.library, reader, room.edition(reader, day), room.clock())
            for reader in room.recipients.readers
        )
    if not queued:
        click.echo("that letter was written before; look at it with --preview FILE")
        return 0
    return await _leave(door, queued)


async def _leave(door: Door, queued: int) -> int:
    """Send what was queued, unless a daemon runs that does."""
    from monitor.app.house import open_house
    from monitor.cli.run import mastered
    from monitor.deliver.dispatch import drain

    try:
        with mastered(door) as settings:
            async with open_house(settings) as house:
                await drain(house.dispatch, wait=WAIT)
    except LockedError:
        click.echo(f"{queued} queued; the running monitor sends them")
        return 0
    click.echo(f"{queued} sent")
    return 0


# ── the channel ──────────────────────────────────────────────────────────────────────────────────────────────────


@click.group
def channel() -> None:
    """What the channel itself needs."""


@channel.command(short_help="Write the post to pin: how to read the channel.")
@click.option("--send", is_flag=True, help="Post it in every channel that cards go to; pin it there by hand.")
@click.option("--dry-run", is_flag=True, help="With --send: say where it would go; send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the posts as JSON.")
@click.pass_obj
def legend(door: Door, *, send: bool, dry_run: bool, as_json: bool) -> int:
    """Write the post to pin: how to read the channel, and whom to tell about a mistake."""
    from monitor.app.reading_room import reading_room
    from monitor.deliver.posts import legends, put

    with reading_room(door.settings) as room:
        posts = legends(room.guide, room.recipients.voices, room.clock())
        queued = put(room.library.db, posts, room.clock()) if send and not dry_run else 0
    if as_json:
        print_json([{"to": post.voice.name, "languages": post.voice.languages, "text": post.text} for post in posts])
    for text, names in _alike({} if as_json else {post.voice.name: post.text for post in posts}).items():
        click.echo(f"{text}\n" if not send else f"{text}\n\n→ {', '.join(names)}\n")
    if not door.settings.contact:
        click.echo("set MONITOR_CONTACT, so that readers know whom to tell about a mistake", err=True)
    if not send or dry_run:
        return 0
    if not queued:
        click.echo("these words were posted before", err=True)
        return 0
    return asyncio.run(_leave(door, queued))


def _alike(texts: dict[str, str]) -> dict[str, list[str]]:
    """Each text once, with the names of the channels it is for."""
    found: dict[str, list[str]] = {}
    for name, text in texts.items():
        found.setdefault(text, []).append(name)
    return found
