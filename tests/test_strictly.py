"""feedparser's parser driven directly: of every document it says what `feedparser.parse` says, down to the last key."""

import re
import tracemalloc
from io import BytesIO
from xml.parsers.expat import ExpatError

import feedparser
import pytest

from feeds import FEED, answer
from loopback import Chance
from monitor.sources import strictly
from monitor.sources.rss import parse
from paths import SHARED

HEADERS = {"content-type": "application/xml; charset=utf-8"}
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
ITEM = "<item><guid>g</guid><title>Шахтёры</title><link>https://e.kz/1</link>{}</item>"
SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "atom": "http://www.w3.org/2005/Atom",
        "media": "http://search.yahoo.com/mrss/",
        "own": "urn:nobody:knows",
        "xlink": "http://www.w3.org/1999/xlink",
        "old": "http://BACKEND.userland.com/rss2",
    }.items()
)
# What may stand in an item, or in a channel before its items.
PIECES = [
    "<pubDate>Tue, 01 Dec 2026 10:00:00 +0500</pubDate><updated>2026-12-01T10:00:00Z</updated><created>gestern</created>",
    "<dc:date>2026-12-01</dc:date><dcterms:issued>2026</dcterms:issued><dcterms:valid>start=2026;end=2027</dcterms:valid>",
    "<description>&lt;p&gt;Забастовка &amp;amp; митинг&lt;/p&gt;</description>",
    "<description type='text/plain'>a &lt;b&gt;c&lt;/b&gt;</description><content:encoded><![CDATA[<p>ж</p>]]></content:encoded>",
    "<atom:content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a<b>ж</b></p><svg xmlns='http://www.w3.org/2000/svg'><title>x</title></svg></div></atom:content>",
    "<atom:content type='application/octet-stream'>0JbSsw==</atom:content><atom:summary mode='base64'>0JY=</atom:summary>",
    "<title>кавычки \x93ж\x94 &#150; &#x92; и Ð¢ÐµÑÑ</title>",
    "<title>Ð¢ÐµÐºÑ</title><author>a@b.kz (Имя)</author><dc:creator>Айгүл</dc:creator>",
    "<author xml:lang='kk' xml:base='http://e.kz/a/'><name>И</name><url>/u</url></author><link>../b</link>",
    "<link rel='alternate' type='TEXT/HTML' href='/x?a=1&amp;b=2'/><link>?a=1&amp;b=2</link>",
    "<own:thing a='1' own:b='2'>q</own:thing><own:thing>r</own:thing><plain>s</plain>",
    "<p:title xmlns:p='http://www.w3.org/2005/Atom'>one</p:title><p:title xmlns:p='urn:x'>two</p:title>",
    "<own:thing>1</own:thing><thing xmlns:XMLNS='urn:q' XMLNS:own='urn:other'/><own:thing>2</own:thing>",
    "<atom:content type='html'>&lt;div&gt;<b>x</b><div>y</div></atom:content>",
    "<own:thing b='1'>u</own:thing><own:thing xmlns:own='urn:else'>v</own:thing><own:thing b='1'>w</own:thing>",
    "<thing xmlns:xlink='http://www.w3.org/1999/xlink'><thing>s</thing></thing><thing>t</thing>",
    "<old:title>old</old:title><old:thing>old</old:thing>",
    "<source url='u'><title>s</title><updated>2024</updated></source><image><title>i</title><url>/u</url></image>",
    "<category domain='d'>one</category><category>two</category><media:content url='x'><media:title>m</media:title></media:content>",
    "<atom:link xlink:href='u' href='v'/><!-- c --><?pi x?><TITLE>Large</TITLE>",
    "<guid isPermaLink='true'>/rel</guid><comments>/c</comments><title></title><description/>",
]  # fmt: skip


def without_dates(said):
    """What feedparser says, as plain dictionaries, without the dates that it parses and nobody reads."""
    if isinstance(said, dict):
        return {name: without_dates(value) for name, value in said.items() if not name.endswith("_parsed")}
    if isinstance(said, list):
        return [without_dates(one) for one in said]
    return said, str if isinstance(said, str) else type(said)


def ours(document: str):
    """What our way says; "broken" for what is not well-formed."""
    try:
        about, entries = strictly.parse(document.encode())
    except ExpatError:
        return "broken"
    return without_dates(about), without_dates(entries)


def theirs(document: str):
    """What `feedparser.parse` says; "broken" when it had to guess."""
    options = {"response_headers": HEADERS, "resolve_relative_uris": False, "sanitize_html": False}
    result = feedparser.parse(BytesIO(document.encode()), **options)
    return "broken" if result.bozo else (without_dates(result.feed), without_dates(result.entries))


def rss(about: str, *items: str) -> str:
    """A feed with this in its channel, and these items."""
    return f'{DECLARATION}<rss version="2.0" {SPACES}><channel>{about}{"".join(items)}</channel></rss>'


@pytest.mark.parametrize("piece", PIECES)
def test_every_piece_is_read_the_same(piece):
    """In an item, in the channel, and in an entry of Atom in a language and at a base of its own."""
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='ru' xml:base='http://e.kz/' {SPACES}>{{}}</feed>"
    for document in (rss("", ITEM.format(piece)), rss(piece, ITEM.format("")), atom.format(f"<entry>{piece}</entry>")):
        assert ours(document) == theirs(document) != "broken"


def test_pieces_in_any_company_are_read_the_same():
    """Five hundred feeds of pieces thrown together."""
    chance = Chance("pieces")
    for _ in range(500):
        about, *inside = ["".join(chance.pick(PIECES) for _ in range(3)) for _ in range(4)]
        document = rss(about, *map(ITEM.format, inside))
        assert ours(document) == theirs(document) != "broken"


@pytest.mark.skipif(not SHARED.exists(), reason="the feed corpora lie beside the repository")
def test_every_feed_that_others_collected_is_read_the_same():
    """Whole feeds of the corpora, but those with a document type or in another encoding, which go another way."""
    compared = 0
    for path in sorted((SHARED / "data" / "feeds").rglob("*.xml")):
        try:
            text = DECLARATION + re.sub(r"\A\ufeff?\s*<\?xml.*?\?>", "", path.read_text("utf-8"), flags=re.DOTALL)
        except UnicodeDecodeError:
            continue
        if not re.search("<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
            assert ours(text) == theirs(text), path
            compared += 1
    assert compared > 300


@pytest.mark.parametrize(
    "broken", ["<title>a</titel>", "<title>a & b</title>", "<x:y>undeclared</x:y>", "<title>", "&nbsp;"]
)
def test_what_is_not_well_formed_is_said_to_be(broken):
    """Then feedparser's guessing parser has its turn: the item is read all the same."""
    document = rss("", ITEM.format(broken))
    assert ours(document) == theirs(document) == "broken"
    assert [entry.title for entry in parse(FEED, answer(document.encode()), {}).entries] == ["Шахтёры"]


def test_a_document_type_is_refused():
    """Nothing that it declares is ever read here; what is harmless of it was put into the items before."""
    with pytest.raises(ExpatError):
        strictly.parse(b"<!DOCTYPE rss [<!ENTITY u 'u'>]><rss><channel><title>&u;</title></channel></rss>")


def test_names_without_end_are_not_kept():
    """A feed whose every element has a name of its own, in a name space with a name of 100 kB, takes no memory for them."""
    names = "".join(f"<p:e{number}/>" for number in range(2_000))
    document = f'<rss xmlns:p="urn:{"x" * 100_000}"><channel><item><title>t</title>{names}</item></channel></rss>'
    tracemalloc.start()
    try:
        strictly.parse(document.encode())
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_entities_of_a_document_type_are_read():
    """They are words, wherever the feed uses them."""
    feed = rss("", ITEM.format("<description>&u;</description>")).removeprefix(DECLARATION)
    document = f"<!DOCTYPE rss [<!ENTITY u 'профсоюз'>]>{feed}"
    assert [entry.summary for entry in parse(FEED, answer(document.encode()), {}).entries] == ["профсоюз"]
