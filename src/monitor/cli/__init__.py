"""The front door: one file per command group, loaded when its command is called.

stdout carries results only; logs and problems go to stderr. Exit codes: 0 ok, 1 ran and found a problem, 2 usage or
bad configuration, 75 another instance runs, 130 interrupted.
"""

import atexit
import gc
import importlib
import logging
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from monitor.app.environment import read_environment
from monitor.config.settings import Settings
from monitor.errors import ConfigError, LockedError, MonitorError, SchemaError, SettingError

USAGE, LOCKED, INTERRUPTED = 2, 75, 130
EXIT_CODES: tuple[tuple[type[MonitorError], int], ...] = (
    (ConfigError, USAGE),
    (SettingError, USAGE),
    (SchemaError, USAGE),
    (LockedError, LOCKED),
)

# Where each command lives. A new command is a new line here and a function there.
COMMANDS = {
    "run": "monitor.cli.run:run",
    "once": "monitor.cli.run:once",
    "demo": "monitor.cli.demo:demo",
    "setup": "monitor.cli.setup:setup",
    "check": "monitor.cli.check:check",
    "match": "monitor.cli.words:match",
    "keywords": "monitor.cli.words:keywords",
    "feeds": "monitor.cli.feeds:feeds",
    "digest": "monitor.cli.voice:digest",
    "channel": "monitor.cli.voice:channel",
    "status": "monitor.cli.look:status",
    "search": "monitor.cli.look:search",
    "why": "monitor.cli.why:why",
    "stories": "monitor.cli.stories:stories",
    "outbox": "monitor.cli.voices:outbox",
    "mute": "monitor.cli.voices:mute",
}


@dataclass(slots=True)
class Door:
    """What every command may ask of the command line: the folders named there, and the settings they lead to."""

    config_dir: Path | None = None
    data_dir: Path | None = None
    log_level: str | None = None
    _settings: Settings | None = field(default=None, repr=False)

    @property
    def settings(self) -> Settings:
        """The settings of the environment, with the command line's folders on top; read on first use."""
        if self._settings is None:
            found = read_environment()
            self._settings = replace(
                found,
                config_dir=self.config_dir or found.config_dir,
                data_dir=self.data_dir or found.data_dir,
                log_level=self.log_level or found.log_level,
            )
        return self._settings


class LazyGroup(click.Group):
    """A group whose commands are imported when called, so that `monitor --help` costs nothing."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module now that it is called."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="monitor", message="monitor %(version)s")
@click.option("--config-dir", type=FOLDER, help="Holds feeds.yaml and keywords.yaml. [MONITOR_CONFIG_DIR, ./config]")
@click.option("--data-dir", type=FOLDER, help="Holds the database and the previews. [MONITOR_DATA_DIR, ./data]")
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@click.option("-q", "--quiet", is_flag=True, help="Log errors only.")
@click.pass_context
def group(
    context: click.Context, *, config_dir: Path | None, data_dir: Path | None, verbose: bool, quiet: bool
) -> None:
    """Watch the news for labour rights in Kazakhstan; ring once, with the reason and the source."""
    level = "debug" if verbose else "error" if quiet else None
    context.obj = Door(config_dir=config_dir, data_dir=data_dir, log_level=level)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: every error of ours becomes a sentence on stderr."""
    atexit.register(gc.freeze)  # at the end of the process nobody need look through all of it for rubbish
    try:
        code = group.main(args=arguments, prog_name="monitor", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except MonitorError as error:
        click.echo(str(error) if isinstance(error, ConfigError) else f"monitor: {error}", err=True)
        return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
    except (BrokenPipeError, SystemExit):
        # `monitor search … | head` closes the pipe early; that is not an error. Where click notices first, it exits.
        sys.stderr.close()
        return 0
    except Exception as error:
        # A bulkhead: a full disk or a bug ends one command, in one line without secrets. The whole story, with -v.
        logging.getLogger("monitor.cli").debug("the command broke", exc_info=True)
        click.echo(_told_safely(error, arguments), err=True)
        return 1
    return code if isinstance(code, int) else 0


def _told_safely(error: Exception, arguments: list[str] | None) -> str:
    """What went wrong, as one line or as a traceback, with every secret of the settings struck out."""
    import traceback

    from monitor.cli.breakage import in_words
    from monitor.logs import Redactor

    try:
        strike = Redactor(read_environment().secrets())
    except MonitorError:
        strike = Redactor()
    words = sys.argv[1:] if arguments is None else arguments
    whole = {"-v", "--verbose"} & set(words)
    told = "".join(traceback.format_exception(error)) if whole else in_words(error)
    return strike(f"monitor: {told}")
