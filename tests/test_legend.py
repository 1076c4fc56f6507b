"""The pinned post: what a new reader is told, in the channel's languages, written once."""

import json
from pathlib import Path

import pytest

from fake_telegram import check_entity
from monitor.cli import main
from monitor.config.files import load
from monitor.config.settings import Settings
from monitor.model import LANGUAGES, Quiet, Severity
from monitor.render.cutting import width
from monitor.render.legend import Guide, guide, legend
from paths import ROOT
from samples import HOSTILE
from walking import write_config

TOPICS = {
    Severity.URGENT: ({"en": "Strikes", "ru": "Забастовки"}, {"en": "Deaths at work", "ru": "Гибель на работе"}),
    Severity.NORMAL: ({"en": "Wages", "ru": "Зарплаты"},),
    Severity.DIGEST: ({"en": "Anniversaries", "ru": "Годовщины"},),
}
ABOUT = Guide(topics=TOPICS, feed_count=44, contact="desk@union.example")


def test_what_a_new_reader_is_told():
    """What rings and what does not, what the signs mean, and whom to tell about a mistake."""
    text = legend(ABOUT, ("en",)).text
    for line in (
        "📌 How to read this channel",
        "monitor reads 44 outlets",
        "🔴 rings at once: Strikes, Deaths at work",
        "🔵 without a sound: Wages",
        "Only in the daily letter: Anniversaries",
        "From 23:00 to 07:00 (Almaty) only what is urgent",
        "(independent, state-owned, business, union, official, foreign)",
        "⏳ found late · ↻ may have been said before · ↪ what is new",
        "“may not open in Kazakhstan”",
        "Tell desk@union.example.",
    ):
        assert line in text


def test_both_languages_of_the_channel():
    """The post is written in the first two languages, each with its own words for the topics."""
    text = legend(ABOUT, ("ru", "en", "kk")).text
    assert text.startswith("📌 Как читать этот канал")
    assert "со звуком: Забастовки, Гибель на работе" in text
    assert "rings at once: Strikes" in text
    assert "Бұл арнаны" not in text


def test_what_does_not_hold_is_not_said():
    """Without a night, a contact or topics of a kind there is no line about them."""
    text = legend(Guide(topics={}, feed_count=1, quiet=Quiet(start="00:00", end="00:00")), ("en",)).text
    assert "monitor reads 1 outlet and" in text
    assert "From " not in text
    assert "rings at once" not in text
    assert "Tell the maintainers of this channel." in text


def test_the_shipped_topics_fit_into_one_post():
    """With the keyword file that ships the post is one message in any two languages."""
    keywords = load(ROOT / "config", Settings(config_dir=ROOT / "config")).keywords
    about = guide(keywords, feed_count=119, quiet=Quiet(), contact="@somebody_with_a_long_name")
    trial = [topic.titles["en"] for topic in keywords.topics if not topic.live]
    for lead in LANGUAGES:
        for other in LANGUAGES:
            done = legend(about, (lead, other))
            assert width(done.text) <= 4096
            for each in done.entities:
                check_entity(
                    done.text, {"type": each.kind, "offset": each.offset, "length": each.length, "url": each.url}
                )
            assert not [title for title in trial if title in done.text]


def test_hostile_titles_of_topics():
    """Whatever topics are called, the post fits and can be sent."""
    hostile = {severity: tuple({"en": title} for title in HOSTILE) for severity in Severity}
    done = legend(Guide(topics=hostile, feed_count=1, contact=HOSTILE[6]), ("en", "ru"))
    assert width(done.text) <= 4096
    done.text.encode()


@pytest.fixture
def say(tmp_path, monkeypatch, capsys):
    """Runs `monitor …` on this test's folders and gives what it printed on stdout and on stderr."""
    write_config(tmp_path / "config", [{"id": "lada", "title": "Лада", "url": "https://lada.example/rss"}])
    monkeypatch.setenv("MONITOR_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))

    def run(*words):
        assert main([*words]) == 0
        return capsys.readouterr()

    return run


def posted(folder: Path) -> list[str]:
    """What was said in the preview of the channel."""
    log = folder / "data" / "preview" / "channel.jsonl"
    return [json.loads(line)["text"] for line in log.read_text("utf-8").splitlines()] if log.exists() else []


def test_it_is_only_printed_unless_asked(say, tmp_path, monkeypatch):
    """`monitor channel legend` prints the post; --dry-run says where it would go; nothing is posted."""
    printed = say("channel", "legend")
    assert printed.out.startswith("📌 Как читать этот канал")
    assert "set MONITOR_CONTACT" in printed.err
    monkeypatch.setenv("MONITOR_CONTACT", "desk@union.example")
    printed = say("channel", "legend", "--send", "--dry-run")
    assert "→ main" in printed.out
    assert "Сообщите: desk@union.example." in printed.out
    assert "MONITOR_CONTACT" not in printed.err
    (post,) = json.loads(say("channel", "legend", "--json").out)
    assert (post["to"], post["languages"]) == ("main", ["ru", "en"])
    assert posted(tmp_path) == []


def test_it_is_posted_once(say, tmp_path, monkeypatch):
    """--send posts it; the same words are not posted twice, other words are."""
    assert "1 sent" in say("channel", "legend", "--send").out
    assert "posted before" in say("channel", "legend", "--send").err
    monkeypatch.setenv("MONITOR_CONTACT", "desk@union.example")
    assert "1 sent" in say("channel", "legend", "--send").out
    assert len(posted(tmp_path)) == 2
