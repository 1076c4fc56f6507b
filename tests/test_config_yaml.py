"""A YAML file as text: every slip of the hand is told in plain words, at its place, and reading goes on."""

from pathlib import Path

import pytest

from monitor.config.nodes import MOST_DEPTH, Node
from monitor.config.problems import Problems
from monitor.config.yaml import MOST_BYTES, MOST_MISTAKES, Document, read_document, read_text

LINE_UP = "Names of one entry, and items of one list, begin in the same column; indent with spaces only."
SPECIAL = "has a special meaning at the beginning of a text."
ESCAPE = (
    "A backslash in double quotes begins a code, and this one is unknown. "
    "Use single quotes: there a backslash is a backslash."
)
AFTER = (
    "More text follows after the closing quote. "
    "Put the whole text in quotes; if it has quotes inside, use the other kind around it."
)
TYPE_SPACES = "Delete them and type spaces, as many as the lines beside it have."
COMMAS = "Separate the parts with commas, as in {id: a, url: b} and [one, two]."


def read(text: str) -> tuple[Document, list[str]]:
    """The document and what is wrong with it, as people see it."""
    problems = Problems("f.yaml")
    document = read_text(text, problems)
    return document, [str(problem) for problem in problems]


def plain(node: Node | None) -> object:
    """A node without its places."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    return [plain(item) for item in node] if isinstance(node, list) else node and str(node)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n  - {id: b url: c}\n", f"2:12: A comma is missing before `url`. {COMMAS}"),
        ('a: ["b" "c"]\n', f'1:9: A comma is missing before `"c"`. {COMMAS}'),
        (
            "a: {b: c,\n    d: e\n    f: g}\n",
            f"3:5: A comma is missing before `f`. {COMMAS} Or close the `{{` of line 1.",
        ),
        ("a: [b, c\nd: e\n", "1:4: This `[` is not closed. Put `]` where it ends."),
        ("a:\n  - {b: c\n  - {d: e}\n", "2:5: This `{` is not closed. Put `}` where it ends."),
        ("a: {b: [c, d: [e, f]}\n", "1:8: This `[` is not closed. Put `]` where it ends."),
        ("a: [b, c", "1:4: This `[` is not closed. Put `]` where it ends."),
        ("a: 'b\nc: d\n", "1:4: This quote is not closed. Put the same quote at the end of the text."),
        ('- a: "b\n  c: "d"\n', "1:6: This quote is not closed. Put the same quote at the end of the text."),
        ('- a: "b\n  c: d\n- e: "f"\n', "1:6: This quote is not closed. Put the same quote at the end of the text."),
        ("a: b: c\n", "1:5: A colon and a space stand inside a text. Put the whole text in quotes."),
        ("- a: b\n    c: d\n", f"2:5: This line does not line up with the lines above. {LINE_UP}"),
        ("a:\n  - b: c\n   d: e\n", f"3:4: This line does not line up with the lines above. {LINE_UP}"),
        ("a:\n  b: c\n  - d\n", f"3:3: This line does not line up with the lines above. {LINE_UP}"),
        (
            "- a: b\n  c d\n  e: f\n",
            "2:3: A colon is missing in this line. Write `name: value`, or `- ` before an item.",
        ),
        ("- a: b\n  url:https://c\n", "2:7: A space is missing after the colon. Write `name: value`."),
        ("a:\n\t- b\n", "2:1: This line is indented with a tab. Use spaces, as many as the lines beside it have."),
        (
            "- a: b\n  \u00a0c: d\n",
            f"2:3: This line is indented with characters that look like spaces and are none. {TYPE_SPACES}",
        ),
        ("- a\n \t- b\n", "2:2: This line is indented with a tab. Use spaces, as many as the lines beside it have."),
        ("- *стачка\n", f"1:3: `*` {SPECIAL} Take it out: a term stands for all its forms."),
        ("- *b\n", f"1:3: `*` {SPECIAL} Take it out: a term stands for all its forms."),
        ("- @a\n", f"1:3: `@` {SPECIAL} Put the text in quotes."),
        ("- `a`\n", f"1:3: A backtick {SPECIAL} Put the text in quotes."),
        ("- !КНПРК\n", f"1:3: `!` {SPECIAL} Put the text in quotes."),
        ("- !a b\n", f"1:3: `!` {SPECIAL} Put the text in quotes."),
        ("- & b\n", f"1:3: `&` {SPECIAL} Put the text in quotes."),
        ("- > 50 b\n", f"1:3: `>` {SPECIAL} Put the text in quotes."),
        ('- "re:/\\d/"\n', f"1:3: {ESCAPE}"),
        ('a: "b" (c)\n', f"1:8: {AFTER}"),
        ("a: - b\n", "1:4: A list begins on a line of its own. Move the `- ` to the next line and indent it."),
        ("- ]\n", "1:3: `]` is not expected here. Take it out, or put the text in quotes."),
        ("a: {{b}}\n", "1:5: A name is expected here, before the colon. Brackets need quotes in a text."),
        ("a: b\na: c\n", "2:1: `a` stands here a second time; the first is in line 1. Keep one of the two."),
        ("a: b\n---\nc: d\n", "2:1: A second document begins here; only one is read. Take out the line `---`."),
        ("a: b\x00c\n", "1:5: An invisible character (U+0000) stands here. Take it out."),
        ("a: b\u2028c\n", "1:5: An invisible character (U+2028) stands here. Take it out."),
        ('a: "b\\0"\n', "1:5: An invisible character (U+0000) stands here. Take it out."),
        ("%YAML 3.0\n---\na: b\n", "1:1: This cannot be read as YAML. Compare it with the lines around it."),
        ("a: {<<: b}\n", "1:5: `<<` takes over another mapping. Write `<<: *name`."),
        ("", "1:1: This file is empty. It begins with `version: 1`."),
        ("# only\n\n  # words\n", "1:1: This file is empty. It begins with `version: 1`."),
    ],
)
def test_a_slip_is_told_in_plain_words_at_its_place(text, said):
    """One slip gives one line, and that line names the remedy."""
    assert read(text)[1] == [f"f.yaml:{said}"]


def test_reading_goes_on_after_a_syntax_error():
    """Several syntax errors are told at once, and what stands between them is read."""
    text = "a: b: c\nd: [e, f\ng: 'h\ni:\n  j: k\n  - l\nm: n\n"
    document, said = read(text)
    assert [line.split(" ")[0] for line in said] == ["f.yaml:1:5:", "f.yaml:2:4:", "f.yaml:3:4:", "f.yaml:6:3:"]
    assert plain(document.root) == {"i": {"j": "k"}, "m": "n"}


@pytest.mark.parametrize(
    "text",
    [
        "a: {" + "b" * 100_000 + ", c: d e: f}",
        "a: [" + "b , " * 5_000,
        "a: [b " + " " * 100_000 + "c d, e f] g",
        "- b" + " " * 100_000 + '"',
        '- "' + "b" * 100_000,
    ],
)
def test_a_long_line_costs_what_its_length_costs(text):
    """No line makes the reader look at it again and again: a quadratic look would take minutes."""
    assert len(read(text)[1]) == (0 if text.startswith("- b") else 1)


def test_what_hangs_below_a_bad_line_is_left_out_with_it():
    """The children of an unreadable line are no further mistakes; the lost lines are remembered."""
    document, said = read("- a: b: c\n  d: e\n- f: g\n")
    assert len(said) == 1
    assert plain(document.root) == [{"f": "g"}]
    assert document.holes == (range(1, 3),)


def test_only_so_many_syntax_errors_are_told():
    """A file that is no YAML at all ends after a screenful of lines."""
    assert len(read("a: b: c\n" * 500)[1]) == MOST_MISTAKES


@pytest.mark.parametrize("text", ["no", "yes", "on", "12:30", "0o17", "2011", "1.0", "true", "2026-03-01"])
def test_a_scalar_stays_the_text_that_was_written(text):
    """YAML 1.2, and stricter: only a field decides what its text means."""
    assert plain(read(f"a: {text}\n")[0].root) == {"a": text}


@pytest.mark.parametrize("nothing", ["", "~", "null", "# nothing"])
def test_nothing_is_the_empty_text_after_its_name(nothing):
    """An empty value is told where it should stand, not where the next one does."""
    root = read(f"b: c\na: {nothing}\nd: e\n")[0].root
    assert (root["a"], root["a"].line, root["a"].column) == ("", 2, 3)


def test_nodes_know_where_their_first_character_stands():
    """Lines and columns count from 1, code points, and begin inside the quotes."""
    root = read("ж: [б, 'в', \"г\"]\n")[0].root
    assert [(item.line, item.column) for item in root["ж"]] == [(1, 5), (1, 9), (1, 14)]
    assert (root.names()[0].line, root.names()[0].column) == (1, 1)


def test_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path):
    """Files of any editor are read alike."""
    path = tmp_path / "f.yaml"
    path.write_bytes("\ufeffa: b\r\nc: d\r\n".encode())
    problems = Problems("f.yaml")
    assert plain(read_document(path, problems).root) == {"a": "b", "c": "d"}
    assert not list(problems)


def test_anchors_and_merges_work():
    """What is written once may be used twice, and the nearer word counts."""
    document, said = read("a: &x {b: c, d: e}\nf: {<<: *x, b: g}\nh: *x\ni:\n  <<: [*x, {j: k}]\n")
    assert not said
    assert plain(document.root) == {
        "a": {"b": "c", "d": "e"},
        "f": {"b": "g", "d": "e"},
        "h": {"b": "c", "d": "e"},
        "i": {"b": "c", "d": "e", "j": "k"},
    }


def test_a_bomb_of_aliases_is_refused():
    """Aliases of aliases that stand for billions of items end at a bound."""
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 12)
    )
    (said,) = read(text)[1]
    assert said.endswith("The aliases (`*name`) make this file more than 400000 parts long.")


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 900 + "a", "a: &a [*a]"])
def test_depth_is_bounded(text):
    """Nesting beyond sense is told, not suffered."""
    document, said = read(text)
    assert len(said) == 1
    assert "[*a]" in text or f"more than {MOST_DEPTH} deep" in said[0]
    assert document.root is None or "[*a]" in text


RUN = "".join(f"  - б{number}\n" for number in range(9))


def test_a_long_plain_list_keeps_every_place():
    """What is read line by line has the text and the place that the parser would give it; comments may follow."""
    root = read(f"а:\n{RUN}  -  в г  # д\n  - 'е'\n")[0].root
    assert plain(root["а"]) == [*(f"б{number}" for number in range(9)), "в г", "е"]
    assert [(item.line, item.column) for item in root["а"]] == [*((line, 5) for line in range(2, 11)), (11, 6), (12, 6)]
    assert (root["а"].line, root["а"].column) == (2, 3)


@pytest.mark.parametrize(
    "before", ["а: |\n", "а: >\n", "а: 'ж\n", 'а: "ж\n', "а: ж\n", "- ж\n", "а: &b\n", "а: !c\n", "[\n"]
)
def test_what_looks_like_a_long_list_is_read_as_what_it_is(before, monkeypatch):
    """Inside a longer text, lines of `- word` are text; the quick way gives exactly what the slow one gives."""
    text = before + RUN + {"'": "  '\n", '"': '  "\n', "[": "]\n"}.get(before.strip()[-2:-1] or before.strip(), "")
    quick, said = read(text)
    monkeypatch.setattr("monitor.config.yaml.find_runs", lambda _lines: [])
    monkeypatch.setattr("monitor.config.yaml.find_blocks", lambda _lines: [])
    slow, said_slowly = read(text)
    assert said == said_slowly
    assert plain(quick.root) == plain(slow.root)


def test_a_missing_file_is_told(tmp_path):
    """The first line of a file that is not there."""
    problems = Problems("f.yaml")
    assert read_document(tmp_path / "f.yaml", problems).root is None
    assert [str(problem) for problem in problems] == [
        "f.yaml:1:1: This file is missing. Put it there, or name its folder with --config-dir."
    ]


def test_a_folder_is_not_a_file(tmp_path):
    """What cannot be read is told with the system's own word."""
    problems = Problems("f.yaml")
    read_document(tmp_path, problems)
    assert [str(problem) for problem in problems] == [
        "f.yaml:1:1: This file cannot be read (Is a directory). Check that it is a file you may read."
    ]


def test_another_encoding_is_told_where_it_begins(tmp_path):
    """A windows-1251 file is refused at the first byte that is no UTF-8."""
    path = tmp_path / "f.yaml"
    path.write_bytes("a: b\nc: за".encode("windows-1251"))
    problems = Problems("f.yaml")
    assert read_document(path, problems).root is None
    (said,) = map(str, problems)
    assert said.startswith("f.yaml:2:4: From here on this is not text in UTF-8. Save the file again as UTF-8;")


def test_a_huge_file_is_not_read(tmp_path):
    """Beyond two megabytes it is the wrong file."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    problems = Problems("f.yaml")
    assert read_document(path, problems).root is None
    assert [str(problem) for problem in problems] == [
        "f.yaml:1:1: This file is larger than 2 MB. Is it the right file?"
    ]


def test_an_endless_file_is_not_read_to_its_end():
    """A device that never ends is cut off like any huge file."""
    problems = Problems("zero")
    assert read_document(Path("/dev/zero"), problems).root is None
    assert len(list(problems)) == 1
