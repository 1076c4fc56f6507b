"""`monitor feeds` as maintainers type it: real files, a real press on loopback, results on stdout alone."""

import io
import json
import sys
from datetime import timedelta

import pytest

from monitor.app.environment import now
from monitor.cli import main
from monitor.config.files import read_feeds
from monitor.model import FeedState, Standing
from monitor.newsroom.outlets import write_feeds
from monitor.newsroom.press import Press
from monitor.schema import open_database, transaction
from monitor.store import feeds as feed_store
from monitor.text.times import stamp
from walking import KEYWORDS

FIRST = "  # The shore, kept.\n  - id: kaspiy-bereg\n"


@pytest.fixture(scope="module")
def press():
    """The newsroom on loopback, its slow feed quick."""
    with Press(drip=0.0) as running:
        running.act = 2
        yield running


@pytest.fixture
def home(tmp_path, press, monkeypatch):
    """A configuration that watches the newsroom; the path of its feeds file."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "MONITOR_CONFIG_DIR": "config",
        "MONITOR_DATA_DIR": "data",
        "MONITOR_ALLOW_HOSTS": press.address,
        "MONITOR_HOST_INTERVAL": "0s",
    }.items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "config"
    config.mkdir()
    path = write_feeds(config, press.base)
    path.write_text(path.read_text("utf-8").replace("  - id: kaspiy-bereg\n", FIRST), "utf-8")
    (config / "keywords.yaml").write_text(KEYWORDS, "utf-8")
    return path


def without(path, feed_id):
    """Take the last feed, which must be this one, out of the file."""
    text = path.read_text("utf-8")
    path.write_text(text[: text.index(f"  - id: {feed_id}\n")], "utf-8")
    return path.read_bytes()


def monitor(capsys, *words, code=0):
    """What a command prints; its exit code must be `code`."""
    capsys.readouterr()
    assert main(["feeds", *words]) == code
    return capsys.readouterr().out


# ── list ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("home")
def test_before_anything_was_read_all_are_new(capsys):
    """And the list says how to begin."""
    told = monitor(capsys, "list").splitlines()
    assert told[0].split() == ["health", "source", "read", "news", "remark"]
    assert told[1].split() == ["new", "kaspiy-bereg", "–", "–"]
    assert told[-2:] == [
        "15 sources: 15 new",
        "Nothing was ever read here; start with `monitor once` or `monitor run`.",
    ]


def test_what_needs_a_look_comes_first(home, capsys):
    """Trouble with its reason, then the rest in the order of the file; how much is seen comes last."""
    text = home.read_text("utf-8")
    home.write_text(f"{text}    # A guess.\n    enabled: false\n", "utf-8")
    assert main(["once", "--all", "--wait", "0"]) == 0
    told = monitor(capsys, "list").splitlines()
    assert told[1].startswith(
        "blocked  qala-online     –     –     a bot check (Cloudflare) instead of a feed (blocked)"
    )
    assert "burovaya-vahta" not in "".join(told)
    assert told[-3].startswith("15 sources: 1 blocked, ")
    assert told[-2].startswith("13 of 14 watched sources read. 1 known one is not watched. Blind: Qala Online since ")
    assert told[-1] == "`--all` shows those that are switched off, and why."
    assert monitor(capsys, "list", "--all").splitlines()[-3].split()[:2] == ["off", "burovaya-vahta"]
    assert [line.split()[1] for line in monitor(capsys, "list", "--health", "blocked").splitlines()[1:-3]] == [
        "qala-online"
    ]
    records = {one["id"]: one for one in json.loads(monitor(capsys, "list", "--json"))}
    assert len(records) == 15
    assert (records["qala-online"]["health"], records["qala-online"]["error_kind"]) == ("blocked", "blocked")
    assert records["kaspiy-bereg"]["remark"] == "The shore, kept."
    assert records["kaspiy-bereg"]["last_news"] == "2026-11-20T07:40:00Z"
    assert (records["burovaya-vahta"]["health"], records["burovaya-vahta"]["enabled"]) == ("off", False)


def test_every_illness_is_told_in_words(home, capsys):
    """What is the matter, for how long, and what a person can do; the worst first."""
    at = now()
    signs = [["title", "Лада", "Лучшие онлайн казино"]]
    memories = {
        "ilek-ekspress": {"gap": True},
        "dala-habar": {"garbled": True},
        "birlik": {"moved": {"to": "https://birlik.example/", "count": 3}},
        "kenshi-kray": {"count": 0, "rate": 1.0},
        "ozen-zharshysy": {"quarantine": {"at": stamp(at), "signs": signs, "identity": None}},
        "shymqala-uni": {},
    }
    (home.parent.parent / "data").mkdir()
    db = open_database(home.parent.parent / "data" / "monitor.db")
    with transaction(db):
        feed_store.sync(db, read_feeds(home), at)
        for feed_id, memory in memories.items():
            times = dict.fromkeys(("polled_at", "good_at"), at - timedelta(hours=2))
            feed_store.polled(db, FeedState(feed_id=feed_id, memory={"new_at": stamp(at)} | memory, **times))
    db.conn.close()
    told = [line.split(maxsplit=4) for line in monitor(capsys, "list").splitlines()[1:7]]
    assert [row[:3] for row in told] == [
        ["quarantined", "ozen-zharshysy", "2h"],
        ["garbled", "dala-habar", "2h"],
        ["emptied", "kenshi-kray", "2h"],
        ["moved", "birlik", "2h"],
        ["gap", "ilek-ekspress", "2h"],
        ["new", "kaspiy-bereg", "–"],
    ]
    assert "Лучшие онлайн казино" in told[0][4]
    assert told[0][4].endswith("If it is the outlet after all: `monitor feeds trust ozen-zharshysy`")
    assert told[1][4] == "its letters are damaged, for 2h"
    assert told[2][4] == "answers, and nothing is in it, for 2h"
    assert told[3][4] == "has moved for good to https://birlik.example/: write that address"
    assert told[4][4].startswith("shares no item with the time before")


def test_a_mistyped_file_is_told_whole(home, capsys):
    """Exit 2, every mistake with its place."""
    home.write_text(home.read_text("utf-8").replace("lang:", "langg:", 2), "utf-8")
    for words in (["list"], ["test", "kaspiy-bereg"], ["add", "x.example"], ["export"]):
        assert main(["feeds", *words]) == 2
        told = capsys.readouterr().err.splitlines()
        assert [line.split(" ")[0] for line in told] == ["config/feeds.yaml:9:5:", "config/feeds.yaml:18:5:"]
        assert "Did you mean `lang`?" in told[0]


# ── test ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("home")
def test_a_source_shows_what_would_come_out(capsys):
    """Every item with date, headline and topics, the pages that were read, the count; as JSON with positions."""
    told = monitor(capsys, "test", "kaspiy-bereg").splitlines()
    assert told[0] == "Каспийский берег (Ақтау)  rss · ru · local · independent · KZ-47"
    assert told[1].endswith("/kaspiy-bereg/rss.xml: 200, text/xml, 7 kB, 10 items")
    assert told[2].split() == ["topics", "date,", "Almaty", "headline"]
    assert next(line for line in told if line.startswith("urgent: strike")).endswith("начали забастовку")
    assert told[-2].startswith("10 items: 1 urgent")
    assert told[-1] == "pages: 3 of 3 read, 798 to 1360 characters"
    record = json.loads(monitor(capsys, "test", "kaspiy-bereg", "--pages", "0", "--json"))
    assert (record["feed"], record["ok"], len(record["items"])) == ("kaspiy-bereg", True, 10)
    (struck,) = [item for item in record["items"] if item["verdict"] == "urgent"]
    assert struck["topics"][0]["hits"][0]["form"] == "забастовку"
    assert struck["page"] is None


def test_an_address_is_tried_without_an_entry(home, press, capsys):
    """Its kind is found out; the file is not touched."""
    before = without(home, "ertis-ainasy")
    record = json.loads(monitor(capsys, "test", f"{press.base}/ertis-ainasy/rss.xml", "--json"))
    assert (record["kind"], record["title"], record["ok"]) == ("rss", "Ертіс айнасы", True)
    assert home.read_bytes() == before


@pytest.mark.usefixtures("home")
def test_several_give_a_line_each_and_one_failure_is_exit_1(press, capsys):
    """What gives nothing comes first."""
    told = monitor(capsys, "test", "birlik", "qala-online", f"{press.base}/none", code=1).splitlines()
    assert [line.split()[:2] for line in told] == [
        ["answer", "source"], ["blocked", "qala-online"], ["status", "new"], ["ok", "birlik"],
    ]  # fmt: skip
    assert "404 Not Found (status)" in monitor(capsys, "test", f"{press.base}/none", code=1)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kaspi-bereg", "there is no source `kaspi-bereg`. Did you mean `kaspiy-bereg`?"),
        ("zzz", "there is no source `zzz`. `monitor feeds list --all` shows all."),
        ("ftp://a.example/x", "`ftp://a.example/x` is not a web address."),
    ],
)
def test_what_cannot_be_meant_is_exit_2(typed, said, capsys):
    """With the nearest id."""
    assert main(["feeds", "test", typed]) == 2
    assert said in capsys.readouterr().err


# ── add ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_source_is_added_and_every_other_byte_stays(home, press, capsys):
    """Described by what it says; the entry and its line are told."""
    before = without(home, "ertis-ainasy")
    url = f"{press.base}/ertis-ainasy/rss.xml"
    told = monitor(capsys, "add", url, "--id", "ertis", "--standing", "union", "--every", "20m", "--note", "Why: no.")
    assert home.read_bytes().startswith(before)
    assert (
        home.read_bytes()[len(before) :].decode().startswith("  # Why: no.\n  - id: ertis\n    title: Ертіс айнасы\n")
    )
    assert told.splitlines()[-1].startswith("Written to config/feeds.yaml, line 109.")
    added = read_feeds(home)[-1]
    assert (added.lang, added.standing, added.every_min.seconds, added.full_text) == ("ru", Standing.UNION, 1200, True)
    assert f"{url} is there already, as `ertis`." in refused(capsys, "add", url)
    assert "is there already, as `ertis`." in refused(capsys, "add", url.replace("/rss.xml", "//rss.xml?utm_source=x"))
    assert "the id `ertis` is that of http://" in refused(capsys, "add", "other.example", "--id", "ertis")


def refused(capsys, *words):
    """Why a command ends with 1."""
    assert main(["feeds", *words]) == 1
    return capsys.readouterr().err


def test_what_does_not_answer_is_only_added_switched_off(home, press, capsys):
    """A guess is kept as one; nothing is lost by trying."""
    before = home.read_bytes()
    assert "404 Not Found (status); nothing was added." in refused(capsys, "add", f"{press.base}/none")
    assert home.read_bytes() == before
    monitor(capsys, "add", f"{press.base}/none", "--off", "--dry-run")
    assert home.read_bytes() == before
    record = json.loads(monitor(capsys, "add", f"{press.base}/none", "--off", "--json"))
    assert (record["added"], read_feeds(home)[-1].enabled) == (True, False)
    told = refused(capsys, "add", f"{press.base}/none")
    assert (
        f"is there already, as `{record['id']}`. It is switched off; `monitor feeds on {record['id']}` reads it."
        in told
    )


def test_on_a_terminal_only_the_voice_is_asked(home, press, capsys, monkeypatch):
    """Everything else was found out; --yes asks nothing at all."""

    class Terminal(io.StringIO):
        """A person who types `union`."""

        def isatty(self):
            return True

    without(home, "ertis-ainasy")
    typed = Terminal("union\n")
    monkeypatch.setattr(sys, "stdin", typed)
    monitor(capsys, "add", f"{press.base}/ertis-ainasy/rss.xml")
    assert read_feeds(home)[-1].standing is Standing.UNION
    assert typed.read() == "", "one answer was read, and there was one question"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.example", "--id", "A b"], "use small Latin letters, digits and dashes"),
        (["a b"], "`https://a b` has a space or an invisible character"),
    ],
)
def test_what_makes_no_sense_is_exit_2(words, said, capsys):
    """Before anybody is asked."""
    assert main(["feeds", "add", *words]) == 2
    assert said.removeprefix("`https://a b` ") in capsys.readouterr().err


# ── on and off ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sources_are_switched_off_and_on(home, capsys):
    """One line of each entry changes, with the reason above it; what is so already is left alone."""
    before = home.read_text("utf-8")
    assert monitor(capsys, "off", "birlik", "kaspiy-bereg", "--note", "Silent.", "--dry-run").count("would be") == 2
    assert home.read_text("utf-8") == before
    told = monitor(capsys, "off", "birlik", "kaspiy-bereg", "birlik", "--note", "Silent.")
    assert told.splitlines()[:2] == ["birlik: switched off", "kaspiy-bereg: switched off"]
    assert {feed.id for feed in read_feeds(home) if not feed.enabled} == {"birlik", "kaspiy-bereg"}
    assert [line.split(maxsplit=4)[4] for line in monitor(capsys, "list", "--health", "off").splitlines()[1:3]] == [
        "The shore, kept. Silent.",
        "Silent.",
    ]
    assert home.read_text("utf-8").replace("    # Silent.\n    enabled: false\n", "") == before
    assert monitor(capsys, "on", "birlik", "dala-habar") == "birlik: switched on\ndala-habar: is on already\n"
    assert {feed.id for feed in read_feeds(home) if not feed.enabled} == {"kaspiy-bereg"}
    assert main(["feeds", "off", "kaspiy-bereg", "birlig"]) == 2
    assert "there is no source `birlig`. Did you mean `birlik`?" in capsys.readouterr().err


# ── import and export ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_exported_is_imported_whole(home, capsys, tmp_path):
    """Into an empty file: the same sources, in the same order; a second time nothing is new."""
    monitor(capsys, "export", "list.opml", "--all")
    assert "nowhere/list.opml cannot be written (No such file or directory)" in refused(
        capsys, "export", "nowhere/list.opml"
    )
    before = read_feeds(home)
    home.unlink()
    told = monitor(capsys, "import", "list.opml").splitlines()
    assert told[-1] == "15 sources in the file, 15 added."
    assert read_feeds(home) == before
    assert monitor(capsys, "import", str(tmp_path / "list.opml")).splitlines()[-1] == "15 sources in the file, 0 added."


def test_an_import_may_ask_first(home, press, capsys, monkeypatch):
    """What answers is described by what it says, what does not is added switched off with the reason."""
    without(home, "ertis-ainasy")
    body = f"""<opml><body><outline text="Folder">
      <outline text="Ертіс" xmlUrl="{press.base}/ertis-ainasy/rss.xml"/><outline text="Gone" xmlUrl="{press.base}/gone"/>
    </outline></body></opml>"""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body.encode())))
    record = json.loads(monitor(capsys, "import", "-", "--online", "--json"))
    assert [one["outcome"] for one in record["sources"]] == ["added", "off"]
    living, dead = read_feeds(home)[-2:]
    assert (living.title, living.scope, living.enabled, dead.enabled) == ("Ертіс", "global", True, False)
    assert "  # Imported from the folder Folder. It did not answer: 404 Not Found.\n" in home.read_text("utf-8")


@pytest.mark.usefixtures("home")
def test_a_list_that_is_none_is_exit_2(tmp_path, capsys):
    """A saved web page, for one."""
    (tmp_path / "page.html").write_text("<html></html>", "utf-8")
    assert main(["feeds", "import", "page.html"]) == 2
    assert "page.html is no OPML file: it does not begin with <opml>" in capsys.readouterr().err
