"""Changing `feeds.yaml` as a careful hand would: lines are put in, and every other byte stays as it was.

Where lines cannot be put in (a list in brackets) ruamel.yaml writes the file anew, with its comments. Whatever was
done is read again before it counts: the file must then say what it said before, and the change.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from typing import Any, NamedTuple

from ruamel.yaml.error import YAMLError

from monitor.config.entry import entry_lines, entry_mapping, round_trip
from monitor.config.feeds import make_feeds, usual_feed
from monitor.config.nodes import ListNode, MapNode
from monitor.config.problems import Problems
from monitor.config.yaml import read_text
from monitor.errors import ConfigError, Problem
from monitor.model import Feed

NEW_FILE = "# yaml-language-server: $schema=./feeds.schema.json\nversion: 1\nfeeds: []\n"
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
NO_CONTENT = re.compile(r"\s*(?:#.*)?", re.DOTALL)
DASH = re.compile(r"( *)- +(?=[^\s#])")
WORD = {True: "true", False: "false"}

Change = Callable[[], str | None]


class Grown(NamedTuple):
    """A feeds file with more in it: its text, the entries that are new, and the line where the first of them stands."""

    text: str
    added: str
    line: int


def with_feeds(text: str, feeds: Sequence[Feed], path: str, notes: Mapping[str, str] | None = None) -> Grown:
    """A feeds file with more feeds at its end, `notes` (by id) as comments above them.

    An empty text becomes a new file. Raises ConfigError when the file at `path` is refused as it is, or would not say
    afterwards what it should.
    """
    text = text if text.strip() else NEW_FILE
    known, usual = _feeds_of(text, path)
    blocks = [entry_lines(feed, usual, (notes or {}).get(feed.id, "")) for feed in feeds]
    changes: tuple[Change, ...] = (
        lambda: _put_in(text, blocks),
        lambda: _dumped(text, lambda root: _extend(root["feeds"], feeds, usual)),
    )
    added = "\n".join(f"  {line}" for block in blocks for line in block)
    grown = _first_that_holds(changes, (*known, *feeds), path, f"Put these lines in by hand:\n{added}")
    line = next(entry.line for entry in _entries(grown) if feeds and entry.get("id") == feeds[0].id)
    return Grown(grown, added, line)


def switched(text: str, feed_id: str, path: str, *, on: bool, note: str = "") -> str:
    """The text of a feeds file with one feed switched on or off, `note` as a comment above the line that does it.

    Raises KeyError when there is no such feed, ConfigError as `with_feeds` does.
    """
    known, _ = _feeds_of(text, path)
    if feed_id not in {feed.id for feed in known}:
        raise KeyError(feed_id)
    wanted = [replace(feed, enabled=on) if feed.id == feed_id else feed for feed in known]
    changes: tuple[Change, ...] = (
        lambda: _with_switch(text, feed_id, on=on, note=note),
        lambda: _dumped(text, lambda root: _switch(root["feeds"], feed_id, on=on)),
    )
    by_hand = f"Write `enabled: {WORD[on]}` into the entry of {feed_id} by hand."
    return _first_that_holds(changes, wanted, path, by_hand)


def _first_that_holds(changes: Sequence[Change], wanted: Sequence[Feed], path: str, by_hand: str) -> str:
    """The first changed text that says what is wanted and nothing else."""
    for change in changes:
        changed = change()
        with suppress(ConfigError):
            if changed is not None and _feeds_of(changed, path)[0] == tuple(wanted):
                return changed
    raise ConfigError([Problem(path=path, line=1, column=1, what="A program cannot change this file.", hint=by_hand)])


def _feeds_of(text: str, path: str) -> tuple[tuple[Feed, ...], Feed]:
    """The feeds of a text, and what a feed is there that says nothing. Raises ConfigError with all mistakes."""
    problems = Problems(path)
    document = read_text(text.removeprefix("\ufeff"), problems)
    feeds = make_feeds(document, problems)
    if problems.errors:
        raise ConfigError(problems.errors)
    return feeds, usual_feed(document)


# ── putting lines in ─────────────────────────────────────────────────────────────────────────────────────────────────


def _entries(text: str) -> list[MapNode]:
    """The entries of the list `feeds`, with their places."""
    root = read_text(text.removeprefix("\ufeff"), Problems("")).root
    feeds = root.get("feeds") if isinstance(root, MapNode) else None
    return [entry for entry in feeds if isinstance(entry, MapNode)] if isinstance(feeds, ListNode) else []


def _put_in(text: str, blocks: Sequence[Sequence[str]]) -> str | None:
    """The text with these entries after the last one; None when the list is not written one below the other."""
    lines, entries = LINE.findall(text), _entries(text)
    first = max((entry.line for entry in entries), default=0) - 1
    dash = DASH.match(lines[first]) if entries else None
    if dash is None:
        return None
    end, ending = _end_of(lines, first, len(dash[1])), _ending(text)
    apart = [""] if _stands_apart(lines, first) else []
    new = [f"{dash[1] if line else ''}{line}{ending}" for block in blocks for line in (*apart, *block)]
    return _joined(lines, end, new, ending)


def _with_switch(text: str, feed_id: str, *, on: bool, note: str) -> str | None:
    """The text with `enabled:` of one entry changed or put in; None when the entry is written in one line."""
    lines = LINE.findall(text)
    entry = next(one for one in _entries(text) if one.get("id") == feed_id)
    first = entry.line - 1
    dash = DASH.match(lines[first])
    if dash is None or lines[first][dash.end()] == "{":
        return None
    ending, margin = _ending(text), " " * (entry.column - 1)
    remark = [f"{margin}# {note}{ending}"] if note else []
    if "enabled" in entry:
        at = entry.name("enabled").line - 1
        lines[at] = re.sub(r"(enabled: *)\S+", rf"\g<1>{WORD[on]}", lines[at], count=1)
        return _joined(lines, at, remark, ending)
    end = _end_of(lines, first, len(dash[1]))
    return _joined(lines, end, [*remark, f"{margin}enabled: {WORD[on]}{ending}"], ending)


def _joined(lines: list[str], at: int, new: Sequence[str], ending: str) -> str:
    """The text with new lines before line `at`, from 0; a last line without an end gets one."""
    if new and at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += ending
    return "".join([*lines[:at], *new, *lines[at:]])


def _ending(text: str) -> str:
    """How lines end here."""
    return "\r\n" if "\r\n" in text else "\n"


def _end_of(lines: Sequence[str], first: int, depth: int) -> int:
    """The line after the last one of an entry that begins at `first` and whose dash hangs `depth` deep; from 0."""
    end = first + 1
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if NO_CONTENT.fullmatch(line):
            continue
        if len(line) - len(line.lstrip(" ")) <= depth:
            break
        end = number + 1
    return end


def _stands_apart(lines: Sequence[str], first: int) -> bool:
    """Whether a blank line stands above an entry and its comments; the first of all says nothing about that."""
    above = first - 1
    while above >= 0 and lines[above].lstrip().startswith("#"):
        above -= 1
    return above < 0 or not lines[above].strip() or lines[above].startswith("feeds:")


# ── through ruamel.yaml, where lines cannot be put in ────────────────────────────────────────────────────────────────


def _dumped(text: str, change: Callable[[Any], object]) -> str | None:
    """The text after a change to what it says; comments survive, the layout may not. None when it cannot be read so."""
    yaml, out = round_trip(), StringIO()
    try:
        root = yaml.load(text)
        change(root)
        yaml.dump(root, out)
    except YAMLError:
        return None
    return out.getvalue()


def _extend(listed: Any, feeds: Sequence[Feed], usual: Feed) -> None:
    if not listed:
        listed.fa.set_block_style()
    listed.extend(entry_mapping(feed, usual) for feed in feeds)


def _switch(listed: Any, feed_id: str, *, on: bool) -> None:
    for entry in listed:
        if entry.get("id") == feed_id:
            entry["enabled"] = on
