"""robots.txt: read before pages made for people are, remembered for a day, and what holds when it cannot be had."""

from datetime import timedelta

import httpx
import pytest

from monitor.errors import FetchError
from monitor.ingest import poll
from monitor.model import Request
from monitor.policy import robots
from monitor.store import feeds as feed_store
from test_listing import TITLES, a_list
from walking import OnTheWire, Pages, a_house, settings_in, write_config

URL = "https://union.example/news/"
ROBOTS = "https://union.example/robots.txt"
LISTING = {"id": "union", "url": URL, "kind": "listing", "lang": "ru"}
FEED = {"id": "union", "url": "https://union.example/rss", "lang": "ru", "full_text": True}
ARTICLE = "<html><body><article>" + "<p>Профсоюз объявил забастовку в Жанаозене, рабочие не вышли на смену.</p>" * 5


def status(code, headers=None, body=b""):
    """An answer with this status."""
    return lambda _: httpx.Response(code, stream=OnTheWire(body), headers=headers or {})


def html(body):
    """A page."""
    return status(200, {"content-type": "text/html; charset=utf-8"}, body.encode())


@pytest.fixture
def pages():
    """A press with one list of news."""
    press = Pages()
    press.bodies[URL] = html(a_list(*TITLES))
    return press


def asked(pages, url):
    """How often an address was asked for."""
    return sum(str(request.url) == url for request in pages.asked)


@pytest.fixture
def listing(tmp_path):
    """A house that reads one listing."""
    write_config(tmp_path / "config", [LISTING])
    return settings_in(tmp_path)


# ── what the rules say ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "address", "allowed"),
    [
        ("", "/news/1", True),
        ("User-agent: *\nDisallow: /", "/news/1", False),
        ("User-agent: *\nDisallow: /admin", "/news/1", True),
        ("User-agent: *\nDisallow: /news/*.pdf$", "/news/1.pdf", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: monitor\nDisallow: /news\n\nUser-agent: *\nAllow: /", "/news/1", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: monitor\nAllow: /", "/news/1", True),
        ("User-agent: SiteMonitor\nDisallow: /", "/news/1", True),
        ("User-agent: *\nDisallow: /новости/", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", False),
        ("<html><body>Disallow: / everything, we answer all with this page</body></html>", "/news/1", True),
    ],
)
def test_the_rules_are_read(text, address, allowed):
    """Wildcards, the longest rule, our own name before the star, and pages that are no rules at all."""
    assert robots.allowed(text, (f"https://union.example{address}",)) == (allowed,)


def test_a_pause_is_taken_within_reason():
    """Crawl-delay up to ten seconds; nonsense is none."""
    for said, pause in (("2", 2), ("600", 10), ("-5", 0), ("soon", 0)):
        text = f"User-agent: *\nCrawl-delay: {said}\nDisallow: /x"
        assert robots.crawl_delay(text) == timedelta(seconds=pause)


# ── RFC 9309: what holds without an answer ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 451])
def test_an_absent_file_forbids_nothing(code, clock):
    """Status 4xx: there are no rules, and for a day nobody asks again."""
    rules = robots.not_found(FetchError("status", "x", status=code), None, clock())
    assert (rules.text, rules.until) == ("", clock() + timedelta(days=1))


@pytest.mark.parametrize(
    "error",
    [FetchError("timeout", "x"), FetchError("status", "x", status=503), FetchError("throttled", "x", status=429)],
)
def test_an_unreachable_file_forbids_all(error, clock):
    """A server that does not answer is asked again soon; until then the rules known before hold, or none may be read."""
    first = robots.not_found(error, None, clock())
    assert (first.text, first.error, first.until) == (None, error, clock() + robots.ASKED_AGAIN)
    known = robots.found("User-agent: *\nDisallow: /x", clock())
    assert robots.not_found(error, known, clock()).text == known.text


def test_a_file_that_is_unreachable_for_a_month_is_absent(clock):
    """Thirty days of silence, and the pages may be read."""
    rules = robots.not_found(FetchError("timeout", "x"), None, clock())
    for _ in range(30):
        clock.tick(timedelta(days=1))
        rules = robots.not_found(FetchError("timeout", "x"), rules, clock())
    assert rules.text == ""


# ── in the pipe ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_listing_is_read_where_it_is_allowed(listing, pages, clock):
    """robots.txt is asked once a day and a server, and its rules hold for the list."""
    pages.bodies[ROBOTS] = b"User-agent: *\nDisallow: /admin\n"
    async with a_house(listing, clock, pages) as house:
        for _ in range(3):
            assert not (await poll.cycle(house.desk, everything=True)).failed
            clock.tick(timedelta(hours=1))
        assert (asked(pages, ROBOTS), asked(pages, URL)) == (1, 3)
        clock.tick(timedelta(hours=24))
        await poll.cycle(house.desk, everything=True)
        assert asked(pages, ROBOTS) == 2


async def test_a_forbidden_listing_is_an_error(listing, pages, clock):
    """Where we are not wanted we do not go, and the source says why it is silent."""
    pages.bodies[ROBOTS] = b"User-agent: *\nDisallow: /news/\n"
    async with a_house(listing, clock, pages) as house:
        (failed,) = (await poll.cycle(house.desk, everything=True)).failed
        assert failed.error_kind == "robots"
        assert "asks us not to read /news/" in failed.error
        assert asked(pages, URL) == 0


async def test_an_unreachable_robots_txt_is_the_sources_failure(listing, pages, clock):
    """The error of robots.txt itself is told, so that a network that is down looks like one; then it is tried again."""
    pages.bodies[ROBOTS] = status(503)
    async with a_house(listing, clock, pages) as house:
        (failed,) = (await poll.cycle(house.desk, everything=True)).failed
        assert (failed.error_kind, failed.error) == ("status", "robots.txt: 503 Service Unavailable")
        await poll.cycle(house.desk, everything=True)
        assert (asked(pages, ROBOTS), asked(pages, URL)) == (1, 0)
        pages.bodies[ROBOTS] = b"User-agent: *\nAllow: /"
        clock.tick(robots.ASKED_AGAIN)
        assert not (await poll.cycle(house.desk, everything=True)).failed


async def test_a_feed_needs_no_permission_and_its_pages_do(tmp_path, pages, clock):
    """Feeds are made for programs; the page of an article is not, and without it the summary must do."""
    write_config(tmp_path / "config", [FEED])
    pages.bodies[ROBOTS] = b"User-agent: *\nDisallow: /closed/\n"
    pages.feed(FEED["url"], {"title": "Погода", "link": "https://union.example/open/0", "when": clock()})
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        items = [
            {"title": f"Новости {name}", "text": "Коротко.", "link": f"https://union.example/{name}/1"}
            for name in ("open", "closed")
        ]
        pages.feed(FEED["url"], *items)
        pages.bodies["https://union.example/open/1"] = html(ARTICLE)
        pages.bodies["https://union.example/closed/1"] = html(ARTICLE)
        clock.tick(timedelta(hours=1))
        await poll.cycle(house.desk, everything=True)
        texts = dict(house.db.execute("SELECT title, text FROM articles WHERE title LIKE 'Новости %'").fetchall())
        assert texts["Новости closed"] == "Коротко."
        assert "не вышли на смену" in texts["Новости open"]
        assert (asked(pages, "https://union.example/closed/1"), asked(pages, ROBOTS)) == (0, 1)
        assert feed_store.state(house.db, "union").failure_count == 0


async def test_a_feed_from_outside_leads_to_no_page_inside(tmp_path, pages, clock):
    """A link to what only our own bridge may serve is not followed, and costs the bridge nothing; its own feed may."""
    inside = "http://bridge.lan:3000"
    write_config(tmp_path / "config", [FEED, {"id": "bridge", "url": f"{inside}/rss", "full_text": True}])
    settings = settings_in(tmp_path, allow_hosts=frozenset({"bridge.lan:3000"}))
    for url in (FEED["url"], f"{inside}/rss"):
        pages.feed(url, {"title": "Погода", "link": f"{url}/0"})
    pages.bodies[f"{inside}/stolen"] = pages.bodies[f"{inside}/own"] = html(ARTICLE)
    async with a_house(settings, clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        clock.tick(timedelta(hours=1))
        pages.feed(FEED["url"], {"title": "Чужое", "link": f"{inside}/stolen"})
        await poll.cycle(house.desk, everything=True)
        pages.feed(f"{inside}/rss", {"title": "Своё", "link": f"{inside}/own"})
        await poll.cycle(house.desk, everything=True)
        texts = dict(house.db.execute("SELECT title, text FROM articles").fetchall())
        assert (asked(pages, f"{inside}/stolen"), texts["Чужое"]) == (0, "")
        assert "не вышли на смену" in texts["Своё"]


async def test_a_server_that_asks_for_time_gets_it(listing, pages, clock):
    """Crawl-delay becomes the pause between two requests to that server."""
    pages.bodies[ROBOTS] = b"User-agent: *\nCrawl-delay: 3\nDisallow: /x\n"
    async with a_house(listing, clock, pages) as house:
        with pytest.raises(FetchError):
            await house.desk.robots.get(Request(url="https://union.example/x/1"))
        assert house.desk.fetcher._politeness._slower == {"union.example": 3.0}
