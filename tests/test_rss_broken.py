"""Broken feeds: what is saved of them, what they may not cost, and what is no feed at all."""

import pytest

from bombs import DOCUMENTS as BOMBS
from feeds import FEED, TITLES, answer, item, rss
from monitor.errors import ParseError, WorkerError
from monitor.sources.rss import parse
from monitor.sources.window import legible
from monitor.worker import open_worker

WHOLE = rss().encode()
SPANS = [(WHOLE.index(f"<title>{title}</title>".encode()), len(f"<title>{title}</title>".encode())) for title in TITLES]


def titles(body, content_type="") -> list[str]:
    """The titles that are read from a body; none when it is no feed."""
    try:
        return [entry.title for entry in parse(FEED, answer(body, content_type), {}).entries]
    except ParseError:
        return []


def kind(body, content_type="", **headers) -> str:
    """The kind of error that a body is."""
    with pytest.raises(ParseError) as caught:
        parse(FEED, answer(body, content_type, **headers), {})
    return caught.value.kind


# ── encodings ────────────────────────────────────────────────────────────────────────────────────────────────────

# Letters that every one of these encodings has; Kazakh ones need Unicode.
RUSSIAN = [title.replace("ң", "н").replace("ө", "о") for title in TITLES]
RUSSIAN_FEED = "".join(item(number, title) for number, title in enumerate(RUSSIAN))
CLAIMS = ["utf-8", "windows-1251", "koi8-r", "utf-16", "iso-8859-1", "x-bogus", "idna"]


@pytest.mark.parametrize(
    "real",
    [
        "utf-8",
        "utf-8-sig",
        "windows-1251",
        "koi8-r",
        "iso-8859-5",
        "cp866",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
    ],
)
def test_titles_are_right_whatever_is_declared(real):
    """Seven false labels in the document × four in the header: the bytes themselves decide."""
    for inside in CLAIMS:
        for outside in ["", "text/xml; charset=utf-8", "text/xml; charset=windows-1251", "text/xml;charset=latin-1"]:
            assert titles(rss(RUSSIAN_FEED, encoding=inside).encode(real), outside) == RUSSIAN, (inside, outside)


@pytest.mark.parametrize("claim", ["windows-1251", "iso-8859-1", "koi8-r"])
def test_damaged_utf8_is_still_utf8(claim):
    """One bad byte and a false label together do not turn every title into another alphabet."""
    damaged = rss(encoding=claim).encode().replace(b"lada.kz/</link>", b"lada.kz/\xff</link>")
    assert titles(damaged, f"text/xml; charset={claim}") == list(TITLES)
    assert titles(damaged[:-40] + "ж".encode()[:1], f"text/xml; charset={claim}") == list(TITLES)


def test_other_encodings_are_believed():
    """What is not Cyrillic is read as declared: a French outlet is not taken for a Russian one."""
    feed = rss("<item><title>Grève à l'usine: les salariés déçus</title></item>", encoding="iso-8859-1").replace(
        "Лада", "L"
    )
    assert titles(feed.encode("latin-1")) == ["Grève à l'usine: les salariés déçus"]
    assert titles(rss("<item><title>파업</title></item>", encoding="euc-kr").encode("euc-kr", "ignore")) == ["파업"]


# ── damage ───────────────────────────────────────────────────────────────────────────────────────────────────────


def broken_at(position: int, bad: int) -> bytes:
    """The whole feed with one byte replaced."""
    return WHOLE[:position] + bytes([bad]) + WHOLE[position + 1 :]


def lost_by(position: int, bad: int) -> list[str]:
    """Titles whose own bytes are intact and which are not read any more."""
    read = titles(broken_at(position, bad))
    intact = [title for title, (start, size) in zip(TITLES, SPANS, strict=True) if not start <= position < start + size]
    return [title for title in intact if title not in read]


@pytest.mark.parametrize("bad", [0xFF, 0xC3, 0x00, ord("<"), ord("&")])
def test_one_bad_byte_costs_one_title_at_most(bad):
    """A bad byte anywhere spoils what it hits and nothing else."""
    places = range(bad % 100, len(WHOLE), len(WHOLE) // 12)
    assert not [(place, lost) for place in places if (lost := lost_by(place, bad))]


def lost_by_cut(place: int) -> list[str]:
    """Titles that had arrived when the transfer was cut, and are not read."""
    read = titles(WHOLE[:place])
    return [
        title for title, (start, size) in zip(TITLES, SPANS, strict=True) if start + size <= place and title not in read
    ]


@pytest.mark.parametrize("letter", [*map(chr, {*range(32)} - {9, 10, 13}), "\ufffe", "\uffff"], ids=ascii)
def test_what_no_xml_may_hold_is_left_out(letter):
    """One such character, anywhere, would make a parser give up the whole feed: not a letter beside it is lost."""
    spoilt = rss().replace(TITLES[0], f"{TITLES[0][:3]}{letter}{TITLES[0][3:]}")
    assert legible(answer(spoilt.encode())) == legible(answer(rss().encode()))
    assert titles(spoilt.encode()) == list(TITLES)


def test_a_cut_feed_says_what_had_arrived():
    """Every title that came whole before the cut is read, and nothing that came in half."""
    for place in range(0, len(WHOLE), 37):
        assert not lost_by_cut(place), place
        assert set(titles(WHOLE[:place])) <= set(TITLES), place


def test_a_cut_item_comes_again_whole():
    """What was cut is told as such, and the next fetch brings the rest of it."""
    cut = WHOLE[: SPANS[2][0] + SPANS[2][1]]
    before = parse(FEED, answer(cut), {})
    assert [entry.title for entry in before.entries] == list(TITLES[:3])
    assert before.memory["partial"]
    after = parse(FEED, answer(WHOLE), before.memory)
    assert [entry.guid for entry in after.entries] == ["lada-2", "lada-3", "lada-4", "lada-5"]
    assert "partial" not in after.memory
    for cut in (SPANS[2][0] + 20, WHOLE.index(b"</channel>"), len(WHOLE) - 5):
        assert parse(FEED, answer(WHOLE[:cut]), {}).memory["partial"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda feed: feed.replace("<item>", "<item>&nbsp;&bogus;&", 1),
        lambda feed: feed.replace("</title>", "&#99999999;&#0;&#xD800;</title>", 1),
        lambda feed: feed.replace("<title>", "<media:title>x</media:title><title>", 2),
        lambda feed: feed.replace("</item>", "", 1),
        lambda feed: feed.replace("<item>", "<itXm>", 1),
        lambda feed: feed.replace("</channel></rss>", ""),
        lambda feed: feed.replace("<channel>", "<channel><!--", 1).replace("<title>Лада", "--><title>Лада"),
        lambda feed: feed.replace("<channel>", "<channel><image><url>x</image>", 1),
        lambda feed: feed.replace("]]>", "]]", 1),
        lambda feed: "<br />\n<b>Warning</b>: mysql_connect() in <b>/srv/x.php</b> on line 3<br />\n" + feed,
        lambda feed: feed[feed.index("<channel>") :],
        lambda feed: feed.replace('<rss version="2.0">', "<rsx>", 1),
        lambda feed: "\n\ufeff \n" + feed,
        lambda feed: '<!DOCTYPE rss [<!ENTITY a "b">]>' + feed[feed.index("<rss") :],
    ],
)  # fmt: skip
def test_a_spoilt_feed_is_saved(spoil):
    """Entities of HTML, impossible references, lost and stray tags, warnings in front: all six titles are read."""
    assert set(TITLES) <= set(titles(spoil(rss())))


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ('<!ENTITY x "Қазмырыш">', "a Қазмырыш b"),
        ("<!ENTITY x 'AT&amp;T &#171;да&#187;'>", "a AT&T «да» b"),
        ('<!ENTITY y "Балхаш"><!ENTITY x "город &y;, &laquo;комбинат&raquo;">', "a город Балхаш, «комбинат» b"),
        ('<!-- <!ENTITY x "old"> --><!ENTITY x "new"><!ENTITY x "second">', "a new b"),
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "a b"),
        ('<!ENTITY x PUBLIC "-//X" "http://127.0.0.1:9/x">', "a b"),
        ('<!ENTITY x "<b>bold</b>">', "a b"),
        ('<!ENTITY l "' + "я" * 900 + '"><!ENTITY x "&l;&l;">', "a b"),
        ('<!ENTITY amp "and"><!ENTITY other "x">', "a &x; b"),
        ("", "a &x; b"),
    ],
)
def test_a_document_s_own_entities_are_words_or_nothing(declared, title):
    """What a document declares is put in where it is plain words; other files and bombs leave nothing behind."""
    spoilt = rss(item(0, "a &x; b")).replace("<rss", f"<!DOCTYPE rss [{declared}]>\n<rss", 1)
    assert titles(spoilt) == [title]


def test_items_in_comments_are_no_news():
    """What the outlet took out stays out."""
    assert titles(rss(item(0), f"<!-- {item(1)} -->")) == [TITLES[0]]
    assert titles(rss(f"<!-- {item(1)} -->")) == []
    assert titles(rss(item(0, "<![CDATA[about <item> tags]]>"))) == ["about tags"]


# ── what is no feed ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "empty"),
        (" \n\ufeff\n", "empty"),
        ("/etc/passwd", "not-a-feed"),
        ("file:///dev/zero", "not-a-feed"),
        ("404", "not-a-feed"),
        ("{}", "not-a-feed"),
        ("[]", "not-a-feed"),
        ('{"error": "captcha required"}', "not-a-feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"ti', "truncated"),
        ("[" * 100_000, "not-a-feed"),
        ("<?xml version='1.0'?><urlset/>", "not-a-feed"),
        ("<html><head><title>Лада - новости</title></head><body><p>Новости</p></body></html>", "not-a-feed"),
        ("<?xml version='1.0'", "truncated"),
        ("<rss><channel><title>Лада", "truncated"),
        ("<rss><channel><item></item></channel></rss>", None),
        ("<rss version='2.0'/>", None),
    ],
)
def test_what_is_no_feed_has_a_name(body, expected):
    """Nothing that stands in a feed's place is taken for "no news", and an empty feed is not taken for an error."""
    if expected is None:
        assert parse(FEED, answer(body), {})
    else:
        assert kind(body) == expected


def test_news_about_walls_is_news():
    """A feed that writes of captchas and parked domains is read."""
    assert titles(rss(item(0, "Just a moment... captcha, domain is for sale"))) == [
        "Just a moment... captcha, domain is for sale"
    ]


# ── what it may cost ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_ends_in_the_worker(name):
    """However it is built: within the worker's seconds it is read or a named error, and the next feed is read."""
    async with open_worker() as worker:
        try:
            found = (await worker.run(parse, FEED, answer(BOMBS[name]), {})).entries
        except (ParseError, WorkerError):
            found = ()
        assert not [entry for entry in found if "root:" in entry.title or len(entry.title) > 1000]
        assert len((await worker.run(parse, FEED, answer(rss()), {})).entries) == 6


@pytest.mark.parametrize("name", ["author", "creator", "comments in a feed", "references"])
def test_the_known_traps_of_the_parser_are_closed(name):
    """What took feedparser ten seconds or the whole feed is read like any other."""
    assert titles(BOMBS[name])
