"""Who hears what, and when: nights, budgets, routes, mutes, and the e-mail road when the chat fails."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitor.deliver.dispatch import drain
from monitor.errors import DeliveryError, Undeliverable
from monitor.model import Quiet
from monitor.policy.quiet import day_of, night_until
from newsdesk import ADMIN, ADMIN_CHAT, CHAT, posting_house, posting_settings
from newsdesk import news as put_news
from posting import World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MIDNIGHT = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)  # in Almaty
DEFAULT = Quiet()


@pytest.fixture
def worlds(clock):
    """Telegram and the mail server."""
    return {"telegram": World(clock), "email": World(clock)}


def waiting(house):
    """(silent, not_before) of every alert in the queue."""
    return house.db.execute(
        "SELECT silent, not_before FROM messages WHERE state = 'new' AND ref <> '' ORDER BY id"
    ).fetchall()


# ── the night ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("local", "until"),
    [
        ("2026-03-01T22:59", None),
        ("2026-03-01T23:00", "2026-03-02T07:00"),
        ("2026-03-02T00:00", "2026-03-02T07:00"),
        ("2026-03-02T06:59", "2026-03-02T07:00"),
        ("2026-03-02T07:00", None),
    ],
)
def test_the_night_has_an_end(local, until):
    """From 23:00 to 07:00 in Almaty, across midnight."""
    almaty = timedelta(hours=5)
    now = datetime.fromisoformat(local).replace(tzinfo=UTC) - almaty
    expected = datetime.fromisoformat(until).replace(tzinfo=UTC) - almaty if until else None
    assert night_until(DEFAULT, now) == expected


def test_a_night_within_a_day_and_no_night_at_all():
    """From 13:00 to 15:00 is a siesta; the same time twice means that there is no night."""
    noon = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)  # 14:00 in Almaty
    assert night_until(Quiet(start="13:00", end="15:00"), noon) == noon + HOUR
    assert night_until(Quiet(start="07:00", end="07:00"), noon) is None


def test_the_night_when_the_clocks_change_is_as_long_as_it_is():
    """In Berlin the night to 29 March 2026 has seven hours, and ends at 07:00 local time all the same."""
    quiet = Quiet(time_zone="Europe/Berlin")
    assert night_until(quiet, datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    begins, ends = day_of(quiet, datetime(2026, 3, 29, 12, 0, tzinfo=UTC))
    assert ends - begins == timedelta(hours=23)


async def test_at_night_only_a_dated_urgent_headline_rings(tmp_path, clock, worlds):
    """The rest is judged QUIET_HOURS and leaves at seven, without a sound."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        clock.now = MIDNIGHT
        reasons = [
            put_news(house, "Забастовка в Жанаозене началась"),
            put_news(house, "Забастовка на шахте под Карагандой", dated=False),
            put_news(house, "Новости региона", text="На руднике объявлена забастовка горняков"),
            put_news(house, "Увольнение ста рабочих порта"),
        ]
        assert reasons == ["FIRST", "QUIET_HOURS", "QUIET_HOURS", "QUIET_HOURS"]
        assert waiting(house) == [(0, None), *[(1, "2026-03-02T02:00:00Z")] * 3]
        await drain(house.dispatch, wait=HOUR)
        assert len(worlds["telegram"].said) == 1, "what waits for the morning holds nobody back, and nobody wakes it"
        clock.now = MIDNIGHT + 7 * HOUR
        await drain(house.dispatch, wait=HOUR)
        assert len(worlds["telegram"].said) == 4
        assert house.db.execute("SELECT count(*) FROM messages WHERE state = 'folded'").fetchone() == (0,)


async def test_by_day_everything_leaves_at_once(tmp_path, clock, worlds):
    """Urgent news with a sound, normal news without."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        put_news(house, "Забастовка на шахте под Карагандой", dated=False)
        put_news(house, "Увольнение ста рабочих порта")
        assert waiting(house) == [(0, None), (1, None)]


# ── the budget ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_over_the_budget_comes_the_letter_and_urgent_news_has_none(tmp_path, clock, worlds):
    """Of four normal stories a budget of two says two; urgent ones pass; the next day has a new budget."""
    settings = posting_settings(tmp_path, delivery="version: 1\nbudget: {normal: 2}\n")
    async with posting_house(settings, clock, **worlds) as house:
        titles = ["ста рабочих порта", "учителей сельской школы", "врачей больницы", "горняков рудника"]
        reasons = [put_news(house, f"Увольнение {who}") for who in titles]
        assert reasons == ["FIRST", "FIRST", "OVER_BUDGET", "OVER_BUDGET"]
        assert put_news(house, "Забастовка в Жанаозене началась") == "FIRST"
        assert house.db.execute("SELECT count(*) FROM verdicts WHERE digest = 1").fetchone() == (5,)
        clock.tick(timedelta(days=1))
        assert put_news(house, "Увольнение работников метро") == "FIRST"


# ── routes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ROUTES = """
version: 1
destinations:
  main: {channel: MONITOR_TELEGRAM_CHANNEL, languages: [ru]}
  west: {channel: MONITOR_TELEGRAM_CHANNEL_WEST, languages: [kk, ru], thread: 12}
  state: {channel: MONITOR_TELEGRAM_CHANNEL_WEST, languages: [en]}
routes:
  - {to: west, places: [zhanaozen], severity: [urgent]}
  - {to: state, standing: [state], langs: [ru]}
  - {to: main, topics: [strike]}
"""
STATE = {
    "id": "kazinform",
    "title": "Казинформ",
    "url": "https://inform.example/rss",
    "lang": "ru",
    "standing": "state",
}
LADA = {"id": "lada", "title": "Лада", "url": "https://lada.example/rss", "lang": "ru"}


async def test_the_first_route_that_fits_counts(tmp_path, clock, worlds):
    """Place and severity, standing and language, topic; what fits no route stands in the letter alone."""
    settings = posting_settings(
        tmp_path, delivery=ROUTES, feeds=(LADA, STATE), addresses={"MONITOR_TELEGRAM_CHANNEL_WEST": "@west"}
    )
    async with posting_house(settings, clock, **worlds) as house:
        reasons = [
            put_news(house, "Забастовка в Жанаозене началась"),
            put_news(house, "Увольнение ста рабочих порта", feed="kazinform"),
            put_news(house, "Забастовка на шахте под Карагандой"),
            put_news(house, "Увольнение учителей сельской школы"),
        ]
        assert reasons == ["FIRST", "FIRST", "FIRST", "DIGEST_ONLY"]
        await drain(house.dispatch, wait=HOUR)
        assert [chat for _, chat, _ in worlds["telegram"].said] == ["@west", CHAT, "@west"]
        rows = house.db.execute("SELECT thread, json_extract(body, '$.lang') FROM messages WHERE ref <> '' ORDER BY id")
        assert rows.fetchall() == [(12, "kk"), (None, "en"), (None, "ru")]
        (verdict,) = house.db.query("SELECT say, digest, detail FROM verdicts WHERE reason = 'DIGEST_ONLY'")
        assert verdict == {"say": 0, "digest": 1, "detail": "no route leads to a channel"}


async def test_a_destination_that_left_the_file_is_no_longer_spoken_to(tmp_path, clock, worlds):
    """What was queued for it stays visible in the outbox and is not sent."""
    settings = posting_settings(
        tmp_path, delivery=ROUTES, feeds=(LADA,), addresses={"MONITOR_TELEGRAM_CHANNEL_WEST": "@west"}
    )
    async with posting_house(settings, clock, **worlds) as house:
        put_news(house, "Забастовка в Жанаозене началась")
        (tmp_path / "config" / "delivery.yaml").unlink()
    async with posting_house(settings, clock, **worlds) as house:
        await drain(house.dispatch, wait=HOUR)
        assert worlds["telegram"].said == []
        assert len(waiting(house)) == 1


@pytest.mark.parametrize(("kind", "value"), [("topic", "strike"), ("place", "zhanaozen"), ("source", "lada")])
async def test_a_mute_silences_until_it_ends(tmp_path, clock, worlds, kind, value):
    """A silence by topic, place or source lies in the database, and ends by itself."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        until = clock() + HOUR
        row = {"kind": kind, "value": value, "until_at": f"{until:%Y-%m-%dT%H:%M:%SZ}", "created_at": "x"}
        house.db.table("mutes").insert(row)
        assert put_news(house, "Забастовка в Жанаозене началась") == "MUTED"
        clock.tick(2 * HOUR)
        assert put_news(house, "Забастовка горняков в Жанаозене: второй рудник") == "FIRST"


# ── the e-mail road ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_urgent_news_takes_the_email_road_when_the_chat_fails(tmp_path, clock, worlds):
    """After 15 minutes of failures urgent alerts go to the maintainers and the readers, once each; the queue stays."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        worlds["telegram"].answers = [DeliveryError("no route")] * 100
        put_news(house, "Забастовка в Жанаозене началась")
        put_news(house, "Увольнение ста рабочих порта")
        await drain(house.dispatch)
        clock.tick(14 * MINUTE)
        await drain(house.dispatch)
        assert worlds["email"].said == []
        clock.tick(2 * MINUTE)
        for _ in range(3):
            await drain(house.dispatch)
            clock.tick(MINUTE)
        assert sorted(chat for _, chat, _ in worlds["email"].said) == [
            "a@example.org",
            ADMIN,
            "b@example.org",
        ], "each mailbox once, and the normal alert waits for the chat"
        put_news(house, "Забастовка на шахте под Карагандой")
        await drain(house.dispatch)
        assert len(worlds["email"].said) == 6, "what comes later in an outage leaves at once"
        worlds["telegram"].answers.clear()
        clock.tick(20 * MINUTE)
        await drain(house.dispatch, wait=HOUR)
        assert len(worlds["telegram"].said) == 3, "the chat hears of it all the same"
        put_news(house, "Забастовка водителей автобусов Актау")
        await drain(house.dispatch, wait=HOUR)
        assert len(worlds["email"].said) == 6, "the chat answers, so nobody needs an e-mail"


async def test_trouble_is_told_by_the_other_road(tmp_path, clock, worlds):
    """A chat that shut its door is told to the maintainers by e-mail, without any address."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        worlds["telegram"].answers = [Undeliverable("kicked (403)")]
        put_news(house, "Увольнение ста рабочих порта")
        await drain(house.dispatch, wait=MINUTE)
        assert [chat for _, chat, _ in worlds["email"].said] == [ADMIN]
        (body,) = house.db.execute("SELECT body FROM messages WHERE subject LIKE 'notice:%'").fetchone()
        assert "main" in json.loads(body)["text"]
        assert CHAT not in body
        assert worlds["telegram"].said == [], "not by the road that is shut"
        clock.tick(2 * HOUR)
        await drain(house.dispatch, wait=MINUTE)
        assert [chat for _, chat, _ in worlds["email"].said] == [ADMIN] * 2, "and that it is open again"
        assert [chat for _, chat, _ in worlds["telegram"].said] == [CHAT, ADMIN_CHAT], "both roads hear of that"
