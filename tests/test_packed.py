"""A matcher as bytes: the same answers in another process, and nothing else comes out of them."""

import asyncio
import json
import os
import pickle
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

import worker_jobs as jobs
from monitor.app.words import Words
from monitor.config.configuration import Configuration
from monitor.config.files import load
from monitor.ingest.answers import _together, remaining_looks
from monitor.ingest.looking import look
from monitor.ingest.poll import cycle
from monitor.ingest.reading import learn, read, read_and_look
from monitor.matching.compile import compile_keywords
from monitor.matching.packed import pack, unpack
from monitor.model import Feed, Keywords, Parsed, Response
from monitor.sources.keys import keys_of
from monitor.text.packing import BROKEN
from monitor.text.times import unstamp
from monitor.worker import Lesson, open_worker
from nouns import an_entry
from paths import ROOT
from walking import Pages, a_house, settings_in, write_config

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


async def test_a_lesson_that_cannot_be_learned_costs_the_looks_and_not_the_document(packed):
    """The entries arrive without looks, from a child that knows no words any more, not even those from before."""
    async with open_worker() as worker:
        for broken in (b"nonsense", pack(compile_keywords(Keywords()))[:-9]):
            known = await worker.run(read_and_look, FEED, answer(*HEADLINES), {}, after=Lesson(learn, (packed,)))
            assert known.looks
            parsed = await worker.run(read_and_look, FEED, answer(*HEADLINES), {}, after=Lesson(learn, (broken,)))
            assert ([entry.title for entry in parsed.entries], parsed.looks) == (list(HEADLINES), {})


async def test_lessons_do_not_pile_up(packed):
    """Every change of the files is a lesson; what was learned before is forgotten, rings and all."""
    async with open_worker() as worker:
        sizes = []
        for _ in range(8):
            await worker.run(jobs.double, 1, after=Lesson(learn, (packed,)))
            sizes.append(await worker.run(jobs.resident))
        assert sizes[-1] - sizes[1] < 6_000_000


async def test_each_job_has_the_words_that_it_came_with(packed):
    """Files change while sources are being read: turns that began before go on with the words they began with."""
    deaf = Lesson(learn, (pack(compile_keywords(Keywords())),))
    async with open_worker(count=2) as worker:
        lessons = [deaf, Lesson(learn, (packed,))] * 6
        turns = (worker.run(read_and_look, FEED, answer(HEADLINES[0]), {}, after=lesson) for lesson in lessons)
        found = [bool(parsed.looks["0"].finding.topics) for parsed in await asyncio.gather(*turns)]
    assert found == [False, True] * 6


async def test_looking_ends_where_reading_would_suffer(packed):
    """A feed whose looks would take longer than there is arrives whole, and is looked at in jobs of their own."""
    feed = answer(*HEADLINES * 200)
    async with open_worker() as worker:
        lesson = Lesson(learn, (packed,))
        short = await worker.run(read_and_look, FEED, feed, {}, seconds=2.1, after=lesson)
        assert len(short.entries) == 800 > len(short.looks)
        wire = SimpleNamespace(worker=worker)
        looks = await remaining_looks(wire, FEED, short.entries, short, lesson)
        assert looks == (await worker.run(read_and_look, FEED, feed, {}, seconds=60, after=lesson)).looks


async def test_what_no_child_looks_at_is_left_out(packed):
    """A child that cannot learn gives none, one that breaks over it those that were there: whoever asked looks itself."""
    async with open_worker() as worker:
        wire, parsed = SimpleNamespace(worker=worker), await worker.run(read, FEED, answer(*HEADLINES), {})
        assert await remaining_looks(wire, FEED, parsed.entries, parsed, Lesson(learn, (b"nonsense",))) == {}
        broken = [replace(entry, summary=None) for entry in parsed.entries]
        assert await remaining_looks(wire, FEED, broken, parsed, Lesson(learn, (packed,))) == {}


async def test_news_are_heard_of_though_no_child_can_look(tmp_path, clock):
    """The daemon finds the words itself when the worker brings none."""
    pages = Pages()
    write_config(tmp_path / "config", [{"id": FEED.id, "url": FEED.url, "lang": "ru"}])
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        house.desk = replace(house.desk, words=Lesson(learn, (b"nonsense",)))
        pages.feed(FEED.url, {"title": "Погода"})
        await cycle(house.desk)
        clock.tick(timedelta(hours=1))
        pages.feed(FEED.url, {"title": "Забастовка в Жанаозене", "when": clock()}, {"title": "Погода"})
        assert (await cycle(house.desk, everything=True)).queued


@pytest.mark.heavy
async def test_a_feed_of_five_thousand_long_items_arrives_whole(tmp_path, clock):
    """The largest there may be: reading it takes a second or two, looking at it more than is left of five."""
    pages, text = Pages(), "Слово о работе и труде на заводе. " * 24
    write_config(tmp_path / "config", [{"id": FEED.id, "url": FEED.url, "lang": "ru"}], shipped_keywords())
    heads = [HEADLINES[0] if number % 500 == 0 else f"Погода на {number}-й день" for number in range(5000)]
    items = [
        {"title": head, "text": text, "when": clock(), "link": f"{FEED.url}/{at}"} for at, head in enumerate(heads)
    ]
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        pages.feed(FEED.url, *items)
        report = await cycle(house.desk)
        assert (report.failed, report.total("articles"), report.total("hits") >= 10) == ([], 5000, True)


def shipped_keywords():
    """The keyword file that ships."""
    return (ROOT / "config/keywords.yaml").read_text("utf-8")


def test_pages_of_one_turn_keep_their_own_looks(shipped):
    """Two pages may say different things under one id; a look at the words of the one is none at those of the other."""
    entry = an_entry(guid="1", title=HEADLINES[0], summary="")
    other = replace(entry, title="Погода")
    first = Parsed(entries=(entry,), keys=keys_of(FEED, [entry]), looks={"1": look(shipped, FEED, entry.title, "")})
    second = Parsed(entries=(other,), keys=keys_of(FEED, [other]))
    together = _together([first, second])
    assert together.entries == (other,)
    assert together.looks == {}


def test_a_packed_matcher_that_cannot_be_opened_is_made_anew():
    """The words are those of the files, whatever lies on the disk."""
    keywords = load(ROOT / "config").keywords
    topic = next(one for one in keywords.topics if one.id == "strike")
    words = Words(Configuration(feeds=(), keywords=replace(keywords, topics=(topic,)), packed=b"nonsense"))
    assert words.matcher().find(HEADLINES[0], "").topics
