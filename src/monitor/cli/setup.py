"""`monitor setup`: from nothing to a proven channel and letter; each answer is tried before the next question."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.errors import MonitorError, SettingError, Undeliverable

if TYPE_CHECKING:
    from monitor.config.settings import Settings

TOKEN, CHANNEL, API = "MONITOR_TELEGRAM_TOKEN", "MONITOR_TELEGRAM_CHANNEL", "MONITOR_TELEGRAM_API_URL"
HOST, PORT, SECURITY = "MONITOR_SMTP_HOST", "MONITOR_SMTP_PORT", "MONITOR_SMTP_SECURITY"
USER, PASSWORD, CA_FILE = "MONITOR_SMTP_USER", "MONITOR_SMTP_PASSWORD", "MONITOR_SMTP_CA_FILE"
SENDER, READERS, LANGUAGES = "MONITOR_DIGEST_FROM", "MONITOR_DIGEST_TO", "MONITOR_LANGUAGES"
MAIL = (HOST, PORT, SECURITY, USER, PASSWORD, CA_FILE, SENDER, READERS)
USUAL_PORTS = {"starttls": "587", "tls": "465", "none": "25"}
TRIES = 5  # answers to one question before we give up

HELP = {
    TOKEN: "In Telegram write /newbot to @BotFather and copy the token that it gives you; it looks like 123456:ABC-DEF.",
    CHANNEL: (
        "Open your channel → Administrators → Add administrator → the bot, with the right to post messages. Then write "
        "anything in the channel, or forward one of its posts to the bot, and press Enter here; or type @name or -100…."
    ),
    "mail": "Your mail provider's help calls it SMTP or 'outgoing mail'; a provider with two-step login gives app passwords.",
}
FILE = click.Path(dir_okay=False, exists=True, allow_dash=True, path_type=str)


@dataclass(slots=True, kw_only=True)
class Talk:
    """The answers so far, by the names of settings, and how to get more: `ask` is false when nobody is there."""

    values: dict[str, str]
    ask: bool
    say: bool
    fresh: dict[str, str] = field(default_factory=dict)  # what was proved and must be kept

    def settings(self) -> "Settings":
        """The settings that the answers make."""
        from monitor.app.setup import settings_of

        return settings_of(self.values)

    def question(self, name: str, text: str, *, default: str = "", secret: bool = False) -> str:
        """The answer to one question; an earlier answer is kept by pressing Enter. A secret is never shown."""
        known = self.values.get(name, default)
        if not self.ask:
            return known
        if secret:
            hint = " [Enter keeps the one that is set]" if known else ""
            typed = click.prompt(f"{text}{hint}", hide_input=True, default="", show_default=False, err=True)
        else:
            typed = click.prompt(text, default=known, show_default=bool(known), err=True)
        return str(typed).strip() or known

    def until_proved(self, names: tuple[str, ...], step: Callable[[], Coroutine[Any, Any, str]]) -> bool:
        """Take a step again until it is proved; False when it was given up. What is proved is kept."""
        for _ in range(TRIES if self.ask else 1):
            try:
                done = asyncio.run(step())
            except MonitorError as error:
                _complain(error)
                continue
            click.echo(f"  ✓ {done}")
            self.fresh |= {name: self.values[name] for name in names if self.values.get(name)}
            return True
        return False


def _complain(error: MonitorError) -> None:
    click.echo(f"  ✗ {error}", err=True)
    click.echo(f"    {_remedy(error)}", err=True)


def _remedy(error: MonitorError) -> str:
    """What would mend it, in a sentence."""
    said = str(error)
    for words, remedy in REMEDIES.items():
        if words in said:
            return remedy
    if isinstance(error, SettingError):
        return "Mend that answer; nothing was sent."
    if isinstance(error, Undeliverable):
        return "Check the answer; nothing was said there."
    return "It may pass: try again. If it does not, check this machine's network and clock."


REMEDIES = {
    "token": HELP[TOKEN],
    "administrator": HELP[CHANNEL],
    "no chat": HELP[CHANNEL],
    "chat": HELP[CHANNEL],
    "updates": "Type the channel's @name, or the number of a private one (-100…), instead.",
    "Telegram could not be reached": "Is Telegram open from this network? If not, set MONITOR_PROXY, such as socks5://127.0.0.1:9050.",
    "login": "Check user and password; many providers want an app password here, made in their security settings.",
    "certificate": "Check the server's name. A server of your own with a private root needs --smtp-ca-file.",
    "STARTTLS": "Choose `tls` (usually port 465), or ask the provider for a server that offers STARTTLS.",
    "reached securely": "Check the server's name and port, and whether this network lets mail out (587 or 465).",
    "RCPT TO": "The server does not take letters for that mailbox: check its spelling.",
    "MAIL FROM": "The server does not take letters from that sender: it usually must be the user's own mailbox.",
}


@click.command(short_help="Set up the channel and the letter, and prove that they work.")
@click.option("--secrets", type=click.Path(file_okay=False, path_type=Path), default=Path("secrets"), show_default=True,
              help="Where the answers are kept, one file each, readable for you alone.")  # fmt: skip
@click.option("--token-file", type=FILE, help="A file with the bot's token (- is stdin).")
@click.option("--channel", help="@name, or the number of a private channel (-100…); `find` looks it up.")
@click.option("--smtp-host", help="The mail server's name.")
@click.option("--smtp-port", help="Its port. [587 or 465]")
@click.option("--smtp-security", type=click.Choice(list(USUAL_PORTS)), help="How the line is secured. [starttls]")
@click.option("--smtp-user", help="The user there.")
@click.option("--smtp-password-file", type=FILE, help="A file with the password (- is stdin).")
@click.option("--smtp-ca-file", help="The root certificate of a private mail server.")
@click.option("--from", "sender", help="The sender of letters.")
@click.option("--to", "readers", help="The readers of letters, comma-separated.")
@click.option("--no-telegram", is_flag=True, help="Leave Telegram out; alerts go to the preview.")
@click.option("--no-mail", is_flag=True, help="Leave mail out; letters go to the preview.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options and what is set.")
@click.option("--dry-run", is_flag=True, help="Prove what can be proved without saying or keeping anything.")
@click.pass_obj
def setup(
    door: Door, /, *, secrets: Path, no_telegram: bool, no_mail: bool, yes: bool, dry_run: bool, **given: str | None
) -> int:
    """Set up the channel and the letter, proving each answer; may be run again at any time."""
    del door  # settings that are broken must not keep anybody from mending them
    from monitor.app.environment import named
    from monitor.app.setup import keep, values_in

    values = named((TOKEN, CHANNEL, API, "MONITOR_PROXY", LANGUAGES, *MAIL)) | values_in(secrets) | _given(given)
    talk = Talk(values=values, ask=not yes, say=not dry_run)
    proved = no_telegram or _telegram(talk)
    proved = (no_mail or _mail(talk)) and proved
    if dry_run:
        click.echo("nothing was said and nothing was kept")
    elif talk.fresh:
        files = keep(secrets, talk.fresh)
        click.echo(f"kept in {secrets}: {len(files)} files that only you can read")
        _goodbye(secrets)
    return 0 if proved else 1


def _given(given: dict[str, str | None]) -> dict[str, str]:
    """The options as settings; files of secrets are read here, so that no secret stands in a command line."""
    files = {TOKEN: given.pop("token_file"), PASSWORD: given.pop("smtp_password_file")}
    names = {
        "channel": CHANNEL, "smtp_host": HOST, "smtp_port": PORT, "smtp_security": SECURITY, "smtp_user": USER,
        "smtp_ca_file": CA_FILE, "sender": SENDER, "readers": READERS,
    }  # fmt: skip
    found = {name: _content(path) for name, path in files.items() if path}
    return found | {names[option]: value for option, value in given.items() if value}


def _content(path: str) -> str:
    with click.open_file(path, encoding="utf-8-sig") as file:
        return str(file.read()).strip()


# ── Telegram ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _telegram(talk: Talk) -> bool:
    """The bot, then its channel."""
    click.echo("Telegram: a bot that writes to your channel. It only sends.", err=True)
    channel = talk.values.pop(CHANNEL, "")

    async def bot() -> str:
        from monitor.app.setup import bot_name

        talk.values[TOKEN] = talk.question(TOKEN, "The bot's token (not shown)", secret=True)
        if not talk.values[TOKEN]:
            raise SettingError("a token is needed")
        return f"the token is good; the bot is {await bot_name(talk.settings())}"

    async def place() -> str:
        from monitor.app.setup import prove_channel

        talk.values.pop(CHANNEL, None)
        title = await _choose_channel(talk, channel)
        await prove_channel(talk.settings(), say=talk.say)
        return f"the bot may post{title}" + (", and a test card is there" if talk.say else "")

    if talk.ask:
        click.echo(HELP[TOKEN], err=True)
    if not talk.until_proved((TOKEN, API, "MONITOR_PROXY"), bot):
        return False
    if talk.ask:
        click.echo(HELP[CHANNEL], err=True)
    return talk.until_proved((CHANNEL,), place)


async def _choose_channel(talk: Talk, known: str) -> str:
    """Settle which chat it is: typed, kept, or found among those the bot saw lately."""
    from monitor.app.setup import find_chats

    typed = click.prompt("The channel", default=known or "find", err=True) if talk.ask else known or "find"
    if typed != "find":
        talk.values[CHANNEL] = typed
        return ""
    found = await find_chats(talk.settings())
    if not found:
        raise Undeliverable("the bot has seen no chat yet")
    choice = 1
    if len(found) > 1:
        if not talk.ask:
            raise Undeliverable(f"the bot has seen {len(found)} chats; name one with --channel")
        for number, each in enumerate(found, 1):
            click.echo(f"  {number}  {each.kind}: {each.title}", err=True)
        choice = click.prompt("Which one", type=click.IntRange(1, len(found)), default=1, err=True)
    talk.values[CHANNEL] = found[choice - 1].chat
    return f" in the {found[choice - 1].kind} {found[choice - 1].title}"


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mail(talk: Talk) -> bool:
    """The mail server, its sender and the readers."""
    click.echo("Mail: the daily letter. Without a server it goes to a preview.", err=True)
    if talk.ask and not talk.values.get(HOST):
        click.echo(HELP["mail"], err=True)

    async def letter() -> str:
        from monitor.app.setup import prove_mail

        _ask_for_mail(talk)
        if not talk.values.get(HOST):
            return "no mail server; letters go to the preview"
        settings = talk.settings()
        if not settings.digest_to:
            raise SettingError("a reader is needed: name at least one mailbox")
        await prove_mail(settings, say=talk.say)
        sent = f", and {len(settings.digest_to)} test letters are on their way" if talk.say else ""
        return f"the mail server takes our letters{sent}"

    return talk.until_proved(MAIL, letter)


def _ask_for_mail(talk: Talk) -> None:
    """Every question about mail; none after the first when there is no server."""
    values = talk.values
    values[HOST] = talk.question(HOST, "The mail server (Enter for none)")
    if not values[HOST]:
        return
    values[SECURITY] = talk.question(SECURITY, "Security (starttls or tls)", default="starttls")
    values[PORT] = talk.question(PORT, "Port", default=USUAL_PORTS.get(values[SECURITY], "587"))
    values[USER] = talk.question(USER, "User (Enter for none)")
    if values[USER]:
        values[PASSWORD] = talk.question(PASSWORD, "Password (not shown)", secret=True)
    else:
        values.pop(PASSWORD, None)
    values[SENDER] = talk.question(SENDER, "Sender", default=values[USER] if "@" in values[USER] else "")
    values[READERS] = talk.question(READERS, "Readers (comma-separated)")


def _goodbye(secrets: Path) -> None:
    """How to start with what was kept."""
    click.echo(
        f"Start:            CREDENTIALS_DIRECTORY={secrets} monitor run\n"
        f"Look at it again: CREDENTIALS_DIRECTORY={secrets} monitor check --online\n"
        "With systemd and containers: README.md, “Run it for years”."
    )
