"""What a document may take of the child that reads it: memory and seconds. Outside a child nothing is limited."""

import math
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EXTRA_MEMORY = 400 * 1024 * 1024  # bytes a document may take beyond the bare interpreter: no measurable overhead
_LESSON_MEMORY = 200 * 1024 * 1024  # bytes that all a child is taught may add to that
_GRACE_SECONDS = 2.0  # after its time, a child that nobody killed ends itself: its daemon must have died


def limit_memory() -> None:
    """Cap the address space at what the interpreter has now plus what a document may take."""
    if (size := _address_space()) is not None:  # not Linux: the time limit alone must do
        limit = size + _EXTRA_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit + _LESSON_MEMORY))


@contextmanager
def uncounted() -> Iterator[None]:
    """What is made and stays in here does not count as a document's: the cap rises by as much."""
    before = _address_space()
    yield
    limit, most = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and before is not None and (after := _address_space()) is not None:
        resource.setrlimit(resource.RLIMIT_AS, (min(limit + max(after - before, 0), most), most))


def limit_time(seconds: float) -> None:
    """Begin a job that may take as long; a child that is still at it some time later ends itself."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)


def lift_time() -> None:
    """The job is over."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def seconds_left() -> float:
    """How long the job under way may still take; endless where no time was set."""
    left = signal.getitimer(signal.ITIMER_REAL)[0]
    return left - _GRACE_SECONDS if left else math.inf


def _address_space() -> int | None:
    """Bytes of address space in use; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return None
    return pages * resource.getpagesize()
