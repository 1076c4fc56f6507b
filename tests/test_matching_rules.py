"""Topics, guards and verdicts: which rule holds, how loudly it speaks, what almost matched; on any text whatever."""

import gc
import json
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lexicons import matcher, one, topic
from monitor.matching.engine import Matcher
from monitor.model import Finding, Reason, Severity

FILLER = "слово " * 11


def missing(finding: Finding) -> str:
    """What the only near miss says."""
    (miss,) = finding.near
    return miss.missing


@pytest.fixture(scope="module")
def newsroom() -> Matcher:
    """A small keyword file with every kind of rule."""
    return matcher(
        topic(
            "strike",
            any={"ru": ["забастовка", "стачка"], "kk": ["ереуіл"]},
            none={"ru": ["футболист"]},
            except_in={"ru": ["голодная ~1 забастовка"]},
            boost={"ru": ["независимый профсоюз"]},
        ),
        topic("wages", "normal", any={"ru": ["долг"]}, all=[{"any_lang": ["$places"]}, {"ru": ["зарплата"]}], near=5),
        topic("persecution", "normal", all=[{"ru": ["профсоюз"]}, {"ru": ["арест", "суд"]}]),
        topic("figures", "digest", any={"ru": ["статистика"]}),
        topic("tryout", live=False, any={"ru": ["увольнение"]}),
        places={
            "kazakhstan": {"en": ["Kazakhstan"], "ru": ["Казахстан"], "kk": ["Қазақстан"]},
            "aktau": {"ru": ["Актау"], "kk": ["Ақтау"], "any_lang": ["Aqtau!"]},
        },
        names={("knprk", "union"): {"any_lang": ["КНПРК!"]}, ("ilo", "organisation"): {"ru": ["МОТ!"]}},
        sectors={"oil": {"ru": ["нефтяник"]}, "health": {"ru": ["врач"]}},
        elsewhere={"ru": ["Германия"]},
        demote={"ru": ["годовщина", "лет назад"]},
    )


@pytest.mark.parametrize(
    ("title", "text", "scope", "severity", "reason"),
    [
        ("Забастовка в Актау", "", "local", "urgent", "MATCHED"),
        ("Погода в Актау", "", "local", "none", "NO_TOPIC"),
        ("", "", "local", "none", "NO_TOPIC"),
        ("Забастовка", "", "local", "urgent", "MATCHED"),
        ("Забастовка", "", "global", "none", "NO_PLACE"),
        ("Забастовка", "Было это в Казахстане.", "global", "urgent", "MATCHED"),
        ("Забастовка", "Сообщает КНПРК.", "global", "urgent", "MATCHED"),
        ("Забастовка", "Сообщает МОТ.", "global", "none", "NO_PLACE"),
        ("Забастовка в Германии", "", "local", "digest", "ELSEWHERE"),
        ("Забастовка в Германии", "О Казахстане.", "local", "urgent", "MATCHED"),
        ("Забастовка в Германии", "О КНПРК.", "local", "urgent", "MATCHED"),
        ("Статистика Германии", "", "local", "digest", "MATCHED"),
        ("Годовщина забастовки в Актау", "", "local", "digest", "DEMOTED"),
        ("Забастовка", "В Актау. Много лет назад. Ещё.", "local", "digest", "DEMOTED"),
        ("Забастовка", "Первое предложение. Второе предложение. Годовщина.", "local", "urgent", "MATCHED"),
        ("Футболист и забастовка", "", "local", "none", "BLOCKED"),
        ("Забастовка", "Первое предложение. Футболист там. Конец.", "local", "none", "BLOCKED"),
        ("Забастовка", "Первое предложение. Второе предложение. Футболист там.", "local", "urgent", "MATCHED"),
        ("Футболист, забастовка, статистика", "", "local", "digest", "MATCHED"),
        ("Увольнения в Актау", "", "local", "none", "TRIAL"),
        ("Увольнения и статистика", "", "local", "digest", "MATCHED"),
        ("Забастовка и статистика", "", "local", "urgent", "MATCHED"),
    ],
)
def test_verdicts(newsroom: Matcher, title: str, text: str, scope: str, severity: str, reason: str) -> None:
    """Every guard gives its own reason; the verdict is the loudest live topic after the guards."""
    finding = newsroom.find(title, text, lang="ru", scope=scope)
    assert (finding.severity, finding.reason) == (Severity(severity), Reason(reason))


def test_a_blocked_topic_is_told(newsroom: Matcher) -> None:
    """Maintainers can be told which word silenced an urgent topic."""
    (match,) = newsroom.find("Футболист и забастовка", "", lang="ru").topics
    assert (match.topic, match.severity, match.blocked) == ("strike", Severity.URGENT, "футболист")


def test_a_phrase_of_except_in_swallows_what_lies_inside(newsroom: Matcher) -> None:
    """A hit inside does not count and is told as a near miss; another hit outside still counts."""
    finding = newsroom.find("", "Голодная тюремная забастовка.", lang="ru")
    assert finding.reason is Reason.NO_TOPIC
    assert missing(finding) == "«забастовка» does not count inside «Голодная тюремная забастовка»"
    assert newsroom.find("", "Голодная забастовка. Стачка.", lang="ru").reason is Reason.MATCHED


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("долги по зарплате в Актау", {"долги", "зарплате", "Актау"}),
        ("Актау. Зарплата. Долги", {"Долги", "Зарплата", "Актау"}),
        (f"долги по зарплате {FILLER} в Актау", None),
        (f"долги {FILLER} долги по зарплате в Актау", {"долги", "зарплате", "Актау"}),
        ("долги по зарплате", None),
        ("зарплата в Актау", None),
    ],
)
def test_lists_must_match_near_one_another(newsroom: Matcher, text: str, hits: set[str] | None) -> None:
    """`all` wants one hit of every list, and `any` one too, within `near` words of one another."""
    matches = {match.topic: match for match in newsroom.find("", text, lang="ru").topics}
    found = {hit.form for hit in matches["wages"].hits} if "wages" in matches else None
    assert found == hits


def test_near_counts_words() -> None:
    """Two single words `near` words apart are near, one more is far; the title and the text are neighbours."""
    made = matcher(topic("t", all=[{"ru": ["профсоюз"]}, {"ru": ["арест"]}], near=4))
    assert made.find("", "профсоюз раз два три арест", lang="ru").topics
    assert not made.find("", "профсоюз раз два три четыре арест", lang="ru").topics
    assert not made.find("", "арест раз два три четыре профсоюз", lang="ru").topics
    assert made.find("Профсоюз", "раз два три арест", lang="ru").topics


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("долги по зарплате", "only 2 of 3 lists match: nothing of «$places»"),
        ("долги", "only 1 of 3 lists match: nothing of «$places»; nor of «зарплата»"),
        (f"долги по зарплате {FILLER} в Актау", "its 3 lists match, but more than 5 words apart"),
        ("профсоюз", "only 1 of 2 lists match: nothing of «арест, суд»"),
    ],
)
def test_near_misses_say_what_was_missing(newsroom: Matcher, text: str, says: str) -> None:
    """A topic that almost matched says in words which of its lists was not there, or how far apart they stood."""
    assert missing(newsroom.find("", text, lang="ru")) == says


def test_a_place_alone_is_no_near_miss(newsroom: Matcher) -> None:
    """Every article names a place; a topic is near only when one of its own words is there."""
    assert newsroom.find("", "Погода в Актау, зарплата", lang="ru").near == ()


def test_the_missing_place_is_told(newsroom: Matcher) -> None:
    """From a global source, a topic without Kazakhstan is a near miss, not a match."""
    finding = newsroom.find("Забастовка", "", lang="ru", scope="global")
    assert finding.topics == ()
    assert missing(finding) == "no Kazakhstan place"


def test_the_wrong_language_is_told_on_request(newsroom: Matcher) -> None:
    """With `explain`, a topic whose words stand there in a language that was not tried says so."""
    assert newsroom.find("Забастовка", "", lang="en").near == ()
    said = missing(newsroom.find("Забастовка", "", lang="en", explain=True))
    assert said == "«забастовка» is tried in Russian articles; this one is English"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Нефтяники", ()),  # one of three
        ("В Актау нефтяники требуют", ("«$workers ~3 требовать ~2 повышение», but no «повышение»",)),
        ("Водители требуют повышения", ("«$workers ~3 требовать ~2 повышение», but nothing of $workers",)),
        (
            "Требуют повышения нефтяники",
            ("the words of «$workers ~3 требовать ~2 повышение» are there, but too far apart or not in this order",),
        ),
        ("Актау", ()),  # a place stands everywhere
        ("Отказались на", ("«отказ на смену», but no «смену»",)),
        ("Вышли на", ()),  # so does a short word
        ("Нефтяники требуют повышения", ()),
    ],
)
def test_a_phrase_that_lacks_one_word_explains_itself(title: str, said: tuple[str, ...]) -> None:
    """With `explain`, a topic of phrases says which one came nearest and what it lacked."""
    made = matcher(
        topic("pay", any={"ru": ["$workers ~3 требовать ~2 повышение", "$places ~2 $workers ~9 бастовать ~2 дружно"]}),
        topic("refusal", any={"ru": [{"term": "отказ на смену", "forms": ["отказались на смену"]}, "на $places"]}),
        places={"aktau": {"ru": ["Актау"]}},
        groups={"workers": {"ru": ["нефтяник"]}},
    )
    assert made.find(title, "", lang="ru").near == ()
    found = made.find(title, "", lang="ru", explain=True)
    assert tuple(miss.missing for miss in found.near) == said


def test_score_orders_by_where_and_how_often(newsroom: Matcher) -> None:
    """A term scores 3 in the title, 2 in the lead, 1 further down, once each; a boost 2."""

    def score(title: str, text: str) -> int:
        return newsroom.find(title, text, lang="ru").topics[0].score

    body = "Первое предложение. Второе предложение. "
    assert score("Забастовка", "") == 3
    assert score("", "Забастовка.") == 2
    assert score("", f"{body}Забастовка. Забастовка.") == 1
    assert score("Забастовка", f"Забастовка. Ещё предложение. Третье {body}Забастовка.") == 6
    assert score("Забастовка, стачка", "") == 6
    assert score("Забастовка", f"{body}Независимый профсоюз.") == 5


def test_one_hit_per_term_the_best_one(newsroom: Matcher) -> None:
    """Of a term's many hits the one in the title is kept, else the first."""
    (match,) = newsroom.find("О забастовке", "Забастовка. Стачку ждут. Стачка.", lang="ru").topics
    assert [(hit.term, hit.field, hit.form) for hit in match.hits] == [
        ("забастовка", "title", "забастовке"),
        ("стачка", "text", "Стачку"),
    ]


def test_places_and_names_come_in_order_of_appearance(newsroom: Matcher) -> None:
    """Ids are the same in every language, each once, whether or not a topic matches."""
    finding = newsroom.find("Aqtau", "КНПРК в Казахстане и Актау, МОТ", lang="ru")
    assert (finding.places, finding.names) == (("aktau", "kazakhstan"), ("knprk", "ilo"))
    finding = newsroom.find("Ақтауда", "Қазақстанның", lang="kk")
    assert (finding.places, finding.names) == (("aktau", "kazakhstan"), ())


def test_what_an_article_is_about(newsroom: Matcher) -> None:
    """Names and sectors of the title and the lead, in order; what the body mentions is background."""
    finding = newsroom.find("Забастовка врачей", f"КНПРК. {FILLER * 20} нефтяники, МОТ", lang="ru")
    assert (finding.about, finding.sectors) == (("knprk",), ("health",))
    assert finding.names == ("knprk", "ilo")
    quiet = newsroom.find("Погода", "врачи, КНПРК", lang="ru")
    assert (quiet.about, quiet.sectors) == ((), ())
    assert newsroom.find("Забастовка", "Сообщают врачи.", lang="ru", scope="global").reason is Reason.NO_PLACE


def test_labels_and_regions_for_readers(newsroom: Matcher) -> None:
    """A place or a name has its first term of each language, or the one of any language."""
    assert newsroom.labels["aktau"] == {"en": "Aqtau", "ru": "Актау", "kk": "Ақтау"}
    assert newsroom.labels["knprk"] == {"en": "КНПРК", "ru": "КНПРК", "kk": "КНПРК"}
    assert newsroom.regions == {"kazakhstan": "KZ-47", "aktau": "KZ-47"}


def test_the_language_is_detected_unless_given(newsroom: Matcher) -> None:
    """A given language is final; otherwise the text decides, the feed's own when the text says nothing."""
    assert newsroom.find("Мұнайшылар ереуілге шықты, жұмыс тоқтады", "", prior="ru").lang == "kk"
    assert newsroom.find("Нефтяники объявили забастовку и требуют повышения", "").lang == "ru"
    assert newsroom.find("2026", "", prior="kk").lang == "kk"
    assert newsroom.find("Забастовка", "", lang="kk").lang == "kk"


ANYTHING = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("забстовк -_'’.!\n\u0301\u00ad\ud800\x00")), max_size=200
)
WORDS = st.lists(st.sampled_from(["забастовка", "-", " ", ".", "\n", "Актау", "голодная ", "лет назад", "\u0301"])).map(
    "".join
)


@settings(max_examples=100, deadline=None)
@given(ANYTHING, WORDS)
@example("\x00\ud800", "забасто\u0301вка-" * 20)
@example("a-" * 40, "_-_ --- '-' ʼ")
def test_any_text_is_read(newsroom: Matcher, title: str, text: str) -> None:
    """Nothing raises, every span is where it says, and everything reported can be stored and printed."""
    for lang in (None, "ru", "kk", "en", "ky"):
        finding = newsroom.find(title, text, lang=lang, explain=True)
        for hit in finding.hits:
            field = title if hit.field == "title" else text
            assert 0 <= hit.start < hit.end <= len(field)
            json.dumps([hit.form, hit.quote, hit.term], ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    "piece",
    [
        "забастовка ",
        "голодная забастовка ",
        "профсоюз арест ",
        "независимый ",
        "Годовщина. ",
        "!",
        "! ",
        "\n",
        "a",
        "а-",
        "я́",
        "\ud800",
        "слово, слово. Слово! ",
        "забастовка",
        "долг зарплата ",
    ],
)
def test_time_is_linear(newsroom: Matcher, piece: str) -> None:
    """Ten times the text takes about ten times as long, whatever it repeats, up to a megabyte."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        gc.disable()  # a look for rubbish in all that the other tests left behind would be counted as ours
        start = process_time()
        newsroom.find("Забастовка", text, lang="ru")
        took = process_time() - start
        gc.enable()
        return took

    seconds(1000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (20_000, 200_000))
    assert large < 30 * small + 0.1


@pytest.mark.heavy
@pytest.mark.parametrize(
    "piece", ["забастовка ", "профсоюз арест ", "!", "слово, слово. Слово! ", "а-", "\ud800я\u0301"]
)
def test_a_megabyte_is_read_in_seconds(newsroom: Matcher, piece: str) -> None:
    """The longest text the house keeps takes no more than seconds."""
    text = piece * (1_000_000 // len(piece))
    start = process_time()
    newsroom.find("Забастовка", text, lang="ru")
    assert process_time() - start < 10


def test_memory_of_words_is_bounded() -> None:
    """A flood of different words is forgotten again."""
    made = one(ru=["забастовка"])
    for start in range(0, 90_000, 1000):
        made.find("", " ".join(f"слово{number}" for number in range(start, start + 1000)), lang="ru")
    memory = made.views["ru"].lookup.memory
    assert 10_000 < len(memory) <= 50_000
    assert made.find("", "забастовки " + "x" * 10_000, lang="ru").hits
    assert all(len(piece) < 100 for piece in memory)
