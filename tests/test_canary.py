"""The canary flies through the whole house and into a sink; where it falls it says so, and it leaves no trace."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.app import canary, jobs
from monitor.app.canary import fly
from monitor.cli import main
from monitor.errors import DeliveryError, WorkerError
from monitor.ingest.reading import learn
from monitor.matching.compile import compile_keywords
from monitor.matching.packed import pack
from monitor.model import Keywords
from monitor.worker import Lesson
from newsdesk import posting_house, posting_settings
from walking import KEYWORDS

SMALL = """
version: 1
topics:
  strike:
    title: {en: Strikes}
    severity: urgent
    any: {ru: ["re:/забаст\\\\w+/", забастовка], en: [strike/n]}
"""


@pytest.fixture
def settings(tmp_path):
    """Telegram, mail, maintainers, and an address that all of the wire should go through."""
    return posting_settings(tmp_path)


def everything(house):
    """All that stands in the archive: every row of every table but the facts."""
    tables = [name for name in house.db.table_names() if name != "facts" and not name.startswith("search_")]
    return {name: house.db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608 - our own tables


async def test_it_arrives_and_leaves_no_trace(settings, clock):
    """In each language the keyword file has headlines of; nothing in the archive, the outbox or the folder afterwards."""
    async with posting_house(settings, clock) as house:
        before = everything(house)
        for _ in range(6):
            flight = await fly(house)
            assert flight.arrived, flight
            clock.tick(timedelta(minutes=5))
        assert everything(house) == before
        assert not list(settings.data_dir.glob("canary*"))


async def test_it_flies_at_night_and_over_the_budget(settings, clock):
    """Quiet hours put messages off; the canary tells whether the house works, not what time it is."""
    clock.tick(timedelta(hours=10))  # midnight in Almaty
    async with posting_house(settings, clock) as house:
        house.desk = replace(house.desk, rules=replace(house.desk.rules, normal_budget=0))
        assert (await fly(house)).arrived


async def test_a_file_without_examples_gives_its_plain_terms(settings, clock):
    """Where no topic has an example, its first plain term must ring."""
    (settings.config_dir / "keywords.yaml").write_text(SMALL, "utf-8")
    async with posting_house(settings, clock) as house:
        assert (await fly(house)).arrived


async def test_a_crash_in_flight_is_cleared_away(settings, clock):
    """What a killed process left of a flight is gone with the next one."""
    left = settings.data_dir / "canary"
    left.mkdir(parents=True)
    (left / "canary.db").write_bytes(b"half a database")
    async with posting_house(settings, clock) as house:
        assert (await fly(house)).arrived
    assert not left.exists()


async def test_it_flies_through_the_files_that_are_in_force(settings, clock):
    """After a reload it is a headline of the new file, found by the new matcher."""
    async with posting_house(settings, clock) as house:
        await jobs.reload(house)
        words = KEYWORDS.replace("забастовка, бастовать", "погода").replace(
            "[Забастовка в Жанаозене]", "[Погода на завтра]"
        )
        (settings.config_dir / "keywords.yaml").write_text(words, "utf-8")
        await jobs.reload(house)
        assert (await fly(house)).arrived


# ── where it falls ───────────────────────────────────────────────────────────────────────────────────────────────


class Broken:
    """Something that was to run, send or find, and breaks."""

    def __init__(self, error):
        self.error = error

    async def run(self, *_args, **_options):
        """A worker's work."""
        raise self.error

    def find(self, *_args, **_options):
        """A matcher's."""
        raise self.error


def no_matcher(house):
    """A matcher that finds nothing."""
    nothing = compile_keywords(Keywords())
    return replace(house.desk, make_matcher=lambda: nothing, words=None)


def no_words(house):
    """Children that find nothing, beside a daemon that would."""
    return replace(house.desk, words=Lesson(learn, (pack(compile_keywords(Keywords())),)))


@pytest.mark.parametrize(
    ("breaks", "stage"),
    [
        (lambda house: replace(house.desk, worker=Broken(WorkerError("crash", "x"))), "parse"),
        (lambda house: replace(house.desk, worker=Broken(RuntimeError("x"))), "parse"),
        (lambda house: replace(house.desk, worker=Broken(FileNotFoundError("x"))), "parse"),
        (no_matcher, "match"),
        (no_words, "match"),
    ],
)
async def test_it_says_where_it_fell(settings, clock, breaks, stage):
    """The stage from which nothing came, whether it raised or only kept silent."""
    async with posting_house(settings, clock) as house:
        assert (await fly(house)).arrived
        house.desk = breaks(house)
        assert (await fly(house)).stage == stage


class Listening:
    """A matcher that hears a number of headlines, and then nothing any more."""

    def __init__(self, matcher, most):
        self.matcher, self.most, self.heard = matcher, most, 0

    def find(self, title, text, **options):
        """What the real one finds, as long as it listens."""
        self.heard += 1
        return self.matcher.find(title if self.heard <= self.most else "", text, **options)


async def test_a_matcher_that_goes_deaf_between_choice_and_flight_is_noticed(settings, clock):
    """A headline that rang when it was chosen must ring in the pipeline as well."""
    async with posting_house(settings, clock) as house:
        good = house.desk
        ear = Listening(good.matcher, most=1000)
        canary._eggs(house.configuration, ear)  # how many headlines it hears while it chooses
        deaf = Listening(good.matcher, most=ear.heard)
        house.desk = replace(good, make_matcher=lambda: deaf, words=None)
        assert (await fly(house)).stage == "match"


async def test_a_folder_that_takes_nothing_stops_it_at_the_start(settings, clock):
    """Where no file can be made, no database can."""
    async with posting_house(settings, clock) as house:
        house.settings = replace(settings, data_dir=settings.data_dir / "missing" / "deeper")
        flight = await fly(house)
        assert (flight.stage, flight.why) == ("serve", "FileNotFoundError")


async def test_a_renderer_that_breaks_is_noticed(settings, clock, monkeypatch):
    """A card that cannot be made is a bug in judging, and named so."""
    async with posting_house(settings, clock) as house:
        monkeypatch.setattr("monitor.channels.telegram.render", lambda *_a, **_o: ())
        assert (await fly(house)).stage == "judge"


class Deaf:
    """Readers' channels that must not be spoken to."""

    async def send(self, *_args, **_options):
        """Nobody may call this."""
        raise AssertionError("the canary reached the readers")

    async def probe(self, _recipient):
        """Closed."""
        raise DeliveryError("closed")


async def test_readers_never_hear_it(settings, clock):
    """The house's own senders are not asked, whether they work or not."""
    async with posting_house(settings, clock, telegram=Deaf(), email=Deaf(), preview=Deaf()) as house:
        assert (await fly(house)).arrived


async def test_the_status_tells_how_the_last_flight_went(settings, clock, capsys, monkeypatch):
    """`monitor status` says when it arrived, or at which stage it fell, and its exit code says that as well."""
    where = ["--config-dir", str(settings.config_dir), "--data-dir", str(settings.data_dir), "status"]
    async with posting_house(settings, clock) as house:
        await jobs.canary(house)
        await jobs.ingest(house)
        with_good_cycle = "INSERT OR REPLACE INTO facts VALUES ('last good cycle', '1', '2026-03-01T09:00:00Z')"
        house.db.execute(with_good_cycle)
        monkeypatch.setattr("monitor.app.environment.now", clock)
        assert main(where) == 0
        assert "canary: arrived 2026-03-01 14:00 Almaty" in capsys.readouterr().out
        house.desk = no_matcher(house)
        await jobs.canary(house)
        assert main(where) == 1
        assert (
            "canary: FELL at match 2026-03-01 14:00 Almaty (no headline of keywords.yaml rings)"
            in capsys.readouterr().out
        )
        main([*where, "--json"])
        told = json.loads(capsys.readouterr().out)["canary"]
        assert (told["arrived"], told["stage"]) == (False, "match")
