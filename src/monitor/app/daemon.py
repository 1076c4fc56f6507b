"""`monitor run`: one ticker, one event loop, until a signal says stop."""

import asyncio
import signal
import sys
from collections.abc import Collection, Sequence
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.app.environment import now
from monitor.app.house import House
from monitor.app.jobs import JOBS, Job
from monitor.deliver import doors
from monitor.schema import transaction

log = structlog.get_logger("monitor.app")

# SIGTERM to exit in 10 s: the send in flight gets most of it.
LAST_SENDS = 8.0


async def run(house: House, *, jobs: Sequence[Job] = JOBS, stop: asyncio.Event | None = None) -> None:
    """Work until SIGTERM, SIGINT or `stop`; then finish the send in flight, commit, and return.

    The scheduler only ticks. It is told to run a missed tick once however late (`misfire_grace_time=None`,
    `coalesce`), because its own defaults drop runs; every job has a deadline, because a hung one would never run again.
    """
    stop = stop or asyncio.Event()
    knock(house)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    house.vitals.rows = jobs
    running: dict[str, set[asyncio.Task[None]]] = {job.name: set() for job in jobs}
    scheduler = AsyncIOScheduler(timezone=UTC)
    for job in jobs:
        scheduler.add_job(
            _tick,
            IntervalTrigger(seconds=job.every, timezone=UTC),
            args=(house, job, running[job.name]),
            id=job.name,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=job.at_once,
            next_run_time=now(),
        )
    house.desk.make_matcher()  # now, and not when the first article comes: that would hold up all others
    house.desk.make_atlas()
    scheduler.start()
    log.info("running", feeds=sum(feed.enabled for feed in house.desk.feeds), topics=len(house.desk.labels.topics))
    await stop.wait()
    log.info("stopping")
    house.dispatch.stopping = True
    scheduler.shutdown(wait=False)
    await _finish(running.pop("deliver", set()), [task for tasks in running.values() for task in tasks])


def knock(house: House) -> None:
    """Who starts the daemon has often just mended a token or a right to post: shut doors are tried at once."""
    with transaction(house.db) as db:
        for place in doors.shut(db):
            doors.knock(db, place)


async def _finish(sending: Collection[asyncio.Task[None]], others: Collection[asyncio.Task[None]]) -> None:
    """Let the send in flight end, within its time; all else is cut short at once: it is done again after a start."""
    every = {*sending, *others}
    for task in others:
        task.cancel()
    if sending:
        await asyncio.wait(sending, timeout=LAST_SENDS)
    for task in every:
        task.cancel()
    await asyncio.gather(*every, return_exceptions=True)


async def _tick(house: House, job: Job, running: set[asyncio.Task[None]]) -> None:
    """One run of a job, within its deadline. What it throws is logged; the next tick tries again.

    A scheduler that is shut down cancels its ticks. The job itself is shielded from that: `run` decides how it ends,
    and one that is cut short then is no error to be logged.
    """
    task = asyncio.ensure_future(within(house, job))
    running.add(task)
    task.add_done_callback(running.discard)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not house.dispatch.stopping:
            raise


async def within(house: House, job: Job) -> None:
    """Do a job within its deadline; the vitals know how it ended."""
    house.vitals.failed(job.name, "it does not end")
    try:
        async with asyncio.timeout(job.deadline):
            await job.do(house)
        house.vitals.done(job.name)
    finally:
        if (error := sys.exception()) is not None:
            house.vitals.failed(job.name, type(error).__name__)
