"""What a letter is made from: the same day gives the same letter, whatever happened since; nights, open disputes, near misses."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.cli import main
from monitor.deliver import editions
from monitor.deliver.dispatch import drain
from monitor.deliver.library import gather
from monitor.model import Escalation, Join, Kin, Turn
from monitor.policy.editions import date_of_letter, edition_of
from monitor.store import relatives
from monitor.store.stories import write_escalation
from monitor.text.times import stamp
from newsdesk import FEED, news, posting_house, posting_settings
from posting import World

ZONE = "Asia/Almaty"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STRIKE, WALKOUT = "Забастовка в Жанаозене началась", "Забастовка водителей в Актау"
LAYOFFS = "Увольнение ста рабочих порта"
TWO_FEEDS = (
    {**FEED, "region": "KZ-47"},
    {**FEED, "id": "tengri", "title": "Тенгри", "url": "https://tengri.example/rss", "standing": "state"},
)


@pytest.fixture
async def house(tmp_path, clock):
    """A house with two outlets; the clock shows Sunday, 1 March 2026, 14:00 in Almaty."""
    worlds = {"telegram": World(clock), "email": World(clock)}
    async with posting_house(posting_settings(tmp_path, feeds=TWO_FEEDS), clock, **worlds) as opened:
        opened.library = replace(opened.library, stays_open={"strike": 7 * DAY})
        yield opened


def letter_of(house, day, **more):
    """What the letter of a March day is made from."""
    edition = edition_of(date(2026, 3, day), "07:30", ZONE)
    return gather(house.library, edition, ZONE, house.clock(), **more)


def titles(items):
    """The headlines of stories, in their order."""
    return [item.alert.title for item in items]


async def test_a_day_stays_as_it_was(house, clock):
    """What comes later (other outlets, a card that was said at last) changes nothing in the letter of a day that is over."""
    news(house, STRIKE)
    clock.tick(18 * HOUR)
    before = letter_of(house, 2)
    assert titles(before.items) == [STRIKE]
    news(house, STRIKE, feed="tengri")
    await drain(house.dispatch)
    news(house, LAYOFFS)
    clock.tick(DAY)
    after = letter_of(house, 2)
    assert after == replace(before, coverage=after.coverage, blind_regions=after.blind_regions)
    assert [link.outlet for link in after.items[0].alert.links] == ["Лада"]
    assert not after.items[0].said


async def test_what_was_not_recorded_is_not_made_up(house, clock):
    """The letter of an older day does not say what can be read today."""
    assert letter_of(house, 1).coverage is not None
    clock.tick(2 * DAY)
    assert letter_of(house, 1).coverage is None


async def test_what_came_at_night(house, clock):
    """Stories that came between 23:00 and 07:00 are marked, whether they rang or not."""
    news(house, LAYOFFS)
    clock.tick(10 * HOUR)  # midnight
    news(house, STRIKE)
    clock.tick(8 * HOUR)
    assert {item.alert.title: item.at_night for item in letter_of(house, 2).items} == {LAYOFFS: False, STRIKE: True}


async def test_open_disputes_of_earlier_days(house, clock):
    """A dispute that an earlier letter told of is open while it is heard of, except in a letter that tells of it again."""
    news(house, STRIKE)
    news(house, LAYOFFS)
    clock.tick(DAY + HOUR)
    news(house, STRIKE, feed="tengri")
    assert letter_of(house, 2).open_stories == ()
    clock.tick(2 * DAY)
    (one,) = letter_of(house, 4).open_stories
    assert (one.alert.title, one.opened_at.day, one.heard_at.day) == (STRIKE, 1, 2)
    assert len(letter_of(house, 9).open_stories) == 1
    assert letter_of(house, 10).open_stories == ()


async def test_a_dispute_that_ended_is_not_open(house, clock):
    """Once an end was reported a dispute is no longer listed as open; in the letters before that it still is."""
    news(house, STRIKE)
    clock.tick(2 * DAY)
    assert len(letter_of(house, 3).open_stories) == 1
    end = write_escalation(Escalation(turn=Turn.END, what=("settlement",)))
    house.db.execute("UPDATE verdicts SET escalation = ?, judged_at = ?", [end, stamp(clock())])
    house.db.execute("INSERT INTO verdicts SELECT 99, article_id, story_id, say, reason, detail, ring, digest, late, join_kind,"
                     " like_id, '2026-03-01T09:00:00Z', '' FROM verdicts")  # fmt: skip
    assert len(letter_of(house, 3).open_stories) == 1
    clock.tick(DAY)
    assert letter_of(house, 5).open_stories == ()


async def test_the_letter_knows_what_a_story_may_belong_with(house, clock):
    """A story has its relatives in the letter, as far as they were known by then."""
    news(house, STRIKE)
    news(house, LAYOFFS)
    clock.tick(DAY)
    first, second = (row[0] for row in house.db.execute("SELECT id FROM stories ORDER BY id"))
    relatives.relate(house.db, second, Kin(story_id=first, join=Join.RELATED, like=1), clock())
    told = {item.alert.title: item.alert.relatives for item in letter_of(house, 2).items}
    assert told == {STRIKE: (), LAYOFFS: ()}
    clock.tick(timedelta(seconds=1))
    early = edition_of(date(2026, 3, 2), "07:30", ZONE)
    late = gather(house.library, replace(early, until=clock()), ZONE, clock())
    assert [one.title for item in late.items for one in item.alert.relatives] == [STRIKE]


async def test_near_misses_are_for_maintainers(house, clock):
    """What almost matched is gathered for maintainers only, what a guard blocked first, a handful of it."""
    news(house, STRIKE)
    for number in range(25):
        finding = {"reason": "NO_PLACE", "near": [{"topic": "strike", "missing": "no Kazakhstan place"}]}
        news(house, f"Погода {number}")
        house.db.execute("UPDATE articles SET finding = ? WHERE title = ?", [json.dumps(finding), f"Погода {number}"])
    blocked = {"reason": "BLOCKED", "topics": [{"topic": "strike", "blocked": "футболист"}]}
    house.db.execute("UPDATE articles SET finding = ? WHERE title = 'Погода 7'", [json.dumps(blocked)])
    clock.tick(DAY)
    found = letter_of(house, 2, maintainer=True)
    assert found.near_misses[0] == ("Погода 7", "strike: blocked by «футболист»")
    assert found.near_misses[1][1] == "strike: no Kazakhstan place"
    assert (len(found.near_misses), found.near_count) == (20, 25)
    assert letter_of(house, 2).near_misses == ()


async def test_the_picture_counts_each_story_once(house, clock):
    """Each story counts for the letter that first told of it, with its topic and the regions it names or comes from."""
    news(house, STRIKE)
    clock.tick(DAY)
    news(house, STRIKE, feed="tengri")
    news(house, LAYOFFS)
    clock.tick(DAY)
    told = [(one.date, one.topic, one.regions) for one in letter_of(house, 3).past]
    assert told == [("2026-03-02", "strike", ("KZ-47",)), ("2026-03-03", "layoffs", ("KZ-47",))]
    assert [one.date for one in letter_of(house, 2).past] == ["2026-03-02"]


async def test_blind_outlets_name_their_regions(house):
    """Of the outlets that cannot be read, those with a region say whose news may be missing."""
    assert letter_of(house, 2).blind_regions == ("KZ-47",)  # nothing was ever polled here


def test_the_letter_that_tells_of_a_moment():
    """What comes before the hour is in the letter of that day, what comes at it or later in the next one."""
    until = edition_of(date(2026, 3, 2), "07:30", ZONE).until
    moments = (until - timedelta(seconds=1), until, until - DAY)
    assert [date_of_letter(moment, until, ZONE).day for moment in moments] == [2, 3, 2]


async def test_a_letter_that_was_written_is_shown_as_it_was(house, clock):
    """Looking at a date gives the very letter that went out, byte by byte, also when the archive has changed since."""
    editions.issue(house.library, house.recipients.readers, clock())
    news(house, STRIKE)
    clock.tick(18 * HOUR)
    editions.issue(house.library, house.recipients.readers, clock())
    reader = house.recipients.readers[0]
    written = editions.as_written(house.library, reader, date(2026, 3, 2))
    assert written is not None
    assert STRIKE in " ".join(written.text.split())
    house.db.execute("UPDATE articles SET title = 'x'")
    clock.tick(DAY)
    assert editions.as_written(house.library, reader, date(2026, 3, 2)) == written
    assert editions.as_written(house.library, reader, date(2026, 3, 9)) is None


MANNERS = """
version: 1
digests:
  - {name: desk, form: plain, subject: counts, languages: [en]}
  - {name: keepers, to: MONITOR_DIGEST_TO_KEEPERS, maintainers: true}
"""


async def test_readers_choose_their_manner(tmp_path, clock):
    """delivery.yaml makes a letter plain or telling; maintainers are those it names, and the maintainers' own mailbox."""
    settings = posting_settings(
        tmp_path,
        delivery=MANNERS,
        readers="a@example.org,Desk <Admin-Canary@example.org>",
        addresses={"MONITOR_DIGEST_TO_KEEPERS": "k@example.org"},
    )
    async with posting_house(settings, clock, telegram=World(clock), email=World(clock)) as house:
        plain, admin, keeper = house.recipients.readers
        assert [one.maintainer for one in (plain, admin, keeper)] == [False, True, True]
        news(house, STRIKE)
        clock.tick(HOUR)
        seen = edition_of(date(2026, 3, 2), "07:30", ZONE)
        letter = editions.as_of(house.library, plain, replace(seen, until=clock()), clock())
        assert (letter.subject, letter.html) == ("1 urgent · 2 March", "")
        other = editions.as_of(house.library, keeper, replace(seen, until=clock()), clock())
        assert other.html.startswith("<!DOCTYPE html>")
        assert other.subject == "Утренний обзор, 2 марта"


async def test_looking_at_a_date_twice(tmp_path, clock, monkeypatch, capsys):
    """`monitor digest --date D --preview FILE` writes the same file again after more news came; --json says what is in it."""
    monkeypatch.setenv("MONITOR_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    settings = posting_settings(tmp_path)
    async with posting_house(settings, clock, telegram=World(clock), email=World(clock)) as house:
        news(house, STRIKE)
        clock.tick(2 * DAY)
        files = [tmp_path / "one.html", tmp_path / "two.html"]
        for file in files:
            assert main(["digest", "--date", "2026-03-02", "--preview", str(file)]) == 0
            news(house, {"one.html": WALKOUT, "two.html": LAYOFFS}[file.name])
        assert files[0].read_bytes() == files[1].read_bytes()
        assert STRIKE.rsplit(maxsplit=1)[-1] in files[0].read_text("utf-8")
        capsys.readouterr()
        assert main(["digest", "--date", "2026-03-02", "--json", "--maintainer"]) == 0
        assert json.loads(capsys.readouterr().out)["stories"] == 1
