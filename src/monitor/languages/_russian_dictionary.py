"""The Russian dictionary: the paradigms a word belongs to, and how often a form really is theirs.

A thin, fast reading of pymorphy3's tables. `MorphAnalyzer.parse` also estimates, sorts and predicts, and takes several
times as long; thousands of words must expand while a keyword file loads. The dictionary is opened once, and only
when a Russian word is asked for: import and load cost 0.1 s and 20 MB.

Every word here is folded: lower case, ё written as е.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from monitor.languages._russian_counts import Counts, Ending

CONTESTED_STEM = 7  # forms that are mostly another word are short: one in twenty has a longer stem


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a paradigm: what stands before and after the stem, and its tag in OpenCorpora's words."""

    prefix: str
    suffix: str
    tag: str
    marks: frozenset[str]

    def has(self, *marks: str) -> bool:
        """Whether the tag carries all of these grammemes (NOUN, plur, nomn, perf …)."""
        return self.marks.issuperset(marks)


Choice = Callable[[Cell], bool]


class Paradigm:
    """The rows of one pattern of inflection, shared by every word that inflects so; compared by identity."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self.cells = cells
        self._endings: dict[Choice, tuple[Ending, ...]] = {}

    def endings(self, choice: Choice) -> tuple[Ending, ...]:
        """The distinct endings of the rows that `choice` takes."""
        if choice not in self._endings:
            tags: dict[tuple[str, str], set[str]] = {}
            for cell in filter(choice, self.cells):
                tags.setdefault((cell.prefix, cell.suffix), set()).add(cell.tag)
            self._endings[choice] = tuple(Ending(*edges, frozenset(group)) for edges, group in tags.items())
        return self._endings[choice]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: a stem in a paradigm, and the row in which the word stands."""

    stem: str
    paradigm: Paradigm
    row: int

    @property
    def cell(self) -> Cell:
        """The row in which the word stands."""
        return self.paradigm.cells[self.row]

    @property
    def lemma(self) -> str:
        """The dictionary form of the word."""
        first = self.paradigm.cells[0]
        return first.prefix + self.stem + first.suffix

    def tags_of(self, form: str) -> set[str]:
        """The tags of the rows in which this form stands."""
        return {row.tag for row in self.paradigm.cells if row.prefix + self.stem + row.suffix == form}

    def forms(self, choice: Choice) -> list[str]:
        """The forms in the rows that `choice` takes."""
        return [ending.prefix + self.stem + ending.suffix for ending in self.paradigm.endings(choice)]


class Dictionary:
    """What pymorphy3 knows of a word as it is written, and what OpenCorpora counted."""

    def __init__(self, morph: Any) -> None:
        self._tables = morph.dictionary
        self._morph = morph
        self.counts = Counts(morph.prob_estimator.p_t_given_w)
        self._paradigms: dict[int, Paradigm] = {}

    def readings(self, word: str) -> list[Reading]:
        """Every reading the dictionary has; none for a word it does not know."""
        found = []
        for spelling, places in self._tables.words.similar_items(word, self._morph.char_substitutes):
            for number, row in places:
                paradigm = self._paradigm(number)
                cell = paradigm.cells[row]
                stem = spelling[len(cell.prefix) : len(spelling) - len(cell.suffix)].replace("ё", "е")
                found.append(Reading(stem, paradigm, row))
        return found

    def guessed_verb(self, word: str) -> list[str]:
        """The forms of an unknown infinitive, inflected like the known verbs that end alike; none when it is no verb."""
        for parse in self._morph.parse(word):
            if "INFN" in parse.tag and parse.normal_form.replace("ё", "е") == word:
                return [form.word.replace("ё", "е") for form in parse.lexeme]
        return []

    def lexemes(self, word: str) -> list[Reading]:
        """The readings of which the word is the dictionary form, each lexeme once."""
        found: dict[tuple[str, Paradigm], Reading] = {}
        for reading in self.readings(word):
            if reading.lemma == word:
                found.setdefault((reading.stem, reading.paradigm), reading)
        return list(found.values())

    def usurped(self, lexemes: list[Reading], least: float, beside_uninflected: float) -> set[str]:
        """Forms of these lexemes that in real texts are mostly another word; for the bounds see `Counts.is_usurped`."""
        bound = max(least, beside_uninflected)
        doubtful = {
            lexeme.stem + ending.suffix
            for lexeme in lexemes
            if len(lexeme.stem) <= CONTESTED_STEM
            for ending in self.counts.doubtful(lexeme.stem, lexeme.paradigm.endings(contested), bound)
        }
        return {
            form
            for form in doubtful
            if self.counts.is_usurped(
                form, {tag for lexeme in lexemes for tag in lexeme.tags_of(form)}, least, beside_uninflected
            )
        }

    def _paradigm(self, number: int) -> Paradigm:
        if number not in self._paradigms:
            rows = self._tables.build_paradigm_info(number)
            self._paradigms[number] = Paradigm(
                tuple(
                    Cell(prefix, suffix.replace("ё", "е"), str(tag), _marks(str(tag))) for prefix, tag, suffix in rows
                )
            )
        return self._paradigms[number]


def contested(cell: Cell) -> bool:
    """The rows in which a form may belong to another word: participles are long, prefixes are only of comparatives."""
    return not cell.prefix and not cell.marks & {"PRTF", "Abbr"}


@cache
def _marks(tag: str) -> frozenset[str]:
    return frozenset(tag.replace(" ", ",").split(","))


@cache
def open_dictionary() -> Dictionary:
    """The dictionary of this process."""
    return Dictionary(importlib.import_module("pymorphy3").MorphAnalyzer())
