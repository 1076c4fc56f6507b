"""The language of a text: what is said aloud, what letters give away, and what the source settles."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.languages.detection import LENGTH, detect

GOLD = Path(__file__).parent / "data" / "headlines_gold.jsonl"
# Headlines are short, and one may be in doubt; what is measured on 40 characters is .99, .99 and .97.
FLOORS = {"en": 0.99, "ru": 0.99, "kk": 0.97}


@pytest.mark.parametrize("prior", [None, "en", "ru", "kk"])
def test_headlines_are_told_apart_whatever_the_source_mostly_writes(prior):
    """On the labelled headlines each language is recognised as often as the floors say, with any prior."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    total = Counter(row["lang"] for row in rows)
    right = Counter(row["lang"] for row in rows if detect(row["title"], prior) == row["lang"])
    assert {lang: right[lang] / total[lang] >= floor for lang, floor in FLOORS.items()} == dict.fromkeys(FLOORS, True)


@pytest.mark.parametrize(
    "headline",
    [
        "Рабочие с месторождения в Мангистау обратились к Президенту Казахстана",
        "Нефтяники Мангистауской области обратились к Токаеву",
        "В Казахстане сотни людей лишились своей зарплаты",
        "Как бастовали шахтёры Караганды в 1989 году",
        "Air Astana отменила рейс во Франкфурт из-за забастовок в Германии",
    ],
)
def test_short_russian_headlines_are_russian(headline):
    """Headlines that the detector alone takes for Serbian, Kyrgyz or nothing are Russian."""
    assert detect(headline) == "ru"


@pytest.mark.parametrize(
    "headline",
    [
        "Забастовка на заводе: вагон насос рельс печь руда вагон",
        "Забастовка на заводе: руда домна рельс вагон лебёдка домна",
    ],
)
@pytest.mark.parametrize("prior", [None, "ru"])
def test_russian_letters_alone_are_no_far_language(headline, prior):
    """The detector alone takes these for Tajik and Moldovan, and the strike would not be heard."""
    assert detect(headline, prior) == "ru"


def test_a_russian_source_is_believed_where_words_look_both_ways():
    """The detector alone takes this for Kyrgyz; in a Russian source that would hide it."""
    assert detect("Шахтёры Караганды требуют отставки директора шахты", "ru") == "ru"


def test_a_russian_headline_may_name_something_in_kazakh():
    """Words are counted: one Kazakh name among Russian words does not make a headline Kazakh, nor the other way."""
    assert detect("КАЗПРОФТРАНС проведет конкурс «Менің Отаным – Қазақстан» среди железнодорожников") == "ru"
    assert detect("Жаңаөзен мұнайшылары «Бургылау» мекемесіне талап қойды") == "kk"


@pytest.mark.parametrize(
    "text",
    [
        "Sheteldegi jumys: artyqshylyǵy men kemshiligi",
        "Jańaózendegi munaıshylar ereýilge shyqty",
        "Jañaözendegı mūnaişylar jalaqyny köterudı talap ettı",
        "Jan'ao'zendegi munai's'ylar ereyi'lge s'yqty, olar jalaqyny ko'tery'di talap etedi",
        "kәsipodaghyna qarsy qylmystyq is qozghaldy",
    ],
)
def test_kazakh_in_latin_letters_is_kazakh(text):
    """The alphabets of 2018, 2021 and 2017 and the spelling of abai.kz, none of which the detector was shown."""
    assert detect(text) == "kk"


def test_kazakh_typed_with_russian_letters_is_kazakh():
    """Without a single Kazakh letter: by its endings, or because the source writes Kazakh."""
    assert detect("Жанаозенде мунайшылар ереуилге шыкты, олар жалакыны котеруди талап етеди") == "kk"
    assert detect("жумысшылар наразылык акциясына шыкты", "kk") == "kk"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ky", "Айлык акыны жогорулатууну талап кылган жумушчулар иш таштады"),
        ("ky", "Мугалимдердин айлыгы көтөрүлөрүн өкмөт башчы билдирди"),
        ("uz", "Ишчилар маошларни ошириш талаби билан иш ташлади"),
        ("uz", "Byudjet tashkilotlari xodimlari ish haqi oshirildi, deb xabar berdi prezident"),
        ("tg", "Коргарони кон музди меҳнати худро талаб карданд"),
        ("tt", "Эшчеләр хезмәт хакын түләүне таләп итә"),
        ("tr", "Madenciler ücretlerinin ödenmesi için greve çıktı"),
    ],
)
@pytest.mark.parametrize("prior", [None, "ru", "kk"])
def test_neighbours_are_not_taken_for_kazakh(lang, text, prior):
    """Kyrgyz, Uzbek in both scripts, Tajik, Tatar and Turkish keep their names even in a Kazakh feed."""
    assert detect(text, prior) == lang


def test_the_source_settles_what_says_nothing():
    """A name alone, an emoji, nothing at all: the language of the source, unless the script is another one."""
    assert [detect(text, "kk") for text in ("", "🔥", "2026", "Тенгиз")] == ["kk"] * 4
    assert [detect(text, "ru") for text in ("", "🔥", "2026", "Тенгиз")] == ["ru"] * 4
    assert detect("") == detect("№ 5 — 2026 🔥") == ""
    assert detect("Тенгиз", "en") != "en"


def test_invisible_characters_do_not_hide_a_language():
    """Stress marks, soft hyphens and zero-width characters inside words are as if they were not there."""
    assert detect("Шах\u00adтё\u200bры Кара\u0301ганды бастуют третий день") == "ru"


@example("\ud800 забастовка \udfff\0", None)
@given(st.text(st.characters(exclude_categories=()), max_size=80), st.sampled_from([None, "en", "ru", "kk"]))
def test_any_text_has_an_answer(text, prior):
    """Lone surrogates, controls, unassigned code points: a code of two or three letters, or nothing."""
    assert len(detect(text, prior)) <= len("zh-Hant")


def test_only_the_beginning_counts():
    """A long article costs no more than its first thousand characters."""
    assert detect("забастовка шахтёров в Караганде " * 40 + "strike " * 100_000) == "ru"
    assert detect("ә" * LENGTH + "strike " * 10) == detect("ә" * LENGTH)
