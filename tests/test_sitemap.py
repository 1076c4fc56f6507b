"""Sitemaps: what is new in them, which of an index are worth reading, and why a date of today says nothing."""

import gzip
import json
from datetime import timedelta

import pytest

from feeds import NOW, answer
from monitor.errors import ParseError
from monitor.ingest import poll
from monitor.model import Feed
from monitor.sources.sitemap import parse
from paths import DATA
from walking import Pages, a_house, settings_in, write_config

PAGES = DATA / "sitemaps"
GOLDEN = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("*.json"))}
SITE = "https://e.kz/"
INDEX = f"{SITE}sitemap_index.xml"


def golden(name: str):
    """What a golden sitemap says."""
    feed = Feed(id="e", url=GOLDEN[name]["url"], kind="sitemap")
    return parse(feed, answer((PAGES / f"{name}.xml").read_bytes(), url=feed.url), {})


def urlset(*paths: str, lastmod: str = "", titles: bool = False) -> bytes:
    """A sitemap of these pages, with the same lastmod or with headlines."""
    date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    news = "<news:news><news:title>Забастовка {0}</news:title></news:news>" if titles else ""
    places = "".join(f"<url><loc>{SITE}{path}</loc>{date}{news.format(path)}</url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="x" xmlns:news="y">{places}</urlset>'.encode()


def index(**lastmods: str) -> bytes:
    """An index of these sitemaps."""
    places = "".join(
        f"<sitemap><loc>{SITE}{name}.xml</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</sitemap>"
        for name, lastmod in lastmods.items()
    )
    return f"<sitemapindex>{places}</sitemapindex>".encode()


def look(body, memory=None, url=f"{SITE}sitemap.xml", **headers):
    """What a sitemap says to a feed that watches it or its index."""
    return parse(Feed(id="e", url=INDEX, kind="sitemap"), answer(body, url=url, **headers), memory or {})


def paths(parsed):
    """The pages that came as entries."""
    return [entry.url.removeprefix(SITE) for entry in parsed.entries]


def children(parsed):
    """The sitemaps that are to be read."""
    return [request.url.removeprefix(SITE).removesuffix(".xml") for request in parsed.follow]


@pytest.mark.parametrize("name", [name for name in GOLDEN if "entries" in GOLDEN[name]])
def test_a_sitemap_says_what_it_says(name):
    """Addresses, titles and dates, in every dress a sitemap wears; newest first where dates tell."""
    parsed = golden(name)
    assert [
        {
            "url": entry.url,
            "title": entry.title,
            "published": entry.published_at and entry.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for entry in parsed.entries
    ] == GOLDEN[name]["entries"]
    assert bool(parsed.memory.get("partial")) == GOLDEN[name].get("partial", False)


@pytest.mark.parametrize("name", [name for name in GOLDEN if "follow" in GOLDEN[name]])
def test_an_index_leads_to_what_is_worth_reading(name):
    """News first, then what changed last or stands last in a row; no pictures, rubrics, authors."""
    assert [request.url for request in golden(name).follow] == GOLDEN[name]["follow"]


@pytest.mark.parametrize("name", [name for name in GOLDEN if "error" in GOLDEN[name]])
def test_what_is_no_sitemap_is_named(name):
    """A page, a feed, a wall, a bomb and nothing at all are errors."""
    with pytest.raises(ParseError) as caught:
        golden(name)
    assert caught.value.kind == GOLDEN[name]["error"]


def test_a_gzip_bomb_is_no_sitemap():
    """Seventy megabytes of spaces in seventy kilobytes."""
    with pytest.raises(ParseError, match="inflates to more"):
        look(gzip.compress(b"<urlset>" + b" " * 70_000_000))


def test_a_page_can_be_found_again_as_it_was_listed():
    """The raw form of an entry is its part of the document."""
    (entry,) = look(urlset("a", "news/1?x=1&amp;y=2")).entries[1:]
    assert entry.raw == f"<url><loc>{SITE}news/1?x=1&amp;y=2</loc></url>".encode()


# ── what is new ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_new_is_what_was_never_listed():
    """An address that appears is news; one that stays, goes or comes back changed is none."""
    first = look(urlset("a", "b", "c"))
    second = look(urlset("d", "a", "b"), first.memory)
    assert paths(second) == ["d"]
    assert paths(look(urlset("c", "d", "e"), second.memory)) == ["e"]


def test_today_for_everything_is_no_news():
    """A site that stamps today's date on all its pages each day brings the one page that is new, without a date."""
    memory = look(urlset(*map(str, range(50)), lastmod="2026-11-21T00:00:05+05:00")).memory
    parsed = look(urlset(*map(str, range(51)), lastmod="2026-11-22T00:00:05+05:00"), memory)
    assert paths(parsed) == ["50"]
    assert parsed.entries[0].published_at is None


def test_a_changed_headline_is_a_new_version():
    """In a news sitemap a new title comes under the old id."""
    first = look(urlset("a", "b", titles=True))
    edited = urlset("a", "b", titles=True).replace("Забастовка a".encode(), "Бастуют все".encode())
    (entry,) = look(edited, first.memory).entries
    assert (entry.guid, entry.title) == (first.entries[0].guid, "Бастуют все")


def test_a_first_reading_is_bounded():
    """Of a large archive the newest two hundred are looked at, and all of it is known afterwards."""
    first = look(urlset(*map(str, range(30_000))))
    assert len(first.entries) == 200
    assert paths(look(urlset(*map(str, range(30_001))), first.memory)) == ["30000"]


def test_a_rebuilt_site_is_a_gap_and_no_flood():
    """Thousands of new addresses at once: only those with a believable date of these days, and the gap is told."""
    first = look(urlset(*map(str, range(1000))))
    rebuilt = urlset(*(f"new/{number}" for number in range(1000)))
    fresh = f"<url><loc>{SITE}new/news</loc><lastmod>{NOW:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
    old = "".join(f"<url><loc>{SITE}old/{n}</loc><lastmod>20{n:02}-01-01</lastmod></url>" for n in range(10, 25))
    parsed = look(rebuilt.replace(b"</urlset>", f"{fresh}{old}</urlset>".encode()), first.memory)
    assert paths(parsed) == ["new/news"]
    assert parsed.memory["gap"]
    assert "gap" not in look(rebuilt, parsed.memory).memory


def test_a_memory_of_another_kind_is_none():
    """A source that was of another kind before begins anew."""
    for memory in ({"known": "рубль"}, {"known": "x"}, {"seen": {"a": "b"}, "count": 3}):
        assert paths(look(urlset("a"), memory)) == ["a"]


# ── indexes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def walk(parsed, bodies, memory=None):
    """Read what an index leads to, one after the other, as the pipe does; returns the pages that came."""
    found = []
    for request in parsed.follow:
        name = request.url.removeprefix(SITE).removesuffix(".xml")
        if name in bodies:
            parsed = look(bodies[name], parsed.memory if memory is None else memory, url=request.url)
            memory = parsed.memory
            found += paths(parsed)
    return found, parsed.memory


def test_what_an_index_lists_at_first_is_the_past():
    """The archive of a site is not news, in whichever turn it is read; what appears in it afterwards is."""
    names = [f"post-{number}" for number in range(1, 9)]
    bodies = {name: urlset(f"{name}/old") for name in names}
    first = look(index(**dict.fromkeys(names, "")), url=INDEX)
    assert children(first) == ["post-8", "post-7", "post-6", "post-5", "post-4"]
    found, memory = walk(first, bodies)
    assert found == ["post-8/old"]  # the very first one, for the baseline
    second = look(index(**dict.fromkeys(names, "")), memory, url=INDEX)
    assert children(second)[:3] == ["post-3", "post-2", "post-1"]
    found, memory = walk(second, bodies)
    assert found == []
    bodies["post-8"] = urlset("post-8/old", "post-8/new")
    third = look(index(**dict.fromkeys(names, "")), memory, url=INDEX)
    assert "post-8" in children(third)
    assert walk(third, bodies)[0] == ["post-8/new"]


def test_a_new_sitemap_of_an_index_is_all_news():
    """The sitemap of a new month begins with news, and is read first."""
    found, memory = walk(look(index(october="2026-10-31T10:00:00Z"), url=INDEX), {"october": urlset("o/1")})
    parsed = look(index(october="2026-10-31T10:00:00Z", november="2026-11-01T09:00:00Z"), memory, url=INDEX)
    assert children(parsed) == ["november"]
    found, memory = walk(parsed, {"november": urlset("n/1", "n/2")})
    assert found == ["n/1", "n/2"]
    assert "gap" not in memory


def test_dates_of_an_index_save_requests():
    """A sitemap whose lastmod has not changed is left alone, a changed one is read with its validators."""
    dated = {"a": "2026-11-20T10:00:00Z", "b": "2026-11-21T10:00:00Z", "c": "2026-11-22T10:00:00Z"}
    first = look(index(**dated), url=INDEX)
    memory = first.memory
    for name in children(first):
        memory = look(urlset(f"{name}/1"), memory, url=f"{SITE}{name}.xml", etag=f'"{name}"').memory
    assert not memory.get("unfinished")
    assert children(look(index(**dated), memory, url=INDEX)) == []
    changed = look(index(**dated | {"b": "2026-11-22T11:00:00Z"}), memory, url=INDEX)
    assert [(request.url, dict(request.headers)) for request in changed.follow] == [
        (f"{SITE}b.xml", {"If-None-Match": '"b"'})
    ]


@pytest.mark.parametrize("lastmod", ["", "2026-11-22", "2026-11-22T00:00:00Z"])
def test_where_dates_say_nothing_the_sitemaps_are_asked(lastmod):
    """Without dates, or with today's on everything, only reading tells; the index is read again though unchanged."""
    names = ["a-1", "a-2", "a-3"]
    _, memory = walk(
        look(index(**dict.fromkeys(names, lastmod)), url=INDEX), {name: urlset(f"{name}/1") for name in names}
    )
    assert memory["unfinished"]
    assert sorted(children(look(index(**dict.fromkeys(names, lastmod)), memory, url=INDEX))) == names


def test_a_sitemap_that_failed_is_read_next_time():
    """What a turn could not read waits, and so the index is read again."""
    dated = {"a": "2026-11-20T10:00:00Z", "b": "2026-11-21T10:00:00Z", "c": "2026-11-22T10:00:00Z"}
    first = look(index(**dated), url=INDEX)
    _, memory = walk(first, {"a": urlset("a/1"), "c": urlset("c/1")})
    assert memory["unfinished"]
    assert children(look(index(**dated), memory, url=INDEX)) == ["b"]


def test_an_index_in_an_index_is_followed():
    """And what it listed at first is the past as well."""
    outer = look(index(inner=""), url=INDEX)
    inner = look(index(posts=""), outer.memory, url=f"{SITE}inner.xml")
    assert children(inner) == ["posts"]
    found, memory = walk(inner, {"posts": urlset("p/1")})
    assert found == ["p/1"]
    assert set(memory["children"]) == {"https://e.kz/inner.xml", "https://e.kz/posts.xml"}


# ── in the pipe ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pages(tmp_path):
    """A site with an index of one sitemap, and a house that watches it."""
    write_config(tmp_path / "config", [{"id": "e", "url": INDEX, "kind": "sitemap", "lang": "ru"}])
    press = Pages()
    press.bodies[INDEX] = index(posts="")
    press.bodies[f"{SITE}posts.xml"] = urlset("n/1")
    return press


async def test_the_page_tells_what_the_sitemap_does_not(tmp_path, clock, pages):
    """A plain sitemap gives an address; title, text and story come from the page, also without `full_text`."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        pages.bodies[f"{SITE}posts.xml"] = urlset("n/1", "n/2-zabastovka-v-ozene.html", "n/3-bez-stranicy")
        text = "<p>Рабочие в Жанаозене объявили забастовку и не вышли на смену, сообщили в профсоюзе.</p>" * 4
        pages.bodies[f"{SITE}n/2-zabastovka-v-ozene.html"] = (
            f"<html><head><title>Забастовка в Жанаозене</title></head><body><article>{text}</article></body></html>"
        ).encode()
        clock.tick(timedelta(hours=1))
        report = await poll.cycle(house.desk, everything=True)
        assert report.total("opened") == 1
        titles = [title for (title,) in house.db.execute("SELECT title FROM articles ORDER BY id DESC LIMIT 2")]
        assert sorted(titles) == ["bez stranicy", "Забастовка в Жанаозене"]


async def test_a_site_that_leads_elsewhere_is_an_error(tmp_path, clock, pages):
    """An index whose sitemaps are all of another site says so instead of being silent."""
    pages.bodies[INDEX] = index(posts="").replace(b"//e.kz", b"//other.example")
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        (failed,) = (await poll.cycle(house.desk, everything=True)).failed
        assert failed.error_kind == "other-outlet"
        assert not any("other.example" in str(request.url) for request in pages.asked)


async def test_an_index_whose_sitemaps_fail_is_a_failure(tmp_path, clock, pages):
    """An index that answers while none of its sitemaps does shows nothing."""
    del pages.bodies[f"{SITE}posts.xml"]
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        (failed,) = (await poll.cycle(house.desk, everything=True)).failed
        assert (failed.error_kind, failed.error) == ("status", "404 Not Found")
