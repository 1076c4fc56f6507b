"""A feed as the lines of `feeds.yaml` that stand for it."""

import textwrap
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from monitor.model import Feed
from monitor.text.fold import clean

COMMENT_WIDTH = 116
# What a feed says of itself beside id, title and address, in the order of the file; `every` comes between the two.
FIRST = ("kind", "lang", "scope", "standing", "region")
LAST = ("time_zone", "full_text", "aliases", "blocked_in", "proxy", "select", "enabled")
UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))


def round_trip() -> YAML:
    """The reader and writer that keep comments and quotes; lines are as long as they are."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10**6
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def entry_lines(feed: Feed, usual: Feed, note: str = "") -> list[str]:
    """The lines of an entry from its dash on, below a comment; what `usual` says already is left out."""
    out = StringIO()
    round_trip().dump(entry_mapping(feed, usual), out)
    first, *rest = out.getvalue().splitlines()
    comment = [f"# {line}" for line in textwrap.wrap(clean(note, one_line=True), COMMENT_WIDTH)]
    return [*comment, f"- {first}", *(f"  {line}" for line in rest)]


def entry_mapping(feed: Feed, usual: Feed) -> CommentedMap:
    """What an entry must say, given what holds without it."""
    said = CommentedMap(id=feed.id)
    if feed.title:
        said["title"] = feed.title
    said["url"] = feed.url
    _say(said, FIRST, feed, usual)
    if (feed.every_min, feed.every_max) != (usual.every_min, usual.every_max):
        said["every"] = _every(feed)
    _say(said, LAST, feed, usual)
    return said


def _say(said: CommentedMap, names: tuple[str, ...], feed: Feed, usual: Feed) -> None:
    for name in names:
        value = getattr(feed, name)
        if value != getattr(usual, name):
            said[name] = _written(value)


def _written(value: Any) -> Any:
    """A value as YAML writes it; what has parts stands in one line."""
    if isinstance(value, tuple):
        listed = CommentedSeq(value)
        listed.fa.set_flow_style()
        return listed
    if isinstance(value, Mapping):
        return _in_a_line(value)
    return getattr(value, "value", value)


def _every(feed: Feed) -> Any:
    if feed.every_min == feed.every_max:
        return short_duration(feed.every_min)
    return _in_a_line({"min": short_duration(feed.every_min), "max": short_duration(feed.every_max)})


def _in_a_line(pairs: Mapping[str, Any]) -> CommentedMap:
    made = CommentedMap(pairs)
    made.fa.set_flow_style()
    return made


def short_duration(span: timedelta) -> str:
    """A span as the files write it: `15m`, `1h30m`, `1d`."""
    left, parts = span // timedelta(milliseconds=1), []
    for unit, size in UNITS:
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"
