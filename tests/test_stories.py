"""One story, not three; and never two strikes in one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from events import gist, shipped
from monitor.model import Gist, Join, Told
from monitor.stories import place
from monitor.stories.likeness import clues, overlap, rarity
from monitor.stories.names import name_of, names_in, same_name, skeleton
from monitor.stories.reprints import containment
from nouns import NOON

HOUR = timedelta(hours=1)
STRIKE = "Буровики «Узень-Сервис» в Жанаозене объявили забастовку"
LEAD = "С утра не вышли на смену около 340 человек. Они требуют поднять зарплату на 40 процентов."
OTHER_WORDS = "«Узень-Сервис»: забастовка буровых бригад"
OTHER_LEAD = "В Жанаозене 340 рабочих отказались выходить на работу. Акимат обещает переговоры."


def told(title=STRIKE, text=LEAD, lang="ru", **more):
    """An article that was told before, in story 7."""
    filled = {"article_id": 3, "story_id": 7, "seen_at": NOON, "gist": gist(title, text, lang)}
    return Told(**filled | more)


def put(title, text, *before, lang="ru", shingle_count=40, after=HOUR):
    """Where an article goes, an hour after those before it."""
    weigh, atlas = rarity({}, 0, shipped()[1].common), shipped()[1]
    return place(gist(title, text, lang), shingle_count, before, NOON + after, weigh=weigh, atlas=atlas)


def test_the_first_article_opens_a_story():
    """With nothing to compare with, it is new."""
    assert put(STRIKE, LEAD).join is Join.OPENS


def test_the_same_article_is_a_reprint_whatever_it_says():
    """An address or a text that we know settles it."""
    placed = put("Совсем другое", "Другое.", told(same=True))
    assert (placed.join, placed.story_id, placed.like) == (Join.REPRINT, 7, 3)


def test_whole_passages_in_common_are_a_reprint():
    """A fifth of the shorter text, or half of it where there is little: copied; less is not."""
    assert put("Иной заголовок", LEAD, told(shared_count=12, shingle_count=40)).join is Join.REPRINT
    assert put("Иной заголовок", "Иное.", told(shared_count=7, shingle_count=40)).join is not Join.REPRINT


@pytest.mark.parametrize(
    ("common", "ours", "theirs", "copied"),
    [(8, 40, 40, True), (8, 41, 41, False), (2, 2, 2, False), (3, 6, 100, True), (3, 7, 100, False), (0, 0, 0, False)],
)
def test_containment(common, ours, theirs, copied):
    """Where little is shared, half of the shorter text must be."""
    assert bool(containment(common, ours, theirs)) is copied


def test_a_pattern_that_was_filled_in_twice_is_no_reprint():
    """The same sentences about another employer are another story, linked to the first."""
    placed = put(STRIKE.replace("Узень", "Актау-Ойл"), LEAD, told(shared_count=38, shingle_count=40))
    assert (placed.join, placed.story_id) == (Join.RELATED, None)
    assert [(kin.join, kin.story_id) for kin in placed.kin] == [(Join.RELATED, 7)]


def test_the_same_in_other_words_joins():
    """The same employer in the same town, and one number: one story, and why."""
    placed = put(OTHER_WORDS, OTHER_LEAD, told())
    assert (placed.join, placed.story_id) == (Join.JOINS, 7)
    assert placed.why.startswith("the same employer or union")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Буровики «Узень-Сервис» в Актау объявили забастовку", "В Актау не вышли на смену 340 человек."),
        ("Буровики «Каспий-Ойл» в Жанаозене объявили забастовку", "В Жанаозене не вышли на смену 340 человек."),
        ("Врачи Жанаозена объявили забастовку", "Не вышли на смену около 340 медиков."),
    ],
)
def test_another_town_employer_or_sector_opens_its_own_story(title, text):
    """However alike the words are; and it says which story it may be linked to."""
    placed = put(title, text, told())
    assert placed.story_id is None
    assert placed.join is Join.RELATED


def test_what_happened_elsewhere_before_does_not_draw_a_strike_in():
    """A lead that recalls the strike in another town is not about that town: the headlines decide."""
    placed = put(
        "Водители автобусов Актау объявили забастовку",
        "Ранее бастовали 340 водителей в Жанаозене. Теперь стоит парк в Актау.",
        told("Водители автобусов Жанаозена объявили забастовку", "Стоят все 340 машин парка."),
    )
    assert placed.story_id is None


def test_in_doubt_it_is_possibly_the_same():
    """One rare word in the same town is not enough to join, and too much to say nothing."""
    before = told(
        "Горняки Жанатаса не вышли на фосфоритный рудник",
        "130 рабочих требуют отремонтировать вентиляцию. Прошлой ночью троих вывели из забоя с отравлением.",
    )
    placed = put(
        "Жанатас: забастовка из-за загазованности",
        "На фосфоритном руднике остановлены два горизонта. Смена отказалась спускаться после того, как трое надышались газом.",
        before,
    )
    assert (placed.join, placed.story_id) == (Join.POSSIBLY, None)


def test_what_else_happened_in_the_town_is_another_story():
    """A death at a plant, to which an ambulance came, is no part of the strike of the ambulances."""
    before = told(
        "Ақтөбеде жедел жәрдем станциясы ереуілде",
        "Медиктер түнгі ақы қайтарылғанша тек шұғыл шақыртуға барамыз дейді. Денсаулық басқармасы мұны заңсыз деп атады.",
        lang="kk",
    )
    placed = put(
        "Ақтөбе ферроқорытпа зауытында жұмысшыны конвейер тартып кетті",
        "52 жастағы ер адам жедел жәрдем жеткенше қайтыс болды. Таспа қоршаусыз жұмыс істеген.",
        before,
        lang="kk",
    )
    assert placed.story_id is None


def test_a_few_words_of_any_text_are_no_sign():
    """An anniversary of a town and a protest in it share what every text about a town has: nothing is said of it."""
    before = told(
        "Жаңаөзенде жұмыссыз азаматтар әкімдік алдына жиналды",
        "Бейсенбі күні Жаңаөзен қалалық әкімдігінің алдына елуге жуық жұмыссыз азамат жиналып, тұрақты жұмыс сұрады.",
        lang="kk",
    )
    placed = put(
        "Жаңаөзен оқиғасына он бес жыл: ескерткіш тақта жаңартылады",
        "Қалалық мәдениет бөлімі ескерткіш тақтаны желтоқсанға дейін жаңартады. Айларға созылған ереуіл қайғылы аяқталған еді.",
        before,
        lang="kk",
    )
    assert placed.join is Join.OPENS


def test_after_two_days_the_same_words_are_another_story():
    """What reads alike a week later happened again."""
    later = put("Бригады в Жанаозене не вышли", "340 рабочих требуют 40 процентов.", told(), after=timedelta(hours=49))
    assert later.story_id is None


def test_a_story_is_taken_up_again_for_two_weeks():
    """The same employer, place and topic after five days go on with the story; after fifteen they do not."""
    assert put(OTHER_WORDS, OTHER_LEAD, told(), after=timedelta(days=5)).join is Join.JOINS
    assert put(OTHER_WORDS, OTHER_LEAD, told(), after=timedelta(days=15)).join is Join.OPENS


def test_another_language_is_linked_and_never_joined():
    """The Kazakh report has a story of its own that says where the Russian one is."""
    placed = put(
        "Жаңаөзенде бұрғышылар ереуілге шықты",
        "«Өзен-Сервис» компаниясының 340 жұмысшысы ауысымға шықпады.",
        told(),
        lang="kk",
    )
    assert (placed.join, placed.story_id) == (Join.ALSO, None)
    assert [(kin.join, kin.story_id, kin.sure) for kin in placed.kin] == [(Join.ALSO, 7, True)]


def test_a_union_alone_links_no_languages():
    """One union has many stories: without a place or a number they are not the same."""
    placed = put(
        "KNPRK again refused registration",
        "The ministry found faults.",
        told("КНПРК провела съезд", "Избран совет."),
        lang="en",
    )
    assert placed.kin == ()


def test_the_surest_of_several_is_taken():
    """The reprint before the twin, the twin before the doubt."""
    twin, wire = told(), told("Иное", "Иное.", article_id=4, story_id=8, shared_count=40, shingle_count=40)
    assert put(OTHER_WORDS, OTHER_LEAD, twin, wire).story_id == 8
    assert put(OTHER_WORDS, OTHER_LEAD, wire, twin).story_id == 8


def test_an_article_of_before_there_were_gists_hinders_nobody():
    """It has nothing to be compared by."""
    assert put(STRIKE, LEAD, told(gist=Gist())).join is Join.OPENS


# ── Names ──


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Узень-Бургылау", "Uzen-Burgylau"),
        ("Өзен-Бұрғылау", "Uzen-Burgylau"),
        ("Сатбекова", "Сәтбеков"),
        ("РудСтроем", "RudStroy"),
        ("Каспий Балық", "Kaspiy Balyk"),
        ("Ерлан Сатбеков", "Сатбекову"),
        ("Казцинк", "Kazzink".replace("zz", "zts")),
        ("Курылыс-7", "Құрылыс 7"),
        ("Курылыс-7", "Курылысом"),
    ],
)
def test_one_name_in_two_spellings(one, other):
    """Scripts and endings do not matter; a surname stands for the whole name."""
    assert same_name(name_of(one.split()), name_of(other.split()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Каспий Балык", "Каспий Авто"),
        ("Иманов", "Имашев"),
        ("Тараз-Хим", "Тараз-Строй"),
        ("no3", "no31"),
        ("СМУ-15", "СМУ-27"),
        ("Завод 1", "Завод 11"),
    ],
)
def test_two_names(one, other):
    """What begins alike is not the same."""
    assert not same_name(*(each if each.startswith("no") else name_of(each.split()) for each in (one, other)))


def test_a_skeleton_has_no_vowels():
    """The consonants in Latin letters, once each."""
    assert [skeleton(word) for word in ("Шахтинск", "Жылдам", "Ая", "Zhyldam")] == ["shtnsk", "jldm", "", "jldm"]


def test_names_are_found_by_quotes_forms_numbers_and_capitals():
    """And not by quoted speech, by who is cited, or by how a sentence begins."""
    found = names_in(
        "«Не хотим работать»: рабочие «Алтын Жер» бастуют",
        "Директор ТОО Самга Строй молчит, сообщает «Власть». Профлидер Ерлан Сатбеков пришёл в школу №5. Полиция ждёт.",
    )
    assert found.firms == {"ltn+jr", "smg+str", "no5"}
    assert found.others == {"rln+stbkv"}
    assert "plts" in found.openers


# ── Words ──


def test_a_word_is_weighed_by_how_rare_it_is():
    """What many articles have says little; while the archive is young, the keyword file's own words say little."""
    young = rarity({}, 0, frozenset({"забас"}))
    old = rarity({"порт": 500, "клеть": 1}, 1000, frozenset())
    assert young("клеть") > 2 * young("забас")
    assert old("клеть") > 3 * old("порт")


def test_overlap_is_a_cosine():
    """Equal sets are 1, sets without a common word 0, and an empty one 0."""
    weigh = rarity({}, 0, frozenset())
    assert overlap({"a", "b"}, {"a", "b"}, weigh) == pytest.approx(1)
    assert overlap({"a"}, {"b"}, weigh) == 0
    assert overlap((), {"b"}, weigh) == 0


def test_what_may_be_one_story_shares_a_clue():
    """Every pair that is put together is found among all articles by at least one clue."""
    atlas = shipped()[1]
    one, other = gist(STRIKE, LEAD, "ru"), gist(OTHER_WORDS, OTHER_LEAD, "ru")
    assert clues(one, atlas).keys() & clues(other, atlas).keys()
    assert clues(replace(one, places=frozenset()), atlas).keys() & clues(other, atlas).keys()
