"""After an outage: five messages at most, the gravest first, and every alert accounted for."""

import json
from datetime import timedelta

import pytest

from monitor import outbox
from monitor.deliver.dispatch import drain
from monitor.deliver.library import gather
from monitor.errors import DeliveryError, Uncertain
from monitor.policy.editions import Edition
from monitor.render.backlog import HEADLINE_UNITS, Line, Page, pages, summary
from monitor.render.cutting import width
from newsdesk import bulk, posting_house, posting_settings
from posting import World, in_memory_speed
from samples import HOSTILE

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def worlds(clock):
    """Telegram and the mail server; each notes the bodies that were said."""
    return {"telegram": Noting(clock), "email": World(clock)}


class Noting(World):
    """Keeps what was said in words too."""

    def __init__(self, clock) -> None:
        super().__init__(clock)
        self.bodies = []

    async def send(self, message, recipient, *, repeat):
        """Fail as told, or say it and keep it."""
        said = await super().send(message, recipient, repeat=repeat)
        self.bodies.append(message)
        return said


async def outage(house, worlds, clock, count, *, answer=DeliveryError, span=3 * DAY):
    """Three days without Telegram, with `count` alerts spread over them; then it is back."""
    step = timedelta(hours=1)
    rounds = span // step
    for place in range(rounds):
        worlds["telegram"].answers = [answer("down")] * 1000
        bulk(house, range(count * place // rounds, count * (place + 1) // rounds))
        await drain(house.dispatch)
        clock.tick(step)
    worlds["telegram"].answers.clear()
    clock.tick(HOUR)
    for _ in range(5):
        await drain(house.dispatch, wait=10 * MINUTE)
        clock.tick(MINUTE)


async def check_accounts(house, worlds, count):
    """Every alert was said, is named in a card that was said, or stands in the letter."""
    said = worlds["telegram"].bodies
    assert len(said) <= 5
    texts = [json.loads(one.body)["text"] for one in said if one.subject.startswith("backlog:")]
    refs = {f"{number:05}" for number in range(count)}
    own = {one.ref for one in said if one.ref}
    named = {ref for text in texts for ref in refs if f" · {ref}" in text}
    fates = {
        ref: (state, into)
        for ref, state, into in house.db.execute(
            "SELECT ref, state, folded_into FROM messages WHERE channel = 'telegram' AND ref <> ''"
        )
    }
    assert fates.keys() == refs
    assert {ref for ref, (state, _) in fates.items() if state == "sent"} == own
    assert {ref for ref, (_, into) in fates.items() if into and into.startswith("backlog:")} == named
    in_letter = {ref for ref, (_, into) in fates.items() if into == "digest"}
    assert own | named | in_letter == refs, "unaccounted"
    edition = Edition.of("2026-03-05", house.clock() - 9 * DAY, house.clock(), house.clock())
    items = gather(house.library, edition, "Asia/Almaty", house.clock()).items
    assert {item.alert.ref for item in items} == refs, "the letter tells of every one of them"
    assert {item.alert.ref for item in items if item.said} == own | named, "and knows which the channel had"
    return texts


async def test_after_a_night_without_telegram_a_few_cards_say_it_all(tmp_path, clock, worlds):
    """Thirty alerts held up for hours are one message and one or two summaries, the urgent ones on top."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        await outage(house, worlds, clock, 30, span=5 * HOUR)
        texts = await check_accounts(house, worlds, 30)
        assert worlds["telegram"].bodies[0].priority == 1, "the oldest urgent one found the way open"
        marks = [line[0] for text in texts for line in text.splitlines() if line[:1] in ("🔴", "🔵")]
        assert marks == sorted(marks, key="🔴🔵".index)
        assert "задержал" in texts[0]


async def test_ten_messages_are_said_one_by_one(tmp_path, clock, worlds):
    """A short queue is not summed up, however old it is."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        await outage(house, worlds, clock, 10, span=5 * HOUR)
        assert len(worlds["telegram"].said) == 10


async def test_a_full_queue_is_said_while_it_is_fresh(tmp_path, clock, worlds):
    """Sixty alerts of this minute are sixty messages: a full queue alone is no outage."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        bulk(house, range(60))
        await drain(house.dispatch, wait=10 * MINUTE)
        assert len(worlds["telegram"].said) == 60


async def test_what_waited_for_the_morning_is_no_backlog(tmp_path, clock, worlds):
    """Fifteen messages that were held for the night leave in the morning, message by message."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        bulk(house, range(15), urgent_every=100)
        house.db.execute("UPDATE messages SET not_before = ?", [f"{clock() + 7 * HOUR:%Y-%m-%dT%H:%M:%SZ}"])
        clock.tick(7 * HOUR)
        await drain(house.dispatch, wait=10 * MINUTE)
        assert len(worlds["telegram"].said) == 15


async def test_after_a_restart_an_old_queue_is_summed_up_at_once(tmp_path, clock, worlds):
    """We were away for two days ourselves: what still waited is four cards at most."""
    settings = posting_settings(tmp_path)
    async with posting_house(settings, clock, **worlds) as house:
        bulk(house, range(400))
    clock.tick(2 * DAY)
    async with posting_house(settings, clock, **worlds) as house:
        await drain(house.dispatch, wait=10 * MINUTE)
        assert len(worlds["telegram"].said) <= 4
        await check_accounts(house, worlds, 400)


async def test_a_summary_rings_by_day_when_it_names_something_urgent(tmp_path, clock, worlds):
    """Loud with something urgent by day; silent at night, and silent without anything urgent."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        await outage(house, worlds, clock, 30, span=5 * HOUR)  # from 14:00 to 20:00 in Almaty
        assert next(one.silent for one in worlds["telegram"].bodies if not one.ref) is False
        worlds["telegram"].bodies.clear()
        await outage_of_others(house, worlds, clock)
        assert all(one.silent for one in worlds["telegram"].bodies if not one.ref)


async def outage_of_others(house, worlds, clock):
    """Another one, that ends at night."""
    for place in range(5):
        worlds["telegram"].answers = [DeliveryError("down")] * 1000
        bulk(house, range(1000 + 10 * place, 1010 + 10 * place))
        await drain(house.dispatch)
        clock.tick(HOUR)
    worlds["telegram"].answers.clear()
    await drain(house.dispatch, wait=10 * MINUTE)
    assert worlds["telegram"].bodies


@pytest.mark.heavy
@pytest.mark.parametrize(("count", "answer"), [(500, DeliveryError), (500, Uncertain), (5000, DeliveryError)])
async def test_three_days_without_telegram(tmp_path, clock, worlds, count, answer):
    """500 or 5,000 alerts that could not be said (or perhaps were) are five messages at most; none is unaccounted."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        in_memory_speed(house.db)
        await outage(house, worlds, clock, count, answer=answer)
        await check_accounts(house, worlds, count)
        assert outbox.counts(house.db)["dead"] == 0


# ── the cards themselves ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_card_of_hostile_headlines_fits(title, lang):
    """Whatever the headlines hold, a card has at most 4,096 units with the words of a repeat, a line for each story."""
    lines = [Line(number % 2 == 0, title, f"{number:05}") for number in range(200)]
    for page in pages(lines, 4):
        done = summary(page, (lang, "ru"))
        assert width(done.repeat_line + done.text) <= 4096
        assert [line for line in done.text.splitlines() if " · 0" in line] == [one.text.rstrip() for one in page.lines]


def test_the_last_card_says_how_many_it_could_not_name():
    """What found no room is counted, and the letter is named."""
    found = pages([Line(urgent=False, headline="x" * HEADLINE_UNITS, ref=f"{n:05}") for n in range(500)], 4)
    assert [page.more for page in found[:-1]] == [0, 0, 0]
    assert found[-1].more == 500 - sum(len(page.lines) for page in found) > 0
    assert str(found[-1].more) in summary(found[-1], ("en",)).text
    assert pages([], 4) == []
    assert not Page(()).urgent
