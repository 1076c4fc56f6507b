"""Cards: what a reader learns, that nothing is asserted, and that no title can break one."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fake_telegram import check_entity
from monitor.model import Alert, Hit, Link, Severity, Standing
from monitor.render.cards import Card, card
from monitor.render.cutting import width
from monitor.render.excerpts import sentence_around
from samples import ALMATY, AZATTYQ, HOSTILE, LADA, TEXT, TITLE, VLAST, alert, hit

HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def shown(alert: Alert, *languages: str, repeat: bool = False) -> Card:
    """The card as Telegram would take it: checked against its rules on the way."""
    done = card(alert, languages=languages or ("ru",), time_zone=ALMATY, repeat=repeat)
    for entity in done.entities:
        check_entity(
            done.text, {"type": entity.kind, "offset": entity.offset, "length": entity.length, "url": entity.url}
        )
    assert 0 < width(done.text) <= 4096
    assert 0 < width(done.plain_text) <= 4096
    return done


def spans(done: Card, kind: str) -> list[str]:
    """The words that stand out as `kind`."""
    units = done.text.encode("utf-16-le")
    return [
        units[each.offset * 2 : (each.offset + each.length) * 2].decode("utf-16-le")
        for each in done.entities
        if each.kind == kind
    ]


def test_russian_card():
    """A Russian card of Russian news reads from our words to theirs, the source, the doubt and the reference."""
    assert shown(alert()).text == (
        "🔴 СРОЧНО · сообщают о забастовке · Жанаозен\n\n"
        "Нефтяники Жанаозена объявили бессрочную забастовку\n"
        "«По словам рабочих, с утра 21 ноября не вышли на смену около 340 человек.»\n"
        "Лада (независимое) · 21.11, 14:20 Алматы\n"
        "lada.kz/news/12345.html\n"
        "Один источник. Найдено автоматически, не проверено.\n"
        "#забастовка #Мангистау · K7F2Q"
    )


def test_english_card():
    """An English card of Russian news marks the headline's language and says what the matched words mean."""
    text = shown(alert(), "en").text
    assert text.startswith("🔴 URGENT · strike reported · Zhanaozen\n\n[ru] Нефтяники")
    assert "Matched: забастовку = strike\n" in text
    assert "Лада (independent) · 21 Nov, 14:20 Almaty\n" in text
    assert text.endswith("One source. Found automatically, not verified.\n#strike #Mangystau · K7F2Q")


def test_kazakh_card():
    """A Kazakh card speaks Kazakh, down to the place, the zone and the hashtags."""
    text = shown(alert(), "kk").text
    assert text.startswith("🔴 ШҰҒЫЛ · ереуіл туралы хабарлануда · Жаңаөзен\n")
    assert "21.11, 14:20 Алматы" in text
    assert text.endswith("#ереуіл #Маңғыстау · K7F2Q")


def test_two_languages():
    """With two languages the first leads and the second gets its first line and the meaning of the matched words."""
    done = shown(alert(), "ru", "en")
    assert done.text.split("\n")[:2] == [
        "🔴 СРОЧНО · сообщают о забастовке · Жанаозен",
        "URGENT · strike reported · Zhanaozen",
    ]
    assert "\nMatched: забастовку = strike\n" in done.text
    assert spans(done, "italic") == ["URGENT · strike reported · Zhanaozen"]


def test_bold_is_why_it_rang():
    """In their words only what matched is bold, and the link leads to the article itself."""
    done = shown(alert())
    assert spans(done, "bold") == ["СРОЧНО · сообщают о забастовке · Жанаозен", "забастовку", "не вышли на смену"]
    assert spans(done, "blockquote") == ["«По словам рабочих, с утра 21 ноября не вышли на смену около 340 человек.»"]
    assert [each.url for each in done.entities if each.kind == "text_link"] == [LADA.url]
    assert spans(done, "text_link") == ["lada.kz/news/12345.html"]


def test_plain_text():
    """Where no link can be attached, the whole address is written out."""
    assert f"\n{LADA.url}\n" in shown(alert()).plain_text


def test_repeat():
    """A possible repeat begins with ↻, says so in the channel's languages, and keeps spans and reference."""
    once, again = shown(alert(), "ru", "en"), shown(alert(), "ru", "en", repeat=True)
    assert again.text == "↻ Возможный повтор · Possible repeat\n\n" + once.text
    assert again.plain_text.startswith("↻ Возможный повтор · Possible repeat\n\n")
    assert spans(again, "bold") == spans(once, "bold")


def test_late():
    """A late card says so in its first line and gives both times."""
    published = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    text = shown(alert(late=True, published_at=published), "en").text
    assert text.startswith("🔴⏳ URGENT · late · strike reported")
    assert "published 18 Nov, 14:00 Almaty, found only 21 Nov, 14:30 Almaty" in text


def test_undated():
    """News without a date is said to be found, not published, at a time."""
    assert "Лада (independent) · found 21 Nov, 14:30 Almaty" in shown(alert(published_at=None), "en").text


def test_other_year():
    """A date of another year names its year."""
    published = datetime(2025, 11, 18, 9, 0, tzinfo=UTC)
    assert "18 Nov 2025, 14:00 Almaty" in shown(alert(published_at=published), "en").text


def test_several_sources():
    """The other outlets stand in one line with their links, and the sources are counted."""
    done = shown(alert(links=(LADA, VLAST, AZATTYQ)), "en")
    assert "Also: Власть (independent), Азаттық (foreign)\n3 sources. Found" in done.text
    assert [each.url for each in done.entities if each.kind == "text_link"] == [LADA.url, VLAST.url, AZATTYQ.url]


def test_many_sources():
    """Beyond a handful the other outlets are only counted."""
    links = tuple(replace(VLAST, outlet=f"Outlet {number}") for number in range(30))
    text = shown(alert(links=links), "en").text
    assert "Outlet 4 (independent) and 25 more\n30 sources. Found" in text


def test_closed_at_home():
    """A source that cannot be opened in Kazakhstan brings its text along, folded, and says why."""
    text = "Первый абзац без слов. " + TEXT + " Ещё подробность." * 200
    done = shown(alert(links=(AZATTYQ,), text=text, hits=(hit(text, "не вышли на смену"),)), "en")
    assert "azattyq.org/a/1.html · may not open in Kazakhstan" in done.text
    (folded,) = spans(done, "expandable_blockquote")
    assert folded.startswith("“Первый абзац")
    assert 1500 < width(folded) <= 2300
    assert "не вышли на смену" in spans(done, "bold")


def test_normal_severity_is_calm():
    """A card that does not ring has another mark and does not shout."""
    assert shown(alert(severity=Severity.NORMAL, ring=False), "en").text.startswith("🔵 Strike reported · Zhanaozen\n")


def test_unknown_topic():
    """A topic outside the fixed vocabulary speaks by its title, in the reader's language."""
    titles = {"couriers": {"en": "Couriers & taxis", "ru": "Курьеры и такси"}}
    text = shown(alert(topics=("couriers",), topic_titles=titles), "en").text
    assert "reported: Couriers & taxis · Zhanaozen" in text
    assert "#Couriers_taxis" in text


def test_nameless():
    """Without topic titles, place names, regions, hits, text or links there is still a card with its reference."""
    bare = alert(topics=("x",), topic_titles={}, places=("y",), regions=(), place_names={}, hits=(), text="", links=())
    text = shown(bare, "en").text
    assert text.startswith("🔴 URGENT · reported: x\n")
    assert text.endswith("#x · K7F2Q")


def test_where():
    """The first line names towns, else regions, else the organisation, and the country only when nothing else."""
    country = {"kazakhstan": {"en": "Kazakhstan"}}
    elsewhere = {"places": ("kazakhstan",), "place_names": country}
    assert "strike reported · Mangystau\n" in shown(alert(**elsewhere), "en").text
    assert "strike reported · Kazakhstan\n" in shown(alert(**elsewhere, regions=()), "en").text
    named = alert(places=(), regions=(), names=("knprk",), name_names={"knprk": {"en": "KNPRK"}})
    assert "strike reported · KNPRK\n" in shown(named, "en").text


def test_about_whom():
    """The company or union that the article is about stands beside the town; the sector only where neither is known."""
    company = {"about": ("omg", "kmg"), "name_names": {"omg": {"en": "Ozenmunaigas"}, "kmg": {"en": "KMG"}}}
    sector = {"sectors": ("oil", "health"), "sector_titles": {"oil": {"en": "oil and gas"}}}
    nowhere = {"places": ("kazakhstan",), "regions": (), "place_names": {"kazakhstan": {"en": "Kazakhstan"}}}
    assert "strike reported · Zhanaozen · Ozenmunaigas\n" in shown(alert(**company, **sector), "en").text
    assert "strike reported · Ozenmunaigas\n" in shown(alert(**company, **sector, **nowhere), "en").text
    assert "strike reported · Zhanaozen\n" in shown(alert(**sector), "en").text
    assert "strike reported · oil and gas\n" in shown(alert(**sector, **nowhere), "en").text


def test_a_headline_that_says_it_all_is_told_at_length():
    """When the gravest topic's words stand in the headline alone, the first sentence is shown, not one about less."""
    text = "Около 340 рабочих не вышли утром. Второй месяц не платят зарплату."
    hits = (alert().hits[0], hit(text, "не платят зарплату", topic="wages"))
    told = alert(text=text, hits=hits, topics=("strike", "wages"))
    assert spans(shown(told), "blockquote") == ["«Около 340 рабочих не вышли утром.»"]


def test_a_post_says_its_headline_in_pieces():
    """A text that begins with the headline, in one piece or in several, is quoted from where it goes on."""
    text = f"⚡️Срочно!\n{TITLE}. Перед воротами стоят 340 человек."
    told = alert(title=f"Срочно! {TITLE}.", text=text, hits=alert().hits[:0])
    assert spans(shown(told), "blockquote") == ["«Перед воротами стоят 340 человек.»"]
    assert spans(shown(replace(told, text=f"⚡️Срочно!\n{TITLE}.")), "blockquote") == []


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("«Нам не платят», — говорит слесарь.", "«Нам не платят», — говорит слесарь.»"),
        ("Не вышли рабочие «Тезжола»", "«Не вышли рабочие «Тезжола»"),
        ("“We stay” they said.", "“We stay” they said.»"),
    ],
)
def test_one_quotation_mark_is_enough(text, quoted):
    """Where their words begin or end with a quotation mark, ours is left out."""
    assert spans(shown(alert(text=text, hits=())), "blockquote") == [quoted]


def test_only_words_in_sight_are_explained():
    """The line of matched words tells of the headline and the quotation; of the gravest topic also when it is in neither."""
    text = "Рабочие собрались. Потом было долго тихо. Кто-то говорил про зарплату. Это забастовка."
    hits = (hit(text, "собрались", topic="protest"), hit(text, "зарплату", topic="wages"))
    told = {"text": text, "topics": ("protest", "wages")}
    assert matched(*hits, **told) == "Matched: собрались = protest"
    assert matched(*hits[::-1], text=text, topics=("wages", "protest")) == "Matched: зарплату = wages"


def test_sentence_of_the_gravest_topic():
    """The sentence shown is the first one with a word of the gravest topic that has one in the text."""
    text = "Второй месяц не платят зарплату. Суд арестовал лидера профсоюза. Акимат молчит."
    hits = (hit(text, "не платят зарплату", topic="wages"), hit(text, "арестовал", topic="persecution"))
    told = alert(text=text, hits=hits, topics=("strike", "persecution", "wages"))
    assert spans(shown(told), "blockquote") == ["«Суд арестовал лидера профсоюза.»"]


def matched(*hits: Hit, lang: str = "en", **changes: object) -> str:
    """The line of the card that says what the matched words mean."""
    lines = [line for line in shown(alert(hits=hits, **changes), lang).text.split("\n") if line.startswith("Matched:")]
    return lines[0] if lines else ""


def test_nothing_is_explained_to_those_who_can_read_it():
    """Whoever reads the article's language sees the bold words and no translation."""
    assert "Совпало" not in shown(alert()).text
    assert "Совпало: забастовку = забастовка" in shown(alert(lang="kk")).text


GAPS = [
    ("задержать ~3 председатель профсоюза", "задержала Имярека Имярековича председателя профсоюза", 3),
    ("задержать ~3 $unions", "задержала Имярека Имярековича профсоюз", 2),
    ("$workers ~8 $demand", "рабочие Имярек и Имярекович требуют", 2),
    ("выйти на работу ~2 отказаться", "выходить на работу вчера отказались", 4),
    ("отказаться ~2 работать", "отказались работать", 2),
    ("re:/задерж.*Имярек/", "задержала вчера рано Имярека", 2),
    ("не выйти на смену", "не вышли на смену", 4),
]


@pytest.mark.parametrize(("term", "form", "count"), GAPS)
def test_a_gap_is_left_out(term, form, count):
    """What stood between the words of a term may be anybody's name: it is not bold, and not in our own line."""
    text = f"Сегодня {form} снова."
    done = shown(alert(text=text, hits=(replace(hit(text, form), term=term),)), "en")
    bold = " ".join(spans(done, "bold")[1:])
    assert len(bold.split()) == count
    (line,) = [line for line in done.text.split("\n") if line.startswith("Matched:")]
    assert line == "Matched: " + " … ".join(spans(done, "bold")[1:]) + " = strike"


def test_a_gap_hides_no_other_words():
    """Words that stand in the gap of another term are bold by themselves."""
    text = "Слесари компании утром не вышли на смену и потребовали денег."
    wide = replace(hit(text, text.removesuffix(" денег.")), term="$workers ~8 $demand")
    assert spans(shown(alert(text=text, hits=(wide, hit(text, "не вышли на смену")))), "bold")[1:] == [
        "Слесари",
        "не вышли на смену",
        "потребовали",
    ]


def test_matched_words_are_few():
    """One form of each of the two gravest topics, as it is written: the headline's first, then one without a gap."""
    text = "КНПРК забастовка стачка бастуют очень длинная фраза из многих слов"
    forms = ["очень длинная фраза из многих слов", "КНПРК", "забастовка", "стачка"]
    told = [hit(text, form) for form in forms]
    assert matched(*told, text=text) == "Matched: КНПРК = strike"
    assert matched(*told, alert().hits[0], text=text) == "Matched: забастовку = strike"
    assert matched(told[0], text=text) == "Matched: очень длинная фраза из… = strike"
    topics = ("strike", "wages", "protest")
    twice = (told[1], replace(told[1], topic="wages"), replace(told[2], topic="wages"))
    assert matched(*twice, text=text, topics=("strike", "wages")) == "Matched: КНПРК = strike; забастовка = wages"
    several = [replace(one, topic=topic) for one, topic in zip(told[1:], topics, strict=True)]
    assert matched(*several, text=text, topics=topics) == "Matched: КНПРК = strike; забастовка = wages"


def test_headline_only():
    """A text that only repeats the headline is not quoted; the next sentence is."""
    text = TITLE + ".\nАкимат молчит. Потом скажет."
    assert spans(shown(alert(text=text, hits=alert().hits[:1])), "blockquote") == ["«Акимат молчит.»"]
    assert spans(shown(alert(text=TITLE, hits=alert().hits[:1])), "blockquote") == []


def test_long_sentence():
    """A long sentence becomes a window around its matched words, with dots where it was cut."""
    text = "начало " * 100 + "рабочие не вышли на смену утром " + "конец " * 100
    (quote,) = spans(shown(alert(text=text, hits=(hit(text, "не вышли на смену"),))), "blockquote")
    assert quote.startswith("«…начало")
    assert quote.endswith("конец…»")
    assert "рабочие не вышли на смену утром" in quote
    assert width(quote) <= 330


@pytest.mark.parametrize(
    ("text", "word", "sentence"),
    [
        ("Первое. Второе слово. Третье.", "слово", "Второе слово."),
        ("Живёт на ул. Абая в г. Актау. Дальше.", "Актау", "Живёт на ул. Абая в г. Актау."),
        ("Mr. Smith spoke. He left.", "Smith", "Mr. Smith spoke."),
        ("Без точки", "точки", "Без точки"),
        ("Абзац\nДругой абзац! Третий?", "Другой", "Другой абзац!"),
        ("Ол 21.11.2026 күні келді. Ұшты.", "келді", "Ол 21.11.2026 күні келді."),
    ],
)
def test_sentences(text, word, sentence):
    """A sentence ends at its full stop, not at an abbreviation, a date or an initial."""
    start, end = sentence_around(text, text.index(word))
    assert text[start:end].strip() == sentence


def test_stale_spans():
    """Hits whose places no longer fit the text are not marked and break nothing."""
    lost = tuple(replace(alert().hits[1], start=start, end=start + 10) for start in (-5, 10_000))
    assert spans(shown(alert(hits=lost)), "bold") == ["СРОЧНО · сообщают о забастовке · Жанаозен"]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words(title):
    """Whatever title, text and names contain, the card fits, hides nothing, and keeps link and reference."""
    link = Link(outlet=title, standing=Standing.STATE, url="https://lada.kz/1", blocked_in=("KZ",))
    hostile = alert(title=title, text=title * 3, links=(link, link), hits=(), place_names={"zhanaozen": {"ru": title}})
    done = shown(hostile, "ru", "en", repeat=True)
    assert not HIDDEN.search(done.text)
    assert not HIDDEN.search(done.plain_text)
    assert done.text.endswith("· K7F2Q")
    assert {each.url for each in done.entities if each.kind == "text_link"} == {"https://lada.kz/1"}
    assert not re.search(r"(?<!\w)[@/](?=\w)|javascript:\w|tg:/", done.text)
    assert set(re.findall(r"#\w+", done.text)) == {"#забастовка", "#Мангистау"}


def test_look_alike_addresses_are_no_links():
    """An address in letters of two scripts, and a mail address, fall apart; honest ones stay as they are written."""
    text = shown(alert(title="vlаst.kz и lada.kz, енбек.қаз, пишите x@evil.example, Акорда.kz", hits=())).text
    assert "vlаst. kz и lada.kz, енбек.қаз, пишите x@ evil.example, Акорда. kz" in text


def test_links_are_clean():
    """What tells an outlet where its readers come from is not in the link."""
    url = "https://lada.kz/1?id=77&utm_source=rss&yclid=5&from=rss#:~:text=x"
    done = shown(alert(links=(replace(LADA, url=url), replace(VLAST, url=url))))
    assert [each.url for each in done.entities if each.kind == "text_link"] == ["https://lada.kz/1?id=77"] * 2
    assert "\nhttps://lada.kz/1?id=77\n" in done.plain_text


def test_link_is_never_cut():
    """The longest address stays whole behind its label, and a hostile scheme is no link at all."""
    url = "https://lada.kz/" + "a" * 3000
    done = shown(alert(links=(replace(LADA, url=url),)))
    assert [each.url for each in done.entities if each.kind == "text_link"] == [url]
    assert "text_link" not in {each.kind for each in shown(alert(links=(replace(LADA, url="javascript:x"),))).entities}
