"""Files that were checked before are not read again, unless anything that matters has changed."""

import hashlib
import os
import pickle
import sys
from dataclasses import replace

import pytest

from monitor.app.words import Words
from monitor.config import remembered
from monitor.config.lastgood import fingerprint_of, keep, load_or_last_good
from monitor.config.settings import Settings
from monitor.errors import ConfigError
from walking import KEYWORDS, write_config

STRIKE = "Нефтяники Жанаозена объявили бессрочную забастовку"
FEEDS = [{"id": "lada", "url": "https://lada.example/rss", "lang": "ru", "aliases": ["lada.mirror.example"]}]


@pytest.fixture
def home(tmp_path):
    """A folder of files that were loaded once, and a data directory."""
    write_config(tmp_path / "config", FEEDS)
    (tmp_path / "data").mkdir()
    return tmp_path


def load(home, settings=None):
    """The configuration in force."""
    return load_or_last_good(home / "config", home / "data", settings or Settings())


def test_what_is_remembered_is_what_was_read(home):
    """Feeds, keywords, rules, plan and warnings are the same; the matcher is there, packed."""
    first, second = load(home)[0], load(home)[0]
    assert first.matcher is not None
    assert second == first
    assert second.matcher is None
    found = Words(second).matcher().find(STRIKE, "", lang="ru")
    assert found.topics
    assert found == first.matcher.find(STRIKE, "", lang="ru")


def test_unchanged_files_are_not_read_again(home, monkeypatch):
    """The second start does not open a parser of YAML."""
    load(home)
    monkeypatch.setattr("monitor.config.files.read_document", None)
    assert load(home)[0].feeds[0].aliases == ("lada.mirror.example",)


def test_a_changed_file_is_read(home):
    """Another byte, and the file is read and checked; a mistake is told."""
    load(home)
    write_config(home / "config", [FEEDS[0] | {"title": "Лада"}])
    assert load(home)[0].feeds[0].title == "Лада"
    keep(home / "config", home / "data")
    (home / "config" / "keywords.yaml").write_text(KEYWORDS + "\nbogus: 1\n", "utf-8")
    configuration, refused = load(home)
    assert isinstance(refused, ConfigError)
    assert configuration.feeds[0].title == "Лада"


@pytest.mark.parametrize(
    "change",
    [
        {"time_zone": "Europe/Berlin"},
        {"languages": ("kk",)},
        {"digest_at": "06:00"},
        {"proxies": {"tor": "socks5://127.0.0.1:9"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_settings_that_fill_in_make_it_another_configuration(home, change):
    """What the files leave open the settings say."""
    load(home)
    fingerprint = fingerprint_of(home / "config")
    assert remembered.recall(home / "data", fingerprint, Settings()) is not None
    assert remembered.recall(home / "data", fingerprint, replace(Settings(), **change)) is None


def test_another_version_reads_anew(home, monkeypatch):
    """What another version of the program, or of its code, thought of the files does not hold."""
    load(home)
    fingerprint = fingerprint_of(home / "config")
    monkeypatch.setattr(remembered, "_age_of_the_code", lambda: 1)
    assert remembered.recall(home / "data", fingerprint, Settings()) is None


class Trojan:
    """What a hostile hand would put there."""

    def __reduce__(self):
        """What it would have us call."""
        return os.system, ("true",)


@pytest.mark.parametrize(
    "parcel", [b"", b"nonsense", pickle.dumps(Trojan()), pickle.dumps({"feeds": ()}), pickle.dumps(sys.exit)]
)
def test_nothing_but_our_own_nouns_comes_out(home, parcel):
    """A broken or planted file is passed over: the YAML is read."""
    load(home)
    path = home / "data" / remembered.NAME
    mark = path.read_bytes().partition(b"\n")[0]
    path.write_bytes(b"\n".join((mark, hashlib.sha256(parcel).hexdigest().encode(), parcel)))
    assert remembered.recall(home / "data", fingerprint_of(home / "config"), Settings()) is None
    assert load(home)[0].matcher is not None


def test_what_the_disk_has_spoilt_is_passed_over(home):
    """One other byte, wherever it stands, and the YAML is read: a matcher must not lose a word to it."""
    load(home)
    path, fingerprint = home / "data" / remembered.NAME, fingerprint_of(home / "config")
    whole = bytearray(path.read_bytes())
    for place in (len(whole) // 3, len(whole) - 9):
        spoilt = whole.copy()
        spoilt[place] ^= 1
        path.write_bytes(spoilt)
        assert remembered.recall(home / "data", fingerprint, Settings()) is None
    path.write_bytes(whole)
    assert remembered.recall(home / "data", fingerprint, Settings()) is not None


def test_it_is_private_and_no_condition(home, tmp_path):
    """0600, whatever the umask; where it cannot be written, files are simply read each time."""
    load(home)
    assert (home / "data" / remembered.NAME).stat().st_mode & 0o777 == 0o600
    remembered.remember(tmp_path / "nowhere", "x", Settings(), load(home)[0])
    (home / "data" / f"{remembered.NAME}.new").mkdir()
    write_config(home / "config", [FEEDS[0] | {"title": "Лада"}])
    assert load(home)[0].feeds[0].title == "Лада"
