"""Slim items: less to parse, and not a word of what is read is other."""

from io import BytesIO

import feedparser
import pytest

from monitor.sources.slimming import slim

FIELDS = ("id", "link", "title", "summary", "content", "author", "published", "updated")


def fields(item: str) -> dict[str, object]:
    """What feedparser says of one item."""
    space = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    body = f"<rss version='2.0' {space}><channel>{item}</channel></rss>"
    read = feedparser.parse(BytesIO(body.encode()), sanitize_html=False, resolve_relative_uris=False)
    (entry,) = read.entries
    return {"bozo": read.bozo} | {name: entry.get(name) for name in FIELDS}


@pytest.mark.parametrize(
    ("inside", "is_slimmer"),
    [
        ("<category>a</category><title>t</title>", True),
        ("<category domain='x'><![CDATA[a > b]]></category><title>t</title>", True),
        ("<title>t</title><enclosure url='https://e.kz/1.jpg' type='image/jpeg'/><media:content url='x'/>", True),
        ("<title>t</title><description>&lt;p&gt;a &amp;amp; b&lt;/p&gt; &quot;c&quot;</description>", True),
        ("<title>t</title><description>a &lt; b</description>", False),
        ("<title>t</title><description>&lt;p&gt;&#171;a&#187;&lt;/p&gt;</description>", False),
        ("<title>t</title><description>&lt;![CDATA[a]]&gt; &lt;b&gt; &amp;</description>", False),
        (
            "<title>t</title><description><![CDATA[<category>a</category> &lt;b&gt; &amp; &lt; </description>]]></description>",
            False,
        ),
        ("<title>t</title><description><![CDATA[<p>a &lt;b&gt; &amp; &quot;c&quot;</p>]]></description>", False),
        ("<title>t</title><!-- <category>a</category> --><link>https://e.kz/1</link>", False),
        ("<title>t</title><media:content url='x'><media:title>picture</media:title></media:content>", False),
        ("<title>a<category>b</category></title>", None),
        ("<title>t</title><categoryx>a</categoryx>", False),
        ("<title>t</title><content:encoded>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;</content:encoded>", True),
    ],
)
def test_what_is_read_stays_the_same(inside, is_slimmer):
    """Unread elements go, escaped text becomes a section, and everything else stays as it was."""
    item = f"<item>{inside}</item>"
    thin = slim(item)
    if is_slimmer is not None:
        assert (thin != item) == is_slimmer
        assert fields(thin) == fields(item)


@pytest.mark.parametrize(
    "trap",
    ["<item>" + "<![CDATA[" * 5_000, "<item>" + "<category>" * 6_000, "<item>" + "<category><![CDATA[]]>" * 39 + "x" * 60_000, "<item>" + ">&" * 30_000, "<item><a>" + "&lt;" * 16_000, "<item>" + "<!--" * 15_000],
    ids=lambda trap: trap[6:20],
)  # fmt: skip
def test_no_trap_costs_more_than_its_length(trap):
    """However an item is built, it is walked through a few times at most."""
    assert slim(trap).startswith("<item>")
