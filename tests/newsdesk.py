"""A house with scripted channels, and news put straight onto its desk, for tests of what is said when and where."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx

from monitor import outbox
from monitor.app.house import open_house
from monitor.channels import PRIORITY
from monitor.config.settings import Smtp
from monitor.ingest import pages
from monitor.ingest.desk import FeedReport, Turn
from monitor.ingest.keep import Draft, keep
from monitor.model import Join, Page, Placement, Reason, Response, Severity, Story, Verdict
from monitor.schema import transaction
from monitor.store import articles, stories
from monitor.store import entries as entry_store
from monitor.store import feeds as feed_store
from nouns import a_finding, a_message, a_state, an_article, an_entry
from walking import Pages, everyone_is_public, settings_in, write_config

FEED = {"id": "lada", "title": "Лада", "url": "https://lada.example/rss", "lang": "ru"}
STRIKE, LAYOFFS = "Забастовка", "Увольнение"
CHAT, ADMIN_CHAT, ADMIN, READERS = "@news-canary", "-100777", "admin-canary@example.org", "a@example.org,b@example.org"


def posting_settings(folder, *, delivery="", feeds=(FEED,), **more):
    """Telegram, mail and maintainers, all set; `delivery` is the text of delivery.yaml."""
    write_config(folder / "config", list(feeds))
    if delivery:
        (folder / "config" / "delivery.yaml").write_text(delivery, "utf-8")
    readers = more.pop("readers", READERS)
    addresses = {"MONITOR_TELEGRAM_CHANNEL": CHAT, "MONITOR_DIGEST_TO": readers, **more.pop("addresses", {})}
    filled = {
        "telegram_token": "1:token-canary",
        "telegram_channel": CHAT,
        "telegram_admin_chat": ADMIN_CHAT,
        "admin_email": ADMIN,
        "smtp": Smtp(host="localhost", security="none"),
        "digest_from": "monitor@example.org",
        "digest_to": tuple(readers.split(",")),
        "addresses": addresses,
    }
    return settings_in(folder, **filled | more)


@asynccontextmanager
async def posting_house(settings, clock, **senders):
    """The house with these senders; a rest ticks the clock."""

    async def rest(seconds):
        clock.tick(timedelta(seconds=max(1, round(seconds))))

    async with open_house(
        settings,
        clock=clock,
        transport=httpx.MockTransport(Pages()),
        resolve=everyone_is_public,
        senders=senders,
        rest=rest,
    ) as house:
        with transaction(house.db) as db:
            feed_store.sync(db, house.desk.feeds, clock())
        yield house


def news(house, title, *, text="", dated=True, feed="lada"):
    """One new article on the desk, judged and queued as an ordinary one; returns its verdict's reason."""
    now = house.clock()
    found = house.desk.feeds_by_id[feed]
    link = f"{found.url}/{title}"
    entry = an_entry(feed_id=feed, guid=link, url=link, title=title, summary=text, published_at=now if dated else None)
    (fresh,) = entry_store.unknown(house.db, found, [entry]).fresh
    response = Response(url=found.url, status=200, headers={}, body=b"x", received_at=now)
    state = a_state(feed_id=feed, good_at=now, baselined_at=now)
    turn = Turn(desk=house.desk, feed=found, state=state, listed_in=lambda _: response, report=FeedReport(feed_id=feed))
    with transaction(house.db):
        keep(turn, Draft(fresh=fresh, article=pages.article_of(found, fresh, Page(), now)), now)
    return house.db.execute("SELECT reason FROM verdicts ORDER BY id DESC LIMIT 1").fetchone()[0]


def bulk(house, numbers, *, urgent_every=10):
    """Stories with these numbers, each said and queued for the first destination; every tenth is urgent."""
    now, voice = house.clock(), house.recipients.voices[0]
    with transaction(house.db) as db:
        for number in numbers:
            urgent = number % urgent_every == 0
            severity = Severity.URGENT if urgent else Severity.NORMAL
            ref, title = f"{number:05}", f"Новость номер {number} о событиях на заводе {number}"
            story = stories.open_story(
                db, Story(ref=ref, title=title, opened_at=now, updated_at=now, severity=severity, topics=("strike",))
            )
            article = an_article(title=title, story_id=story.id, seen_at=now, url_key=f"key-{number}")
            article_id = articles.keep(db, article, a_finding(severity), ())
            verdict = Verdict(say=True, reason=Reason.FIRST, ring=urgent, digest=True)
            stories.keep_verdict(
                db, verdict, Placement(join=Join.OPENS), article_id=article_id, story_id=story.id, now=now
            )
            message = a_message(subject=f"story:{ref}", ref=ref, priority=PRIORITY[severity], silent=not urgent)
            outbox.put(db, [replace(message, channel=voice.channel, recipient=voice.recipient)], now)
