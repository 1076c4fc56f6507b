"""What maintainers are told of the sources: each thing once, until it is over."""

import structlog

from monitor.app.house import House
from monitor.model import Feed, FeedState
from monitor.policy.identity import is_quarantined
from monitor.render import troubles
from monitor.schema import transaction
from monitor.store import facts
from monitor.store import feeds as feed_store

log = structlog.get_logger("monitor.app")

ASKED = "asked about "  # the beginning of a fact's name; the feed's id follows


def watch(house: House) -> None:
    """Look at all sources and say what is new."""
    states = feed_store.states(house.db)
    _ask_about_suspects(house, [feed for feed in house.desk.feeds if feed.enabled], states)


def _ask_about_suspects(house: House, feeds: list[Feed], states: dict[str, FeedState]) -> None:
    """Ask once about every source in quarantine whether it still is its outlet."""
    suspects = {feed.id: feed for feed in feeds if feed.id in states and is_quarantined(states[feed.id])}
    for feed in suspects.values():
        held = states[feed.id].memory["quarantine"]
        if facts.recall(house.db, ASKED + feed.id) != held["at"]:
            notice = troubles.suspect(feed.name, feed.id, held["signs"], house.settings.languages[0])
            house.tell_maintainers(notice, f"suspect {feed.id} {held['at']}")
            with transaction(house.db) as db:
                facts.remember(db, ASKED + feed.id, held["at"], house.clock())
    over = [name for name in facts.named(house.db, ASKED) if name.removeprefix(ASKED) not in suspects]
    if over:
        with transaction(house.db) as db:
            for name in over:
                facts.forget(db, name)
