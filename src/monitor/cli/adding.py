"""`monitor feeds add`: a new source, described as far as it describes itself, put into `feeds.yaml`."""

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json, say
from monitor.cli.tryout import answer, typed_address
from monitor.config.settings import Settings
from monitor.config.values import REGIONS
from monitor.model import LANGUAGES, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from monitor.app.tryout import Trial
    from monitor.app.wire import Wire
    from monitor.config.editing import Grown
    from monitor.model import Feed

STANDINGS = tuple(standing.value for standing in Standing)
KINDS = ("rss", "sitemap", "listing", "telegram", "page")


@click.command(short_help="Find out what a source is and put it into feeds.yaml.")
@click.argument("address", metavar="URL|SITE")
@click.option("--id", "feed_id", help="Its id. [made from the address]")
@click.option("--title", help="What readers call the outlet. [what it calls itself]")
@click.option("--kind", type=click.Choice(KINDS), help="How it is read. [found out]")
@click.option("--lang", type=click.Choice(LANGUAGES), help="What it is mostly written in. [found out]")
@click.option("--scope", type=click.Choice(("local", "global")), help="global: must also name Kazakhstan. [found out]")
@click.option("--standing", type=click.Choice(STANDINGS), help="Whose voice it is. [asked on a terminal]")
@click.option(
    "--region",
    type=click.Choice(sorted(REGIONS)),
    metavar="KZ-…",
    help="The region it writes about, such as KZ-47. [found out]",
)
@click.option("--every", help="How often it is asked, such as 15m. [what `defaults` say]")
@click.option("--full-text/--no-full-text", default=None, help="Fetch the articles' own pages. [found out]")
@click.option("--note", default="", help="A comment to stand above the entry.")
@click.option("--off", is_flag=True, help="Add it switched off, also when it does not answer now.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--dry-run", is_flag=True, help="Print the entry and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON; asks nothing.")
@click.pass_obj
def add(
    door: Door, /, *, address: str, note: str, off: bool, yes: bool, dry_run: bool, as_json: bool, **given: Any
) -> int:
    """Find out what a source is and put it into feeds.yaml; comments and everything else there stay as they are.

    Of a site the best source is taken; `monitor feeds discover` shows all. What is there already is refused.
    """
    from monitor.config.files import FEEDS, read_feeds

    settings = door.settings
    path = settings.config_dir / FEEDS
    known = read_feeds(path) if path.exists() else ()
    url = typed_address(address)
    _refuse_twin(url, known)
    _refuse_id(given["feed_id"], known)
    trial = asyncio.run(_look(settings, url, given["kind"], known))
    _refuse_twin(trial.feed.url, known)
    trial = replace(trial, doubts=(*trial.doubts, *_neighbours(trial.feed, known)))
    if not trial.ok and not off:
        what = f"{trial.feed.url}: {trial.said} ({trial.kind}); nothing was added."
        raise click.ClickException(f"{what} `--off` adds it all the same, switched off; `--kind` says what it is.")
    feed = _overruled(trial.feed, given, off=off)
    if given["standing"] is None and not (yes or as_json) and sys.stdin.isatty():
        feed = replace(feed, standing=Standing(_ask_standing(feed)))
    grown = put(path, [feed], {feed.id: note}, dry_run=dry_run)
    if as_json:
        told = {"id": feed.id, "url": feed.url, "added": not dry_run, "line": grown.line, "entry": grown.added}
        print_json(told | {"doubts": list(trial.doubts)})
    else:
        _tell(trial, path, grown, dry_run=dry_run)
    return 0


def _refuse_twin(url: str, known: "tuple[Feed, ...]") -> None:
    """An address is read once. Raises ClickException."""
    from monitor.app.describing import twin_of

    if twin := twin_of(url, known):
        off = "" if twin.enabled else f" It is switched off; `monitor feeds on {twin.id}` reads it."
        raise click.ClickException(f"{url} is there already, as `{twin.id}`.{off}")


def _refuse_id(feed_id: str | None, known: "tuple[Feed, ...]") -> None:
    """An id is well made and nobody's. Raises ClickException or BadParameter."""
    from monitor.config.shapes import SLUG

    if feed_id and not SLUG.fullmatch(feed_id):
        raise click.BadParameter("use small Latin letters, digits and dashes, such as lada-kz", param_hint="--id")
    if twin := next((feed for feed in known if feed.id == feed_id), None):
        raise click.ClickException(f"the id `{feed_id}` is that of {twin.url}; an id is never used twice.")


def _neighbours(feed: "Feed", known: "tuple[Feed, ...]") -> list[str]:
    from monitor.app.describing import neighbours_of

    ids = neighbours_of(feed, known)
    return [f"Of the same site these are read already: {', '.join(ids)}."] if ids else []


async def _look(settings: Settings, url: str, kind: str | None, known: "tuple[Feed, ...]") -> "Trial":
    """Ask the source, or look for the best one of a site, and describe it by what it says."""
    from monitor import logs
    from monitor.app.describing import described
    from monitor.app.tryout import at_home
    from monitor.app.wire import open_wire
    from monitor.cli.progress import waiting
    from monitor.config.files import KEYWORDS, read_matcher

    logs.set_up(form=settings.log_format, level="error", secrets=settings.secrets())
    async with open_wire(settings) as wire:
        with waiting() as heard:
            heard(url)
            trial = at_home(await _chosen(wire, url, kind, heard))
    matcher = read_matcher(settings.config_dir / KEYWORDS)
    return replace(trial, feed=described(trial, matcher, {feed.id for feed in known}))


async def _chosen(wire: "Wire", url: str, kind: str | None, heard: "Callable[[str], object]") -> "Trial":
    """The address itself, if it is that of a source; for a site, the best that it offers."""
    from urllib.parse import urlsplit

    from monitor.app.describing import likely_kinds, unknown_feed
    from monitor.app.discovery import discover
    from monitor.app.tryout import try_feed

    if kind:
        return await try_feed(wire, unknown_feed(url), (kind,))
    trial = await try_feed(wire, unknown_feed(url), likely_kinds(url))
    is_section = bool(urlsplit(url).path.strip("/"))
    if trial.response is None or (trial.ok and (trial.feed.kind != "listing" or is_section)):
        return trial
    found = await discover(wire, url, heard=heard)
    if found.best is None:
        return trial
    best = found.best.trial
    return replace(best, title=found.title) if best.feed.kind == "listing" and found.title else best


def _overruled(feed: "Feed", given: dict[str, Any], *, off: bool) -> "Feed":
    """The source as found, with what the command line says. Raises BadParameter."""
    from monitor.config.values import Unusable, duration

    said = {name: given[name] for name in ("title", "kind", "lang", "scope", "region", "full_text")}
    said |= {"id": given["feed_id"], "standing": Standing(given["standing"]) if given["standing"] else None}
    if given["every"]:
        try:
            said["every_min"] = said["every_max"] = duration(given["every"])
        except Unusable as mistake:
            raise click.BadParameter(
                f"`{given['every']}` {mistake.what} {mistake.hint}", param_hint="--every"
            ) from None
    return replace(feed, enabled=not off, **{name: value for name, value in said.items() if value is not None})


def _ask_standing(feed: "Feed") -> str:
    """The one thing that no page tells."""
    choice = click.Choice(STANDINGS)
    return str(click.prompt(f"Whose voice is {feed.title}", type=choice, default=feed.standing.value, err=True))


def put(path: "Path", feeds: "Sequence[Feed]", notes: "Mapping[str, str]", *, dry_run: bool) -> "Grown":
    """Put entries into the file, or with `dry_run` only find out that they fit. Raises ConfigError."""
    from monitor.config import exchange
    from monitor.config.editing import with_feeds
    from monitor.config.problems import shown

    before = exchange.read(path)
    grown = with_feeds(before, feeds, shown(path), notes)
    if not dry_run:
        exchange.write(path, before, grown.text)
    return grown


def _tell(trial: "Trial", path: "Path", grown: "Grown", *, dry_run: bool) -> None:
    """What was found, what was written, and what a person should look at."""
    from monitor.config.problems import shown

    say(answer(trial))
    click.echo(grown.added)
    say(*(f"! {doubt}" for doubt in trial.doubts if trial.ok))
    if dry_run:
        say(f"Nothing was written; without --dry-run it goes to {shown(path)}, line {grown.line}.")
    else:
        say(f"Written to {shown(path)}, line {grown.line}. A running monitor takes it over within 30 seconds.")
