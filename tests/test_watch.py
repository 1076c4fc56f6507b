"""What maintainers are told of the sources by the running house: each cause once, over restarts; coverage each morning."""

import json
from datetime import timedelta

import httpx
import pytest

from monitor.app import jobs
from monitor.app.house import open_house
from monitor.cli import main
from monitor.ingest import poll
from newsdesk import posting_settings
from walking import Pages, everyone_is_public

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOSTS = ["lada.kz", "vlast.kz", "azh.kz", "ural.kz", "hrw.org", "ituc.org"]
FEEDS = [
    {"id": host.replace(".", "-"), "title": host, "url": f"https://{host}/rss", "lang": "ru", "every": "15m"}
    for host in HOSTS
]


@pytest.fixture
def settings(tmp_path):
    """Six sources, four of them in Kazakhstan; an admin chat and an admin mailbox."""
    return posting_settings(tmp_path, feeds=FEEDS, languages=("en",))


class Press(Pages):
    """The pages of all sources; `down` are the hosts that cannot be reached."""

    def __init__(self):
        super().__init__()
        self.down = set()
        for host in HOSTS:
            self.feed(f"https://{host}/rss", {"title": "Погода на завтра"})

    def __call__(self, request):
        """Answer, or not."""
        if request.url.host in self.down:
            raise httpx.ConnectTimeout("no answer")
        return super().__call__(request)


def a_house(settings, clock, press):
    """The house on this press."""
    return open_house(
        settings, clock=clock, transport=httpx.MockTransport(press), resolve=everyone_is_public, senders={}
    )


async def live(house, minutes):
    """The timetable, minute by minute."""
    for _ in range(minutes):
        await poll.cycle(house.desk)
        await jobs.look_round(house)
        house.clock.tick(MINUTE)


def told(house, channel="telegram"):
    """What was told on a channel, in order."""
    rows = house.db.execute(
        "SELECT body FROM messages WHERE subject LIKE 'notice:%' AND channel = ? ORDER BY id", [channel]
    ).fetchall()
    return [json.loads(body)["text"] for (body,) in rows]


async def test_a_shutdown_says_so_once_and_when_it_is_over(settings, clock):
    """Four hosts in Kazakhstan fail while others answer: one notice by chat and mail, with the coverage; one when it ends."""
    press = Press()
    async with a_house(settings, clock, press) as house:
        await live(house, 20)
        press.down = {host for host in HOSTS if host.endswith(".kz")}
        await live(house, 60)
        (shutdown,) = told(house)
        assert "possibly a shutdown" in shutdown
        assert "4 of 4 sources in Kazakhstan" in shutdown
        assert "2 of 6 watched sources read. Blind: lada.kz since" in shutdown
        assert len(told(house, "email")) == 1
    async with a_house(settings, clock, press) as house:  # a restart repeats nothing
        await live(house, 60)
        assert len(told(house)) == 1
        press.down = set()
        await live(house, 20)
        assert len(told(house)) == 2
        assert "Over: Kazakhstan does not answer" in told(house)[1]
        assert "6 of 6 watched sources read. No blind spots." in told(house)[1]


async def test_one_blocked_outlet_is_one_line(settings, clock):
    """A source that shows a bot check is a line with since when and why, an hour later, once."""
    press = Press()
    async with a_house(settings, clock, press) as house:
        await live(house, 20)
        press.bodies["https://azh.kz/rss"] = b"<html><title>Just a moment...</title></html>"
        await live(house, 90)
        (line,) = told(house)
        assert "1 source needs a look" in line
        assert line.endswith("• azh.kz since 14:16 Almaty (blocked)\n5 of 6 watched sources read.")
        press.feed("https://azh.kz/rss", {"title": "Погода на послезавтра"})
        clock.tick(3 * HOUR)
        await live(house, 5)
        assert "Well again: azh.kz." in told(house)[1]


async def test_the_admin_chat_learns_every_morning_what_is_seen(settings, clock):
    """Once a day at the hour of the letter, in the chat and not by mail, also when all is well; not on the first day."""
    press = Press()
    async with a_house(settings, clock, press) as house:
        await live(house, 2)
        assert told(house) == []
        clock.now = clock.now.replace(hour=2, minute=25) + DAY  # 07:25 in Almaty
        await live(house, 4)
        assert told(house) == []
        await live(house, 30)
        (coverage,) = told(house)
        assert "6 of 6 watched sources read. No blind spots." in coverage.replace("\n", " ")
        assert told(house, "email") == []
    async with a_house(settings, clock, press) as house:
        await live(house, 2)
        assert len(told(house)) == 1


async def test_the_status_tells_the_root_cause(settings, clock, capsys, monkeypatch):
    """`monitor status` says what is wrong with all of them before it lists each."""
    press = Press()
    async with a_house(settings, clock, press) as house:
        await live(house, 20)
        press.down = set(HOSTS)
        await live(house, 60)
        now = clock()
    monkeypatch.setattr("monitor.app.environment.now", lambda: now)
    where = ["--config-dir", str(settings.config_dir), "--data-dir", str(settings.data_dir)]
    main([*where, "status"])
    assert "6 of 6 sources do not answer since" in capsys.readouterr().out
    main([*where, "status", "--json"])
    (trouble,) = json.loads(capsys.readouterr().out)["troubles"]
    assert (trouble["cause"], len(trouble["sources"])) == ("network", 6)
