"""A person corrects the machine: stories are put together and taken apart, cards follow, and the case is remembered."""

import json
from datetime import timedelta

import pytest

from events import shipped
from monitor.cli import main
from monitor.config.settings import Settings
from monitor.deliver import editions
from monitor.deliver.dispatch import drain
from monitor.ingest import correcting
from monitor.ingest.correcting import Correction, Text
from monitor.store import moves, overview
from monitor.workbench import clusters
from test_one_card import HOUR, OTHER_TEXT, OTHER_TITLE, TITLE, WIRE, newsroom, pages, settings

__all__ = ["newsroom", "pages", "settings"]  # fixtures

ELSEWHERE = "Рабочие «Каспий-Ойл» в Жанаозене объявили забастовку"


async def put(newsroom, *told):
    """Several articles, one outlet after the other."""
    for feed, title, text in told:
        await newsroom.tell(feed, title, text)


def refs(newsroom):
    """The references of all stories, oldest first."""
    return [ref for (ref,) in newsroom.house.db.execute("SELECT ref FROM stories ORDER BY id")]


def ids(newsroom):
    """The story of every article with a hit, oldest article first."""
    rows = newsroom.house.db.execute("SELECT story_id FROM articles WHERE story_id IS NOT NULL ORDER BY id")
    return [story for (story,) in rows]


async def settle(newsroom):
    """Say what a correction made of the cards."""
    newsroom.clock.tick(HOUR)
    await drain(newsroom.house.dispatch, wait=timedelta(minutes=3))


async def test_two_stories_are_put_together(newsroom):
    """The articles move, the card that stays grows, the other one says where it is told now."""
    await put(newsroom, ("lada", TITLE, WIRE), ("vlast", ELSEWHERE, WIRE.replace("340", "120")))
    first, second = ids(newsroom)
    cases = correcting.merge(newsroom.house.desk, second, first, newsroom.clock())
    await settle(newsroom)
    assert ids(newsroom) == [first, first]
    assert cases == [
        Correction(
            same=True,
            first=Text(lang="ru", title=TITLE, text=WIRE),
            second=Text(lang="ru", title=ELSEWHERE, text=WIRE.replace("340", "120")),
        )
    ]
    stays, points = newsroom.shown()
    assert "2 издания" in stays
    assert f"Та же новость, что {refs(newsroom)[0]}" in points
    assert points.rstrip().endswith(refs(newsroom)[1]), "its reference stays its own"
    assert newsroom.house.db.table("relatives").count == 0


async def test_what_comes_next_joins_the_story_that_stayed(newsroom):
    """A reprint of either article belongs to it, and nothing rings."""
    await put(newsroom, ("lada", TITLE, WIRE), ("vlast", ELSEWHERE, WIRE.replace("340", "120")))
    first, second = ids(newsroom)
    correcting.merge(newsroom.house.desk, second, first, newsroom.clock())
    await put(newsroom, ("birlik", ELSEWHERE, WIRE.replace("340", "120")))
    assert ids(newsroom) == [first] * 3
    assert newsroom.said().count("send ringing") == 2


async def test_a_letter_after_a_correction_tells_every_story_once(newsroom):
    """Merged stories are one in the letter, split ones are two, whatever was judged before."""
    editions.issue(newsroom.house.library, newsroom.house.recipients.readers, newsroom.clock())
    await put(newsroom, ("lada", TITLE, WIRE), ("vlast", ELSEWHERE, WIRE.replace("340", "120")))
    first, second = ids(newsroom)
    correcting.merge(newsroom.house.desk, second, first, newsroom.clock())
    newsroom.clock.tick(timedelta(days=1))
    editions.issue(newsroom.house.library, newsroom.house.recipients.readers, newsroom.clock())
    (letter,) = newsroom.house.db.execute("SELECT body FROM messages WHERE subject LIKE 'digest:%'").fetchone()
    assert refs(newsroom)[0] in letter
    assert refs(newsroom)[1] not in letter


async def test_one_story_is_taken_apart(newsroom):
    """What was absorbed wrongly gets the card it should have had, ringing; the first card shrinks."""
    await put(newsroom, ("lada", TITLE, WIRE), ("vlast", OTHER_TITLE, OTHER_TEXT))
    (story, _), article = ids(newsroom), newsroom.house.db.execute("SELECT max(id) FROM articles").fetchone()[0]
    fresh, cases = correcting.split(newsroom.house.desk, story, [article], newsroom.clock())
    await settle(newsroom)
    assert ids(newsroom) == [story, fresh.id]
    assert [case.same for case in cases] == [False]
    assert newsroom.said() == ["send ringing", "edit silently", "send ringing", "edit silently"]
    first, second = newsroom.shown()
    assert "1 издание" in first or "Один источник" in first
    assert f"Возможно, связано с {refs(newsroom)[0]}" in second
    assert (fresh.article_count, fresh.topics) == (1, ("strike",))


async def test_a_split_can_be_silent(newsroom):
    """Without a card the story stands in the letter."""
    await put(newsroom, ("lada", TITLE, WIRE), ("vlast", OTHER_TITLE, OTHER_TEXT))
    story = ids(newsroom)[0]
    article = newsroom.house.db.execute("SELECT max(id) FROM articles").fetchone()[0]
    correcting.split(newsroom.house.desk, story, [article], newsroom.clock(), say=False)
    await settle(newsroom)
    assert newsroom.said() == ["send ringing", "edit silently", "edit silently"]


async def test_taking_the_lead_out_leaves_a_card_that_others_carry(newsroom):
    """When the article that opened a story is split off, its card goes on with the first that is left."""
    await put(newsroom, ("lada", TITLE, WIRE), ("vlast", OTHER_TITLE, OTHER_TEXT))
    story = ids(newsroom)[0]
    article = newsroom.house.db.execute("SELECT min(id) FROM articles WHERE story_id = ?", [story]).fetchone()[0]
    correcting.split(newsroom.house.desk, story, [article], newsroom.clock())
    await settle(newsroom)
    assert OTHER_TITLE in newsroom.shown()[0]
    assert TITLE in newsroom.shown()[1]


async def test_passages_follow_their_articles(newsroom):
    """A reprint of what was split off joins the new story, not the old one."""
    await put(newsroom, ("lada", OTHER_TITLE, OTHER_TEXT), ("vlast", TITLE, WIRE))
    story = ids(newsroom)[0]
    article = newsroom.house.db.execute("SELECT max(id) FROM articles").fetchone()[0]
    fresh, _ = correcting.split(newsroom.house.desk, story, [article], newsroom.clock())
    await put(newsroom, ("birlik", "В Жанаозене бастуют", WIRE))
    assert ids(newsroom)[-1] == fresh.id


async def test_merging_twice_leads_to_the_last(newsroom):
    """A reference leads to where its story is told now, over several corrections."""
    await put(
        newsroom,
        ("lada", TITLE, WIRE),
        ("vlast", ELSEWHERE, WIRE.replace("340", "120")),
        ("birlik", TITLE.replace("Жанаозене", "Актау"), WIRE.replace("340", "75")),
    )
    first, second, third = ids(newsroom)
    correcting.merge(newsroom.house.desk, third, second, newsroom.clock())
    correcting.merge(newsroom.house.desk, second, first, newsroom.clock())
    assert {moves.find(newsroom.house.db, ref) for ref in refs(newsroom)} == {first}
    assert moves.find(newsroom.house.db, "ZZZZZ") is None
    (row,) = overview.open_stories(newsroom.house.db, newsroom.clock() - timedelta(days=1))
    assert (row.ref, row.article_count, row.outlet_count) == (refs(newsroom)[0], 3, 3)


# ── The commands ──


def monitor(settings, *words, code=0):
    """Run a command on these settings; returns nothing, its output is captured by the test."""
    assert main(["--config-dir", str(settings.config_dir), "--data-dir", str(settings.data_dir), *words]) == code


async def test_the_commands(newsroom, settings, capsys):
    """List, merge, split, and replay what was corrected; also beside a running house."""
    await put(newsroom, ("lada", TITLE, WIRE), ("vlast", ELSEWHERE, WIRE.replace("340", "120")))
    first, second = refs(newsroom)
    capsys.readouterr()  # what the house itself logged meanwhile, when this test runs alone
    monitor(settings, "stories", "list", "--days", "3650", "--json")
    listed = json.loads(capsys.readouterr().out)
    assert [(one["ref"], one["outlets"], one["said"]) for one in listed] == [(second, 1, 1), (first, 1, 1)]
    assert listed[0]["relatives"] == [{"ref": first, "join": "related"}]
    monitor(settings, "stories", "merge", second.lower(), first, "--dry-run")
    assert "would be merged" in capsys.readouterr().out
    monitor(settings, "stories", "merge", second.lower(), first)
    monitor(settings, "stories", "merge", second, first, code=1)
    url = newsroom.house.db.execute("SELECT url FROM articles WHERE title = ?", [ELSEWHERE]).fetchone()[0]
    monitor(settings, "stories", "split", first, url, "--dry-run")
    monitor(settings, "stories", "split", first, url)
    monitor(settings, "stories", "split", first, "https://nowhere.example/1", code=1)
    monitor(settings, "stories", "split", "ZZZZZ", url, code=1)
    capsys.readouterr()
    kept = settings.data_dir / "corrections.jsonl"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["same"] for line in kept.read_text("utf-8").splitlines()] == [True, False]
    monitor(settings, "stories", "check", "--json", code=1)
    replayed = json.loads(capsys.readouterr().out)
    assert [(one["join"], one["right"]) for one in replayed] == [("related", False), ("related", True)]
    monitor(settings, "stories", "check", code=1)
    assert "1 of 2 corrections would not be needed today" in capsys.readouterr().out
    monitor(settings, "stories", "list", "--days", "3650")
    listed = capsys.readouterr().out
    assert f"{first}  urgent  1 outlet, " in listed
    monitor(settings, "stories", "list")
    monitor(settings, "stories")
    lines = capsys.readouterr().out.splitlines()
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]


async def test_nothing_is_left_of_a_story_is_refused(newsroom, settings, capsys):
    """Splitting off every article of a story is a mistake."""
    await put(newsroom, ("lada", TITLE, WIRE))
    url = newsroom.house.db.execute("SELECT url FROM articles WHERE title = ?", [TITLE]).fetchone()[0]
    monitor(settings, "stories", "split", refs(newsroom)[0], url, code=1)
    assert "nothing would be left" in capsys.readouterr().err


def test_a_file_that_is_no_case_says_so(tmp_path, settings, capsys):
    """A line that cannot be read is named."""
    (tmp_path / "x.jsonl").write_text('{"same": true}\n', "utf-8")
    monitor(settings, "stories", "check", str(tmp_path / "x.jsonl"), code=1)
    assert "line 1 is not a correction" in capsys.readouterr().err
    monitor(settings, "stories", "check")
    assert "nothing was ever corrected" in capsys.readouterr().out


# ── The cases ──

CASES = clusters.Path(__file__).parent / "data" / "story_corrections.jsonl"


@pytest.mark.parametrize("case", list(clusters.read(CASES)), ids=lambda case: case.second.title[:40])
def test_what_was_corrected_once_comes_out_right(case):
    """Cases that people sent in: append yours from `corrections.jsonl`, and mend the rules until it passes."""
    outcome = clusters.replay(case, *shipped())
    assert outcome.right, outcome.why


def test_cases_come_back_as_they_were(tmp_path):
    """Appended one a line, read again the same."""
    cases = [
        Correction(
            same=True, first=Text(lang="ru", title="а", text="б\nв"), second=Text(lang="kk", title="ә", text="")
        ),
        Correction(same=False, first=Text(lang="en", title="a", text="b"), second=Text(lang="en", title="c", text="d")),
    ]
    clusters.remember(tmp_path, cases[:1])
    path = clusters.remember(tmp_path, cases[1:])
    assert list(clusters.read(path)) == cases
    assert Settings(data_dir=tmp_path).data_dir / clusters.FILE == path
