"""What every file in languages/ promises; a new language dropped into the folder is held to it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.languages import Word, by_code
from monitor.model import LANGUAGES
from monitor.text.fold import fold

EVERY = pytest.mark.parametrize("language", by_code().values(), ids=by_code())
# One word of each kind in any script: what a maintainer may type into the wrong list
TERMS = (
    "strike",
    "wage",
    "labour",
    "забастовка",
    "Жанаозен",
    "КНПРК",
    "шахтёр-пенсионер",
    "ереуіл",
    "кәсіподақ",
    "2011",
)


def accepts(word: Word, token: str) -> bool:
    """Whether the matcher would take a token, as written in a text, for this word."""
    return word.matches(fold(token))


def test_the_folder_is_the_list_of_languages():
    """English, Russian and Kazakh are found by looking; modules that only help one of them are not languages."""
    assert set(by_code()) == set(LANGUAGES)


@EVERY
def test_a_language_knows_its_code(language):
    """LANG is the code under which the language is found, and every word carries it."""
    assert by_code()[language.LANG] is language
    assert {language.word(term).lang for term in TERMS} == {language.LANG}


@EVERY
@pytest.mark.parametrize("term", TERMS)
def test_a_word_matches_itself(language, term):
    """However it is written, a term matches its own spelling, small, capital and shouted, as any part of speech."""
    for pos in (None, "n", "v"):
        word = language.word(term, pos)
        assert word.term == term
        assert accepts(word, term)
        assert accepts(word, term.upper())


@EVERY
def test_forms_are_folded(language):
    """The matcher looks up folded tokens, so forms and stems that are not folded could never match."""
    for term in TERMS:
        word = language.word(term)
        assert [form for form in word.forms if fold(form) != form] == []
        assert [stem for stem in word.stems if fold(stem) != stem] == []


@EVERY
def test_a_word_with_stems_has_an_acceptor(language):
    """Stems only say where to look; without an acceptor they would match nothing, or everything."""
    for term in TERMS:
        word = language.word(term)
        assert bool(word.stems) == (word.accept is not None)


@EVERY
def test_the_sample_shows_what_matches(language):
    """What people are shown are forms that match, each once, the term itself among the first."""
    for term in TERMS:
        word = language.word(term)
        shown = language.sample(word)
        assert [form for form in shown if not word.matches(form)] == []
        assert len(shown) == len(set(shown))
        assert fold(term) in shown


@EVERY
def test_other_words_do_not_match(language):
    """A word does not match what merely contains it or looks like it."""
    for term in TERMS:
        word = language.word(term)
        assert not any(accepts(word, other) for other in ("", "x" + term, "не" + term, "ъъъ", "zzz"))


@EVERY
@example("", None)
@example("-", "n")
@example("’", "v")
@example("ъ", "v")
@example("\ud800", None)
@given(st.text(st.characters(exclude_categories=()), max_size=12), st.sampled_from([None, "n", "v"]))
def test_any_term_is_answered(language, term, pos):
    """Empty, one letter, punctuation, lone surrogates: a word with few forms, never an exception."""
    word = language.word(term, pos)
    assert all(isinstance(form, str) for form in [*word.forms, *language.sample(word), *word.assumed])
    assert "" not in word.forms


@EVERY
def test_the_same_term_gives_the_same_word(language):
    """Forms do not depend on what was asked before."""
    first = {term: (language.word(term).forms, language.sample(language.word(term))) for term in TERMS}
    assert {term: (language.word(term).forms, language.sample(language.word(term))) for term in TERMS} == first
