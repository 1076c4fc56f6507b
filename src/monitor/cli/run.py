"""`monitor run` and `monitor once`: the daemon, and one cycle of it."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json
from monitor.config.settings import Settings


@contextmanager
def mastered(door: Door) -> Iterator[Settings]:
    """The settings, with logs set up, private files and the data directory's lock held."""
    from monitor import logs
    from monitor.app.lock import instance_lock

    settings = door.settings
    os.umask(0o077)
    logs.set_up(form=settings.log_format, level=settings.log_level, secrets=settings.secrets())
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with instance_lock(settings.data_dir):
        yield settings


@click.command
@click.pass_obj
def run(door: Door) -> None:
    """Watch until told to stop (SIGTERM: finish the send in flight, commit, exit)."""

    async def work(settings: Settings) -> None:
        # Imported with the lock in hand: a second instance leaves before it has loaded anything heavy.
        from monitor.app import daemon
        from monitor.app.house import open_house

        async with open_house(settings) as house:
            await daemon.run(house)

    with mastered(door) as settings:
        asyncio.run(work(settings))


@click.command
@click.option("--all", "everything", is_flag=True, help="Poll every source, due or not.")
@click.option("--wait", default=60.0, show_default=True, help="Seconds to go on sending at the permitted pace.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def once(door: Door, *, everything: bool, wait: float, as_json: bool) -> None:
    """Poll what is due, match, deliver what pacing permits, leave the rest waiting."""
    with mastered(door) as settings:
        summary = asyncio.run(_once(settings, everything=everything, wait=wait))
    if as_json:
        print_json(summary)
    else:
        click.echo(in_words(summary))


async def _once(settings: Settings, *, everything: bool, wait: float) -> dict[str, Any]:
    """One cycle of the house, as the summary of the contract."""
    from monitor.app.house import open_house
    from monitor.app.summary import summarise
    from monitor.app.watch import watch
    from monitor.cli.progress import source_progress
    from monitor.deliver import dispatch, editions
    from monitor.ingest import poll

    started = time.monotonic()
    async with open_house(settings) as house:
        count = sum(feed.enabled for feed in house.desk.feeds)
        with source_progress(count) as moved:
            report = await poll.cycle(house.desk, everything=everything, progress=lambda one: moved(one.feed_id))
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
