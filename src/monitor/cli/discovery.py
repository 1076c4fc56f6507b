"""`monitor feeds discover`: where the news of a site can be read."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import print_json, print_table, say
from monitor.cli.tryout import NOTHING, newest, typed_address
from monitor.config.settings import Settings

if TYPE_CHECKING:
    from monitor.app.discovery import Candidate, Discovery
    from monitor.model import Feed


@click.command(short_help="Look for ways to read the news of a site.")
@click.argument("site")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def discover(door: Door, *, site: str, as_json: bool) -> int:
    """Look for feeds, sitemaps, lists of news and Telegram channels of a site; each is tried before it is shown."""
    from monitor.config.files import FEEDS, read_feeds

    path = door.settings.config_dir / FEEDS
    known = read_feeds(path) if path.exists() else ()
    found = asyncio.run(look(door.settings, typed_address(site)))
    if as_json:
        print_json(_as_json(found, known))
    else:
        _show(found, known)
    return 0 if found.best else 1


async def look(settings: Settings, url: str) -> "Discovery":
    """Everything that a site offers."""
    from monitor import logs
    from monitor.app.discovery import discover as search
    from monitor.app.wire import open_wire
    from monitor.cli.progress import waiting

    logs.set_up(form=settings.log_format, level="error", secrets=settings.secrets())
    async with open_wire(settings) as wire:
        with waiting() as heard:
            return await search(wire, url, heard=heard)


def _show(found: "Discovery", known: "Sequence[Feed]") -> None:
    if found.kind:
        say(f"{found.site}: {found.said} ({found.kind})")
        return
    click.echo(click.style(found.title or found.site, bold=True))
    rows = [_cells(one, known) for one in found.candidates]
    if rows:
        print_table(("answer", "kind", "items", "newest", "address"), rows, {"ok": "green"})
    if found.best is None:
        say(
            "Nothing here can be read by a program. Look for the outlet's Telegram channel, or for the address of a list."
        )
        return
    new = [one for one in found.candidates if one.trial.ok and not _twin(one, known)]
    if new:
        click.echo("To add one, the best first:")
        click.echo("\n".join(f"  monitor feeds add '{one.trial.feed.url}'" for one in new))


def _cells(one: "Candidate", known: "Sequence[Feed]") -> tuple[str, str, str, str, str]:
    trial = one.trial
    day = (newest(trial) or NOTHING).partition("T")[0]
    twin = _twin(one, known)
    told = [f"is read already, as {twin}"] if twin else []
    told += trial.doubts if trial.ok else [trial.said]
    remark = f"{trial.feed.url} ({one.how}) {' '.join(told)}"
    return trial.kind or "ok", trial.feed.kind, str(len(trial.items) or NOTHING), day, remark


def _twin(one: "Candidate", known: "Sequence[Feed]") -> str | None:
    """The id under which an address is read already."""
    from monitor.app.describing import twin_of

    twin = twin_of(one.trial.feed.url, known)
    return twin.id if twin else None


def _as_json(found: "Discovery", known: "Sequence[Feed]") -> dict[str, Any]:
    return {
        "site": found.site,
        "title": found.title,
        "error_kind": found.kind or None,
        "error": found.said or None,
        "best": found.best.trial.feed.url if found.best else None,
        "candidates": [
            {
                "url": one.trial.feed.url,
                "kind": one.trial.feed.kind,
                "how": one.how,
                "ok": one.trial.ok,
                "error_kind": one.trial.kind or None,
                "error": one.trial.said or None,
                "title": one.trial.title,
                "items": len(one.trial.items),
                "newest": newest(one.trial),
                "doubts": list(one.trial.doubts),
                "known_as": _twin(one, known),
            }
            for one in found.candidates
        ],
    }
