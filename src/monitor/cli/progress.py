"""Progress on stderr: a bar on a terminal, nothing otherwise (results are results, logs are logs)."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def source_progress(count: int, doing: str = "reading sources") -> Iterator[Callable[[str], None]]:
    """A callback that moves a bar of `count` steps, and shows which source was the last; silent when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[last]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sources", total=count, last="")
        yield lambda name: bar.update(task, advance=1, last=name)


@contextmanager
def waiting() -> Iterator[Callable[[str], object]]:
    """A callback that shows what is waited for, in the place of the last one; silent when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _what: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("") as shown:
        yield lambda what: shown.update(Text(what, overflow="ellipsis", no_wrap=True))
