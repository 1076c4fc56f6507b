"""Where the news of a site can be read: what its pages say, what answers where nobody said anything, what is a trap."""

import contextlib
import json
from datetime import timedelta

import httpx
import pytest

from monitor.app.discovery import discover
from monitor.app.wire import open_wire
from monitor.cli import main
from monitor.config.files import read_feeds
from monitor.config.settings import Settings
from monitor.errors import ParseError
from monitor.model import Clues, Response
from monitor.sources.clues import clues
from nouns import NOON
from paths import ROOT
from walking import KEYWORDS, everyone_is_public, rss
from walking import Pages as Press
from wire import ok, redirect, serve

HOME = """<html lang="ru"><head><title>Лада — новости Актау</title><meta property="og:site_name" content="Лада">
<link rel="alternate" type="application/rss+xml" title="Лада" href="/rss.xml">
<link rel="alternate" type="application/rss+xml" title="Лада » комментарии" href="/comments/feed/">
<link rel="alternate" type="application/json" href="/wp-json/1"><link rel="stylesheet" type="text/xml" href="/x.xsl">
</head><body><nav><a href="/novosti/">Новости</a> <a href="/sport/">Спорт</a> <a href="/kk/zhanalyqtar">Жаңалықтар</a>
<a href="/a/b/c/news/">deep</a> <a href="/search?q=news">Новости</a> <a href="https://other.example/news/">Новости</a></nav>
<a href="/news.rss">RSS</a> <a href="https://feeds.other.example/rss">RSS других</a> <a href="javascript:alert(1)">rss</a>
<a href="https://t.me/share/url?url=x">share</a> <a href="https://t.me/lada_kz">канал</a>
<a href="https://telegram.me/Lada_kz/15">пост</a> <a href="https://t.me/other">другой</a>
<a href="https://t.me/+AbCdEf">закрытый</a> <a href="https://t.me/lada_news_bot">бот</a></body></html>"""
LISTING = (ROOT / "tests/data/listings/plain_list_with_dates.html").read_bytes()
HTML = "Content-Type: text/html; charset=utf-8"
ITEMS = [{"title": f"В Жанаозене новость {n}", "when": NOON - timedelta(hours=n), "text": "…"} for n in range(5)]


def page(body: str | bytes, url: str = "https://www.lada.kz/") -> Response:
    """An answered page."""
    body = body.encode() if isinstance(body, str) else body
    return Response(
        url=url, status=200, headers={"content-type": "text/html; charset=utf-8"}, body=body, received_at=NOON
    )


class Pages(dict[str, bytes]):
    """The answers of a site; what is not there is 404."""

    def __missing__(self, path):
        return ok(b"not here", "Content-Type: text/html", status="404 Not Found")


class EverythingIsHome(Pages):
    """A site that answers every address with its front page."""

    def __missing__(self, path):
        return self["/"]


def feed(url: str, *, age: timedelta = timedelta(0)) -> bytes:
    """An answered RSS feed whose newest item is so old."""
    return ok(rss(url, *({**item, "when": item["when"] - age} for item in ITEMS)), "Content-Type: application/rss+xml")


async def discovered(pages: Pages, clock, path: str = "/"):
    """What is found on a site with these pages, with the addresses that were asked."""
    clock.now = NOON
    async with serve(pages) as server:
        settings = Settings(allow_hosts=frozenset({server.place}), host_interval=timedelta(0))
        heard: list[str] = []
        async with open_wire(settings, clock=clock, readers=1) as wire:
            found = await discover(wire, server.url(path), heard=heard.append)
    told = [
        (one.trial.ok, one.trial.feed.kind, one.trial.feed.url.replace(server.url(""), "")) for one in found.candidates
    ]
    return found, told, [url.replace(server.url(""), "") for url in heard]


# ── what a page says ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_names_its_feeds_channels_and_sections():
    """Not the comments' feed, not others' feeds, no button for sharing, no bot, no private invitation."""
    assert clues(page(HOME)) == Clues(
        title="Лада",
        feeds=("https://www.lada.kz/rss.xml", "https://www.lada.kz/news.rss"),
        channels=("lada_kz", "other"),
        sections=("https://www.lada.kz/novosti/", "https://www.lada.kz/kk/zhanalyqtar"),
    )


def test_a_channel_of_videos_names_its_feed():
    """Its number, which nobody can type, stands in the page's head."""
    head = '<link rel="alternate" type="application/rss+xml" title="RSS" href="https://www.youtube.com/feeds/videos.xml?channel_id=UC1">'
    found = clues(
        page(f"<html><head>{head}<title>КТК</title></head><body></body></html>", "https://www.youtube.com/@ktk_kz")
    )
    assert (found.title, found.feeds) == ("КТК", ("https://www.youtube.com/feeds/videos.xml?channel_id=UC1",))


@pytest.mark.parametrize("body", ["", "   ", '{"a": 1}', "<div>" * 5000])
def test_what_is_no_page_says_so(body):
    """Emptiness, data and traps."""
    with pytest.raises(ParseError):
        clues(page(body))


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "tests/data/listings").glob("*.html")))
def test_any_page_gives_clues_or_is_refused(name):
    """Whole, cut in the middle, or with its bytes shuffled: never an exception other than ParseError."""
    body = (ROOT / "tests/data/listings" / name).read_bytes()
    for spoiled in (body, body[: len(body) // 2], body.replace(b"<", b"<<a href=", 40), bytes(reversed(body))):
        with contextlib.suppress(ParseError):
            found = clues(page(spoiled))
            assert all(link.startswith("http") for link in (*found.feeds, *found.sections))


def test_links_without_end_are_cut():
    """A page of a hundred feeds is asked about its first ones."""
    body = "".join(
        f'<a href="/{n}/rss.xml">x</a><a href="/{n}/news/">y</a><a href="https://t.me/name{n}">z</a>' for n in range(99)
    )
    found = clues(page(f"<html><body>{body}</body></html>"))
    assert {len(found.feeds), len(found.channels), len(found.sections)} == {8}


# ── what answers ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_the_page_names_is_tried_and_the_awake_come_first(clock):
    """A feed that sleeps stands behind one that does not; one that is dead says so."""
    home = '<link rel="alternate" type="application/rss+xml" href="{}">'.format
    body = f"<html><head>{home('/old')}{home('/dead')}{home('/fresh')}</head><body>Hello</body></html>".encode()
    pages = Pages({"/": ok(body, HTML), "/old": feed("x", age=timedelta(days=90)), "/fresh": feed("x")})
    found, told, heard = await discovered(pages, clock)
    assert told[:3] == [(True, "rss", "/fresh"), (True, "rss", "/old"), (False, "rss", "/dead")]
    assert found.best is not None
    assert "/feed/" not in heard, "what the page names is enough"


async def test_usual_places_are_tried_where_nothing_is_named(clock):
    """One after the other, until one answers; a moved one is told by its new address."""
    pages = Pages(
        {"/": ok(b"<html><body>Hello</body></html>", HTML), "/rss": redirect("/new.xml", "301 Moved Permanently")}
    )
    pages["/new.xml"] = feed("x")
    _, told, heard = await discovered(pages, clock)
    assert told[0] == (True, "rss", "/new.xml")
    assert heard[1:3] == ["/feed/", "/rss"]
    assert "/rss.xml" not in heard


async def test_a_section_has_its_usual_place_too(clock):
    """WordPress keeps a feed below every category."""
    pages = Pages({"/kk/news/": ok(b"<html><body>Hello</body></html>", HTML), "/kk/news/feed/": feed("x")})
    _, told, _ = await discovered(pages, clock, "/kk/news/")
    assert told[0] == (True, "rss", "/kk/news/feed/")


async def test_robots_may_say_nonsense(clock):
    """Sitemaps that it names are tried when they are addresses, those of news first."""
    pages = Pages({"/": ok(b"<html><body>Hello</body></html>", HTML)})
    lines = [
        "User-agent: *",
        "Sitemap: http://[",
        "Sitemap: /a.xml",
        "SITEMAP:  /sitemap.news.xml",
        "Sitemap: javascript:1",
    ]
    pages["/robots.txt"] = ok("\n".join(lines).encode(), "Content-Type: text/plain")
    found, _, heard = await discovered(pages, clock)
    assert found.best is None
    assert [path for path in heard if path in {"/a.xml", "/sitemap.news.xml"}] == ["/sitemap.news.xml", "/a.xml"]


def sitemap(*, titled: bool) -> bytes:
    """An answered sitemap, of news with their headlines or of nothing but addresses."""
    head = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    news = "<news:news><news:publication_date>{:%Y-%m-%dT%H:%M:%SZ}</news:publication_date><news:title>{}</news:title></news:news>"
    told = [news.format(item["when"], item["title"]) if titled else "" for item in ITEMS]
    urls = "".join(
        f"<url><loc>https://lada.kz/n/{number}-zabastovka</loc>{words}</url>" for number, words in enumerate(told)
    )
    return ok(f"<urlset {head}>{urls}</urlset>".encode(), "Content-Type: application/xml")


async def test_a_sitemap_of_news_goes_before_a_list_and_a_plain_one_behind(clock):
    """One says what is new and when; of the other every address must be looked up."""
    home = '<html><body><nav><a href="/novosti/">Новости</a></nav></body></html>'.encode()
    pages = Pages(
        {
            "/": ok(home, HTML),
            "/novosti/": ok(LISTING, HTML),
            "/robots.txt": ok(b"Sitemap: /news.xml", "Content-Type: text/plain"),
        }
    )
    pages["/news.xml"] = sitemap(titled=True)
    _, told, heard = await discovered(pages, clock)
    assert told[:2] == [(True, "sitemap", "/news.xml"), (True, "listing", "/novosti/")]
    assert "/sitemap.xml" not in heard
    pages["/news.xml"] = sitemap(titled=False)
    _, told, _ = await discovered(pages, clock)
    assert told[:2] == [(True, "listing", "/novosti/"), (True, "sitemap", "/news.xml")]


async def test_what_robots_may_not_read_is_not_offered(clock):
    """A page made for people is left alone where its server asks for that; a feed is made for programs."""
    pages = Pages(
        {"/list": ok(LISTING, HTML), "/robots.txt": ok(b"User-agent: *\nDisallow: /", "Content-Type: text/plain")}
    )
    pages["/feed/"] = feed("x")
    found, told, _ = await discovered(pages, clock, "/list")
    assert told == [(True, "rss", "/feed/"), (False, "listing", "/list")]
    assert found.candidates[1].trial.kind == "robots"


async def test_the_address_of_a_feed_is_the_answer(clock):
    """Nothing else is asked."""
    _, told, heard = await discovered(Pages({"/rss": feed("x")}), clock, "/rss")
    assert (told, heard) == ([(True, "rss", "/rss")], ["/rss"])


async def test_a_site_without_a_feed_is_read_by_its_lists(clock):
    """The front page as it is, and the sections it links to, by a guess."""
    body = b'<html><body><nav><a href="/novosti/">\xd0\x9d\xd0\xbe\xd0\xb2\xd0\xbe\xd1\x81\xd1\x82\xd0\xb8</a></nav></body></html>'
    found, told, _ = await discovered(Pages({"/": ok(body, HTML), "/novosti/": ok(LISTING, HTML)}), clock)
    assert told[0] == (True, "listing", "/novosti/")
    assert len(found.best.trial.items) > 3


async def test_a_page_for_every_address_is_no_feed(clock):
    """A site that answers everything with 200 and its front page does not fool anybody."""
    pages = EverythingIsHome({"/": ok(b"<html><body><p>Welcome</p></body></html>", HTML)})
    found, told, _ = await discovered(pages, clock)
    assert found.best is None
    assert all(not is_good for is_good, _, _ in told)


async def test_a_site_names_nothing_inside(clock):
    """What a page calls its feed is not asked when only the operator may go there."""
    press = Press()
    press.bodies["https://lada.example/"] = (
        b'<html><head><link rel="alternate" type="application/rss+xml" href="http://bridge.lan:3000/rss"></head></html>'
    )
    press.feed("http://bridge.lan:3000/rss", *ITEMS)
    settings = Settings(allow_hosts=frozenset({"bridge.lan:3000"}), host_interval=timedelta(0))
    transport = httpx.MockTransport(press)
    async with open_wire(settings, clock=clock, transport=transport, resolve=everyone_is_public, readers=1) as wire:
        assert (await discover(wire, "https://lada.example/")).best is None
        assert (await discover(wire, "http://bridge.lan:3000/rss")).best is not None
    assert [request.url.host for request in press.asked].count("bridge.lan") == 1


async def test_a_site_that_is_not_there_says_why(clock):
    """The reason is that of the front page."""
    found, told, heard = await discovered(Pages(), clock)
    assert (found.kind, found.said, told, heard) == ("status", "404 Not Found", [], ["/"])


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def site(httpserver, tmp_path, monkeypatch):
    """A small site on loopback, and a configuration that reads its feed already."""
    httpserver.no_handler_status_code = 404
    httpserver.expect_request("/").respond_with_data(HOME, content_type="text/html; charset=utf-8")
    undated = [{**item, "when": None} for item in ITEMS]  # the command's clock is this machine's
    httpserver.expect_request("/rss.xml").respond_with_data(rss("x", *undated), content_type="application/rss+xml")
    httpserver.expect_request("/novosti/").respond_with_data(LISTING, content_type="text/html; charset=utf-8")
    httpserver.expect_request("/news.rss").respond_with_data(rss("x", *undated), content_type="application/rss+xml")
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "config"
    config.mkdir()
    (config / "keywords.yaml").write_text(KEYWORDS, "utf-8")
    url = f"http://{httpserver.host}:{httpserver.port}"
    (config / "feeds.yaml").write_text(f"version: 1\nfeeds:\n  - {{id: lada, url: {url}/rss.xml}}\n", "utf-8")
    for name, value in {
        "MONITOR_CONFIG_DIR": "config",
        "MONITOR_ALLOW_HOSTS": url.removeprefix("http://"),
        "MONITOR_HOST_INTERVAL": "0s",
    }.items():
        monkeypatch.setenv(name, value)
    return url


def test_discover_shows_what_could_be_added(site, capsys):
    """What is read already is told; the lines to type come last."""
    assert main(["feeds", "discover", site]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Лада"
    assert told[1].split() == ["answer", "kind", "items", "newest", "address"]
    assert f"{site}/rss.xml (named on the page) is read already, as lada" in told[2]
    assert f"  monitor feeds add '{site}/news.rss'" in told
    assert f"  monitor feeds add '{site}/rss.xml'" not in told
    assert main(["feeds", "discover", site, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["best"], record["candidates"][0]["known_as"]) == (f"{site}/rss.xml", "lada")


def test_an_address_that_leads_to_a_known_one_is_refused(site, httpserver, capsys):
    """Wherever the visitor is sent for good counts, not what was typed; neighbours are told."""
    moved = {"status": 301, "headers": {"Location": "/rss.xml"}}
    httpserver.expect_request("/old").respond_with_data("", **moved)
    assert main(["feeds", "add", f"{site}/old", "--yes"]) == 1
    assert f"{site}/rss.xml is there already, as `lada`." in capsys.readouterr().err
    assert main(["feeds", "add", f"{site}/news.rss", "--yes", "--dry-run"]) == 0
    assert "! Of the same site these are read already: lada." in capsys.readouterr().out.splitlines()


def test_discover_ends_with_1_where_nothing_can_be_read(site, capsys):
    """With the reason."""
    assert main(["feeds", "discover", f"{site}/nothing"]) == 1
    assert "/nothing: 404 Not Found (status)" in capsys.readouterr().out


def test_of_a_site_the_best_is_added_and_of_a_section_its_list(site, capsys, tmp_path):
    """Who names the site wants its feed; who names a section wants that section."""
    path = tmp_path / "config" / "feeds.yaml"
    path.unlink()
    assert main(["feeds", "add", site, "--yes"]) == 0
    assert main(["feeds", "add", f"{site}/novosti/", "--yes"]) == 0
    capsys.readouterr()
    best, section = read_feeds(path)
    assert (best.url, best.kind) == (f"{site}/rss.xml", "rss")
    assert (section.url, section.kind, section.full_text) == (f"{site}/novosti/", "listing", True)
    assert main(["feeds", "add", site, "--yes"]) == 1
    assert "/rss.xml is there already, as `localhost`." in capsys.readouterr().err
