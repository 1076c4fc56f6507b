"""The commands as people type them: real processes, a real press on loopback, results on stdout alone."""

import errno
import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

import loopback
from monitor.app.lock import instance_lock
from monitor.cli import main
from monitor.cli.breakage import in_words
from monitor.newsroom.outlets import write_feeds
from monitor.newsroom.press import Press
from monitor.schema import open_database
from walking import KEYWORDS, write_config

CYCLE_SECONDS = 60


@pytest.fixture(scope="module")
def press():
    """The newsroom on loopback, its slow feed quick."""
    with Press(drip=0.0) as running:
        running.act = 2
        yield running


@pytest.fixture
def home(tmp_path, press):
    """A configuration that watches the newsroom, and an empty data directory."""
    config = tmp_path / "config"
    config.mkdir()
    write_feeds(config, press.base)
    (config / "keywords.yaml").write_text(KEYWORDS, "utf-8")
    return tmp_path


def environment(home: Path, press: Press, **more: str) -> dict[str, str]:
    """Nothing of this machine but the path, and where to find the rest."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "MONITOR_CONFIG_DIR": str(home / "config"),
        "MONITOR_DATA_DIR": str(home / "data"),
        "MONITOR_ALLOW_HOSTS": press.address,
        "MONITOR_HOST_INTERVAL": "0s",
        **more,
    }


def monitor(home, press, *words, code=0, **more):
    """Run a command to its end and return what it printed; its exit code must be `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        env=environment(home, press, **more),
        capture_output=True,
        timeout=CYCLE_SECONDS,
        check=False,
    )
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


def test_a_cycle_prints_the_summary_of_the_contract(home, press):
    """`once --all --json` reads everything over real HTTP; a second run finds nothing new; failures are exit 0."""
    first = json.loads(monitor(home, press, "once", "--all", "--json"))
    assert set(first) == {"feeds", "entries", "articles", "hits", "stories", "alerts", "seconds", "errors"}
    assert first["feeds"] == {"due": 15, "ok": 13, "unchanged": 0, "failed": 2}
    failures = {(failed["feed"], failed["kind"]) for failed in first["errors"]}
    assert failures == {("qala-online", "blocked"), ("ilek-ekspress", "truncated")}
    assert first["entries"]["new"] == first["articles"] > 50
    assert first["stories"]["reprints"] > 0
    second = json.loads(monitor(home, press, "once", "--all", "--json"))
    assert (second["entries"]["new"], second["articles"], second["alerts"]["queued"]) == (0, 0, 0)
    assert second["feeds"]["unchanged"] == 13, "all but the one that was cut off: it is asked for as if never seen"
    assert json.loads(monitor(home, press, "once", "--json"))["feeds"]["due"] == 0, "nothing is due so soon"


def test_a_full_disk_is_said_in_one_line(home, press):
    """Results that cannot be written end the command with a sentence, no traceback and no number of an error."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "feeds", "export"],
            env=environment(home, press),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=CYCLE_SECONDS,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode() == (
        "monitor: the disk is full. Make room and try again; what was kept before is still there.\n"
    )


def test_a_reader_who_has_seen_enough_is_no_error(home, press):
    """`monitor … | head -1` ends well and says nothing on stderr."""
    running = subprocess.Popen(
        [sys.executable, "-m", "monitor", "match", "--jsonl", "-"],
        env=environment(home, press),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    running.stdout.close()
    _, said = running.communicate(b'{"title": "strike"}\n' * 100, timeout=CYCLE_SECONDS)
    assert (running.returncode, said) == (0, b"")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full. Make room"),
        (
            OSError(errno.EROFS, "Read-only file system", "data/x"),
            "may not write or read data/x (Read-only file system).",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "data/x"),
            "may not write or read data/x (Permission denied).",
        ),
        (ValueError("odd"), "unexpected ValueError: odd"),
    ],
)
def test_what_the_machine_did_is_told_in_words(error, said):
    """No number of an error; what nobody thought of keeps its name, so that it can be reported."""
    assert said in in_words(error)


def test_a_database_that_is_none_says_so(home, press):
    """Some other file in its place is named, and what to do."""
    (home / "data").mkdir()
    (home / "data" / "monitor.db").write_text("not a database at all, " * 100)
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "search"],
        env=environment(home, press),
        capture_output=True,
        timeout=CYCLE_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("monitor: the file monitor.db is no database.")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("digest", "--date", "next friday"), "'next friday' is not a day. Write it as 2026-11-20 or 20.11.2026."),
        (("search", "--since", "2026-02-30"), "'2026-02-30' is not a day."),
        (("digest", "--date", "01.01.2999"), "2999-01-01 has not come yet; there is no letter of it."),
        (("digest", "--date", "2999-01-01", "--dry-run"), "2999-01-01 has not come yet"),
    ],
)
def test_a_day_is_one_that_there_was(home, capsys, command, said):
    """Days are written in either of two ways; what is none, and what is still to come, is refused in plain words."""
    assert main(["--config-dir", str(home / "config"), "--data-dir", str(home / "data"), *command]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_status_search_and_digest_work_beside(home, press):
    """After a cycle the status is good, the archive can be searched with inflected forms, the letter looked at."""
    assert "nothing was ever read" in monitor(home, press, "status", code=1)
    monitor(home, press, "once", "--all")
    status = json.loads(monitor(home, press, "status", "--json"))
    assert (status["stale"], status["coverage"]["read"], status["coverage"]["watched"]) == (False, 14, 15)
    assert status["coverage"]["line"].startswith("14 of 15")
    assert [blind["reason"] for blind in status["coverage"]["blind"]] == ["blocked"]
    found = json.loads(monitor(home, press, "search", "забастовки", "--json"))
    assert found
    assert all(row["url"].startswith(press.base) for row in found)
    for form in ("забастовка", "забастовкой", "забастовками"):
        assert json.loads(monitor(home, press, "search", form, "--json")) == found, form
    assert monitor(home, press, "search", "забастовки", "--csv").startswith("seen_at,outlet,title")
    assert monitor(home, press, "search", "несуществующееслово") == ""
    page = home / "letter.html"
    monitor(home, press, "digest", "--preview", str(page))
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(monitor(home, press, "digest", "--json"))["subject"]


def test_files_are_for_their_owner_alone(home, press):
    """Whatever the umask, nobody else reads the database, the previews or the key."""
    before = os.umask(0o022)
    try:
        monitor(home, press, "once", "--all")
    finally:
        os.umask(before)
    data = home / "data"
    assert data.stat().st_mode & 0o777 == 0o700
    loose = [str(path) for path in data.rglob("*") if path.stat().st_mode & 0o077]
    assert loose == []


def test_a_dry_run_shows_what_would_be_said_and_keeps_nothing(tmp_path):
    """It says what the real run then says, beside a daemon's lock, and leaves the data directory as it was."""
    data = tmp_path / "data"
    with loopback.Press() as press:
        write_config(tmp_path / "config", [{"id": "lada", "url": press.url("lada"), "lang": "ru", "full_text": False}])
        press.print("lada", ["Нефтяники Жанаозена объявили забастовку"])

        def once(*words):
            return monitor(tmp_path, SimpleNamespace(address=press.place), "once", "--all", *words)

        first = json.loads(once("--dry-run", "--json"))
        assert first["alerts"]["sent"] == 0
        assert any("Жанаозен" in line["text"] for line in first["messages"])
        assert list(data.iterdir()) == [], "a first look at a new source leaves no archive behind"
        with instance_lock(data):
            assert "Нефтяники Жанаозена" in once("--dry-run")
        once("--wait", "0")
        with closing(open_database(data / "monitor.db").conn) as conn:
            kept = conn.execute(
                "SELECT ref, json_extract(body, '$.text') FROM messages ORDER BY priority, id"
            ).fetchall()
        assert [(line["ref"], line["text"]) for line in first["messages"]] == kept
        assert "Nothing would be said" in once("--dry-run")


def test_two_instances_do_not_run(home, press):
    """The second one says who holds the directory and exits with 75, at once."""
    (home / "data").mkdir()
    command = [sys.executable, "-m", "monitor", "run"]
    with subprocess.Popen(command, env=environment(home, press), stderr=subprocess.PIPE, text=True) as first:
        assert next(line for line in first.stderr if "running" in line)
        monitor(home, press, "once", code=75)
        monitor(home, press, "run", code=75)
        first.send_signal(signal.SIGTERM)
        first.stderr.read()
        assert first.wait(10) == 0, "SIGTERM ends with 0"


@pytest.mark.parametrize("killing", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_daemon_leaves_work_that_the_next_run_completes(home, press, killing):
    """Killed in the middle of its first cycle, nothing is lost and nothing is said twice."""
    command = [sys.executable, "-m", "monitor", "run"]
    with subprocess.Popen(command, env=environment(home, press), stderr=subprocess.PIPE, text=True) as daemon:
        assert next(line for line in daemon.stderr if "running" in line)
        daemon.send_signal(killing)
        daemon.stderr.read()
    monitor(home, press, "once", "--all")
    summary = json.loads(monitor(home, press, "once", "--all", "--json"))
    assert (summary["articles"], summary["alerts"]["waiting"]) == (0, 0)
    with closing(open_database(home / "data" / "monitor.db").conn) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("SELECT count(*) FROM messages WHERE state <> 'sent'").fetchone() == (0,)
        titles = conn.execute("SELECT count(*) - count(DISTINCT feed_id || url) FROM articles").fetchone()
        assert titles == (0,)


def test_usage_and_settings_are_explained(home, press):
    """A word nobody knows, a setting that cannot be used: exit 2 and a sentence, no traceback."""
    for words, more in ((["nonsense"], {}), (["once", "--wat"], {}), (["once"], {"MONITOR_DIGEST_AT": "25:99"})):
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *words],
            env=environment(home, press, **more),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


def test_bad_files_stop_a_first_start_and_not_a_later_one(home, press):
    """Without a good configuration nothing starts; with one kept, a bad file runs the kept one and says so."""
    keywords = home / "config" / "keywords.yaml"
    good = keywords.read_text("utf-8")
    keywords.write_text(good.replace("severity: urgent", "severity: loud"), "utf-8")
    monitor(home, press, "once", "--all", code=2)
    keywords.write_text(good, "utf-8")
    monitor(home, press, "once", "--all")
    keywords.write_text("topics: [", "utf-8")
    assert json.loads(monitor(home, press, "once", "--all", "--json"))["feeds"]["ok"] == 13
    assert "keywords.yaml:1" in monitor(home, press, "status")
