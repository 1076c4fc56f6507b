"""`monitor why` of a story, as far as stories go: who it was recognised by, its versions, its kin, its cards in time."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from monitor.app.tracing import trace
from monitor.cli import main
from monitor.cli.lives import foretold
from monitor.deliver import editions
from monitor.deliver.dispatch import drain
from monitor.history.watching import sources_of
from monitor.ingest import correcting, poll
from monitor.ingest.held import trust
from monitor.newsroom.press import Press
from monitor.schema import transaction
from monitor.store import feeds as feed_store
from monitor.text.times import stamp
from test_one_card import HOUR, KEYWORDS, OTHER_TEXT, OTHER_TITLE, TITLE, WIRE, newsroom, pages, settings, url
from walking import OnTheWire, write_config

__all__ = ["newsroom", "pages", "settings"]  # fixtures

ELSEWHERE = "Рабочие «Каспий-Ойл» в Жанаозене объявили забастовку"
UNSEEN = "https://lada.example/news/7701"
PAGE = (
    f"<html><head><title>{{title}}</title></head><body><article><h1>{{title}}</h1><p>{WIRE}</p></article></body></html>"
)


@pytest.fixture
def why(newsroom, monkeypatch, capsys):
    """Runs `monitor why …` and gives what it printed; its exit code must be `code`."""
    folder = newsroom.house.settings.data_dir.parent
    monkeypatch.setenv("MONITOR_CONFIG_DIR", str(folder / "config"))
    monkeypatch.setenv("MONITOR_DATA_DIR", str(folder / "data"))

    def run(*words, code=0):
        assert main(["why", *words]) == code
        return capsys.readouterr().out

    return run


def refs(newsroom):
    """The references of all stories, oldest first."""
    return [ref for (ref,) in newsroom.house.db.execute("SELECT ref FROM stories ORDER BY id")]


async def test_an_article_says_whose_like_it_is(newsroom, why):
    """A reprint and a report in other words name the article by which they were recognised."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("vlast", "В Жанаозене бастуют рабочие", WIRE)
    await newsroom.tell("birlik", OTHER_TITLE, OTHER_TEXT)
    told = why(refs(newsroom)[0])
    assert f"a reprint, like Лада: {TITLE}" in told
    assert "GREW, another outlet tells the story" in told
    assert f"joins the story, like Лада: {TITLE}" in told
    assert f"{len(WIRE)} characters" in told
    assert "no text" not in told


async def test_former_words_of_an_article_are_told(newsroom, why):
    """A changed headline keeps the one before, with the time at which it stood there."""
    link = {"link": "https://lada.example/news/1", "guid": "lada-1"}
    await newsroom.tell("lada", TITLE, WIRE, **link)
    await newsroom.tell("lada", f"{TITLE} (обновлено)", WIRE, **link)
    told = why("https://lada.example/news/1")
    assert f"it said: {TITLE} ({len(WIRE)} characters)" in told
    assert "a later version" in told


async def test_an_article_without_a_text_says_so(newsroom, why):
    """Where only a headline was read, that is the first thing to know."""
    await newsroom.tell("lada", TITLE)
    assert "no text, the headline only" in why(refs(newsroom)[0])


async def test_every_wording_of_a_card_is_told_with_its_time(newsroom, why):
    """What the card said first, and what each edit made of it; in full only when asked for."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("vlast", "В Жанаозене бастуют рабочие", WIRE)
    short, full = why(refs(newsroom)[0]), why(refs(newsroom)[0], "--cards")
    assert "2 издания" not in short
    first, second = full.split("message #")[1:]
    assert "(send)" in first
    assert "2 издания" not in first
    assert "worded  2026-11-20 10:00:00 Almaty" in first
    assert "(edit)" in second
    assert "2 издания" in second
    assert "worded  2026-11-20 11:0" in second
    assert "words" not in json.loads(why(refs(newsroom)[0], "--json"))["sendings"][0]
    shown = json.loads(why(refs(newsroom)[0], "--json", "--cards"))["sendings"][0]["words"]
    assert [TITLE in one["text"] for one in shown] == [True]


async def test_words_that_were_never_said_are_told_too(newsroom, why):
    """A card that grew while it waited has both wordings, the first one with its end."""
    newsroom.clock.tick(HOUR)
    for feed, title in (("lada", TITLE), ("vlast", "В Жанаозене бастуют рабочие")):
        newsroom.pages.feed(url(feed), {"title": title, "text": WIRE, "when": newsroom.clock()})
        await poll.cycle(newsroom.house.desk, everything=True)
        newsroom.clock.tick(timedelta(seconds=5))
    told = why(refs(newsroom)[0], "--cards")
    assert told.count("  worded  ") == 2
    assert "worded  2026-11-20 10:00:00 Almaty to 2026-11-20 10:00:05 Almaty" in told


async def test_kin_and_merged_stories_are_told(newsroom, why):
    """Which other story it may belong with and why; then, put together by hand, either reference tells the one life."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("vlast", ELSEWHERE, WIRE.replace("340", "120"))
    first, second = refs(newsroom)
    for ref, other in ((first, second), (second, first)):
        assert f"kin:   possibly linked to {other}" in why(ref)
    correcting.merge(newsroom.house.desk, 2, 1, newsroom.clock())
    told = why(second)
    assert told.startswith(first)
    assert f"merged: {second} was put into it by hand" in told
    assert told.count("(send)") == 2
    assert "kin:" not in told


async def test_the_letter_that_told_it_is_one_of_its_messages(newsroom, why):
    """Which letter told of a story, and that another letter did not."""
    house = newsroom.house
    await newsroom.tell("lada", TITLE, WIRE)
    for _ in range(3):
        editions.issue(house.library, house.recipients.readers, newsroom.clock())
        await drain(house.dispatch, wait=timedelta(minutes=3))
        newsroom.clock.tick(24 * HOUR)
    letters = house.db.execute("SELECT count(*) FROM messages WHERE subject LIKE 'digest:%'").fetchone()[0]
    told = json.loads(why(refs(newsroom)[0], "--json"))["sendings"]
    assert letters == 2
    assert [one["delivery"]["message"]["subject"].partition(":")[0] for one in told] == ["story", "digest"]


# ── what was never seen ──────────────────────────────────────────────────────────────────────────────────────────


async def test_the_last_window_of_a_source_is_told(newsroom, why):
    """How many items its list showed, how far they reach back, and where items may be missing."""
    await newsroom.tell("lada", TITLE, WIRE)
    told = why(UNSEEN, code=1)
    only = "2026-11-20 10:00:00 Almaty"
    assert f"its list showed 1 item when it was read last, from {only} to {only}" in told
    assert "may have passed by unseen" in told, "the whole window changed between two readings"
    assert "--online" in told


async def test_channels_of_one_host_are_told_apart(newsroom):
    """A post of a Telegram channel is traced to that channel alone."""
    house = newsroom.house
    feeds = [
        next(iter(house.desk.feeds)).__class__(id=name, url=f"https://t.me/s/{name}", kind="telegram")
        for name in ("birlik", "lada")
    ]
    assert [one.feed.id for one in sources_of(house.db, "https://t.me/Birlik/12", feeds)] == ["birlik"]
    assert sources_of(house.db, "https://t.me/", feeds) == ()


async def traced(newsroom, address=UNSEEN):
    """What a trace of an address finds, and how it is told."""
    house = newsroom.house
    feeds = [one.feed for one in sources_of(house.db, address, house.desk.feeds)]
    before = house.db.conn.total_changes
    found = await trace(house.desk, address, feeds)
    assert house.db.conn.total_changes == before, "a trace keeps nothing"
    return found, "\n".join(foretold(found, stamp))


def print_page(newsroom, title, address=UNSEEN, status=200, body=PAGE):
    """The press shows a page."""
    html = body.format(title=title).encode()
    newsroom.pages.bodies[address] = lambda _request: httpx.Response(
        status, stream=OnTheWire(html), headers={"content-type": "text/html; charset=utf-8"}
    )


async def test_an_unseen_address_is_judged_as_it_would_be_now(newsroom):
    """It is not in the list; its page has a hit and would be said; told already, it would be a reprint of that story."""
    print_page(newsroom, TITLE)
    found, told = await traced(newsroom)
    assert [(one.feed_id, one.place) for one in found.shown] == [("lada", None)]
    assert "lada shows 1 item; it is not among them" in told
    assert "would be said: FIRST" in told
    await newsroom.tell("vlast", TITLE, WIRE)
    found, told = await traced(newsroom)
    assert (found.outlook.join, found.outlook.ref) == ("reprint", refs(newsroom)[0])
    assert "would not be said: REPRINT, a reprint of what was said" in told
    assert f"a reprint {refs(newsroom)[0]} «{TITLE}»" in told


async def test_an_address_in_the_present_window_is_found_there(newsroom):
    """What the list shows now and was not read yet has its place in it."""
    when = newsroom.clock()
    newsroom.pages.feed(
        url("lada"),
        {"title": "Погода на завтра", "when": when, "link": "https://lada.example/news/1"},
        {"title": TITLE, "text": WIRE, "when": when, "link": f"{UNSEEN}?utm_source=rss"},
    )
    print_page(newsroom, TITLE)
    found, told = await traced(newsroom)
    assert found.shown[0].place == 2
    assert "it is no. 2" in told


EMPTY = "<html><head><title>{title}</title></head><body></body></html>"
WEATHER = PAGE.replace(WIRE, "Завтра в области солнечно и сухо, ветер слабый. Днём до двадцати градусов тепла. " * 5)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [("", 403, "403"), ("", 404, "404"), (EMPTY, 200, "no text found"), (WEATHER, 200, "would not be said: NO_TOPIC")],
    ids=["a wall", "gone", "no text", "no topic"],
)
async def test_what_stands_in_the_way_is_named(newsroom, body, status, expected):
    """A page that is refused, is gone, has no text, or has no topic."""
    print_page(newsroom, "Погода на завтра", body=body, status=status)
    _, told = await traced(newsroom)
    assert expected in told


async def test_a_silence_somebody_asked_for_is_named(newsroom):
    """A muted source, and one in quarantine."""
    house = newsroom.house
    print_page(newsroom, TITLE)
    with transaction(house.db) as db:
        db.table("mutes").insert({"kind": "source", "value": "lada", "created_at": "2026-11-20T00:00:00Z"})
    assert "would not be said: MUTED" in (await traced(newsroom))[1]
    state = feed_store.state(house.db, "lada")
    with transaction(house.db) as db:
        feed_store.polled(db, replace(state, memory={**state.memory, "quarantine": {}}))
    assert "would not be said: QUARANTINED" in (await traced(newsroom))[1]
    assert trust(house.db, "lada", newsroom.clock())


async def test_an_outlet_nobody_watches_is_traced_as_if_it_were(newsroom):
    """Its page is read and judged, under that condition."""
    address = "https://elsewhere.example/news/1"
    print_page(newsroom, TITLE, address=address)
    found, told = await traced(newsroom, address)
    assert found.shown == ()
    assert "if its outlet were watched, it would be said: FIRST" in told


def test_the_command_asks_over_the_real_wire(tmp_path, monkeypatch, capsys):
    """Of an outlet that is read, an address it never showed: what its list shows now, and that its page is gone."""
    with Press(drip=0.0) as press:
        write_config(tmp_path / "config", [{"id": "birlik", "url": f"{press.base}/birlik/news.rss"}], KEYWORDS)
        monkeypatch.setenv("MONITOR_CONFIG_DIR", str(tmp_path / "config"))
        monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("MONITOR_ALLOW_HOSTS", press.address)
        monkeypatch.setenv("MONITOR_HOST_INTERVAL", "0s")
        assert main(["once", "--all", "--wait", "0"]) == 0
        capsys.readouterr()
        assert main(["why", "--online", f"{press.base}/birlik/no-such-article"]) == 1
        told = capsys.readouterr().out
        assert main(["why", "--online", "--json", f"{press.base}/birlik/no-such-article"]) == 1
        trace_told = json.loads(capsys.readouterr().out)["trace"]
    assert "birlik shows " in told
    assert "it is not among them" in told
    assert "its page: " in told
    assert [(one["feed_id"], one["place"]) for one in trace_told["shown"]] == [("birlik", None)]
