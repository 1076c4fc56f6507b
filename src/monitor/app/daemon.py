"""`monitor run`: one ticker, one event loop, until a signal says stop."""

import asyncio
import signal
from collections.abc import Sequence
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.app.environment import now
from monitor.app.house import House
from monitor.app.jobs import JOBS, Job

log = structlog.get_logger("monitor.app")

# SIGTERM to exit in 10 s: the send in flight gets most of it.
LAST_SENDS = 8.0


async def run(house: House, *, jobs: Sequence[Job] = JOBS, stop: asyncio.Event | None = None) -> None:
    """Work until SIGTERM, SIGINT or `stop`; then finish the send in flight, commit, and return.

    The scheduler only ticks. It is told to run a missed tick once however late (`misfire_grace_time=None`,
    `coalesce`), because its own defaults drop runs; every job has a deadline, because a hung one would never run again.
    """
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
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
    scheduler.start()
    log.info("running", feeds=sum(feed.enabled for feed in house.desk.feeds), topics=len(house.desk.labels.topics))
    await stop.wait()
    log.info("stopping")
    scheduler.shutdown(wait=False)
    house.dispatch.stopping = True
    sending = running.pop("deliver", set())
    if sending:
        await asyncio.wait(sending, timeout=LAST_SENDS)
    rest = {task for tasks in running.values() for task in tasks} | {task for task in sending if not task.done()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


async def _tick(house: House, job: Job, running: set[asyncio.Task[None]]) -> None:
    """One run of a job, within its deadline. What it throws is logged; the next tick tries again."""
    task = asyncio.ensure_future(_within(house, job))
    running.add(task)
    try:
        await task
    finally:
        running.discard(task)


async def _within(house: House, job: Job) -> None:
    async with asyncio.timeout(job.deadline):
        await job.do(house)
