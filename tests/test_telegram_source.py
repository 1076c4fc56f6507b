"""Telegram channels: what their public previews say, what is new in them, and what stands there when they say nothing."""

import json
from dataclasses import replace

import pytest

from feeds import answer
from monitor.errors import ParseError
from monitor.model import Feed, FeedState
from monitor.sources.telegram import parse, request
from paths import DATA
from posts import CHANNEL, preview

PAGES = DATA / "telegram"
GOLDEN = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("*.json"))}
FEED = Feed(id="tg-ozen", url=CHANNEL, kind="telegram")


def golden(name: str, **more):
    """What a golden page says."""
    feed = Feed(id="tg", url=GOLDEN[name]["url"], kind="telegram", **more)
    return parse(feed, answer((PAGES / f"{name}.html").read_bytes(), url=feed.url), {})


def look(*numbers, memory=None, url=CHANNEL, **more):
    """What the channel says when it shows these posts."""
    return parse(FEED, answer(preview(*numbers, **more), url=url), memory or {})


def numbers(parsed):
    """The numbers of the posts that came as entries."""
    return [int(entry.guid.rsplit("/", 1)[1]) for entry in parsed.entries]


@pytest.mark.parametrize("name", [name for name in GOLDEN if "entries" in GOLDEN[name]])
def test_a_preview_says_what_it_says(name):
    """Text, first sentence as title, date, address, whose words they are and how often they were read."""
    assert [
        {
            "url": entry.url,
            "title": entry.title,
            "published": entry.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "summary": entry.summary,
            "views": entry.views,
            "forwarded_from": entry.forwarded_from,
        }
        for entry in golden(name).entries
    ] == GOLDEN[name]["entries"]


@pytest.mark.parametrize("name", [name for name in GOLDEN if "error" in GOLDEN[name]])
def test_a_preview_that_says_nothing_is_named(name):
    """A preview that is off, a channel that is none and a Telegram that was asked too often are errors, not silence."""
    with pytest.raises(ParseError) as caught:
        golden(name)
    assert caught.value.kind == GOLDEN[name]["error"]


def test_the_author_signs_and_the_title_is_the_channels():
    """A signature is the author; the channel's name is what the source calls itself."""
    parsed = golden("kazakh_links")
    assert [entry.author for entry in parsed.entries] == ["", "", "Айгүл"]
    assert parsed.title == "Өзен жаршысы"
    assert b"data-post" in parsed.entries[0].raw


@pytest.mark.parametrize(
    "url", ["https://t.me/ozen", "https://t.me/s/ozen", "http://telegram.me/ozen/", "https://www.t.me/s/ozen"]
)
def test_the_preview_is_asked_for(url):
    """However the feeds file names the channel."""
    assert request(replace(FEED, url=url), FeedState(feed_id=FEED.id)).url == CHANNEL


def test_only_new_and_edited_posts_come():
    """A second look brings the post that came since, and one whose words changed, under its old id."""
    first = look(1, 2, 3)
    assert numbers(first) == [1, 2, 3]
    assert numbers(look(2, 3, 4, memory=first.memory)) == [4]
    assert not look(1, 2, 3, memory=first.memory).entries
    edited = look(1, 2, 3, memory=first.memory, words="Исправлено, день")
    assert [entry.guid for entry in edited.entries] == [entry.guid for entry in first.entries]


def test_views_and_missing_numbers_are_no_news():
    """Albums and deleted posts leave holes in the numbers; nothing is missing while the looks overlap."""
    first = look(1, 2, 5)
    second = look(5, 9, 11, memory=first.memory)
    assert (numbers(second), second.follow) == ([9, 11], ())
    assert "gap" not in second.memory


def test_missing_posts_are_followed():
    """More than a page since the last look: older pages, one after the other, until they meet what was seen."""
    parsed = look(*range(50, 70), memory=look(1, 2, 3).memory)
    assert [one.url for one in parsed.follow] == [f"{CHANNEL}?before=50"]
    assert parsed.memory["gap"]
    older = look(*range(30, 50), memory=parsed.memory, url=f"{CHANNEL}?before=50")
    assert numbers(older) == list(range(30, 50))
    assert [one.url for one in older.follow] == [f"{CHANNEL}?before=30"]
    last = look(*range(2, 30), memory=older.memory, url=f"{CHANNEL}?before=30")
    assert numbers(last) == list(range(4, 30))
    assert (last.follow, "gap" in last.memory, "unfinished" in last.memory) == ((), False, False)
    assert numbers(look(*range(51, 71), memory=last.memory)) == [70]


def test_what_could_not_be_followed_is_followed_next_time():
    """A hole stays open over the next looks, also while new posts come, until it is filled."""
    hole = look(*range(50, 70), memory=look(1, 2, 3).memory)
    again = look(*range(50, 70), memory=hole.memory)
    assert (again.entries, [one.url for one in again.follow]) == ((), [f"{CHANNEL}?before=50"])
    wider = look(*range(90, 110), memory=again.memory)
    assert wider.memory["hole"] == {"above": 3, "below": 90, "looks": 1}
    assert [one.url for one in wider.follow] == [f"{CHANNEL}?before=90"]


def test_a_hole_that_cannot_be_filled_is_left():
    """After fifty looks nobody asks for it any more: what is there has been taken away."""
    parsed = look(*range(50, 70), memory=look(1, 2, 3).memory)
    looks = 1
    while parsed.follow:
        parsed, looks = look(*range(50, 70), memory=parsed.memory), looks + 1
    assert (looks, "gap" in parsed.memory) == (51, False)


def test_the_beginning_of_the_channel_ends_the_search():
    """An older page without older posts fills the hole: what was there has been deleted."""
    hole = look(*range(50, 70), memory=look(1, 2, 3).memory)
    for numbers_shown in ((), (50, 51)):
        end = look(*numbers_shown, memory=hole.memory, url=f"{CHANNEL}?before=50")
        assert (end.entries, end.follow, "gap" in end.memory) == ((), (), False)


def test_a_first_look_follows_nothing():
    """The past of a channel is not news."""
    assert look(*range(500, 520)).follow == ()
