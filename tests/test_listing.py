"""Listings: the list on pages of many shapes, found by selectors or by a guess, and a name for what cannot be read."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import NOW, answer
from monitor.errors import ParseError
from monitor.model import Feed
from monitor.sources.guessing import guess_select
from monitor.sources.listing import parse
from monitor.sources.shown import moment_of, shown_date
from paths import DATA

PAGES = DATA / "listings"
GOLDEN = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("*.json"))}
LISTS = [name for name, golden in GOLDEN.items() if "entries" in golden]


def page_of(name: str) -> bytes:
    """The bytes of a golden page."""
    return (PAGES / f"{name}.html").read_bytes()


def feed_of(name: str, **more) -> Feed:
    """The feed that watches a golden page."""
    return Feed(id="e-kz", url=GOLDEN[name]["url"], kind="listing", lang=GOLDEN[name]["lang"], **more)


def read(name: str, body: bytes | str = b"", memory=None, **more):
    """What a golden page, or another body in its place, says to its feed."""
    feed = feed_of(name, **more)
    return parse(feed, answer(body or page_of(name), url=feed.url), memory or {})


def told(entries):
    """Entries as the golden files write them."""
    return [
        {
            "url": entry.url,
            "title": entry.title,
            "published": entry.published_at and entry.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for entry in entries
    ]


def entries_or_none(feed: Feed, body: bytes):
    """What hostile bytes say; nothing else than a ParseError may come instead."""
    try:
        return parse(feed, answer(body, url=feed.url), {}).entries
    except ParseError:
        return ()


def a_list(*titles: str, extra: str = "") -> str:
    """A plain page with a list of these titles."""
    items = "".join(
        f'<div class="news"><h3><a href="/news/{number}">{title}</a></h3><time datetime="2026-11-2{number % 3}T09:00+05:00">'
        f"</time></div>"
        for number, title in enumerate(titles)
    )
    return f"<!DOCTYPE html><html><body><h1>Новости</h1>{items}{extra}</body></html>"


TITLES = [f"Рабочие завода номер {number} требуют индексации зарплаты" for number in range(8)]


# ── golden pages ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_enough_shapes():
    """At least a dozen shapes of lists in three languages, and pages without one."""
    assert len(LISTS) >= 20
    assert {GOLDEN[name]["lang"] for name in LISTS} == {"en", "ru", "kk"}
    assert len(GOLDEN) - len(LISTS) >= 5


@pytest.mark.parametrize("name", LISTS)
def test_the_list_is_found_without_selectors(name):
    """Addresses, titles and dates of every item and nothing else, whatever stands around the list."""
    assert told(read(name).entries) == GOLDEN[name]["entries"]


@pytest.mark.parametrize("name", [name for name in GOLDEN if name not in LISTS])
def test_a_page_without_a_list_is_named(name):
    """A guess that cannot be made says so, and why as far as that can be seen."""
    with pytest.raises(ParseError) as caught:
        read(name)
    assert caught.value.kind == GOLDEN[name]["error"]


SELECTED = {
    "wordpress_archive": {
        "item": "main article",
        "title": ".entry-title",
        "date": "time",
        "summary": ".entry-summary p",
    },
    "bitrix_news_list": {"item": ".news-item", "link": "a:has(b)", "date": ".news-date-time"},
    "akimat": {"item": ".news-item", "link": "a.h4", "title": "a.h4", "date": ".date"},
    "read_more_links": {"item": ".post", "title": "h3", "link": "a.btn", "date": ".when"},
    "links_to_others": {"item": ".news p"},
    "plain_list_with_dates": {"item": "h1 + ul li", "link": "a", "date": "span"},
    "blog_of_headings": {"item": "#content > h2"},
    "line_by_days": {"item": ".line"},
    "empty_link_over_the_card": {"item": "article", "link": ".tile-over", "title": "h3"},
}


@pytest.mark.parametrize("name", SELECTED)
def test_selectors_find_the_same(name):
    """What the feeds file says about the page leads to the same entries; what it leaves out is worked out."""
    assert told(read(name, select=SELECTED[name]).entries) == GOLDEN[name]["entries"]


@pytest.mark.parametrize("name", LISTS)
def test_the_guess_can_be_written_down(name):
    """The guessed selectors, pasted into the feeds file, find the same list."""
    feed = feed_of(name)
    select = guess_select(answer(page_of(name), url=feed.url), feed.time_zone)
    assert told(read(name, select=select).entries) == GOLDEN[name]["entries"]


def test_a_summary_is_what_is_left():
    """The first sentences, without the title, the date and the words on the link."""
    entry = read("read_more_links").entries[0]
    assert entry.summary.startswith("Редакцияға 11 адам хабарласты.")
    assert "Толығырақ" not in entry.summary
    assert "қараша" not in entry.summary
    assert b"<h3>" in entry.raw
    assert entry.published_raw == "21 қараша, 2026"


# ── ids and memory ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_look_brings_nothing():
    """What was seen stays seen; a new item is the only one that comes."""
    first = read("union_without_dates", a_list(*TITLES[:6]))
    assert len(first.entries) == 6
    assert not read("union_without_dates", a_list(*TITLES[:6]), first.memory).entries
    more = read("union_without_dates", a_list(*TITLES[:7]), first.memory)
    assert [entry.title for entry in more.entries] == [TITLES[6]]
    assert "gap" not in more.memory


def test_an_id_does_not_depend_on_how_it_is_linked():
    """Trackers, www., http and AMP lead to the same article, and its id says so."""
    plain = read("union_without_dates", a_list(*TITLES[:5]))
    dressed = a_list(*TITLES[:5]).replace('href="/news/', 'href="http://www.kasipodak.example/news/')
    dressed = dressed.replace('"><', '?utm_source=main"><').replace("</a>", "</a>")
    again = read("union_without_dates", dressed)
    assert [entry.guid for entry in again.entries] == [entry.guid for entry in plain.entries]
    assert not read("union_without_dates", dressed, plain.memory).entries


def test_a_changed_title_is_a_new_version():
    """An edited headline comes again under its old id; changed counters beside it do not."""
    first = read("union_without_dates", a_list(*TITLES[:5]))
    edited = a_list("Забастовка на заводе прекращена после переговоров", *TITLES[1:5], extra="<p>Просмотров: 17</p>")
    (entry,) = read("union_without_dates", edited, first.memory).entries
    assert entry.guid == first.entries[0].guid
    assert entry.title.startswith("Забастовка на заводе")


def test_a_window_that_moved_on_is_a_gap():
    """No shared item with the look before: something may have passed by unseen."""
    first = read("union_without_dates", a_list(*TITLES[:5]))
    other = a_list(*TITLES[:5]).replace("/news/", "/news/9")
    assert read("union_without_dates", other, first.memory).memory["gap"]


def test_a_guess_is_kept_while_it_finds_the_list():
    """A louder list that appears beside the known one does not take its place; a rebuilt page is guessed anew."""
    first = read("union_without_dates", a_list(*TITLES[:6]))
    assert first.memory["guess"] == {"item": "div.news"}
    louder = "".join(
        f'<li class="x"><a href="/p/{n}">Десять советов о том, как выбрать шубу {n}</a></li>' for n in range(40)
    )
    second = read("union_without_dates", a_list(*TITLES[:6], extra=f"<ul>{louder}</ul>"), first.memory)
    assert not second.entries
    rebuilt = a_list(*TITLES[:7]).replace('class="news"', 'class="teaser-card"')
    third = read("union_without_dates", rebuilt, second.memory)
    assert [entry.title for entry in third.entries] == [TITLES[6]]


def test_a_list_that_is_gone_is_an_error():
    """Selectors that find nothing any more, an emptied page and a bot check are named, not taken for calm."""
    select = {"item": ".news"}
    rebuilt = a_list(*TITLES).replace('class="news"', "")
    for body, kind in (
        (rebuilt, "no-list"),
        (page_of("script_only"), "script-only"),
        (page_of("bot_check"), "blocked"),
    ):
        with pytest.raises(ParseError) as caught:
            read("union_without_dates", body, select=select)
        assert caught.value.kind == kind
    with pytest.raises(ParseError, match="is no CSS selector"):
        read("union_without_dates", a_list(*TITLES), select={"item": "div[["})


def test_a_parked_domain_is_no_list():
    """The links that a seller of domains shows are not the outlet's news."""
    with pytest.raises(ParseError) as caught:
        read("union_without_dates", a_list(*TITLES, extra="<p>This domain is for sale. Buy this domain.</p>"))
    assert caught.value.kind == "blocked"


# ── hostile pages ────────────────────────────────────────────────────────────────────────────────────────────────


def test_links_are_web_links_or_no_items():
    """javascript:, data:, mailto: and anchors are no articles; relative ones are made whole, also from <base>."""
    bad = [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "mailto:a@b.kz",
        "#top",
        "tel:+7",
        "//",
        "http://",
        " ",
    ]
    items = "".join(f'<li><a href="{href}">{TITLES[n % 8]}</a> 20.11.2026</li>' for n, href in enumerate(bad))
    good = [" 1.html\n", "/2.html", "//m.lada.kz/3.html", "?id=4", "http://лада.kz/5.html", "/new s/6"]
    items += "".join(f'<li><a href="{href}">{TITLES[n]}</a> 20.11.2026</li>' for n, href in enumerate(good))
    page = f'<html><head><base href="/news/"></head><body><ul>{items}</ul></body></html>'
    feed = Feed(id="lada-kz", url="https://lada.kz/list", kind="listing", select={"item": "li"})
    assert [entry.url for entry in parse(feed, answer(page, url=feed.url), {}).entries] == [
        "https://lada.kz/news/1.html",
        "https://lada.kz/2.html",
        "https://m.lada.kz/3.html",
        "https://lada.kz/news/?id=4",
        "http://лада.kz/5.html",
        "https://lada.kz/new%20s/6",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r", "utf-16"])
@pytest.mark.parametrize("label", ["text/html", "text/html; charset=iso-8859-1", "text/html; charset=utf-8"])
def test_a_wrong_charset_label_garbles_nothing(encoding, label):
    """The bytes say how they are to be read, not the header."""
    body = ("\ufeff" if encoding == "utf-16" else "") + a_list(*TITLES)
    feed = feed_of("union_without_dates")
    entries = parse(feed, answer(body.encode(encoding), label, url=feed.url), {}).entries
    assert [entry.title for entry in entries] == TITLES


HUGE = {
    "items": '<html><div class=n><h3><a href="/news/1">Рабочие завода требуют индексации зарплаты</a></h3><p>Текст</p></div>',
    "links": '<html><a href="/news/1">Рабочие завода требуют индексации зарплаты</a> ',
    "nested": "<html><div>",
    "tables": "<table><tr><td>",
    "attributes": "<html><a " + "x=1 " * 50,
    "comments": "<html><!--",
    "text": "<html>слово ",
    "entities": "<html>&amp;&#x1F4A9;",
    "unclosed lists": "<html><ul><li><a href=/n/1>Рабочие завода требуют",
}


@pytest.mark.parametrize("name", HUGE)
def test_five_megabytes_are_a_page_or_a_named_error(name):
    """However large and whatever it repeats."""
    body = (HUGE[name] * (5_000_000 // len(HUGE[name]) + 1)).encode()
    for select in ({}, {"item": "div, li, a"}):
        feed = Feed(id="x", url="https://e.kz/", kind="listing", select=select)
        assert len(entries_or_none(feed, body)) <= 500


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(LISTS),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=12)), min_size=1, max_size=6),
)
def test_a_damaged_page_raises_only_parse_errors(name, cuts):
    """Pieces cut out and rubbish put in: entries or a named error."""
    body = page_of(name)
    for where, length, rubbish in cuts:
        place = int(where * len(body))
        body = body[:place] + rubbish + body[place + length :]
    assert all(entry.url.startswith("http") and entry.title for entry in entries_or_none(feed_of(name), body))


# ── dates as lists show them ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "local"),
    [
        ("20 ноября 2026 года", "2026-11-20 23:59"),
        ("2025 жылғы 20 қараша", "2025-11-20 23:59"),
        ("20 Қараша 2026, 14:20", "2026-11-20 14:20"),
        ("20 караша 2026", "2026-11-20 23:59"),
        ("Қараша 20, 2026", "2026-11-20 23:59"),
        ("Posted on November 20, 2026 by The desk in Labour", "2026-11-20 23:59"),
        ("20th Nov", "2026-11-20 23:59"),
        ("Пятница, 20 ноября 2026, 12:00", "2026-11-20 12:00"),
        ("14:20, 20.11.2026", "2026-11-20 14:20"),
        ("20/11/26", "2026-11-20 23:59"),
        ("2026-11-20", "2026-11-20 23:59"),
        ("20 декабря", "2025-12-20 23:59"),
        ("сегодня, 16:05", "2026-11-22 16:05"),
        ("Бүгін 09:00", "2026-11-22 09:00"),
        ("Кеше, 22:15", "2026-11-21 22:15"),
        ("Yesterday at 3:15 pm", "2026-11-21 15:15"),
        ("16:42", "2026-11-22 16:42"),
        ("17:42", "2026-11-21 17:42"),
        ("5 минут назад", "2026-11-22 16:55"),
        ("час назад", "2026-11-22 16:00"),
        ("2 сағат бұрын", "2026-11-22 15:00"),
        ("3 күн бұрын", "2026-11-19 23:59"),
        ("1 week ago", "2026-11-15 23:59"),
        ("только что", "2026-11-22 17:00"),
        ("22.11.2026", "2026-11-22 17:00"),
        ("20.11.2026 Просмотров: 1200 Комментариев: 3", "2026-11-20 23:59"),
    ],
)
def test_a_shown_date_is_read(line, local):
    """In the outlet's own zone, never in the future, a day without a time as its end."""
    shown = shown_date(line, "Asia/Almaty", NOW)
    found = moment_of(shown, "Asia/Almaty", NOW)
    assert found.astimezone(UTC) == (datetime.fromisoformat(f"{local}:00+05:00")).astimezone(UTC)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "1200",
        "20 человек",
        "5 қазақ азаматы",
        "31 ноября",
        "Ноябрь 2026",
        "Новости 1 - 8 из 311",
        "+7 (7172) 00-00-01",
        "3:2",
        "На площади 20 ноября собрались рабочие завода, которые требуют выплатить зарплату",
        "x" * 500,
    ],
)
def test_what_is_no_date_is_none(line):
    """Numbers, telephones, months alone and sentences."""
    assert shown_date(line, "Asia/Almaty", NOW) is None


def test_a_leap_day_without_a_year_is_no_reason_to_fail():
    """29 February is looked for in this year only."""
    assert shown_date("29 февраля", "Asia/Almaty", NOW) is None
    leap = replace(answer(""), received_at=NOW + timedelta(days=500)).received_at
    assert moment_of(shown_date("29 февраля", "Asia/Almaty", leap), "Asia/Almaty", leap).month == 2
