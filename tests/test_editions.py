"""The letter: one a date and reader, whatever fails; late ones say so, missed ones merge, and no address is at rest."""

import json
import logging
import re
from datetime import timedelta

import pytest

from fake_smtp import Mailroom, mail_server
from monitor import outbox
from monitor.channels import email
from monitor.deliver import editions
from monitor.deliver.dispatch import drain
from monitor.errors import DeliveryError, Uncertain, Undeliverable
from newsdesk import ADMIN, ADMIN_CHAT, CHAT, READERS, posting_house, posting_settings
from newsdesk import news as put_news
from posting import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TWENTY = ",".join(f"reader{n}@example.org" for n in range(20))
NEWS = (
    "Забастовка в Жанаозене началась",
    "Увольнение ста рабочих порта",
    "Увольнение учителей сельской школы",
    "Забастовка водителей автобусов Актау",
)


class Post(World):
    """A mail server that keeps the letters: (recipient, subject, text)."""

    def __init__(self, clock) -> None:
        super().__init__(clock)
        self.letters = []

    async def send(self, message, recipient, *, repeat):
        """Fail as told, or keep the letter."""
        said = await super().send(message, recipient, repeat=repeat)
        if message.subject.startswith("digest:"):
            self.letters.append((recipient, message.subject, json.loads(message.body)["text"], repeat))
        return said


@pytest.fixture
def worlds(clock):
    """Telegram and the mail server."""
    return {"telegram": World(clock), "email": Post(clock)}


async def tick(house, clock, span, step=HOUR):
    """Let time pass, with the daemon's jobs once a step."""
    end = clock() + span
    while clock() < end:
        editions.issue(house.library, house.recipients.readers, clock())
        await drain(house.dispatch)
        clock.tick(step)


async def test_every_reader_has_a_letter_a_day_also_a_quiet_one(tmp_path, clock, worlds):
    """Two readers, three days: six letters; without news they say so, and what was read."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        await tick(house, clock, 3 * DAY)
        letters = worlds["email"].letters
        assert sorted((reader, subject) for reader, subject, *_ in letters) == [
            (reader, f"digest:2026-03-0{day}") for reader in READERS.split(",") for day in (2, 3, 4)
        ]
        assert all("ничего не найдено" in text for *_, text, _ in letters)  # and nothing was read: that is no calm
        assert all("источник" in text for *_, text, _ in letters)


async def test_after_three_days_without_a_mail_server_one_late_letter_tells_all(tmp_path, clock, worlds):
    """SMTP is down for three days: then each reader gets one letter about all of them, which says how late it is."""
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        await tick(house, clock, 23 * HOUR)
        worlds["email"].letters.clear()
        worlds["email"].answers = [DeliveryError("no route")] * 10_000
        for title in NEWS[:3]:
            put_news(house, title)
            await tick(house, clock, DAY)
        worlds["email"].answers.clear()
        clock.tick(2 * HOUR)
        await tick(house, clock, HOUR, step=5 * MINUTE)
        letters = worlds["email"].letters
        assert sorted(reader for reader, *_ in letters) == READERS.split(",")
        for _, subject, text, repeat in letters:
            assert subject == "digest:2026-03-05"
            assert not repeat
            words = " ".join(text.split())
            assert all(title in words for title in NEWS[:3])
            assert "позже" in words or "опозд" in words, "it says that it is late"
        fates = house.db.execute("SELECT state, folded_into FROM messages WHERE subject = 'digest:2026-03-03'")
        assert fates.fetchall() == [("folded", "digest:2026-03-04")] * 2, "merged letters point to the next one"
        put_news(house, NEWS[3])
        await tick(house, clock, DAY)
        assert len(letters) == 4
        assert NEWS[0] not in " ".join(letters[-1][2].split()), "told once"
        assert NEWS[3] in " ".join(letters[-1][2].split())


async def test_a_letter_in_doubt_keeps_its_words(tmp_path, clock, worlds):
    """A letter that may have arrived is repeated as it was, marked, so that mail programs know it."""
    async with posting_house(posting_settings(tmp_path, readers="a@example.org"), clock, **worlds) as house:
        await tick(house, clock, 17 * HOUR)
        worlds["email"].answers = [Uncertain("lost")] * 3
        await tick(house, clock, 5 * HOUR)
        (letter,) = worlds["email"].letters
        assert (letter[1], letter[3]) == ("digest:2026-03-02", True)
        assert "позже" not in letter[2]


async def test_one_refused_reader_of_twenty_harms_nobody(tmp_path, clock):
    """19 real letters arrive over a real mail server, each to one reader alone; the 20th waits, and it is told."""
    room = Mailroom(rcpt={"reader7@example.org": "550 no such mailbox"})
    telegram = World(clock)
    async with mail_server(room, tmp_path) as server, email.connect(smtp=server, sender="m@example.org") as sender:
        settings = posting_settings(tmp_path, readers=TWENTY)
        async with posting_house(settings, clock, telegram=telegram, email=sender) as house:
            await tick(house, clock, DAY, step=9 * HOUR)
            await drain(house.dispatch, wait=5 * MINUTE)
            counts = outbox.counts(house.db)
    got = [recipients for recipients, _ in room.letters]
    assert sorted(got) == sorted([f"reader{n}@example.org"] for n in range(20) if n != 7)
    for (recipient,), letter in room.letters:
        whole = letter.as_string()
        assert letter["To"] == recipient
        assert not [other for other in TWENTY.split(",") if other != recipient and other in whole]
    assert counts["new"] == 1, "the bad one's letter is kept"
    assert [chat for _, chat, _ in telegram.said] == [ADMIN_CHAT], "mail trouble is told in the admin chat"


async def test_no_address_is_at_rest_or_in_a_log(tmp_path, clock, worlds, caplog, capsys):
    """After alerts, letters, failures and notices no byte of the data directory or the log holds an address."""
    caplog.set_level(logging.DEBUG)
    async with posting_house(posting_settings(tmp_path), clock, **worlds) as house:
        worlds["telegram"].answers = [Undeliverable("kicked"), DeliveryError("no route"), Uncertain("lost")]
        worlds["email"].answers = [Undeliverable("the mail server refused RCPT TO (550)")]
        put_news(house, NEWS[0])
        await tick(house, clock, 2 * DAY)
        assert worlds["email"].letters
        assert worlds["telegram"].said
        house.db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
        held = b"".join(path.read_bytes() for path in files)
    printed = capsys.readouterr()
    logged = caplog.text + printed.out + printed.err
    said = [line for line in logged.splitlines() if re.search(r"\bsaid\b", line)]
    assert any("telegram" in line for line in said), "what goes out is a line of the log"
    assert any("email" in line and "digest:" in line for line in said)
    held += logged.encode()
    assert len(files) >= 3
    for address in (CHAT, ADMIN_CHAT, ADMIN, *READERS.split(","), "token-canary"):
        assert address.encode() not in held, f"{address} is at rest"


SEVERAL = """
version: 1
digests:
  - {name: almaty, to: MONITOR_DIGEST_TO, at: "07:30", zone: Asia/Almaty, languages: [ru]}
  - {name: geneva, to: MONITOR_DIGEST_TO_ILO, at: "18:00", zone: Europe/Zurich, languages: [en]}
"""


async def test_several_letters_have_their_own_hour_zone_and_language(tmp_path, clock, worlds):
    """A mailbox on both lists gets both letters; each list has its own hour and language."""
    settings = posting_settings(
        tmp_path,
        delivery=SEVERAL,
        readers="a@example.org",
        addresses={"MONITOR_DIGEST_TO_ILO": "a@example.org, ilo@example.org"},
    )
    async with posting_house(settings, clock, **worlds) as house:
        put_news(house, NEWS[0])
        await tick(house, clock, DAY)
        letters = {(reader, subject): text for reader, subject, text, _ in worlds["email"].letters}
        assert letters.keys() == {
            ("a@example.org", "digest:2026-03-02"),
            ("a@example.org", "digest:2026-03-01-geneva"),
            ("ilo@example.org", "digest:2026-03-01-geneva"),
        }
        assert "URGENT" in letters["ilo@example.org", "digest:2026-03-01-geneva"]
        assert "СРОЧНО" in letters["a@example.org", "digest:2026-03-02"]


async def test_the_letter_says_what_the_channel_did_not_have(tmp_path, clock, worlds):
    """What waits for a chat that fails is in the letter, and is not said to have been in the channel."""
    async with posting_house(posting_settings(tmp_path, readers="a@example.org"), clock, **worlds) as house:
        worlds["telegram"].answers = [DeliveryError("no route")] * 1000
        put_news(house, NEWS[1])
        await tick(house, clock, DAY)
        (letter,) = worlds["email"].letters
        assert NEWS[1] in " ".join(letter[2].split())
        assert "было в канале" not in letter[2]


async def test_what_comes_between_the_hour_and_the_letter_is_told_once(tmp_path, clock, worlds):
    """Verdicts are told by their ids: what was judged at 07:31 stands in the letter written at 09:00, and in no other."""
    async with posting_house(posting_settings(tmp_path, readers="a@example.org"), clock, **worlds) as house:
        await tick(house, clock, HOUR)
        clock.tick(17 * HOUR)  # away until 08:00
        put_news(house, NEWS[0])
        await tick(house, clock, 2 * DAY)
        assert [NEWS[0] in " ".join(text.split()) for *_, text, _ in worlds["email"].letters] == [True, False, False][
            : len(worlds["email"].letters)
        ]
