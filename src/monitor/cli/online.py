"""The outside world in `monitor check --online`: every source, every chat and the mail server, tried once."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.output import print_table, say
from monitor.config.settings import Settings

if TYPE_CHECKING:
    from monitor.app.probes import Probe
    from monitor.app.tryout import Trial
    from monitor.model import Feed

GUIDE = "docs/first-check.md"
UNREACHED = frozenset({"dns", "connect", "timeout", "proxy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """How the tries went: sources in the order of the file, then destinations."""

    trials: "tuple[Trial, ...]"
    probes: "tuple[Probe, ...]"

    @property
    def failed(self) -> int:
        """How many gave nothing."""
        return sum(not trial.ok for trial in self.trials) + sum(not probe.ok for probe in self.probes)

    @property
    def looks_offline(self) -> bool:
        """Whether no source could be reached at all: then it is rather this machine that has no way out."""
        return bool(self.trials) and all(trial.kind in UNREACHED for trial in self.trials)


def ask_everybody(settings: Settings, feeds: "Sequence[Feed]") -> Online:
    """Ask every enabled source once, all at the same time, and try the destinations; nothing is kept or said."""
    return asyncio.run(_ask(settings, [feed for feed in feeds if feed.enabled]))


async def _ask(settings: Settings, feeds: "Sequence[Feed]") -> Online:
    from monitor import logs
    from monitor.app.probes import probe_destinations
    from monitor.app.tryout import try_feeds
    from monitor.app.wire import open_wire
    from monitor.cli.progress import source_progress

    logs.set_up(form=settings.log_format, level="error", secrets=settings.secrets())
    async with open_wire(settings) as wire:
        with source_progress(len(feeds)) as moved:
            trials = await try_feeds(wire, feeds, lambda trial: moved(trial.feed.id))
    return Online(trials=tuple(trials), probes=tuple(await probe_destinations(settings)))


def records(online: Online) -> list[dict[str, Any]]:
    """The tries as JSON, in one shape: `said` is a sentence, `kind` the error's one word, empty when all is well."""
    from monitor.cli.tryout import newest

    sources = [
        {
            "subject": trial.feed.id,
            "said": trial.said or f"{len(trial.items)} items",
            "kind": trial.kind,
            "items": len(trial.items),
            "newest": newest(trial),
            "doubts": list(trial.doubts),
            "ok": trial.ok,
        }
        for trial in online.trials
    ]
    return sources + [{**asdict(probe), "ok": probe.ok} for probe in online.probes]


def print_online(online: Online) -> None:
    """A line for each try, what gave nothing first, then how many did."""
    from monitor.cli.tryout import in_a_line

    trials = sorted(online.trials, key=lambda trial: (trial.ok, not trial.doubts))
    rows = [in_a_line(trial) for trial in trials]
    rows += [(probe.kind or "ok", probe.subject, "", "", probe.said) for probe in online.probes]
    if rows:
        print_table(("answer", "source", "items", "newest", "remark"), rows, {"ok": "green"})
    click.echo(f"online: {len(rows)} tried, {online.failed} failed")
    if online.looks_offline:
        say("No source could be reached at all: is this machine online, and does its proxy work?")
    elif any(not trial.ok for trial in online.trials):
        say(f"`monitor feeds discover SITE` looks for another address; {GUIDE} is a guide.")
