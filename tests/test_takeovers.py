"""Outlets that are taken over are kept and not believed; outlets that are redesigned are believed as before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.ingest import poll
from monitor.ingest.reading import read
from monitor.model import Feed, FeedState, Response
from monitor.policy.identity import is_quarantined
from monitor.policy.polling import after_success
from monitor.store import feeds as feed_store
from takeovers import redesigns, takeovers, usual
from walking import Pages, a_house, settings_in, write_config

HOUR = timedelta(hours=1)
LIVED = 36  # items that an outlet showed before anything happens to it


async def lived(house, pages, changes, clock):
    """Every outlet is read for the first time and then once more, with ordinary items; nobody is suspected."""
    for first, count in ((0, 24), (16, 20)):
        for change in changes:
            look = usual(change.outlet, first, count)
            pages.bodies[change.outlet.url] = look.body(clock())
        await poll.cycle(house.desk, everything=True)
        clock.tick(6 * HOUR)
    assert quarantined(house) == set()


async def changed(house, pages, changes, clock, *, first=0, steps=2):
    """What was to happen to them happens, with strikes among the new items."""
    for step in range(first, first + steps):
        for change in changes:
            look = replace(change.look(usual(change.outlet, LIVED + step * 8)), strikes=True)
            if change.trickle:
                look = replace(look, first=LIVED + step * change.trickle, count=change.trickle)
            change.print(pages, look, clock())
        await poll.cycle(house.desk, everything=True)
        clock.tick(HOUR)


def quarantined(house):
    """The ids of the feeds that are not believed."""
    return {feed_id for feed_id, state in feed_store.states(house.db).items() if is_quarantined(state)}


def signs(house):
    """By which signs each suspected feed was noticed."""
    suspected = {
        feed_id: state.memory["quarantine"]["signs"]
        for feed_id, state in feed_store.states(house.db).items()
        if is_quarantined(state)
    }
    return {feed_id: {kind for kind, _, _ in found} for feed_id, found in suspected.items()}


def said(house):
    """The feeds whose articles were judged worth saying, and how often."""
    rows = house.db.execute(
        "SELECT a.feed_id, count(*) FROM verdicts v JOIN articles a ON a.id = v.article_id WHERE v.say = 1 GROUP BY 1"
    )
    return dict(rows.fetchall())


def a_press(tmp_path, changes):
    """Settings and pages for these outlets."""
    write_config(tmp_path / "config", [change.outlet.config() for change in changes])
    return settings_in(tmp_path), Pages()


async def test_thirty_takeovers_are_quarantined_and_none_of_them_rings(tmp_path, clock):
    """Swapped titles, hosts, languages and links: each noticed by its own sign, no alert, and all items kept."""
    changes = [change for change in takeovers() if not change.trickle]
    assert len({change.outlet.host for change in takeovers()}) == 30
    settings, pages = a_press(tmp_path, changes)
    async with a_house(settings, clock, pages) as house:
        await lived(house, pages, changes, clock)
        await changed(house, pages, changes, clock)
        assert signs(house) == {change.outlet.id: {change.name.partition(" ")[0]} for change in changes}
        assert said(house) == {}
        assert house.db.execute("SELECT count(*) FROM messages").fetchone() == (0,)
        held_back = house.db.execute("SELECT count(*), count(story_id) FROM verdicts WHERE reason = 'QUARANTINED'")
        count, in_stories = held_back.fetchone()
        assert count > 30
        assert in_stories == 0
        kept = house.db.execute("SELECT count(*) FROM articles WHERE feed_id = ?", [changes[0].outlet.id]).fetchone()
        assert kept == (LIVED + 20,)


async def test_what_trickles_in_is_noticed_with_the_third_item(tmp_path, clock):
    """One stranger's link may be a guest; three in a row are another site, one by one as well."""
    changes = [change for change in takeovers() if change.trickle]
    settings, pages = a_press(tmp_path, changes)
    async with a_house(settings, clock, pages) as house:
        await lived(house, pages, changes, clock)
        await changed(house, pages, changes, clock, steps=2)
        assert quarantined(house) == set()
        await changed(house, pages, changes, clock, first=1, steps=1)  # touched up, and no item of its own
        assert quarantined(house) == set()
        await changed(house, pages, changes, clock, first=2, steps=1)
        assert signs(house) == {change.outlet.id: {"links"} for change in changes}


def seen_by_policy(change, now):
    """The state of an outlet that lived and then changed, by parsing and policy alone."""
    outlet = change.outlet
    feed = Feed(
        id=outlet.id, url=outlet.url, title=outlet.title, lang=outlet.lang, aliases=tuple(filter(None, [outlet.alias]))
    )
    looks = [
        usual(outlet, 0, 24),
        usual(outlet, 16, 20),
        change.look(usual(outlet, LIVED)),
        change.look(usual(outlet, LIVED + 8)),
    ]
    state = FeedState(feed_id=outlet.id)
    for step, look in enumerate(looks):
        url = change.url if change.url and step > 1 else outlet.url
        at = now + step * HOUR
        answer = Response(url=url, status=200, headers={}, body=look.body(at), received_at=at)
        state = after_success(feed, state, answer, read(feed, answer, state.memory), at)
    return state


@pytest.mark.parametrize(("changes", "suspected"), [(takeovers, True), (redesigns, False)])
def test_the_guard_by_itself(changes, suspected, clock):
    """Thirty takeovers are noticed and sixty redesigns are not, without a house around them."""
    odd = [
        one.name for one in changes() if not one.trickle and is_quarantined(seen_by_policy(one, clock())) != suspected
    ]
    assert odd == []


@pytest.mark.heavy
async def test_sixty_redesigns_are_believed(tmp_path, clock):
    """Moves within the domain, new titles, ids, sections and formats: nobody is suspected, and every strike is judged."""
    changes = redesigns()
    assert len({change.outlet.host for change in changes}) == 60
    settings, pages = a_press(tmp_path, changes)
    async with a_house(settings, clock, pages) as house:
        await lived(house, pages, changes, clock)
        await changed(house, pages, changes, clock)
        names = {change.outlet.id: change.name for change in changes}
        assert {names[feed_id] for feed_id in quarantined(house)} == set()
        failed = house.db.execute("SELECT feed_id, last_error FROM feed_states WHERE failure_count > 0").fetchall()
        assert failed == []
        judged = house.db.execute(
            "SELECT DISTINCT a.feed_id FROM verdicts v JOIN articles a ON a.id = v.article_id"
        ).fetchall()
        assert {feed_id for (feed_id,) in judged} == set(names)
