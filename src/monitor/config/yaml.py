"""A YAML file in, nodes out; after a syntax error it goes on, to find the next one as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from monitor.config.blocks import find_blocks
from monitor.config.nodes import Builder, MapNode, Node, TooMuchError
from monitor.config.problems import Problems
from monitor.config.runs import find_runs, without
from monitor.config.syntax import ODD, Mistake, explain, indentation, odd_character, tabs

# 10,000 terms are 0.4 MB, which ruamel.yaml reads in a second.
MOST_BYTES = 2_000_000
# After this many syntax errors, or this much text read again and again, somebody opened the wrong file.
MOST_MISTAKES = 20
MOST_READING = 4_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says. `root` is None when nothing could be made of it; `holes` are the lines left out, from 1."""

    root: Node | None
    holes: tuple[range, ...] = ()

    def lost_part_of(self, node: Node) -> bool:
        """Whether lines were left out of this node: what it lacks may have stood there."""
        if not isinstance(node, MapNode):
            return bool(self.holes)
        return any(hole.start <= node.end_line and node.line <= hole.stop for hole in self.holes)


def read_document(path: Path, problems: Problems) -> Document:
    """The nodes of a file; whatever is wrong with it as a file, as text or as YAML is noted in `problems`."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        problems.error(1, 1, "This file is missing.", "Put it there, or name its folder with --config-dir.")
        return Document(None)
    except OSError as error:
        problems.error(1, 1, f"This file cannot be read ({error.strerror}).", "Check that it is a file you may read.")
        return Document(None)
    if len(body) > MOST_BYTES:
        problems.error(1, 1, f"This file is larger than {MOST_BYTES // 10**6} MB.", "Is it the right file?")
        return Document(None)
    try:
        return read_text(body.decode("utf-8-sig"), problems)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8-sig", errors="replace").split("\n")
        hint = "Save the file again as UTF-8; editors offer that as an encoding under Save As."
        problems.error(len(before), len(before[-1]) + 1, "From here on this is not text in UTF-8.", hint)
        return Document(None)


def read_text(text: str, problems: Problems) -> Document:
    """The nodes of a YAML text; what is wrong with it is noted in `problems`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not any(line.strip() and not line.lstrip().startswith("#") for line in lines):
        problems.error(1, 1, "This file is empty.", "It begins with `version: 1`.")
        return Document(None)
    holes: list[range] = []
    for number, line in enumerate(lines):
        if odd := odd_character(line):
            problems.error(number + 1, odd[0] + 1, odd[1], "Take it out.")
            lines[number] = ODD.sub(" ", line)
    for mistake in [*tabs(lines)][:MOST_MISTAKES]:
        _note(mistake, lines, problems, holes)
    for _ in range(min(MOST_MISTAKES, MOST_READING // len(text) + 1)):
        builder, stumbled = _read_once(lines, problems.path)
        if stumbled is None:
            problems.take(builder.problems)
            return Document(builder.root, tuple(holes))
        if not _note(stumbled, lines, problems, holes):
            break
    return Document(None, tuple(holes))


def _read_once(lines: Sequence[str], path: str) -> tuple[Builder, Mistake | None]:
    """Read to the end, or to the first syntax error; the quick way, unless a run was none."""
    blocks = list(find_blocks(lines))
    runs = blocks + find_runs(without(blocks, lines))
    while True:
        builder = Builder(Problems(path), runs)
        stumbled = _feed(builder, without(runs, lines), lines)
        reached = stumbled.line if stumbled else len(lines)
        if all(run.line > reached for run in builder.missed.values()):
            return builder, stumbled
        runs = [] if stumbled else [run for run in runs if (run.line, run.column) not in builder.missed]


def _feed(builder: Builder, told: Sequence[str], lines: Sequence[str]) -> Mistake | None:
    r"""Tell the builder what the parser finds in `told`; the first mistake that stops it, explained with all `lines`.

    ValueError and its kin come from escapes such as `"\UFFFFFFFF"`. The parser is the one in Python even where
    ruamel.yaml's C parser is installed: that one is of YAML 1.1 and refuses {url: https://example.org}.
    """
    try:
        for event in YAML(typ="safe", pure=True).parse("\n".join(told)):
            builder.take(event)
    except TooMuchError as error:
        return Mistake(*builder.place, error.what, error.hint, keep_reading=False)
    except (YAMLError, ValueError, OverflowError) as error:
        return explain(error, lines, builder.place)
    return None


def _note(mistake: Mistake, lines: list[str], problems: Problems, holes: list[range]) -> bool:
    """Note a mistake and blank its line with all that hangs below it; False when reading cannot go on."""
    problems.error(mistake.line, mistake.column, mistake.what, mistake.hint)
    first = min(mistake.cut or mistake.line, len(lines)) - 1
    while first >= 0 and not lines[first].strip():
        first -= 1
    if first < 0 or not mistake.keep_reading:
        return False
    depth, after = indentation(lines[first]), first + 1
    while after < len(lines) and (not lines[after].strip() or indentation(lines[after]) > depth):
        after += 1
    lines[first:after] = [""] * (after - first)
    holes.append(range(first + 1, after + 1))
    return True
