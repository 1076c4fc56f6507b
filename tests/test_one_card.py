"""A reader sees one card a story: it grows, it is answered when something happens, and it never swallows another strike."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.deliver.dispatch import drain
from monitor.ingest import poll
from monitor.schema import transaction
from monitor.store import likenesses
from walking import Pages, a_house, settings_in, write_config

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEYWORDS = """
version: 1
places:
  - {id: kazakhstan, kind: country, ru: [Казахстан], kk: [Қазақстан], en: [Kazakhstan]}
  - {id: mangystau, kind: region, region: KZ-47, ru: [Мангистау], kk: [Маңғыстау], en: [Mangystau]}
  - {id: zhanaozen, region: KZ-47, en: [Zhanaozen], ru: [Жанаозен], kk: [Жаңаөзен]}
  - {id: aktau, region: KZ-47, en: [Aktau], ru: [Актау], kk: [Ақтау]}
topics:
  strike:
    title: {en: Strikes, ru: Забастовки, kk: Ереуілдер}
    severity: urgent
    any: {en: [strike/n], ru: [забастовка, бастовать], kk: [ереуіл]}
    examples: {match: [Забастовка в Жанаозене], ignore: [Погода]}
  persecution:
    title: {en: Persecution, ru: Преследования, kk: Қудалау}
    severity: urgent
    any: {ru: [арестовать, задержать], kk: [қамау], en: [arrest/v]}
    examples: {match: [Рабочих арестовали], ignore: [Погода]}
  settlement:
    title: {en: Settlements, ru: Окончание, kk: Аяқталу}
    severity: normal
    turn: ends
    any: {ru: [вернуться к работе], kk: [жұмысқа оралу], en: [return to work]}
    examples: {match: [Вернулись к работе], ignore: [Погода]}
  wages:
    title: {en: Wages, ru: Зарплата, kk: Жалақы}
    severity: normal
    any: {ru: [невыплата], kk: [қарыз], en: [arrears]}
    examples: {match: [Невыплата зарплаты], ignore: [Погода]}
"""
TITLE = "Рабочие «Узень-Сервис» в Жанаозене объявили забастовку"
WIRE = (
    "С утра двадцатого ноября не вышли на смену около 340 человек, сообщили в профкоме предприятия. По словам рабочих, им "
    "второй месяц не выплачивают надбавки за вредность, а переговоры с руководством ни к чему не привели. В акимате "
    "области заявили, что ситуация находится на контроле, и создали комиссию. Представитель подрядной компании сообщил, "
    "что долг будет погашен до конца месяца. Рабочие требуют вернуть уволенных товарищей."
)
OTHER_TITLE = "«Узень-Сервис»: забастовка третий день"
OTHER_TEXT = "В Жанаозене 340 человек по-прежнему отказываются выходить на смену. Аким приехал на переговоры."
OUTLETS = [
    ("lada", "Лада", "independent"),
    ("vlast", "Власть", "independent"),
    ("kazinform", "Казинформ", "state"),
    ("khabar", "Хабар", "state"),
    ("birlik", "Бірлік", "union"),
]


def url(feed):
    """The address of a feed."""
    return f"https://{feed}.example/rss"


@pytest.fixture
def pages():
    """A press of five outlets, two of them the state's."""
    made = Pages()
    for feed, *_ in OUTLETS:
        made.feed(url(feed), {"title": "Погода на завтра"})
    return made


@pytest.fixture
def settings(tmp_path):
    """All of them are watched; Azattyq has a mirror."""
    feeds = [
        {"id": feed, "title": title, "url": url(feed), "lang": "ru", "standing": standing, "full_text": False}
        for feed, title, standing in OUTLETS
    ]
    feeds[0]["aliases"] = ["lada-mirror.example"]
    write_config(tmp_path / "config", feeds, KEYWORDS)
    return settings_in(tmp_path)


class Newsroom:
    """A house whose press prints what a test says."""

    def __init__(self, house, pages, clock) -> None:
        self.house, self.pages, self.clock = house, pages, clock

    async def tell(self, feed, title, text="", *, after=HOUR, **more):
        """One outlet prints one article; the house reads and says what it must."""
        self.clock.tick(after)
        self.pages.feed(url(feed), {"title": title, "text": text, "when": self.clock(), **more})
        report = await poll.cycle(self.house.desk, everything=True)
        await drain(self.house.dispatch, wait=timedelta(minutes=3))
        return report

    def messages(self, *columns):
        """Columns of all messages about stories, in their order."""
        return self.house.db.execute(
            f"SELECT {', '.join(columns)} FROM messages WHERE ref <> '' ORDER BY id"  # noqa: S608
        ).fetchall()

    def said(self):
        """Action and sound of everything that was said."""
        rows = self.messages("action", "silent", "state")
        return [f"{action} {'silently' if silent else 'ringing'}" for action, silent, state in rows if state == "sent"]

    def shown(self):
        """The cards as they stand in the channel now, first to last."""
        said = (self.house.settings.data_dir / "preview" / "channel.jsonl").read_text("utf-8").splitlines()
        cards = {}
        for line in map(json.loads, said):
            if line["ref"]:
                key = line["card"] if line["action"] == "edit" else f"{line['subject']} {line['revision']}"
                cards[next((known for known in cards if known.startswith(key)), key)] = line["text"]
        return list(cards.values())

    def reasons(self):
        """The reasons of all verdicts."""
        return [reason for (reason,) in self.house.db.execute("SELECT reason FROM verdicts ORDER BY id")]


@pytest.fixture
async def newsroom(settings, pages, clock):
    """The house after its first reading, on a Friday morning in Almaty."""
    clock.now = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

    async def rest(seconds):
        clock.tick(timedelta(seconds=max(1, round(seconds))))

    async with a_house(settings, clock, pages) as house:
        house.dispatch.rest = rest
        await poll.cycle(house.desk, everything=True)
        yield Newsroom(house, pages, clock)


async def test_later_outlets_edit_the_first_card(newsroom):
    """A wire and a report in other words: one card that rang once, and says who tells it and who does not."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("vlast", "В Жанаозене бастуют рабочие", WIRE)
    await newsroom.tell("birlik", OTHER_TITLE, OTHER_TEXT)
    assert newsroom.reasons() == ["FIRST", "REPRINT", "GREW"]
    assert newsroom.said() == ["send ringing", "edit silently", "edit silently"]
    (card,) = newsroom.shown()
    assert TITLE in card
    assert "3 издания · не найдено в 2 прочитанных государственных источниках · обновлено 12:00 Алматы" in card
    assert card.index("Лада (независимое)") < card.index("Власть (независимое)") < card.index("Бірлік (профсоюзное)")


async def test_who_is_independent_comes_first_whoever_was_first(newsroom):
    """The state's account opens the story; the independent one that follows is the first link."""
    await newsroom.tell("kazinform", TITLE, WIRE)
    await newsroom.tell("lada", OTHER_TITLE, OTHER_TEXT)
    (card,) = newsroom.shown()
    assert card.index("Лада (независимое)") < card.index("Казинформ (государственное)")
    assert "не найдено" not in card


async def test_how_late_the_state_was(newsroom):
    """As long as only independent outlets have it the card says so; then after how many hours the state's did."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("vlast", "В Жанаозене бастуют", WIRE)
    assert "пока только независимые издания" in newsroom.shown()[0]
    await newsroom.tell("kazinform", OTHER_TITLE, OTHER_TEXT, after=30 * HOUR)
    card = newsroom.shown()[0]
    assert "в государственных СМИ впервые через 31 ч" in card
    assert "только независимые" not in card


async def test_the_same_outlet_again_changes_nothing(newsroom):
    """A second article of an outlet that tells the story already is no growth."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("lada", OTHER_TITLE, OTHER_TEXT)
    assert newsroom.reasons() == ["FIRST", "COOLING_DOWN"]
    assert newsroom.said() == ["send ringing"]


async def test_a_muted_source_shows_on_no_card(newsroom):
    """Whoever asked for silence about a source does not find it on a card."""
    await newsroom.tell("lada", TITLE, WIRE)
    with transaction(newsroom.house.db) as db:
        db.table("mutes").insert({"kind": "source", "value": "vlast", "created_at": "2026-11-20T00:00:00Z"})
    await newsroom.tell("vlast", "В Жанаозене бастуют", WIRE)
    assert newsroom.said() == ["send ringing"]


async def test_a_silenced_story_stands_on_no_other_card(newsroom):
    """A strike of which nobody is to hear is not named as a relative either; one that is told is."""
    with transaction(newsroom.house.db) as db:
        db.table("mutes").insert({"kind": "source", "value": "vlast", "created_at": "2026-11-20T00:00:00Z"})
    other = "Рабочие «Каспий-Ойл» в Жанаозене объявили забастовку"
    await newsroom.tell("vlast", other, WIRE.replace("340", "120"))
    await newsroom.tell("lada", TITLE, WIRE)
    assert newsroom.house.db.table("relatives").count == 1
    assert "Каспий" not in "".join(newsroom.shown())
    await newsroom.tell(
        "kazinform", "Рабочие «Тенгиз-Строй» в Жанаозене объявили забастовку", WIRE.replace("340", "75")
    )
    assert TITLE[:20] in newsroom.shown()[-1].partition("\n")[2]


@pytest.mark.parametrize(
    ("title", "text", "after", "reason", "news"),
    [
        ("Бастующих «Узень-Сервис» в Жанаозене арестовали", OTHER_TEXT, HOUR, "NEW_TOPIC", "теперь и преследование"),
        (
            "Забастовка «Узень-Сервис» перекинулась из Жанаозена на Актау",
            "Бастуют 340 человек в Жанаозене и цех в Актау.",
            HOUR,
            "ESCALATED",
            "теперь и в других местах: Актау",
        ),
        (
            "Рабочие «Узень-Сервис» вернулись к работе",
            "Забастовка 340 человек в Жанаозене закончилась.",
            HOUR,
            "NEW_TOPIC",
            "сообщают о договорённости или окончании",
        ),
        (OTHER_TITLE, OTHER_TEXT, 5 * DAY, "ESCALATED", "первая новость за 5 дней"),
    ],
    ids=["arrests", "another town", "an end", "a silence broken"],
)
async def test_a_turn_rings_as_an_answer_to_the_first_card(newsroom, title, text, after, reason, news):
    """What happens next rings again, below the first card, and says what is new; the first card grows too."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("vlast", title, text, after=after)
    assert newsroom.reasons() == ["FIRST", reason]
    assert newsroom.said() == ["send ringing", "reply ringing", "edit silently"]
    first, answer = newsroom.shown()
    assert f"↪ Продолжение: {news}" in answer
    assert "2 издания" in first
    assert newsroom.messages("card", "reply_to")[1] == ("story:" + newsroom.messages("ref")[0][0], 1)
    await newsroom.tell("birlik", title + " снова", text, after=HOUR)
    assert newsroom.said().count("reply ringing") == 1, "the same turn does not ring twice"


async def test_what_is_mentioned_in_passing_is_no_turn(newsroom):
    """Another town in the text, an arrest in its last paragraph: the card grows and nothing rings."""
    await newsroom.tell("lada", TITLE, WIRE)
    text = OTHER_TEXT + " Аким Актау молчит. В прошлом году бастовавших задержали."
    await newsroom.tell("vlast", OTHER_TITLE, text)
    assert newsroom.said() == ["send ringing", "edit silently"]


@pytest.mark.parametrize(
    "title",
    [
        "Рабочие «Каспий-Ойл» в Жанаозене объявили забастовку",
        "Рабочие «Узень-Сервис» в Актау объявили забастовку",
    ],
    ids=["employer", "town"],
)
async def test_a_strike_elsewhere_rings_and_says_what_it_may_be_linked_to(newsroom, title):
    """The same words about another employer or town are another story with a card of its own."""
    await newsroom.tell("lada", TITLE, WIRE)
    await newsroom.tell("vlast", title, WIRE.replace("340", "120"))
    assert newsroom.said() == ["send ringing", "send ringing"]
    (first,) = newsroom.house.db.execute("SELECT ref FROM stories ORDER BY id").fetchone()
    assert f"Возможно, связано с {first}" in newsroom.shown()[1]


async def test_another_language_has_its_own_card_below_the_first(newsroom):
    """The Kazakh report is said, with its sound, as an answer; both cards name each other and the languages."""
    await newsroom.tell("lada", TITLE, WIRE)
    kazakh = (
        "«Өзен-Сервис» компаниясының 340 жұмысшысы Жаңаөзен қаласында ауысымға шықпады. Келіссөз нәтижесіз аяқталды."
    )
    await newsroom.tell("birlik", "Жаңаөзенде ереуіл басталды", kazakh)
    assert newsroom.reasons() == ["FIRST", "OTHER_LANGUAGE"]
    assert newsroom.said() == ["send ringing", "edit silently", "reply ringing"]
    refs = [ref for (ref,) in newsroom.house.db.execute("SELECT ref FROM stories ORDER BY id")]
    first, second = newsroom.shown()
    assert f"На другом языке: {refs[1]}" in first
    assert "также на казахском" in first
    assert f"На другом языке: {refs[0]}" in second


async def test_a_second_sound_for_a_translation_can_be_turned_off(newsroom):
    """Whoever writes so has the card without a sound; it is said all the same."""
    desk = newsroom.house.desk
    newsroom.house.desk = replace(desk, rules=replace(desk.rules, translations_ring=False))
    await newsroom.tell("lada", TITLE, WIRE)
    kazakh = (
        "«Өзен-Сервис» компаниясының 340 жұмысшысы Жаңаөзен қаласында ауысымға шықпады. Келіссөз нәтижесіз аяқталды."
    )
    await newsroom.tell("birlik", "Жаңаөзенде ереуіл басталды", kazakh)
    assert newsroom.said()[-1] == "reply silently"


async def test_a_changed_headline_changes_the_card_and_the_old_one_is_kept(newsroom):
    """The card says what the article says now; the archive has both."""
    await newsroom.tell("lada", TITLE, WIRE, guid="1", link="https://lada.example/news/1")
    changed = TITLE.replace("объявили", "начали")
    await newsroom.tell("lada", changed, WIRE, guid="1", link="https://lada.example/news/1")
    assert newsroom.said() == ["send ringing", "edit silently"]
    assert changed in newsroom.shown()[0]
    assert {title for (title,) in newsroom.house.db.execute("SELECT title FROM evidence")} == {TITLE, changed}
    bodies = [json.loads(body)["text"] for (body,) in newsroom.messages("body")]
    assert [TITLE in bodies[0], changed in bodies[1]] == [True, True]
    assert len(set(newsroom.messages("created_at"))) == 2


async def test_one_article_through_two_feeds_and_a_mirror(newsroom):
    """Trackers, AMP, a mirror, a changed slug before the number: one article, and one outlet each on the card."""
    await newsroom.tell("lada", TITLE, WIRE, link="https://lada.example/news/54321-zabastovka")
    await newsroom.tell(
        "vlast", "Читайте на «Ладе»", "Ссылка.", link="http://m.lada-mirror.example/news/54321-drugoe?utm_source=x"
    )
    assert newsroom.house.db.execute("SELECT count(*) FROM stories").fetchone() == (1,)
    assert len(newsroom.shown()) == 1


async def test_growth_at_night_waits_for_the_morning(newsroom):
    """An edit makes no sound, and it waits all the same; what came meanwhile is one edit."""
    await newsroom.tell("lada", TITLE, WIRE, after=14 * HOUR)  # 23:00 in Almaty
    await newsroom.tell("vlast", "В Жанаозене бастуют рабочие", WIRE)
    await newsroom.tell("birlik", OTHER_TITLE, OTHER_TEXT)
    assert newsroom.said() == ["send ringing"]
    newsroom.clock.tick(6 * HOUR)
    await drain(newsroom.house.dispatch, wait=timedelta(minutes=3))
    assert newsroom.said() == ["send ringing", "edit silently"]
    assert "3 издания" in newsroom.shown()[0]


async def test_a_card_that_waits_is_said_with_all_it_grew_by(newsroom):
    """Reprints within one round come before the card leaves: it is said once, complete, without an edit."""
    newsroom.clock.tick(HOUR)
    for feed in ("lada", "vlast", "birlik"):
        newsroom.pages.feed(url(feed), {"title": TITLE, "text": WIRE, "when": newsroom.clock()})
    await poll.cycle(newsroom.house.desk, everything=True)
    await drain(newsroom.house.dispatch, wait=timedelta(minutes=3))
    assert newsroom.said() == ["send ringing"]
    assert "3 источника" in newsroom.shown()[0]
    assert newsroom.house.db.execute("SELECT count(*) FROM wordings").fetchone() == (2,)


async def test_a_turn_takes_the_place_of_a_card_that_was_not_said(newsroom):
    """What waits for the morning when an arrest rings at night is one card, not two."""
    await newsroom.tell("lada", "Невыплата зарплаты в «Узень-Сервис», Жанаозен", WIRE, after=15 * HOUR)  # 00:00
    assert newsroom.said() == []
    await newsroom.tell("vlast", "Рабочих «Узень-Сервис» в Жанаозене арестовали", OTHER_TEXT)
    assert newsroom.said() == ["send ringing"]
    assert newsroom.messages("action", "state") == [("send", "folded"), ("send", "sent")]


async def test_stories_survive_a_restart(settings, pages, clock, newsroom):
    """What was said before the house was closed is known when it is opened again."""
    await newsroom.tell("lada", TITLE, WIRE)
    async with a_house(settings, clock, pages) as again:
        later = Newsroom(again, pages, clock)
        again.dispatch.rest = newsroom.house.dispatch.rest
        await later.tell("vlast", OTHER_TITLE, OTHER_TEXT)
        assert later.said() == ["send ringing", "edit silently"]


async def test_old_passages_are_forgotten(newsroom):
    """After a week a reprint is not recognised as one any more."""
    await newsroom.tell("lada", TITLE, WIRE)
    newsroom.clock.tick(8 * DAY)
    with transaction(newsroom.house.db) as db:
        assert likenesses.prune(db, newsroom.clock()) == 1
    assert newsroom.house.db.table("shingles").count == 0
