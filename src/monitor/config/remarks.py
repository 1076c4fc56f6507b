"""What maintainers wrote of an entry of `feeds.yaml`: above it, and above the line that switches it off."""

import re

ENTRY = re.compile(r"\s*- +\{? *id: *[\"']?(?P<id>[a-z0-9_-]+)", re.ASCII)
SWITCH = re.compile(r"\s*enabled: *false\b")
COMMENT = re.compile(r"\s*# ?(?P<words>.*)")


def remarks(text: str) -> dict[str, str]:
    """The comments directly above each entry and above its `enabled: false`, as one line, by the entry's id."""
    found: dict[str, list[str]] = {}
    entry_id, above = "", list[str]()
    for line in text.splitlines():
        if comment := COMMENT.match(line):
            above.append(comment["words"].strip())
            continue
        if entry := ENTRY.match(line):
            entry_id = entry["id"]
        if entry or (entry_id and SWITCH.match(line)):
            found.setdefault(entry_id, []).extend(above)
        above = []
    return {entry_id: " ".join(said) for entry_id, said in found.items() if said}
