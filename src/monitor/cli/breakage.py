"""What the machine did to us, in words for whoever typed the command: a full disk, a folder that may not be written."""

import errno
import sqlite3

FULL = "the disk is full. Make room and try again; what was kept before is still there."
DATABASE = "--data-dir or MONITOR_DATA_DIR names another folder."
# The beginning of SQLite's name for an error → what it means here.
_BY_NAME = {
    "SQLITE_FULL": FULL,
    "SQLITE_CANTOPEN": f"the database cannot be opened: its folder must be one that this user may write to. {DATABASE}",
    "SQLITE_READONLY": f"the database may only be read: its folder must be one that this user may write to. {DATABASE}",
    "SQLITE_BUSY": "the database is busy. Try again in a minute.",
    "SQLITE_CORRUPT": "the database is damaged. Restore the last backup; see the README.",
    "SQLITE_NOTADB": f"the file monitor.db is no database. {DATABASE}",
}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_ROOM = {errno.ENOSPC, errno.EDQUOT}


def in_words(error: Exception) -> str:
    """What went wrong, as one sentence or two; of what nobody thought of, its kind and what it says itself."""
    if isinstance(error, OSError) and error.errno in _ROOM:
        return FULL
    if isinstance(error, OSError) and error.errno in _FORBIDDEN and error.filename:
        return f"this user may not write or read {error.filename} ({error.strerror})."
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", None) or ""
        known = next((said for begin, said in _BY_NAME.items() if name.startswith(begin)), None)
        if known:
            return known
    return f"unexpected {type(error).__name__}: {error}"
