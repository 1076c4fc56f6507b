"""The labelled data under tests/data: what the demo is expected to say, and the gold set of headlines."""

import json
from collections import Counter
from pathlib import Path

from monitor.model import LANGUAGES
from monitor.newsroom.outlets import ACT_TIMES

DATA = Path(__file__).parent / "data"
EXPECTED = json.loads((DATA / "newsroom_expected.json").read_text(encoding="utf-8"))
GOLD = [json.loads(line) for line in (DATA / "headlines_gold.jsonl").read_text(encoding="utf-8").splitlines()]
FEWEST = 25  # headlines of one label in one language: below that, one headline moves a rate by more than 4 points


def test_the_expectations_are_in_words_we_know():
    """Languages, severities and outcomes are spelled as the rest of the house spells them."""
    for row in EXPECTED["items"]:
        assert row["lang"] in LANGUAGES
        assert set(row["severity"]) <= {"urgent", "normal", "digest", "none"}
        assert set(row["say"]) <= {"ring", "silent", "reprint", "digest", "archive", "none"}
        assert row["why"]


def test_the_news_of_act_two_is_of_the_same_day():
    """What is new in act 2 came after act 1, but for one item that an outlet publishes days late and one edited."""
    new = [row for row in EXPECTED["items"] if row["act"] == 2 and row["published_at"]]
    assert EXPECTED["clock"] == {str(act): f"{time:%Y-%m-%dT%H:%M:%SZ}" for act, time in ACT_TIMES.items()}
    late = [
        row["url"].rpartition("/")[2]
        for row in new
        if not EXPECTED["clock"]["1"] < row["published_at"] <= EXPECTED["clock"]["2"]
    ]
    assert late == ["zhms-zarplata.html", "kranovshchiki-apellyatsiya.html"]


def test_every_gold_headline_says_what_it_is_an_example_of():
    """A headline to alert names its topic, one to ignore the reason; ids and titles are unique."""
    for row in GOLD:
        assert set(row) == {"id", "label", "lang", "title", {"alert": "topic", "ignore": "why"}[row["label"]]}
        assert all(isinstance(value, str) and value.strip() == value != "" for value in row.values())
    assert len({row["id"] for row in GOLD}) == len({row["title"] for row in GOLD}) == len(GOLD)


def test_the_gold_set_is_large_enough_in_every_language():
    """Both labels are there in all three languages, often enough for a rate to mean something."""
    tally = Counter((row["label"], row["lang"]) for row in GOLD)
    assert set(tally) == {(label, lang) for label in ("alert", "ignore") for lang in LANGUAGES}
    assert min(tally.values()) >= FEWEST
