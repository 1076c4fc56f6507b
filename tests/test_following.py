"""Further pages: what a source wants to read beside its own answer is read, within bounds, and proven."""

import gzip
import hashlib
from datetime import timedelta

import httpx
import pytest

from monitor.ingest import poll
from monitor.ingest.answers import FOLLOWED_A_TURN
from monitor.store import feeds as feed_store
from posts import CHANNEL, preview
from walking import OnTheWire, Pages, a_house, settings_in, write_config

FEED = {"id": "tg-ozen", "title": "Өзен", "url": CHANNEL, "kind": "telegram", "lang": "ru"}


def page(*numbers):
    """An answer with these posts."""
    body = preview(*numbers)
    return lambda _: httpx.Response(200, stream=OnTheWire(body), headers={"content-type": "text/html"})


@pytest.fixture
def pages(tmp_path):
    """The press, with one channel."""
    write_config(tmp_path / "config", [FEED])
    served = Pages()
    served.bodies[CHANNEL] = page(1, 2, 3)
    return served


def titles(house):
    """The numbers of the posts in the archive."""
    rows = house.db.execute("SELECT url FROM articles WHERE feed_id = 'tg-ozen'").fetchall()
    return sorted(int(url.rsplit("/", 1)[1]) for (url,) in rows)


async def test_missing_posts_are_fetched(tmp_path, clock, pages):
    """A hole between two looks is filled in the same turn, and every post of it is judged and proven."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk)
        pages.bodies[CHANNEL] = page(*range(30, 50))
        pages.bodies[f"{CHANNEL}?before=30"] = page(*range(10, 30))
        pages.bodies[f"{CHANNEL}?before=10"] = page(*range(2, 10))
        clock.tick(timedelta(hours=1))
        report = await poll.cycle(house.desk)
        assert titles(house) == list(range(1, 50))
        assert report.total("new") == 46
        assert "gap" not in feed_store.state(house.db, "tg-ozen").memory
        proof = house.db.execute(
            "SELECT e.url, e.sha256 FROM evidence e JOIN articles a ON a.id = e.article_id WHERE a.url LIKE '%/ozen/15'"
        ).fetchone()
        assert proof == (f"{CHANNEL}?before=30", hashlib.sha256(preview(*range(10, 30))).hexdigest())


async def test_a_page_that_fails_is_asked_again(tmp_path, clock, pages):
    """What one turn could not fetch the next one does, although the channel's own page has not changed."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk)
        pages.bodies[CHANNEL] = page(*range(30, 50))
        clock.tick(timedelta(hours=1))
        report = await poll.cycle(house.desk)
        assert titles(house) == [1, 2, 3, *range(30, 50)]
        assert not report.failed
        assert feed_store.state(house.db, "tg-ozen").memory["gap"]
        assert not (await poll.cycle(house.desk, everything=True)).failed  # the channel itself is read all the same
        pages.bodies[f"{CHANNEL}?before=30"] = page(*range(3, 30))
        clock.tick(timedelta(hours=1))
        await poll.cycle(house.desk)
        assert titles(house) == list(range(1, 50))


async def test_following_has_bounds(tmp_path, clock, pages):
    """A hole of four hundred posts costs a few requests a turn, and is filled over the turns; no page is asked twice."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk)
        for number in range(4, 404, 20):
            pages.bodies[f"{CHANNEL}?before={number + 20}"] = page(*range(number, number + 20))
        pages.bodies[CHANNEL] = page(*range(404, 424))
        for turn in range(1, 3):
            pages.asked.clear()
            clock.tick(timedelta(hours=1))
            await poll.cycle(house.desk)
            asked = [str(request.url) for request in pages.asked]
            assert len(asked) == len(set(asked)) == 1 + FOLLOWED_A_TURN
            assert len(titles(house)) == 3 + 20 + turn * FOLLOWED_A_TURN * 20
        assert titles(house) == list(range(1, 424))
        assert "gap" not in feed_store.state(house.db, "tg-ozen").memory


async def test_of_a_large_document_the_item_is_the_proof(tmp_path, clock, pages):
    """A hit in a page of half a megabyte keeps the post it was found in, not the whole page for each hit."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk)
        body = preview(*range(2, 12)).replace(b"</body>", b"<!--" + b"x" * 500_000 + b"--></body>")
        pages.bodies[CHANNEL] = lambda _: httpx.Response(200, stream=OnTheWire(body))
        clock.tick(timedelta(hours=1))
        await poll.cycle(house.desk)
        rows = house.db.execute(
            "SELECT e.size, e.body FROM evidence e JOIN articles a ON a.id = e.article_id WHERE a.url LIKE '%/ozen/11'"
        ).fetchall()
        assert [b"data-post" in gzip.decompress(kept) and b"/ozen/11" in gzip.decompress(kept) for _, kept in rows] == [
            True
        ]
        assert rows[0][0] < 1_000
