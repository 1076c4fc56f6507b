"""What a source showed and what of it is new: the memory that every kind with a window of items keeps between two polls.

It holds

    seen      {print of an item: hash of its id} for the present window, nothing older; a changed item has a new print
    count     how many items the source showed
    title     what the source calls itself
    shared    hashes of ids that two items bore at the same time: such an id alone names nobody
    gap       true when no id is shared with the window before: something may have passed by unseen
    garbled   true when most new titles are no readable text
    partial   true when the transfer was cut: these validators must not be sent, or the rest would never come
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from monitor.model import Entry, Parsed
from monitor.text.prints import digest16

Memory = Mapping[str, Any]

_SHARED = 100  # ids; a feed of such has one or two
_REMEMBERED = 5_000  # items; windows show 10 to 100, and what is forgotten is only looked at again
# UTF-8 read as windows-1251 or windows-1252, and characters that were lost on the way.
_GARBLED = re.compile(
    "\ufffd|[ÐÑ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[РС][\u00a0-\u00bfЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџ]"
)
_GARBLED_MARKS = 3  # in one title: fewer may be a single lost character


def known(memory: Memory) -> Mapping[str, str]:
    """The prints of the window before, each with the hash of its id."""
    seen = memory.get("seen")
    return seen if isinstance(seen, Mapping) else {}


def parsed(
    memory: Memory, prints: Sequence[str], new: Mapping[str, Entry], *, title: str, is_partial: bool = False
) -> Parsed:
    """What a window says: `prints` are all its items in order, `new` the entries of those not known yet.

    A print that is neither known nor among the new ones is an item that could not be read.
    """
    before = known(memory)
    window = {name: before.get(name) or (id_hash(new[name].guid) if name in new else "") for name in prints}
    held = {before[name] for name in prints if name in before}
    ids = Counter([*held, *(id_hash(entry.guid) for entry in new.values())])
    shared = dict.fromkeys([*memory.get("shared", ()), *(name for name, count in ids.items() if count > 1)])
    entries = _told_apart(tuple(new.values()), shared)
    return Parsed(
        entries=entries,
        title=title,
        memory={
            **_memory(memory, window, count=len(prints), title=title, entries=entries, is_partial=is_partial),
            **({"shared": list(shared)[-_SHARED:]} if shared else {}),
        },
    )


def shown(memory: Memory) -> frozenset[str]:
    """The hashes of the ids in the present window; see `id_hash`."""
    return frozenset(known(memory).values()) - {""}


def is_all_new(memory: Memory, new_count: int) -> bool:
    """Whether nothing that was shown before is still shown, when `new_count` entries are new."""
    return bool(memory.get("gap")) or new_count >= int(memory.get("count") or 0)


def id_hash(guid: str) -> str:
    """Half a hash of an id: enough to tell the items of one source apart."""
    return digest16(guid)[:8]


def _told_apart(entries: Sequence[Entry], shared: Collection[str]) -> tuple[Entry, ...]:
    """The entries with an id of their own each.

    Some feeds give every item the same id, and some of them the same address, too. An edited item is none of these: it
    has replaced the one whose id it has.
    """
    apart: dict[str, Entry] = {}
    for entry in entries:
        guid = entry.guid
        if id_hash(guid) in shared:
            guid = f"{guid}#{digest16(entry.url + entry.title)}"
        apart.setdefault(guid, replace(entry, guid=guid))
    return tuple(apart.values())


def _memory(
    memory: Memory, window: Mapping[str, str], *, count: int, title: str, entries: Sequence[Entry], is_partial: bool
) -> Memory:
    """What the next poll needs to know; flags stand there only while they are true."""
    old_ids, ids = {*known(memory).values()} - {""}, {*window.values()} - {""}
    garbled = [len(_GARBLED.findall(entry.title)) >= _GARBLED_MARKS for entry in entries]
    flags = {
        "gap": bool(old_ids) and bool(ids) and not old_ids & ids,
        "partial": is_partial,
        "garbled": sum(garbled) * 2 > len(garbled) if garbled else bool(memory.get("garbled")),
    }
    return {
        "seen": dict(islice(window.items(), _REMEMBERED)),
        "count": count,
        "title": title,
        **{name: True for name, is_true in flags.items() if is_true},
    }
