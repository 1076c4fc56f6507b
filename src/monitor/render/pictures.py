"""The picture of a letter: a bar a day by topic and a tile a region, as numbers and colours that templates lay out.

It needs no image and no script: bars and tiles are cells of tables, every number also stands there in words.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from monitor.model import Digest, Lang
from monitor.render.catalogue import Words, name_of, words
from monitor.render.cutting import cut, tame

TOPICS_SHOWN = 4  # what no eye can tell apart is one colour
# Readable on white and on black. A topic has the same colour every day, unless two that are shown share one.
COLOURS = ("#c2453a", "#8a62b0", "#3f8f86", "#7d8a3c", "#b5763a", "#4b83b8", "#c99a2e", "#b5638c")
OTHER = "#94908a"
TALLEST = 84  # px of the highest bar
LARGEST_STEP = 12  # px of one report, where there is room
LEVELS = 3  # light, middle and dark tiles: up to a third, two thirds and all of the fullest region's reports
SHORT_TITLE = 40
NO_BREAK = "\u00a0"
# The regions about where they lie on the map, west to the left.
MAP = (
    ("", "", "KZ-39", "KZ-59", "KZ-55", ""),
    ("KZ-27", "KZ-15", "KZ-11", "KZ-71", "KZ-10", "KZ-63"),
    ("KZ-23", "", "KZ-62", "KZ-35", "", "KZ-33"),
    ("KZ-47", "", "KZ-43", "KZ-31", "KZ-19", ""),
    ("", "", "KZ-61", "KZ-79", "KZ-75", ""),
)


@dataclass(frozen=True, slots=True)
class Key:
    """One topic of the picture with its colour and how many reports it has in all, and both in words."""

    title: str
    colour: str
    count: int
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: its date, how many reports, its parts from the top down as (colour, px), and the same in words."""

    day: str
    total: int
    parts: tuple[tuple[str, int], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One region, or an empty place of the map; `level` is 0 for none to 3 for many."""

    name: str = ""
    count: int = 0
    level: int = 0
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything of it. `axis` are the dates under the bars, `regions` the tiles in words."""

    title: str
    bars: tuple[Bar, ...]
    axis: tuple[str, ...]
    keys: tuple[Key, ...]
    tiles: tuple[tuple[Tile, ...], ...]
    regions: tuple[str, ...]
    blind: str


def picture(digest: Digest, lang: Lang) -> Picture | None:
    """The picture in one language; None when there is nothing to show."""
    if not digest.past:
        return None
    say = words(lang)
    last = date.fromisoformat(digest.date)
    days = [last - timedelta(days=back) for back in reversed(range(digest.past_days))]
    keys = _keys(digest, lang)
    by_day = {day: Counter[str]() for day in days}
    for one in digest.past:
        if (day := date.fromisoformat(one.date)) in by_day:
            by_day[day][one.topic if one.topic in keys else ""] += 1
    tallest = max(sum(counts.values()) for counts in by_day.values())
    step = min(TALLEST / max(tallest, 1), LARGEST_STEP)
    return Picture(
        title=say.count("picture.title", len(digest.past), days=digest.past_days),
        bars=tuple(_bar(say, day, counts, keys, step) for day, counts in by_day.items()),
        axis=tuple(say.date(day, "date.day") for day in (days[0], days[len(days) // 2], days[-1])),
        keys=tuple(keys.values()),
        tiles=_tiles(digest, say),
        regions=_regions(digest, say),
        blind=say.say("picture.blind") if digest.blind_regions else "",
    )


def _keys(digest: Digest, lang: Lang) -> dict[str, Key]:
    """The topics that have a colour of their own, the commonest first; the key "" stands for all others."""
    counts = Counter(one.topic for one in digest.past)
    order = list(digest.topic_titles)
    ranked = sorted(counts, key=lambda topic: (-counts[topic], order.index(topic) if topic in order else len(order)))
    shown: dict[str, Key] = {}
    for topic in ranked[:TOPICS_SHOWN]:
        taken = {key.colour for key in shown.values()}
        first = (order.index(topic) if topic in order else 0) % len(COLOURS)
        colour = next(colour for colour in COLOURS[first:] + COLOURS[:first] if colour not in taken)
        title = name_of(digest.topic_titles.get(topic, {}), (lang, "en")) or topic
        shown[topic] = _key(words(lang), title, colour, counts[topic])
    if rest := sum(counts[topic] for topic in ranked[TOPICS_SHOWN:]):
        shown[""] = _key(words(lang), words(lang).say("picture.other"), OTHER, rest)
    return shown


def _key(say: Words, title: str, colour: str, count: int) -> Key:
    short = cut(tame(title), SHORT_TITLE)
    return Key(short, colour, count, _part(say, short, count))


def _part(say: Words, title: str, count: int) -> str:
    """A title and its number, which no line parts."""
    return say.say("picture.part", title=title, count=count).replace(" ", NO_BREAK)


def _bar(say: Words, day: date, counts: Counter[str], keys: dict[str, Key], step: float) -> Bar:
    told = [(key, counts[topic]) for topic, key in keys.items() if counts[topic]]
    note = ", ".join(_part(say, key.title, count) for key, count in told)
    parts = tuple((key.colour, max(round(count * step), 2)) for key, count in reversed(told))
    return Bar(say.date(day, "date.day"), counts.total(), parts, note)


def _tiles(digest: Digest, say: Words) -> tuple[tuple[Tile, ...], ...]:
    counts = Counter(region for one in digest.past for region in one.regions)
    most = max(counts.values(), default=1)

    def tile(region: str) -> Tile:
        if not region:
            return Tile()
        level = ceil(LEVELS * counts[region] / most)
        return Tile(say.say(f"tile.{region}"), counts[region], level, region in digest.blind_regions)

    return tuple(tuple(map(tile, row)) for row in MAP)


def _regions(digest: Digest, say: Words) -> tuple[str, ...]:
    """The tiles in words: which regions how often, how many reports name none, and where nothing came from."""
    counts = Counter(region for one in digest.past for region in one.regions)
    known = [region for row in MAP for region in row if region]
    told = sorted((region for region in known if counts[region]), key=lambda region: -counts[region])
    said = [_part(say, say.say(f"region.{region}"), counts[region]) for region in told]
    silent = [say.say(f"region.{region}") for region in known if not counts[region]]
    nowhere = sum(not one.regions for one in digest.past)
    return tuple(
        filter(
            None,
            (
                say.say("picture.regions", regions=", ".join(said)) if said else "",
                say.count("picture.nowhere", nowhere) if nowhere else "",
                say.say("picture.silent", regions=", ".join(silent)) if silent and said else "",
            ),
        )
    )
