"""The feeds of the demo as the sources read them: every item, with the date, guid and headline that were meant."""

import json
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.model import Feed, Response
from monitor.newsroom.outlets import ACT_TIMES, OUTLETS
from monitor.newsroom.shelf import shelf
from monitor.sources import by_kind
from monitor.text.times import stamp

EXPECTED = json.loads((Path(__file__).parent / "data" / "newsroom_expected.json").read_text(encoding="utf-8"))
BASE = "http://127.0.0.1:4321"


def read(outlet, act):
    """The entries of one feed, parsed as the house parses them."""
    copy = shelf(act, BASE)[outlet.path]
    headers = {name.lower(): value for name, value in copy.headers.items()}
    feed = Feed(id=outlet.id, url=BASE + outlet.path, lang=outlet.lang, scope=outlet.scope)
    answer = Response(url=feed.url, status=200, headers=headers, body=copy.body, received_at=ACT_TIMES[act])
    return by_kind()[outlet.kind].parse(feed, answer, {}).entries


@pytest.mark.parametrize("act", ACT_TIMES)
@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_a_feed_is_read_as_it_was_meant(outlet, act):
    """Whatever its format, encoding and faults, a feed gives exactly the expected items; a bot check is no feed."""
    if EXPECTED["feeds"][outlet.id][str(act)] == "blocked":
        with pytest.raises(ParseError) as refused:
            read(outlet, act)
        assert refused.value.kind == "blocked"
        return
    rows = {row["url"]: row for row in EXPECTED["items"] if row["feed"] == outlet.id and row["act"] <= act}
    meant = {
        (url.replace("@BASE@", BASE), row["title"], row["published_at"], (row["guid"] or "").replace("@BASE@", BASE))
        for url, row in rows.items()
    }
    assert {
        (
            entry.url.partition("?")[0],
            entry.title,
            entry.published_at and stamp(entry.published_at),
            entry.guid if rows[entry.url.partition("?")[0].replace(BASE, "@BASE@")]["guid"] else "",
        )
        for entry in read(outlet, act)
    } == meant
