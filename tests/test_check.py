"""`monitor check`: what it prints and how it ends; and with --online, what the outside world says."""

import json
from datetime import timedelta

import pytest

from config_samples import FEEDS, KEYWORDS
from fake_smtp import Mailroom, mail_server
from fake_telegram import TOKEN, FakeTelegram
from monitor.app.probes import Probe, probe_destinations
from monitor.app.tryout import try_feeds
from monitor.app.wire import open_wire
from monitor.cli import main
from monitor.cli.tryout import newest
from monitor.config.settings import Settings, Smtp
from monitor.model import Feed
from monitor.newsroom.press import Press
from paths import ROOT
from wire import ok, serve

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>
<item><title>B</title><link>https://a.example/1</link><guid>1</guid><pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate></item>
<item><title>C</title><link>https://a.example/2</link><guid>2</guid></item></channel></rss>"""
CLOCK_HINT = 'Write hours and minutes with two digits each, such as "07:30".'
EXAMPLE = 'match: ["Нефтяники Жанаозена объявили забастовку"]'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A good `config` below the current folder, and no setting of this machine."""
    monkeypatch.chdir(tmp_path)
    for name in ("MONITOR_CONFIG_DIR", "MONITOR_DATA_DIR", "MONITOR_DIGEST_AT"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    config.mkdir()
    (config / "feeds.yaml").write_text(FEEDS, "utf-8")
    # The topic of the sample asks for a company of which it names none.
    (config / "keywords.yaml").write_text(KEYWORDS.replace(EXAMPLE, "match: []"), "utf-8")
    return config


def spoil(path, old, new):
    """Write a mistake into a file."""
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.usefixtures("folder")
def test_good_files_end_with_0_and_say_what_there_is(capsys):
    """Warnings first, then how much there is of everything."""
    assert main(["check"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-4] == "feeds: 1 read (1 rss), 1 switched off"
    assert told[-3] == "topics: 1 live, 1 on trial · terms: 23 · places: 1 · names: 1"
    assert "languages: en, kk, ru · channels: email, preview, telegram" in told[-2]
    assert told[-1].startswith("examples: 1 tried, 0 failed · ")
    assert all(": warning: " in line for line in told[:-4])


def test_what_has_a_remedy_stands_last(folder, capsys):
    """What only says how a word is understood does not hide a comma that was probably forgotten."""
    spoil(folder / "keywords.yaml", "        - забастовка\n", "        - забастовка бастовать\n        - жапырдак\n")
    assert main(["check"]) == 0
    warnings = [line for line in capsys.readouterr().out.splitlines() if ": warning: " in line]
    (remark,) = [place for place, line in enumerate(warnings) if "«жапырдак»: not in the dictionary" in line]
    (comma,) = [place for place, line in enumerate(warnings) if "looks like two terms" in line]
    assert remark < comma


def test_every_mistake_is_a_result_and_ends_with_2(folder, capsys, monkeypatch):
    """Settings and files, one per line, on stdout."""
    monkeypatch.setenv("MONITOR_DIGEST_AT", "soon")
    spoil(folder / "feeds.yaml", "lang: kk", "lang: kz")
    spoil(folder / "keywords.yaml", "severity: normal", "severity: loud")
    assert main(["check"]) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"settings: MONITOR_DIGEST_AT is not a time of day. {CLOCK_HINT}",
        "config/feeds.yaml:3:30: `kz` is not possible here. Did you mean `kk`?",
        "config/keywords.yaml:38:15: `loud` is not possible here. Known here: urgent, normal, digest.",
        "3 mistakes; nothing was changed.",
    ]


@pytest.mark.usefixtures("folder")
def test_a_wrong_setting_alone_ends_with_2(capsys, monkeypatch):
    """Good files do not help."""
    monkeypatch.setenv("MONITOR_DIGEST_AT", "soon")
    assert main(["check", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["settings"][0].startswith("settings: MONITOR_DIGEST_AT ")


@pytest.mark.usefixtures("folder")
def test_a_misspelt_setting_is_a_warning(capsys, monkeypatch):
    """It does not change the end."""
    monkeypatch.setenv("MONITOR_CONTACTS", "x")
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("settings: warning: MONITOR_CONTACTS is not a setting. Did you mean ")


def test_an_example_that_fails_ends_with_1(folder, capsys):
    """It is told at its place, with what was found instead."""
    spoil(folder / "keywords.yaml", "match: []", 'match: ["Погода в Жанаозене"]')
    assert main(["check"]) == 1
    assert any(line.startswith("config/keywords.yaml:34:16: ") for line in capsys.readouterr().out.splitlines())


def test_the_folder_may_be_named(folder, capsys, monkeypatch):
    """--config-dir goes before the setting."""
    monkeypatch.setenv("MONITOR_CONFIG_DIR", "/nowhere")
    assert main(["--config-dir", str(folder), "check"]) == 0
    assert "1 rss" in capsys.readouterr().out


def test_json_has_the_same_in_parts(folder, capsys):
    """Problems with path, line and column; counts by name."""
    assert main(["check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["feeds"] == {"read": {"rss": 1}, "off": 1}
    assert told["warnings"][0].keys() == {"path", "line", "column", "what", "hint", "level"}
    spoil(folder / "feeds.yaml", "lang: kk", "lang: kz")
    assert main(["check", "--json"]) == 2
    (mistake,) = json.loads(capsys.readouterr().out)["mistakes"]
    assert (mistake["path"], mistake["line"], mistake["column"]) == ("config/feeds.yaml", 3, 30)


def test_the_files_that_ship_have_no_mistake(capsys):
    """A fresh clone passes its own check."""
    assert main(["--config-dir", str(ROOT / "config"), "check"]) in {0, 1}
    assert "no mistakes" in capsys.readouterr().out


# ── --online ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_source_is_asked_at_once(clock):
    """One that answers says how much it has; each that does not says why; in the order of the file."""
    pages = {"/good": ok(RSS, "Content-Type: application/rss+xml"), "/page": ok(b"<html><p>Hello</p></html>")}
    async with serve(pages) as server:
        settings = Settings(allow_hosts=frozenset({server.place}), host_interval=timedelta(0))
        feeds = [
            Feed(id="good", url=server.url("/good")),
            Feed(id="page", url=server.url("/page")),
            Feed(id="private", url="http://127.0.0.2:1/"),
        ]
        heard = []
        async with open_wire(settings, clock=clock) as wire:
            good, *bad = await try_feeds(wire, feeds, lambda trial: heard.append(trial.feed.id))
    assert (good.ok, len(good.items), newest(good)) == (True, 2, "2026-03-01T09:00:00Z")
    assert [(trial.feed.id, trial.kind) for trial in bad] == [("page", "not-a-feed"), ("private", "private-address")]
    assert sorted(heard) == ["good", "page", "private"]


def test_online_asks_what_is_enabled_and_nothing_else(folder, capsys, monkeypatch):
    """What gives nothing comes first, with exit 1; a word of comfort where nothing could be reached at all."""
    monkeypatch.setenv("MONITOR_HOST_INTERVAL", "0s")
    with Press(drip=0.0) as press:
        press.act = 2
        monkeypatch.setenv("MONITOR_ALLOW_HOSTS", press.address)
        rows = [("good", "/birlik/news.rss", "true"), ("wall", "/qala-online/rss.xml", "true"), ("off", "/no", "false")]
        lines = [f"  - {{id: {name}, url: {press.base}{path}, enabled: {on}}}" for name, path, on in rows]
        (folder / "feeds.yaml").write_text("\n".join(["version: 1", "feeds:", *lines]), "utf-8")
        assert main(["check", "--online"]) == 1
        told = capsys.readouterr().out.splitlines()
        assert main(["check", "--online", "--json"]) == 1
        records = json.loads(capsys.readouterr().out)["online"]
    assert [line.split()[:2] for line in told[-5:-2]] == [["answer", "source"], ["blocked", "wall"], ["ok", "good"]]
    assert told[-2] == "online: 2 tried, 1 failed"
    assert [(one["subject"], one["ok"], one["kind"], one["items"]) for one in records] == [
        ("good", True, "", 4),
        ("wall", False, "blocked", 0),
    ]
    (folder / "feeds.yaml").write_text("version: 1\nfeeds: [{id: a, url: http://127.0.0.2:1/}]\n", "utf-8")
    monkeypatch.setenv("MONITOR_ALLOW_HOSTS", "127.0.0.2:1")
    assert main(["check", "--online"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("No source could be reached at all: is this machine ")


async def test_a_chat_is_tried_without_a_word(clock):
    """The right to post, for every chat the settings name; nothing is said, and no chat is named."""
    del clock
    async with FakeTelegram() as api:
        settings = Settings(
            telegram_token=TOKEN,
            telegram_api_url=api.url,
            addresses={"MONITOR_TELEGRAM_CHANNEL": "@news", "MONITOR_TELEGRAM_CHANNEL_WEST": "@nobody"},
        )
        good, bad = await probe_destinations(settings)
        assert api.said() == []
    assert good == Probe(subject="MONITOR_TELEGRAM_CHANNEL", said="can be told")
    assert (bad.subject, bad.ok) == ("MONITOR_TELEGRAM_CHANNEL_WEST", False)
    assert "@nobody" not in bad.said


async def test_the_mail_server_is_tried_once(tmp_path):
    """One login for all mailboxes; a wrong password shows."""
    addresses = {"MONITOR_ADMIN_EMAIL": "a@union.example", "MONITOR_DIGEST_TO": "b@union.example,c@union.example"}
    room = Mailroom()
    async with mail_server(room, tmp_path) as server:
        smtp = Smtp(
            host=server.host, port=server.port, user=server.user, password=server.password, ca_file=server.ca_file
        )
        settings = Settings(smtp=smtp, digest_from="monitor@union.example", addresses=addresses)
        assert await probe_destinations(settings) == [Probe(subject="MONITOR_ADMIN_EMAIL", said="can be told")]
        wrong = Settings(
            smtp=Smtp(host=smtp.host, port=smtp.port, user="monitor", password="wrong", ca_file=smtp.ca_file),
            digest_from="monitor@union.example",
            addresses=addresses,
        )
        (refused,) = await probe_destinations(wrong)
    assert not refused.ok
    assert room.letters == []
    assert len(room.greeted) >= 2


async def test_without_a_token_and_a_mail_server_there_is_nothing_to_try():
    """The preview needs no permission."""
    assert await probe_destinations(Settings(addresses={"MONITOR_TELEGRAM_CHANNEL": "@news"})) == []
