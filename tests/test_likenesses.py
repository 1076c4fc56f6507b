"""How an article finds its like among many: by rows of indexes, of which it reads a handful."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import Gist, Severity, Story
from monitor.schema import migrations, open_database, transaction
from monitor.store import articles, likenesses, stories
from monitor.store import feeds as feed_store
from monitor.store.likenesses import Signs
from nouns import NOON, a_feed, a_finding, an_article

DAY = timedelta(days=1)
COUNTER = itertools.count()
WIRE = frozenset(range(1000, 1040))
GIST = Gist(lang="ru", words=frozenset({"забас"}), numbers=frozenset({340}), places=frozenset({"aktau"}))


@pytest.fixture
def db(database):
    """A database with one feed."""
    with transaction(database):
        feed_store.sync(database, [a_feed()], NOON)
    return database


def signs(name="a", passages=(), clues=()):
    """What an article is found by."""
    return Signs(
        url_keys=(f"key-{name}",),
        fingerprint=f"print-{name}",
        passages=frozenset(passages),
        clues=dict.fromkeys(clues, 1.0),
    )


def keep(db, name, *, passages=(), clues=(), story=None, at=NOON, gist=GIST):
    """Store an article in a story of its own, or in this one; returns its id and the story's."""
    with transaction(db):
        if story is None:
            ref = f"{next(COUNTER):05}"
            opened = Story(ref=ref, title=name, opened_at=at, updated_at=at, severity=Severity.URGENT)
            story = stories.open_story(db, opened).id
        article = an_article(title=name, url_key=f"key-{name}", fingerprint=f"print-{name}", story_id=story, seen_at=at)
        article_id = articles.keep(db, article, a_finding(), passages)
        likenesses.keep(db, article_id, story, signs(name, passages, clues), gist)
        likenesses.count(db, gist)
    return article_id, story


def found(db, wanted, now=NOON):
    """The ids of the candidates, newest first."""
    return [told.article_id for told in likenesses.candidates(db, wanted, now)]


def test_the_same_address_and_the_same_words_are_found(db):
    """By the key of the address for ever, by the very words for a week."""
    article_id, _ = keep(db, "a")
    (told,) = likenesses.candidates(db, replace(signs("b"), url_keys=("other", "key-a")), NOON + 300 * DAY)
    assert (told.article_id, told.same) == (article_id, True)
    assert found(db, replace(signs("b"), fingerprint="print-a"), NOON + 6 * DAY) == [article_id]
    assert found(db, replace(signs("b"), fingerprint="print-a"), NOON + 8 * DAY) == []


def test_what_shares_passages_is_found_with_how_many(db):
    """All the passages of a copy are counted against all that the earlier article had."""
    keep(db, "a", passages=range(50))
    article_id, story = keep(db, "b", passages=WIRE)
    (told,) = likenesses.candidates(db, signs("c", passages=[*sorted(WIRE)[:10], 7000]), NOON)
    assert (told.article_id, told.story_id, told.shared_count, told.shingle_count) == (article_id, story, 10, 40)
    assert not told.same


def test_a_passage_of_many_stories_is_a_phrase_of_the_trade(db):
    """What stands in more than twenty stories is no sign of copying; what one story has in fifty outlets is."""
    for number in range(21):
        keep(db, f"n{number}", passages={1, 2, 3})
    assert all(told.shared_count == 0 for told in likenesses.candidates(db, signs("x", passages={1, 2, 3}), NOON))
    _, story = keep(db, "wire", passages=WIRE)
    for number in range(50):
        keep(db, f"copy{number}", passages=WIRE, story=story)
    assert likenesses.candidates(db, signs("y", passages=WIRE), NOON)[0].shared_count == 40


def test_passages_stay_a_week_and_clues_two(db):
    """What is older is dropped; nothing newer is."""
    keep(db, "a", passages=WIRE, clues=["name smg"])
    keep(db, "b", passages=range(10), clues=["name smg"], at=NOON + 10 * DAY)
    now = NOON + 10 * DAY
    with transaction(db):
        assert likenesses.prune(db, now) == 1
    assert [db.table(name).count for name in ("shingles", "clues")] == [10, 2]
    with transaction(db):
        assert likenesses.prune(db, NOON + 14 * DAY + timedelta(seconds=1)) == 1
        assert likenesses.prune(db, NOON + 14 * DAY + timedelta(seconds=1)) == 0
    assert db.table("clues").count == 1


def test_a_week_later_a_copy_is_no_reprint(db):
    """Also before anybody has pruned."""
    keep(db, "a", passages=WIRE, clues=["name smg"])
    (told,) = likenesses.candidates(db, signs("b", passages=WIRE, clues=["name smg"]), NOON + 8 * DAY)
    assert (told.shared_count, told.shingle_count) == (0, 0)


def test_who_shares_most_clues_comes_into_the_comparison(db):
    """Of a hundred articles with one clue, those with more of them are compared."""
    best, _ = keep(db, "best", clues=["place topic", "name smg", "number 340"])
    for number in range(100):
        keep(db, f"n{number}", clues=["place topic"])
    seen = found(db, signs("x", clues=["place topic", "name smg", "number 340"]))
    assert best in seen
    assert len(seen) <= likenesses.COMPARED


def test_a_rare_clue_leads_further_than_several_common_ones(db):
    """One number that a single article has outweighs a topic and a sector that all have, however many came since."""
    best, _ = keep(db, "best", clues=["number 340"])
    for number in range(likenesses.COMPARED):
        keep(db, f"n{number}", clues=["place topic", "place sector"])
    assert best in found(db, signs("x", clues=["place topic", "place sector", "number 340"]))


def test_the_newest_articles_of_a_clue_are_looked_at(db):
    """A clue of many articles leads to the latest of them."""
    ids = [keep(db, f"n{number}", clues=["place topic"])[0] for number in range(40)]
    assert found(db, signs("x", clues=["place topic"])) == ids[:-25:-1]


def test_a_later_version_is_recognised_by_its_new_words(db):
    """What the earlier version was recognised by is gone."""
    article_id, story = keep(db, "a", passages=WIRE, clues=["name smg"])
    with transaction(db):
        likenesses.keep(db, article_id, story, signs("a", range(5), ["name tmr"]), GIST)
    assert found(db, signs("x", clues=["name smg"], passages=WIRE)) == []
    assert found(db, signs("x", clues=["name tmr"])) == [article_id]


def test_words_are_counted_once_an_article(db):
    """How many articles had a word, of how many."""
    keep(db, "a")
    keep(db, "b", gist=replace(GIST, words=frozenset({"забас", "порт"})))
    assert likenesses.word_counts(db, ["забас", "порт", "клеть"]) == ({"забас": 2, "порт": 1}, 2)
    assert likenesses.word_counts(db, []) == ({}, 2)


def test_a_gist_comes_back_as_it_was(db):
    """Through JSON and the database."""
    whole = Gist(lang="kk", **{name: frozenset({"а", "б"}) for name in ("words", "names", "all_names", "title_words")})
    article_id, _ = keep(db, "a", gist=replace(whole, numbers=frozenset({3, 140})))
    kept = db.execute("SELECT gist FROM articles WHERE id = ?", [article_id]).fetchone()[0]
    assert likenesses.read_gist(kept) == replace(whole, numbers=frozenset({3, 140}))
    assert likenesses.read_gist(None) == Gist()


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT article_id FROM shingles WHERE shingle = 1 LIMIT 21", "PRIMARY KEY"),
        ("SELECT article_id FROM clues WHERE clue = 1 LIMIT 24", "PRIMARY KEY"),
        (
            "SELECT id FROM articles WHERE fingerprint = 'x' AND story_id IS NOT NULL AND seen_at >= '' ORDER BY id DESC",
            "articles_fingerprint",
        ),
        ("SELECT id FROM articles WHERE url_hash = 'x' AND story_id IS NOT NULL", "articles_url_hash"),
        ("DELETE FROM clues WHERE article_id IN (SELECT value FROM json_each('[1]'))", "clues_article_id"),
        ("SELECT DISTINCT article_id FROM shingles WHERE article_id <= 9 LIMIT 5", "shingles_article_id"),
    ],
)
def test_every_look_is_a_look_into_an_index(db, query, index):
    """Nothing is scanned, however long the archive is."""
    plan = " / ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}"))
    assert index in plan
    assert "SCAN articles" not in plan
    assert "SCAN clues" not in plan.replace("SCAN clues USING", "")
    assert "TEMP B-TREE" not in plan


def test_an_older_database_learns_its_last_week(tmp_path):
    """The passages of articles kept before there was an index are in it after the update."""
    db = open_database(tmp_path / "monitor.db")
    with transaction(db):
        feed_store.sync(db, [a_feed()], NOON)
    keep(db, "old", passages=range(10), at=NOON - 8 * DAY)
    article_id, _ = keep(db, "new", passages=WIRE)
    for table in ("shingles", "clues", "word_counts"):
        db.execute(f"DROP TABLE {table}")
    for statement in ("DROP INDEX articles_fingerprint", "ALTER TABLE articles DROP COLUMN gist",
                      "ALTER TABLE relatives DROP COLUMN sure"):  # fmt: skip
        db.execute(statement)
    db.table("_sqlite_migrations").delete_where("name LIKE 'm004%'")
    assert next(one.name for one in migrations.pending(db)).startswith("m004")
    migrations.apply(db)
    assert {row[0] for row in db.execute("SELECT article_id FROM shingles")} == {article_id}
    assert db.execute("SELECT count(*) FROM shingles").fetchone()[0] == 40
    db.conn.close()
