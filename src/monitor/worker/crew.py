"""The daemon's side of the worker: a few children that take turns, and jobs that wait for one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from monitor.errors import WorkerError
from monitor.worker.children import Child, Job, Lesson
from monitor.worker.parcels import wrap_in_sheets

Result = TypeVar("Result")

SECONDS = 5.0
_PATIENCE = 1.2  # seconds that a job waits for children at work before another one is started, which takes half as long
_STARTING = 5.0  # seconds that a first child may take to start and to learn, before that counts as waiting as well
_CROWD = 4  # jobs that wait, before one is handed to a child that is not done with the one before
_SAID = {
    "timeout": "the document took longer than it may",
    "memory": "the document took more memory than it may",
    "crash": "the document broke its reader",
}


class Worker:
    """A few children that take turns. Made by `open_worker`.

    One child serves a day's trickle of news; the others are started when jobs have to wait.
    """

    def __init__(self, count: int = 1) -> None:
        self._children = [Child() for _ in range(count)]
        self._asleep = self._children[1:]
        self._waiting = 0
        self._at_work_since: float | None = None  # when the first job began: a child that only starts will soon be free
        self._free: asyncio.LifoQueue[Child] = asyncio.LifoQueue()
        self._free.put_nowait(self._children[0])

    async def run(
        self, function: Callable[..., Result], *args: Any, seconds: float = SECONDS, after: Lesson | None = None
    ) -> Result:
        """What `function(*args)` gives, worked out in a child within `seconds`; waits for its turn first.

        `function` is a top-level one; its arguments can be pickled, its result is made of our own nouns and plain
        values. A child that has not had the lesson `after` is given it first; one that could not learn it does the job
        without. Raises the ParseError it raises, and WorkerError `timeout`, `memory` or `crash` when it did not finish.
        """
        job = Job(parcel=wrap_in_sheets((function, args, seconds)), seconds=seconds, after=after)
        child = await self._next()
        is_free = False

        def free() -> None:
            nonlocal is_free
            if not is_free:
                is_free = True
                self._free.put_nowait(child)

        def begun() -> None:
            if self._at_work_since is None:
                self._at_work_since = asyncio.get_running_loop().time()
            if self._waiting >= _CROWD:
                free()

        try:
            outcome = await child.work(job, begun)
        finally:
            free()
        if outcome.error is not None:
            raise outcome.error
        if outcome.failure is not None:
            detail = f" ({outcome.detail})" if outcome.detail else ""
            raise WorkerError(outcome.failure, _SAID[outcome.failure] + detail)
        result: Result = outcome.value
        return result

    async def _next(self) -> Child:
        """A child that takes a job: a free one, in a crowd one that has just begun another, or after a while a new one."""
        now = asyncio.get_running_loop().time
        began = now()
        self._waiting += 1
        try:
            while self._asleep:
                waited = now() - max(began, self._at_work_since or min(now(), began + _STARTING))
                if waited >= _PATIENCE:
                    self._free.put_nowait(self._asleep.pop())
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PATIENCE - waited):
                        return await self._free.get()
            return await self._free.get()
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the children; a job under way is killed, and its caller told so."""
        for child in self._children:
            child.close()
        for child in self._children:
            await child.closed()


@asynccontextmanager
async def open_worker(count: int = 1) -> AsyncIterator[Worker]:
    """A worker with `count` children, ended at the end."""
    worker = Worker(count)
    try:
        yield worker
    finally:
        await worker.close()
