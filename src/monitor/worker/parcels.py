"""Parcels: what passes between the daemon and its child, one length-prefixed pickle after the other.

The child reads hostile documents, so the daemon opens its parcels with care: only our own nouns and a few plain types
come out of one, whatever a broken child may have put in.
"""

import io
import pickle
import struct
from dataclasses import dataclass
from typing import Any, Literal

from monitor.errors import ParseError
from monitor.text.packing import BROKEN, Packer

HEADER = struct.Struct("!Q")
STARTED = b"started"  # what a child says before a job's outcome, when it has opened the job
LARGEST = 200_000_000  # bytes; the child's own memory limit keeps real parcels far below
_NOUNS, _ERRORS = "monitor.model.", "monitor.errors"
_PLAIN = frozenset(
    {("builtins", name) for name in ("set", "frozenset", "bytearray", "complex")}
    | {("datetime", name) for name in ("datetime", "timedelta", "timezone")}
    | {("monitor.worker.parcels", "Outcome")}
)

Failure = Literal["timeout", "memory", "crash"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a job: its value, the ParseError it raised, or how it failed."""

    value: Any = None
    error: ParseError | None = None
    failure: Failure | None = None
    detail: str = ""


class _Opener(pickle.Unpickler):
    """Opens a job: the daemon is trusted by its child."""


class _CarefulOpener(pickle.Unpickler):
    """Opens an outcome: what is not ours stays closed."""

    def find_class(self, module: str, name: str) -> Any:
        """A class by its name; raises UnpicklingError for all but the nouns, the errors and a few plain types.

        Only what a module itself defines: a dotted name, or what a module imports, would lead to every function there is.
        """
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if (module == _ERRORS or module.startswith(_NOUNS)) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no business in an outcome")


def wrap(content: object) -> bytes:
    """A parcel without its length. Raises what pickle raises for what cannot be sent."""
    parcel = io.BytesIO()
    Packer(parcel, pickle.HIGHEST_PROTOCOL).dump(content)
    return parcel.getvalue()


class _Sheets(list[bytes]):
    """A file for a pickler that keeps what is written as it is: a large body is not copied into the parcel."""

    write = list.append


def wrap_in_sheets(content: object) -> list[bytes]:
    """The same parcel in pieces, large values among them uncopied."""
    sheets = _Sheets()
    Packer(sheets, pickle.HIGHEST_PROTOCOL).dump(content)
    return sheets


def open_job(parcel: bytes) -> Any:
    """What `wrap` wrapped; imports the modules it names."""
    return _Opener(io.BytesIO(parcel)).load()


def open_outcome(parcel: bytes) -> Outcome:
    """The Outcome that the child wrapped; a crash when the parcel holds anything else."""
    try:
        outcome = _CarefulOpener(io.BytesIO(parcel)).load()
    except BROKEN:
        return Outcome(failure="crash")
    return outcome if isinstance(outcome, Outcome) else Outcome(failure="crash")
