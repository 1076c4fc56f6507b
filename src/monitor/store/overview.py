"""Stories at a glance, for those who look after them."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.text.times import stamp, unstamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One story; `relatives` are (reference, how) of those it may belong with."""

    ref: str
    title: str
    severity: str
    topics: tuple[str, ...]
    outlet_count: int
    article_count: int
    opened_at: datetime
    updated_at: datetime
    said_count: int
    relatives: tuple[tuple[str, str], ...]


def open_stories(db: Database, since: datetime, *, everything: bool = False) -> list[Row]:
    """The stories with an article since then, the latest first; without `everything`, those that readers were told of."""
    rows = db.query(
        """SELECT s.*, (SELECT count(DISTINCT a.feed_id) FROM articles a WHERE a.story_id = s.id) AS outlet_count,
                  (SELECT count(*) FROM verdicts v WHERE v.story_id = s.id AND v.say = 1) AS said_count,
                  (SELECT json_group_array(json_array(o.ref, r.join_kind))
                   FROM relatives r JOIN stories o ON o.id = r.other_id WHERE r.story_id = s.id) AS relatives
           FROM stories s WHERE s.updated_at >= ? AND s.merged_into IS NULL
           ORDER BY s.updated_at DESC, s.id DESC""",
        [stamp(since)],
    )
    found = [
        Row(
            ref=row["ref"],
            title=row["title"],
            severity=row["severity"],
            topics=tuple(json.loads(row["topics"])),
            outlet_count=row["outlet_count"],
            article_count=row["article_count"],
            opened_at=unstamp(row["opened_at"]),
            updated_at=unstamp(row["updated_at"]),
            said_count=row["said_count"],
            relatives=tuple((ref, join) for ref, join in json.loads(row["relatives"])),
        )
        for row in rows
    ]
    return [one for one in found if everything or one.said_count]
