"""The mistakes of one file, collected while it is read, each at its place."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from monitor.errors import Problem


class Placed(Protocol):
    """Something that knows where it stands in the file; both count from 1."""

    line: int
    column: int


class Problems:
    """Collects what is wrong with the file called `path` in messages."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: dict[Problem, None] = {}

    def error(self, line: int, column: int, what: str, hint: str = "") -> None:
        """Note a mistake: the file cannot be used."""
        self._found[Problem(path=self.path, line=line, column=column, what=what, hint=hint)] = None

    def error_at(self, place: Placed, what: str, hint: str = "") -> None:
        """Note a mistake of a part of the file."""
        self.error(place.line, place.column, what, hint)

    def warning_at(self, place: Placed, what: str, hint: str = "") -> None:
        """Note something worth knowing: the file is used all the same."""
        problem = Problem(path=self.path, line=place.line, column=place.column, what=what, hint=hint, level="warning")
        self._found[problem] = None

    def take(self, others: Iterable[Problem]) -> None:
        """Note what somebody else found."""
        self._found.update(dict.fromkeys(others))

    def __iter__(self) -> Iterator[Problem]:
        """In the order of the file; what was noted twice comes once."""
        return iter(sorted(self._found, key=lambda problem: (problem.line, problem.column)))

    @property
    def errors(self) -> list[Problem]:
        """The mistakes alone."""
        return [problem for problem in self if problem.level == "error"]


def shown(path: Path) -> str:
    """A path as the user would type it: relative where it lies below the current folder."""
    if path.is_absolute():
        with suppress(ValueError, OSError):
            return path.relative_to(Path.cwd()).as_posix()
    return path.as_posix()
