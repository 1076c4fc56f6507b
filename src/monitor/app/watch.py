"""What maintainers are told of the sources: each root cause once, and when it is over; each suspect once.

What was told is remembered in `facts`, so that a restart repeats nothing. A source that comes and goes is a line a day
at most.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from monitor.app.house import House
from monitor.model import Feed, FeedState
from monitor.policy import causes
from monitor.policy.identity import is_quarantined
from monitor.policy.reports import Report, report
from monitor.render import notices, troubles
from monitor.render.troubles import Light
from monitor.schema import transaction
from monitor.store import facts
from monitor.store import feeds as feed_store
from monitor.store import troubles as trouble_store
from monitor.text.prints import digest16
from monitor.text.times import stamp

log = structlog.get_logger("monitor.app")

ASKED, MORNING = "asked about ", "coverage told"


def watch(house: House) -> None:
    """Look at all sources and say what is new."""
    states = feed_store.states(house.db)
    feeds = [feed for feed in house.desk.feeds if feed.enabled]
    _ask_about_suspects(house, feeds, states)
    _tell_troubles(house, feeds, states)
    _tell_coverage(house)


def _tell_troubles(house: House, feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> None:
    """Tell what is new and what is over, and remember that; who was behind a road that is open again is asked at once."""
    now = house.clock()
    found = report(causes.troubles(feeds, states, now), trouble_store.told(house.db), states, now)
    if found.wide or found.over or found.lines or found.well:  # mostly there is nothing to tell
        _tell(house, found, now)
    if found.kept or found.forgotten or found.awake:
        with transaction(house.db) as db:
            for kept in found.kept:
                trouble_store.remember(db, kept)
            trouble_store.forget(db, found.forgotten)
            feed_store.wake(db, found.awake, now)


def _tell(house: House, found: Report, now: datetime) -> None:
    light = Light(
        coverage=house.library.coverage(now),
        now=now,
        lang=house.settings.languages[0],
        time_zone=house.settings.time_zone,
    )
    for one in found.wide:
        house.tell_maintainers(troubles.wide(one, light), f"trouble {one.key} {stamp(one.since)}")
    for kept in found.over:
        lasted = now - kept.trouble.since
        house.tell_maintainers(
            troubles.over(kept.trouble, lasted, light), f"over {kept.trouble.key} {stamp(kept.told_at)}"
        )
    if found.lines or found.well:
        which = digest16(" ".join([*(f"{one.key} {stamp(one.since)}" for one in found.lines), *found.well]))
        key = f"sources {now:%Y-%m-%d} {which}"  # the same when a crash comes between telling and remembering
        house.tell_maintainers(troubles.singles(found.lines, found.well, light), key)


def _tell_coverage(house: House) -> None:
    """What is seen and what is not, in the admin chat once a day at the hour of the letter; a sign of life as well."""
    now, settings = house.clock(), house.settings
    local = now.astimezone(ZoneInfo(settings.time_zone))
    today = local.date().isoformat()
    told = facts.recall(house.db, MORNING)
    if told == today or (told is not None and f"{local:%H:%M}" < settings.digest_at):
        return
    chats = [place for place in house.recipients.admins if place[0] != "email"]
    if told is not None and chats:
        coverage = house.library.coverage(now)
        notice = notices.coverage_told(coverage, settings.languages[0], settings.time_zone, now)
        house.tell_maintainers(notice, f"coverage {today}", chats)
    with transaction(house.db) as db:
        facts.remember(db, MORNING, today, now)


def _ask_about_suspects(house: House, feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> None:
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
