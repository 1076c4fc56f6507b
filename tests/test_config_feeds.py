"""`feeds.yaml`: the contract's file becomes feeds, and every mistake of meaning is one line with its remedy."""

from datetime import timedelta
from pathlib import Path

import pytest

from config_samples import FEEDS
from monitor.config.feeds import make_feeds
from monitor.config.files import read_feeds
from monitor.config.problems import Problems
from monitor.config.yaml import read_text
from monitor.errors import ConfigError
from monitor.model import Feed, Standing

HEAD = "version: 1\nfeeds:\n  - {id: a, url: https://a.example/}\n"


def wrong(text: str, proxies: frozenset[str] | None = None) -> list[str]:
    """What is wrong with the text of a feeds file."""
    problems = Problems("f")
    make_feeds(read_text(text, problems), problems, proxies)
    return [str(problem) for problem in problems]


def test_the_contracts_file_becomes_feeds(tmp_path):
    """Every field arrives; what a feed does not say the defaults say, and what they do not say the model says."""
    path = tmp_path / "feeds.yaml"
    path.write_text(FEEDS, encoding="utf-8")
    assert read_feeds(path) == (
        Feed(
            id="lada-kz",
            url="https://www.lada.kz/rss.xml",
            title="Лада (Ақтау)",
            lang="ru",
            scope="local",
            standing=Standing.STATE,
            region="KZ-47",
            every_min=timedelta(minutes=5),
            every_max=timedelta(minutes=90),
            full_text=True,
            aliases=("lada.example",),
            blocked_in=("KZ",),
            proxy="tor",
            enabled=False,
        ),
        Feed(
            id="qarmet-news",
            url="https://example.org/news",
            lang="kk",
            scope="global",
            every_min=timedelta(minutes=20),
            every_max=timedelta(minutes=20),
            select={"item": "article.news", "link": "a", "title": "h3", "date": "time"},
        ),
    )


SLUG = "Use small Latin letters, digits and dashes, such as lada-kz."
DURATION = "Write a number and a unit, such as 30s, 15m, 2h or 1d."
WEB = "Write it in full, beginning with https:// or http://."
LIST = "Write [one, two], or one item per line, each after `- `."
VALUE = "Write it after the colon, without brackets."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("titel: A", "4:5: `titel` is not known in a feed. Did you mean `title`?"),
        ("name: A", "4:5: `name` is not known in a feed. Did you mean `title`?"),
        ("colour: A", "4:5: `colour` is not known in a feed. Known here: "),
        ("kind: rrs", "4:11: `rrs` is not a kind of source. Did you mean `rss`?"),
        ("lang: rus", "4:11: `rus` is not possible here. Did you mean `ru`?"),
        ("lang: kz", "4:11: `kz` is not possible here. Did you mean `kk`?"),
        ("scope: globl", "4:12: `globl` is not possible here. Did you mean `global`?"),
        ("standing: free", "4:15: `free` is not possible here. Known here: independent, state, business, "),
        (
            "region: KZ-MAN",
            "4:13: `KZ-MAN` is not a region of Kazakhstan. That code was replaced in 2022: write KZ-47.",
        ),
        ("region: 47", "4:13: `47` is not a region of Kazakhstan. Write KZ-47."),
        ("region: no", "4:13: `no` is not a region of Kazakhstan. Write the ISO 3166-2 code, such as KZ-47 for "),
        ("every: 15 minutes", f"4:12: `15 minutes` is not a duration. {DURATION}"),
        ("every: 15", f"4:12: `15` is not a duration. {DURATION}"),
        ("every: {min: 2h, max: 1h}", "4:12: `min` is longer than `max`. Exchange them."),
        ("every: {min: 2h}", "4:12: `max` is missing in this pair of intervals. Add a line `max: …`."),
        ("every: [5m, 1h]", "4:12: A pair of intervals is written as `name: value`, one per line. Or in one line, "),
        (
            "time_zone: Almaty",
            "4:16: `Almaty` is not a time zone. Did you mean Asia/Almaty?",
        ),
        ("enabled: no", "4:14: `no` is neither true nor false. Write true or false."),
        ("full_text: [true]", f"4:16: One value belongs here, not several. {VALUE}"),
        ("title: {a: b}", f"4:12: One value belongs here, not several. {VALUE}"),
        ("title:", "4:11: Nothing is written here. Write a value, or delete it."),
        ("aliases: lada.kz", f"4:14: A list belongs here. {LIST}"),
        ("aliases: [https://b]", "4:15: `https://b` is not the name of a site. Write it without https:// and path, "),
        ("blocked_in: [kz]", "4:18: `kz` is not a country. Write its two capital letters, such as KZ."),
        ("proxy: Tor", f"4:12: `Tor` is not an id. {SLUG}"),
        ("select: {items: x}", "4:14: `items` is not known in a set of selectors. Did you mean `item`?"),
        ("id: b", "4:5: `id` stands here a second time; the first is in line 3. Keep one of the two."),
        ("every: 30s", "4:12: warning: `a` is asked more than once a minute. Servers may lock such a reader out; 5m "),
    ],
)
def test_a_wrong_line_of_a_feed_is_told(line, said):
    """One wrong line below a good feed gives exactly one message, at its value or its name."""
    (told,) = wrong(f"version: 1\nfeeds:\n  - id: a\n    {line}\n    url: https://a.example/\n")
    assert told == f"f:{said}" or (said.endswith((" ", ": ")) and told.startswith(f"f:{said}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("feeds: []\n", "1:1: `version` is missing in this feeds file. Add a line `version: 1`."),
        ("version: 1\n", "1:1: `feeds` is missing in this feeds file. Add a line `feeds: …`."),
        ("version: 2\nfeeds: []\n", "1:10: `2` is not a version we know. Write `version: 1`."),
        ("version: 1\nfeeds:\n", "2:7: Nothing is written here. Write a value, or delete it."),
        ("version: 1\nfeeds: x\n", f"2:8: A list belongs here. {LIST}"),
        ("version: 1\nfeeds: []\n", "2:1: warning: No feed is enabled: there is nothing to read."),
        ("- a\n", "1:1: A feeds file is written as `name: value`, one per line. Or in one line, as {id: a, url: b}."),
        ("version: 1\nfeeds: [x]\n", "2:9: A feed is written as `name: value`, one per line. Or in one line, as "),
        ("version: 1\nfeeds:\n  - id:a\n", "3:5: A space is missing after the colon. Write `name: value`."),
        ("version: 1\nfeeds:\n  - {id: a}\n", "3:5: `url` is missing in this feed. Add a line `url: …`."),
        ("version: 1\nfeeds:\n  - {kind: rss}\n", "3:5: `id` and `url` are missing in this feed. Add a line `id: …`."),
        (HEAD + "  - {id: a, url: https://b.example/}\n", "4:10: The id `a` is already that of the feed in line 3. "),
        (HEAD + "  - {id: b, url: https://a.example/}\n", "4:18: warning: The url `https://a.example/` is already "),
        (HEAD + "  - {id: B c, url: https://b.example/}\n", f"4:10: `B c` is not an id. {SLUG}"),
        (HEAD + "  - {id: b, url: b.example/rss}\n", f"4:18: `b.example/rss` is not a web address. {WEB}"),
        (HEAD + "  - {id: b, url: ftp://b.example/}\n", f"4:18: `ftp://b.example/` is not a web address. {WEB}"),
        (HEAD + "  - {id: b, url: 'https://b c/'}\n", "4:19: `https://b c/` has a space or an invisible character "),
        (HEAD + "default: {}\n", "4:1: `default` is not known in a feeds file. Did you mean `defaults`?"),
        (HEAD + "defaults: {url: x}\n", "4:12: `url` is not known in a set of defaults. Known here: "),
        (HEAD + "defaults: {every: often}\n", f"4:19: `often` is not a duration. {DURATION}"),
    ],
)
def test_a_wrong_file_is_told(text, said):
    """What is wrong with the file around the feeds, or between two of them."""
    (told,) = wrong(text)
    assert told == f"f:{said}" or (said.endswith(" ") and told.startswith(f"f:{said}"))


def test_a_kind_whose_file_is_not_written_yet_says_so(monkeypatch):
    """A known kind without a source is no typing error: it is not supported yet."""
    monkeypatch.setattr("monitor.config.feeds.kinds", lambda: frozenset({"rss"}))
    (told,) = wrong("version: 1\nfeeds: [{id: a, url: https://a.example/, kind: telegram}]\n")
    assert told == (
        "f:2:48: `telegram` is a kind of source that is not supported yet. Put # before its lines. Usable: rss."
    )


def test_a_new_file_in_sources_is_a_known_kind(monkeypatch):
    """Nothing is edited for a new kind: what the folder offers is known here."""
    monkeypatch.setattr("monitor.config.feeds.kinds", lambda: frozenset({"gopher"}))
    assert not wrong("version: 1\nfeeds: [{id: a, url: https://a.example/, kind: gopher}]\n")


def test_a_proxy_that_is_not_set_is_a_mistake():
    """A proxied feed never goes direct, so its proxy must be there, where the settings are known."""
    text = "version: 1\nfeeds: [{id: a, url: https://a.example/, proxy: tor}]\n"
    assert not wrong(text)
    assert not wrong(text, frozenset({"tor"}))
    assert wrong(text, frozenset()) == [
        "f:2:49: The proxy `tor` is not set. Set MONITOR_PROXY_TOR; without it the feed would be read directly."
    ]


def test_twelve_different_mistakes_are_told_at_once(tmp_path, monkeypatch):
    """One run of `monitor check` shows them all: text, syntax and meaning, in the order of the file."""
    monkeypatch.chdir(tmp_path)
    path = Path("config/feeds.yaml")
    path.parent.mkdir()
    path.write_text(TWELVE, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read_feeds(path.resolve())
    told = str(refused.value).splitlines()
    assert [line.split(" ")[0] for line in told] == [
        f"config/feeds.yaml:{place}:"
        for place in (
            "2:19", "4:9", "6:5", "7:10", "9:1", "10:12", "12:12", "13:11", "15:5", "16:12", "19:13", "21:9",
        )
    ]  # fmt: skip


TWELVE = """\
version: 1
defaults: {every: 15 minutes}
feeds:
  - id: Lada
    url: https://www.lada.kz/rss.xml
    titel: Лада
  - url: www.example.org
    id: tabbed
\tlang: ru
  - {id: x url: https://b.example}
  - id: quoted
    title: "Открыто
    kind: fax
    url: https://c.example/
  - id: silent
    every: {min: 2h, max: 1h}
  - id: orda
    url: https://d.example/
    title: a: b
    enabled: true
  - id: tabbed
    url: https://e.example/
"""


def test_a_closed_outlet_without_its_text_is_a_warning():
    """Its cards would lead nowhere; one whose entries bring the whole text needs no pages."""
    line = "version: 1\nfeeds: [{id: a, url: https://a.example/, blocked_in: [KZ]%s}]\n"
    (said,) = wrong(line % "")
    assert said.startswith("f:2:54: warning: Readers in KZ cannot open the links of `a`, and its cards carry only a ")
    assert not wrong(line % ", full_text: true")
    assert not wrong(line % ", kind: telegram")


def test_what_brings_its_whole_text_is_not_fetched_twice():
    """Whatever the defaults say; an entry may insist."""
    problems = Problems("f")
    text = """version: 1
defaults: {full_text: true}
feeds: [{id: a, url: https://t.me/s/a}, {id: b, url: https://t.me/s/b, kind: telegram},
        {id: c, url: https://t.me/s/c, kind: telegram, full_text: true}]"""
    feeds = make_feeds(read_text(text, problems), problems)
    assert [feed.full_text for feed in feeds] == [True, False, True]
