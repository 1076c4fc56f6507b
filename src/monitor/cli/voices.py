"""`monitor outbox` and `monitor mute`: what waits to be said or died, and what shall not be said for a while."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import local, print_json
from monitor.text.times import stamp

if TYPE_CHECKING:
    from monitor.app.reading_room import ReadingRoom
    from monitor.app.recipients import Recipients
    from monitor.model import Delivery, Mute

KINDS = ("topic", "place", "name", "source")
GONE = "a destination that is no longer set"


@contextmanager
def archive(door: Door) -> "Iterator[ReadingRoom]":
    """The reading room on an archive that exists. Raises ClickException when nothing was ever read."""
    from monitor.app.reading_room import reading_room

    path = door.settings.data_dir / "monitor.db"
    if not path.exists():
        raise click.ClickException(f"nothing was ever read here: there is no {path}. Start with `monitor once`.")
    with reading_room(door.settings) as room:
        yield room


def names_of(recipients: "Recipients") -> dict[tuple[str, str], str]:
    """What a destination is called where people see it; never its address."""
    named = dict.fromkeys(recipients.admins, "maintainers")
    named |= {(reader.channel, reader.recipient): f"reader {at}" for at, reader in enumerate(recipients.readers, 1)}
    return named | {(voice.channel, voice.recipient): voice.name for voice in recipients.voices}


# ── the outbox ───────────────────────────────────────────────────────────────────────────────────────────────────


@click.group
def outbox() -> None:
    """What waits to be said, is in doubt, or died."""


@outbox.command("list", short_help="List what waits, what is in doubt and what died.")
@click.option("--all", "everything", is_flag=True, help="Also the latest of what was said.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def list_outbox(door: Door, *, everything: bool, as_json: bool) -> None:
    """List what waits, what is in doubt and what died, the next one first."""
    from monitor.history.why import unsaid

    with archive(door) as room:
        found = unsaid(room.library.db, said=50 if everything else 0)
        names = names_of(room.recipients)
    if as_json:
        print_json([_delivery(one, names) for one in found])
        return
    for one in found:
        click.echo(_in_a_line(one, _delivery(one, names), door.settings.time_zone))
    if not found:
        click.echo("nothing waits, nothing died")


def _delivery(one: "Delivery", names: dict[tuple[str, str], str]) -> dict[str, Any]:
    place = (one.message.channel, one.message.recipient)
    return {
        "id": one.id,
        "ref": one.message.ref or None,
        "subject": one.message.subject,
        "action": one.message.action,
        "channel": one.message.channel,
        "to": names.get(place, GONE),
        "state": one.state.value,
        "attempts": one.attempt_count,
        "repeat": one.repeat,
        "queued_at": stamp(one.created_at),
        "not_before": stamp(one.not_before) if one.not_before else None,
        "sent_at": stamp(one.sent_at) if one.sent_at else None,
        "message_id": one.message_id,
        "error": one.last_error,
    }


def _in_a_line(one: "Delivery", row: dict[str, Any], time_zone: str) -> str:
    when = f", not before {local(one.not_before, time_zone)}" if one.not_before else ""
    attempts = f"{row['attempts']} attempt" + ("" if row["attempts"] == 1 else "s")
    error = f": {row['error']}" if row["error"] else ""
    name = row["ref"] or f"#{row['id']} {row['subject']}"
    name += "" if row["action"] == "send" else f" ({row['action']})"
    return (
        f"{row['state']:<9}  {name}  {row['channel']} to {row['to']}, queued {local(one.created_at, time_zone)}, "
        f"{attempts}{when}{error}"
    )


@outbox.command(short_help="Try again at once.")
@click.argument("ref", required=False)
@click.pass_obj
def retry(door: Door, *, ref: str | None) -> int:
    """Try again at once: the dead messages with this reference (or number), or every destination that shut its door."""
    from monitor.deliver import doors
    from monitor.outbox.revive import revive
    from monitor.schema import transaction

    with archive(door) as room, transaction(room.library.db) as db:
        names = names_of(room.recipients)
        if ref is not None:
            count = revive(db, ref.lstrip("#"))
            tried = f"{count} back in the queue"
        else:
            shut = doors.shut(db)
            for place in shut:
                doors.knock(db, place)
            count = len(shut)
            tried = f"tried again: {', '.join(names.get(place, GONE) for place in shut)}"
    if not count:
        nothing = f"no dead message carries {ref}" if ref else "no destination has shut its door"
        click.echo(f"{nothing}; see `monitor outbox list`", err=True)
        return 1
    click.echo(f"{tried}; the running monitor sends it, or the next `monitor once`")
    return 0


# ── silences ─────────────────────────────────────────────────────────────────────────────────────────────────────


@click.group
def mute() -> None:
    """Silences about one topic, place, name or source, with an end."""


@mute.command("add", short_help="Say nothing about something for a while.")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("value")
@click.option("--for", "span", default="7d", show_default=True, help="How long, such as 12h or 3d; `ever` has no end.")
@click.option("--comment", default="", help="Why, for those who wonder later.")
@click.option("--dry-run", is_flag=True, help="Check it and keep nothing.")
@click.pass_obj
def add_mute(door: Door, *, kind: str, value: str, span: str, comment: str, dry_run: bool) -> None:
    """Say nothing about VALUE (its id in keywords.yaml or feeds.yaml) for a while; it stays in the archive."""
    from monitor.model import Mute
    from monitor.schema import transaction
    from monitor.store import mutes

    length = _length(span)
    with archive(door) as room:
        _refuse_unknown(kind, value, _known(door, kind))
        now = room.clock()
        silence = Mute(kind=kind, value=value, until=now + length if length else None, comment=comment)
        if not dry_run:
            with transaction(room.library.db) as db:
                number = mutes.add(db, silence, now)
    until = f"until {local(silence.until, door.settings.time_zone)}" if silence.until else "without an end"
    click.echo(f"{'would be ' if dry_run else ''}muted: {kind} {value} {until}" + ("" if dry_run else f" ({number})"))


def _length(span: str) -> timedelta | None:
    """The length of a silence; None for one without an end. Raises BadParameter."""
    from monitor.config.values import Unusable, duration

    if span == "ever":
        return None
    try:
        length = duration(span)
    except Unusable as mistake:
        raise click.BadParameter(f"{span!r} {mistake.what} {mistake.hint}", param_hint="--for") from None
    if not length:
        raise click.BadParameter("a silence of no length silences nothing", param_hint="--for")
    return length


def _known(door: Door, kind: str) -> Iterable[str]:
    """The ids that a silence of this kind may name."""
    from monitor.config.lastgood import load_or_last_good

    settings = door.settings
    configuration, _refused = load_or_last_good(settings.config_dir, settings.data_dir, settings)
    words = configuration.keywords
    match kind:
        case "topic":
            return [topic.id for topic in words.topics]
        case "place":
            return [place.id for place in words.places]
        case "name":
            return [name.id for name in words.names]
        case _:
            return [feed.id for feed in configuration.feeds]


def _refuse_unknown(kind: str, value: str, known: Iterable[str]) -> None:
    from monitor.config.hints import nearest

    choices = list(known)
    if value not in choices:
        near = nearest(value, choices)
        hint = f" Did you mean `{near}`?" if near else ""
        raise click.BadParameter(f"there is no {kind} `{value}`.{hint}", param_hint="VALUE")


@mute.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def list_mutes(door: Door, *, as_json: bool) -> None:
    """List the silences in force."""
    from monitor.store import stories

    with archive(door) as room:
        found = stories.mutes(room.library.db, room.clock())
    if as_json:
        print_json([_mute(one) for one in found])
        return
    for one in found:
        until = f"until {local(one.until, door.settings.time_zone)}" if one.until else "without an end"
        click.echo(f"{one.id}  {one.kind} {one.value}  {until}  {one.comment}".rstrip())
    if not found:
        click.echo("nothing is muted")


def _mute(one: "Mute") -> dict[str, Any]:
    until = stamp(one.until) if one.until else None
    return {"id": one.id, "kind": one.kind, "value": one.value, "until": until, "comment": one.comment}


@mute.command("remove")
@click.argument("number", type=int)
@click.pass_obj
def remove_mute(door: Door, *, number: int) -> int:
    """End a silence, by its number in the list."""
    from monitor.schema import transaction
    from monitor.store import mutes

    with archive(door) as room, transaction(room.library.db) as db:
        removed = mutes.remove(db, number)
    click.echo(
        "no longer muted" if removed else f"there is no silence {number}; see `monitor mute list`", err=not removed
    )
    return 0 if removed else 1
