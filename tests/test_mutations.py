"""Feeds with wounds: whatever is broken around an item, what is whole is read, and no reader dies of it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO

import feedparser
import pytest

from feeds import FEED, answer, item, rss
from monitor.errors import ParseError, WorkerError
from monitor.model import Entry, Parsed
from monitor.sources.feeding import FAILURES
from monitor.sources.rss import parse
from monitor.worker import open_worker
from paths import SHARED, SOURCE
from worker_jobs import die, whoami
from wounds import Dice, mutated

KEPT = 0.99  # of the feeds whose first item is whole
LARGEST = 20_000  # bytes of a feed to be wounded: half of those collected are shorter than a screen

Wounded = tuple[bytes, str]
"""A body, and the title of its first item, which is whole."""


def sources(bodies: Sequence[bytes]) -> list[tuple[bytes, Entry]]:
    """Feeds with a first item that can be found again in their bytes."""
    found = []
    for body in bodies:
        try:
            entries = parse(FEED, answer(body), {}).entries
        except ParseError:
            continue
        if entries and entries[0].title and body.count(entries[0].raw) == 1:
            found.append((body, entries[0]))
    return found


def wounded(bodies: Sequence[bytes], count: int, seed: str) -> list[Wounded]:
    """Mutations of these feeds, the same ones in every run."""
    dice, chosen = Dice(seed), sources(bodies)
    picks = (chosen[dice.below(len(chosen))] for _ in range(count))
    return [(mutated(body, first.raw, dice), first.title) for body, first in picks]


def read_many(bodies: Sequence[Wounded]) -> Mapping[str, int]:
    """How often the first title is still read, and how many bodies are named errors; anything else raises."""
    count: Counter[str] = Counter()
    for body, title in bodies:
        try:
            found: Parsed | None = parse(FEED, answer(body), {})
        except ParseError:
            found = None
            count["refused"] += 1
        count["kept"] += found is not None and title in {entry.title for entry in found.entries}
    return dict(count)


def test_wounds_elsewhere_leave_the_first_item():
    """Up to four wounds outside the first item: it is read in 99 of 100 feeds, and nothing is raised."""
    bodies = wounded([rss().encode(), rss(item(3), item(4)).encode()], 150, "small")
    assert read_many(bodies)["kept"] >= KEPT * 150


def collected() -> list[bytes]:
    """The feeds of the demo's press, and those of other projects where they lie beside the repository."""
    press = sorted((SOURCE / "newsroom" / "pages").rglob("feed.xml"))
    others = sorted((SHARED / "data" / "feeds").rglob("*.xml"))
    return [path.read_bytes() for path in (*press, *others) if path.stat().st_size < LARGEST]


@pytest.mark.heavy
async def test_fifty_thousand_wounded_feeds():
    """In two children, a hundred at a time: no child ends, and 99 of 100 whole first items are read."""
    total, at_once = 50_000, 100
    bodies = wounded(collected(), total, "corpora")
    batches = [bodies[start : start + at_once] for start in range(0, total, at_once)]
    count: Counter[str] = Counter()
    async with open_worker(count=2) as worker:
        children = set()

        async def lane(own: Sequence[Sequence[Wounded]]) -> None:
            for batch in own:
                count.update(await worker.run(read_many, batch, seconds=60))
                children.add(await worker.run(whoami))

        await asyncio.gather(lane(batches[::2]), lane(batches[1::2]))
        assert len(children) == 2  # none was ever replaced
    assert count["kept"] >= KEPT * total, count
    assert count["refused"] < total / 20, count


@pytest.mark.heavy
def test_the_bar_can_be_missed():
    """Feedparser alone, given the same bodies as they are, loses more than one first item in a hundred, or breaks."""
    bodies, kept = wounded(collected(), 1_000, "corpora"), 0
    for body, title in bodies:
        try:
            found = feedparser.parse(BytesIO(body)).entries
        except FAILURES:
            continue
        kept += title in {entry.get("title") for entry in found}
    assert kept < KEPT * len(bodies)


@pytest.mark.heavy
async def test_an_exit_would_be_seen():
    """A child that a body kills is told as a crash: the bar of no exits can be missed."""
    async with open_worker() as worker:
        with pytest.raises(WorkerError):
            await worker.run(die)
