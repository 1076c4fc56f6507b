"""Killed between an edit and its record, at every step and at random moments: no second card, and the card ends right."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import click
import pytest

import forked
import loopback
from fake_telegram import TOKEN, FakeTelegram
from killing import Home
from loopback import Chance, Press, telegrams
from monitor import outbox
from monitor.channels._bot import BotSender
from monitor.deliver import dispatch
from monitor.deliver.dispatch import drain
from monitor.ingest import poll, telling
from monitor.outbox import cards
from monitor.schema import open_database
from test_crash import PowerCutError, cut_power
from test_one_card import KEYWORDS, OTHER_TEXT, OTHER_TITLE, OUTLETS, TITLE, WIRE, url
from walking import Pages, a_house, rss, settings_in, write_config

pytestmark = pytest.mark.heavy

MORNING = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
STEPS = [
    (telling, "grow"),
    (cards, "grow"),
    (cards, "may_leave"),
    (outbox, "claim"),
    (BotSender, "send"),
    (outbox, "sent"),
]


class Desk:
    """Three outlets that tell one story one after the other, and a house that says it in one chat."""

    def __init__(self, folder, clock, telegram) -> None:
        self.clock, self.pages, self.telegram = clock, Pages(), telegram
        feeds = [
            {"id": feed, "title": title, "url": url(feed), "lang": "ru", "standing": standing, "full_text": False}
            for feed, title, standing in OUTLETS
        ]
        write_config(folder / "config", feeds, KEYWORDS)
        for feed, *_ in OUTLETS:
            self.pages.feed(url(feed), {"title": "Погода на завтра"})
        self.settings = settings_in(
            folder,
            telegram_token=TOKEN,
            telegram_channel="@news",
            telegram_api_url=telegram.url,
            addresses={"MONITOR_TELEGRAM_CHANNEL": "@news"},
        )

    def open(self):
        """A house that rests by the clock of the test."""
        return a_house(self.settings, self.clock, self.pages)

    async def walk(self, house, *told):
        """One more outlet tells the story; the house reads and says what it must."""

        async def rest(seconds):
            self.clock.tick(timedelta(seconds=max(1, round(seconds))))

        house.dispatch.rest = rest
        self.clock.tick(timedelta(hours=1))
        for feed, title, text in told:
            self.pages.feed(url(feed), {"title": title, "text": text, "when": self.clock()})
        await poll.cycle(house.desk, everything=True)
        await drain(house.dispatch, wait=timedelta(minutes=3))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[f"{owner.__name__}.{name}" for owner, name in STEPS])
async def test_a_power_cut_on_the_way_of_an_edit(tmp_path, clock, monkeypatch, owner, name, after):
    """Whatever the step, there is one card, unmarked, that says at last who tells the story."""
    clock.now = MORNING
    async with FakeTelegram() as telegram:
        desk = Desk(tmp_path, clock, telegram)
        async with desk.open() as house:
            await desk.walk(house)
            await desk.walk(house, ("lada", TITLE, WIRE))
            with monkeypatch.context() as patch:
                cut_power(patch, owner, name, after=after)
                with pytest.raises((PowerCutError, BaseExceptionGroup)):
                    await desk.walk(house, ("vlast", TITLE, WIRE))
            house.db.rollback()  # what the kernel would do to an open transaction
        async with desk.open() as house:
            await desk.walk(house, ("birlik", OTHER_TITLE, OTHER_TEXT))
            await desk.walk(house)
            states = house.db.execute("SELECT action, state, repeat FROM messages WHERE ref <> ''").fetchall()
        (card,) = telegram.said()
        assert "3 издания" in card["text"]
        assert not card["text"].startswith("↻")
        assert states.count(("send", "sent", 0)) == 1
        assert {state for action, state, _ in states if action == "edit"} <= {"sent", "folded"}
        assert not any(repeat for _, _, repeat in states)


# ── kill -9 ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SEED = "cards"
HOMES, KILLS, FEW = 2, 30, 6
LIVES_A_KILL = 3  # at most
MOMENT = 0.05  # seconds after a process began to speak in which the blow falls


def hurried():
    """Take the minute between two edits of a card and the pace of the chat away: they would only make the test long."""
    cards.EDIT_GAP = timedelta(0)
    dispatch.free_at = lambda _spoken, _pace, now: now


def forgetting_edits():
    """Take the guard away: an edit that was in flight when the process died stays in flight."""
    hurried()
    outbox.recover = lambda *_: 0


def sending_again():
    """Take the other guard away: the card that an interrupted edit was to change counts as gone, and is sent anew."""
    hurried()
    recover = outbox.recover

    def careless(db, now):
        db.execute(
            """INSERT INTO messages (subject, channel, recipient_key, body, ref, created_at, revision)
               SELECT card, channel, recipient_key, body, ref, created_at, 1000 + id FROM messages
               WHERE action = 'edit' AND state = 'sending'"""
        )
        return recover(db, now)

    outbox.recover = careless


class GrowingHome(Home):
    """A home whose press tells one story after the other, each by five outlets; it is killed while cards grow."""

    stories = 0
    tellers = 0
    moment = MOMENT

    def settle_in(self):
        """Write the files, read once, and say the first card, undisturbed."""
        feeds = [
            {"id": feed, "title": title, "url": self.press.url(f"{self.name}-{feed}"), "lang": "ru",
             "standing": standing, "full_text": False}
            for feed, title, standing in OUTLETS
        ]  # fmt: skip
        write_config(self.folder / "config", feeds, KEYWORDS)
        (self.folder / "config" / "delivery.yaml").write_text(
            'version: 1\nquiet: {from: "00:00", to: "00:00"}\n', "utf-8"
        )
        self.printed = {feed: [{"title": "Погода на завтра"}] for feed, *_ in OUTLETS}
        self.publish()
        self.live("once", "--all")

    def publish(self):
        """The press shows what was printed."""
        for feed, items in self.printed.items():
            name = f"{self.name}-{feed}"
            self.press.feeds[name] = rss(self.press.url(name), *reversed(items))

    def tell(self):
        """One more outlet tells the story; after the last one a new story begins, whose card is said undisturbed."""
        begins = self.tellers % len(OUTLETS) == 0
        self.stories += begins
        feed = OUTLETS[self.tellers % len(OUTLETS)][0]
        self.tellers += 1
        firm = _firm(self.stories)
        words = " ".join(str(self.stories * 100_003 + at * 7) for at in range(30))  # a text of its own
        when = self.press.opened_at + timedelta(seconds=self.tellers)
        item = {
            "title": f"Рабочие {firm} в Жанаозене объявили забастовку",
            "text": f"На предприятии {firm} остановлена работа. {words}",
            "link": f"{self.press.url(self.name)}/{feed}/{self.stories}",
            "when": when,
        }
        self.printed[feed].append(item)
        self.publish()
        if begins:
            self.live("once", "--all", "--wait", "5")

    def live_until_killed(self):
        """One more outlet tells; the process that reads it is killed after it began to speak."""
        if self.caught_up():
            self.tell()
            if self.tellers % len(OUTLETS) == 1:
                self.tell()
        self.telegram.asked.clear()
        process = self.start("once", "--all", "--wait", "2")
        while process.is_alive() and not self.telegram.asked.wait(0.002):
            pass
        process.join(self.chance.below(self.moment))
        process.kill()
        process.join(60)
        code = forked.code(self.folder / "log.txt")
        assert code in {0, None}, self.log()
        return code is None

    def caught_up(self):
        """Whether nothing waits to be said."""
        path = self.folder / "data" / "monitor.db"
        with closing(open_database(path).conn) as conn:
            return conn.execute("SELECT count(*) FROM messages WHERE state IN ('new', 'sending')").fetchone()[0] == 0

    def outcome(self):
        """Cards beyond the one of each story, and cards that do not say in the end how many outlets tell theirs."""
        said = [message["text"] for message in self.telegram.said(f"@{self.name}")]
        told = [len(OUTLETS)] * (self.stories - 1) + [self.tellers - len(OUTLETS) * (self.stories - 1)]
        wrong = 0
        for number, outlets in enumerate(told, 1):
            own = [text for text in said if _firm(number) in text]
            counted = "Один источник" if outlets == 1 else f"{outlets} издани"
            wrong += not own or counted not in own[0]
        return len(said) - self.stories, wrong


def _firm(story):
    """Whose workers the story of this number is about."""
    return f"«Завод-{story}»"


def killed(tmp_path, kills, breaking, *, window="60", moment=MOMENT):
    """Homes that are killed so many times in all and then live on: kills, second cards, wrong cards, stories."""
    names = [f"growing{number}" for number in range(HOMES)]
    with Press() as press, telegrams(names, SEED) as chats:
        made = [
            GrowingHome(tmp_path / name, name, chats[name], press, Chance(f"{SEED} {name}"), breaking) for name in names
        ]

        def torment(home):
            home.moment = moment
            home.settle_in()
            count = 0
            for _ in range(LIVES_A_KILL * kills // HOMES):
                count += count < kills / HOMES and home.live_until_killed()
            home.live("once", "--all", "--wait", window)
            return count

        with ThreadPoolExecutor(HOMES) as lanes:
            counts = list(lanes.map(torment, made))
        outcomes = [home.outcome() for home in made]
    return (
        sum(counts),
        sum(more for more, _ in outcomes),
        sum(wrong for _, wrong in outcomes),
        sum(h.stories for h in made),
    )


def test_kills_between_an_edit_and_its_record_make_no_second_card(tmp_path, capsys):
    """After many kills every story has its one card, and it says how many outlets tell the story."""
    started = time.monotonic()
    kills, second, wrong, told = killed(tmp_path, KILLS, hurried)
    with capsys.disabled():
        click.echo(
            f"\n{kills} kills, {told} stories, {second} second cards, {wrong} wrong, {time.monotonic() - started:.0f} s"
        )
    assert (second, wrong) == (0, 0)
    assert kills >= KILLS
    assert told > 4


@pytest.mark.parametrize(("breaking", "which"), [(forgetting_edits, 2), (sending_again, 1)])
def test_the_kills_see_a_missing_guard(tmp_path, monkeypatch, breaking, which):
    """Edits that are forgotten leave a wrong card, edits that are sent make a second one.

    The server is slow and the blow quick, so that it falls before the server did as it was asked.
    """
    monkeypatch.setattr(loopback, "LATENCY", 0.2)
    assert killed(tmp_path, FEW, breaking, window="5", moment=0)[which] > 0
