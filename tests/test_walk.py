"""One article through the whole house, from a feed's bytes to the card, and all the ways it must not take."""

import json
import re
from datetime import timedelta

import pytest

from monitor.deliver import editions
from monitor.deliver.dispatch import drain
from monitor.ingest import poll
from monitor.store import feeds as feed_store
from walking import KEYWORDS, Pages, a_house, settings_in, write_config

LADA = "https://lada.example/rss"
VLAST = "https://vlast.example/rss"
WORLD = "https://world.example/rss"
STRIKE = "Нефтяники Жанаозена объявили бессрочную забастовку"
WIRE = (
    "С утра двадцатого ноября около трёхсот сорока рабочих не вышли на смену и собрались у здания конторы. "
    "Они требуют повысить заработную плату и вернуть надбавки за вредные условия труда, отменённые весной."
)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def pages():
    """A press that starts with three outlets that have nothing to say."""
    press = Pages()
    for url in (LADA, VLAST, WORLD):
        press.feed(url, {"title": "Погода на завтра", "text": "Без осадков"})
    return press


@pytest.fixture
def settings(tmp_path):
    """Two local outlets and a foreign one."""
    write_config(
        tmp_path / "config",
        [
            {"id": "lada", "title": "Лада", "url": LADA, "lang": "ru"},
            {"id": "vlast", "title": "Власть", "url": VLAST, "lang": "ru"},
            {"id": "world", "title": "World", "url": WORLD, "lang": "en", "scope": "global", "standing": "foreign"},
        ],
    )
    return settings_in(tmp_path)


async def walk(house):
    """One cycle over everything, and the messages it leaves in the world."""
    report = await poll.cycle(house.desk, everything=True)
    await drain(house.dispatch)
    return report


def cards(house):
    """The texts of the cards that were sent."""
    rows = house.db.execute("SELECT body FROM messages WHERE state = 'sent' AND ref <> '' ORDER BY id").fetchall()
    return [json.loads(body)["text"] for (body,) in rows]


def verdicts(house):
    """The reasons so far, in order."""
    return [reason for (reason,) in house.db.execute("SELECT reason FROM verdicts ORDER BY id").fetchall()]


async def test_a_strike_is_said_once_with_reason_and_source(settings, pages, clock):
    """A new article rings; the card has the headline, the matched word, the outlet, the link and the reference."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock(), "link": "https://lada.example/n/77"})
        report = await walk(house)
        assert (report.total("new"), report.total("hits"), report.total("opened"), report.queued) == (1, 1, 1, 1)
        (card,) = cards(house)
        for expected in (STRIKE, "забастовку", "Лада", "lada.example/n/77", "Жанаозен", "#забастовка", "🔴"):
            assert expected in card
        (ref,) = house.db.execute("SELECT ref FROM stories").fetchone()
        assert card.rstrip().endswith(ref)
        assert "забастовку" in (settings.data_dir / "preview" / "channel.html").read_text("utf-8")


async def test_what_is_said_is_on_the_disk_first(settings, pages, clock):
    """A turn's commit may wait for its disk, since its feed would be asked again; the one before a request never does."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        pages.feed(LADA, {"title": STRIKE, "when": clock()})
        told = []

        class Noting:
            async def send(self, message, recipient, *, repeat):
                told.append("SEND")
                return await sender.send(message, recipient, repeat=repeat)

        sender = house.dispatch.senders["preview"]
        house.dispatch.senders["preview"] = Noting()
        house.db.conn.set_trace_callback(told.append)
        await walk(house)
        house.db.conn.set_trace_callback(None)
    modes = {"PRAGMA synchronous = NORMAL": "later", "PRAGMA synchronous = FULL": "on the disk"}
    mode, commits, at_send = "on the disk", [], []
    for said in told:
        mode = modes.get(said, mode)
        if said == "COMMIT":
            commits.append(mode)
        elif said == "SEND":
            at_send.append(commits[-1])
    assert "later" in commits
    assert at_send == ["on the disk"]


async def test_what_cannot_be_opened_in_kazakhstan_can_be_read_on_the_card(tmp_path, pages, clock):
    """The article itself is on it, with a word why; the summary of its feed would not do."""
    fields = {"url": LADA, "title": "Азаттық", "full_text": True, "blocked_in": ["KZ"]}
    write_config(tmp_path / "config", [{"id": "azattyq", **fields}])
    link = "https://lada.example/a/33007071.html"
    paragraphs = [f"{WIRE} Это абзац номер {number}." for number in range(1, 5)]
    markup = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = f"<html><body><article><h1>{STRIKE}</h1>{markup}</article></body></html>"
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        pages.bodies[link] = page.encode()
        pages.feed(LADA, {"title": STRIKE, "text": "Коротко.", "when": clock(), "link": link})
        await walk(house)
        (card,) = cards(house)
        assert all(f"номер {number}" in card for number in range(1, 5))
        assert card.count(STRIKE) == 1, "the page's own headline is not said again"
        assert "может не открыться в Казахстане" in card


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("link", ["https://lada.example/", "https://lada.example/live#{n}"])
async def test_what_lies_at_one_address_is_told_apart(settings, pages, clock, link, together):
    """Items that all link to a home page or into one live page are as many news as they are items."""
    news = [
        {"title": title, "text": "Подробности позже.", "guid": f"g{n}", "link": link.format(n=n)}
        for n, title in enumerate([STRIKE, "Уволили рабочих завода в Балхаше"])
    ]
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        if not together:
            pages.feed(LADA, *news[:1], {"title": "Погода на завтра", "text": "Без осадков"})
            await walk(house)
        pages.feed(LADA, *news, {"title": "Погода на завтра", "text": "Без осадков"})
        await walk(house)
        assert verdicts(house) == ["FIRST", "FIRST"]


async def test_a_second_look_finds_nothing_new(settings, pages, clock):
    """Unchanged feeds answer 304 and say nothing again, also after a restart."""
    pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock()})
    async with a_house(settings, clock, pages) as house:
        await walk(house)
    async with a_house(settings, clock, pages) as house:
        report = await walk(house)
        assert (report.total("new"), report.total("unchanged"), report.queued) == (0, 3, 0)
        assert len(cards(house)) == 1
        assert [request.headers.get("if-none-match") is not None for request in pages.asked][3:] == [True] * 3


async def test_a_wire_in_three_outlets_is_one_card(settings, pages, clock):
    """Reprints with other headlines join the story and stay silent; the letter lists all outlets."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock()})
        await walk(house)
        pages.feed(VLAST, {"title": "В Жанаозене бастуют рабочие", "text": WIRE, "when": clock()})
        report = await walk(house)
        assert (report.total("reprints"), report.queued, len(cards(house))) == (1, 1, 1)
        assert verdicts(house) == ["FIRST", "REPRINT"]
        assert house.db.execute("SELECT article_count FROM stories").fetchone() == (2,)


@pytest.mark.parametrize(
    ("url", "title"),
    [
        (WORLD, "Dock workers end their strike in Hamburg"),
        (LADA, "US air strike hits a depot"),
        (LADA, "Выставка цветов открылась в Астане"),
    ],
)
async def test_what_is_not_about_labour_in_kazakhstan_is_silent(settings, pages, clock, url, title):
    """A foreign strike in a foreign source, an air strike and flowers are stored and say nothing."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        pages.feed(url, {"title": title, "when": clock()})
        report = await walk(house)
        assert (report.total("new"), report.queued, cards(house)) == (1, 0, [])
        assert house.db.execute("SELECT count(*) FROM articles WHERE title = ?", [title]).fetchone() == (1,)


async def test_a_first_run_never_floods(settings, pages, clock):
    """Of a past full of strikes, the newest three of the last day are said, silently; the rest is archive."""
    for place, url in enumerate((LADA, VLAST)):
        pages.feed(
            url,
            *(
                {
                    "title": f"Забастовка номер {place}{n} на заводе {place}{n}",
                    "text": f"Подробности о заводе {place}{n} и его рабочих",
                    "when": clock() - timedelta(hours=5 * n + place),
                }
                for n in range(20)
            ),
        )
    async with a_house(settings, clock, pages) as house:
        report = await walk(house)
        assert (report.total("hits"), report.queued, len(cards(house))) == (40, 3, 3)
        assert house.db.execute("SELECT count(*), sum(silent) FROM messages WHERE ref <> ''").fetchone() == (3, 3)
        told = sorted(
            title for (title,) in house.db.execute("SELECT title FROM stories s JOIN messages m ON m.ref = s.ref")
        )
        assert [title.split()[2] for title in told] == ["00", "01", "10"]
        clock.tick(HOUR)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock()})
        assert (await walk(house)).queued == 1, "after the baseline the news rings"
        assert house.db.execute("SELECT silent FROM messages ORDER BY id DESC LIMIT 1").fetchone() == (0,)


async def test_a_shutdown_is_no_baseline(settings, pages, clock):
    """After ten days of failing, what an outlet published meanwhile rings."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        pages.bodies.pop(LADA)
        for _ in range(10):
            clock.tick(DAY)
            await walk(house)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock() - 8 * DAY})
        assert (await walk(house)).queued == 1
        pages.feed(LADA, {"title": "Забастовка на заводе прекращена", "text": "x", "when": clock() - 3 * DAY})
        assert (await walk(house)).queued == 0
        assert verdicts(house) == ["FIRST", "TOO_OLD"]


async def test_a_new_id_scheme_is_no_news(settings, pages, clock):
    """A feed that changes all its guids and addresses is read as for the first time."""
    items = [
        {"title": f"Забастовка {n} на руднике {n}", "text": f"подробности {n}", "when": clock() - n * HOUR}
        for n in range(8)
    ]
    pages.feed(LADA, *items)
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        before = len(cards(house))
        clock.tick(HOUR)
        moved = [
            item | {"guid": f"new-{n}", "link": f"https://lada.example/new/{n}", "text": "иное"}
            for n, item in enumerate(items)
        ]
        pages.feed(LADA, *moved)
        await walk(house)
        assert len(cards(house)) - before <= 3
        assert house.db.execute("SELECT count(*) FROM messages WHERE silent = 0 AND ref <> ''").fetchone() == (0,)


async def test_one_failing_feed_disturbs_nobody(settings, pages, clock):
    """A page instead of a feed is that feed's error, with its kind; the others are read and said."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        pages.bodies[VLAST] = b"<html><title>Just a moment...</title><body>Checking your browser</body></html>"
        pages.bodies.pop(WORLD)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock()})
        report = await walk(house)
        assert {failed.feed_id: failed.error_kind for failed in report.failed} == {
            "vlast": "blocked",
            "world": "status",
        }
        assert len(cards(house)) == 1
        state = feed_store.state(house.db, "vlast")
        assert (state.failure_count, state.last_error_kind, bool(state.last_error)) == (1, "blocked", True)


async def test_a_feed_cut_just_before_its_end_is_said_and_no_success(settings, pages, clock):
    """What had arrived rings, the feed is reported as cut off, and the whole of it is asked for again soon."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock()})
        whole = pages.bodies[LADA]
        pages.bodies[LADA] = whole.removesuffix(b"</rss>")
        report = await walk(house)
        assert [(failed.feed_id, failed.error_kind) for failed in report.failed] == [("lada", "truncated")]
        assert len(cards(house)) == 1
        state = feed_store.state(house.db, "lada")
        assert (state.failure_count, state.last_error_kind, state.etag) == (0, "truncated", None)
        clock.tick(HOUR)
        pages.bodies[LADA] = whole
        assert not (await walk(house)).failed
        assert feed_store.state(house.db, "lada").last_error is None
        assert len(cards(house)) == 1


async def test_a_later_version_is_kept_and_rings_when_it_becomes_grave(settings, pages, clock):
    """A headline that turns into a strike rings then, once; both versions stay in the evidence."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        first = {
            "title": "Уволили рабочих в Жанаозене",
            "text": WIRE,
            "when": clock(),
            "link": "https://lada.example/n/1",
        }
        pages.feed(LADA, first)
        await walk(house)
        clock.tick(HOUR)
        pages.feed(LADA, first | {"title": f"{STRIKE} после увольнений"})
        await walk(house)
        assert verdicts(house) == ["FIRST", "ESCALATED"]
        assert len(cards(house)) == 2
        assert house.db.execute("SELECT count(*) FROM articles WHERE story_id IS NOT NULL").fetchone() == (1,)
        assert house.db.execute("SELECT count(DISTINCT sha256) FROM evidence").fetchone() == (2,)


async def test_everything_about_a_hit_is_kept(settings, pages, clock):
    """The bytes as received, where and when from, their hash, the hits with their places, the card as sent."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        clock.tick(HOUR)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock()})
        await walk(house)
        proof = next(iter(house.db.query("SELECT * FROM evidence")))
        assert (proof["kind"], proof["url"], proof["size"]) == ("feed", LADA, len(pages.bodies[LADA]))
        hit = next(iter(house.db.query("SELECT * FROM hits")))
        assert STRIKE[hit["start"] : hit["end"]] == hit["form"] == "забастовку"
        assert next(iter(house.db.query("SELECT * FROM recent_hits")))["outlet"] == "Лада"


async def test_the_letter_comes_once_a_day_with_everything(settings, pages, clock):
    """At its local hour the letter is written, with the story and the coverage; never twice."""
    async with a_house(settings, clock, pages) as house:
        editions.issue(house.library, house.recipients.readers, clock())
        await walk(house)
        clock.tick(HOUR)
        pages.feed(LADA, {"title": STRIKE, "text": WIRE, "when": clock()})
        await walk(house)
        clock.tick(DAY)
        for _ in range(3):
            editions.issue(house.library, house.recipients.readers, clock())
            await drain(house.dispatch)
        letters = sorted(path.name for path in (settings.data_dir / "preview").glob("digest-*"))
        assert letters == ["digest-2026-03-02.eml", "digest-2026-03-02.html"]
        html = (settings.data_dir / "preview" / "digest-2026-03-02.html").read_text("utf-8")
        assert STRIKE in re.sub("<[^>]+>", "", html)


async def test_a_new_keyword_does_not_wake_the_archive(settings, pages, clock, tmp_path):
    """What was read under the old keywords is not said again under new ones."""
    pages.feed(LADA, {"title": "Погода в Жанаозене", "text": "Без осадков", "when": clock()})
    async with a_house(settings, clock, pages) as house:
        await walk(house)
    (tmp_path / "config" / "keywords.yaml").write_text(
        KEYWORDS.replace("[забастовка,", "[погода, забастовка,"), "utf-8"
    )
    async with a_house(settings, clock, pages) as house:
        assert (await walk(house)).queued == 0
        clock.tick(HOUR)
        pages.feed(LADA, {"title": "Погода портится", "text": "y", "when": clock()})
        assert (await walk(house)).queued == 1


async def read_and_write(house, clock, pages, title, text):
    """One more version of an article, an hour later, and the letter of the next morning."""
    clock.tick(HOUR)
    pages.feed(LADA, {"title": title, "text": text, "guid": "1", "link": f"{LADA}/1", "when": clock()})
    await walk(house)
    clock.tick(DAY)
    editions.issue(house.library, house.recipients.readers, clock())
    await drain(house.dispatch)


async def test_an_article_that_loses_its_words_and_finds_them_again_is_told_once(settings, pages, clock):
    """A version without a hit stays in its story, breaks no letter, and is no news when the words come back."""
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        editions.issue(house.library, house.recipients.readers, clock())
        for title in (STRIKE, "Нефтяники Жанаозена вышли на работу", STRIKE):
            await read_and_write(house, clock, pages, title, WIRE)
        assert len(cards(house)) == 1
        assert house.db.execute("SELECT count(*), max(article_count) FROM stories").fetchone() == (1, 1)
        assert house.db.execute("SELECT count(DISTINCT text || title) FROM evidence").fetchone() == (2,)
        assert house.db.execute("SELECT title, severity FROM articles WHERE story_id > 0").fetchall() == [
            (STRIKE, "urgent")
        ]


async def test_a_letter_tells_quiet_news_once(settings, pages, clock):
    """A later version of an article that is only worth a letter is not in the next letter again."""
    keywords = settings.config_dir / "keywords.yaml"
    keywords.write_text(KEYWORDS.replace("severity: normal", "severity: digest"), "utf-8")
    async with a_house(settings, clock, pages) as house:
        await walk(house)
        editions.issue(house.library, house.recipients.readers, clock())
        for text in ("Семь человек", "Восемь человек", "Девять человек"):
            await read_and_write(house, clock, pages, "Уволили рабочих завода", text)
        assert verdicts(house) == ["DIGEST_ONLY"] * 3
        assert house.db.execute("SELECT digest FROM verdicts ORDER BY id").fetchall() == [(1,), (0,), (0,)]
