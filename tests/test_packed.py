"""A matcher as bytes: the same answers in another process, and nothing else comes out of them."""

import json
import os
import pickle

import pytest

from monitor.config.files import load
from monitor.errors import WorkerError
from monitor.ingest.looking import look
from monitor.ingest.reading import learn, read, read_and_look
from monitor.matching.packed import pack, unpack
from monitor.model import Feed, Response
from monitor.text.packing import BROKEN
from monitor.text.times import unstamp
from monitor.worker import Lesson, open_worker
from paths import ROOT

NOON = unstamp("2026-03-01T12:00:00Z")
FEED = Feed(id="lada", url="https://lada.example/rss", lang="ru")
HEADLINES = (
    "Нефтяники Жанаозена объявили бессрочную забастовку",
    "Забастовщик забил два гола",
    "Мұнайшылар жалақыны көтеруді талап етіп, жұмысқа шықпады",
    "Union leader jailed in Kazakhstan",
)


@pytest.fixture(scope="module")
def shipped():
    """The matcher of the keyword file that ships."""
    return load(ROOT / "config").matcher


@pytest.fixture(scope="module")
def packed(shipped):
    """The same, packed."""
    return pack(shipped)


def test_an_unpacked_matcher_says_what_the_packed_one_says(shipped, packed):
    """Of every headline of the labelled sets: severity, reason, hits, places, names and near misses."""
    again = unpack(packed)
    told = [json.loads(line) for line in (ROOT / "tests/data/headlines_gold.jsonl").read_text("utf-8").splitlines()]
    assert len(told) > 200
    for row in told:
        assert again.find(row["title"], "", explain=True) == shipped.find(row["title"], "", explain=True)


def test_what_was_learned_meanwhile_is_not_packed(shipped, packed):
    """A matcher that has read much is no larger: it goes to children and to the disk."""
    for number in range(2000):
        shipped.find(f"слово{number} забастовка{number}", "", lang="ru")
    assert pack(shipped) == packed


class Trojan:
    """What a hostile hand would put there."""

    def __reduce__(self):
        """What it would have us call."""
        return os.system, ("true",)


@pytest.mark.parametrize(
    "parcel",
    [
        b"",
        b"nonsense",
        pickle.dumps(Trojan()),
        pickle.dumps({"a": 1}),
        b"cmonitor.matching.compile\ncompile_keywords\n.",
    ],
    ids=["empty", "nonsense", "trojan", "a dictionary", "a function of ours"],
)
def test_nothing_but_a_matcher_comes_out(parcel):
    """Anything else is refused by one of the errors that callers know."""
    with pytest.raises(BROKEN):
        unpack(parcel)


def answer(*headlines):
    """A feed of these headlines."""
    items = "".join(f"<item><title>{one}</title><guid>{at}</guid></item>" for at, one in enumerate(headlines))
    body = f"<rss><channel><title>Лада</title>{items}</channel></rss>"
    return Response(url=FEED.url, status=200, headers={}, body=body.encode(), received_at=NOON)


async def test_a_child_finds_what_the_daemon_would_find(shipped, packed):
    """The looks that come with the entries are those that we would have had."""
    async with open_worker() as worker:
        parsed = await worker.run(read_and_look, FEED, answer(*HEADLINES), {}, after=Lesson(learn, (packed,)))
    assert [entry.title for entry in parsed.entries] == list(HEADLINES)
    assert parsed.looks == {entry.guid: look(shipped, FEED, entry.title, "") for entry in parsed.entries}
    assert any(one.early and one.headline for one in parsed.looks.values())


async def test_only_who_asks_for_looks_gets_them(packed):
    """Trying out a source needs no words, whatever the child has learned."""
    async with open_worker() as worker:
        await worker.run(read_and_look, FEED, answer(*HEADLINES), {}, after=Lesson(learn, (packed,)))
        assert (await worker.run(read, FEED, answer(*HEADLINES), {})).looks == {}


async def test_a_lesson_that_cannot_be_learned_is_the_documents_failure():
    """Broken words fail by name, and do not stop a child from reading without them."""
    async with open_worker() as worker:
        with pytest.raises(WorkerError) as caught:
            await worker.run(read_and_look, FEED, answer(*HEADLINES), {}, after=Lesson(learn, (b"nonsense",)))
        assert caught.value.kind == "crash"
        assert len((await worker.run(read, FEED, answer(*HEADLINES), {})).entries) == len(HEADLINES)
