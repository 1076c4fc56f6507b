"""Changing `feeds.yaml` by program: what was asked for is in it afterwards, and every other byte stays as it was."""

import difflib
import stat
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import exchange
from monitor.config.editing import switched, with_feeds
from monitor.config.entry import short_duration
from monitor.config.feeds import make_feeds
from monitor.config.problems import Problems
from monitor.config.remarks import remarks
from monitor.config.values import duration
from monitor.config.yaml import read_text
from monitor.errors import ConfigError
from monitor.model import Feed, Standing
from paths import ROOT

SHIPPED = (ROOT / "config/feeds.yaml").read_text("utf-8")
PLAIN = Feed(id="new-one", url="https://new.example/rss", title="New")
RICH = Feed(
    id="rich",
    url="https://rich.example/rss?a=1&b=#c",
    title='Время: "новости" # 1',
    lang="kk",
    scope="global",
    standing=Standing.UNION,
    region="KZ-47",
    every_min=timedelta(minutes=5),
    every_max=timedelta(minutes=90),
    full_text=True,
    aliases=("a.example", "b.example"),
    blocked_in=("KZ",),
    proxy="tor",
    select={"item": "article.news > a", "title": "h3"},
    enabled=False,
)
BELOW = """\
# head, kept
version: 1
defaults: {lang: kk, full_text: true}   # for all
feeds:

  # about a
  - id: a      # slug
    url: https://a.example/
    title: >
      A long
      title

  - id: b
    url: https://b.example/
# the end, kept
"""
TIGHT = 'version: 1\nfeeds:\n- {id: a, url: "https://a.example"} # x\n- {id: b, url: "https://b.example"}'
SHAPES = {
    "below": BELOW,
    "tight": TIGHT,
    "windows": BELOW.replace("\n", "\r\n"),
    "no last line end": BELOW.removesuffix("# the end, kept\n").rstrip("\n"),
    "byte order mark": "\ufeff" + BELOW,
    "brackets": '{"version": 1, "feeds": [{"id": "a", "url": "https://a.example"}]} # kept\n',
    "empty list": "# kept\nversion: 1\nfeeds: []\n",
    "comment last": TIGHT + "\n# - {id: c, url: x}\n",
    "more below": "feeds:\n  - {id: a, url: https://a.example}\nversion: 1\n",
    "shipped": SHIPPED,
}


def feeds_in(text: str) -> tuple[Feed, ...]:
    """What a text says; there must be no mistake in it."""
    problems = Problems("f")
    feeds = make_feeds(read_text(text.removeprefix("\ufeff"), problems), problems)
    assert not problems.errors
    return feeds


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_added_is_there_and_all_else_is_as_it_was(shape):
    """Whatever the layout: the old feeds, then the new ones with every field; old lines are untouched where they can be."""
    text = SHAPES[shape]
    grown = with_feeds(text, [PLAIN, RICH], "f", {"rich": "Found by hand.\nTwice."})
    assert feeds_in(grown.text) == (*feeds_in(text), PLAIN, RICH)
    assert [comment for comment in ("kept", "slug", "for all") if comment in text and comment not in grown.text] == []
    if shape not in {"brackets", "empty list"}:
        lines = [line for line in difflib.ndiff(text.splitlines(True), grown.text.splitlines(True)) if line[0] in "-?"]
        ended = text.endswith("\n")
        assert lines == [] if ended else [line for line in lines if line[0] == "-"] == [f"- {text.splitlines()[-1]}"]
        assert "# Found by hand. Twice.\n" in grown.text.replace("\r\n", "\n")


def test_line_ends_stay_what_they_are():
    """A file from Windows has no lone newline afterwards; a byte order mark is not doubled."""
    grown = with_feeds(SHAPES["windows"], [PLAIN], "f").text
    assert grown.count("\n") == grown.count("\r\n") == SHAPES["windows"].count("\n") + 6
    assert with_feeds(SHAPES["byte order mark"], [PLAIN], "f").text.count("\ufeff") == 1


def test_an_entry_says_no_more_than_it_must():
    """What the defaults of the file say is left out, what differs from them is said."""
    added = with_feeds(BELOW, [PLAIN], "f").added
    assert added.splitlines() == [
        "  - id: new-one",
        "    title: New",
        "    url: https://new.example/rss",
        "    lang: ru",
        "    full_text: false",
    ]


def test_the_line_of_the_first_new_entry_is_told():
    """Editors jump there."""
    grown = with_feeds(BELOW, [PLAIN], "f", {"new-one": "Why."})
    assert grown.text.splitlines()[grown.line - 1] == "  - id: new-one"


def test_a_file_that_is_not_there_is_begun():
    """With the line by which editors complete names."""
    text = with_feeds("", [PLAIN], "f").text
    assert text.startswith("# yaml-language-server: $schema=./feeds.schema.json\nversion: 1\nfeeds:\n  - id: new-one\n")


def test_a_file_with_mistakes_is_left_alone():
    """All mistakes are told, as `monitor check` tells them."""
    with pytest.raises(ConfigError, match=r"(?s)f:3:10: .*f:5:5: `titel`"):
        with_feeds("version: 1\nfeeds:\n  - {id: A, url: https://a.example}\n  - id: b\n    titel: x\n", [PLAIN], "f")


def test_what_would_say_something_else_is_refused():
    """Two feeds with one id are no file; the lines to put in by hand are part of the answer."""
    with pytest.raises(ConfigError, match=r"(?s)A program cannot change this file\. .*by hand:\n  - id: a\n"):
        with_feeds(BELOW, [Feed(id="a", url="https://new.example/")], "f")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), min_size=1))
def test_any_title_survives(title):
    """Quotes, colons, hashes, brackets and numbers in a title are its own affair."""
    title = " ".join(title.split())
    if title and "\ufeff" not in title:
        assert (
            feeds_in(with_feeds(TIGHT, [Feed(id="c", url="https://c.example/", title=title)], "f").text)[2].title
            == title
        )


# ── on and off ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("shape", ["below", "tight", "windows", "brackets"])
def test_a_feed_is_switched_off_and_on_again(shape):
    """Nothing else changes what it says; comments stay."""
    text = SHAPES[shape]
    off = switched(text, "a", "f", on=False)
    assert [feed.enabled for feed in feeds_in(off)][:2] == [False, *[True] * (len(feeds_in(text)) - 1)]
    assert feeds_in(switched(off, "a", "f", on=True)) == feeds_in(text)
    assert ("kept" in text) == ("kept" in off)


def test_a_switch_is_a_line_with_its_reason():
    """Put in after the entry's last line; or the word is exchanged where the line is there already."""
    off = switched(BELOW, "b", "f", on=False, note="Silent since March.")
    assert "    url: https://b.example/\n    # Silent since March.\n    enabled: false\n# the end, kept\n" in off
    on = switched(off.replace("enabled: false", "enabled:   false # now"), "b", "f", on=True)
    assert "    enabled:   true # now\n" in on


def test_a_feed_that_is_not_there_cannot_be_switched():
    """The caller knows better hints."""
    with pytest.raises(KeyError):
        switched(BELOW, "zz", "f", on=True)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_exchanged_whole_and_keeps_its_permissions(tmp_path):
    """A link stays a link; nothing is left beside it."""
    path, link = tmp_path / "feeds.yaml", tmp_path / "link.yaml"
    path.write_text("one", "utf-8")
    path.chmod(0o640)
    link.symlink_to(path)
    exchange.write(link, "one", "два\r\n")
    assert (path.read_bytes().decode(), link.is_symlink()) == ("два\r\n", True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["feeds.yaml", "link.yaml"]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(tmp_path):
    """An editor's save wins."""
    path = tmp_path / "feeds.yaml"
    path.write_text("theirs", "utf-8")
    with pytest.raises(ConfigError, match=r"feeds\.yaml:1:1: Somebody else changed this file just now\."):
        exchange.write(path, "ours", "new")
    assert path.read_text("utf-8") == "theirs"


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """It is not made by surprise; who may not write there can have the lines put in by somebody else."""
    with pytest.raises(ConfigError, match=r"cannot be written \(No such file or directory\)\. .*--dry-run prints the"):
        exchange.write(tmp_path / "no" / "feeds.yaml", "", "two")


def test_what_is_no_text_is_told(tmp_path):
    """A file in another encoding is not made worse."""
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"This is not text in UTF-8\."):
        exchange.read(path)
    assert exchange.read(tmp_path / "none") == ""


# ── small things ─────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(min_value=0, max_value=400 * 86_400_000))
def test_a_span_is_written_as_it_is_read(milliseconds):
    """Days to milliseconds."""
    span = timedelta(milliseconds=milliseconds)
    assert duration(short_duration(span)) == span


def test_a_remark_is_the_comment_above_an_entry_or_its_switch():
    """Several lines are one; a blank line parts a heading of a section from the entry below it."""
    head = "feeds:\n  # ── Section ──\n\n  # One,\n  #   two.\n  - id: a\n  - {id: b}\n  # Three.\n  - { id: 'c'}\n"
    off = "  # Four.\n  - id: d\n    # no reason\n    lang: kk\n    # Silent.\n    enabled: false\n"
    assert remarks(head + off) == {"a": "One, two.", "c": "Three.", "d": "Four. Silent."}
