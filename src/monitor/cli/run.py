"""`monitor run` and `monitor once`: the daemon, and one cycle of it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json
from monitor.config.settings import Settings
from monitor.text.packing import collect_seldom, nothing_collected

if TYPE_CHECKING:
    from monitor.app.house import House
    from monitor.app.rehearsal import Line
    from monitor.ingest.desk import CycleReport


@contextmanager
def mastered(door: Door) -> Iterator[Settings]:
    """The settings, with logs set up, private files and the data directory's lock held."""
    with nothing_collected():
        from monitor import logs
        from monitor.app.lock import instance_lock

    settings = door.settings
    os.umask(0o077)
    logs.set_up(form=settings.log_format, level=settings.log_level, secrets=settings.secrets())
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with instance_lock(settings.data_dir):
        yield settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator["House"]:
    """The house, imported and opened with the lock in hand: a second instance leaves before it has loaded anything heavy.

    What is made before the house stands, stays: nobody looks through it for rubbish, neither now nor later.
    """
    async with AsyncExitStack() as stack:
        with nothing_collected():
            from monitor.app.house import open_house

            house = await stack.enter_async_context(open_house(settings))
        collect_seldom()
        yield house


@click.command(short_help="Watch until told to stop.")
@click.pass_obj
def run(door: Door) -> None:
    """Watch until told to stop (SIGTERM: finish the send in flight, commit, exit)."""

    async def work(settings: Settings) -> None:
        async with opened(settings) as house:
            from monitor.app import daemon

            await daemon.run(house)

    with mastered(door) as settings:
        asyncio.run(work(settings))


@click.command(short_help="Read what is due, once, and send what may be sent now.")
@click.option("--all", "everything", is_flag=True, help="Poll every source, due or not.")
@click.option("--wait", default=60.0, show_default=True, help="Seconds to go on sending at the permitted pace.")
@click.option("--dry-run", is_flag=True, help="Ask the sources and show what would be said; keep and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def once(door: Door, *, everything: bool, wait: float, dry_run: bool, as_json: bool) -> None:
    """Poll what is due, match, deliver what pacing permits, leave the rest waiting."""
    if dry_run:
        rehearse(door, everything=everything, as_json=as_json)
        return
    with mastered(door) as settings:
        summary = asyncio.run(_once(settings, everything=everything, wait=wait))
    if as_json:
        print_json(summary)
    else:
        click.echo(in_words(summary))


def rehearse(door: Door, *, everything: bool, as_json: bool) -> None:
    """One cycle on a copy of the archive, beside a running daemon if there is one: what would be said, and nothing else."""
    from monitor import logs

    settings = door.settings
    logs.set_up(form=settings.log_format, level=settings.log_level, secrets=settings.secrets())
    summary, said = asyncio.run(_rehearsed(settings, everything=everything))
    if as_json:
        print_json({**summary, "messages": [asdict(line) for line in said]})
        return
    click.echo(in_words(summary))
    for line in said:
        how = f"{line.action}, {'silent' if line.silent else 'rings'}"
        click.echo(f"\n── {line.channel} ({how})\n{line.text}")
    click.echo("\nNothing was kept and nobody was told." if said else "\nNothing would be said. Nothing was kept.")


async def _rehearsed(settings: Settings, *, everything: bool) -> "tuple[dict[str, Any], list[Line]]":
    from monitor.app import rehearsal
    from monitor.app.summary import summarise
    from monitor.deliver import editions
    from monitor.deliver.dispatch import Sent

    started = time.monotonic()
    async with rehearsal.rehearse(settings) as house:
        before = rehearsal.newest(house)
        report = await _cycle(house, everything=everything)
        editions.issue(house.library, house.recipients.readers, house.clock())
        return summarise(house, report, Sent(), time.monotonic() - started), rehearsal.lines(house, before)


async def _cycle(house: "House", *, everything: bool) -> "CycleReport":
    """One cycle, with a bar on a terminal."""
    from monitor.cli.progress import source_progress
    from monitor.ingest import poll

    with source_progress(sum(feed.enabled for feed in house.desk.feeds)) as moved:
        return await poll.cycle(house.desk, everything=everything, progress=lambda one: moved(one.feed_id))


async def _once(settings: Settings, *, everything: bool, wait: float) -> dict[str, Any]:
    """One cycle of the house, as the summary of the contract."""
    started = time.monotonic()
    async with opened(settings) as house:
        from monitor.app.summary import summarise
        from monitor.app.watch import watch
        from monitor.deliver import dispatch, editions

        report = await _cycle(house, everything=everything)
        watch(house)
        editions.issue(house.library, house.recipients.readers, house.clock())
        sent = await dispatch.drain(house.dispatch, wait=timedelta(seconds=wait))
        return summarise(house, report, sent, time.monotonic() - started)


def in_words(summary: dict[str, Any]) -> str:
    """The same summary for people."""
    feeds, entries, stories, alerts = (summary[name] for name in ("feeds", "entries", "stories", "alerts"))
    lines = [
        (
            f"{feeds['ok']} of {feeds['due']} sources read ({feeds['unchanged']} unchanged, {feeds['failed']} failed) "
            f"in {summary['seconds']} s"
        ),
        (
            f"{entries['new']} new of {entries['seen']} entries; {summary['hits']} hits; "
            f"stories: {stories['opened']} opened, {stories['joined']} joined, {stories['reprints']} reprints"
        ),
        (
            f"alerts: {alerts['queued']} queued, {alerts['sent']} sent, {alerts['uncertain']} uncertain, "
            f"{alerts['dead']} dead, {alerts['waiting']} waiting"
        ),
    ]
    lines += [f"  failed: {error['feed']}: {error['message']} ({error['kind']})" for error in summary["errors"]]
    return "\n".join(lines)
