"""Whatever stands in the files: a result, or lines that people understand; never another exception."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import config_samples
from monitor.config import yaml
from monitor.config.blocks import find_blocks
from monitor.config.files import load, read_delivery, read_feeds, read_keywords
from monitor.config.nodes import MapNode, Node, TextNode
from monitor.config.problems import Problems
from monitor.config.yaml import read_text
from monitor.errors import ConfigError
from paths import ROOT

LINE = re.compile(r"[^:]+:\d+:\d+: \S.*", re.DOTALL)
READERS = (read_feeds, read_keywords, read_delivery)

# Pieces that YAML files of ours are made of, whole and broken.
PIECES = st.sampled_from(
    ["version: 1", "feeds:", "topics:", "any:", "ru:", "groups:", "defaults:", "id: a", "url: https://a.example/",
     "- ", "  ", "    ", "      ", "\t", "\n", "\n", "\n  - id: b\n", "{", "}", "[", "]", ",", ": ", ":", "'", '"', "&a ",
     "*a", "<<: ", "!x ", "|", ">", "#", " # c", "?", "---", "...", "%", "@", "`", "\\", '"\\U00110000"', '"\\ud800"',
     "no", "забастовка", "$workers ~3 $demand", "re:/(/", "null", "~", "every: 5m", "\ufeff", "\u2028", "\x00", "\x85",
     "title: {en: A}", "severity: urgent", "strike:", "\n        - слово" * 3, "places:",
     "\n  - {id: a, ru: [б, 'в'], en: []}" * 3, '[a, null, "b"]', "\n  - 'x'\n  # y\n  - null\n", "{a: ~, b: c, a: d}", "1" * 30,
     "\n  - id: a\n    url: https://a.example/\n" * 3, "\n  - id: b\n    every: {min: 5m}\n", "\n    title: a b\n"]
)  # fmt: skip
SLIPS = st.sampled_from([*"\t :-#'\"[]{},!&*|>%@\n\\~?x1", "", "  ", "\n- ", ": ", "[]", "{}", "\U0001f600", "<<: "])
GOOD = st.sampled_from([config_samples.FEEDS, config_samples.KEYWORDS, config_samples.DELIVERY])


@st.composite
def slipped(draw: st.DrawFn) -> str:
    """A good file with a few slips of the hand: something typed in, something lost."""
    text = draw(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(SLIPS) + text[place + draw(st.sampled_from([0, 0, 1, 2, 5, 40])) :]
    return text


TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200), slipped())


def complaints(read: Callable[[Path], object], path: Path) -> list[str]:
    """What a reader says against a file; a refusal without a reason is a complaint without words."""
    try:
        read(path)
    except ConfigError as error:
        return [str(problem) for problem in error.problems] or [""]
    return []


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that every example writes anew."""
    return tmp_path_factory.mktemp("fuzz") / "f.yaml"


@given(body=st.one_of(st.binary(max_size=300), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_result_or_lines(path, body):
    """The three readers take anything."""
    path.write_bytes(body)
    assert all(LINE.fullmatch(line) for read in READERS for line in complaints(read, path))


@given(text=TEXTS)
@example(text="a: &strikes\n  - слово\n  - слово\n  - слово\nb: *strikes\n")
@example(text="&strikes\n- слово\n- слово\n- слово\n")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_long_lists_are_read_as_the_parser_would(text):
    """A good text gives the same nodes at the same places the quick way and the slow one; a bad one fails both."""
    assert_read_alike(text)


def assert_read_alike(text: str) -> None:
    """The quick way and the slow one say the same of a text."""
    quick = Problems("f")
    document = read_text(text, quick)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "find_runs", lambda _lines: [])
        patch.setattr(yaml, "find_blocks", lambda _lines: [])
        slow = Problems("f")
        read_slowly = read_text(text, slow)
    assert bool(quick.errors) == bool(slow.errors)
    if not slow.errors:
        assert placed(read_slowly.root) == placed(document.root)


BLOCKS = """feeds:
  - id: a  # why
    url: https://a.example/rss?x=1&y=2
    every: {min: 5m, max: 1h}
    # a note

    aliases: [b.example, "c"]
  - id: b
    title: 'Два слова'
  - id: c
    select:
      item: div
  - id: d
  - id: e
    title: ends here
"""


@pytest.mark.parametrize(
    "change",
    [
        ("", ""),
        ("    url", "     url"),
        ("    title: 'Два слова'", "    title: Два\n      слова"),
        ("  - id: b", "   - id: b"),
        ("  - id: b", "  -   id: b"),
        ("    title: 'Два", "    id: 'Два"),
        ("feeds:", "feeds: |"),
        ("  - id: a  #", "  - id: a #"),
        ("x=1&y=2", "x=1#y"),
        ("x=1&y=2", "x: 1"),
        ("  - id: d\n", "  - id: d\n\nother:\n"),
        ("  - id: c\n", "  - word\n  - id: c\n"),
        ("https", "&anchor https"),
    ],
)
def test_mappings_below_one_another_are_read_as_the_parser_would(change):
    """Sources of a few plain lines each are read the quick way, to the same nodes at the same places."""
    assert_read_alike(BLOCKS.replace(*change))


def test_the_shipped_sources_are_read_the_quick_way():
    """Most lines of the feeds.yaml that ships never reach the parser, and are read alike."""
    text = (ROOT / "config" / "feeds.yaml").read_text("utf-8")
    lines = text.split("\n")
    spared = sum(len(run.items) for run in find_blocks(lines))
    assert spared > 0.5 * text.count("\n  - id: ")
    assert_read_alike(text)


def placed(node: Node | None) -> object:
    """A node with all its places (a mapping before a long list may seem to end where the list does)."""
    if node is None or isinstance(node, TextNode):
        return node and (str(node), node.line, node.column, node.folded)
    if isinstance(node, MapNode):
        return (node.line, node.column, [(placed(key), placed(node[key])) for key in node.names()])
    return (node.line, node.column, [placed(item) for item in node])


@pytest.mark.heavy
@given(
    bodies=st.lists(
        st.one_of(st.binary(max_size=2000), TEXTS.map(lambda text: text.encode("utf-8", "replace"))),
        min_size=3,
        max_size=3,
    )
)
@settings(max_examples=2000, deadline=None)
def test_any_three_files_give_a_configuration_or_lines(tmp_path_factory, bodies):
    """The same for a whole folder, longer."""
    folder = tmp_path_factory.getbasetemp()
    for name, body in zip(("feeds.yaml", "keywords.yaml", "delivery.yaml"), bodies, strict=True):
        (folder / name).write_bytes(body)
    assert all(LINE.fullmatch(line) for line in complaints(load, folder))
