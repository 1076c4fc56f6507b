"""A source in quarantine is asked about once; trusted again, it is known by what it is now and its news is judged."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.app import jobs
from monitor.cli import main
from monitor.config.settings import Smtp
from monitor.ingest import held, poll
from monitor.model import Health
from monitor.policy.health import coverage
from monitor.policy.identity import is_quarantined
from monitor.store import feeds as feed_store
from takeovers import Outlet, usual
from walking import Pages, a_house, settings_in, write_config

HOUR = timedelta(hours=1)
LADA = Outlet(id="lada", title="Лада", lang="ru", host="lada.kz")
CASINO = "Лучшие онлайн казино"


@pytest.fixture
def pages():
    """A press of one outlet."""
    return Pages()


@pytest.fixture
def settings(tmp_path):
    """One outlet, and a maintainer with a mailbox (the mail server is never spoken to)."""
    write_config(tmp_path / "config", [LADA.config()])
    mail = {"smtp": Smtp(host="127.0.0.1", port=9, security="none"), "digest_from": "monitor@example.org"}
    return settings_in(tmp_path, admin_email="maintainer@example.org", **mail)


async def turn(house, pages, look):
    """The outlet shows this, and is read; then the timetable looks round."""
    pages.bodies[LADA.url] = look.body(house.clock())
    report = await poll.cycle(house.desk, everything=True)
    await jobs.look_round(house)
    house.clock.tick(HOUR)
    return report


async def taken_over(house, pages):
    """An outlet that lived, and then has another title and a strike in its news."""
    for first in (0, 20):
        await turn(house, pages, usual(LADA, first, 24))
    await turn(house, pages, replace(usual(LADA, 44, 8), title=CASINO, strikes=True))


def notices(house):
    """What maintainers were told."""
    rows = house.db.execute("SELECT body FROM messages WHERE subject LIKE 'notice:%' ORDER BY id").fetchall()
    return [json.loads(body)["text"] for (body,) in rows]


def state(house):
    """What is remembered of the outlet."""
    return feed_store.state(house.db, LADA.id)


def reasons(house):
    """All verdicts, in order."""
    return [reason for (reason,) in house.db.execute("SELECT reason FROM verdicts ORDER BY id").fetchall()]


def cards(house):
    """How many alerts are queued or said."""
    return house.db.execute("SELECT count(*) FROM messages WHERE ref <> ''").fetchone()[0]


async def test_maintainers_are_asked_once(settings, pages, clock):
    """With what it was and what it is, and how to answer; not again while it lasts, over a restart as well."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
        (asked,) = notices(house)
        for expected in ("Лада", CASINO, "monitor feeds trust lada"):
            assert expected in asked
    async with a_house(settings, clock, pages) as house:
        await turn(house, pages, replace(usual(LADA, 50, 8), title="Слоты", strikes=True))
        assert len(notices(house)) == 1
        assert state(house).health is Health.QUARANTINED


async def test_a_suspect_is_blind_in_the_coverage(settings, pages, clock):
    """Readers are told that it is not read, since it was last believed."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
        seen = coverage(house.desk.feeds, feed_store.states(house.db), clock())
        assert (seen.read_count, seen.blind) == (0, (("Лада", clock() - 2 * HOUR, "quarantined"),))


async def test_what_was_kept_is_judged_when_the_source_is_trusted(settings, pages, clock):
    """The held strikes are said after all, each once; the source is read again as a whole and believed as it is now."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
        assert (reasons(house), cards(house)) == (["QUARANTINED"] * 2, 0)
        assert held.trust(house.db, LADA.id, clock())
        report = await turn(house, pages, replace(usual(LADA, 48, 8), title=CASINO, strikes=True))
        assert not is_quarantined(state(house))
        assert state(house).health is Health.OK
        assert reasons(house).count("FIRST") == cards(house) == report.queued == 3  # two were kept, one is new
        assert house.db.execute(
            "SELECT count(*) FROM articles WHERE story_id IS NULL AND severity = 'urgent'"
        ).fetchone() == (0,)
        await turn(house, pages, replace(usual(LADA, 52, 8), title=CASINO, strikes=True))
        await turn(house, pages, usual(LADA, 60, 8))
        assert not is_quarantined(state(house)), "the name that feeds.yaml gives it is its own"
        await turn(house, pages, replace(usual(LADA, 68, 8), title="Прогноз погоды"))
        assert is_quarantined(state(house))
        assert len(notices(house)) == 2


async def test_news_of_days_ago_is_said_late_and_not_lost(settings, pages, clock):
    """What a source told while it was not believed is news when it is, as after an outage."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
        clock.tick(timedelta(days=5))
        held.trust(house.db, LADA.id, clock())
        await poll.cycle(house.desk)
        assert reasons(house)[2:] == ["FIRST", "FIRST"]


async def test_new_versions_are_left_alone_until_then(settings, pages, clock):
    """A suspect cannot change an article that was believed; trusted, its new version is read."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
        changed = replace(usual(LADA, 36, 8), title=CASINO, strikes=True)
        await turn(house, pages, changed)
        quiet = "SELECT count(*) FROM articles WHERE severity = 'none'"
        (before,) = house.db.execute(quiet).fetchone()
        held.trust(house.db, LADA.id, clock())
        await turn(house, pages, changed)
        (after,) = house.db.execute(quiet).fetchone()
        assert after == before - 2


async def test_a_feed_whose_turn_is_under_way_is_trusted_in_the_next_cycle(settings, pages, clock):
    """Nobody's word is lost between a command and a running daemon."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
        held.trust(house.db, LADA.id, clock())
        house.desk.busy.add(LADA.id)
        assert held.release(house.desk, clock()) == 0
        assert is_quarantined(state(house))
        house.desk.busy.clear()
        assert held.release(house.desk, clock()) == 2
        assert held.release(house.desk, clock()) == 0
        assert not held.trust(house.db, LADA.id, clock())


async def test_another_address_in_the_file_begins_anew(settings, pages, clock):
    """Who edits feeds.yaml has looked: the source is known by what it shows there."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
    moved = replace(LADA, host="lada.online")
    write_config(settings.config_dir, [moved.config()])
    async with a_house(settings, clock, pages) as house:
        pages.bodies[moved.url] = replace(usual(moved, 60, 12), title=CASINO).body(clock())
        await poll.cycle(house.desk, everything=True)
        assert not is_quarantined(state(house))


async def test_the_command_shows_why_and_trusts(settings, pages, clock, capsys):
    """`monitor feeds trust` says what was suspected and what was kept; a dry run changes nothing."""
    async with a_house(settings, clock, pages) as house:
        await taken_over(house, pages)
    where = ["--config-dir", str(settings.config_dir), "--data-dir", str(settings.data_dir), "feeds", "trust"]
    assert main([*where, "--dry-run", "lada"]) == 0
    shown = capsys.readouterr().out
    assert CASINO in shown
    assert "2 kept articles" in shown
    async with a_house(settings, clock, pages) as house:
        assert held.release(house.desk, clock()) == 0
    assert main([*where, "lada"]) == 0
    async with a_house(settings, clock, pages) as house:
        assert held.release(house.desk, clock()) == 2
    assert main([*where, "lada"]) == 1
    assert main([*where, "lado"]) == 2
