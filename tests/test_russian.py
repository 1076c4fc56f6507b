"""Russian words: paradigms, names no dictionary has, homographs, verbs in pairs."""

import json
import subprocess
import sys

import pytest

from monitor.config.files import read_keywords
from monitor.languages import russian
from monitor.languages._russian_dictionary import open_dictionary
from monitor.matching.lists import lists_of
from monitor.matching.terms import Phrase, WordPart, parse
from monitor.text.fold import fold
from paths import ROOT, SHARED
from treebank import f1_of_all_lemmas


def forms(term, pos=None):
    """The forms of a word."""
    return russian.word(term, pos).forms


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("забастовка", "забастовки забастовке забастовку забастовкой забастовок забастовками"),
        ("шахтёр", "шахтер шахтера шахтерам шахтеров"),
        ("бастовать", "бастуют бастовал бастующих бастуя бастовавшие"),
        ("независимый", "независимого независимых независима независимее"),
        ("профсоюз", "профсоюза профсоюзы профсоюзами"),
        ("имя", "имени имен именами"),
        ("Казахстан", "казахстан казахстана казахстане"),
    ],
)
def test_a_known_word_has_its_whole_paradigm(term, expected):
    """Every form of the dictionary, ё written as е."""
    assert set(expected.split()) <= forms(term)
    assert russian.word(term).known


@pytest.mark.parametrize(
    ("term", "expected", "invented"),
    [
        ("Жанаозен", "жанаозена жанаозене жанаозеном", "жанаозна жанаозня жанаозный"),
        ("Токаев", "токаева токаеву токаевым токаеве токаевой токаевы токаевых", "токай токая токаи"),
        ("токаев", "токаев токаева токаеву", "токай токая"),
        ("Балтабай", "балтабая балтабаю балтабаем", "балтаба балтабайа"),
        ("Харькова", "харьковой харькову", "харьков харькове"),
        ("Сапарбаевна", "сапарбаевной сапарбаевну", "сапарбаевич"),
        ("Семей", "семея семее семеем", "семья семьи"),
        ("АрселорМиттал", "арселормиттала арселормиттале", "арселормиттл"),
        ("жанаозенец", "жанаозенца жанаозенцы жанаозенцев", "жанаозенеца"),
        ("нефтерынок", "нефтерынка нефтерынке", "нефтерынока"),
        ("жанаозенский", "жанаозенского жанаозенские", "жанаозенскего"),
    ],
)
def test_names_take_the_endings_of_names(term, expected, invented):
    """Names and places no dictionary has, or that it takes for a form of something else."""
    assert set(expected.split()) <= forms(term)
    assert not set(invented.split()) & forms(term)


def test_an_unknown_word_says_what_was_assumed():
    """A maintainer sees that a word is not in the dictionary, and the forms that were made up for it."""
    word = russian.word("Шымкент")
    assert not word.known
    assert "шымкента" in word.assumed[0]
    assert russian.word("Кульсары").assumed == ("not in the dictionary, matched only as written",)


@pytest.mark.parametrize("term", ["Алматы", "Актау", "Атырау", "Дмитриенко", "Кульсары", "Актобе"])
def test_some_names_do_not_inflect(term):
    """Names in -ы, -у, -о, -е stay as they are."""
    assert forms(term) == {fold(term)}


def test_acronyms_take_endings_after_a_hyphen():
    """КНПРК-ой; and without one when the acronym is spoken as a word."""
    assert {"кнпрк", "кнпрк-ой", "кнпрк-у"} <= forms("КНПРК") & forms("кнпрк")
    assert "кнпрка" not in forms("КНПРК")
    assert {"мид", "мида", "миде"} <= forms("МИД")


def test_the_passive_in_sya_belongs_to_the_verb():
    """What is paid out and delayed is the verb's own form; a reflexive with a meaning of its own is another word."""
    assert {"выплачивается", "выплачивались"} <= forms("выплачивать")
    assert "задерживаются" in forms("задерживать")
    assert not {"занимается", "занимаются"} & forms("занимать")
    assert "бастуется" not in forms("бастовать")


def test_participles_belong_to_the_verb_unless_they_became_adjectives():
    """The dismissed are found under dismiss; «следующий» is nobody who follows."""
    assert {"уволенных", "уволенный", "уволена"} <= forms("уволить")
    assert not {"следующий", "следующего"} & forms("следовать")
    assert "следует" in forms("следовать")


def test_a_form_that_is_mostly_another_word_is_left_out():
    """Chance look-alikes: the conjunction хотя, the pronoun им, the adverb рядом, the noun боли."""
    assert "хотя" not in forms("хотеть")
    assert "им" not in forms("имя")
    assert "рядом" not in forms("ряд")
    assert "боли" not in forms("болеть")
    assert {"начала", "начало", "начали"} <= forms("начать")
    assert {"суд", "суда", "суде"} <= forms("суд")
    assert {"ночью", "утром"} <= forms("ночь") | forms("утро")


def test_the_part_of_speech_can_be_asked_for():
    """печь/n is a stove, печь/v is to bake; a noun made of an adjective keeps the noun's forms only."""
    assert "печами" in forms("печь", "n") - forms("печь", "v")
    assert "пекут" in forms("печь", "v") - forms("печь", "n")
    assert {"рабочий", "рабочие", "рабочих", "рабочего"} <= forms("рабочий", "n")
    assert "рабочая" in forms("рабочий") - forms("рабочий", "n")


@pytest.mark.parametrize(
    ("term", "expected", "left"),
    [
        ("бастующие", "бастующих бастующими", "бастовать бастующая"),
        ("трудящиеся", "трудящихся", "трудиться"),
        ("заработная", "заработной заработную заработные", "заработный заработного"),
        ("профсоюзы", "профсоюзов профсоюзам", "профсоюз профсоюза"),
        ("дети", "детей детям", "ребенок"),
        ("люди", "людей людям", "человек"),
        ("деньги", "денег деньгам", "деньга деньгу"),
        ("уволенный", "уволенного уволенные уволен", "уволить уволил"),
        ("счастье", "счастья счастьем", "счастие"),
        ("зарплаты", "зарплат зарплатам", "зарплата зарплату"),
        ("работу", "работу", "работа работы"),
        ("людей", "людей", "людям человек"),
        ("Казахстана", "казахстана", "казахстан казахстане"),
        ("профсоюзов", "профсоюзов", "профсоюз профсоюзы"),
    ],
)
def test_a_word_that_is_itself_a_form_keeps_to_its_part(term, expected, left):
    """A plural, a feminine or a participle inflects within itself; any other form is matched as written."""
    assert set(expected.split()) <= forms(term)
    assert not set(left.split()) & forms(term)
    assert russian.word(term).assumed


def test_hyphenated_words_inflect_in_the_last_part_and_in_a_noun_before_it():
    """шахтёра-пенсионера, экс-министра, Усть-Каменогорска; but Ростова-на-Дону."""
    assert {"шахтер-пенсионера", "шахтера-пенсионера"} <= forms("шахтёр-пенсионер")
    assert {"экс-министра", "экс-министром"} <= forms("экс-министр")
    assert forms("шахтёр\N{NON-BREAKING HYPHEN}пенсионер") == forms("шахтёр-пенсионер")
    assert "усть-каменогорске" in forms("Усть-Каменогорск")
    assert {"ростова-на-дону", "ростове-на-дону"} <= forms("Ростов-на-Дону")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("уволить", "увольнять"),
        ("выплатить", "выплачивать"),
        ("остановить", "останавливать"),
        ("задержать", "задерживать"),
        ("отказаться", "отказываться"),
        ("начать", "начинать"),
        ("выйти", "выходить"),
        ("погибнуть", "погибать"),
        ("требовать", "потребовать"),
        ("бастовать", "забастовать"),
    ],
)
def test_a_verb_suggests_its_other_aspect(one, other):
    """Both halves of a pair name each other; a noun has none."""
    assert other in russian.related(russian.word(one))
    assert one in russian.related(russian.word(other))
    assert russian.related(russian.word("забастовка")) == []


def test_verbs_no_dictionary_has_inflect_like_those_that_end_alike():
    """New verbs come with the news."""
    assert {"твитнул", "твитнут", "твитнула"} <= forms("твитнуть")


def test_the_dictionary_is_opened_once():
    """Twenty megabytes are read once a process."""
    assert open_dictionary() is open_dictionary()


def test_the_dictionary_says_the_same_where_it_is_read_in_python():
    """There is no compiled reader of its tables for Linux on ARM: the forms are the same, only later."""
    pytest.importorskip("dawg", reason="there is but the reader in Python here")
    shipped = lists_of(read_keywords(ROOT / "config" / "keywords.yaml"))
    parsed = [parse(term) for terms in shipped for term in terms.terms if term.lang == "ru"]
    parts = [part for phrase in parsed if isinstance(phrase, Phrase) for part in phrase.parts]
    words = sorted({part.text for part in parts if isinstance(part, WordPart)})
    assert len(words) > 1_000
    program = (
        "import json, sys; sys.modules['dawg'] = None\n"
        "from monitor.languages import russian, _russian_dictionary as tables\n"
        "assert hasattr(tables.open_dictionary().counts._table, 'dct')\n"
        "print(json.dumps([sorted(russian.word(each).forms) for each in json.load(sys.stdin)]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(words), capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == [sorted(forms(word)) for word in words]


@pytest.mark.skipif(not SHARED.exists(), reason="the treebank lies beside the repository, not in it")
def test_the_forms_of_a_treebank_are_found():
    """F1 over all lemmas of the Russian gold; it was .983 when this was written."""
    assert f1_of_all_lemmas(russian.word, SHARED / "data" / "gold" / "ru.tsv") >= 0.978
