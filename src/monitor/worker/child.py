"""The child's side of the worker: read a job, do it, tell the outcome, until the daemon hangs up."""

import logging
import os
import signal
from typing import BinaryIO

from monitor.errors import ParseError
from monitor.text.packing import collect_seldom
from monitor.worker import limits
from monitor.worker.parcels import HEADER, STARTED, Outcome, open_job, wrap

log = logging.getLogger("monitor.worker")


def main() -> None:
    """Serve jobs from standard input until it ends."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # whatever a library prints must not end up between two outcomes
        os.dup2(nowhere, stream)
    for interruption in (signal.SIGINT, signal.SIGTERM):  # meant for the daemon, which hangs up when it is done
        signal.signal(interruption, signal.SIG_IGN)
    collect_seldom()
    limits.limit_memory()
    while (job := _receive(inbox)) is not None:
        _send(outbox, _outcome(job, outbox))


def _outcome(job: bytes, outbox: BinaryIO) -> bytes:
    """The wrapped outcome of one job. This is a bulkhead: a document can fail in every way and fails alone."""
    try:
        function, args, seconds = open_job(job)
        _send(outbox, STARTED)
        limits.limit_time(seconds)
        return wrap(Outcome(value=function(*args)))
    except ParseError as error:
        return wrap(Outcome(error=error))
    except MemoryError:
        return wrap(Outcome(failure="memory"))
    except Exception as error:
        log.exception("a document broke its reader")
        return wrap(Outcome(failure="crash", detail=type(error).__name__))
    finally:
        limits.lift_time()


def _receive(stream: BinaryIO) -> bytes | None:
    """One parcel, or None when the daemon has hung up."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    size = HEADER.unpack(header)[0]
    parcel = stream.read(size)
    return parcel if len(parcel) == size else None


def _send(stream: BinaryIO, parcel: bytes) -> None:
    stream.write(HEADER.pack(len(parcel)))
    stream.write(parcel)
    stream.flush()


if __name__ == "__main__":
    main()
