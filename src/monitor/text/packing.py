"""Our own nouns as bytes, for other processes and the next start."""

import gc
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

# What opening raises for bytes that are broken, planted or another version's.
BROKEN = (pickle.UnpicklingError, AttributeError, EOFError, ImportError, LookupError, TypeError, ValueError)

_OBJECTS_BEFORE_A_LOOK = 20_000


class Packer(pickle.Pickler):
    """Packs nouns, enumerations by value: before CPython 3.11.4 they would ask for `getattr`."""

    def reducer_override(self, noun: Any) -> Any:
        """How a noun is packed; all but enumerations as they themselves say."""
        return (type(noun), (noun.value,)) if isinstance(noun, Enum) else NotImplemented


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Hundreds of thousands of objects are made here, and nearly all of them stay: looking for rubbish costs a tenth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def collect_seldom() -> None:
    """Look for rubbish that forms rings once in twenty thousand objects: news come in thousands of small ones, few in rings.

    What is there already is left out of all later looks.
    """
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    gc.freeze()
