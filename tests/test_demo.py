"""The demo: the main job, end to end, the same in every run, and right about every item of its newsroom."""

import asyncio
import json
from collections import defaultdict
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from monitor.config.settings import Settings
from monitor.newsroom.demo import play
from monitor.schema import open_database
from paths import ROOT

EXPECTED = json.loads((ROOT / "tests" / "data" / "newsroom_expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The demo, played once; a token in the settings must make no difference."""
    folder = tmp_path_factory.mktemp("demo")
    settings = Settings(data_dir=folder, telegram_token="1:never-used", telegram_channel="@never_used")
    return folder / "demo", asyncio.run(play(settings, drip=0.0))


def outcomes(data_dir):
    """What became of each article: (feed, path) → its gravity and how it was said, for each time it was read."""
    with closing(open_database(data_dir / "monitor.db").conn) as conn:
        rows = conn.execute(
            """SELECT a.feed_id, a.url, a.severity, v.reason, v.say, v.ring, v.digest, v.judged_at
               FROM articles a LEFT JOIN verdicts v ON v.article_id = a.id ORDER BY a.id, v.id"""
        ).fetchall()
    found = defaultdict(list)
    for feed, url, severity, reason, say, ring, digest, when in rows:
        act = 1 if when and when < EXPECTED["clock"]["2"] else 2
        found[feed, urlsplit(url).path, act if reason else 0].append((severity, _said(reason, say, ring, digest)))
    return found


def _said(reason, say, ring, digest):
    if reason is None or reason in {"NO_TOPIC", "NO_PLACE", "BLOCKED", "TRIAL"}:
        return "none"
    if say:
        return "ring" if ring else "silent"
    if reason in {"REPRINT", "COOLING_DOWN"}:
        return "reprint"
    return "digest" if digest else "archive"


def test_every_item_of_the_newsroom_is_said_as_a_reader_would_want(played):
    """Strikes, arrests and deaths ring, layoffs come silently, air strikes and footballers say nothing."""
    found = outcomes(played[0])
    wrong = []
    for item in EXPECTED["items"]:
        path = urlsplit(item["url"].replace("@BASE@", "")).path
        seen = found.get((item["feed"], path, item["act"])) or found.get((item["feed"], path, 0)) or [("?", "missing")]
        silent_is_right = "none" in item["say"] and all(said in {"none", "reprint", "archive"} for _, said in seen)
        if not silent_is_right and not any(
            gravity in item["severity"] and said in item["say"] for gravity, said in seen
        ):
            wrong.append(f"{item['feed']} «{item['title']}»: {seen}, not {item['severity']}/{item['say']}")
    assert not wrong, "\n".join(wrong)


def test_a_first_reading_says_three_and_no_story_rings_twice(played):
    """The baseline is three silent cards, and of each story exactly one item is said."""
    acts = played[1].acts
    assert acts["act 1"]["alerts"]["queued"] == 3
    with closing(open_database(played[0] / "monitor.db").conn) as conn:
        twice = conn.execute(
            "SELECT story_id FROM verdicts WHERE say = 1 GROUP BY story_id HAVING count(*) > 1"
        ).fetchall()
    assert twice == []


def test_each_feed_fares_as_it_must(played):
    """One is a bot check in act two, one is cut off and kept as far as it goes, one answers 304; all others are read."""
    acts = played[1].acts
    assert acts["act 1"]["feeds"] == {"due": 15, "ok": 14, "unchanged": 0, "failed": 1}
    assert acts["act 2"]["feeds"] == {"due": 15, "ok": 13, "unchanged": 1, "failed": 2}
    errors = {(act, error["feed"]): error["kind"] for act in acts for error in acts[act]["errors"]}
    assert errors == {
        ("act 1", "ilek-ekspress"): "truncated",
        ("act 2", "ilek-ekspress"): "truncated",
        ("act 2", "qala-online"): "blocked",
    }


def test_the_summary_is_the_same_in_every_run(played, tmp_path):
    """Played again, with another port and another temporary folder, it says the very same."""
    again = asyncio.run(play(Settings(data_dir=tmp_path), drip=0.0))

    def without_time(acts):
        return {
            act: {name: value for name, value in summary.items() if name != "seconds"} for act, summary in acts.items()
        }

    assert again.cards == played[1].cards
    assert without_time(again.acts) == without_time(played[1].acts)


def test_it_leaves_a_channel_and_a_letter_to_look_at(played):
    """Both previews are there, in the language of the channel, with the coverage line and no remote content."""
    channel = played[1].channel.read_text("utf-8")
    letter = played[1].letter.read_text("utf-8")
    assert channel.count("не проверено") == len(played[1].cards)
    assert "14 из 15" in letter
    for page in (channel, letter):
        assert "<script" not in page
        assert " src=" not in page
