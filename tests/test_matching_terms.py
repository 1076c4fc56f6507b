"""The little language of a term and its regular expressions: what they mean, and what is refused where."""

import pytest

from monitor.matching.regexes import Regex, RegexSet, searchable
from monitor.matching.terms import GroupPart, Pattern, Phrase, TermError, WordPart, parse
from monitor.model import Term


def read(text: str) -> Phrase | Pattern:
    """A term of the Russian list."""
    return parse(Term(text=text, lang="ru"))


def refusal(text: str) -> TermError:
    """Why a term is refused, be it on reading or on compiling its expression."""
    with pytest.raises(TermError) as caught:
        use(text)
    return caught.value


def use(text: str) -> None:
    """Read a term and compile it if it is an expression."""
    parsed = read(text)
    if isinstance(parsed, Pattern):
        Regex(parsed)


def test_a_phrase_is_words_gaps_and_groups_in_order() -> None:
    """Words, parts of speech, exact words, gaps and groups are read with their offsets."""
    assert read("strike/n") == Phrase((WordPart("strike", "n"),))
    assert read("отказ ~3 выйти") == Phrase((WordPart("отказ"), WordPart("выйти", gap=3, offset=9)))
    assert read("$workers ~8 $demand") == Phrase((GroupPart("workers"), GroupPart("demand", 8, 12)))
    assert read("КНПРК!") == Phrase((WordPart("КНПРК", exact=True),))
    assert read("Конвенция № 87") == Phrase((WordPart("Конвенция"), WordPart("87", offset=12)))
    assert read("з/п") == Phrase((WordPart("з"), WordPart("п", offset=2)))
    assert read("re:/задолж\\w+/") == Pattern("задолж\\w+", 4)


@pytest.mark.parametrize(
    ("text", "offset", "says"),
    [
        ("", 0, "empty term"),
        ("№ —", 0, "no word"),
        ("забаст*", 6, "«*»"),
        ("стачка|забастовка", 6, "one term per line"),
        ("a ~x b", 2, "not a gap"),
        ("a ~0 b", 2, "not a gap"),
        ("a ~31 b", 2, "not a gap"),
        ("~3 b", 0, "before it"),
        ("a ~3", 2, "after it"),
        ("a ~3 ~3 b", 5, "before it"),
        ("a~3 b", 1, "glued"),
        ("x$workers", 1, "glued"),
        ("$", 0, "not a group"),
        ("strike/x", 7, "part of speech"),
        ("забастовка/в", 11, "part of speech"),
        ("КНПРК !", 6, "on its own"),
        ("strike/n!", 7, "no part of speech"),
        ("КНП!РК", 3, "at the end"),
        ("re:задолж", 3, "without slashes"),
        ("re:/задолж", 10, "closing /"),
        ("re://", 4, "empty regular expression"),
        ("re:/" + "а" * 301 + "/", 304, "at most 300"),
        ("а " * 101, 200, "characters"),
        ("re:/(/", 4, "does not compile"),
        ("re:/(?=x)/", 4, "does not compile"),
        ("re:/(a)\\1/", 4, "does not compile"),
        ("re:/(\\p{L}{1,900}){1,900}/", 4, "does not compile"),
        ("re:/а*/", 4, "match nothing"),
        ("re:/\\b/", 4, "match nothing"),
        ("re:/а\\bб/", 5, "in the middle"),
        ("re:/(\\bа)/", 5, "inside brackets"),
        ("re:/[[:alpha:]]/", 5, "ASCII"),
        ("re:/а\\Bб/", 5, "cannot be used"),
        ("re:/[\\W]/", 5, "inside […]"),
    ],
)
def test_a_refused_term_points_at_the_character(text: str, offset: int, says: str) -> None:
    """Every refusal names its character and says, in its message or its hint, what is wrong."""
    error = refusal(text)
    assert error.offset == offset
    assert says in f"{error.message} {error.hint}"


@pytest.mark.parametrize(
    ("source", "text", "matched"),
    [
        (r"\bзабаст\w+", "незабастовка Забастовщики", ["Забастовщики"]),
        (r"задолж\w+ по з/?п\b", "задолженность по зп, задолжал по зпт", ["задолженность по зп"]),
        (r"\bсуд\b|\bарест", "осудил суд, арестованных", ["суд", "арест"]),
        (r"[\w-]+ның", "КНПРК-ның", ["КНПРК-ның"]),
        (r"\d+ ёлок", "٣ ЕЛОК", ["٣ ЕЛОК"]),
        (r"а\sб", "а\u00a0б", ["а\u00a0б"]),
        (r"[]|]\b", "] | ", ["]", "|"]),
        (r"(?s)а.б", "а\nб", ["а\nб"]),
        (r"(?-i:РК)", "рк РК", ["РК"]),
    ],
)
def test_expressions_know_unicode_words(source: str, text: str, matched: list[str]) -> None:
    r"""`\w`, `\d`, `\s` and `\b` mean letters, digits, spaces and edges of all scripts; case does not matter."""
    spans = Regex(Pattern(source, 0)).spans(searchable(text))
    assert [text[start:end] for start, end in spans] == matched


def test_expressions_survive_lone_surrogates() -> None:
    """A text that UTF-8 cannot hold is searched all the same, with spans in the original."""
    text = "\ud800 ёлка \udfff забастовка"
    regex = Regex(Pattern(r"\bзабаст\w+", 0))
    assert RegexSet([regex]).matching(searchable(text)) == [0]
    assert [text[start:end] for start, end in regex.spans(searchable(text))] == ["забастовка"]
    assert RegexSet([]).matching("x") == []
    assert RegexSet([regex]).matching("") == []
