"""The settings: from variables, files and folders of secrets; every mistake at once, and never a value repeated."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.settings import NAMES, Settings, Smtp, read_settings
from monitor.errors import SettingError

TOKEN = "123456:canary-token"
MAIL = {
    "MONITOR_SMTP_HOST": "mail.example.org",
    "MONITOR_DIGEST_FROM": "Monitor <monitor@example.org>",
    "MONITOR_DIGEST_TO": "a@example.org, b@example.org,a@example.org",
}


def refused(environ: dict[str, str], **more: Path) -> list[str]:
    """What read_settings says against an environment."""
    with pytest.raises(SettingError) as error:
        read_settings(environ, **more)
    return str(error.value).splitlines()


def test_an_empty_environment_gives_the_contracts_defaults():
    """Nothing set, or set to nothing, means the defaults of the table."""
    assert read_settings({}) == read_settings(dict.fromkeys(NAMES, " ")) == Settings()
    plain = Settings()
    assert (plain.config_dir, plain.data_dir) == (Path("config"), Path("data"))
    assert (plain.digest_at, plain.time_zone, plain.languages) == ("07:30", "Asia/Almaty", ("ru", "en"))
    assert (plain.host_interval, plain.log_format, plain.log_level) == (timedelta(seconds=1), "console", "info")


def test_every_setting_arrives():
    """The whole table, read."""
    found = read_settings(
        MAIL
        | {
            "MONITOR_CONFIG_DIR": "/etc/monitor",
            "MONITOR_DATA_DIR": "/var/lib/monitor",
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_TELEGRAM_CHANNEL": "-1001234567890",
            "MONITOR_TELEGRAM_CHANNEL_WEST": "@west_news",
            "MONITOR_TELEGRAM_ADMIN_CHAT": "@admins",
            "MONITOR_TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "MONITOR_ADMIN_EMAIL": "admin@example.org",
            "MONITOR_SMTP_PORT": "465",
            "MONITOR_SMTP_USER": "user",
            "MONITOR_SMTP_PASSWORD": "canary-password",
            "MONITOR_SMTP_SECURITY": "TLS",
            "MONITOR_DIGEST_TO_WEST": "west@example.org",
            "MONITOR_DIGEST_AT": "18:05",
            "MONITOR_TIME_ZONE": "Europe/Brussels",
            "MONITOR_LANGUAGES": "kk, ru",
            "MONITOR_CONTACT": "press@example.org",
            "MONITOR_ALLOW_HOSTS": "Bridge.lan:8080, [::1]:80,127.0.0.1:9",
            "MONITOR_HOST_INTERVAL": "0s",
            "MONITOR_PROXY": "socks5://127.0.0.1:9050",
            "MONITOR_PROXY_TOR": "socks5://u:canary-proxy@tor:9050",
            "MONITOR_HEARTBEAT_URL": "https://hc.example/canary-beat",
            "MONITOR_LOG_FORMAT": "json",
            "MONITOR_LOG_LEVEL": "DEBUG",
        }
    )
    assert found == Settings(
        config_dir=Path("/etc/monitor"),
        data_dir=Path("/var/lib/monitor"),
        telegram_token=TOKEN,
        telegram_channel="-1001234567890",
        telegram_admin_chat="@admins",
        telegram_api_url="http://127.0.0.1:8081",
        admin_email="admin@example.org",
        smtp=Smtp(
            host="mail.example.org", port=465, user="user", password="canary-password", security="tls", ca_file=None
        ),
        digest_from="Monitor <monitor@example.org>",
        digest_to=("a@example.org", "b@example.org"),
        digest_at="18:05",
        time_zone="Europe/Brussels",
        languages=("kk", "ru"),
        contact="press@example.org",
        allow_hosts=frozenset({"bridge.lan:8080", "[::1]:80", "127.0.0.1:9"}),
        host_interval=timedelta(0),
        proxy="socks5://127.0.0.1:9050",
        proxies={"tor": "socks5://u:canary-proxy@tor:9050"},
        heartbeat_url="https://hc.example/canary-beat",
        log_format="json",
        log_level="debug",
        addresses={
            "MONITOR_TELEGRAM_CHANNEL": "-1001234567890",
            "MONITOR_TELEGRAM_CHANNEL_WEST": "@west_news",
            "MONITOR_TELEGRAM_ADMIN_CHAT": "@admins",
            "MONITOR_ADMIN_EMAIL": "admin@example.org",
            "MONITOR_DIGEST_TO": "a@example.org,b@example.org",
            "MONITOR_DIGEST_TO_WEST": "west@example.org",
        },
    )
    secrets = found.secrets()
    assert {TOKEN, "-1001234567890", "@west_news", "@admins", "user", "canary-password", "a@example.org"} <= set(
        secrets
    )
    assert {"socks5://u:canary-proxy@tor:9050", "canary-proxy", "https://hc.example/canary-beat"} <= set(secrets)
    assert not any(secret in repr(found) for secret in secrets)


def test_a_value_may_lie_in_a_file(tmp_path):
    """NAME_FILE points to it; the white space around the value is not part of it."""
    (tmp_path / "token").write_text(f"\ufeff{TOKEN}\n", "utf-8")
    assert read_settings({"MONITOR_TELEGRAM_TOKEN_FILE": str(tmp_path / "token")}).telegram_token == TOKEN


def test_a_value_may_lie_in_the_folders_of_systemd_and_containers(tmp_path):
    """A file of the lower-cased name; the variable goes first, then systemd's folder, then the container's."""
    credentials, run = tmp_path / "credentials", tmp_path / "run"
    for folder, port in ((credentials, "25"), (run, "26")):
        folder.mkdir()
        (folder / "monitor_smtp_host").write_text("mail.example.org\n")
        (folder / "monitor_smtp_port").write_text(port)
    (run / "monitor_proxy_tor").write_text("socks5://tor:9050")
    environ = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert read_settings(environ, run).smtp == Smtp(host="mail.example.org", port=25)
    assert read_settings({}, run).smtp == Smtp(host="mail.example.org", port=26)
    assert read_settings(environ | {"MONITOR_SMTP_PORT": "27"}, run).smtp == Smtp(host="mail.example.org", port=27)
    assert read_settings(environ, run).proxies == {"tor": "socks5://tor:9050"}


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    """Missing, too large or no text: the name of the setting and of the file, nothing of what is in it."""
    (tmp_path / "large").write_bytes(b"x" * 70_000)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00canary")
    for name, why in (("none", "(No such file or directory)"), ("large", "is too large"), ("binary", "is not text")):
        (said,) = refused({"MONITOR_TELEGRAM_TOKEN_FILE": str(tmp_path / name)})
        assert said.startswith("MONITOR_TELEGRAM_TOKEN has a file (MONITOR_TELEGRAM_TOKEN_FILE) that cannot be read")
        assert why in said
        assert "canary" not in said


def test_a_setting_given_twice_is_refused(tmp_path):
    """Of a value and a file nobody knows which one was meant."""
    environ = {"MONITOR_CONTACT": "a", "MONITOR_CONTACT_FILE": str(tmp_path)}
    assert refused(environ) == ["MONITOR_CONTACT is set twice, also as MONITOR_CONTACT_FILE. Keep one of the two."]


HEADER = "is not an e-mail address. Write it as name@example.org."
WEB = "is not a web address. Write it in full, beginning with https:// or http://."
HOSTS = "is not a list of host:port. Write it as bridge.lan:8080,[::1]:80."
PROXY = "is not the address of a proxy. Write it as socks5://host:port or http://host:port."
DURATION = "is not a duration. Write a number and a unit, such as 30s, 15m, 2h or 1d."
SPACE = "has a space or an invisible character in it. Take it out, or write it as %20."


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TELEGRAM_TOKEN", "123/canary", "is not a bot token. Copy it from @BotFather; it looks like 123456:ABC-DEF."),
        ("TELEGRAM_CHANNEL", "https://t.me/canary", "is not a chat. Write @name, or the number of a private channel, "),
        ("TELEGRAM_API_URL", "canary", WEB),
        ("ADMIN_EMAIL", "canary", HEADER),
        ("ADMIN_EMAIL", "a\x7f@canary.org", HEADER),
        ("ADMIN_EMAIL", "a@canary.org\r\nBcc: b@example.org", HEADER),
        ("ADMIN_EMAIL", "a@canary.org\u2028x", HEADER),
        (
            "DIGEST_FROM",
            "canary\x0b <a@example.org>",
            "is not an e-mail address. Write it as name@example.org or Name ",
        ),
        ("DIGEST_TO", "a@example.org; canary@example.org", HEADER),
        ("DIGEST_AT", "7:30", 'is not a time of day. Write hours and minutes with two digits each, such as "07:30".'),
        ("DIGEST_AT", "24:00", 'is not a time of day. Write hours and minutes with two digits each, such as "07:30".'),
        ("TIME_ZONE", "Almaty", "is not a time zone. Did you mean Asia/Almaty?"),
        ("TIME_ZONE", "../../etc/passwd", "is not a time zone. Write a name such as Asia/Almaty or Europe/Brussels."),
        ("LANGUAGES", "ru,de", "names a language we do not speak. Choose from en, ru and kk, such as ru,en."),
        ("LANGUAGES", ",", "names a language we do not speak. Choose from en, ru and kk, such as ru,en."),
        ("CONTACT", "a\nb", "has a line break or an invisible character in it. Write it on one line."),
        ("ALLOW_HOSTS", "canary", HOSTS),
        ("ALLOW_HOSTS", "canary:99999", HOSTS),
        ("HOST_INTERVAL", "1", DURATION),
        ("HOST_INTERVAL", "-1s", DURATION),
        ("PROXY", "canary:9050", PROXY),
        ("PROXY_TOR", "ftp://canary", PROXY),
        ("HEARTBEAT_URL", "https://canary\x00", SPACE),
        ("SMTP_PORT", "9" * 5000, "is not a port. Write a number from 1 to 65535."),
        ("SMTP_PORT", "0", "is not a port. Write a number from 1 to 65535."),
        ("SMTP_SECURITY", "ssl", "must be starttls, tls or none."),
        ("SMTP_CA_FILE", "/canary", "points to a file that is not there. Check the path."),
        ("LOG_FORMAT", "xml", "must be console or json."),
        ("LOG_LEVEL", "loud", "must be debug or info or warning or error."),
    ],
)
def test_a_bad_value_is_named_and_not_repeated(name, value, said):
    """The setting and the remedy; the value may be a secret."""
    (told,) = refused({f"MONITOR_{name}": value})
    assert told == f"MONITOR_{name} {said}" or (said.endswith(" ") and told.startswith(f"MONITOR_{name} {said}"))
    assert "canary" not in told


def test_all_mistakes_are_told_at_once():
    """One line for each."""
    assert len(refused({"MONITOR_DIGEST_AT": "x", "MONITOR_TIME_ZONE": "x", "MONITOR_SMTP_PORT": "x"})) == 3


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "mail.localhost"])
def test_mail_may_go_unprotected_to_this_machine(host):
    """A server on loopback needs no TLS."""
    assert read_settings(MAIL | {"MONITOR_SMTP_HOST": host, "MONITOR_SMTP_SECURITY": "none"}).smtp


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "localhost.example.org", "127.0.0.1.nip.io"])
def test_mail_may_not_go_unprotected_anywhere_else(host):
    """The password and the readers' addresses would be open to everybody on the way."""
    assert refused(MAIL | {"MONITOR_SMTP_HOST": host, "MONITOR_SMTP_SECURITY": "none"}) == [
        "MONITOR_SMTP_SECURITY may be none only when MONITOR_SMTP_HOST is this machine. Use starttls or tls."
    ]


def test_a_user_needs_a_password():
    """Half of a login is a mistake."""
    assert refused(MAIL | {"MONITOR_SMTP_USER": "u"}) == [
        "MONITOR_SMTP_USER and MONITOR_SMTP_PASSWORD go together. Set both or neither."
    ]


def test_letters_need_a_sender():
    """It is the mail server's user when that is a mailbox; otherwise it must be said."""
    environ = {name: value for name, value in MAIL.items() if name != "MONITOR_DIGEST_FROM"}
    assert refused(environ) == ["MONITOR_DIGEST_FROM is not set. Letters need a sender, such as monitor@example.org."]
    login = {"MONITOR_SMTP_USER": "me@example.org", "MONITOR_SMTP_PASSWORD": "p"}
    assert read_settings(environ | login).digest_from == "me@example.org"


def test_a_misspelt_setting_is_a_warning():
    """A variable that is nearly a setting is told; what the machine sets for its own ends is not."""
    found = read_settings({"MONITOR_TELEGRAM_TOKN": TOKEN, "MONITOR_SERVICE_HOST": "10.0.0.1", "MONITORED": "yes"})
    assert found.warnings == ("MONITOR_TELEGRAM_TOKN is not a setting. Did you mean MONITOR_TELEGRAM_TOKEN?",)
