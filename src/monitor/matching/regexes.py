r"""Regular expressions of the keyword file: linear time, Unicode words, refused at load time when they mean less.

The engine is RE2: no backtracking, so no article can hang it. Its `\w`, `\d`, `\s` and `\b` know ASCII only
(`\bзабаст` never matches), so they are rewritten to Unicode classes; what cannot be rewritten is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import re2

from monitor.matching.terms import Pattern, TermError

_LETTER = r"\p{L}\p{M}\p{N}_"
_SPACE = r"\s\p{Z}\x{85}"
_OUTSIDE = {
    "w": f"[{_LETTER}]",
    "W": f"[^{_LETTER}]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": f"[{_SPACE}]",
    "S": f"[^{_SPACE}]",
    "Z": r"\z",
}
_IN_CLASS = {"w": _LETTER, "d": r"\p{Nd}", "s": _SPACE, "D": r"\P{Nd}"}
_REFUSED = {
    "B": "Write the characters that may stand there.",
    "C": "It matches single bytes.",
    "Q": "Put a backslash in front of each sign.",
    "E": "Put a backslash in front of each sign.",
}
_START, _END = f"(?:^|[^{_LETTER}])", f"(?:[^{_LETTER}]|$)"
# One step of the source: an escape with its braces, the opening of a class, a POSIX class, or one character.
_ESCAPE = r"\\[pPx]\{[^}]*\}|\\."
_STEP = re.compile(rf"{_ESCAPE}|\[\^?\]?|.", re.DOTALL)
_STEP_IN_CLASS = re.compile(rf"{_ESCAPE}|\[:\^?\w+:\]|.", re.DOTALL)
_FLAGS = re.compile(r"\(\?[imsU]+\)")
_SURROGATES = re.compile("[\ud800-\udfff]")
# A program larger than this is counted repetition of large classes; 300 plain letters need a fiftieth of it.
_MOST_MEMORY = 2 << 20
MOST_SPANS = 1000  # of one pattern in one text: more would not change any rule


@dataclass(slots=True)
class _Alternative:
    """One side of a top-level bar; `starts` and `ends` stand for a word boundary at that edge."""

    steps: list[str] = field(default_factory=list)
    starts: bool = False
    ends: bool = False

    @property
    def body(self) -> str:
        return "".join(self.steps)


class Regex:
    """One compiled `re:/…/`."""

    def __init__(self, pattern: Pattern) -> None:
        """Raises TermError when the pattern cannot be compiled or would not mean what it says."""
        self._pattern = pattern
        flags = match[0] if (match := _FLAGS.match(pattern.source)) else ""
        alternatives = _alternatives(pattern, len(flags))
        self.source = flags + "|".join(
            f"{_START if one.starts else ''}(?P<hit_{number}>{one.body}){_END if one.ends else ''}"
            for number, one in enumerate(alternatives)
        )
        _compile(f"{flags}{'|'.join(one.body for one in alternatives)}", pattern)  # errors in the author's own words
        self._compiled = _compile(self.source, pattern)
        self._hits = [self._compiled.groupindex[f"hit_{number}"] for number in range(len(alternatives))]
        if any(_compile(f"{flags}(?:{one.body})", pattern).fullmatch("") for one in alternatives):
            raise TermError("a regular expression that can match nothing", pattern.offset, "It would match everywhere.")

    def __reduce__(self) -> tuple[type["Regex"], tuple[Pattern]]:
        """Packed as what was written: what was compiled cannot be."""
        return Regex, (self._pattern,)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it matches in `text` (prepared by `searchable`), as (start, end), at most a thousand times.

        Two matches with one character between them count as one when both need a word boundary there.
        """
        for count, match in enumerate(self._compiled.finditer(text)):
            if count == MOST_SPANS:
                return
            yield max(match.span(group) for group in self._hits)


class RegexSet:
    """Many patterns tried at once; only those that match somewhere need a closer look."""

    def __init__(self, regexes: Sequence[Regex]) -> None:
        self._regexes = tuple(regexes)
        self._set = re2.Set.SearchSet(_options())
        self._empty = not regexes
        for regex in regexes:
            self._set.Add(regex.source)
        if regexes:
            self._set.Compile()

    def __reduce__(self) -> tuple[type["RegexSet"], tuple[tuple[Regex, ...]]]:
        """Packed as its members."""
        return RegexSet, (self._regexes,)

    def matching(self, text: str) -> list[int]:
        """The indices of the patterns that match somewhere in `text` (prepared by `searchable`)."""
        return [] if self._empty or not text else sorted(self._set.Match(text) or ())


def searchable(text: str) -> str:
    """`text` as patterns see it, of the same length: ё is е, and no lone surrogates, which the engine refuses."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text).replace("ё", "е").replace("Ё", "Е")


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    return options


def _compile(source: str, pattern: Pattern) -> re2._Regexp:
    try:
        return re2.compile(source, _options())
    except re2.error as error:
        said = error.args[0] if error.args else ""
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise TermError(
            f"the regular expression does not compile ({words})",
            pattern.offset,
            "Look-around, back references and huge repetitions have no linear-time form.",
        ) from None


def _alternatives(pattern: Pattern, at: int) -> list[_Alternative]:
    """The top-level alternatives from `at` on, rewritten for Unicode."""
    source = searchable(pattern.source)
    alternatives = [_Alternative()]
    depth, in_class = 0, False
    while step := (_STEP_IN_CLASS if in_class else _STEP).match(source, at):
        atom, offset, at, current = step[0], pattern.offset + at, step.end(), alternatives[-1]
        if atom == "|" and not depth and not in_class:
            alternatives.append(_Alternative())
        elif atom == "\\b" and not in_class and not depth:
            current.starts |= not current.steps
            current.ends |= bool(current.steps)
        elif current.ends:
            raise TermError("a \\b in the middle", offset - 2, "It can stand at the start and the end; write a space.")
        else:
            current.steps.append(_step(atom, offset, in_class=in_class))
            depth += 0 if in_class else (atom == "(") - (atom == ")")
            in_class = atom != "]" if in_class else atom.startswith("[")
    return alternatives


def _step(atom: str, offset: int, *, in_class: bool) -> str:
    """One step of the source as RE2 should read it."""
    if atom.startswith("[:") and in_class:
        raise TermError(f"«{atom}» knows ASCII letters only", offset, r"Write \p{L} for letters, \d for digits.")
    if not atom.startswith("\\") or atom[1:2] in ("p", "P", "x"):
        return atom
    letter = atom[1:]
    if letter == "b":
        raise TermError("a \\b inside brackets", offset, "It can stand at the start and the end of an alternative.")
    if hint := _REFUSED.get(letter):
        raise TermError(f"«{atom}» cannot be used", offset, hint)
    known = _IN_CLASS if in_class else _OUTSIDE
    if letter in _OUTSIDE and letter not in known:
        raise TermError(f"«{atom}» inside […]", offset, "Name the characters instead.")
    return known.get(letter, atom)
