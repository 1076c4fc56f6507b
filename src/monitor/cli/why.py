"""`monitor why`: the life of one alert or one address, stage by stage."""

import asyncio
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.lives import foretold, told
from monitor.cli.output import local, print_json
from monitor.cli.voices import archive, names_of
from monitor.text.times import stamp

if TYPE_CHECKING:
    from monitor.app.reading_room import ReadingRoom
    from monitor.app.tracing import Trace
    from monitor.history.why import Life

# The forms of messages and the keys of recipients stay at home.
HIDDEN = frozenset({"body", "recipient", "memory"})


@click.command(short_help="Tell why something was said, or was not.")
@click.argument("subject", metavar="REF|URL")
@click.option("--cards", is_flag=True, help="Show every wording of every card in full, with its time.")
@click.option("--online", is_flag=True, help="Ask the sources and the page of an address that was never seen.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def why(door: Door, *, subject: str, cards: bool, online: bool, as_json: bool) -> int:
    """Tell the life of an alert (its reference, such as K7F2Q) or of an address, stage by stage."""
    from monitor.history.why import life_of_ref, life_of_url

    with archive(door) as room:
        is_address = "/" in subject or "." in subject
        url = subject if "://" in subject else f"https://{subject}"
        db = room.library.db
        life = life_of_url(db, url, room.library.feeds) if is_address else life_of_ref(db, subject)
        if life is None:
            click.echo(f"no story carries {subject}; try `monitor search`, or the address of the article", err=True)
            return 1
        traced = _traced(door, room, url, life) if online and not life.known else None
        names = names_of(room.recipients)
    if as_json:
        hidden = HIDDEN if cards else HIDDEN | {"words"}
        print_json(_plain(asdict(life) | ({"trace": asdict(traced)} if traced else {}), hidden))
    else:
        at = partial(local, time_zone=door.settings.time_zone, seconds=True)
        click.echo("\n".join(told(life, names, at, cards=cards)))
        if traced:
            click.echo("\n".join(foretold(traced, at)))
        elif not life.known:
            click.echo("`--online` asks the sources and the page now")
    return 0 if life.known else 1


def _traced(door: Door, room: "ReadingRoom", url: str, life: "Life") -> "Trace":
    """The address as it looks today."""
    from monitor import logs
    from monitor.app.tracing import trace_in
    from monitor.cli.tryout import typed_address

    logs.set_up(form=door.settings.log_format, level="error", secrets=door.settings.secrets())
    feeds = [source.feed for source in life.sources]
    return asyncio.run(trace_in(room, door.settings, typed_address(url), feeds))


def _plain(value: Any, hidden: frozenset[str]) -> Any:
    """The same, of what JSON knows, without what is hidden."""
    match value:
        case datetime():
            return stamp(value)
        case Enum():
            return value.value
        case dict():
            return {key: _plain(one, hidden) for key, one in value.items() if key not in hidden}
        case list() | tuple() | set() | frozenset():
            return [_plain(one, hidden) for one in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
