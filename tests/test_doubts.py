"""What looks wrong in a keyword file without being wrong: each doubt is told, and nothing that is all right."""

import pytest

from monitor.config.keywords import make_keywords
from monitor.config.problems import Problems
from monitor.config.yaml import read_text
from monitor.matching.compile import compile_keywords
from monitor.matching.doubts import doubts

FILE = """\
version: 1
groups:
  games: {{any_lang: ['re:/(?:video|board) games?/'], en: [match]}}
  nothing: {{ru: [шахматы]}}
topics:
  strike:
    title: {{en: Strike}}
    severity: normal
    any: {any}
    except_in: {guards}
    examples: {{match: [strike], ignore: [rain]}}
"""
SWALLOWED = "never counts: it lies inside a phrase of `except_in`"


def told(any_of: str, guards: str = "{}") -> list[str]:
    """The doubts about a topic with these terms."""
    problems = Problems("f")
    keywords = make_keywords(read_text(FILE.format(any=any_of, guards=guards), problems), problems)
    assert not problems.errors, list(map(str, problems))
    return [problem.what for problem in doubts(keywords, "f", compile_keywords(keywords))]


def test_what_is_all_right_is_not_doubted():
    """Words, phrases, groups, patterns and guards that leave their terms room."""
    assert told("{en: [strike, 'hunger strike!', 'walk ~2 out', '$games walkout'], any_lang: ['re:/lock-?out/']}") == []
    assert told("{en: [general strike game]}", "{en: [strike game, general strike, air strike]}") == []


@pytest.mark.parametrize(
    ("term", "guard"),
    [
        ("strike", "{en: [strike]}"),
        ("strike", "{any_lang: ['re:/strike/']}"),
        ("general strike game", "{en: [general strike game]}"),
        ("general strike game", "{any_lang: ['re:/general strike (?:game|film)/']}"),
        ("strike match", "{en: ['strike $games']}"),
        ("strike board games", "{en: ['strike $games']}"),
    ],
)
def test_a_term_that_always_lies_inside_a_guard_is_told(term, guard):
    """Guards of words, of phrases, of patterns, and of groups that hold them."""
    assert told(f"{{en: [{term}]}}", guard) == [f"«{term}» {SWALLOWED}."]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("{en: [{term: walk-out, except: [walk-out, walkout, walk out]}]}", "«walk-out» can never match."),
        ("{en: ['$nothing strike']}", "«$nothing strike» can never match."),
        ("{en: [strike, Strike]}", "«Strike» stands in this list already, in line 9."),
        ("{ru: [забастовка, забастовки]}", "«забастовки» adds nothing: «забастовка» in line 9 finds it too."),
        ("{en: [strike, strike over wages]}", "«strike over wages» adds nothing: «strike» in line 9 finds it too."),
        ("{en: ['strike; lockout']}", "«;» inside a term."),
        ("{en: [забастовка]}", "«забастовка» is tried in English articles only."),
        ("{ru: [забастовка бастовать]}", "«забастовка бастовать» looks like two terms."),
        ("{ru: [забастовка, рабочий, забастовка рабочий]}", "«забастовка рабочий» looks like two terms."),
    ],
)
def test_each_doubt_is_told(terms, said):
    """In words that name the term, and the line that it quarrels with."""
    found = told(terms)
    assert said in found, found


def test_a_topic_without_examples_is_told():
    """Nobody would notice when it falls silent."""
    problems = Problems("f")
    text = FILE.format(any="{en: [strike]}", guards="{}").replace("match: [strike], ", "")
    keywords = make_keywords(read_text(text, problems), problems)
    (said,) = doubts(keywords, "f", compile_keywords(keywords))
    assert said.what == "The topic `strike` has no examples to match."
