"""Exchanging the text of a file: whole or not at all, and only if nobody else changed it meanwhile."""

import os
from pathlib import Path
from uuid import uuid4

from monitor.config.problems import shown
from monitor.errors import ConfigError, Problem

NEW_FILE_MODE = 0o644  # what editors give; these files hold no secrets


def read(path: Path) -> str:
    """The text of a file with its own line ends; empty when there is none. Raises ConfigError."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise _refused(path, "This is not text in UTF-8.", "Save the file again as UTF-8.") from None
    except OSError as error:
        raise _refused(path, f"This file cannot be read ({error.strerror}).", "Check that you may read it.") from None


def write(path: Path, before: str, after: str) -> None:
    """Put `after` in the place of `before`, which was read there; permissions stay. Raises ConfigError."""
    if read(path) != before:
        raise _refused(path, "Somebody else changed this file just now.", "Nothing was written; try again.")
    target = path.resolve()  # a link stays a link
    draft = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else NEW_FILE_MODE
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(after.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        hint = "Check that you may write there; --dry-run prints the lines, so that somebody else can put them in."
        raise _refused(path, f"This file cannot be written ({error.strerror}).", hint) from None


def _refused(path: Path, what: str, hint: str) -> ConfigError:
    return ConfigError([Problem(path=shown(path), line=1, column=1, what=what, hint=hint)])
