"""Feeds for the tests of sources: small ones in the dialects outlets use, and what a server answers with them."""

from datetime import UTC, datetime

from monitor.model import Feed, Response

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FEED = Feed(id="lada-kz", url="https://lada.kz/rss.xml", title="Лада")

TITLES = tuple(f"Нефтяники Жаңаөзен объявили забастовку, день {day}" for day in range(1, 7))


def item(number: int, title: str = "") -> str:
    """An RSS item as a Kazakhstan outlet writes it."""
    return (
        f"<item><title>{title or TITLES[number]}</title><link>https://lada.kz/news/{number}</link>"
        f'<guid isPermaLink="false">lada-{number}</guid><pubDate>Sat, 2{number} Nov 2026 09:00:00 +0500</pubDate>'
        f"<description><![CDATA[<p>Рабочие требуют &laquo;повышения&raquo; зарплаты.</p>]]></description></item>\n"
    )


def rss(*items: str, encoding: str = "utf-8", channel: str = "") -> str:
    """An RSS 2.0 feed of these items, or of six."""
    chosen = "".join(items) if items else "".join(map(item, range(len(TITLES))))
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0"><channel><title>Лада</title>'
        f"<link>https://lada.kz/</link>{channel}\n{chosen}</channel></rss>\n"
    )


def answer(body: bytes | str, content_type: str = "", url: str = FEED.url, **headers: str) -> Response:
    """What a server answers with this body."""
    named = {"content-type": content_type} if content_type else {}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body.encode() if isinstance(body, str) else body
    return Response(url=url, status=200, headers=named, body=raw, received_at=NOW)
