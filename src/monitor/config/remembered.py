"""Files that were read and checked before, remembered as what they came to: unchanged files are not read again.

To read and check a thousand sources and four thousand terms takes most of a second; a poll without news takes half of
one. What is remembered holds for these very bytes, this version of the program, and the settings that fill in what
the files leave open. It is opened with care: nothing but our own nouns comes out of it.
"""

import gc
import hashlib
import io
import os
import pickle
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Any

from monitor import model
from monitor.config.configuration import Configuration
from monitor.config.settings import Settings

NAME = "configuration.remembered"
_OURS = ("monitor.errors", "monitor.config.configuration", "monitor.config.plan", "datetime")
_PLAIN = frozenset({"set", "frozenset"})
_CODE = Path(model.__file__).parent.parent


def recall(data_dir: Path, fingerprint: str, settings: Settings) -> Configuration | None:
    """The configuration of files with this fingerprint, without its matcher; None when it is not remembered."""
    try:
        mark, _, parcel = (data_dir / NAME).read_bytes().partition(b"\n")
    except OSError:
        return None
    if mark != _mark(fingerprint, settings):
        return None
    was_enabled = gc.isenabled()
    gc.disable()  # thousands of nouns and not one of them garbage
    try:
        found = _Opener(io.BytesIO(parcel)).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, LookupError, TypeError, ValueError):
        return None
    finally:
        if was_enabled:
            gc.enable()
    return found if isinstance(found, Configuration) else None


def remember(data_dir: Path, fingerprint: str, settings: Settings, configuration: Configuration) -> None:
    """Keep what these files came to, 0600; where that is not possible, they are read again the next time."""
    fresh = data_dir / f"{NAME}.new"
    with suppress(OSError):
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(_mark(fingerprint, settings) + b"\n")
            _Packer(file, pickle.HIGHEST_PROTOCOL).dump(replace(configuration, matcher=None))
        fresh.replace(data_dir / NAME)


def _mark(fingerprint: str, settings: Settings) -> bytes:
    """What it must be that the remembered holds for."""
    fills_in = (settings.time_zone, settings.languages, settings.digest_at, sorted(settings.proxies or ()))
    told = f"{version('monitor')} {_age_of_the_code()} {fingerprint} {fills_in}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest().encode()


def _age_of_the_code() -> int:
    """When the newest file that reads or checks was written: who works on the program wants it to be asked."""
    rooms = ("config", "model", "matching", "languages", "sources")
    return max(path.stat().st_mtime_ns for room in rooms for path in (_CODE / room).glob("*.py"))


class _Packer(pickle.Pickler):
    """Packs what is to be remembered, enumerations by value: before CPython 3.11.4 they would ask for `getattr`."""

    def reducer_override(self, noun: Any) -> Any:
        """How a noun is packed; all but enumerations as they themselves say."""
        return (type(noun), (noun.value,)) if isinstance(noun, Enum) else NotImplemented


class _Opener(pickle.Unpickler):
    """Opens what was remembered: what is not ours stays closed."""

    def find_class(self, module: str, name: str) -> Any:
        """A class by its name; raises UnpicklingError for all but ours."""
        if module in _OURS or module.startswith("monitor.model.") or (module == "builtins" and name in _PLAIN):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no business in a configuration")
