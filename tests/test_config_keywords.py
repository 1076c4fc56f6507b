"""`keywords.yaml`: the contract's file becomes keywords, and every mistake of shape is one line with its remedy."""

import pytest

from config_samples import KEYWORDS
from monitor.config.keywords import make_keywords
from monitor.config.problems import Problems
from monitor.config.yaml import read_text
from monitor.model import Keywords, Name, Place, Severity, Term, Topic


def read(text: str) -> tuple[Keywords, list[str]]:
    """The keywords of a text and what is wrong with it."""
    problems = Problems("f")
    keywords = make_keywords(read_text(text, problems), problems)
    return keywords, [str(problem) for problem in problems]


def test_the_contracts_file_becomes_keywords():
    """Every section arrives, every term with its language and its place in the file."""
    keywords, said = read(KEYWORDS)
    assert not said
    assert keywords.places == (
        Place(
            id="zhanaozen",
            region="KZ-47",
            terms=(
                Term(text="Zhanaozen", lang="en", line=4, column=41),
                Term(text="Жанаозен", lang="ru", line=4, column=58),
                Term(text="Жаңаөзен", lang="kk", line=4, column=74),
            ),
        ),
    )
    assert keywords.names == (
        Name(
            id="knprk",
            kind="union",
            terms=(
                Term(text="Конфедерация независимых профсоюзов", lang="ru", line=6, column=56),
                Term(text="KNPRK!", lang="any_lang", line=6, column=41),
            ),
        ),
    )
    assert [term.text for term in keywords.groups["workers"]] == ["worker", "oil worker", "рабочий/n"]
    assert [term.text for term in (*keywords.elsewhere, *keywords.demote)] == ["Germany", "years ago", "годовщина"]
    assert keywords.near == 9
    assert [topic.id for topic in keywords.topics] == ["strike", "wages"]


def test_sectors():
    """A sector has its titles and its words, and needs both; an id stands for one."""
    text = "version: 1\ntopics: {t: {title: {en: T}, severity: urgent, any: {en: [x]}}}\nsectors:\n"
    keywords, said = read(text + "  - {id: oil, title: {en: oil}, ru: [нефтяник]}\n")
    assert not said
    (oil,) = keywords.sectors
    assert (oil.id, oil.titles, [term.text for term in oil.terms]) == ("oil", {"en": "oil"}, ["нефтяник"])
    wrong = read(text + "  - {id: oil, title: {en: oil}}\n  - {id: oil, ru: [нефтяник]}\n")[1]
    assert any("`oil` has no terms." in line for line in wrong)
    assert any("The id `oil` is already in line 4." in line for line in wrong)
    assert any("`title` is missing in this sector." in line for line in wrong)


def test_a_topic_arrives_with_all_its_parts():
    """What must match, what blocks, how loudly, the examples; and where the topic stands."""
    strike, wages = read(KEYWORDS)[0].topics
    assert strike == Topic(
        id="strike",
        titles={"en": "Strikes", "ru": "Забастовки"},
        severity=Severity.URGENT,
        live=False,
        escalates=True,
        any=(
            Term(text="strike/n", lang="en", line=18, column=11),
            Term(text="забастовка", lang="ru", line=20, column=11),
            Term(text="отказ ~3 выйти на работу", lang="ru", line=21, column=11),
            Term(text="бас тарту", lang="kk", line=23, column=18, forms=("бастады",), excluded=("бастау",)),
            Term(text="$workers ~8 walkout", lang="any_lang", line=25, column=11),
        ),
        all=(
            (
                Term(text="$places", lang="any_lang", line=27, column=21),
                Term(text="$companies", lang="any_lang", line=27, column=30),
            ),
            (Term(text="директор", lang="ru", line=28, column=15),),
        ),
        none=(Term(text="footballer", lang="en", line=30, column=17),),
        except_in=(Term(text="air strike", lang="en", line=31, column=23),),
        boost=(Term(text="независимый ~2 профсоюз", lang="ru", line=32, column=18),),
        near=5,
        match_examples=(Term(text="Нефтяники Жанаозена объявили забастовку", lang="", line=34, column=16),),
        ignore_examples=(Term(text="US air strikes hit targets near the border", lang="", line=35, column=17),),
        line=12,
        column=3,
    )
    assert (wages.severity, wages.live, wages.near, wages.line) == (Severity.NORMAL, True, None, 36)


TOPIC = "version: 1\ntopics:\n  a:\n    title: {en: A}\n    severity: urgent\n    any:\n      en: [b]\n"
ONE_PER_LINE = "Write one term per line, each after `- `."


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("    nonne: {en: [c]}\n", "8:5: `nonne` is not known in a topic. Did you mean `none`?"),
        ("    keywords: {en: [c]}\n", "8:5: `keywords` is not known in a topic. Did you mean `any`?"),
        ("    none: {kz: [c]}\n", "8:12: `kz` is not known in a list of terms by language. Did you mean `kk`?"),
        ("    none: [c]\n", "8:11: A list of terms by language is written as `name: value`, one per line. Or in "),
        ("    none: {en: c}\n", f"8:16: A list of terms belongs here. {ONE_PER_LINE}"),
        ("    none: {en: {c: d}}\n", f"8:16: A list of terms belongs here. {ONE_PER_LINE}"),
        ("    none: {en: [[c]]}\n", f"8:17: A list stands inside a list of terms. {ONE_PER_LINE}"),
        ("    none: {en: [' ']}\n", "8:18: An empty term. Write a word after the `- `, or delete the line."),
        ("    none:\n      en:\n        -\n", "10:10: An empty term. Write a word after the `- `, or delete the line."),
        ("    none:\n      en:\n        - c\n          d\n", f"10:11: The term `c d` goes on over several lines. {ONE_PER_LINE}"),
        ("    none: {en: [c: d]}\n", "8:17: A colon stands inside a term. Put the whole term in quotes."),
        ("    none: {en: [{term: c, excpt: [d]}]}\n", "8:27: `excpt` is not known in a term. Did you mean `except`?"),
        ("    none: {en: [{forms: [d]}]}\n", "8:17: Here the term itself is missing. Write {term: …, forms: […], "),
        ("    none: {en: [{term: c, forms: d}]}\n", "8:34: A list of words belongs here. Write [one, two]."),
        ("    none: {en: [{term: c, forms: [[d]]}]}\n", "8:35: A word belongs here. Write [one, two]."),
        ("    near: many\n", "8:11: `many` is not possible here. Write a whole number from 1 to 1000."),
        (f"    near: {'9' * 5000}\n", f"8:11: `{'9' * 39}…` is not possible here. Write a whole number from 1 to 1000."),
        ("    near: 0\n", "8:11: `0` is not possible here. Write a whole number from 1 to 1000."),
        ("    status: on\n", "8:13: `on` is not possible here. Known here: live, trial."),
        ("    all: {en: [c]}\n", "8:10: A list belongs here. Write [one, two], or one item per line, each after `- `."),
        ("    examples: {matches: [c]}\n", "8:16: `matches` is not known in a set of examples. Did you mean `match`?"),
        ("  B b:\n    title: {en: B}\n    severity: digest\n    any: {en: [c]}\n", "8:3: `B b` is not an id. Use small "),
        ("  c:\n    title: {en: B}\n    severity: loud\n    any: {en: [c]}\n", "10:15: `loud` is not possible here. Known "),
        ("  c:\n    severity: digest\n    any: {en: [c]}\n", "9:5: `title` is missing in this topic. Add a line `title: …`."),
        ("  c:\n    title: {en: B}\n    severity: digest\n", "8:3: The topic `c` has no terms. Write at least one below "),
        ("  c:\n    title: {en: B}\n    severity: digest\n    any: {ru: []}\n", "8:3: The topic `c` has no terms. Write "),
        ("  c:\n", "8:5: Nothing is written here. Write a value, or delete it."),
        ("  a:\n    severity: digest\n", "8:3: `a` stands here a second time; the first is in line 3. Keep one of the "),
        ("places: [{id: b, ru: [В]}, {id: b, ru: [Г]}]\n", "8:33: The id `b` is already in line 8. Put all its terms "),
        ("places: [{id: b}]\n", "8:10: `b` has no terms. Write at least one, such as `ru: [Жанаозен]`."),
        ("places: [{id: b, region: Mangystau, ru: [В]}]\n", "8:26: `Mangystau` is not a region of Kazakhstan. Write the "),
        ("names: [{id: b, ru: [В]}]\n", "8:9: `kind` is missing in this name. Add a line `kind: …`."),
        ("names: [{id: b, kind: firm, ru: [В]}]\n", "8:23: `firm` is not possible here. Known here: union, company, "),
        ("groups: {places: {ru: [в]}}\n", "8:10: `$places` always stands for the places of this file. Choose another "),
        ("groups: {workers: [в]}\n", "8:19: A list of terms by language is written as `name: value`, one per line. Or "),
        ("topic: {}\n", "8:1: `topic` is not known in a keywords file. Did you mean `topics`?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(more, said):
    """One wrong part below a good topic gives exactly one message, at its place."""
    (told,) = read(TOPIC + more)[1]
    assert told == f"f:{said}" or (said.endswith(" ") and told.startswith(f"f:{said}"))


def test_a_topic_may_have_terms_in_all_alone():
    """`any` may be missing where `all` says what must match."""
    assert not read("version: 1\ntopics: {a: {title: {en: A}, severity: digest, all: [{en: [b]}]}}\n")[1]


def test_the_terms_of_a_file_with_mistakes_come_back_for_checking():
    """A topic that is refused for its title still has its terms checked in the same run."""
    keywords, said = read("version: 1\ngroups: {b: {en: [x]}}\ntopics:\n  a:\n    any: {en: [c, $b]}\n")
    assert len(said) == 1
    assert [term.text for topic in keywords.topics for term in topic.any] == ["x", "c", "$b"]
    assert set(keywords.groups) == {"b"}


def test_what_is_missing_in_a_part_that_could_not_be_read_is_not_told():
    """A syntax error takes lines out of a topic; that its terms stood there is no second mistake."""
    text = "version: 1\ntopics:\n  a:\n    title: {en: A}\n    severity: urgent\n    any: [b\n  c:\n    title: {en C\n"
    text += "    severity: digest\n    any: {en: [d]}\n"
    assert [line.split(" ")[0] for line in read(text)[1]] == ["f:6:10:", "f:8:12:"]
