"""Ninety outlets that change: thirty are taken over, sixty are only redesigned; as answers of a press."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

import httpx

from walking import OnTheWire, Pages

# A headline and a first sentence of nothing in particular, and a strike, in each language.
WORDS = {
    "ru": (
        ("Жители города обсудили ремонт дороги номер {n}", "Работы начнутся весной, сообщили в городской администрации."),
        ("На заводе номер {n} рабочие объявили забастовку", "Они требуют повысить заработную плату."),
    ),
    "kk": (
        ("Қала тұрғындары {n} жолды жөндеуді талқылады", "Жұмыс көктемде басталады, деп хабарлады қала әкімдігі."),
        ("{n} зауытта жұмысшылар ереуіл жариялады", "Олар жалақыны көтеруді талап етеді."),
    ),
    "en": (
        ("Residents of the town discuss the repair of road {n}", "Work will begin in spring, the administration said."),
        ("Workers at plant {n} in Zhanaozen begin a strike", "They demand that their wages be raised."),
    ),
    "id": (
        ("Situs permainan terpercaya nomor {n} dengan bonus terbesar", "Daftar sekarang dan dapatkan hadiah menarik."),
        ("Cara menang permainan nomor {n} setiap hari", "Ikuti langkah berikut agar selalu beruntung."),
    ),
    "tr": (
        ("Güvenilir bahis siteleri ve hoşgeldin bonusları {n}", "Üye olun ve kazanmaya hemen başlayın."),
        ("Yeni giriş adresi {n} açıklandı", "Kullanıcılar artık yeni adresten oynayabilir."),
    ),
    "zh": (
        ("最新的在线游戏平台推荐第{n}期", "注册即可获得丰厚奖金和免费试玩机会。"),
        ("如何在第{n}个平台上赢得更多奖金", "请按照以下步骤操作。"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Outlet:
    """An outlet as `feeds.yaml` knows it."""

    id: str
    title: str
    lang: str
    host: str
    alias: str = ""

    @property
    def url(self) -> str:
        """The address of its feed."""
        return f"https://{self.host}/rss"

    def config(self) -> dict[str, object]:
        """Its entry."""
        known = {"id": self.id, "title": self.title, "url": self.url, "lang": self.lang}
        return known | ({"aliases": [self.alias]} if self.alias else {})


@dataclass(frozen=True)
class Look:
    """What a feed shows: its title, the language of its items, where their links lead, which items."""

    title: str
    langs: Sequence[str]
    sites: Sequence[str]
    first: int
    count: int = 12
    path: str = "news/{n}"
    guid: str = ""
    strikes: bool = False
    atom: bool = False

    def body(self, now: datetime) -> bytes:
        """The document, the newest item first."""
        numbers = range(self.first + self.count - 1, self.first - 1, -1)
        items = [self._item(place, number, now - place * timedelta(minutes=10)) for place, number in enumerate(numbers)]
        if self.atom:
            head = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(self.title)}</title>'
            return f'<?xml version="1.0"?>{head}{"".join(items)}</feed>'.encode()
        head = f'<rss version="2.0"><channel><title>{escape(self.title)}</title>'
        return f'<?xml version="1.0"?>{head}{"".join(items)}</channel></rss>'.encode()

    def _item(self, place: int, number: int, when: datetime) -> str:
        lang = self.langs[place % len(self.langs)]
        headline, text = WORDS[lang][self.strikes and place % 4 == 0]
        title, link = headline.format(n=number), f"{self.sites[place % len(self.sites)]}/{self.path.format(n=number)}"
        guid = self.guid.format(n=number) if self.guid else link
        if self.atom:
            return (
                f'<entry><title>{title}</title><link href="{escape(link)}"/><id>{escape(guid)}</id>'
                f"<summary>{text}</summary><updated>{when.isoformat()}</updated></entry>"
            )
        return (
            f"<item><title>{title}</title><link>{escape(link)}</link><guid>{escape(guid)}</guid>"
            f"<description>{text}</description><pubDate>{format_datetime(when)}</pubDate></item>"
        )


@dataclass(frozen=True)
class Change:
    """One outlet and what becomes of it: its new look, and the address that its feed then answers from."""

    name: str
    outlet: Outlet
    look: Callable[[Look], Look]
    url: str = ""
    status: int = 301
    trickle: int = 0  # so many items at a time, instead of a whole new window

    def print(self, pages: Pages, look: Look, now: datetime) -> None:
        """Serve this look where the outlet answers now."""
        where = self.url or self.outlet.url
        pages.bodies[where] = look.body(now)
        if self.url:
            pages.bodies[self.outlet.url] = lambda _request: httpx.Response(
                self.status, headers={"location": where}, stream=OnTheWire(b"")
            )


def usual(outlet: Outlet, first: int, count: int = 12) -> Look:
    """How an outlet looks before anything happens to it."""
    return Look(title=outlet.title, langs=(outlet.lang,), sites=(f"https://{outlet.host}",), first=first, count=count)


NAMES = (
    ("Лада", "ru", "lada.kz"),
    ("Халық үні", "kk", "halyk-uni.kz"),
    ("The Steppe Herald", "en", "steppeherald.com"),
    ("Ак Жайык", "ru", "azh.kz"),
    ("Жас Алаш", "kk", "zhasalash.kz"),
    ("Power Vlast", "en", "powervlast.org"),
    ("Уральская неделя", "ru", "uralskweek.kz"),
    ("Ана тілі", "kk", "anatili.kz"),
    ("Labour Watch Asia", "en", "labourwatch.asia"),
)


def outlet_of(kind: str, number: int) -> Outlet:
    """One outlet of a kind of change, in one of three languages in turn; its host is its own."""
    title, lang, host = NAMES[number % len(NAMES)]
    return Outlet(
        id=f"{kind}-{number}", title=title, lang=lang, host=f"{kind}{number}-{host}", alias=f"{kind}{number}.net"
    )


# ── thirty that are taken over ───────────────────────────────────────────────────────────────────────────────────

OTHER_TITLES = (
    "Slot Gacor 2026", "Лучшие онлайн казино", "Bahis Siteleri", "Погода и гороскопы", "Недвижимость Сочи",
    "Best VPN Deals", "Спорт-Экспресс", "Domain for sale",
)  # fmt: skip
OTHER_HOSTS = (
    "https://casino.com/rss", "https://{label}.com/rss", "https://{host}.evil.net/rss", "https://{label}-kz.info/feed",
    "https://parking.example.org/feed", "https://feeds.{label}.ru/rss", "http://93.184.216.40/rss",
)  # fmt: skip
OTHER_LANGUAGES = (("id",), ("tr",), ("zh",), ("id", "tr"))
OTHER_SITES = (
    ("https://slots.com",), ("https://bit.ly",), ("https://a1.com", "https://b2.net", "https://c3.org"),
    ("https://slots.com", "https://slots.com", "https://{host}"), ("https://{host}.slots.com",), ("https://t.me/slots",),
    ("https://trickle.com",),
)  # fmt: skip


def _retitled(title: str) -> Callable[[Look], Look]:
    return lambda look: replace(look, title=title)


def _relinked(sites: Sequence[str], host: str) -> Callable[[Look], Look]:
    return lambda look: replace(look, sites=[site.format(host=host) for site in sites])


def _translated(*langs: str) -> Callable[[Look], Look]:
    return lambda look: replace(look, langs=langs)


def _same(look: Look) -> Look:
    return look


def takeovers() -> list[Change]:
    """Thirty: eight titles, seven hosts, eight languages, seven where links lead."""
    found = []
    for number, title in enumerate(OTHER_TITLES):
        found.append(Change(f"title {title}", outlet_of("title", number), _retitled(title)))
    for number, host in enumerate(OTHER_HOSTS):
        outlet = outlet_of("host", number)
        url = host.format(host=outlet.host, label=outlet.host.partition(".")[0])
        found.append(Change(f"host {url}", outlet, _same, url=url, status=(301, 302, 308)[number % 3]))
    for number in range(8):
        outlet = outlet_of("lang", number)
        ours = {"ru": "en", "kk": "ru", "en": "ru"}[outlet.lang]
        langs = OTHER_LANGUAGES[number // 2] if number % 2 == 0 else (ours,)
        found.append(Change(f"language {langs} of {outlet.lang}", outlet, _translated(*langs)))
    for number, sites in enumerate(OTHER_SITES):
        outlet = outlet_of("link", number)
        trickle = 1 if number == len(OTHER_SITES) - 1 else 0
        found.append(Change(f"links {sites}", outlet, _relinked(sites, outlet.host), trickle=trickle))
    return found


# ── sixty that are redesigned ────────────────────────────────────────────────────────────────────────────────────

LATIN = {"Лада": "Lada", "Халық үні": "Halyq Uni", "The Steppe Herald": "Зе Степпе Геральд", "Ак Жайык": "Aq Zhaiyq"}
OTHER_SECTION = {"ru": "kk", "kk": "ru", "en": "ru"}
ANYBODYS = {"ru": "Новости · RSS", "kk": "Соңғы жаңалықтар", "en": "Latest news"}

REDESIGNS: Sequence[tuple[str, Callable[[Outlet], Callable[[Look], Look]], str]] = (
    ("www", lambda _: _same, "https://www.{host}/rss"),
    ("a host for feeds", lambda _: _same, "https://rss.{host}/all.xml"),
    ("another path", lambda _: _same, "https://{host}/feed/"),
    ("plain http", lambda _: _same, "http://{host}/rss"),
    ("a mirror", lambda outlet: _relinked((f"https://{outlet.alias}",), outlet.host), "https://{alias}/rss"),
    ("a feed service", lambda _: _same, "https://feeds.feedburner.com/{id}"),
    ("a tagline", lambda outlet: _retitled(f"{outlet.title} — главное за день"), ""),
    ("the name in other letters", lambda outlet: _retitled(LATIN.get(outlet.title, outlet.title.upper())), ""),
    ("anybody's title", lambda outlet: _retitled(ANYBODYS[outlet.lang]), ""),
    ("no title", lambda _: _retitled(""), ""),
    ("the host as title", lambda outlet: _retitled(outlet.host.upper()), ""),
    ("other ids and paths", lambda _: lambda look: replace(look, path="?ELEMENT_ID={n}", guid="tag:new,{n}"), ""),
    ("trackers", lambda _: lambda look: replace(look, path="news/{n}?utm_source=rss&utm_medium=feed"), ""),
    ("links to the phone edition", lambda outlet: _relinked((f"https://m.{outlet.host}",), outlet.host), ""),
    ("a third are videos", lambda outlet: _relinked(
        (f"https://{outlet.host}", f"https://{outlet.host}", "https://www.youtube.com"), outlet.host), ""),
    ("a section in another language", lambda outlet: _translated(outlet.lang, OTHER_SECTION[outlet.lang]), ""),
    ("a long window", lambda _: lambda look: replace(look, count=60), ""),
    ("one item at a time", lambda _: lambda look: replace(look, count=1), ""),
    ("Atom", lambda _: lambda look: replace(look, atom=True), ""),
    ("everything at once", lambda outlet: lambda look: replace(
        look, title=f"{outlet.title} | новый сайт", atom=True, path="2026/11/{n}.html", guid="urn:{n}"),
        "https://new.{host}/atom.xml"),
)  # fmt: skip


def redesigns() -> list[Change]:
    """Sixty: twenty kinds of redesign of three outlets each, in three languages."""
    found = []
    for kind, (name, make, url) in enumerate(REDESIGNS):
        for place in range(3):
            outlet = outlet_of(f"new{kind}", place if kind % 2 else place + 3)
            address = url.format(host=outlet.host, alias=outlet.alias, id=outlet.id)
            found.append(Change(f"{name} of {outlet.title}", outlet, make(outlet), url=address))
    return found
