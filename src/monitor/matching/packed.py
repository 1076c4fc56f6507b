"""A compiled keyword file as bytes: opened in a twentieth of the time that compiling takes, here or in another process.

It is opened with care: nothing but what a matcher is made of comes out of it.
"""

import io
import pickle
from typing import Any

from monitor.matching.engine import Matcher
from monitor.text.packing import Packer, nothing_collected

_ROOMS = ("monitor.matching.", "monitor.languages.", "monitor.model.")
_PLAIN = frozenset({("builtins", "set"), ("builtins", "frozenset"), ("datetime", "timedelta")})
_READINGS = "readings"  # the one function that a lookup holds: a language's


def pack(matcher: Matcher) -> bytes:
    """A matcher as bytes; what it has read and learned meanwhile is left out."""
    packed = io.BytesIO()
    Packer(packed, pickle.HIGHEST_PROTOCOL).dump(matcher)
    return packed.getvalue()


def unpack(packed: bytes) -> Matcher:
    """The matcher that was packed. Raises one of `text.packing.BROKEN` for anything else."""
    with nothing_collected():
        found = _Opener(io.BytesIO(packed)).load()
    if not isinstance(found, Matcher):
        raise TypeError(f"a {type(found).__name__} is no matcher")
    return found


class _Opener(pickle.Unpickler):
    """Opens a packed matcher: what is not part of one stays closed."""

    def find_class(self, module: str, name: str) -> Any:
        """A class of ours by its name, or a language's readings; raises UnpicklingError for all else."""
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(_ROOMS) and "." not in name:
            found = super().find_class(module, name)
            if getattr(found, "__module__", "") == module and (isinstance(found, type) or name == _READINGS):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no business in a matcher")
