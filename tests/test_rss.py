"""Feeds: what each dialect says, what is new, and what is remembered of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feeds import FEED, NOW, TITLES, answer, item, rss
from monitor.model import FeedState
from monitor.sources.rss import parse, request


def entries(body, **options):
    """The entries of a feed that is read for the first time."""
    return parse(FEED, answer(body, **options), {}).entries


def only(inside: str, **options):
    """The one entry of an RSS feed whose item holds this."""
    (entry,) = entries(rss(f"<item>{inside}</item>"), **options)
    return entry


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.kz/a/"><title type="html">A &amp;amp; B</title>
<entry><id>tag:e.kz,1</id><title type="html">Strike &amp;amp; &lt;b&gt;protest&lt;/b&gt;</title>
<link rel="self" href="x.atom"/><link rel="alternate" href="1.html"/><published>2026-11-20T09:00:00+05:00</published>
<updated>2026-11-21T09:00:00Z</updated><author><name>А. Б.</name></author><summary>short</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>T<b>w</b>o.</p></div></content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://e.kz/"><title>E</title><link>https://e.kz/</link>
<items><rdf:Seq><rdf:li rdf:resource="https://e.kz/1"/></rdf:Seq></items></channel>
<item rdf:about="https://e.kz/1"><title>Забастовка</title><link>https://e.kz/1</link><dc:date>2026-11-20T04:00:00Z</dc:date>
<dc:creator>А. Б.</dc:creator></item></rdf:RDF>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "E",
        "items": [
            {
                "id": 7,
                "url": "/7",
                "title": "a < b",
                "content_html": "<p>One.</p><p>Two.</p>",
                "date_published": "2026-11-20T09:00:00+05:00",
                "authors": [{"name": "А. Б."}],
            },
            "not an item",
        ],
    }
)


def test_rss_says_what_it_says():
    """Guid, link, plain title and text, date with its own words, and the raw bytes of the item."""
    first = entries(rss())[0]
    assert (first.feed_id, first.guid, first.url) == ("lada-kz", "lada-0", "https://lada.kz/news/0")
    assert first.title == TITLES[0]
    assert first.summary == "Рабочие требуют «повышения» зарплаты."
    assert first.published_raw == "Sat, 20 Nov 2026 09:00:00 +0500"
    assert first.published_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    assert first.raw == item(0).strip().encode()


def test_atom_says_the_same():
    """Base, alternate link, XHTML content in paragraphs, published before updated."""
    (entry,) = entries(ATOM)
    assert (entry.guid, entry.url, entry.author) == ("tag:e.kz,1", "https://e.kz/a/1.html", "А. Б.")
    assert (entry.title, entry.summary) == ("Strike & protest", "One.\n\nTwo.")
    assert entry.published_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    assert parse(FEED, answer(ATOM), {}).title == "A & B"


def test_rdf_says_the_same():
    """RSS 1.0: items beside the channel, Dublin Core dates and authors."""
    (entry,) = entries(RDF)
    assert (entry.guid, entry.url, entry.title, entry.author) == (
        "https://e.kz/1",
        "https://e.kz/1",
        "Забастовка",
        "А. Б.",
    )
    assert entry.published_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def test_json_feed_says_the_same():
    """Numbers as ids, relative addresses, text that is no markup; what is no item is passed over."""
    (entry,) = entries(JSON_FEED, content_type="application/feed+json")
    assert (entry.guid, entry.url, entry.title) == ("7", "https://lada.kz/7", "a < b")
    assert (entry.summary, entry.author) == ("One.\n\nTwo.", "А. Б.")
    assert entry.published_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link> https://e.kz/a?x=1&amp;y=2 </link>", "https://e.kz/a?x=1&y=2"),
        ("<link><![CDATA[https://e.kz/a?x=1&y=2]]></link>", "https://e.kz/a?x=1&y=2"),
        ("<link>/news/1</link>", "https://lada.kz/news/1"),
        ("<link>//m.lada.kz/1</link>", "https://m.lada.kz/1"),
        ("<guid>https://e.kz/by-guid</guid>", "https://e.kz/by-guid"),
        ('<atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="https://e.kz/atom"/>', "https://e.kz/atom"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>data:text/html,x</link>", ""),
        ("<guid>4711</guid>", ""),
        ("<link>http://</link>", ""),
        (f"<link>https://e.kz/{'a' * 5000}</link>", ""),
    ],
)
def test_links_are_web_links_or_none(inside, url):
    """Every way feeds hide a link, and nothing that a reader should not click."""
    assert only(f"<title>t</title>{inside}").url == url


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("&lt;b&gt;Забас&lt;i&gt;тов&lt;/i&gt;ка&lt;/b&gt;", "Забастовка"),
        ("<![CDATA[AT&amp;T &laquo;да&raquo;]]>", "AT&T «да»"),
        ("wages &lt; prices", "wages < prices"),
        ("two\n  lines\x0b", "two lines"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;ok", "ok"),
        ("&lt;svg/onload=alert(1)&gt;", "text"),
        ("\u202egnp.exe\u202c \u200bZW", "gnp.exe ZW"),
        ("", "text"),
    ],
)
def test_titles_are_plain_text(title, plain):
    """No markup, no hidden characters, one line; without a title the first words of the text stand in."""
    assert only(f"<title>{title}</title><description>text</description>").title == plain


def test_the_longest_text_wins():
    """content:encoded says more than a teaser."""
    content = (
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">&lt;p&gt;The whole story.&lt;/p&gt;'
    )
    entry = only(f"<title>t</title><description>teaser</description>{content}</content:encoded>")
    assert entry.summary == "The whole story."


def test_a_title_is_made_of_the_first_sentence():
    """Posts without titles are called by their beginning, cut at a word."""
    assert only("<description>Рабочие вышли. Их 340 человек.</description>").title == "Рабочие вышли."
    long = only(f"<description>{'забастовка ' * 40}</description>").title
    assert len(long) <= 141
    assert long.endswith("забастовка…")


def test_a_missing_id_is_the_link_or_the_words():
    """Items without a guid keep an id that stays the same."""
    assert only("<title>a</title><link>https://e.kz/1</link>").guid == "https://e.kz/1"
    unnamed = only("<title>a</title><description>b</description>")
    assert unnamed.guid.startswith("print:")
    assert only("<title>a</title><description>b</description>").guid == unnamed.guid
    assert len(only(f"<title>a</title><guid>{'x' * 9000}</guid>").guid) < 100


# ── what is new ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_unseen_is_parsed():
    """With the memory of the last fetch, the same feed has nothing new, and one new item is all there is."""
    before = parse(FEED, answer(rss(*map(item, range(5)))), {})
    assert len(before.entries) == 5
    same = parse(FEED, answer(rss(*map(item, range(5)))), before.memory)
    assert (same.entries, same.memory, same.title) == ((), before.memory, "Лада")
    more = parse(FEED, answer(rss(item(5), *map(item, range(5)))), before.memory)
    assert [entry.guid for entry in more.entries] == ["lada-5"]
    assert len(more.memory["seen"]) == more.memory["count"] == 6


def test_memory_survives_the_database():
    """It is JSON, bounded by the feed's present window."""
    memory = parse(FEED, answer(rss()), {}).memory
    assert json.loads(json.dumps(memory)) == memory
    later = parse(FEED, answer(rss(item(5))), memory)
    assert len(later.memory["seen"]) == 1


@pytest.mark.parametrize("memory", [{"seen": None}, {"seen": ["old", "list"]}, {"seen": {}}, {"count": 3}])
def test_a_strange_memory_only_costs_a_parse(memory):
    """What an older version left behind is no reason to fail."""
    assert len(parse(FEED, answer(rss()), memory).entries) == 6


def test_an_edited_item_keeps_its_id():
    """A changed headline is the same item: the old one is no longer shown."""
    before = parse(FEED, answer(rss()), {})
    (edited,) = parse(FEED, answer(rss(item(0, "Новый заголовок"), *map(item, range(1, 6)))), before.memory).entries
    assert (edited.guid, edited.title) == ("lada-0", "Новый заголовок")


@pytest.mark.parametrize("path", ["{}", ""])
def test_items_that_share_an_id_are_told_apart(path):
    """A feed that gives every item the same guid, and perhaps the same address, loses none, whenever they come."""

    def same(number):
        return f"<item><title>t{number}</title><link>https://e.kz/{path.format(number)}</link><guid>same</guid></item>"

    before = parse(FEED, answer(rss(same(2), same(1))), {})
    assert len({entry.guid for entry in before.entries}) == 2
    later = parse(FEED, answer(rss(same(3), same(2), same(1))), before.memory)
    (third,) = later.entries
    assert third.guid not in {entry.guid for entry in before.entries}
    again = parse(FEED, answer(rss(same(3), same(2), same(1))), later.memory)
    assert again.entries == ()
    (fourth,) = parse(FEED, answer(rss(same(4))), again.memory).entries
    assert len({entry.guid for entry in (*before.entries, third, fourth)}) == 4


def test_the_same_item_twice_is_once():
    """A feed that repeats an item byte for byte says it once."""
    assert len(entries(rss(item(1), item(1)))) == 1


def test_a_window_without_a_known_id_is_a_gap():
    """Nothing in common with the last fetch: something may have passed by unseen, until a fetch connects again."""
    before = parse(FEED, answer(rss(item(0), item(1))), {})
    assert "gap" not in before.memory
    after = parse(FEED, answer(rss(item(4), item(5))), before.memory)
    assert after.memory["gap"]
    assert "gap" not in parse(FEED, answer(rss(item(3), item(4))), after.memory).memory
    edited = parse(FEED, answer(rss(item(0, "a"), item(1, "b"))), before.memory)
    assert "gap" not in edited.memory


def test_an_emptied_feed_is_seen_by_its_count():
    """A feed without items is a feed, with its name; how many it showed is remembered."""
    parsed = parse(FEED, answer(rss("<x/>")), {})
    assert (parsed.memory["count"], parsed.memory["seen"], parsed.title) == (0, {}, "Лада")


def test_mojibake_is_noticed():
    """UTF-8 that was once read as windows-1251 or -1252 is told, until readable titles come."""
    for encoding in ("cp1251", "cp1252"):
        wrong = rss(item(0, TITLES[0][:9].encode().decode(encoding, "replace")))
        memory = parse(FEED, answer(wrong), {}).memory
        assert memory["garbled"]
        assert "garbled" not in parse(FEED, answer(rss(item(1))), memory).memory


def test_the_request_carries_the_validators():
    """ETag and Last-Modified go back verbatim, through the feed's own proxy."""
    asked = request(replace(FEED, proxy="tor"), FeedState(feed_id=FEED.id, etag='W/"a"', last_modified="Sat"))
    assert (asked.url, asked.proxy) == (FEED.url, "tor")
    assert asked.headers == {"If-None-Match": 'W/"a"', "If-Modified-Since": "Sat"}
    assert not request(FEED, FeedState(feed_id=FEED.id)).headers


def test_an_adopted_address_is_asked():
    """A permanent move that policy believes in is used while the configured address is the same."""
    state = FeedState(feed_id=FEED.id, memory={"address": {"configured": FEED.url, "now": "https://new.lada.kz/rss"}})
    assert request(FEED, state).url == "https://new.lada.kz/rss"
    assert request(replace(FEED, url="https://other.kz/"), state).url == "https://other.kz/"


def test_dates_of_the_future_are_now():
    """A feed cannot make its news younger than the moment it was read."""
    assert only("<title>t</title><pubDate>Sat, 22 Nov 2036 09:00:00 +0500</pubDate>").published_at == NOW
