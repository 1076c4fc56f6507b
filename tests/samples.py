"""News to render: one alert that tests change a little, and the ways hostile people would write its title."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from monitor.model import Alert, Coverage, Digest, DigestItem, Hit, Link, Reason, Severity, Standing

TITLE = "Нефтяники Жанаозена объявили бессрочную забастовку"
TEXT = (
    "В Мангистау продолжается протест. По словам рабочих, с утра 21 ноября не вышли на смену около 340 человек. "
    "Акимат пока не ответил."
)
SEEN_AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PUBLISHED_AT = datetime(2026, 11, 21, 9, 20, tzinfo=UTC)
ALMATY = "Asia/Almaty"
LADA = Link(outlet="Лада", standing=Standing.INDEPENDENT, url="https://www.lada.kz/news/12345.html")
VLAST = Link(outlet="Власть", standing=Standing.INDEPENDENT, url="https://vlast.kz/novosti/1.html")
AZATTYQ = Link(outlet="Азаттық", standing=Standing.FOREIGN, url="https://www.azattyq.org/a/1.html", blocked_in=("KZ",))

HOSTILE = (
    "<b>Strike</b><script>alert(1)</script>",
    "забастовка\u202eгнорз\u202c\u2066x\u2069",
    "за\u200bба\u200dсто\ufeffвка \u2060x",
    "забастовка\r\nBcc: victim@example.org\r\n\r\nhello",
    "забастовка\x00\x07\x1b[31m\x0b\x0c\x1c\x85\u2028\u2029x",
    "забастовка \ud800 \udfff x",
    "ж" * 10_000,
    "слово " * 3_000,
    "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇰🇿" * 600,
    "e" + "\u0301" * 5_000,
    "@durov #fake /start javascript:alert(1) tg://resolve?domain=x",
    "{title} {0} %s %(x)s {{ 7*7 }} {% raw %}",
    "]]></p></td></tr></table><img src=x onerror=alert(1)>",
    "שביתה إضراب забастовка",
    "",
    "   \n ",
)


def hit(whole: str, form: str, *, field: str = "text", topic: str = "strike", lang: str = "ru") -> Hit:
    """The first place where `form` stands in `whole`."""
    start = whole.index(form)
    return Hit(
        topic=topic, term=form, lang=lang, form=form, field=field, start=start, end=start + len(form), quote=form
    )


def alert(**changes: Any) -> Alert:
    """A strike in Zhanaozen as one Russian outlet told it, with `changes`."""
    sample = Alert(
        ref="K7F2Q",
        severity=Severity.URGENT,
        topics=("strike",),
        topic_titles={"strike": {"en": "Strikes", "ru": "Забастовки", "kk": "Ереуілдер"}},
        title=TITLE,
        lang="ru",
        text=TEXT,
        hits=(hit(TITLE, "забастовку", field="title"), hit(TEXT, "не вышли на смену")),
        links=(LADA,),
        seen_at=SEEN_AT,
        published_at=PUBLISHED_AT,
        places=("kazakhstan", "zhanaozen"),
        regions=("KZ-47",),
        place_names={"zhanaozen": {"en": "Zhanaozen", "ru": "Жанаозен", "kk": "Жаңаөзен"}},
        ring=True,
    )
    return replace(sample, **changes)


def digest(*alerts: Alert, **changes: Any) -> Digest:
    """The letter of 22 November 2026 with these alerts, all of them said in the channel."""
    sample = Digest(
        date="2026-11-22",
        time_zone=ALMATY,
        since=datetime(2026, 11, 21, 2, 30, tzinfo=UTC),
        until=datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
        items=tuple(DigestItem(alert=one, verdict=Reason.FIRST, said=True) for one in alerts),
        coverage=Coverage(
            read_count=41,
            watched_count=44,
            blind=(("lada.kz", datetime(2026, 11, 21, 2, 10, tzinfo=UTC), "timeout"),),
            unwatched_count=75,
        ),
    )
    return replace(sample, **changes)
