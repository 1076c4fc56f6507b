"""What a term finds: forms, phrases, gaps, compounds, exact words, groups, languages; and where exactly."""

import pytest

from lexicons import found, matcher, one, topic
from monitor.model import Severity


@pytest.mark.parametrize(
    ("term", "text", "forms"),
    [
        ("забастовка", "о забастовке и Забасто́вками", ["забастовке"]),
        ("шахтер", "ШАХТЁРЫ и шахтёрами", ["ШАХТЁРЫ"]),
        ("независимый профсоюз", "независимых профсоюзов", ["независимых профсоюзов"]),
        ("независимый профсоюз", "независимых, но профсоюзов", []),
        ("независимый профсоюз", "Нет независимых. Профсоюзы есть", []),
        ("независимый профсоюз", "независимых\n\nпрофсоюзов", []),
        ("независимый профсоюз", "независимых\nпрофсоюзов", ["независимых\nпрофсоюзов"]),
        ("независимый профсоюз", "профсоюзов независимых", []),
        ("отказ ~3 выйти", "отказ горняков сегодня утром выйти", ["отказ горняков сегодня утром выйти"]),
        ("отказ ~3 выйти", "отказ горняков сегодня рано утром выйти", []),
        ("отказ ~3 выйти", "отказ, отказ от всего выйти", ["отказ от всего выйти"]),
        ("отказ ~1 выйти ~1 на", "отказ выйти а выйти на", []),
        ("отказ ~2 выйти ~1 на", "отказ выйти а выйти на", ["отказ выйти а выйти на"]),
        ("Конвенция 87", "Конвенции № 87 МОТ", ["Конвенции № 87"]),
        ("Конвенция 87", "Конвенции — 87", ["Конвенции — 87"]),
        ("з/п", "долги по з/п растут", ["з/п"]),
        ("нефтяник", "рабочие-нефтяники бастуют", ["нефтяники"]),
        ("нефтяник бастовать", "рабочие-нефтяники бастуют", ["нефтяники бастуют"]),
        ("рабочий бастовать", "рабочие-нефтяники бастуют", []),
        ("рабочий нефтяник", "рабочие-нефтяники", ["рабочие-нефтяники"]),
        ("Усть-Каменогорск", "в Усть-Каменогорске", ["Усть-Каменогорске"]),
        ("Усть-Каменогорск", "в Усть Каменогорске", ["Усть Каменогорске"]),
        ("забастовка", "#забастовка_нефтяников", ["забастовка"]),
        ("забастовка", "забас\u00adтовка", ["забас\u00adтовка"]),
    ],
)
def test_russian_terms(term: str, text: str, forms: list[str]) -> None:
    """Words inflect, phrases keep their order within a sentence, gaps count words, compounds open up."""
    made = one(ru=[term])
    hits = made.find("", text, lang="ru").hits
    assert [text[hit.start : hit.end] for hit in hits] == forms


@pytest.mark.parametrize("text", ["a walk-out", "a walkout", "they walk out", "WALK‑OUTS"])
def test_english_compounds_in_all_spellings(text: str) -> None:
    """A term with a hyphen is found with it, without it, and as two words."""
    assert found(one(en=["walk-out"]), text, "en")


def test_a_joined_word_is_found_with_a_hyphen() -> None:
    """A hyphen inside a word that has none, typed or left by a line break, does not hide it."""
    assert found(one(en=["walkout"]), "the walk-out ends", "en") == ["walk-out"]
    assert found(one(ru=["забастовка"]), "объявлена забас-товка", "ru") == ["забас-товка"]


def test_a_word_beside_a_single_letter_is_no_word_of_its_own() -> None:
    """An e-mail is no mail; a union-busting firm is still about a union."""
    assert not found(one(en=["mail"]), "an e-mail came", "en")
    assert found(one(en=["email"]), "an e-mail came", "en")
    assert found(one(en=["union"]), "a union-busting firm", "en")


def test_possessives_are_forms() -> None:
    """Worker's and workers’ are the word itself, and do not break a phrase."""
    made = one(en=["worker right"])
    assert found(made, "worker's rights", "en") == ["worker's rights"]
    assert found(made, "workers’ rights", "en") == ["workers’ rights"]


def test_parts_of_speech_narrow_a_word() -> None:
    """strike/n is the noun: nobody is struck by it."""
    made = one(en=["strike/n"])
    assert found(made, "a strike, two strikes", "en") == ["strike"]
    assert found(made, "it struck a deal", "en") == []


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("члены КНПРК ушли", ["КНПРК"]),
        ("кнпрк Кнпрк КНПРКа", []),
        ("КНПРК-ның мүшелері", ["КНПРК-ның"]),
        ("рабочие из ФПРК-КНПРК", ["КНПРК"]),
        ("КНПРК’s leader", ["КНПРК’s"]),
        ("КНП\u00adРК", ["КНПРК"]),
    ],
)
@pytest.mark.parametrize("lang", ["ru", "kk", "en", "ky", ""])
def test_exact_words_in_every_language(text: str, forms: list[str], lang: str) -> None:
    """КНПРК! is that spelling and case alone, with Kazakh endings after a hyphen, in articles of any language."""
    assert found(one(ru=["КНПРК!"]), text, lang or "de") == forms


def test_exact_words_make_phrases_with_kazakh_endings() -> None:
    """The ending after the hyphen belongs to the word: the next word is its neighbour."""
    assert found(one(kk=["КНПРК! мүше"]), "КНПРК-ның мүшелері", "kk") == ["КНПРК-ның мүшелері"]


def test_forms_are_added_and_dropped() -> None:
    """`forms` are further forms, `except` takes single ones away, whole phrases too."""
    made = one(ru=[{"term": "суд", "forms": ["судилище", "судья и присяжные"], "except": ["суда", "судам"]}])
    assert found(made, "суда судам судах", "ru") == ["судах"]
    assert found(made, "судилище", "ru") == ["судилище"]
    assert found(made, "судья и присяжные", "ru") == ["судья и присяжные"]
    phrase = one(ru=[{"term": "выйти на работу", "except": ["вышли на работу"]}])
    assert found(phrase, "вышли на работу", "ru") == []
    assert found(phrase, "вышла на работу", "ru") == ["вышла на работу"]


def test_groups_stand_for_their_terms_inside_phrases() -> None:
    """$group is any of its terms in the article's language, phrases included, in any_lang and elsewhere."""
    made = matcher(
        topic("t", any={"any_lang": ["$workers ~3 $demand"]}),
        groups={
            "workers": {"ru": ["рабочий/n", "работник завода"], "en": ["worker"]},
            "demand": {"ru": ["требовать"], "en": ["demand"]},
        },
    )
    assert found(made, "работники завода снова требуют денег", "ru") == ["работники завода снова требуют"]
    assert found(made, "workers demanded pay", "en") == ["workers demanded"]
    assert found(made, "workers требуют", "en") == []
    assert found(made, "требуют рабочие", "ru") == []


def test_built_in_groups() -> None:
    """$places, $names, $companies, $unions and $people are the file's own places and names."""
    made = matcher(
        topic("t", any={"ru": ["$unions ~2 $people ~2 $companies ~2 $places", "пикет ~1 $names"]}),
        places={"aktau": {"ru": ["Актау"]}},
        names={
            ("knprk", "union"): {"any_lang": ["КНПРК!"]},
            ("kmg", "company"): {"ru": ["Казмунайгаз"]},
            ("kuspan", "person"): {"ru": ["Куспан"]},
        },
    )
    text = "КНПРК и Куспан против Казмунайгаза в Актау"
    finding = made.find("", text, lang="ru")
    assert [hit.form for hit in finding.hits] == [text]
    assert (finding.places, finding.names) == (("aktau",), ("knprk", "kuspan", "kmg"))
    assert found(made, "пикет у Казмунайгаза", "ru") == ["пикет у Казмунайгаза"]


def test_groups_may_use_groups_but_not_themselves() -> None:
    """A group inside a group is its terms; one that contains itself finds nothing of itself and harms nothing."""
    made = matcher(
        topic("t", any={"ru": ["$all требовать"]}),
        groups={
            "all": {"ru": ["$miners", "рабочий/n"]},
            "miners": {"ru": ["шахтер", "$all"]},
        },
    )
    assert found(made, "шахтеры требуют", "ru") == ["шахтеры требуют"]
    assert found(made, "рабочие требуют", "ru") == ["рабочие требуют"]


def test_expressions_are_terms_and_stand_in_groups() -> None:
    """re:/…/ finds on its own, and inside a phrase as part of a group, even when nothing else would trigger it."""
    made = matcher(
        topic("t", any={"ru": ["$debts рабочим", r"re:/\bзадолж\w+ по з/?п\b/"]}),
        groups={"debts": {"ru": [r"re:/невыпла\w+/"]}},
    )
    assert found(made, "Задолженность по зп!", "ru") == ["Задолженность по зп"]
    assert found(made, "невыплаты рабочим", "ru") == ["невыплаты рабочим"]
    assert found(made, "невыплаты. Рабочим", "ru") == []


def test_lists_are_tried_in_their_language() -> None:
    """English terms sleep in Russian articles; Kazakh articles also try the Russian lists, with Kazakh endings."""
    made = one(en=["strike/n"], ru=["забастовка"], kk=["ереуіл"])
    assert found(made, "Saber Strike", "ru") == []
    assert found(made, "ереуілге забастовкаға", "kk") == ["ереуілге", "забастовкаға"]
    assert found(made, "ереуілге забастовки", "ru") == ["забастовки"]
    assert found(made, "strike забастовка ереуіл", "ky") == []


def test_kazakh_in_latin_and_with_russian_letters() -> None:
    """A Kazakh article is read whatever alphabet it is typed in, with spans in what was typed."""
    made = one(kk=["жұмысшы"])
    assert found(made, "júmysshylar narazylyghy", "kk") == ["júmysshylar"]
    assert found(made, "jūmysşylar", "kk") == ["jūmysşylar"]
    assert found(made, "жумысшылар шыкты", "kk") == ["жумысшылар"]


def test_any_lang_words_inflect_by_their_script() -> None:
    """A plain word of any_lang is English in Latin letters, Russian and Kazakh in Cyrillic ones."""
    made = one(any_lang=["Qarmet", "Тенгизшевройл"])
    assert found(made, "на Qarmet и Qarmet-тің", "ru") == ["Qarmet"]
    assert found(made, "Тенгизшевройла", "ru") == ["Тенгизшевройла"]
    assert found(made, "Тенгизшевройлдың", "kk") == ["Тенгизшевройлдың"]


def test_terms_that_cannot_be_used_are_left_out() -> None:
    """A broken term does not disturb the others; telling of it is for `check`."""
    assert found(one(ru=["забаст*", "$nobody ~2 x", "re:/(/", "стачка"]), "стачка", "ru") == ["стачка"]


def test_spans_are_exact_after_any_white_space() -> None:
    """Spans point into the original whatever stands between the words, in title and text."""
    made = one(ru=["стачка", "пикет", "голодовка", "митинг", "шествие", "марш"])
    title = " \t«Стачка»\u2003"
    text = "\n\n пикет —\u00a0\u00a0голодовка,\r\nмитинг/шествие \x1c (марш)"
    hits = made.find(title, text, lang="ru").hits
    assert {(hit.field, (title if hit.field == "title" else text)[hit.start : hit.end]) for hit in hits} == {
        ("title", "Стачка"),
        ("text", "пикет"),
        ("text", "голодовка"),
        ("text", "митинг"),
        ("text", "шествие"),
        ("text", "марш"),
    }


def test_phrases_do_not_reach_from_the_title_into_the_text() -> None:
    """The last word of a title and the first of the text are no phrase."""
    assert one(ru=["независимый профсоюз"]).find("Независимый", "профсоюз", lang="ru").severity is Severity.NONE


def test_quotes_are_the_sentence_around_and_short() -> None:
    """A quote is the hit's own sentence; a long one is cut between words, at most 200 characters, hit included."""
    made = one(ru=["забастовка"])
    text = "Вчера шел дождь. Рабочие г. Актау начали\n забастовку! Сегодня сухо."
    assert made.find("", text, lang="ru").hits[0].quote == "Рабочие г. Актау начали забастовку!"
    long = "слово " * 100 + "забастовка " + "слово " * 100
    quote = made.find("", long, lang="ru").hits[0].quote
    assert 150 <= len(quote) <= 200
    assert "забастовка" in quote
    assert set(quote.split()) == {"слово", "забастовка"}
