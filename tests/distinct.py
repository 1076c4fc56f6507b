"""Distinct strikes that are told after one pattern: the same sentences, another employer, town or union filled in."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One article."""

    lang: str
    title: str
    text: str


PATTERNS = {
    "ru": (
        (
            "Рабочие {firm} в {town} объявили забастовку",
            (
                "Сотрудники предприятия {firm} в {town} сегодня утром отказались выходить на работу. Они требуют повысить "
                "заработную плату и улучшить условия труда. Акимат сообщил, что создана комиссия, переговоры продолжаются."
            ),
        ),
        (
            "Забастовка в {town}: работники {firm} остановили производство",
            (
                "Как сообщили в профсоюзе {union}, люди не вышли на смену из-за задержки заработной платы. Руководство "
                "{firm} обещает погасить долг до конца месяца. Трудовая инспекция начала проверку."
            ),
        ),
        (
            "{union}: в {town} началась забастовка",
            (
                "На предприятии {firm} остановлена работа. По словам участников, терпение закончилось: зарплату не "
                "индексировали три года, профсоюз {union} готовит обращение к правительству."
            ),
        ),
        (
            "Профсоюз {union} остановил работу в {town}",
            (
                "Забастовка началась после того, как {firm} отказалось подписать коллективный договор. В ней участвуют "
                "все смены. Руководство считает действия рабочих незаконными и обратилось в суд."
            ),
        ),
    ),
    "kk": (
        (
            "{town}: {firm} жұмысшылары ереуіл жариялады",
            (
                "{firm} кәсіпорнының қызметкерлері бүгін таңертең жұмысқа шығудан бас тартты. Олар жалақыны көтеруді және "
                "еңбек жағдайын жақсартуды талап етеді. Әкімдік комиссия құрылғанын хабарлады."
            ),
        ),
        (
            "{union} кәсіподағы {town} қаласында ереуіл бастады",
            (
                "{firm} ұжымдық шартқа қол қоюдан бас тартқан соң жұмысшылар жұмысын тоқтатты. Ереуілге барлық ауысым "
                "қатысуда. Басшылық мұны заңсыз деп санайды."
            ),
        ),
    ),
    "en": (
        (
            "Workers of {firm} in {town} go on strike",
            (
                "Employees of {firm} in {town} refused to start work this morning. They demand higher wages and better "
                "working conditions. The local administration said a commission had been set up."
            ),
        ),
        (
            "Strike halts production at {firm} in {town}",
            (
                "Staff walked out over delayed wages, the {union} union said. Management of {firm} promises to clear the "
                "debt by the end of the month. The labour inspectorate has begun an inquiry."
            ),
        ),
        (
            "{union} union calls strike at plant in {town}",
            (
                "The walkout began after {firm} refused to sign a collective agreement. All shifts are taking part. "
                "Management called the strike unlawful and went to court."
            ),
        ),
    ),
}
FIRMS = {
    "ru": ("ТОО «Алтын Жер»", "ТОО «Береке-Строй»", "АО «Каспий Мунай»", "ТОО Дархан Сервис", "«Самга»", "«ТехноПром»",
           "АО «Шыгыс Металл»", "ТОО «Ак Бидай»", "«СМУ-15»", "«СМУ-27»"),
    "kk": ("«Алтын Жер» ЖШС", "«Береке-Строй» ЖШС", "«Каспий Мұнай» АҚ", "«Дархан Сервис»", "«Самға»", "«ТехноПром»",
           "«Шығыс Металл» АҚ", "«Ақ Бидай»", "«Құрылыс-15»", "«Құрылыс-27»"),
    "en": ("Altyn Zher LLP", "Bereke-Stroy", "Kaspiy Munai JSC", "Darkhan Service", "Samga", "TechnoProm",
           "Shygys Metall", "Ak Bidai", "Stroy-15", "Stroy-27"),
}  # fmt: skip
TOWNS = {
    "ru": ("Актау", "Жанаозене", "Темиртау", "Рудном", "Экибастузе", "Кентау", "Балхаше", "Аксае"),
    "kk": ("Ақтау", "Жаңаөзен", "Теміртау", "Риддер", "Екібастұз", "Кентау", "Балқаш", "Ақсай"),
    "en": ("Aktau", "Zhanaozen", "Temirtau", "Rudny", "Ekibastuz", "Kentau", "Balkhash", "Aksai"),
}
UNIONS = {
    "ru": ("«Достык»", "«Ынтымак»", "«Адал Енбек»", "«Мунайшы»"),
    "kk": ("«Достық»", "«Ынтымақ»", "«Адал Еңбек»", "«Мұнайшы»"),
    "en": ("Dostyk", "Yntymak", "Adal Enbek", "Munaishy"),
}


def pairs() -> Iterator[tuple[Text, Text]]:
    """Two strikes each, which differ in the employer, the town, both, or the union if the headline names it."""
    for lang, patterns in PATTERNS.items():
        for title, text in patterns:
            for number in range(len(FIRMS[lang])):
                for changed in (("firm",), ("town",), ("firm", "town"), ("union",)):
                    if "union" not in changed or "{union}" in title:
                        first = _fill(lang, title, text, number)
                        yield first, _fill(lang, title, text, number, **dict.fromkeys(changed, number + 1))


def _fill(lang: str, title: str, text: str, number: int, **other: int) -> Text:
    values = {
        "firm": FIRMS[lang][other.get("firm", number) % len(FIRMS[lang])],
        "town": TOWNS[lang][other.get("town", number) % len(TOWNS[lang])],
        "union": UNIONS[lang][other.get("union", number) % len(UNIONS[lang])],
    }
    return Text(lang, title.format(**values), text.format(**values))
