"""Owed pages: what could not be had when an article came is asked for again, and the article read anew."""

from datetime import timedelta

import pytest

from monitor.history import why
from monitor.ingest import poll
from monitor.ingest.pages import PAGES_A_TURN
from monitor.store import owed
from test_robots import ARTICLE, FEED, asked, html, status
from test_sitemap import INDEX, SITE, index, urlset
from walking import Pages, a_house, settings_in, write_config

LINK = "https://union.example/news/1"


@pytest.fixture
def pages():
    """A press that has said something before."""
    press = Pages()
    press.feed(FEED["url"], {"title": "Погода", "link": "https://union.example/news/0"})
    return press


@pytest.fixture
def settings(tmp_path):
    """A house that reads the pages of one feed."""
    write_config(tmp_path / "config", [FEED])
    return settings_in(tmp_path)


def publish(pages, *numbers):
    """Short items whose pages say more."""
    items = [
        {"title": f"Новости участка {n}", "text": "Коротко.", "link": f"https://union.example/news/{n}"}
        for n in numbers
    ]
    pages.feed(FEED["url"], *items)


def texts(house):
    """What the archive says of each article."""
    return dict(house.db.execute("SELECT title, text FROM articles WHERE title LIKE 'Новости участка %'").fetchall())


def debts(house):
    """How many pages are owed."""
    return house.db.execute("SELECT count(*) FROM owed_pages").fetchone()[0]


async def news_without_its_page(house, pages, clock, answer):
    """An item comes while its page answers like this."""
    await poll.cycle(house.desk, everything=True)
    publish(pages, 1)
    pages.bodies[LINK] = answer
    clock.tick(timedelta(hours=1))
    return await poll.cycle(house.desk, everything=True)


@pytest.mark.parametrize("code", [500, 502, 503, 429])
async def test_a_strike_on_a_page_that_came_late_is_told(settings, pages, clock, code):
    """A server's bad moment delays the alert by minutes and does not lose it; `why` knows of the debt."""
    async with a_house(settings, clock, pages) as house:
        report = await news_without_its_page(house, pages, clock, status(code))
        assert (report.queued, debts(house), texts(house)) == (0, 1, {"Новости участка 1": "Коротко."})
        assert why.life_of_url(house.db, LINK, house.desk.feeds).pieces[0].page_owed
        pages.bodies[LINK] = html(ARTICLE)
        clock.tick(owed.PAUSE)
        report = await poll.cycle(house.desk)
        assert report.queued > 0
        assert "не вышли на смену" in texts(house)["Новости участка 1"]
        assert debts(house) == 0
        proofs = house.db.execute("SELECT kind, url FROM evidence").fetchall()
        assert proofs == [("page", LINK)]
        clock.tick(timedelta(hours=1))
        assert (await poll.cycle(house.desk)).queued == 0


async def test_a_page_is_not_asked_for_for_ever(settings, pages, clock):
    """Six attempts over five hours, further and further apart; then the summary must do."""
    async with a_house(settings, clock, pages) as house:
        await news_without_its_page(house, pages, clock, status(503))
        times = []
        for minute in range(12 * 60):
            before = asked(pages, LINK)
            await owed_cycle(house)
            if asked(pages, LINK) > before:
                times.append(minute)
            clock.tick(timedelta(minutes=1))
        assert times == [5, 10, 20, 40, 80, 160]
        assert debts(house) == 0


async def owed_cycle(house):
    """A cycle of nothing but debts."""
    await poll.repay(house.desk)


@pytest.mark.parametrize(
    "answer", [status(404), status(410), html("<html><body></body></html>"), status(200, body=b"words")]
)
async def test_what_asking_again_cannot_mend_is_not_owed(settings, pages, clock, answer):
    """A page that is gone, empty or none."""
    async with a_house(settings, clock, pages) as house:
        await news_without_its_page(house, pages, clock, answer)
        assert (debts(house), texts(house)) == (0, {"Новости участка 1": "Коротко."})


async def test_more_pages_than_a_turn_may_fetch_are_owed(settings, pages, clock):
    """The forty-first article waits for the next cycles, not for ever."""
    numbers = range(1, PAGES_A_TURN + 4)
    async with a_house(settings, clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        publish(pages, *numbers)
        for number in numbers:
            pages.bodies[f"https://union.example/news/{number}"] = html("<article>" + "<p>Погода на завтра.</p>" * 9)
        clock.tick(timedelta(hours=1))
        await poll.cycle(house.desk, everything=True)
        assert debts(house) == 3
        await poll.cycle(house.desk)
        assert debts(house) == 0
        assert {text.count("Погода") for text in texts(house).values()} == {9}


async def test_an_attempt_counts_before_it_is_made(settings, pages, clock):
    """A daemon that dies over a page does not die over it at once again."""
    async with a_house(settings, clock, pages) as house:
        await news_without_its_page(house, pages, clock, status(503))
        clock.tick(owed.PAUSE)

        def dies(_):
            """The machine loses its power."""
            raise KeyboardInterrupt

        pages.bodies[LINK] = dies
        with pytest.raises(KeyboardInterrupt):
            await poll.repay(house.desk)
    pages.bodies[LINK] = html(ARTICLE)
    async with a_house(settings, clock, pages) as house:
        assert await poll.repay(house.desk) == 0
        clock.tick(owed.PAUSE * 2)
        assert await poll.repay(house.desk) > 0


async def test_a_source_that_is_no_longer_read_owes_nothing(tmp_path, pages, clock):
    """Its debts are dropped."""
    write_config(tmp_path / "config", [FEED, {"id": "other", "url": "https://other.example/rss"}])
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await news_without_its_page(house, pages, clock, status(503))
    write_config(tmp_path / "config", [{"id": "other", "url": "https://other.example/rss"}])
    clock.tick(owed.PAUSE)
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        before = asked(pages, LINK)
        await poll.repay(house.desk)
        assert (debts(house), asked(pages, LINK)) == (0, before)


async def test_a_page_that_breaks_its_reader_disturbs_nobody(settings, pages, clock):
    """What nobody thought of is written to the log, and the next page is read."""
    async with a_house(settings, clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        publish(pages, 1, 2)
        for number in (1, 2):
            pages.bodies[f"https://union.example/news/{number}"] = status(503)
        clock.tick(timedelta(hours=1))
        await poll.cycle(house.desk, everything=True)

        def breaks(_):
            """An answer that no transport gives."""
            raise RuntimeError

        pages.bodies[LINK] = breaks
        pages.bodies["https://union.example/news/2"] = html(ARTICLE)
        clock.tick(owed.PAUSE)
        assert await poll.repay(house.desk) > 0
        assert debts(house) == 1


async def test_an_address_gets_its_title_when_its_page_comes(tmp_path, clock):
    """An entry of a plain sitemap is called by the words of its address only until its page is read."""
    write_config(tmp_path / "config", [{"id": "e", "url": INDEX, "kind": "sitemap", "lang": "ru"}])
    press = Pages()
    press.bodies |= {INDEX: index(posts=""), f"{SITE}posts.xml": urlset("n/1")}
    link = f"{SITE}n/zabastovka-v-ozene"
    async with a_house(settings_in(tmp_path), clock, press) as house:
        await poll.cycle(house.desk, everything=True)
        press.bodies |= {f"{SITE}posts.xml": urlset("n/1", "n/zabastovka-v-ozene"), link: status(503)}
        clock.tick(timedelta(hours=1))
        await poll.cycle(house.desk, everything=True)
        title = "SELECT title FROM articles WHERE url LIKE '%ozene'"
        assert house.db.execute(title).fetchone()[0] == "zabastovka v ozene"
        press.bodies[link] = html(f"<html><head><title>Забастовка в Жанаозене</title></head>{ARTICLE}")
        clock.tick(owed.PAUSE)
        assert await poll.repay(house.desk) > 0
        assert house.db.execute(title).fetchone()[0] == "Забастовка в Жанаозене"


async def test_whose_words_they_are_is_known(settings, pages, clock):
    """The author of a page is kept and told by `why`."""
    async with a_house(settings, clock, pages) as house:
        author = '<html><head><meta name="author" content="Айгүл Серік"></head>'
        await news_without_its_page(house, pages, clock, html(author + ARTICLE.removeprefix("<html>")))
        assert why.life_of_url(house.db, LINK, house.desk.feeds).pieces[0].author == "Айгүл Серік"
