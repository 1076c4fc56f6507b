"""The tables, told as the migrations that made them; and `transaction()`, the only way to write.

Times are UTC text (`2026-03-01T09:00:00Z`), hashes lower-case hex, enums text with a CHECK. The database states the
rules: what must be unique is UNIQUE here, so that a bug above cannot say a thing twice. Readers' addresses are
never stored: `recipient_key` is an HMAC whose key lies outside the database.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from monitor.errors import SchemaError
from monitor.schema.tables import ATTEMPTS, CARDS, FEEDS, LIKENESSES, MERGED, NEWS, PAGES, SEARCH, VIEWS, VOICE

migrations = Migrations("monitor")


def _run(db: Database, script: str) -> None:
    """Run DDL statement by statement: `executescript` would commit the migration's transaction behind its back."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""


@migrations()
def m001_the_house(db: Database) -> None:
    """Everything the first release needs."""
    for script in (FEEDS, NEWS, VOICE, VIEWS, SEARCH):
        _run(db, script)


@migrations()
def m002_attempts(db: Database) -> None:
    """Every attempt by itself, what a folded message was folded into, and which verdicts a letter told."""
    _run(db, ATTEMPTS)


@migrations()
def m003_cards(db: Database) -> None:
    """Cards that grow and are answered; the turns that stories take; stories that may belong together."""
    _run(db, CARDS)


@migrations()
def m004_likenesses(db: Database) -> None:
    """Indexes by which an article finds its story however long the archive is; the last week's passages go into them."""
    _run(db, LIKENESSES)
    rows = db.conn.execute(
        """SELECT id, story_id, shingles FROM articles WHERE story_id IS NOT NULL AND shingles IS NOT NULL
             AND seen_at >= strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(seen_at) FROM articles), '-7 days')"""
    ).fetchall()
    for article_id, story_id, packed in rows:
        passages = [int.from_bytes(packed[at : at + 4]) for at in range(0, len(packed), 4)]
        db.conn.executemany(
            "INSERT OR IGNORE INTO shingles (shingle, story_id, article_id) VALUES (?, ?, ?)",
            [(passage, story_id, article_id) for passage in passages],
        )


@migrations()
def m005_pages(db: Database) -> None:
    """Pages that are owed; authors, and whose words are passed on."""
    _run(db, PAGES)


@migrations()
def m006_merged(db: Database) -> None:
    """Which story another one was put into by hand."""
    _run(db, MERGED)


def open_database(path: Path) -> Database:
    """Open (or make) the database at `path`, bring it up to date and set its promises: WAL, FULL, foreign keys.

    The file and its companions are 0600 whatever the umask. Raises SchemaError when a newer program wrote it.
    """
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    conn.execute("PRAGMA busy_timeout = 10000")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA secure_delete = ON")
    db = Database(conn)
    _refuse_newer(db)
    if migrations.pending(db):
        migrations.apply(db)
    return db


def _refuse_newer(db: Database) -> None:
    """A database with migrations we do not know must not be touched: we would break its newer rules."""
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    if newer := sorted({migration.name for migration in migrations.applied(db)} - ours):
        raise SchemaError(f"the database is newer than this program (it has {', '.join(newer)}); update monitor first")


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """One unit of work: BEGIN IMMEDIATE, then commit or roll back.

    IMMEDIATE takes the write lock before the first read, so that read-then-write waits for another writer instead of
    failing at once. `db.atomic()` nests inside as a savepoint. Never hold it across an await.
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.conn.execute("COMMIT")  # may fail on a full disk, and then leaves the transaction open
    except BaseException:
        db.rollback()
        raise


@contextmanager
def unhurried(db: Database) -> Iterator[None]:
    """Commits inside need not be on the disk when they return: for what is merely asked again after a crash."""
    db.conn.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        db.conn.execute("PRAGMA synchronous = FULL")
