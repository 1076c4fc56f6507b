"""Russian words in Kazakh texts, Kazakh on a Russian keyboard, Kazakh in Latin letters."""

import pytest

from kazakh_forms import accepted
from monitor.languages import kazakh
from monitor.languages.latin import to_cyrillic
from monitor.text.fold import fold


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("забастовка", "забастовка забастовкаға забастовканың забастовкасы забастовкалар"),
        ("профсоюз", "профсоюзға профсоюздың профсоюзы профсоюздар"),
        ("пикет", "пикетке пикеттер пикетте"),
        ("митинг", "митингіге митингтер митингте"),
        ("КНПРК", "КНПРК-ның"),
    ],
)
def test_russian_words_take_kazakh_endings(term, forms):
    """Kazakh speech borrows freely: забастовкаға, профсоюздың."""
    assert accepted(term, forms, make=kazakh.loan) == forms.split()
    assert accepted(term, "забастовкой профсоюзами пикетом", make=kazakh.loan) == []


@pytest.mark.parametrize(
    ("term", "typed"),
    [
        ("Жаңаөзен", "жанаозен жанаозенде жанаозеннин"),
        ("мұнайшы", "мунайшылар мунайшылары мунайшылардын"),
        ("ереуіл", "ереуилге ереуилди ереуил"),
        ("кәсіподақ", "касиподак касиподагы касиподактын"),
        ("жұмысшы", "жумысшылардын жумысшылар"),
        ("жалақы", "жалакысын жалакыны жалакыга"),
        ("наразылық", "наразылык наразылыгы"),
        ("көтерілу", "котерилди котерилген"),
    ],
)
def test_kazakh_typed_with_russian_letters_is_found(term, typed):
    """Comments and Telegram posts drop the letters a Russian keyboard lacks."""
    assert accepted(term, typed) == typed.split()


def test_short_words_are_not_looked_for_as_typed_with_russian_letters():
    """өт "bile" typed so would be от "fire"; a token with a Kazakh letter is typed properly anyway."""
    assert accepted("өт", "от отты оттар") == []
    assert accepted("тұр", "тур турға тура") == []
    assert accepted("жұмысшы", "жумысшылардың") == []


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        # 2018
        ("ereýil", "ереуіл"),
        ("kásipodaq", "кәсіподақ"),
        ("munaıshylar", "мұнайшылар"),
        ("jalaqy", "жалақы"),
        ("Qazaqstannyń", "қазақстанның"),
        ("saıası", "саяси"),
        ("partııa", "партия"),
        ("aıaqtaldy", "аяқталды"),
        ("qoıý", "қою"),
        ("ıaǵnı", "яғни"),
        # 2021
        ("jūmysşylar", "жұмысшылар"),
        ("mūnaişylar", "мұнайшылар"),
        ("eŋbek", "еңбек"),
        ("eñbek", "еңбек"),
        ("Maŋǧystau", "маңғыстау"),
        ("Mañğystau", "маңғыстау"),
        ("partia", "партия"),
        ("İs", "іс"),
        # 2017
        ("jumys'shy", "жұмышшы"),
        ("en'bek", "еңбек"),
        ("a'ley'mettik", "әлеуметтік"),
        # abai.kz
        ("júmysshylar", "жұмысшылар"),
        ("narazylyghy", "наразылығы"),
        ("toqtatqan", "тоқтатқан"),
        ("kәsipodaghyna", "кәсіподағына"),
        ("múnayshylardyng", "мұнайшылардың"),
        # qazaqtimes.com
        ("jwmısın", "жұмысын"),
        ("wyım", "ұйым"),
        ("tawda", "тауда"),
        # none in particular
        ("Zhanaozen", "жанаозен"),
        ("AQSh-tyń", "ақш-тың"),
    ],
)
def test_latin_script_is_read_back(latin, cyrillic):
    """Whichever of the alphabets in use a token follows, the Cyrillic word is among its readings."""
    assert cyrillic in kazakh.readings(fold(latin))


def test_latin_tokens_find_cyrillic_keywords():
    """A reading is accepted like any token, Russian-keyboard Kazakh without diacritics included."""
    for token in ("jumysshylardyń", "jūmysşylardyŋ", "júmysshylardyng", "jumysshylardyn"):
        assert any(map(kazakh.word("жұмысшы").matches, kazakh.readings(token))), token


@pytest.mark.parametrize("token", ["", "-", "'", "жұмыс", "2011", "straße", "ľudia", "a" * 41, "\ud800"])
def test_what_is_no_latin_kazakh_has_no_readings(token):
    """Cyrillic, digits, letters of no Kazakh alphabet and endless tokens are left alone."""
    assert to_cyrillic(token) == ()
