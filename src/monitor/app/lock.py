"""One data directory has one master: two instances would both send."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import LockedError


@contextmanager
def instance_lock(data_dir: Path) -> Iterator[None]:
    """Hold the directory's lock; raises LockedError at once when another process has it.

    The kernel drops the lock with the process, so `kill -9` leaves nothing to clean up.
    """
    handle = os.open(data_dir / "monitor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            raise LockedError(f"another instance (process {holder}) runs on {data_dir}") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
