"""No token, password, chat or mailbox in any log line, traceback or library's own message."""

import io
import json
import logging

import pytest
import structlog

from monitor.logs import STRUCK, Redactor, set_up

TOKEN = "987654321:AAGc_planted-canary-token-0123456789"
PASSWORD = "pl4nted c@nary"
CANARIES = (TOKEN, PASSWORD, "-1001234567890", "reader@example.org")


@pytest.fixture(params=["console", "json"])
def stream(request):
    """Logs going into memory, in both forms; the logging of other tests is put back."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    out = io.StringIO()
    set_up(form=request.param, level="debug", secrets=(TOKEN, PASSWORD), stream=out)
    yield out
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def clean(stream) -> str:
    """What was logged, after making sure that no canary sings in it."""
    text = stream.getvalue()
    assert text
    assert not [canary for canary in CANARIES if canary in text]
    return text


@pytest.mark.parametrize("canary", CANARIES)
def test_a_secret_in_a_message_is_struck(stream, canary):
    """Our own lines may carry anything by mistake: in the event, in a value, deep inside one."""
    structlog.get_logger("monitor.x").warning(f"sent to {canary}", key=canary, deep={"a": [canary]})
    assert STRUCK in clean(stream)


def test_our_own_name_is_not_struck():
    """A mail account called like the program would make every line unreadable and hide nothing."""
    assert Redactor(["monitor", "s3cret"])("monitor.app started with s3cret") == f"monitor.app started with {STRUCK}"


@pytest.mark.parametrize("canary", CANARIES)
def test_a_secret_in_a_librarys_line_is_struck(stream, canary):
    """Libraries log through the standard library, with arguments; an address holds the token percent-encoded too."""
    logging.getLogger("somebody.else").error("POST https://api.example/bot%s/sendMessage", canary)
    assert STRUCK in clean(stream)


@pytest.mark.parametrize("canary", CANARIES)
def test_a_secret_in_a_traceback_is_struck(stream, canary):
    """Neither the exception's text nor the frames below it get out."""

    def fail():
        raise ValueError(f"cannot open {canary}")

    try:
        fail()
    except ValueError:
        structlog.get_logger("monitor.x").exception("broke")
        logging.getLogger("somebody.else").exception("broke")
    assert clean(stream).count(STRUCK) >= 2


def test_what_httpx_says_of_every_request_is_not_logged(stream):
    """The client writes each address at INFO, with Telegram's token in it: it is too quiet to be heard."""
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
    assert stream.getvalue() == ""


def test_json_lines_are_json(stream):
    """In the form for machines every line is one object with its level and event."""
    structlog.get_logger("monitor.x").info("hello", feed="lada")
    line = stream.getvalue().strip()
    if line.startswith("{"):
        assert {"event": "hello", "feed": "lada", "level": "info"}.items() <= json.loads(line).items()


@pytest.mark.parametrize(
    "text",
    [
        "proxy http://user:hunter2hunter2@proxy.example:3128 failed",
        "proxy socks5://a:b@127.0.0.1",
        "bot123456789%3AAAEabcdefghijklmnopqrstuvwxyz123456",
        "mail to a.b+c@mail.example.kz bounced",
        "chat -1009876543210",
    ],
)
def test_secrets_are_known_by_their_shape(text):
    """A secret we were never told of is struck for what it looks like."""
    assert STRUCK in Redactor()(text)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T09:00:00Z feed failed feed=lada.kz kind=timeout", "https://lada.kz/news/12345678901", "12:30:45"],
)
def test_ordinary_lines_stay_as_they_are(text):
    """Times, hosts, ids and addresses of articles are no secrets."""
    assert Redactor(("lad",))(text) == text
