"""Runs pure functions in a child process that can be killed: parsing, extraction.

Documents from the web may take a parser's whole processor, memory or life. Here they get seconds and megabytes, and
what does not keep to them is killed and replaced; the next document does not notice.

The child is a fresh interpreter, started when it is first needed and without our environment: it holds no secret, no
socket and no database.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.worker.children import Lesson
    from monitor.worker.crew import SECONDS, Worker, open_worker

__all__ = ["SECONDS", "Lesson", "Worker", "open_worker"]


def __getattr__(name: str) -> Any:
    """The daemon's side, imported when it is asked for: the child lives in this package as well and needs no event loop."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("monitor.worker.crew"), name)
