"""The tables keep their promises: durable, private, exact, and refusing what would break them."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.errors import SchemaError
from monitor.schema import migrations, open_database, transaction

NOW = "2026-03-01T09:00:00Z"
TABLES = {
    "feeds", "feed_states", "entries", "articles", "hits", "evidence", "stories", "verdicts", "messages", "digests",
    "mutes", "facts",
}  # fmt: skip


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """A database for the length of a with-block."""
    db = open_database(path)
    try:
        yield db
    finally:
        db.conn.close()


def add_feed(db: Database, feed_id: str = "lada-kz", **changes: object) -> None:
    """One row of `feeds` that breaks no rule unless `changes` make it."""
    row = {
        "id": feed_id,
        "title": "Лада",
        "url": "https://lada.example/rss",
        "kind": "rss",
        "lang": "ru",
        "scope": "local",
        "standing": "independent",
        "added_at": NOW,
    }
    db["feeds"].insert(row | changes)


def add_article(db: Database, **changes: object) -> None:
    """One row of `articles`, of the feed that `add_feed` adds."""
    row = {
        "feed_id": "lada-kz",
        "url": "https://lada.example/1",
        "url_hash": "0" * 16,
        "title": "Забастовка",
        "lang": "ru",
        "fingerprint": "0" * 16,
        "severity": "urgent",
        "seen_at": NOW,
    }
    db["articles"].insert(row | changes)


def add_then_raise(db: Database, feed_id: str, error: type[BaseException]) -> None:
    """What a bug half-way through a unit of work does."""
    add_feed(db, feed_id)
    raise error


def test_a_new_database_has_every_table_of_the_house(database):
    """Opening a path that does not exist makes the file with all tables and the readers' view."""
    assert set(database.table_names()) >= TABLES
    assert "recent_hits" in database.view_names()


def test_opening_again_changes_nothing(tmp_path):
    """A second opening applies no migration twice and keeps what was stored."""
    with opened(tmp_path / "monitor.db") as db:
        add_feed(db)
        applied = [migration.name for migration in migrations.applied(db)]
    with opened(tmp_path / "monitor.db") as db:
        assert [migration.name for migration in migrations.applied(db)] == applied
        assert db["feeds"].count == 1


def test_the_files_are_private_whatever_the_umask(tmp_path):
    """Under umask 022 the database, its log and its index are readable and writable for the owner alone."""
    before = os.umask(0o022)
    try:
        with opened(tmp_path / "monitor.db") as db:
            add_feed(db)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"monitor.db": 0o600, "monitor.db-wal": 0o600, "monitor.db-shm": 0o600}


def test_a_newer_database_is_refused(tmp_path):
    """A database with a migration we do not know is not touched, and the error names that migration."""
    with opened(tmp_path / "monitor.db") as db:
        db.conn.execute(
            "INSERT INTO _sqlite_migrations SELECT 99, migration_set, 'm999_later', applied_at FROM _sqlite_migrations LIMIT 1"
        )
    with pytest.raises(SchemaError, match="m999_later"):
        open_database(tmp_path / "monitor.db")


def test_a_half_made_migration_leaves_nothing(tmp_path, monkeypatch):
    """When a migration fails half-way, none of its tables stay, and the next start begins it anew."""
    monkeypatch.setattr("monitor.schema.VOICE", "CREATE TABLE broken (id INTEGER) NONSENSE;")
    with pytest.raises(sqlite3.OperationalError):
        open_database(tmp_path / "monitor.db")
    monkeypatch.undo()
    with opened(tmp_path / "monitor.db") as db:
        assert set(db.table_names()) >= TABLES


def test_every_table_is_strict(database):
    """No column takes a value of another type: every table of ours is STRICT."""
    rows = database.conn.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    assert {name for name, strict in rows if strict} >= TABLES
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER column"):
        add_feed(database, active="yes")


def test_a_commit_survives_a_power_cut(database):
    """The journal is a write-ahead log and every commit waits for the disk; links between tables are enforced."""
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    values = [database.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    full = 2
    assert values == ["wal", full, 1, 1]


def test_a_transaction_commits_as_a_whole(database, tmp_path):
    """What a unit of work wrote is seen by another connection once the block is left, and not before."""
    with opened(tmp_path / "monitor.db") as other:
        with transaction(database):
            add_feed(database)
            assert other["feeds"].count == 0
        assert other["feeds"].count == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failed_transaction_leaves_no_trace(database, error):
    """Whatever ends the block early, an interrupt too, undoes all of it, passes on, and leaves the database usable."""
    with pytest.raises(error), transaction(database):
        add_then_raise(database, "dropped", error)
    assert database["feeds"].count == 0
    with transaction(database):
        add_feed(database)
    assert database["feeds"].count == 1


def test_a_savepoint_nests_in_a_transaction(database):
    """A failing `atomic()` inside takes back its own part; the rest of the unit of work stands."""
    with transaction(database):
        add_feed(database, "kept")
        with pytest.raises(ZeroDivisionError), database.atomic():
            add_then_raise(database, "dropped", ZeroDivisionError)
    assert [row["id"] for row in database["feeds"].rows] == ["kept"]


def test_two_writers_wait_for_each_other(tmp_path):
    """Read-then-write in two connections at once: the second waits instead of failing, and no count is lost."""
    path, rounds = tmp_path / "monitor.db", 25
    start = threading.Barrier(2)
    failures: list[sqlite3.Error] = []
    with opened(path) as db:
        db.conn.execute("INSERT INTO facts (name, value, at) VALUES ('count', '0', ?)", [NOW])

    def count_up() -> None:
        with opened(path) as db:
            start.wait()
            try:
                for _ in range(rounds):
                    with transaction(db):
                        seen = int(db.conn.execute("SELECT value FROM facts").fetchone()[0])
                        db.conn.execute("UPDATE facts SET value = ?", [str(seen + 1)])
            except sqlite3.Error as error:
                failures.append(error)

    writers = [threading.Thread(target=count_up) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with opened(path) as db:
        assert (failures, db.conn.execute("SELECT value FROM facts").fetchone()[0]) == ([], str(2 * rounds))


MESSAGE = {"subject": "story:1", "channel": "telegram", "recipient_key": "k", "body": "{}", "created_at": NOW}
TWICE = {
    "entries": {
        "feed_id": "lada-kz", "guid": "1", "url_hash": "u", "text_hash": "t", "title_hash": "h", "seen_at": NOW,
    },
    "hits": {
        "article_id": 1, "topic": "strike", "term": "забастовка", "lang": "ru", "form": "забастовку", "field": "title",
        "start": 0, "end": 10, "quote": "забастовку",
    },
    "evidence": {
        "article_id": 1, "kind": "page", "url": "https://lada.example/1", "fetched_at": NOW, "sha256": "s", "size": 1,
    },
    "messages": MESSAGE,
    "digests": {
        "digest_date": "2026-03-01", "recipient_key": "k", "since_at": NOW, "until_at": NOW, "created_at": NOW,
    },
    "stories": {
        "ref": "K7F2Q", "title": "Забастовка", "severity": "urgent", "opened_at": NOW, "updated_at": NOW,
    },
}  # fmt: skip


@pytest.mark.parametrize("table", TWICE)
def test_the_database_refuses_to_hold_a_thing_twice(database, table):
    """An entry, a hit, a piece of evidence, a message, a digest and a reference exist once: UNIQUE says so."""
    add_feed(database)
    add_article(database)
    database[table].insert(TWICE[table])
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        database[table].insert(TWICE[table])


def test_another_part_or_revision_is_another_message(database):
    """The same subject may be said to a recipient in parts and in revisions, each of them once."""
    for part, revision in ((0, 0), (1, 0), (0, 1)):
        database["messages"].insert(MESSAGE | {"part": part, "revision": revision})
    assert database["messages"].count == 3


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("messages", MESSAGE | {"state": "perhaps"}),
        ("messages", MESSAGE | {"action": "shout"}),
        ("mutes", {"kind": "mood", "value": "x", "created_at": NOW}),
        ("stories", TWICE["stories"] | {"severity": "loud"}),
    ],
)
def test_a_word_outside_an_enumeration_is_refused(database, table, row):
    """Enumerations are closed: a state, action, kind or severity we do not know cannot be stored."""
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        database[table].insert(row)


def test_a_row_without_its_feed_is_refused(database):
    """An article of a feed that does not exist cannot be stored."""
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        add_article(database, feed_id="nobody")


def test_the_live_outbox_has_an_index_of_its_own(database):
    """Asking for what must still be said reads the small index of live messages, not the archive."""
    plan = database.conn.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM messages WHERE state IN ('new', 'sending', 'uncertain') "
        "AND channel = 'telegram' AND recipient_key = 'k' ORDER BY priority, id"
    ).fetchall()
    assert "messages_live" in " ".join(str(row) for row in plan)


def test_a_commit_that_fails_leaves_no_transaction_open(tmp_path):
    """When the commit itself is refused, the next unit of work can begin all the same."""
    with opened(tmp_path / "monitor.db") as db:
        with pytest.raises(sqlite3.IntegrityError):
            promise_what_is_never_kept(db)
        with transaction(db):
            assert db.execute("SELECT count(*) FROM hits").fetchone() == (0,)


def promise_what_is_never_kept(database):
    """A row whose article never comes, which only the commit finds out."""
    with transaction(database) as db:
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute(
            'INSERT INTO hits (article_id, topic, term, lang, form, field, start, "end", quote) '
            "VALUES (99, 't', 't', 'ru', 't', 'title', 0, 1, 't')"
        )
