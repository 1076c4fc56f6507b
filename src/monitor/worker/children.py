"""The daemon's side of one child process: jobs go in, outcomes come out, and whoever is late or dead is replaced.

A child works at one job. While it does, the next one may already lie in its inbox, so that it need not wait until the
daemon, which has much to do, gets round to it. When the child is lost, so is that job's copy, and it is handed to the next
child.
"""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from monitor.worker.parcels import HEADER, LARGEST, STARTED, Outcome, open_outcome, wrap_in_sheets

log = logging.getLogger("monitor.worker")

START_SECONDS = 60.0  # for a new interpreter and the imports of its first job, on a busy machine
_LESSON_SECONDS = 30.0
_SLICE = 256 * 1024  # bytes
_READ_AHEAD = 1024 * 1024  # bytes of an outcome that may wait in the daemon: most fit in whole


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a child must have done once before some jobs: `function(*args)`, a top-level one, of our own making."""

    function: Callable[..., None]
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A packed job, the seconds it may take, and the lesson to be had before."""

    parcel: Sequence[bytes]
    seconds: float
    after: Lesson | None = None


def _nothing() -> None:
    """Nobody wants to know."""


class Child:
    """One child process, started when it is needed and again after it was ended."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._is_killed = self._is_closed = False
        self._had: Lesson | None = None
        self._turn = asyncio.Lock()  # held by the job that is worked at
        self._littered: asyncio.subprocess.Process | None = None  # holds a job that nobody waits for

    async def work(self, job: Job, begun: Callable[[], None] = _nothing) -> Outcome:
        """Do a job, when the one before it is done. From when `begun` is called, and not sooner, there is room for one more."""
        given = await self._give_ahead(job) if self._turn.locked() else None
        try:
            await self._turn.acquire()
        except BaseException:
            self._littered = given or self._littered
            raise
        try:
            if self._process is not None and self._process is self._littered:
                await self.end()
            if self._is_closed:
                return Outcome(failure="crash")
            return await self._turn_of(job, begun, is_given=given is not None and given is self._process)
        finally:
            self._turn.release()

    async def _give_ahead(self, job: Job) -> asyncio.subprocess.Process | None:
        """Put a job into the inbox while another is worked at; the process that has it, if any.

        Never behind half a job: what is missing of that would be taken out of this one, and unpacked.
        """
        process = self._process
        if process is None or process is self._littered or (job.after is not None and self._had is not job.after):
            return None
        try:
            async with asyncio.timeout(START_SECONDS):
                await _send(process, job.parcel)
        except (ConnectionError, TimeoutError):
            self._littered = process
            return None
        except BaseException:
            self._littered = process  # half a job is none
            raise
        return process

    async def _turn_of(self, job: Job, begun: Callable[[], None], *, is_given: bool) -> Outcome:
        """Do a job, after a lesson that was not had yet; one that fails leaves a child that knows nothing at all."""
        after = job.after
        if after is not None and self._had is not after:
            lesson = wrap_in_sheets((after.function, after.args, _LESSON_SECONDS))
            outcome = await self._do(lesson, _LESSON_SECONDS, _nothing)
            if outcome.failure is not None or outcome.error is not None:
                log.warning("a child could not learn: %s %s", outcome.failure, outcome.detail)
                await self.end()  # what it was taught before holds no longer
            self._had = after
        return await self._do(None if is_given else job.parcel, job.seconds, begun)

    async def _do(self, parcel: Sequence[bytes] | None, seconds: float, begun: Callable[[], None]) -> Outcome:
        """Hand over a job, unless that was done, and wait for its outcome; who is late, dead or interrupted is ended."""
        outcome = Outcome(failure="crash")
        try:
            process = await self._started()
            async with asyncio.timeout(START_SECONDS):
                if parcel is not None:
                    await _send(process, parcel)
                told = await _receive(process)
            if told == STARTED:  # the child has imported what the job needs: its time begins
                begun()
                async with asyncio.timeout(seconds):
                    told = await _receive(process)
            outcome = open_outcome(told)  # a job that cannot be opened has an outcome and no beginning
        except TimeoutError:
            outcome = Outcome(failure="timeout")
        except (EOFError, ConnectionError):
            pass
        finally:
            if outcome.failure is not None and not outcome.detail:  # a named crash was told by a child in good health
                await self.end()
        return outcome

    async def _started(self) -> asyncio.subprocess.Process:
        """The process, a new one where there is none. Raises EOFError for a child that is closed."""
        if self._process is None and not self._is_closed:
            self._process = await _start()
        if self._process is None or self._is_closed:
            raise EOFError
        return self._process

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

    def close(self) -> None:
        """Take no more jobs; one that is worked at is killed, and its caller told so."""
        self._is_closed = True
        self.kill()

    async def closed(self) -> None:
        """Wait until nobody is worked for, and the process is gone."""
        async with self._turn:
            await self.end()


async def _start() -> asyncio.subprocess.Process:
    """A new interpreter that finds the same modules; nothing else of ours is handed down."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "monitor.worker.child",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        limit=_READ_AHEAD,
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
