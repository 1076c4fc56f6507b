"""The keyword file that ships: whole, explained, in dictionary form, and guarded where news is full of look-alikes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.config.files import Configuration, load
from monitor.config.values import REGIONS
from monitor.matching.compile import compile_keywords
from monitor.matching.engine import Matcher
from monitor.matching.examples import failing_examples
from monitor.model import LANGUAGES, Keywords, Reason, Severity
from monitor.render.alerts import labels
from paths import ROOT, SHARED

KEYWORDS = ROOT / "config" / "keywords.yaml"
LINES = KEYWORDS.read_text(encoding="utf-8").splitlines()
DOCUMENTS = SHARED / "data" / "source_documents"
LEXICON = SHARED / "data" / "lexicon.yaml"
FEWEST_EXAMPLES = 5
FIRST_COMMENT_LINES = 10
QUIET = frozenset({Severity.DIGEST, Severity.NONE})
EXPECTED = json.loads((Path(__file__).parent / "data" / "newsroom_expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    """The files that ship, read and compiled once."""
    return load(ROOT / "config")


@pytest.fixture(scope="module")
def keywords(shipped: Configuration) -> Keywords:
    """The keyword file that ships."""
    return shipped.keywords


@pytest.fixture(scope="module")
def matcher(shipped: Configuration) -> Matcher:
    """The same, compiled."""
    assert shipped.matcher is not None
    return shipped.matcher


@pytest.fixture(scope="module")
def unguarded(keywords: Keywords) -> Matcher:
    """The same without any guard: no `none`, no `except_in`, no `elsewhere`, no `demote`."""
    topics = tuple(replace(topic, none=(), except_in=()) for topic in keywords.topics)
    return compile_keywords(replace(keywords, topics=topics, elsewhere=(), demote=()))


# ── The file ──


def test_a_newcomer_is_told_in_ten_lines():
    """The file opens with the line for editors and ten lines on what rings and how to change it."""
    assert LINES[0] == "# yaml-language-server: $schema=./keywords.schema.json"
    assert all(line.startswith("#") for line in LINES[1 : 2 + FIRST_COMMENT_LINES])
    assert LINES[2 + FIRST_COMMENT_LINES] == "version: 1"


def test_every_topic_says_what_it_is_and_is_not(keywords):
    """Every topic has a title in all languages, and at least five examples of what raises it and what must not."""
    for topic in keywords.topics:
        assert set(topic.titles) == set(LANGUAGES), topic.id
        assert len(topic.match_examples) >= FEWEST_EXAMPLES, topic.id
        assert len(topic.ignore_examples) >= FEWEST_EXAMPLES, topic.id


def test_every_example_comes_out_as_the_file_says(keywords, matcher):
    """What `monitor check` would print about the examples is nothing."""
    assert failing_examples(matcher, keywords, "keywords.yaml") == []


def test_terms_stand_in_dictionary_form(keywords):
    """No term is a cut-off stem: no stars, no bars; what is exact is short or spelled in capitals."""
    for term in every_term(keywords):
        assert not set("*|") & set(term.text) or term.text.startswith("re:"), term.text


def test_terms_of_groups_and_topics_stand_one_on_a_line(keywords):
    """A change to a word list is a change of one line."""
    lists = [topic.any + topic.none + topic.except_in + topic.boost for topic in keywords.topics]
    for terms in [*keywords.groups.values(), *lists]:
        lines = [term.line for term in terms]
        assert len(lines) == len(set(lines))


def test_all_twenty_regions_can_be_named(keywords):
    """Every region and city of the republic has a place, so that every hashtag can appear."""
    assert {place.region for place in keywords.places} - {None} == set(REGIONS)


def test_every_place_has_a_name_in_the_three_languages(keywords):
    """A reader of any language can be told where it was, by a word and not by a pattern."""
    for place, names in labels(keywords).places.items():
        assert set(names) >= set(LANGUAGES), place


@pytest.mark.parametrize(
    ("title", "lang", "called"),
    [
        ("Работники Павлодарского НХЗ объявили забастовку", "ru", "Павлодарский НХЗ"),
        ("Рабочие ПКОП в Шымкенте объявили забастовку", "ru", "Шымкентский НПЗ"),
        ("Буровики Caspian Drilling не вышли на работу", "ru", "Caspian Drilling"),
        ("Рабочие ССГПО требуют повысить зарплату", "ru", "ССГПО"),
        ("Бірлік кәсіподағының төрағасы ұсталды", "kk", "Бірлік кәсіподағы"),
    ],
)
def test_a_firm_is_called_by_its_own_name(keywords, matcher, title, lang, called):
    """What a card says of whom it is about is never the name of another firm that shared its line."""
    (name,) = matcher.find(title, "", lang=lang).names
    assert labels(keywords).names[name][lang] == called


@pytest.mark.parametrize(
    ("name", "kind"),
    [("knprk", "union"), ("fprk", "union"), ("fuel-energy-union", "union"), ("larisa-kharkova", "person"),
     ("ozenmunaigas", "company"), ("qarmet", "company"), ("trade-union-law", "law"), ("ilo", "organisation")],
)  # fmt: skip
def test_names_have_the_kind_that_places_them(keywords, name, kind):
    """A Kazakh union, company or person stands for Kazakhstan in a global feed; an international body does not."""
    assert {each.id: each.kind for each in keywords.names}[name] == kind


def test_severities_are_those_the_desk_agreed_on(keywords):
    """A strike, an arrest, a death and a union refused ring; demands, layoffs, the ILO and bills are silent."""
    severity = {topic.id: topic.severity for topic in keywords.topics if topic.live}
    assert {name for name, level in severity.items() if level is Severity.URGENT} == {
        "strike", "persecution", "union_refused", "deaths",
    }  # fmt: skip
    assert {"wages", "layoffs", "ilo", "law", "protest"} <= {
        name for name, level in severity.items() if level is Severity.NORMAL
    }
    assert {"wage_statistics", "union_news", "memory"} <= {
        name for name, level in severity.items() if level is Severity.DIGEST
    }


# ── The guards ──


@pytest.mark.parametrize(
    ("headline", "lang", "topic"),
    [
        ("Astana flights cancelled as Lufthansa pilots strike", "en", "strike"),
        ("Авиарейсы Lufthansa в Казахстане могут отменить из-за забастовки", "ru", "strike"),
        ("Нота протеста: работники посольства вышли на протест", "ru", "protest"),
        ("Нефтяники записали видеообращение с поздравлением", "ru", "protest"),
        ("Депутаты обсудили сокращение штата чиновников", "ru", "layoffs"),
        ("«Шахтёр» уволил тренера и работников клуба", "ru", "layoffs"),
        ("Германиядағы ереуілге байланысты Алматыдан ұшу тоқтады", "kk", "strike"),
        ("Police opened fire on workers", "en", "layoffs"),
        ("Drone strike kills nine at port", "en", "deaths"),
        ("Статистика: средний долг по зарплате снизился", "ru", "wages"),
    ],
)
def test_guards_of_a_topic_bite(matcher, unguarded, headline, lang, topic):
    """A look-alike is held back by the topic's guards, and raises it as soon as they are taken away."""
    assert topic not in raised(matcher, headline, lang)
    assert topic in raised(unguarded, headline, lang)


@pytest.mark.parametrize(
    "headline",
    ["US air strikes hit refinery", "Lightning strike hits mine", "KMG options: strike price falls at refinery",
     "Company strikes gold at plant", "Strike force deployed to port"],
)  # fmt: skip
def test_other_strikes_are_not_strikes(matcher, headline):
    """Air, lightning, markets and luck are taken out of the word itself, so that no combination rings."""
    assert "strike" not in raised(matcher, headline, "en")


def test_a_catastrophe_of_nature_is_not_an_accident_at_work(matcher):
    """The Kazakh word апат is taken for an accident at work only outside «экологиялық апат» and «жол апаты»."""
    assert "accidents" in raised(matcher, "Апат: кеніште бес адам жарақат алды", "kk")
    assert "accidents" not in raised(matcher, "Экологиялық апат: кеніш маңы ластанды", "kk")


@pytest.mark.parametrize(
    ("headline", "lang", "reason"),
    [
        ("French rail workers walk out over pensions", "en", Reason.ELSEWHERE),
        ("В Финляндии бастуют докеры", "ru", Reason.ELSEWHERE),
        ("Италияда ұшқыштар ереуілге шықты", "kk", Reason.ELSEWHERE),
        ("Как бастовали шахтёры Караганды в 1989 году", "ru", Reason.DEMOTED),
        ("Ten years on, the strikes of Zhanaozen oil workers", "en", Reason.DEMOTED),
        ("Жаңаөзен оқиғасы: мұнайшылар ереуілі қалай басталды", "kk", Reason.DEMOTED),
    ],
)
def test_strikes_abroad_and_long_ago_go_to_the_digest(matcher, unguarded, headline, lang, reason):
    """A strike abroad or a retrospective is said quietly, and would ring without the two lists."""
    finding = matcher.find(headline, "", lang=lang)
    assert (finding.reason, finding.severity) == (reason, Severity.DIGEST)
    assert unguarded.find(headline, "", lang=lang).severity not in QUIET


def test_a_strike_in_kazakhstan_rings_whoever_owns_the_plant(matcher):
    """A foreign country beside a place in Kazakhstan does not make the news foreign."""
    for headline in (
        "Рабочие из Турции бастуют на стройке в Атырау",
        "Italian contractor's workers on strike at Karabatan",
    ):
        assert matcher.find(headline, "").severity is Severity.URGENT


@pytest.mark.parametrize(
    ("headline", "lang"),
    [
        ("Сотрудники полиции обратились к президенту", "ru"),
        ("Казахстану требуются сварщики", "ru"),
        ("Рабочий визит: аким требует ускорить ремонт", "ru"),
        ("На улице Строителей погиб пешеход", "ru"),
        ("Кеншілер шаһарында үйде өрт шықты", "kk"),
        ("Drivers urged to avoid the highway", "en"),
    ],
)
def test_words_that_only_look_like_workers_stay_silent(matcher, headline, lang):
    """Police officers, vacancies, working visits, streets and nicknames of towns share words with workers."""
    assert matcher.find(headline, "", lang=lang).severity in QUIET


def test_unverified_words_are_on_trial(matcher):
    """Kazakh that nobody has read in real text is matched for maintainers and heard by nobody."""
    finding = matcher.find("Үшжақты комиссия отырысы өтті", "", lang="kk")
    assert (finding.severity, finding.reason) == (Severity.NONE, Reason.TRIAL)


@pytest.mark.skipif(not LEXICON.exists(), reason="the shared lexicon is not here")
def test_no_unverified_term_of_the_lexicon_is_live(keywords):
    """A Kazakh term that the lexicon marks unverified stands in no live topic."""
    unverified = {"еңбек жанжал", "үстемеақы", "төленбеген жалақы", "вахташы", "ұжымдық келісім", "үшжақты комиссия",
                  "жаппай қысқарту", "платформалық жұмыспен қамту", "бас келісім"}  # fmt: skip
    text = LEXICON.read_text(encoding="utf-8").casefold()
    assert all(f"t: {stem}" in text for stem in unverified)
    live = [term.text.casefold() for topic in keywords.topics if topic.live for term in topic.any]
    live += [term.text.casefold() for terms in keywords.groups.values() for term in terms]
    assert not [term for term in live for stem in unverified if term.startswith(stem)]


# ── Whole articles ──


@pytest.mark.parametrize("row", EXPECTED["items"], ids=lambda row: row["title"][:40])
def test_the_headlines_of_the_demo_are_judged_as_its_author_expects(matcher, row):
    """Every item of the bundled newsroom has one of the severities its author accepts."""
    scope = "global" if row["feed"] == "labour-wire" else "local"
    finding = matcher.find(row["title"], "", lang=row["lang"], scope=scope)
    assert finding.severity.value in row["severity"], finding


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the shared source documents are not here")
@pytest.mark.parametrize(
    ("number", "topics"),
    [
        ("000", {"union_refused", "strike", "persecution", "union_rights", "ilo", "law"}),
        ("001", {"strike", "union_rights", "ilo", "law"}),
        ("002", {"strike", "union_rights", "pressure", "law", "ilo", "bargaining"}),
        ("003", {"persecution", "union_rights", "pressure", "law", "bargaining"}),
    ],
)
def test_the_articles_the_project_began_with_ring(matcher, number, topics):
    """Each raises the topics a reader would name, as an article of a global source."""
    text = (DOCUMENTS / f"{number}.txt").read_text(encoding="utf-8")
    finding = matcher.find("", text, scope="global")
    assert {match.topic for match in finding.topics if match.blocked is None} >= topics
    assert finding.severity is Severity.URGENT


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the shared source documents are not here")
@pytest.mark.parametrize("scope", ["local", "global"])
@pytest.mark.parametrize("place", ["", "Kazakhstan"])
def test_what_stands_around_the_articles_raises_nothing(matcher, scope, place):
    """Menus, appeals for gifts and the spam below an article are not news, even beside the name of the country."""
    spam = (DOCUMENTS / "002.txt").read_text(encoding="utf-8").partition("You May Also Like")[2]
    gift = (DOCUMENTS / "001.txt").read_text(encoding="utf-8").partition("Your tax")[2]
    assert "Rohingya" in spam
    assert "gift" in gift
    for furniture in (spam, gift, "Jump to main content\nIndustriALL logotype", "Report by the Human Rights Watch"):
        assert matcher.find(place, furniture, scope=scope).topics == ()


def every_term(keywords):
    """All terms of the file."""
    for topic in keywords.topics:
        yield from (*topic.any, *topic.none, *topic.except_in, *topic.boost)
        for group in topic.all:
            yield from group
    for named in (*keywords.places, *keywords.names):
        yield from named.terms
    for terms in keywords.groups.values():
        yield from terms
    yield from (*keywords.elsewhere, *keywords.demote)


def raised(matcher, headline, lang):
    """The topics a headline raises after their own guards."""
    return {match.topic for match in matcher.find(headline, "", lang=lang).topics if match.blocked is None}
