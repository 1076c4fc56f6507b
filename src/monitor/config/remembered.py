"""Files that were read and checked before, remembered as what they came to: unchanged files are not read again.

To read, check and compile a thousand sources and five thousand terms takes a second and more; a poll without news takes
half of one. What is remembered holds for these very bytes, this version of the program and of the dictionary, and the
settings that fill in what the files leave open. It is opened with care: nothing but our own nouns comes out of it. The
file is

    a line that says what it holds for, a line with the hash of the rest, the configuration, its matcher (packed)
"""

import hashlib
import importlib
import io
import os
import pickle
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from monitor import model
from monitor.config.configuration import Configuration
from monitor.config.settings import Settings
from monitor.text.packing import BROKEN, Packer, nothing_collected

NAME = "configuration.remembered"
_OURS = ("monitor.errors", "monitor.config.configuration", "monitor.config.plan", "datetime")
_PLAIN = frozenset({"set", "frozenset"})
_CODE = Path(model.__file__).parent.parent
_ROOMS = ("config", "model", "matching", "languages", "sources", "text")
_MAKERS = ("monitor", "pymorphy3", "pymorphy3-dicts-ru")  # who says what a file comes to


def recall(data_dir: Path, fingerprint: str, settings: Settings) -> Configuration | None:
    """The configuration of files with this fingerprint, its matcher packed; None when it is not remembered."""
    try:
        mark, _, rest = (data_dir / NAME).read_bytes().partition(b"\n")
    except OSError:
        return None
    digest, _, parcel = rest.partition(b"\n")
    if mark != _mark(fingerprint, settings) or digest != _digest(parcel):
        return None
    stream = io.BytesIO(parcel)
    try:
        with nothing_collected():
            found = _Opener(stream).load()
    except BROKEN:
        return None
    return replace(found, packed=stream.read() or None) if isinstance(found, Configuration) else None


def remember(data_dir: Path, fingerprint: str, settings: Settings, configuration: Configuration) -> None:
    """Keep what these files came to, 0600; where that is not possible, they are read again the next time."""
    parcel = io.BytesIO()
    Packer(parcel, pickle.HIGHEST_PROTOCOL).dump(replace(configuration, matcher=None, packed=None))
    if configuration.matcher is not None:
        parcel.write(importlib.import_module("monitor.matching.packed").pack(configuration.matcher))
    body = parcel.getvalue()
    fresh = data_dir / f"{NAME}.new"
    with suppress(OSError):
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(b"\n".join((_mark(fingerprint, settings), _digest(body), body)))
        fresh.replace(data_dir / NAME)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _mark(fingerprint: str, settings: Settings) -> bytes:
    """What it must be that the remembered holds for."""
    fills_in = (settings.time_zone, settings.languages, settings.digest_at, sorted(settings.proxies or ()))
    told = f"{[version(maker) for maker in _MAKERS]} {_age_of_the_code()} {fingerprint} {fills_in}"
    return _digest(told.encode("utf-8", "surrogatepass"))


def _age_of_the_code() -> int:
    """When the newest file that reads or checks was written: who works on the program wants it to be asked."""
    return max(path.stat().st_mtime_ns for room in _ROOMS for path in (_CODE / room).glob("*.py"))


class _Opener(pickle.Unpickler):
    """Opens what was remembered: what is not ours stays closed."""

    def find_class(self, module: str, name: str) -> Any:
        """A class by its name; raises UnpicklingError for all but ours."""
        if module in _OURS or module.startswith("monitor.model.") or (module == "builtins" and name in _PLAIN):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no business in a configuration")
