"""The contract of a language (a term in, its forms or an acceptor out) and one file per language.

A language is a module of this folder that has `LANG`, `word(term, pos)` and `sample(word)`. Nothing lists them: the
folder is read, so a new language is one new file. A language may also have `related(word)`: other words that belong
beside this one in a keyword file.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, Protocol, cast

PartOfSpeech = Literal["n", "v"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a term and all it stands for.

    Matches a folded token that is in `forms`, or that starts with one of `stems` and that `accept` takes. `known` is
    false when the language had to guess how the word inflects; `assumed` says in words what a maintainer should
    know about it (the forms that were guessed, a stem so short that it swallows others).
    """

    term: str
    lang: str
    forms: frozenset[str]
    stems: tuple[str, ...] = ()
    accept: Callable[[str], bool] | None = None
    known: bool = True
    assumed: tuple[str, ...] = ()

    def matches(self, token: str) -> bool:
        """Whether a folded token is a form of this word."""
        if token in self.forms:
            return True
        return self.accept is not None and token.startswith(self.stems) and self.accept(token)


class Language(Protocol):
    """What a language module offers."""

    LANG: str

    def word(self, term: str, pos: PartOfSpeech | None = None) -> Word:
        """The forms of one word of a term; `pos` narrows it to nouns or verbs. Never raises."""

    def sample(self, word: Word) -> list[str]:
        """Forms to show to people, most usual first."""


@cache
def by_code() -> Mapping[str, Language]:
    """Every language of the folder by its code."""
    found: dict[str, Language] = {}
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        if hasattr(module, "LANG"):
            found[module.LANG] = cast("Language", module)
    return MappingProxyType(found)
