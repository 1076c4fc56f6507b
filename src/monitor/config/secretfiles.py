"""Where a setting's value comes from: the variable, a file it points to, or a file that the machine lays out.

`NAME` is the value; `NAME_FILE` the path of a file that holds it; `$CREDENTIALS_DIRECTORY/name` (systemd) and
`/run/secrets/name` (containers) are files of the lower-cased name. The first that is there counts. An empty variable
counts as not set: compose files write `NAME=` for "none".
"""

from collections.abc import Mapping
from pathlib import Path

from monitor.config.values import Unusable

SECRETS_DIR = Path("/run/secrets")
# Tokens and passwords are short; a file beyond this is not the one that was meant.
MOST_BYTES = 65_536
SUFFIX = "_FILE"


class Lookup:
    """The values of settings by name. `secrets_dir` is the container's folder of secrets."""

    def __init__(self, environ: Mapping[str, str], secrets_dir: Path = SECRETS_DIR) -> None:
        self._environ = environ
        named = environ.get("CREDENTIALS_DIRECTORY")
        self._folders = ([Path(named)] if named else []) + [secrets_dir]

    def get(self, name: str) -> str | None:
        """The value of a setting without the spaces around it, or None when it is not set. Raises Unusable."""
        value = self._environ.get(name, "").strip()
        pointer = self._environ.get(name + SUFFIX, "").strip()
        if value and pointer:
            raise Unusable(f"is set twice, also as {name}{SUFFIX}.", "Keep one of the two.")
        if value:
            return value
        if pointer:
            return _content(Path(pointer), f"has a file ({name}{SUFFIX}) that cannot be read:")
        for folder in self._folders:
            if (folder / name.lower()).is_file():
                return _content(folder / name.lower(), "has a file that cannot be read:")
        return None

    def names(self, prefix: str) -> list[str]:
        """Every setting that begins with the prefix, wherever it is laid out, without its `_FILE`; sorted."""
        found = {name.removesuffix(SUFFIX) for name in self._environ if name.startswith(prefix)}
        for folder in self._folders:
            if folder.is_dir():
                found |= {entry.name.upper() for entry in folder.iterdir() if entry.name.startswith(prefix.lower())}
        return sorted(name for name in found if len(name) > len(prefix))


def _content(path: Path, trouble: str) -> str | None:
    """The text of a small file without the white space around it; None when it is empty."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unusable(f"{trouble} {path} is too large.", "A secret is one short line.")
        return path.read_text(encoding="utf-8-sig").strip() or None
    except OSError as error:
        raise Unusable(f"{trouble} {path} ({error.strerror}).", "Check its name and who may read it.") from None
    except UnicodeDecodeError:
        raise Unusable(f"{trouble} {path} is not text in UTF-8.", "Save it as plain text.") from None
