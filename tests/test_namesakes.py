"""Two titles of one outlet: redecorated, transliterated, shortened; and titles that are somebody else's."""

import pytest

from monitor.policy.namesakes import same_name, says_nothing


@pytest.mark.parametrize(
    ("title", "known", "label"),
    [
        ("Лада — новости Актау", "Лада", "rss"),
        ("LADA.KZ", "Лада", "lada"),
        ("Власть", "Vlast.kz", "vlast"),
        ("Informburo 31", "Информбюро", "informburo"),
        ("Азаттық", "Радио Азаттык", "azattyq"),
        ("Жаңа Қазақ үні", "Қазақ үні", "qazaquni"),
        ("Zakon.kz: юридический портал", "Закон", "zakon"),
        ("Ақ Жайық", "Aq Zhaiyq", "azh"),
        ("Tengri-News", "Тенгриньюс", "tn"),
        ("Курсивъ", "Kursiv Media Kazakhstan", "kursiv"),
        ("Эксклюзив", "Exclusive.kz", "x"),
    ],
)
def test_the_same_outlet(title, known, label):
    """A shared word in either script, the name of the site, or a name that sounds alike."""
    assert same_name(title, (known,), label)


@pytest.mark.parametrize(
    ("title", "known", "label"),
    [
        ("Лучшие казино", "Лада", "lada"),
        ("Новости казино Казахстана", "Новости Казахстана", "nk"),
        ("Погода", "Власть", "vlast"),
        ("Slot Gacor", "Ак Жайык", "azh"),
        ("Спорт сегодня", "Жас Алаш", "zhasalash"),
        ("最新平台", "Лада", "lada"),
    ],
)
def test_another_outlet(title, known, label):
    """Words that anybody may use, such as news or the country's name, make nobody the same."""
    assert not same_name(title, (known,), label)


@pytest.mark.parametrize(
    "title", ["", "RSS", "Новости · RSS", "Соңғы жаңалықтар", "Latest news 2026", "Главная страница"]
)
def test_titles_that_say_nothing(title):
    """A title of anybody's words says nothing about whose it is."""
    assert says_nothing(title)


def test_titles_that_say_something():
    """One telling word is enough, in any script we know."""
    assert not says_nothing("Новости Лада")
    assert not says_nothing("Slots")
