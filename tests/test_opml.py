"""OPML: our own lists come back whole, other readers' lists are taken as they are, and hostile ones harm nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.config.opml import NotOpmlError, feed_of, read_opml, write_opml
from monitor.errors import ConfigError
from monitor.model import Feed, Standing

GUESSED = Feed(id="guessed", url="https://x.example", scope="global")
RICH = Feed(
    id="rich",
    url="https://rich.example/news?a=1&b=<2>",
    title="Время & «новости»",
    kind="rss",
    lang="kk",
    scope="global",
    standing=Standing.UNION,
    region="KZ-47",
    every_min=timedelta(minutes=5),
    every_max=timedelta(minutes=90),
    time_zone="Europe/Brussels",
    full_text=True,
    aliases=("a.example", "b.example"),
    blocked_in=("KZ",),
    select={"item": "article > a", "title": 'h3[class="x"]'},
    enabled=False,
)
THEIRS = """<?xml version="1.0" encoding="windows-1251"?>
<opml version="1.1"><head><title>Мои ленты</title></head><body>
  <outline text="Казахстан"><outline title="Профсоюзы">
    <outline type="rss" text="Первый &amp; единственный" xmlUrl="https://one.example/rss" htmlUrl="https://one.example" language="ru-RU"/>
    <outline type="rss" text="broken & bare" XMLURL="feed://two.example/rss"/>
  </outline></outline>
  <outline text="again" xmlUrl="https://one.example/rss"/>
  <outline text="not of the web" xmlUrl="javascript:alert(1)"/>
  <outline text="a page" type="link" url="https://page.example"/>
  <outline text="nothing"/>
</body></opml>"""


def test_our_own_list_comes_back_whole():
    """Every field of every source, but the proxy, which is this machine's business."""
    feeds = (RICH, Feed(id="plain", url="https://plain.example/rss", title="plain"))
    document = write_opml([replace(RICH, proxy="onion"), feeds[1]], "t")
    assert b"onion" not in document
    assert tuple(feed_of(outline, GUESSED) for outline in read_opml(document)) == feeds


def test_what_is_no_feed_is_a_link_to_others():
    """A reader that takes our list polls no web page as if it were RSS; it still comes back here."""
    page = Feed(id="page", url="https://page.example/news", title="page")
    document = write_opml([page], "t").replace(b'monitor:kind="rss"', b'monitor:kind="listing"')
    (outline,) = read_opml(document.replace(b"xmlUrl=", b"url="))
    assert (outline.url, outline.said["kind"]) == (page.url, "listing")


def test_other_readers_lists_are_taken_as_they_are():
    """Folders, old charsets, bare ampersands, odd capitals; each address once, only those of the web."""
    found = read_opml(THEIRS.encode("windows-1251"))
    assert [(one.url, one.title, one.language, one.folder) for one in found] == [
        ("https://one.example/rss", "Первый & единственный", "ru-ru", "Казахстан / Профсоюзы"),
        ("http://two.example/rss", "broken & bare", "", "Казахстан / Профсоюзы"),
    ]
    assert feed_of(found[0], GUESSED) == replace(
        GUESSED, url="https://one.example/rss", title="Первый & единственный", lang="ru"
    )


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<html><body>no</body></html>", b"<rss/>", b'{"version": 1}', b"\x00\xff"]
)
def test_what_is_no_opml_says_so(body):
    """Also the page that somebody saved instead of the list."""
    with pytest.raises(NotOpmlError):
        read_opml(body)


def test_a_cut_list_gives_what_there_is():
    """A download that broke off is no reason to lose the rest."""
    assert len(read_opml(THEIRS.encode("windows-1251")[:300])) == 1


def test_nothing_is_fetched_and_nothing_explodes(tmp_path):
    """Neither files nor entities of entities find their way into a title."""
    secret = tmp_path / "secret"
    secret.write_text("SECRET", "utf-8")
    bomb = "".join(f'<!ENTITY b{n + 1} "{f"&b{n};" * 10}">' for n in range(9))
    body = f"""<!DOCTYPE opml [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY b0 "boom">{bomb}]>
    <opml><body><outline text="a&x;" xmlUrl="https://a.example/"/><outline text="&b9;" xmlUrl="https://b.example/"/></body></opml>"""
    told = "".join(outline.title for outline in read_opml(body.encode()))
    assert "SECRET" not in told
    assert len(told) < 10_000


def test_nonsense_in_our_namespace_is_refused():
    """What a feeds file may not say, a list may not say either."""
    document = write_opml([RICH], "t").replace(b'monitor:scope="global"', b'monitor:scope="moon"')
    with pytest.raises(ConfigError, match="`moon` is not possible here"):
        feed_of(read_opml(document)[0], GUESSED)
