"""Kazakh nouns and verbs: chains of suffixes taken apart, and what maintainers are shown of it."""

import pytest

from kazakh_forms import accepted
from monitor.languages import kazakh
from monitor.text.fold import fold

# ── Nouns ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("ереуіл", "ереуіл ереуілдің ереуілге ереуілді ереуілде ереуілден ереуілмен ереуілдегі ереуілдер"),
        ("жұмысшы", "жұмысшылар жұмысшылардың жұмысшылары жұмысшыларымызға жұмысшыларына жұмысшысы жұмысшымын"),
        ("одақ", "одаққа одақтан одақпен одағы одағының одағымыз одақтардың"),
        ("кәсіподақ", "кәсіподағының кәсіподақтары кәсіподағымыздағы кәсіподақтарымыздан"),
        ("еңбек", "еңбегі еңбегін еңбекке еңбектің"),
        ("кітап", "кітабы кітабында кітапты"),
        ("мұнай", "мұнайы мұнайдың мұнаймен"),
        ("адам", "адамнан адамның адамды адамбыз адамша"),
        ("заң", "заңды бұзу заңның заңнан заңға заңмен заңы заңына"),
        ("бала", "баланы балада балама баламыз баланікі балалы"),
        ("тәуелсіз", "тәуелсіздер тәуелсіздің тәуелсізбіз"),
    ],
)
def test_a_noun_takes_its_chains(term, forms):
    """Plural, possession, case, "which is at", "I am": in order, with the right harmony and the right consonants."""
    others = {"адамша", "балалы", "заңды", "бұзу"}  # derivations are other words
    assert accepted(term, forms) == [form for form in forms.split() if form not in others]


@pytest.mark.parametrize(
    ("term", "wrong"),
    [
        ("ереуіл", "ереуілға ереуілтер ереуілда ереуілтің ереуілдерлар"),
        ("одақ", "одақы одақге одағ одақлар одағтан"),
        ("жұмыс", "жұмысдан жұмысте жұмыслар жұмысыға жұмысынға"),
        ("мұнай", "мұнайге мұнайтар мұнайнан"),
        ("адам", "адамдан адамлар адамге"),
    ],
)
def test_wrong_endings_are_refused(term, wrong):
    """Endings of the other harmony, after the wrong sound or out of order make another word, or a misprint."""
    assert accepted(term, wrong) == []


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("халық", "халқы халқының халқымызға халыққа халықтың"),
        ("орын", "орны орнында орнынан орындар"),
        ("кәсіпорын", "кәсіпорны кәсіпорнының кәсіпорындарда"),
        ("нарық", "нарқы нарқында нарықта"),
        ("мүлік", "мүлкі мүлкіне мүлікті"),
        ("қауіп", "қаупі қаупіне қауіпті емес"),
    ],
)
def test_some_nouns_drop_their_last_vowel(term, forms):
    """халық is халқы with a possessor, but халықтың without."""
    refused = {"қауіпті", "емес"}  # "dangerous" is an adjective of its own
    assert accepted(term, forms) == [form for form in forms.split() if form not in refused]


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("парк", "паркі паркке парктер паркінде"),
        ("банк", "банкі банкінің банктер банктің"),
        ("факт", "фактісі фактілер фактіге"),
        ("митинг", "митингі митингіге митингілер митингісінде"),
        ("процесс", "процесі процесінде процеске процестер"),
        ("класс", "класы класқа класта"),
        ("турист", "туристер туристің туристтер"),
        ("съезд", "съезі съезге съезінде съездің"),
        ("апрель", "апрелі апрельде апрельдің"),
        ("автомобиль", "автомобилі автомобильдер автомобильге"),
        ("педагог", "педагогтер педагогтері педагогтің"),
        ("завод", "заводы заводқа заводтың"),
        ("профсоюз", "профсоюзға профсоюздың профсоюзы"),
        ("минут", "минутта минуттар минутте"),
        ("партия", "партиясы партияның партиялар"),
        ("шахтёр", "шахтерлер шахтерлердің шахтерге"),
    ],
)
def test_loans_bend_the_rules(term, forms):
    """Loans go to the front, shed letters, soften, or follow a harmony that spelling does not show."""
    assert accepted(term, forms) == forms.split()


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("Тоқаев", "тоқаевтың тоқаевқа тоқаевпен тоқаевты"),
        ("Назарбаева", "назарбаеваның назарбаеваға"),
        ("Жаңаөзен", "жаңаөзенде жаңаөзендегі жаңаөзендегілер жаңаөзеннің"),
        ("Маңғыстау", "маңғыстауда маңғыстаудың маңғыстауға"),
        ("Қарағанды", "қарағандыда қарағандының қарағандыдағы"),
        ("Нұр-Сұлтан", "нұр-сұлтанда нұр-сұлтанның"),
        ("Шымкент", "шымкентке шымкенттегі шымкенттен"),
    ],
)
def test_names_are_inflected_like_nouns(term, forms):
    """People and places, in either harmony where people write both."""
    assert accepted(term, forms) == forms.split()


def test_a_capital_makes_a_name():
    """Ақтау is a town and has no past tense; ақтау "to acquit" has."""
    assert accepted("Ақтау", "ақтауда ақтаудың ақтады ақтаған") == ["ақтауда", "ақтаудың"]
    assert accepted("ақтау", "ақтады ақтаған ақталды") == ["ақтады", "ақтаған", "ақталды"]


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("берешегі", "берешегін берешегінің берешегіне берешегінде берешегінен"),
        ("конфедерациясы", "конфедерациясын конфедерациясының конфедерациясына"),
        ("орны", "орнын орнында орнына"),
        ("кодексі", "кодексінің кодексіне кодексінде"),
    ],
)
def test_a_word_of_a_phrase_may_stand_with_its_possessor(term, forms):
    """The last word of жалақы берешегі is "its debt" already, and is inflected from there."""
    assert accepted(term, forms) == forms.split()


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("КНПРК", "КНПРК-ның КНПРК-ға КНПРК-дағы КНПРКның КНПРК-ны"),
        ("АҚШ", "АҚШ-тың АҚШ-қа АҚШ-пен АҚШ-та АҚШтың АҚШқа"),
        ("БҰҰ", "БҰҰ-ның БҰҰ-ға БҰҰға"),
        ("ILO", "ILO-ға ILO-ның"),
        ("Telegram", "Telegram-да Telegram-ға"),
    ],
)
def test_acronyms_and_foreign_names_take_endings_after_a_hyphen(term, forms):
    """Read letter by letter, in more than one way: any Kazakh ending will do, with the hyphen or without."""
    assert accepted(term, forms) == forms.split()
    assert accepted(term, f"{term}-хххх {term}-служба {term}-пен-пен") == []


@pytest.mark.parametrize("token", ["жұмысшы-ақ", "жұмысшылар-ау", "жұмысшының-ды", "жұмысшылар-мыс"])
def test_particles_may_hang_on(token):
    """-ақ, -ау, -мыс add a shade, not a meaning."""
    assert kazakh.word("жұмысшы").matches(token)


@pytest.mark.parametrize(
    ("term", "derived"),
    [
        ("жұмыс", "жұмыссыз жұмыссыздық жұмысшы жұмыскер"),
        ("кәсіп", "кәсіби кәсіпкер кәсіптік"),
        ("заң", "заңсыз заңды заңгер заңдылық"),
        ("білім", "білімді білімсіз"),
        ("тарих", "тарихи тарихшы"),
    ],
)
def test_derived_words_are_other_words(term, derived):
    """Unemployed is not a form of work, nor lawful of law."""
    assert accepted(term, derived) == []


# ── Verbs ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("тастау", "тастады тастаған тастап тастайды тастамайды тастаса тастасын тастауға тастауы тасталды тастатты"),
        ("шығу", "шықты шығады шыққан шығып шығуға шықпады шықпайды шықса шығарда шыққалы шыға"),
        ("табу", "тапты табады тауып тапқан табылды табылған таппай"),
        ("оқу", "оқыды оқиды оқыған оқып оқитын оқуға"),
        ("толқу", "толқыды толқиды толқыған толқуы"),
        ("қорқу", "қорықты қорыққан қорқады қорқып"),
        ("қою", "қойды қояды қоятын қойған қойып қоюға қойылды"),
        ("жою", "жойды жояды жойылды жоюға"),
        ("киіну", "киінді киінген"),
        ("беру", "берді береді берген берілді берілмеген берсе бергенде беретіндер"),
        ("алу", "алды алады алған алынды алынған алмаймыз"),
        ("ұстау", "ұстады ұсталды ұсталған ұсталғандар ұсталғандардың ұстайды ұстайын"),
        ("тоқтату", "тоқтатты тоқтатқан тоқтатылды тоқтатады"),
        ("күту", "күтеді күтіп күтілуде күткен"),
    ],
)
def test_a_verb_takes_its_chains(term, forms):
    """Tenses, participles, converbs, moods, "not", passive, and the verbal noun as a noun."""
    assert accepted(term, forms) == forms.split()


def test_a_negated_verb_is_a_keyword_too():
    """төлемеу "not paying" is how arrears are written about; it is not төлеу."""
    forms = "төлемеді төлемеген төлемейді төлемей төлемеуі төлемес төлеменді"
    assert accepted("төлемеу", forms) == forms.split()[:-1]
    assert accepted("төлемеу", "төледі төлеген төлем") == []


def test_part_of_speech_narrows_a_verbal_noun():
    """сайлау/n is the election; with /v it is electing too."""
    assert accepted("сайлау", "сайлауға сайлаулар сайлады", "n") == ["сайлауға", "сайлаулар"]
    assert accepted("сайлау", "сайлауға сайлады сайланған", "v") == ["сайлауға", "сайлады", "сайланған"]


@pytest.mark.parametrize("term", ["тау", "дау", "су", "жау", "қару", "сұлу", "екеу", "елу"])
def test_not_every_noun_in_u_is_a_verb(term):
    """тау is a mountain, and no verb та- hides in it."""
    stem = fold(term)[:-1]
    assert accepted(term, f"{stem}ды {stem}ді {stem}ған {stem}ген {stem}п {stem}йды") == []
    assert kazakh.word(term).matches(term)


def test_a_verb_made_of_a_noun_leaves_the_noun_alone():
    """тастар is "stones" and орында "in place", hardly ever "will throw" and "carry out!"."""
    assert accepted("тастау", "тастар тастары таста тастан") == []
    assert accepted("орындау", "орындар орында орындады орындалды") == ["орындады", "орындалды"]


# ── For maintainers ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("term", "warned"), [("бас", True), ("шығу", True), ("ереуіл", False), ("АҚШ", False)])
def test_short_words_come_with_a_warning(term, warned):
    """Words of fewer than five letters meet others in spite of all lists; acronyms do not."""
    assert bool(kazakh.word(term).assumed) is warned


def test_the_sample_begins_with_what_people_know():
    """Typical forms, not all: the dictionary form, then cases or tenses."""
    assert kazakh.sample(kazakh.word("одақ"))[:3] == ["одақ", "одақтың", "одаққа"]
    assert kazakh.sample(kazakh.word("тастау"))[:3] == ["тастау", "тастады", "тастайды"]
    assert "кнпрк-ның" in kazakh.sample(kazakh.word("КНПРК"))
    assert "забастовкаға" in kazakh.sample(kazakh.loan("забастовка"))
