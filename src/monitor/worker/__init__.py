"""Runs pure functions in a child process that can be killed: parsing, extraction.

Documents from the web may take a parser's whole processor, memory or life. Here they get seconds and megabytes, and
what does not keep to them is killed and replaced; the next document does not notice.

The child is a fresh interpreter, started when it is first needed and without our environment: it holds no secret, no
socket and no database.
"""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from monitor.errors import WorkerError
from monitor.worker.parcels import HEADER, LARGEST, Outcome, open_outcome, wrap_in_sheets

log = logging.getLogger("monitor.worker")

Result = TypeVar("Result")

SECONDS = 5.0
_LESSON_SECONDS = 30.0
_SLICE = 256 * 1024  # bytes
START_SECONDS = 60.0  # for a new interpreter and the imports of its first job, on a busy machine
_SAID = {
    "timeout": "the document took longer than it may",
    "memory": "the document took more memory than it may",
    "crash": "the document broke its reader",
}


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a child must have done once before some jobs: `function(*args)`, a top-level one, of our own making."""

    function: Callable[..., None]
    args: tuple[Any, ...]


class Worker:
    """A few children that take turns. Made by `open_worker`."""

    def __init__(self, count: int = 1) -> None:
        self._children = [_Child() for _ in range(count)]
        self._idle: asyncio.LifoQueue[_Child] = asyncio.LifoQueue()
        for child in self._children:
            self._idle.put_nowait(child)

    async def run(
        self, function: Callable[..., Result], *args: Any, seconds: float = SECONDS, after: Lesson | None = None
    ) -> Result:
        """What `function(*args)` gives, worked out in a child within `seconds`; waits for a free child first.

        `function` is a top-level one; its arguments can be pickled, its result is made of our own nouns and plain
        values. A child that has not had the lesson `after` is given it first; one that could not learn it does the job
        without. Raises the ParseError it raises, and WorkerError `timeout`, `memory` or `crash` when it did not finish.
        """
        job = wrap_in_sheets((function, args, seconds))
        child = await self._idle.get()
        try:
            outcome = await child.work(job, seconds, after)
        finally:
            self._idle.put_nowait(child)
        if outcome.error is not None:
            raise outcome.error
        if outcome.failure is not None:
            detail = f" ({outcome.detail})" if outcome.detail else ""
            raise WorkerError(outcome.failure, _SAID[outcome.failure] + detail)
        result: Result = outcome.value
        return result

    async def close(self) -> None:
        """End the children; a job under way is killed, and its caller told so."""
        for child in self._children:
            child.kill()
        for _ in self._children:
            await (await self._idle.get()).end()


@asynccontextmanager
async def open_worker(count: int = 1) -> AsyncIterator[Worker]:
    """A worker with `count` children, ended at the end."""
    worker = Worker(count)
    try:
        yield worker
    finally:
        await worker.close()


class _Child:
    """One child process, started when it is needed and again after it was ended."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._is_killed = False
        self._had: Lesson | None = None

    async def work(self, job: Sequence[bytes], seconds: float, after: Lesson | None = None) -> Outcome:
        """Do a job, after a lesson that was not had yet; one that fails leaves a child that knows nothing at all."""
        if after is not None and self._had is not after:
            lesson = wrap_in_sheets((after.function, after.args, _LESSON_SECONDS))
            outcome = await self._do(lesson, _LESSON_SECONDS)
            if outcome.failure is not None or outcome.error is not None:
                log.warning("a child could not learn: %s %s", outcome.failure, outcome.detail)
                await self.end()  # what it was taught before holds no longer
            self._had = after
        return await self._do(job, seconds)

    async def _do(self, job: Sequence[bytes], seconds: float) -> Outcome:
        """Hand over one job and wait for its outcome; a child that is late, dead or interrupted is ended."""
        outcome = Outcome(failure="crash")
        try:
            self._process = self._process or await _start()
            async with asyncio.timeout(START_SECONDS):
                await _send(self._process, job)
                await _receive(self._process)  # the child has imported what the job needs: its time begins
            async with asyncio.timeout(seconds):
                outcome = open_outcome(await _receive(self._process))
        except TimeoutError:
            outcome = Outcome(failure="timeout")
        except (EOFError, ConnectionError):
            pass
        finally:
            if outcome.failure is not None and not outcome.detail:  # a named crash was told by a child in good health
                await self.end()
        return outcome

    def kill(self) -> None:
        """Kill the process, if there is one, once: a second signal might reap it before asyncio, which then complains."""
        if self._process is not None and self._process.returncode is None and not self._is_killed:
            self._is_killed = True
            self._process.kill()

    async def end(self) -> None:
        """Kill the process, if there is one, and wait until it and its pipes are gone."""
        self.kill()
        process, self._process, self._is_killed, self._had = self._process, None, False, None
        if process is not None:
            await process.communicate()


async def _start() -> asyncio.subprocess.Process:
    """A new interpreter that finds the same modules; nothing else of ours is handed down."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "monitor.worker.child",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )


async def _send(process: asyncio.subprocess.Process, parcel: Sequence[bytes]) -> None:
    """Send a parcel in slices: what a pipe does not take at once is copied by whoever writes to it."""
    inbox = cast("asyncio.StreamWriter", process.stdin)
    inbox.write(HEADER.pack(sum(map(len, parcel))))
    for sheet in parcel:
        for start in range(0, len(sheet), _SLICE):
            inbox.write(sheet[start : start + _SLICE])
            await inbox.drain()


async def _receive(process: asyncio.subprocess.Process) -> bytes:
    """One parcel. Raises EOFError when the child is gone or says nonsense."""
    outbox = cast("asyncio.StreamReader", process.stdout)
    size = HEADER.unpack(await outbox.readexactly(HEADER.size))[0]
    if size > LARGEST:
        raise EOFError
    return await outbox.readexactly(size)
