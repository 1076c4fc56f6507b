"""Progress on stderr: a bar on a terminal, nothing otherwise (results are results, logs are logs)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.ingest.desk import FeedReport, Progress


@contextmanager
def feed_progress(count: int) -> Iterator[Progress | None]:
    """A callback that moves a bar for every feed whose turn is over; None when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("reading sources"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[last]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("feeds", total=count, last="")

        def moved(report: FeedReport) -> None:
            bar.update(task, advance=1, last=report.feed_id)

        yield moved
