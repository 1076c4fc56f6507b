"""A folder of files: one configuration or every mistake of all of them; and the last good one for bad days."""

import os
import stat

import pytest

from config_samples import DELIVERY, FEEDS, KEYWORDS
from monitor.config.files import load, read_keywords
from monitor.config.lastgood import fingerprint_of, keep, load_or_last_good
from monitor.config.settings import Settings
from monitor.errors import ConfigError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The contract's three files in `config`, below the current folder."""
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "config"
    config.mkdir()
    for name, text in (("feeds", FEEDS), ("keywords", KEYWORDS), ("delivery", DELIVERY)):
        (config / f"{name}.yaml").write_text(text, "utf-8")
    return config


def spoil(folder, name, old, new):
    """Write a mistake into a file of the folder."""
    path = folder / f"{name}.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def refusal(folder, settings=None):
    """What `load` says against a folder."""
    with pytest.raises(ConfigError) as refused:
        load(folder, settings)
    return [str(problem) for problem in refused.value.problems]


def test_a_good_folder_is_one_configuration(folder):
    """Feeds, keywords with their matcher, rules and plan."""
    found = load(folder)
    assert [feed.id for feed in found.feeds] == ["lada-kz", "qarmet-news"]
    assert [topic.id for topic in found.keywords.topics] == ["strike", "wages"]
    assert found.rules.normal_budget == 5
    assert list(found.delivery.destinations) == ["main", "west"]
    assert found.matcher is not None
    assert all(problem.level == "warning" for problem in found.warnings)


def test_delivery_may_be_missing(folder):
    """Without the file the settings decide."""
    (folder / "delivery.yaml").unlink()
    assert load(folder, Settings(time_zone="Asia/Oral")).delivery.digests[0].zone == "Asia/Oral"


def test_mistakes_of_all_files_come_at_once(folder):
    """File after file, with the paths as people would type them."""
    spoil(folder, "feeds", "lang: kk", "lang: kz")
    spoil(folder, "keywords", "severity: normal", "severity: loud")
    spoil(folder, "delivery", "fallback_after: 30m", "fallback_after: soon")
    assert [line.split(": ")[0] for line in refusal(folder)] == [
        "config/feeds.yaml:3:30",
        "config/keywords.yaml:38:15",
        "config/delivery.yaml:4:17",
    ]


def test_a_route_for_what_the_keywords_do_not_have_is_a_mistake(folder):
    """It would wait for its topic or place forever; with keywords that cannot be read nothing is said of it."""
    (folder / "delivery.yaml").write_text(
        "version: 1\nroutes:\n  - {to: main, topics: [strik, wages], places: [zhanaozn]}\n", "utf-8"
    )
    assert refusal(folder) == [
        "config/delivery.yaml:3:25: There is no topic `strik`. Did you mean `strike`?",
        "config/delivery.yaml:3:49: There is no place `zhanaozn`. Did you mean `zhanaozen`?",
    ]
    spoil(folder, "keywords", "severity: normal", "severity: loud")
    assert [line.split(": ")[0] for line in refusal(folder)] == ["config/keywords.yaml:38:15"]


def test_mistakes_of_terms_come_with_those_of_the_file(folder):
    """One run tells that a severity is wrong and that a term of the same topic cannot be read."""
    spoil(folder, "keywords", "severity: urgent", "severity: loud")
    spoil(folder, "keywords", "- забастовка", "- забаст*")
    spoil(folder, "keywords", "- $workers ~8 walkout", "- $wrokers ~8 walkout")
    assert [line.split(": ")[0] for line in refusal(folder)] == [
        "config/keywords.yaml:14:15",
        "config/keywords.yaml:20:17",
        "config/keywords.yaml:25:11",
    ]


def test_a_group_in_lines_that_could_not_be_read_is_not_missed(folder):
    """A comma forgotten in a group is one mistake, not another one for every term that uses the group."""
    spoil(folder, "keywords", "[worker, ", '["worker" ')
    assert [line.split(": ")[0] for line in refusal(folder)] == ["config/keywords.yaml:8:27"]


def test_an_empty_folder_says_what_is_missing(tmp_path, monkeypatch):
    """Both files that must be there."""
    monkeypatch.chdir(tmp_path)
    hint = "This file is missing. Put it there, or name its folder with --config-dir."
    assert refusal(tmp_path) == [f"feeds.yaml:1:1: {hint}", f"keywords.yaml:1:1: {hint}"]


def test_a_path_outside_the_current_folder_is_shown_whole(folder, tmp_path_factory, monkeypatch):
    """Relative only where that is shorter to type."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    spoil(folder, "feeds", "lang: kk", "lang: kz")
    assert refusal(folder)[0].startswith(f"{folder}/feeds.yaml:3:30: ")


def test_a_proxy_must_be_among_the_settings(folder):
    """Checked where the settings are known, for feeds that are read."""
    spoil(folder, "feeds", "enabled: false", "enabled: true")
    assert load(folder)
    assert load(folder, Settings(proxies={"tor": "socks5://127.0.0.1:9050"}))
    assert refusal(folder, Settings())[0].startswith("config/feeds.yaml:17:12: The proxy `tor` is not set.")


def test_a_term_that_cannot_be_read_refuses_the_keywords(folder):
    """Whoever reads the keywords alone gets them checked as well."""
    assert read_keywords(folder / "keywords.yaml") == load(folder).keywords
    spoil(folder, "keywords", "- забастовка", "- забаст*")
    with pytest.raises(ConfigError):
        read_keywords(folder / "keywords.yaml")


# ── the last good files ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_fingerprint_follows_the_files(folder):
    """A changed, a removed and an empty file are three different states."""
    seen = {fingerprint_of(folder)}
    spoil(folder, "feeds", "lang: kk", "lang: ru")
    seen.add(fingerprint_of(folder))
    (folder / "delivery.yaml").write_text("")
    seen.add(fingerprint_of(folder))
    (folder / "delivery.yaml").unlink()
    seen.add(fingerprint_of(folder))
    assert len(seen) == 4
    (folder / "notes.txt").write_text("of no interest")
    assert fingerprint_of(folder) in seen


def test_a_restart_on_bad_files_runs_the_last_good_ones(folder, tmp_path):
    """And says what is wrong with the bad ones."""
    good, refused = load_or_last_good(folder, tmp_path / "data")
    assert refused is None
    keep(folder, tmp_path / "data")
    spoil(folder, "keywords", "severity: urgent", "severity: loud")
    found, refused = load_or_last_good(folder, tmp_path / "data")
    assert found.keywords == good.keywords
    assert str(refused).startswith("config/keywords.yaml:14:15: `loud` is not possible here.")


def test_bad_files_without_good_ones_are_refused(folder, tmp_path):
    """There is nothing to run; the complaint is about the folder's own files."""
    spoil(folder, "feeds", "lang: kk", "lang: kz")
    with pytest.raises(ConfigError, match=r"^config/feeds.yaml:3:30: "):
        load_or_last_good(folder, tmp_path / "data")


def test_what_is_kept_is_private_and_whole(folder, tmp_path):
    """0700 and 0600 whatever the umask; a file that left the folder leaves the copy as well."""
    before = os.umask(0)
    try:
        keep(folder, tmp_path / "data")
    finally:
        os.umask(before)
    kept = tmp_path / "data" / "last-good"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept.iterdir()} == {0o600}
    (folder / "delivery.yaml").unlink()
    keep(folder, tmp_path / "data")
    assert sorted(path.name for path in kept.iterdir()) == ["feeds.yaml", "keywords.yaml"]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["last-good"]


def test_files_changed_since_they_were_loaded_are_not_kept(folder, tmp_path):
    """Nobody has looked at what they say now."""
    keep(folder, tmp_path / "data")
    kept = fingerprint_of(tmp_path / "data" / "last-good")
    loaded = fingerprint_of(folder)
    spoil(folder, "feeds", "lang: kk", "lang: kz")
    keep(folder, tmp_path / "data", loaded)
    assert fingerprint_of(tmp_path / "data" / "last-good") == kept


def test_a_crash_between_two_names_leaves_good_files(folder, tmp_path):
    """The copy before is still there under its other name, and is found."""
    keep(folder, tmp_path / "data")
    (tmp_path / "data" / "last-good").rename(tmp_path / "data" / "last-good.old")
    (tmp_path / "data" / "last-good.new").mkdir()
    spoil(folder, "feeds", "lang: kk", "lang: kz")
    assert load_or_last_good(folder, tmp_path / "data")[0].feeds[0].id == "lada-kz"
    spoil(folder, "feeds", "lang: kz", "lang: kk")
    keep(folder, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["last-good"]
