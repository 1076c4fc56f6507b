"""The last good files, kept beside the database: a restart on bad files runs these, and says so."""

import hashlib
import importlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from monitor.config import remembered
from monitor.config.configuration import DELIVERY, FEEDS, KEYWORDS, Configuration
from monitor.config.settings import Settings
from monitor.errors import ConfigError

FOLDER = "last-good"
NAMES = (FEEDS, KEYWORDS, DELIVERY)


def fingerprint_of(config_dir: Path) -> str:
    """A hash of what the files of a folder say: another one means that something was changed, added or removed."""
    told = hashlib.sha256()
    for name in NAMES:
        body = None
        with suppress(OSError):
            body = (config_dir / name).read_bytes()
        told.update(f"{name} {-1 if body is None else len(body)}\n".encode() + (body or b""))
    return told.hexdigest()


def keep(config_dir: Path, data_dir: Path, fingerprint: str | None = None) -> None:
    """Copy the files of a folder that was just loaded without a mistake; 0700 and 0600, whole or not at all.

    With the `fingerprint` of what was loaded, files that somebody has changed since are not kept. The folder is
    exchanged by renaming: after a crash in between, the one before still lies under its other name.
    """
    target, fresh, old = (data_dir / f"{FOLDER}{end}" for end in ("", ".new", ".old"))
    if fingerprint_of(config_dir) == fingerprint_of(target):
        return
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    for name in NAMES:
        if (config_dir / name).is_file():
            _write(fresh / name, (config_dir / name).read_bytes())
    if fingerprint not in {None, fingerprint_of(fresh)}:
        shutil.rmtree(fresh)
        return
    shutil.rmtree(old, ignore_errors=True)
    with suppress(FileNotFoundError):
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def load_or_last_good(
    config_dir: Path, data_dir: Path, settings: Settings | None = None
) -> tuple[Configuration, ConfigError | None]:
    """The configuration of a folder; when its files are bad, the last good one together with what is wrong.

    Raises ConfigError, about the folder's own files, when no good ones were kept.
    """
    fingerprint, usual = fingerprint_of(config_dir), settings or Settings()
    if (known := remembered.recall(data_dir, fingerprint, usual)) is not None:
        return known, None
    try:
        configuration = _load(config_dir, settings)
    except ConfigError as refused:
        for end in ("", ".old"):
            with suppress(ConfigError):
                return _load(data_dir / f"{FOLDER}{end}", settings), refused
        raise
    if fingerprint == fingerprint_of(config_dir):  # else somebody wrote while we read
        remembered.remember(data_dir, fingerprint, usual, configuration)
    return configuration, None


def _load(folder: Path, settings: Settings | None) -> Configuration:
    """Read a folder; what reads and checks is imported when something must be read."""
    found: Configuration = importlib.import_module("monitor.config.files").load(folder, settings)
    return found


def _write(path: Path, body: bytes) -> None:
    """A file that only its owner may read, on the disk before its folder gets its name."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
