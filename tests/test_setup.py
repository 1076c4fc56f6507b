"""`monitor setup` from nothing to a proven channel and letter, against a real Bot API and mail server on loopback."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from click.testing import CliRunner

from fake_smtp import PASSWORD, USER, Mailroom, mail_server
from fake_telegram import TOKEN, FakeTelegram
from monitor.cli import group
from monitor.config.settings import NAMES, read_settings

CHANNEL = "-1001234567890"
READERS = "one@example.org, two@example.org"


def post_in(chat, title):
    """An update: somebody wrote in a channel."""
    place = {"id": int(chat), "type": "channel", "title": title}
    return {"update_id": 7, "channel_post": {"message_id": 1, "date": 1_800_000_000, "chat": place, "text": "hi"}}


def forwarded_from(chat, title):
    """An update: somebody sent the bot a post of a channel."""
    place = {"id": int(chat), "type": "channel", "title": title}
    origin = {"type": "channel", "date": 1_800_000_000, "chat": place, "message_id": 5}
    me = {"id": 77, "type": "private", "first_name": "A"}
    message = {"message_id": 2, "date": 1_800_000_000, "chat": me, "text": "hi", "forward_origin": origin}
    return {"update_id": 8, "message": message}


@pytest.fixture
async def telegram(monkeypatch):
    """A Bot API that knows one private channel, and an environment that leads there and knows nothing else."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    async with FakeTelegram(chats={CHANNEL: {}}) as server:
        monkeypatch.setenv("MONITOR_TELEGRAM_API_URL", server.url)
        yield server


@asynccontextmanager
async def a_mailroom(tmp_path, **answers):
    """A mail server with STARTTLS and a login, and the options that lead to it."""
    room = Mailroom(**answers)
    (tmp_path / "password").write_text(f"{PASSWORD}\n", "utf-8")
    async with mail_server(room, tmp_path) as server:
        words = ["--smtp-host", server.host, "--smtp-port", str(server.port), "--smtp-user", USER]
        words += ["--smtp-password-file", str(tmp_path / "password"), "--smtp-ca-file", str(server.ca_file)]
        yield room, [*words, "--from", "monitor@example.org", "--to", READERS]


async def setup(tmp_path, *words, typed=()):
    """Run the command in a thread, so that the servers of this test can answer."""
    command = ["setup", "--secrets", str(tmp_path / "secrets"), *words]
    lines = "".join(f"{line}\n" for line in typed)
    return await asyncio.to_thread(CliRunner().invoke, group, command, input=lines, standalone_mode=False)


def kept(tmp_path):
    """The settings that a start with the folder of secrets has."""
    return read_settings({"CREDENTIALS_DIRECTORY": str(tmp_path / "secrets")}, tmp_path / "nowhere")


async def test_from_nothing_to_a_proven_channel(tmp_path, telegram):
    """The token is asked for and not shown, the channel found by what was written in it, a card said, files kept 0600."""
    telegram.updates = [post_in(CHANNEL, "Новости")]
    done = await setup(tmp_path, "--no-mail", typed=[TOKEN, ""])
    assert done.return_value == 0, done.output
    assert "the bot is @monitor_bot" in done.output
    assert "in the channel Новости" in done.output
    assert "CREDENTIALS_DIRECTORY=" in done.output
    assert TOKEN not in done.output
    assert len(telegram.said(CHANNEL)) == 1
    assert "Проверка" in telegram.said(CHANNEL)[0]["text"]
    assert (kept(tmp_path).telegram_token, kept(tmp_path).telegram_channel) == (TOKEN, CHANNEL)
    folder = tmp_path / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


async def test_a_forwarded_post_leads_to_its_channel(tmp_path, telegram):
    """A private channel's number is learnt from one of its posts sent to the bot."""
    telegram.updates = [forwarded_from(CHANNEL, "Новости")]
    assert (await setup(tmp_path, "--no-mail", typed=[TOKEN, ""])).return_value == 0
    assert kept(tmp_path).telegram_channel == CHANNEL


async def test_of_several_chats_one_is_chosen(tmp_path, telegram):
    """Each is listed by its title; the newest comes first."""
    telegram.updates = [post_in(CHANNEL, "Новости"), post_in("-1009", "Другой")]
    done = await setup(tmp_path, "--no-mail", typed=[TOKEN, "", "2"])
    assert done.output.index("Другой") < done.output.index("Новости")
    assert kept(tmp_path).telegram_channel == CHANNEL


@pytest.mark.usefixtures("telegram")
async def test_each_wrong_answer_says_its_remedy_and_is_asked_again(tmp_path):
    """A wrong token, nothing seen yet, a channel that does not exist; then all is well."""
    wrong = TOKEN.replace("1", "2")
    done = await setup(tmp_path, "--no-mail", typed=["no token", wrong, TOKEN, "", "@nobody", CHANNEL])
    assert done.return_value == 0, done.output
    for part in (
        "is not a bot token",
        "does not know the bot's token",
        "@BotFather",
        "seen no chat yet",
        "no such chat",
    ):
        assert part in done.output, part
    assert wrong not in done.output


async def test_a_bot_that_may_not_post_is_told_so_before_anything_is_kept(tmp_path, telegram):
    """Without the right to post nothing is said; the exit code is 1 and the channel is not kept."""
    telegram.rights = {"status": "member"}
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    done = await setup(tmp_path, "--no-mail", "--yes", "--token-file", str(tmp_path / "token"), "--channel", CHANNEL)
    assert done.return_value == 1
    assert "Add administrator" in done.output
    assert telegram.said(CHANNEL) == []
    assert kept(tmp_path).telegram_channel is None


@pytest.mark.usefixtures("telegram")
async def test_mail_is_proved_with_a_letter_to_each_reader(tmp_path):
    """Over a verified line, logged in; each reader gets a letter of their own and the settings are kept."""
    async with a_mailroom(tmp_path) as (room, words):
        done = await setup(tmp_path, "--no-telegram", "--yes", *words)
    assert done.return_value == 0, done.output
    assert [recipients for recipients, _ in room.letters] == [["one@example.org"], ["two@example.org"]]
    assert PASSWORD not in done.output
    smtp = kept(tmp_path).smtp
    assert smtp is not None
    assert (smtp.user, smtp.password) == (USER, PASSWORD)
    assert kept(tmp_path).digest_to == ("one@example.org", "two@example.org")


@pytest.mark.usefixtures("telegram")
async def test_mail_that_the_environment_sets_is_proved_as_well(tmp_path, monkeypatch):
    """`--yes` takes what is set, wherever it is set; it does not say that there is no mail server."""
    async with a_mailroom(tmp_path) as (room, words):
        options = dict(zip(words[::2], words[1::2], strict=True))
        for option, name in (
            ("host", "SMTP_HOST"),
            ("port", "SMTP_PORT"),
            ("user", "SMTP_USER"),
            ("ca-file", "SMTP_CA_FILE"),
        ):
            monkeypatch.setenv(f"MONITOR_{name}", options[f"--smtp-{option}"])
        monkeypatch.setenv("MONITOR_SMTP_PASSWORD", PASSWORD)
        monkeypatch.setenv("MONITOR_DIGEST_FROM", options["--from"])
        monkeypatch.setenv("MONITOR_DIGEST_TO", READERS)
        done = await setup(tmp_path, "--no-telegram", "--yes")
    assert done.return_value == 0, done.output
    assert "no mail server" not in done.output
    assert [recipients for recipients, _ in room.letters] == [["one@example.org"], ["two@example.org"]]


@pytest.mark.usefixtures("telegram")
async def test_a_wrong_password_is_asked_for_again(tmp_path):
    """What is right already is kept by pressing Enter; the password is never shown."""
    async with a_mailroom(tmp_path) as (room, words):
        (tmp_path / "password").write_text("wrong-canary", "utf-8")
        typed = [*[""] * 7, *[""] * 4, PASSWORD, "", ""]
        done = await setup(tmp_path, "--no-telegram", *words, typed=typed)
    assert done.return_value == 0, done.output
    assert "app password" in done.output
    assert len(room.letters) == 2
    assert PASSWORD not in done.output
    assert "wrong-canary" not in done.output


@pytest.mark.usefixtures("telegram")
async def test_an_unknown_root_is_refused(tmp_path):
    """A mail server whose certificate cannot be verified gets no password and no letter."""
    async with a_mailroom(tmp_path) as (room, words):
        at = words.index("--smtp-ca-file")
        done = await setup(tmp_path, "--no-telegram", "--yes", *words[:at], *words[at + 2 :])
    assert done.return_value == 1
    assert "--smtp-ca-file" in done.output
    assert room.letters == []


async def test_it_may_be_run_again(tmp_path, telegram):
    """The second time Enter keeps everything that is set, and nothing changes."""
    telegram.updates = [post_in(CHANNEL, "Новости")]
    await setup(tmp_path, "--no-mail", typed=[TOKEN, ""])
    before = {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()}
    telegram.updates = []
    again = await setup(tmp_path, "--no-mail", typed=["", ""])
    assert again.return_value == 0, again.output
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()} == before
    assert len(telegram.said(CHANNEL)) == 2


async def test_a_dry_run_says_and_keeps_nothing(tmp_path, telegram):
    """Token, rights and login are proved; no card, no letter, no file."""
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    async with a_mailroom(tmp_path) as (room, words):
        token = ["--token-file", str(tmp_path / "token"), "--channel", CHANNEL]
        done = await setup(tmp_path, "--yes", "--dry-run", *token, *words)
    assert done.return_value == 0, done.output
    assert (room.letters, telegram.said(CHANNEL)) == ([], [])
    assert not (tmp_path / "secrets").exists()
