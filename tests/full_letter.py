"""A letter that has everything a letter can have, for mail programs, mail servers and screenshots."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from loopback import Chance
from monitor.model import (
    Coverage,
    Digest,
    DigestItem,
    Join,
    OpenStory,
    Past,
    Reason,
    Relative,
    Severity,
    Spread,
    Standing,
)
from samples import AZATTYQ, LADA, VLAST, alert, digest, hit

LAST = date(2026, 11, 22)
TITLES = {
    "strike": {"en": "Strikes", "ru": "Забастовки", "kk": "Ереуілдер"},
    "persecution": {"en": "Arrests and trials", "ru": "Аресты и суды", "kk": "Қамау мен соттар"},
    "deaths": {"en": "Deaths at work", "ru": "Гибель на производстве", "kk": "Өндірістегі қаза"},
    "protest": {"en": "Protests and demands", "ru": "Протесты и требования", "kk": "Наразылық пен талаптар"},
    "wages": {"en": "Wages and arrears", "ru": "Зарплаты и долги", "kk": "Жалақы мен берешек"},
    "layoffs": {"en": "Layoffs", "ru": "Сокращения", "kk": "Қысқартулар"},
    "law": {"en": "Labour law", "ru": "Трудовое право", "kk": "Еңбек заңнамасы"},
}
PLACES = {
    "zhanaozen": ("KZ-47", {"en": "Zhanaozen", "ru": "Жанаозен", "kk": "Жаңаөзен"}),
    "temirtau": ("KZ-35", {"en": "Temirtau", "ru": "Темиртау", "kk": "Теміртау"}),
    "aktobe": ("KZ-15", {"en": "Aktobe", "ru": "Актобе", "kk": "Ақтөбе"}),
    "almaty": ("KZ-75", {"en": "Almaty", "ru": "Алматы", "kk": "Алматы"}),
}
INFORM = replace(LADA, outlet="Казинформ", standing=Standing.STATE, url="https://www.inform.kz/ru/gornyaki_a4123")
KURSIV = replace(LADA, outlet="Курсив", standing=Standing.BUSINESS, url="https://kz.kursiv.media/2026-11-21/novosti")
# topic, severity, place, language, headline, sentence with «matched words» marked, links, came at night
STORIES = (
    ("strike", "urgent", "zhanaozen", "ru", "Нефтяники Жанаозена объявили бессрочную забастовку",
     "По словам рабочих, с утра 21 ноября |не вышли на смену| около 340 человек.", (LADA, VLAST, AZATTYQ), True),
    ("deaths", "urgent", "temirtau", "ru", "Двое горняков погибли на шахте под Карагандой",
     "|Горняки погибли| ночью в лаве, где проводили ремонт.", (LADA, VLAST, AZATTYQ, KURSIV, INFORM), False),
    ("wages", "normal", "temirtau", "ru", "Рабочие завода в Темиртау третий месяц сидят без денег",
     "Литейщикам |не платят зарплату| с августа, говорит профком.", (VLAST,), False),
    ("protest", "normal", "aktobe", "kk", "Ақтөбеде құрылысшылар әкімдік алдына жиналды",
     "Құрылысшылар |әкімдік алдына жиналып|, жалақысын талап етті.", (LADA,), True),
    ("law", "normal", "almaty", "en", "Bill tightening rules for trade unions reaches parliament",
     "The |bill on trade unions| would let a court dissolve a branch.", (KURSIV,), False),
)  # fmt: skip


def full_digest(stories: int = len(STORIES)) -> Digest:
    """The letter of 22 November 2026 with so many stories, a picture of 30 days, open disputes and near misses."""
    items = tuple(_item(number) for number in range(stories))
    topics = items[0].alert, items[2].alert
    return digest(
        items=items,
        coverage=Coverage(
            read_count=41,
            watched_count=44,
            blind=(("lada.kz", datetime(2026, 11, 22, 2, 10, tzinfo=UTC), "blocked"),),
            unwatched_count=75,
            gaps=(("Ак Жайык", timedelta(minutes=35)),),
        ),
        blind_regions=("KZ-47",),
        open_stories=(
            OpenStory(
                alert=replace(topics[1], ref="PP123", title="Вахтовики Тенгиза требуют вернуть удержанные премии"),
                opened_at=datetime(2026, 11, 14, 9, tzinfo=UTC),
                heard_at=datetime(2026, 11, 19, 9, tzinfo=UTC),
            ),
            OpenStory(
                alert=replace(topics[0], ref="SS456", title="Метро құрылысшылары ереуілін тоқтатпады", lang="kk"),
                opened_at=datetime(2026, 11, 10, 9, tzinfo=UTC),
                heard_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
            ),
        ),
        past=tuple(_past()),
        topic_titles=TITLES,
        near_misses=(
            ("Футболисты «Актобе» бастуют", "strike: blocked by «футболист»"),
            ("German rail strike enters third day", "strike: no Kazakhstan place"),
        ),
        near_count=7,
    )


def _item(number: int) -> DigestItem:
    topic, severity, place, lang, title, marked, links, at_night = STORIES[number % len(STORIES)]
    before, word, after = marked.split("|")
    text = before + word + after
    region, names = PLACES[place]
    state_late = timedelta(hours=31) if INFORM in links else None
    told = alert(
        ref="K7F2Q" if not number else f"A{number:04}",
        title=title,
        text=text,
        lang=lang,
        severity=Severity(severity),
        topics=(topic,),
        topic_titles={topic: TITLES[topic]},
        places=(place,),
        regions=(region,),
        place_names={place: names},
        hits=(hit(text, word, topic=topic, lang=lang),),
        links=links,
        spread=Spread(outlet_count=len(links), state_read_count=6, state_after=state_late),
        relatives=(Relative(ref="B26KG", join=Join.ALSO, lang="kk"),) if not number else (),
    )
    reason = Reason.QUIET_HOURS if at_night and severity == "normal" else Reason.FIRST
    return DigestItem(alert=told, verdict=reason, said=not at_night, at_night=at_night)


def _past() -> list[Past]:
    """A month of news: most of it strikes, wages and protests, most of it from the west."""
    chance = Chance("a month of news")
    topics = ("strike",) * 9 + ("wages",) * 8 + ("protest",) * 5 + ("deaths", "persecution", "layoffs", "law") * 2
    regions = (
        ("KZ-47",) * 9 + ("KZ-23",) * 6 + ("KZ-35",) * 5 + ("KZ-75",) * 3 + ("KZ-71", "KZ-62", "KZ-27", "KZ-55", "")
    )
    found = []
    for back in range(30):
        day = (LAST - timedelta(days=back)).isoformat()
        for _ in range(int(chance.below(4)) + int(chance.below(4))):
            region = chance.pick(regions)
            found.append(Past(date=day, topic=chance.pick(topics), regions=(region,) if region else ()))
    return found
