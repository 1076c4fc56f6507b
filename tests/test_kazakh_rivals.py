"""Words that look like a shorter word with a suffix are left alone."""

from collections import Counter

import pytest

from kazakh_forms import accepted
from monitor.languages import _kazakh_common as common
from monitor.languages import kazakh
from monitor.text.fold import fold


@pytest.mark.parametrize(
    ("term", "others", "own"),
    [
        ("бас", "басқа басқалар басты бастық басым басқару басқарады", "басы басына бастың басымен басында"),
        ("бой", "бойынша бойы", "бойында бойға"),
        ("қан", "қандай қанша қанат", "қаны қанның қанға қаннан"),
        ("шығу", "шығыс шығыста шығар шығарды шығарма шығын шығыны", "шықты шығады шыққан шығуы"),
        ("жұму", "жұмыс жұмысы жұмысыңыз жұмбақ", "жұмды жұмған"),
        ("қыс", "қысқа қысқасы қысым қысымды қысқарту", "қыста қыстың"),
        ("жақ", "жақын жақында жақындары", "жағы жаққа жағында"),
        ("заң", "заңды", "заңның заңдар заңы заңын"),
        ("үш", "үшін", "үште үшке"),
        ("өз", "өзге өзгелер өзгеше", "өзі өзіне өзінің"),
        ("ой", "ойын ойыны ойындар ойыншы", "ойы ойға ойда"),
        ("ат", "атты атақ атауы", "аты атының аттан"),
        ("тең", "теңге теңгеге теңгенің", "теңі теңдер"),
        ("кез", "кезек кезең", "кезде кезінде"),
        ("жеу", "жетті жеткен жерде жеңді", "жеді жейді жеген"),
        ("беру", "берік", "берді"),
        ("түсу", "түсінді түсіндірді түсірді түсіру", "түсті түседі түскен"),
        ("айту", "айтыс айтарлықтай", "айтты айтады айтылған"),
        ("келу", "келін келісім келісімі", "келді келеді келген"),
        ("өндіру", "өндіріс өндірістік өндірісі", "өндірді өндіреді өндірілген"),
        ("сал", "салдар салдарынан салды салық", "салы салдың"),
        ("қаза", "қазақ қазан қазір", "қазасы қазаға"),
    ],
)
def test_a_longer_common_word_is_not_a_form(term, others, own):
    """басқа "other" is not бас + қа; what really is a form of the short word stays."""
    assert accepted(term, others) == []
    assert accepted(term, own) == own.split()


@pytest.mark.parametrize(
    ("term", "noun", "verb"),
    [
        ("басу", "бас басы басында басқа", "басып басқан басады"),
        ("жазу", "жаз жазда жаздың", "жазды жазған жазып жазылды"),
        ("түсу", "түс түсте түсі", "түсті түсіп түскен"),
        ("қысу", "қыс қыста", "қысты қысып"),
        ("шегу", "шек шегі шегінде", "шегіп шеккен"),
        ("қарау", "қара қараның", "қарады қараған қарап"),
    ],
)
def test_a_noun_that_sounds_like_a_verb_is_not_the_verb(term, noun, verb):
    """жазда is "in summer" and never a form of "write", жазды always is."""
    assert accepted(term, noun) == []
    assert accepted(term, verb) == verb.split()


def test_a_past_tense_is_not_an_accusative():
    """етті "did" is everywhere, ет "meat" in the accusative hardly ever."""
    assert accepted("ет", "етті еттің етке еті") == ["еттің", "етке", "еті"]
    assert accepted("ету", "етті етеді етілген") == ["етті", "етеді", "етілген"]


@pytest.mark.parametrize(
    ("term", "genitive", "own"),
    [
        ("күдікті", "күдіктің", "күдіктіге күдіктілер күдіктінің"),
        ("жергілікті", "жергіліктің", "жергіліктіде"),
        ("жолды", "жолдың", "жолдыға"),
    ],
)
def test_the_genitive_of_a_shorter_noun_is_not_thy(term, genitive, own):
    """күдіктің is "of the suspicion"; "thy suspect" nobody writes in the news."""
    assert accepted(term, genitive) == []
    assert accepted(term, own) == own.split()


def test_a_common_word_is_found_when_it_is_the_keyword():
    """The words that others must leave alone still match themselves."""
    everything = common.UNCHANGING | common.QUALITIES | common.NOMINALS | common.VERBS
    assert [term for term in everything if not kazakh.word(term).matches(term)] == []


@pytest.mark.parametrize("term", ["басқа", "шығыс", "жұмыс", "қысым", "теңге", "келісім", "еңбек", "жалақы"])
def test_a_common_word_has_its_own_forms(term):
    """As a keyword it is inflected like any other, even when it stands in a list."""
    word = kazakh.word(term)
    own = [form for form in kazakh.sample(word) if form != term]
    assert len(own) > 10
    assert all(word.matches(form) for form in own)


def test_the_lists_are_folded_and_disjoint():
    """A word that is spelled as no token is, or that stands in two lists, does nothing or hides a mistake."""
    lists = (common.UNCHANGING, common.QUALITIES, common.NOMINALS, common.VERBS)
    everything = [word for block in lists for word in block]
    assert [word for word in everything if fold(word) != word] == []
    assert [word for word, count in Counter(everything).items() if count > 1] == []
    assert [verb for verb in common.VERBS if verb[-1] not in "ую"] == []
