"""The sources that ship: everything that is known of the field, nothing asked that gives its readers away."""

import re
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from monitor.config.feeds import brings_whole_text, make_feeds
from monitor.config.problems import Problems
from monitor.config.remarks import remarks
from monitor.config.yaml import read_text
from monitor.sources import kinds
from monitor.text.urls import canonical, host
from paths import DOCS, ROOT, SHARED

TEXT = (ROOT / "config/feeds.yaml").read_text("utf-8")
PROBLEMS = Problems("config/feeds.yaml")
FEEDS = {feed.id: feed for feed in make_feeds(read_text(TEXT, PROBLEMS), PROBLEMS)}
REMARKS = remarks(TEXT)
CATALOGUE = SHARED / "data" / "sources.yaml"
KINDS = {"html-index": "listing", "sitemap-news": "sitemap", "telegram-public-preview": "telegram"}
SEARCHES = {feed_id for feed_id in FEEDS if feed_id.startswith("gn-")}
# A program cannot read these as they are; the comment above each says why.
UNREADABLE = {"bhrrc", "ekaraganda", "enbek", "emer", "akimat-ulytau", "yt-ktk"}


def test_the_file_is_read_without_a_word():
    """No mistake and no warning; every kind of source is there, and most sources are switched on."""
    assert not list(PROBLEMS)
    assert {feed.kind for feed in FEEDS.values()} == kinds()
    assert sum(feed.enabled for feed in FEEDS.values()) > 80


def test_no_search_is_on():
    """A search address tells its service what the union watches, every time it is asked."""
    assert len(SEARCHES) == 5
    asked = [feed.url for feed in FEEDS.values() if feed.enabled]
    assert not [url for url in asked if re.search(r"google|yandex|bing|duckduckgo", host(url))]
    assert not [url for url in asked if re.search(r"strike|union|worker|забаст|%D0", urlsplit(url).query)]


def test_what_is_off_says_why():
    """A guess, a page that no program can read, or a search."""
    off = {feed_id for feed_id, feed in FEEDS.items() if not feed.enabled}
    said = {
        feed_id for feed_id in off if re.search(r"guess|Off: |could not open|a name that is given up", REMARKS[feed_id])
    }
    assert off - said == UNREADABLE
    assert all(re.search(r"script|JavaScript|captcha|not yet its feed", REMARKS[feed_id]) for feed_id in UNREADABLE)


def test_what_cannot_be_opened_at_home_brings_its_text():
    """So that a card can be read without its link; the channel beside the site is marked by nobody."""
    closed = {feed_id for feed_id, feed in FEEDS.items() if "KZ" in feed.blocked_in}
    assert closed == {"azattyq-kk-rss", "azattyq-kk-html", "azattyqasia-ru", "azattyqasia-rss", "respublika"}
    assert all(FEEDS[feed_id].full_text for feed_id in closed)


def test_texts_are_fetched_where_they_are_not_brought():
    """A list shows headlines, so its articles' pages are read; a channel's post is all there is."""
    without = {feed_id for feed_id, feed in FEEDS.items() if not feed.full_text and not brings_whole_text(feed.kind)}
    assert without == SEARCHES | {"kaztag", "adilet", "legalacts", "yt-ktk"}
    assert not [feed for feed in FEEDS.values() if feed.full_text and brings_whole_text(feed.kind)]


def test_every_source_stands_once():
    """One entry an address, whatever its spelling."""
    keys = [canonical(feed.url) for feed in FEEDS.values()]
    assert len(keys) == len(set(keys))


def test_the_guide_names_every_guess_and_nothing_else():
    """Who follows it tries all of them, and asks no search."""
    guide = (DOCS / "first-check.md").read_text("utf-8")
    (line,) = re.findall(r"^\$ monitor feeds test ((?:[\w-]+ ){5,}[\w-]+)$", guide, flags=re.MULTILINE)
    guesses = {feed_id for feed_id, feed in FEEDS.items() if not feed.enabled and feed.kind in {"rss", "listing"}}
    seldom = {"labourcentralasia-kz", "bwi", "ilo-newsroom", "osce-news"}  # little to hope for
    assert set(line.split()) == guesses - SEARCHES - UNREADABLE - seldom


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is shared data, not part of the repository")
def test_the_whole_catalogue_is_in_it():
    """Every source with its address, kind, scope and pace; every bare convention switched off."""
    catalogue = {source["id"]: source for source in YAML(typ="safe").load(CATALOGUE)["sources"]}
    assert set(catalogue) <= set(FEEDS)
    for feed_id, known in catalogue.items():
        feed = FEEDS[feed_id]
        assert feed.url == known["url"]
        assert feed.kind == KINDS.get(known["kind"], "rss") or feed_id == "ilo-normlex-kz"
        assert feed.scope == ("local" if known["scope"] == "kazakhstan" else "global") or feed_id in SEARCHES
        assert feed.lang in known["lang"]
        assert bool(feed.region) or not known["category"].startswith("regional")
        assert (feed.every_min.seconds, feed.every_max.seconds) == (300, 600) or "tier" not in known
        assert not (feed.enabled and known["evidence_kind"] == "convention")
