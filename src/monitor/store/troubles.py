"""Troubles at rest: what maintainers were told of, by key, in `facts`."""

import json
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from monitor.model import Cause, Trouble
from monitor.policy.reports import Told
from monitor.store import facts
from monitor.text.times import stamp, unstamp

NAMED = "trouble "


def told(db: Database) -> dict[str, Told]:
    """All that was told and is not forgotten, by the trouble's key."""
    kept = {name.removeprefix(NAMED): value for name, value in facts.named(db, NAMED).items()}
    return {key: _told(key, json.loads(value)) for key, value in kept.items()}


def remember(db: Database, known: Told) -> None:
    """Keep what was told of one trouble, and how it stands."""
    one = known.trouble
    value = {
        "cause": one.cause.value,
        "feeds": one.feeds,
        "names": one.names,
        "asked": one.asked,
        "since": stamp(one.since),
        "what": one.what,
        "where": one.where,
        "over_at": stamp(known.over_at) if known.over_at else None,
        "in_silence": known.in_silence,
        "is_fading": known.is_fading,
        "told_at": stamp(known.told_at),
    }
    facts.remember(db, NAMED + one.key, json.dumps(value, ensure_ascii=False), known.told_at)


def forget(db: Database, keys: Iterable[str]) -> None:
    """Drop what was told of these."""
    for key in keys:
        facts.forget(db, NAMED + key)


def _told(key: str, kept: dict[str, Any]) -> Told:
    return Told(
        trouble=Trouble(
            cause=Cause(kept["cause"]),
            key=key,
            feeds=tuple(kept["feeds"]),
            names=tuple(kept["names"]),
            asked=kept["asked"],
            since=unstamp(kept["since"]),
            what=kept["what"],
            where=kept["where"],
        ),
        told_at=unstamp(kept["told_at"]),
        over_at=unstamp(kept["over_at"]) if kept["over_at"] else None,
        in_silence=kept["in_silence"],
        is_fading=kept["is_fading"],
    )
