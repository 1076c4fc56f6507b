"""The bulkhead of the ingest: one feed's turn, or one owed page, breaks alone."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

log = structlog.get_logger("monitor.ingest")

Result = TypeVar("Result")


async def contained(work: Awaitable[Result], broke: Callable[[Exception], Result], **about: str) -> Result:
    """What some work gives, or what `broke` makes of a failure nobody thought of, which is written to the log."""
    try:
        return await work
    except Exception as error:
        log.exception("a piece of the ingest broke", **about)
        return broke(error)
