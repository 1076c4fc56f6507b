"""Commands as processes of their own, forked from an interpreter that has everything imported: many starts a second."""

import os
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from monitor.cli import main

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "monitor.app.house",
        "monitor.app.summary",
        "monitor.channels._bot",
        "monitor.cli.run",
        "monitor.deliver.dispatch",
        "monitor.ingest.poll",
    ]
)


def start(words: list[str], environ: dict[str, str], log: Path, breaking: Callable[[], None] | None) -> BaseProcess:
    """`monitor WORDS` in this environment, its output in the file `log`; `breaking` takes a guard away first."""
    _code_of(log).unlink(missing_ok=True)
    process = FORKS.Process(target=_become, args=(words, environ, str(log), breaking), daemon=True)
    process.start()
    return process


def code(log: Path) -> int | None:
    """The exit code of the last process that wrote to `log`; None when it was killed.

    It writes the code down itself: where several threads start processes, `multiprocessing` lets one thread take away
    what another wants to read, and then says 255.
    """
    return int(_code_of(log).read_text("utf-8")) if _code_of(log).exists() else None


def _code_of(log: Path) -> Path:
    return log.with_suffix(".code")


def _become(words: list[str], environ: dict[str, str], log: str, breaking: Callable[[], None] | None) -> None:
    os.environ.clear()
    os.environ.update(environ)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    if breaking:
        breaking()
    ended = main(words)
    partial = _code_of(Path(log)).with_suffix(".partial")
    partial.write_text(str(ended), "utf-8")
    partial.rename(_code_of(Path(log)))
    sys.exit(ended)
