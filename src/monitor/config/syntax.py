"""Syntax errors of YAML in plain words: what a person did, where, and what mends it.

The parser knows where it stumbled, seldom why. `explain` looks at what it was doing and at the line itself. Lines and
columns of a Mistake count from 1.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

# Not allowed in YAML, or invisible and never meant: controls, other line ends, surrogates, a stray byte order mark.
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
TAB = re.compile(r" *\t[ \t]*(?=[^\s#])")
# Blanks that word processors and web pages put where a space looks the same.
BLANK = re.compile(r" *[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]\s*(?=[^\s#])")
# Where a value may begin, with its quote.
QUOTE = re.compile(r"(?:^|[\[{,]|- |: )\s*([\"'])")
CLOSED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
COMMENT = re.compile(r"(?:^|\s)#")
# `url:https` where `url: https` is meant.
GLUED = re.compile(r"[\w-]+:(?=\S)")
SEPARATORS = re.compile(r"[\s,{\[:]+")
# How far above the place where the parser stumbles we look for the quote that was not closed.
QUOTE_LINES = 10
UNCLOSED = ("This quote is not closed.", "Put the same quote at the end of the text.")
CROOKED = (
    "This line does not line up with the lines above.",
    "Names of one entry, and items of one list, begin in the same column; indent with spaces only.",
)


class Mistake(NamedTuple):
    """One syntax error. Reading may go on without line `cut` (0: its own line) unless it says otherwise."""

    line: int
    column: int
    what: str
    hint: str
    cut: int = 0
    keep_reading: bool = True


def indentation(line: str) -> int:
    """How deep a line is indented; a tab reaches to the next eighth column, as most editors show it."""
    return len(line[: len(line) - len(line.lstrip())].expandtabs())


def odd_character(text: str) -> tuple[int, str] | None:
    """The first character that no text of ours may hold: its offset and what is wrong."""
    found = ODD.search(text)
    return (found.start(), f"An invisible character (U+{ord(found[0]):04X}) stands here.") if found else None


def tabs(lines: Sequence[str]) -> Iterator[Mistake]:
    """Every line that is indented with a tab, or with blanks that only look like spaces.

    YAML would take some of them for the end of the line above.
    """
    for number, line in enumerate(lines, start=1):
        if TAB.match(line):
            what = "This line is indented with a tab."
            yield Mistake(number, line.index("\t") + 1, what, "Use spaces, as many as the lines beside it have.")
        elif BLANK.match(line):
            what = "This line is indented with characters that look like spaces and are none."
            hint = "Delete them and type spaces, as many as the lines beside it have."
            yield Mistake(number, len(line) - len(line.lstrip(" ")) + 1, what, hint)


def special(sign: str) -> tuple[str, str]:
    """What is wrong with a text that begins with `sign`, and the remedy."""
    hint = "Take it out: a term stands for all its forms." if sign == "*" else "Put the text in quotes."
    return f"`{sign}` has a special meaning at the beginning of a text.".replace("```", "A backtick"), hint


class Stumble(NamedTuple):
    """Where a parser stopped (`at`), and since where it had been doing what it did; both may lie beyond the end."""

    lines: Sequence[str]
    at: tuple[int, int]
    since: tuple[int, int]
    doing: str

    def line(self, number: int) -> str:
        """A line of the file, empty beyond its end."""
        return self.lines[number - 1] if number <= len(self.lines) else ""

    def character(self, place: tuple[int, int]) -> str:
        """What stands at a place; empty at the end of a line."""
        return self.line(place[0])[place[1] - 1 : place[1]]


def explain(error: Exception, lines: Sequence[str], place: tuple[int, int]) -> Mistake:
    """What a parser's error means. `place` is the last thing it understood, for errors that do not say where."""
    context, problem = getattr(error, "context", None) or "", getattr(error, "problem", None) or "escape"
    at = _place(error, "problem_mark") or place
    stumble = Stumble(lines, at, _place(error, "context_mark") or at, f"{context} {problem}")
    for words, told in CERTAIN.items():
        if words in stumble.doing:
            return told(stumble)
    if quote := _open_quote_above(lines, at):
        return Mistake(*quote, *UNCLOSED)
    return next((told(stumble) for words, told in LIKELY.items() if words in stumble.doing), None) or _other(stumble)


def _place(error: Exception, name: str) -> tuple[int, int] | None:
    """A mark of the parser as line and column."""
    mark = getattr(error, name, None)
    return (mark.line + 1, mark.column + 1) if mark else None


def _escape(stumble: Stumble) -> Mistake:
    what = "A backslash in double quotes begins a code, and this one is unknown."
    return Mistake(*stumble.since, what, "Use single quotes: there a backslash is a backslash.")


def _unclosed(stumble: Stumble) -> Mistake:
    return Mistake(*stumble.since, *UNCLOSED)


def _special(stumble: Stumble) -> Mistake:
    """A text that begins with a sign YAML keeps for itself."""
    return Mistake(*stumble.since, *special(stumble.character(stumble.since)))


def _open_quote_above(lines: Sequence[str], place: tuple[int, int]) -> tuple[int, int] | None:
    """The nearest quote at or above a place that its own line does not close."""
    last = min(place[0], len(lines))
    for number in range(last, max(0, last - QUOTE_LINES), -1):
        column = _open_quote(lines[number - 1])
        if column and (number, column) < place:
            return number, column
    return None


def _open_quote(line: str) -> int | None:
    """The column of a quote that begins a value on this line and is not closed on it."""
    position = 0
    while found := QUOTE.search(line, position):
        if COMMENT.search(line, position, found.end()):
            return None
        closed = CLOSED[found[1]].match(line, found.end() - 1)
        if not closed:
            return found.end()
        position = closed.end()
    return None


def _no_colon(stumble: Stumble) -> Mistake:
    """A line that should be `name: value` and is not."""
    line, column = stumble.since
    if glued := GLUED.match(stumble.line(line), column - 1):
        return Mistake(line, glued.end() + 1, "A space is missing after the colon.", "Write `name: value`.")
    return Mistake(line, column, "A colon is missing in this line.", "Write `name: value`, or `- ` before an item.")


def _comma_or_bracket(stumble: Stumble) -> Mistake:
    """Inside `{…}` or `[…]`: no comma between two parts, or no end."""
    (line, column), (first, _) = stumble.at, stumble.since
    bracket, text = stumble.character(stumble.since), stumble.line(line)
    ends = not text[column - 1 :].strip() or text[column - 1] in "]}"
    if ends or (line > first and indentation(text) <= indentation(stumble.line(first))):
        closing = "]" if bracket == "[" else "}"
        return Mistake(*stumble.since, f"This `{bracket}` is not closed.", f"Put `{closing}` where it ends.")
    if stumble.character(stumble.at) == ":":
        part = SEPARATORS.split(text[: column - 1].rstrip())[-1]
        column = text.rindex(part, 0, column - 1) + 1
    else:
        part = text[column - 1 :].split(",")[0].rstrip("]} ")
    hint = "Separate the parts with commas, as in {id: a, url: b} and [one, two]."
    if line > first:
        hint += f" Or close the `{bracket}` of line {first}."
    return Mistake(line, column, f"A comma is missing before `{part}`.", hint, cut=first)


def _early_list(stumble: Stumble) -> Mistake:
    return Mistake(*stumble.at, "A list begins on a line of its own.", "Move the `- ` to the next line and indent it.")


def _colon(stumble: Stumble) -> Mistake:
    """A colon that cannot be one between a name and its value."""
    line, column = stumble.at
    if ": " in stumble.line(line)[: column - 1].lstrip(" -"):
        return Mistake(*stumble.at, "A colon and a space stand inside a text.", "Put the whole text in quotes.")
    return Mistake(line, len(stumble.line(line)) - len(stumble.line(line).lstrip()) + 1, *CROOKED)


def _crooked(stumble: Stumble) -> Mistake:
    """Something follows that does not continue the entry or the list."""
    line, column = stumble.at
    if stumble.line(line)[: column - 1].rstrip().endswith(('"', "'")):
        hint = "Put the whole text in quotes; if it has quotes inside, use the other kind around it."
        return Mistake(line, column, "More text follows after the closing quote.", hint)
    return Mistake(line, column, *CROOKED)


def _other(stumble: Stumble) -> Mistake:
    sign = stumble.character(stumble.at)
    if sign and sign in "]},":
        return Mistake(*stumble.at, f"`{sign}` is not expected here.", "Take it out, or put the text in quotes.")
    return Mistake(*stumble.at, "This cannot be read as YAML.", "Compare it with the lines around it.")


Told = Callable[[Stumble], Mistake]

# What the parser says it was doing, and who knows what that means. The first words that fit count; CERTAIN goes
# before, LIKELY after the question whether a quote above was left open, which trips the parser anywhere below it.
CERTAIN: dict[str, Told] = {
    "escape": _escape,
    "quoted scalar": _unclosed,
    "scanning for the next token": _special,
    "scanning an alias": _special,
    "scanning an anchor": _special,
    "ing a tag": _special,
    "ing an tag": _special,
    "scanning a block scalar": _special,
}
LIKELY: dict[str, Told] = {
    "scanning a simple key": _no_colon,
    "parsing a flow mapping": _comma_or_bracket,
    "parsing a flow sequence": _comma_or_bracket,
    "sequence entries are not allowed": _early_list,
    "mapping values are not allowed": _colon,
    "parsing a block mapping": _crooked,
    "parsing a block collection": _crooked,
}
