"""Why was this said, or not, and what waits: the commands that explain and the ones that correct."""

import json
from datetime import timedelta

import pytest

from monitor import outbox
from monitor.cli import main
from monitor.deliver import doors
from monitor.deliver.dispatch import drain
from monitor.ingest import poll
from monitor.policy.delivery import CLOSED_PAUSE
from monitor.schema import transaction
from monitor.text.times import stamp
from walking import Pages, a_house, settings_in, write_config

URL = "https://lada.example/rss"
STRIKE = "Нефтяники Жанаозена объявили бессрочную забастовку"
STRIKE_URL = "https://lada.example/news/1"


@pytest.fixture
def say(tmp_path, monkeypatch, capsys):
    """Runs `monitor …` on this test's folders and gives what it printed; its exit code must be `code`."""
    monkeypatch.setenv("MONITOR_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))

    def run(*words, code=0):
        assert main([*words]) == code
        printed = capsys.readouterr()
        return printed.out + printed.err if code else printed.out

    return run


@pytest.fixture
async def archive(tmp_path, clock):
    """A house that read a strike, the weather and an air strike, and said the strike in the preview."""
    write_config(tmp_path / "config", [{"id": "lada", "title": "Лада", "url": URL, "lang": "ru"}])
    pages = Pages()
    pages.feed(URL, {"title": "Погода на завтра"})
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        clock.tick(timedelta(hours=1))
        pages.feed(
            URL,
            {"title": STRIKE, "when": clock(), "link": STRIKE_URL},
            {"title": "US air strike in the region", "when": clock(), "link": "https://lada.example/news/2"},
        )
        await poll.cycle(house.desk, everything=True)
        await drain(house.dispatch, wait=timedelta(minutes=2))
        yield house


def ref_of(house):
    """The reference of the one story."""
    return house.db.execute("SELECT ref FROM stories").fetchone()[0]


async def test_the_life_of_an_alert_is_told(archive, say):
    """Where it was found and when, its words, the guards, the judgement, the message and its one attempt."""
    ref = ref_of(archive)
    told = say("why", ref.lower())
    for part in (
        STRIKE,
        "Лада (lada)",
        STRIKE_URL,
        "«забастовку» is забастовка",
        "said: FIRST",
        "ringing",
        "attempt 1",
    ):
        assert part in told, part
    life = json.loads(say("why", ref, "--json"))
    assert life["story"]["ref"] == ref
    assert [hit["form"] for hit in life["pieces"][0]["hits"]] == ["забастовку"]
    assert [one["outcome"] for one in life["sendings"][0]["attempts"]] == ["sent"]
    assert "body" not in life["sendings"][0]["delivery"]["message"]
    assert archive.recipients.voices[0].recipient not in json.dumps(life)


async def test_an_address_leads_to_the_same_life_however_it_is_spelt(archive, say):
    """Tracking words, `www.` and a missing scheme change nothing."""
    ref = ref_of(archive)
    for spelling in (STRIKE_URL, f"{STRIKE_URL}?utm_source=x", "www.lada.example/news/1"):
        assert say("why", spelling).startswith(ref), spelling


async def test_a_silence_explains_itself(archive, say):
    """An article without an alert says what its words lacked."""
    assert archive.db is not None
    told = say("why", "https://lada.example/news/2")
    assert "US air strike" in told
    assert "NO_TOPIC" in told
    assert "none was ever queued" in told


async def test_an_address_never_seen_is_traced_to_its_source(archive, say):
    """Of a host we watch it says how the reading goes; of another, that nobody watches it; the exit code is 1."""
    assert archive.db is not None
    known = say("why", "https://www.lada.example/news/77", code=1)
    assert "never seen" in known
    assert "Лада (lada) is watched" in known
    assert "3 items seen" in known
    assert "no source of this outlet" in say("why", "https://other.example/1", code=1)
    assert "no story carries" in say("why", "ZZZZZ", code=1)


async def test_a_dead_message_is_listed_and_revived(archive, say):
    """The list names state, error and destination, never an address; a retry puts it back; a second has nothing to do."""
    ref = ref_of(archive)
    assert say("outbox", "list") == "nothing waits, nothing died\n"
    assert ref in say("outbox", "list", "--all")
    with transaction(archive.db) as db:
        db.execute("UPDATE messages SET state = 'dead', last_error = 'message is too long' WHERE ref = ?", [ref])
    row = json.loads(say("outbox", "list", "--json"))[0]
    assert (row["ref"], row["state"], row["to"], row["error"]) == (ref, "dead", "main", "message is too long")
    assert "1 back in the queue" in say("outbox", "retry", ref)
    assert [one.message.ref for one in outbox.waiting(archive.db)] == [ref]
    assert "no dead message" in say("outbox", "retry", ref, code=1)


async def test_a_shut_door_is_tried_again_when_somebody_mended_it(archive, say, clock):
    """`outbox retry` without a reference knocks at once, for those whose door was shut; otherwise it has nothing to do."""
    place = (archive.recipients.voices[0].channel, archive.recipients.voices[0].recipient)
    later = stamp(clock() + CLOSED_PAUSE)
    with transaction(archive.db) as db:
        doors.fail(db, place, clock())
        doors.close(db, place, clock())
        db.execute("UPDATE messages SET state = 'new', not_before = ? WHERE ref = ?", [later, ref_of(archive)])
    await drain(archive.dispatch)
    assert [one.message.ref for one in outbox.waiting(archive.db)] == [ref_of(archive)]
    assert "tried again: main" in say("outbox", "retry")
    await drain(archive.dispatch)
    assert outbox.waiting(archive.db) == []
    assert "no destination has shut its door" in say("outbox", "retry", code=1)


async def test_a_possible_repeat_stays_one_when_it_is_revived(archive, say):
    """What may have been said before it died says so when it is tried again; a number names a message without one."""
    with transaction(archive.db) as db:
        db.execute("UPDATE messages SET state = 'dead', repeat = 1")
    number = archive.db.execute("SELECT min(id) FROM messages").fetchone()[0]
    say("outbox", "retry", f"#{number}")
    assert [one.state.value for one in outbox.waiting(archive.db)] == ["uncertain"]


async def test_silences_are_kept_listed_and_ended(archive, say):
    """A mute has a kind, an id that exists, an end and a comment; the same thing again moves the end."""
    assert archive.db is not None
    assert say("mute", "list") == "nothing is muted\n"
    say("mute", "add", "topic", "strike", "--for", "3d", "--comment", "too loud")
    say("mute", "add", "topic", "strike", "--for", "ever", "--comment", "still")
    say("mute", "add", "source", "lada", "--dry-run")
    rows = json.loads(say("mute", "list", "--json"))
    assert [(row["kind"], row["value"], row["until"], row["comment"]) for row in rows] == [
        ("topic", "strike", None, "still")
    ]
    assert "still" in say("status", code=1)
    assert "no longer" in say("mute", "remove", str(rows[0]["id"]))
    assert "no silence" in say("mute", "remove", str(rows[0]["id"]), code=1)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("topic", "strik"), "Did you mean `strike`?"),
        (("source", "nobody"), "there is no source"),
        (("place", "zhanaozen", "--for", "soon"), "not a duration"),
        (("topic", "strike", "--for", "0s"), "no length"),
    ],
)
async def test_a_silence_about_nothing_is_refused(archive, say, words, hint):
    """A misspelt id or length is refused with a hint: a silence that silences nothing helps nobody."""
    assert archive.db is not None
    assert hint in say("mute", "add", *words, code=2)


def test_nothing_is_explained_before_anything_was_read(say):
    """Without an archive each of the commands says so."""
    for words in (("why", "K7F2Q"), ("outbox", "list"), ("mute", "list")):
        assert "nothing was ever read" in say(*words, code=1)
