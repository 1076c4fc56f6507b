"""What maintainers wrote above an entry of `feeds.yaml`."""

import re

ENTRY = re.compile(r"\s*- +\{? *id: *[\"']?(?P<id>[a-z0-9_-]+)", re.ASCII)
COMMENT = re.compile(r"\s*# ?(?P<words>.*)")


def remarks(text: str) -> dict[str, str]:
    """The comment directly above each entry that has one, as one line, by the entry's id."""
    found: dict[str, str] = {}
    above: list[str] = []
    for line in text.splitlines():
        if entry := ENTRY.match(line):
            found |= {entry["id"]: " ".join(above)} if above else {}
        comment = COMMENT.match(line)
        above = [*above, comment["words"].strip()] if comment else []
    return found
