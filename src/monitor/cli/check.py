"""`monitor check`: the files, the examples of the topics and, if wanted, whether the outside world answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json
from monitor.config.settings import Settings
from monitor.errors import ConfigError, Problem, SettingError
from monitor.text.packing import nothing_collected

if TYPE_CHECKING:
    from monitor.cli.online import Online
    from monitor.config.files import Configuration

GOOD, FOUND, MISTAKEN = 0, 1, 2
SETTINGS = "settings"


@click.command(short_help="Find every mistake in the files, and run the examples.")
@click.option(
    "--online", is_flag=True, help="Also ask every feed once, and whether Telegram and the mail server let us in."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
@nothing_collected()
def check(door: Door, *, online: bool, as_json: bool) -> int:
    """Check the files and run every topic's examples: exit 2 for a mistake, 1 for an example or a probe that fails."""
    from monitor.config.files import KEYWORDS, load
    from monitor.config.problems import shown

    settings, wrong_settings = _settings(door)
    try:
        configuration = load(settings.config_dir, None if wrong_settings else settings, doubts=True)
    except ConfigError as error:
        return _refuse([*wrong_settings, *map(str, error.problems)], error.problems, as_json=as_json)
    if wrong_settings:
        return _refuse(wrong_settings, (), as_json=as_json)
    failing = _failing_examples(configuration, shown(settings.config_dir / KEYWORDS))
    asked = _ask(settings, configuration) if online else None
    summary = _counts(configuration)
    well = not failing and not (asked and asked.failed)
    if as_json:
        print_json(
            {
                "ok": well,
                "mistakes": [],
                "warnings": [asdict(problem) for problem in configuration.warnings],
                "settings": list(settings.warnings),
                "failing_examples": [asdict(problem) for problem in failing],
                "online": None if asked is None else _records(asked),
                **summary,
            }
        )
    else:
        _tell(configuration, settings, failing, summary)
        if asked:
            _print_online(asked)
    return GOOD if well else FOUND


def _settings(door: Door) -> tuple[Settings, list[str]]:
    """The settings; if they are wrong the command line's folders alone, with what is wrong."""
    try:
        return door.settings, []
    except SettingError as error:
        plain = Settings()
        return Settings(config_dir=door.config_dir or plain.config_dir), [
            f"{SETTINGS}: {line}" for line in str(error).splitlines()
        ]


def _refuse(lines: Sequence[str], problems: Iterable[Problem], *, as_json: bool) -> int:
    """Say every mistake as a result, one per line."""
    if as_json:
        told = [line for line in lines if line.startswith(f"{SETTINGS}: ")]
        print_json({"ok": False, "mistakes": [asdict(problem) for problem in problems], "settings": told})
    else:
        click.echo("\n".join([*lines, f"{_plural(len(lines), 'mistake')}; nothing was changed."]))
    return MISTAKEN


def _failing_examples(configuration: "Configuration", path: str) -> list[Problem]:
    from monitor.matching.compile import compile_keywords
    from monitor.matching.examples import failing_examples

    matcher = configuration.matcher or compile_keywords(configuration.keywords)
    return failing_examples(matcher, configuration.keywords, path)


def _ask(settings: Settings, configuration: "Configuration") -> "Online":
    from monitor.cli.online import ask_everybody

    return ask_everybody(settings, configuration.feeds)


def _records(asked: "Online") -> "list[dict[str, Any]]":
    from monitor.cli.online import records

    return records(asked)


def _print_online(asked: "Online") -> None:
    from monitor.cli.online import print_online

    print_online(asked)


def _counts(configuration: "Configuration") -> dict[str, Any]:
    """How much there is of everything; what the folders of kinds, languages and channels offer."""
    import monitor
    from monitor.languages import by_code
    from monitor.matching.lists import lists_of
    from monitor.sources import kinds

    keywords = configuration.keywords
    channels = (path.stem for folder in monitor.__path__ for path in Path(folder, "channels").glob("[!_]*.py"))
    return {
        "feeds": {
            "read": dict(sorted(Counter(feed.kind for feed in configuration.feeds if feed.enabled).items())),
            "off": sum(not feed.enabled for feed in configuration.feeds),
        },
        "topics": {
            "live": sum(topic.live for topic in keywords.topics),
            "trial": sum(not topic.live for topic in keywords.topics),
        },
        "terms": sum(len(each.terms) for each in lists_of(keywords)),
        "places": len(keywords.places),
        "names": len(keywords.names),
        "examples": sum(len(topic.match_examples) + len(topic.ignore_examples) for topic in keywords.topics),
        "kinds": sorted(kinds()),
        "languages": sorted(by_code()),
        "channels": sorted(channels),
    }


def _tell(
    configuration: "Configuration",
    settings: Settings,
    failing: Sequence[Problem],
    summary: dict[str, Any],
) -> None:
    """Warnings and failing examples one per line, then what there is.

    What only says how a word is understood comes first, whatever has a remedy after it, nearest to the eye.
    """
    remarks = [problem for problem in configuration.warnings if not problem.hint]
    remedied = [problem for problem in configuration.warnings if problem.hint]
    lines = [str(problem) for problem in remarks]
    lines += [f"{SETTINGS}: warning: {said}" for said in settings.warnings]
    lines += [str(problem) for problem in (*remedied, *failing)]
    feeds, topics = summary["feeds"], summary["topics"]
    kinds = ", ".join(f"{count} {kind}" for kind, count in feeds["read"].items())
    lines += [
        f"feeds: {sum(feeds['read'].values())} read ({kinds or 'none'}), {feeds['off']} switched off",
        (
            f"topics: {topics['live']} live, {topics['trial']} on trial · terms: {summary['terms']} · "
            f"places: {summary['places']} · names: {summary['names']}"
        ),
        (
            f"kinds of sources: {', '.join(summary['kinds'])} · languages: {', '.join(summary['languages'])} · "
            f"channels: {', '.join(summary['channels'])}"
        ),
        (
            f"examples: {summary['examples']} tried, {len(failing)} failed · "
            f"{_plural(len(configuration.warnings) + len(settings.warnings), 'warning')}, no mistakes"
        ),
    ]
    click.echo("\n".join(lines))


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
