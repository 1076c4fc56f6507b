"""Ways in which news could pass by unheard while every poll is good: each is a doubt that somebody had."""

import asyncio
from datetime import timedelta

import httpx
import pytest

import test_sitemap as sitemaps
from feeds import FEED, answer
from monitor.ingest import poll
from monitor.ingest.pages import article_of
from monitor.ingest.reading import read
from monitor.model import Feed, Health, Page
from monitor.sources import telegram
from monitor.sources.keys import keys_of
from monitor.sources.rss import parse
from monitor.store import feeds as feed_store
from monitor.store.entries import Fresh
from nouns import NOON, an_entry
from posts import CHANNEL, preview
from walking import OnTheWire, Pages, a_house, settings_in, write_config
from walking import rss as feed_of

LADA = "https://lada.example/rss"
HOUR = timedelta(hours=1)
TOWNS = ("Жанаозене", "Актау", "Балхаше", "Экибастузе", "Темиртау")


@pytest.fixture
def pages():
    """A press that has said six things that are no news for us."""
    press = Pages()
    press.feed(LADA, *ordinary())
    return press


def ordinary(prefix="", text=""):
    """Six items, each with an id and an address that begin like this."""
    return [
        {"title": f"Погода на {day} марта", "link": f"https://lada.example/{prefix}{day}", "text": text}
        for day in range(1, 7)
    ]


def strikes(clock=None, prefix=""):
    """News of a strike in each of five towns."""
    when = {"when": clock()} if clock else {}
    return [
        {"title": f"Забастовка на заводе в {town}", "link": f"https://lada.example/{prefix}strike-{number}", **when}
        for number, town in enumerate(TOWNS)
    ]


@pytest.fixture
def settings(tmp_path):
    """A house with one outlet."""
    write_config(tmp_path / "config", [{"id": "lada", "url": LADA, "lang": "ru"}])
    return settings_in(tmp_path)


async def look(house, clock):
    """An hour later, a look at everything; how many stories were opened."""
    clock.tick(HOUR)
    return (await poll.cycle(house.desk, everything=True)).total("opened")


def said(house):
    """The headlines of the stories that were said."""
    rows = house.db.execute(
        "SELECT DISTINCT a.title FROM verdicts v JOIN articles a ON a.id = v.article_id WHERE v.say ORDER BY a.id"
    )
    return [title for (title,) in rows]


# ── other ids for the same ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_dated", [True, False])
async def test_news_that_come_with_a_new_system_are_news(settings, pages, clock, is_dated):
    """An outlet changes all ids, addresses and texts, and tells of five strikes at the same time: all five are said."""
    async with a_house(settings, clock, pages) as house:
        await look(house, clock)
        clock.tick(HOUR)
        news = strikes(clock if is_dated else None, "new/")
        pages.feed(LADA, *news, *ordinary("new/", "В новом виде."))
        await look(house, clock)
        assert sorted(said(house)) == sorted(one["title"] for one in news)


async def test_what_stands_below_the_known_is_the_past(settings, pages, clock):
    """The new system shows more of the archive than the old one did: that is no news."""
    async with a_house(settings, clock, pages) as house:
        await look(house, clock)
        pages.feed(LADA, *ordinary("new/", "В новом виде."), *strikes(prefix="new/"))
        await look(house, clock)
        assert said(house) == []


async def test_a_source_whose_ids_never_stay_is_heard(settings, pages, clock):
    """Every poll brings other ids, addresses and texts for the same items; what is really new is said every time."""
    async with a_house(settings, clock, pages) as house:
        await look(house, clock)
        news = strikes()
        for number in range(1, len(news) + 1):
            shown = [one | {"link": f"{one['link']}?s={number}", "text": f"№ {number}"} for one in news[:number]]
            pages.feed(LADA, *reversed(shown), *ordinary(f"{number}/", f"№ {number}"))
            await look(house, clock)
            assert news[number - 1]["title"] in said(house)


async def test_a_source_that_alternates_between_two_sets_of_ids_is_heard(settings, pages, clock):
    """Two servers behind one name, each with ids of its own: news of either are said once."""
    async with a_house(settings, clock, pages) as house:
        await look(house, clock)
        news = strikes()
        for number in range(1, len(news) + 1):
            shown = [one | {"guid": f"{number % 2} {one['link']}"} for one in [*reversed(news[:number]), *ordinary()]]
            pages.feed(LADA, *shown)
            await look(house, clock)
        assert said(house) == [one["title"] for one in news]


@pytest.mark.parametrize("full_text", [False, True])
async def test_a_source_that_shows_one_item_under_one_id_is_heard(tmp_path, pages, clock, full_text):
    """A feed of the latest news: always the same id, always something else. An edited item is no other one."""
    write_config(tmp_path / "config", [{"id": "lada", "url": LADA, "lang": "ru", "full_text": full_text}])
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        pages.feed(LADA, ordinary()[0] | {"guid": "latest"})
        await look(house, clock)
        for number in range(len(TOWNS)):
            clock.tick(HOUR)
            latest = strikes(clock)[number] | {"guid": "latest"}
            for text in ("", "Дополнено: рабочие требуют прибавки."):
                pages.feed(LADA, latest | {"text": text})
                await look(house, clock)
        assert said(house) == [one["title"] for one in strikes()]
        assert house.db.execute("SELECT count(*) FROM articles").fetchone() == (1 + len(TOWNS),)


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_dates_of_the_future_hide_nothing(settings, pages, clock):
    """An outlet whose clock runs two days fast: its news are of now, and so are the next ones."""
    async with a_house(settings, clock, pages) as house:
        await look(house, clock)
        for number, news in enumerate(strikes()[:3]):
            pages.feed(LADA, *[news | {"when": clock() + timedelta(days=2)}], *ordinary())
            await look(house, clock)
            assert len(said(house)) == number + 1


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
async def test_a_clock_that_was_wrong_for_a_while_hides_nothing(settings, pages, clock, jump):
    """The machine's clock is a year off for one poll and is put right: the feed is due at once and its news are said."""
    async with a_house(settings, clock, pages) as house:
        await look(house, clock)
        clock.tick(jump)
        await poll.cycle(house.desk)
        clock.tick(-jump)
        clock.tick(timedelta(hours=2))
        pages.feed(LADA, *strikes(clock)[:1], *ordinary())
        await poll.cycle(house.desk)
        assert len(said(house)) == 1


@pytest.mark.parametrize("is_reachable", [True, False])
async def test_a_page_is_asked_for_though_the_clock_was_wrong(tmp_path, pages, clock, is_reachable):
    """The clock was a year fast when robots.txt could not be had, or a page: both are asked for when it is right."""
    write_config(tmp_path / "config", [{"id": "lada", "url": LADA, "lang": "ru", "full_text": True}])
    link, rules = "https://lada.example/7", "https://lada.example/robots.txt"
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await look(house, clock)
        clock.tick(timedelta(days=400))
        pages.bodies[link if is_reachable else rules] = lambda _: httpx.Response(500, stream=OnTheWire(b""))
        pages.feed(LADA, {"title": "Обстановка на заводе", "link": link}, *ordinary())
        await look(house, clock)
        assert said(house) == []
        pages.bodies.pop(rules, None)
        pages.bodies[link] = page_of("Рабочие завода в Жанаозене объявили забастовку и не вышли на смену." * 3)
        clock.tick(timedelta(days=-400))
        await look(house, clock)
        await look(house, clock)
        assert said(house) == ["Обстановка на заводе"]


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_server_that_always_says_not_modified_is_asked_plainly(settings, pages, clock):
    """A broken cache answers 304 to everybody who has a validator: when the silence is remarkable, none is sent."""
    stuck = {"body": feed_of(LADA, *ordinary())}

    def server(request):
        if "if-none-match" in request.headers:
            return httpx.Response(304, stream=OnTheWire(b""))
        return httpx.Response(200, stream=OnTheWire(stuck["body"]), headers={"etag": '"for ever"'})

    async with a_house(settings, clock, pages) as house:
        for day in range(8):  # long enough to have a rhythm
            pages.feed(
                LADA, *[one | {"title": f"{one['title']}, {day}", "link": f"{one['link']}-{day}"} for one in ordinary()]
            )
            clock.tick(23 * HOUR)
            await look(house, clock)
        pages.bodies[LADA] = server
        await look(house, clock)
        stuck["body"] = feed_of(LADA, *strikes(clock)[:1], *ordinary())
        for _ in range(4 * 20):
            clock.tick(5 * HOUR)
            await look(house, clock)
            if said(house):
                break
        assert said(house), feed_store.state(house.db, "lada").health
        await look(house, clock)
        assert feed_store.state(house.db, "lada").health is Health.OK


async def test_an_interrupted_first_reading_is_finished(settings, pages, clock, monkeypatch):
    """The house falls in the middle of a first reading: what was not reached is still the past, and news are news."""
    async with a_house(settings, clock, pages) as house:
        with monkeypatch.context() as patched:
            patched.setattr("monitor.ingest.poll.feed_store.polled", _power_cut)
            await poll.cycle(house.desk, everything=True)
        assert feed_store.state(house.db, "lada").baselined_at is None
    async with a_house(settings, clock, pages) as house:
        await look(house, clock)
        pages.feed(LADA, *strikes()[:1], *ordinary())
        assert await look(house, clock) == 1
        assert len(said(house)) == 1


def _power_cut(*_args, **_options):
    raise asyncio.CancelledError


def test_an_archive_with_the_newest_at_its_end_is_read_to_its_end():
    """More items than anybody reads, the oldest first: the beginning and the end are read."""
    titles = [f"Новость {number}" for number in range(6000)]
    body = feed_of(FEED.url, *({"title": title, "guid": title} for title in titles))
    read = {entry.title for entry in parse(FEED, answer(body), {}).entries}
    assert {titles[0], titles[-1]} <= read
    assert len(read) == 5000


@pytest.mark.parametrize(
    ("kind", "body", "memory"),
    [
        ("rss", feed_of(LADA, {"title": "Забастовка"}), {"shared": 1}),
        ("rss", feed_of(LADA, {"title": "Забастовка"}), {"seen": {"a": ["b"]}}),
        ("sitemap", sitemaps.index(a=""), {"children": {"https://e.kz/a.xml": {"odd": 1}}}),
        ("telegram", preview(1, 2), {"hole": {}, "newest": 7}),
    ],
)
def test_a_memory_that_makes_no_sense_does_not_blind_a_source(kind, body, memory):
    """Another version's, or that of a child that a document had taken over: it is forgotten, and the source read."""
    feed = Feed(id="odd", url=sitemaps.INDEX, kind=kind)
    parsed = read(feed, answer(body, url=feed.url), memory)
    assert parsed.entries or parsed.follow
    assert parsed.memory == read(feed, answer(body, url=feed.url), {}).memory


# ── pages and channels ───────────────────────────────────────────────────────────────────────────────────────────


async def test_what_only_the_summary_says_is_heard(tmp_path, pages, clock):
    """A page that has lost its lead, or is a wall that looks like a text, does not take the word away."""
    write_config(tmp_path / "config", [{"id": "lada", "url": LADA, "lang": "ru", "full_text": True}])
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await look(house, clock)
        link = "https://lada.example/7"
        summary = "Рабочие завода в Жанаозене объявили забастовку… Читать далее"
        pages.feed(LADA, {"title": "Обстановка на заводе", "link": link, "text": summary}, *ordinary())
        pages.bodies[link] = page_of("Оформите подписку, чтобы читать дальше: мы пишем для вас каждый день." * 3)
        await look(house, clock)
        assert said(house) == ["Обстановка на заводе"]
        (text,) = house.db.execute("SELECT text FROM articles WHERE url = ?", [link]).fetchone()
        assert text.startswith("Рабочие завода в Жанаозене объявили забастовку…")
        assert "Читать далее" not in text


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("Рабочие не вышли на смену и требуют…", "Утром рабочие не вышли на смену и требуют прибавки."),
        ("Читать далее", "Утром рабочие не вышли на смену."),
        ("Читайте также: забастовка на соседнем заводе. " * 30, "Утром рабочие не вышли на смену. " * 60),
    ],
)
def test_a_page_that_says_it_all_stays_as_it_is(summary, text):
    """The beginning of its own text, an invitation to read on, a summary that is a whole page: none stands before it."""
    fresh = Fresh(entry=an_entry(summary=summary), keys=keys_of(FEED, [an_entry()])[0])
    assert article_of(FEED, fresh, Page(text=text), NOON).text == text


def page_of(text):
    """An article's page."""
    return lambda _: httpx.Response(
        200,
        stream=OnTheWire(f"<html><body><article><p>{text}</p></article></body></html>".encode()),
        headers={"content-type": "text/html; charset=utf-8"},
    )


def test_a_caption_that_is_added_later_is_read():
    """A post that was only a picture when it came says what happened an hour later."""
    channel = Feed(id="tg", url=CHANNEL, kind="telegram")
    silent = preview(1, 2).replace("Забастовка, день 2: рабочие участка не вышли на смену".encode(), b"")
    first = telegram.parse(channel, answer(silent, url=CHANNEL), {})
    assert len(first.entries) == 1
    second = telegram.parse(channel, answer(preview(1, 2), url=CHANNEL), first.memory)
    assert [entry.guid for entry in second.entries] == ["https://t.me/ozen/2"]


def test_sitemaps_that_get_other_names_every_day_hide_nothing():
    """An index whose sitemaps are built anew under new names: what is new in them comes, and nothing else does."""
    memory, listed = {}, ["old/1", "old/2"]
    for day in range(1, 30):
        listed = [f"news/{day}", *listed]
        parsed = sitemaps.look(sitemaps.index(**{f"map-{day}": ""}), memory, url=sitemaps.INDEX)
        found, memory = sitemaps.walk(parsed, {f"map-{day}": sitemaps.urlset(*listed)})
        assert found == [f"news/{day}"] or day == 1


def test_a_new_sitemap_with_more_than_can_be_news_is_a_gap():
    """What is not taken for news for being too much is told as what may have been missed."""
    _, memory = sitemaps.walk(
        sitemaps.look(sitemaps.index(a=""), url=sitemaps.INDEX), {"a": sitemaps.urlset("a/1", "a/2")}
    )
    parsed = sitemaps.look(sitemaps.index(a="", b=""), memory, url=sitemaps.INDEX)
    many = [f"b/{number}" for number in range(400)]
    found, memory = sitemaps.walk(parsed, {"a": sitemaps.urlset("a/1", "a/2"), "b": sitemaps.urlset(*many)})
    assert (found, memory["gap"]) == ([], True)


@pytest.mark.parametrize(
    "broken", ["<description><![CDATA[<p>На заводе</description>", "<link>https://e.kz/<![CDATA[7</link>"]
)
def test_an_item_without_words_is_told_by_its_tags(broken):
    """A section that never ends swallows the item for feedparser: its headline and its id come all the same."""
    bad = f"<item>{broken}<title>Забастовка &amp; митинг</title><guid>7</guid></item>"
    body = f"<rss><channel><title>Лада</title>{bad}<item><title>Погода</title><guid>8</guid></item></channel></rss>"
    told = [(entry.title, entry.guid) for entry in parse(FEED, answer(body), {}).entries]
    assert told == [("Забастовка & митинг", "7"), ("Погода", "8")]
