"""`monitor feeds trust`: a source that looked taken over is its outlet after all."""

from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Door
from monitor.cli.output import say
from monitor.cli.switching import DRY_RUN, IDS, refuse_unknown

if TYPE_CHECKING:
    from monitor.model import FeedState


@click.command(short_help="End the quarantine of these sources.")
@IDS
@DRY_RUN
@click.pass_obj
def trust(door: Door, *, ids: tuple[str, ...], dry_run: bool) -> int:
    """End the quarantine of these sources; what was kept of them is judged with the next cycle."""
    from monitor.app.environment import now
    from monitor.config.files import FEEDS, read_feeds
    from monitor.ingest import held
    from monitor.policy.identity import is_quarantined
    from monitor.schema import open_database
    from monitor.store import feeds as feed_store
    from monitor.store import withheld

    known = {feed.id: feed for feed in read_feeds(door.settings.config_dir / FEEDS)}
    for feed_id in ids:
        refuse_unknown(feed_id, known)
    path = door.settings.data_dir / "monitor.db"
    if not path.exists():
        click.echo(f"nothing was ever read here: there is no {path}", err=True)
        return 1
    db = open_database(path)
    suspected = {feed_id: state for feed_id, state in feed_store.states(db).items() if is_quarantined(state)}
    for feed_id in dict.fromkeys(ids):
        if feed_id not in suspected:
            say(f"{feed_id}: is in no quarantine")
            continue
        count = len(withheld.of_feed(db, feed_id))
        if not dry_run:
            held.trust(db, feed_id, now())
        outcome = "would be judged" if dry_run else "are judged with the next cycle"
        say(*_looks(feed_id, suspected[feed_id]), f"{feed_id}: {count} kept articles with a hit {outcome}")
    return 0 if set(ids) & suspected.keys() else 1


def _looks(feed_id: str, state: "FeedState") -> list[str]:
    """Why the source was suspected."""
    from monitor.render.troubles import suspicions

    found: dict[str, Any] = state.memory["quarantine"]
    return [f"{feed_id}: {line}" for line in suspicions(found["signs"], "en")]
