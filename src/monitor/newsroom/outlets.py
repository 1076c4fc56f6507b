"""The outlets of the demo, how each of their servers behaves, and the feeds file that watches them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.model import Lang, Scope, Standing

# The fixed clock of the demo: a Friday, 08:00 and 14:20 in Almaty. The pages are dated to fit.
ACT_TIMES = {1: datetime(2026, 11, 20, 3, 0, tzinfo=UTC), 2: datetime(2026, 11, 20, 9, 20, tzinfo=UTC)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented outlet: what the feeds file says of it, and the manners of its server.

    `file` is the name of the feed, or of the page that is read in its place, below the outlet's folder. `tags` and `dates` say whether the server sends ETag and
    Last-Modified; `zipped` that it compresses for those who accept gzip; `drips` that its feed comes in slow drops.
    """

    id: str
    title: str
    file: str
    lang: Lang
    kind: str = "rss"
    scope: Scope = "local"
    standing: Standing = Standing.INDEPENDENT
    region: str | None = None
    full_text: bool = False
    charset: str = "utf-8"
    tags: bool = True
    dates: bool = True
    zipped: bool = False
    drips: bool = False

    @property
    def path(self) -> str:
        """Where the server keeps the feed."""
        return f"/{self.id}/{self.file}"


OUTLETS = (
    Outlet(
        id="kaspiy-bereg", title="Каспийский берег (Ақтау)", file="rss.xml", lang="ru", region="KZ-47", full_text=True
    ),
    Outlet(
        id="ozen-zharshysy",
        title="Өзен жаршысы",
        file="news.atom",
        lang="kk",
        region="KZ-47",
        full_text=True,
        dates=False,
    ),
    Outlet(id="shymqala-uni", title="Шымқала үні", file="rss.xml", lang="kk", region="KZ-79", drips=True),
    Outlet(id="dala-habar", title="Дала хабар", file="rss.xml", lang="ru", standing=Standing.STATE, zipped=True),
    Outlet(
        id="kenshi-kray",
        title="Шахтёрский край (Қарағанды)",
        file="rss.xml",
        lang="ru",
        region="KZ-35",
        full_text=True,
        charset="windows-1251",
        tags=False,
    ),
    Outlet(id="ilek-ekspress", title="Илек-экспресс (Ақтөбе)", file="feed.xml", lang="ru", region="KZ-15", tags=False),
    Outlet(id="qala-online", title="Qala Online", file="rss.xml", lang="ru", region="KZ-75"),
    Outlet(id="birlik", title="Профсоюз «Бірлік»", file="news.rss", lang="ru", standing=Standing.UNION, region="KZ-47"),
    Outlet(id="pravo-i-trud", title="Бюро «Право и труд»", file="feed.atom", lang="ru", full_text=True),
    Outlet(
        id="delovoy-alatau",
        title="Деловой Алатау",
        file="index.rdf",
        lang="ru",
        standing=Standing.BUSINESS,
        full_text=True,
        dates=False,
    ),
    Outlet(
        id="labour-wire",
        title="World Labour Wire",
        file="feed.json",
        lang="en",
        scope="global",
        standing=Standing.FOREIGN,
    ),
    Outlet(id="astana-ledger", title="Astana Ledger", file="feed.rss", lang="en", standing=Standing.BUSINESS),
    Outlet(id="ertis-ainasy", title="Ертіс айнасы (Павлодар)", file="rss.xml", lang="ru", region="KZ-55"),
    Outlet(
        id="talas-tynysy",
        title="Талас тынысы (Тараз)",
        file="index.html",
        kind="listing",
        lang="kk",
        region="KZ-31",
        full_text=True,
        tags=False,
        dates=False,
    ),
    Outlet(
        id="burovaya-vahta",
        title="Буровая вахта (Telegram)",
        file="kanal.html",
        kind="telegram",
        lang="ru",
        region="KZ-47",
        tags=False,
        dates=False,
    ),
)


def feeds_yaml(base: str) -> str:
    """The feeds file of the demo, for a press at `base` (scheme, host and port, no slash at the end)."""
    lines = ["version: 1", "defaults: {every: 15m, time_zone: Asia/Almaty}", "feeds:"]
    for outlet in OUTLETS:
        lines += [f"  - id: {outlet.id}", *_fields(outlet, base)]
    return "\n".join(lines) + "\n"


def write_feeds(folder: Path, base: str) -> Path:
    """Write `feeds.yaml` into `folder`, which must exist; returns its path."""
    path = folder / "feeds.yaml"
    path.write_text(feeds_yaml(base), encoding="utf-8")
    return path


def _fields(outlet: Outlet, base: str) -> list[str]:
    """The lines below an id. JSON strings are YAML strings, whatever quotes and colons a title has."""
    fields = {
        "title": outlet.title,
        "url": base + outlet.path,
        "kind": outlet.kind,
        "lang": outlet.lang,
        "scope": outlet.scope,
        "standing": outlet.standing.value,
        "region": outlet.region,
        "full_text": outlet.full_text,
    }
    return [f"    {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value is not None]
