"""What is known, what is kept, and what is forgotten on purpose."""

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import FeedState, Health, Join, Placement, Reason, Severity, Story, Verdict
from monitor.schema import transaction
from monitor.sources.seen import id_hash
from monitor.store import articles, facts, feeds, judged, stories
from monitor.store import entries as entry_store
from nouns import NOON, a_feed, a_finding, a_state, an_article, an_entry


@pytest.fixture
def db(database):
    """A database that knows one feed, inside a transaction."""
    feeds.sync(database, [a_feed()], NOON)
    return database


def keep(db, *, finding=None, story_id=None, entry=None, **more):
    """Store one article and the entry it came from; returns its id."""
    entry = entry or an_entry()
    (fresh,) = entry_store.unknown(db, a_feed(), [entry]).fresh
    article_id = articles.keep(db, an_article(story_id=story_id, **more), finding or a_finding(), {1, 2, 3})
    entry_store.keep(db, "lada", fresh, article_id, NOON)
    return article_id


def open_story(db, ref="K7F2Q"):
    """A story that exists."""
    return stories.open_story(
        db, Story(ref=ref, title="t", opened_at=NOON, updated_at=NOON, severity=Severity.NORMAL, topics=("wages",))
    )


def test_what_we_remember_of_a_feed_comes_back_as_it_was(db):
    """Validators, times, failures and the source's own memory survive the database."""
    state = a_state(
        etag='W/"ы"',
        health=Health.QUIET,
        memory={"seen": ["а", "б"]},
        failure_count=2,
        failing_since=NOON,
        last_error="x",
    )
    with transaction(db):
        feeds.polled(db, state)
        feeds.polled(db, replace(state, failure_count=3))
    assert feeds.state(db, "lada") == replace(state, failure_count=3)
    assert feeds.states(db) == {"lada": replace(state, failure_count=3)}


def test_the_timetable_knows_who_is_due_and_no_more(db):
    """When to ask and how often it failed are enough to tell who is due; memories stay in the table."""
    feeds.polled(db, a_state(poll_at=NOON, failure_count=2, etag='"1"', memory={"seen": ["a"]}))
    assert feeds.timetable(db) == {"lada": FeedState(feed_id="lada", poll_at=NOON, failure_count=2)}


def test_an_entry_that_comes_back_from_a_mirror_is_known(db):
    """An outlet that moves its links to an alias, and its ids with them, publishes no new article."""
    article_id = keep(db)
    moved = an_entry(guid="x", url="https://lada.mirror.example/news/1", summary="Другими словами.")
    (later_version,) = entry_store.unknown(db, a_feed(aliases=("lada.mirror.example",)), [moved]).fresh
    (new,) = entry_store.unknown(db, a_feed(), [moved]).fresh
    assert (later_version.article_id, new.article_id) == (article_id, None)


def test_a_feed_never_polled_has_a_blank_memory(db):
    """Nothing known is not an error."""
    assert feeds.state(db, "lada").baselined_at is None


def test_a_feed_that_comes_back_starts_with_a_new_baseline(db):
    """Removed and put back, a feed's meantime is its past; a restart alone changes nothing."""
    feeds.polled(db, a_state())
    feeds.sync(db, [a_feed()], NOON)
    assert feeds.state(db, "lada").baselined_at == NOON
    feeds.sync(db, [a_feed(enabled=False)], NOON)
    feeds.sync(db, [a_feed()], NOON)
    assert feeds.state(db, "lada").baselined_at is None


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"guid": "2"},
        {"guid": "2", "url": "https://lada.example/other"},
        {"guid": "2", "url": "https://m.lada.example/news/1?utm_source=tg"},
    ],
)
def test_an_entry_is_known_by_guid_address_or_text(db, change):
    """Any one of its names is enough: a new guid or a new address is no new article."""
    keep(db)
    assert entry_store.unknown(db, a_feed(), [replace(an_entry(), **change)]).fresh == ()


def test_another_article_is_new(db):
    """Another guid, address and text is an article we do not have."""
    keep(db)
    other = an_entry(guid="2", url="https://lada.example/news/2", title="Иное", summary="Иной текст")
    (fresh,) = entry_store.unknown(db, a_feed(), [other]).fresh
    assert fresh.article_id is None


@pytest.mark.parametrize("guid", ["1", "2"])
def test_a_changed_entry_is_a_later_version(db, guid):
    """The same guid or the same address with other words is to be read again, as the article it was."""
    article_id = keep(db)
    changed = an_entry(guid=guid, title="Нефтяники Жанаозена прекратили забастовку")
    (fresh,) = entry_store.unknown(db, a_feed(), [changed]).fresh
    assert fresh.article_id == article_id


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"title": "В Балхаше бастуют врачи"}, ("1", "2")),
        ({"title": "В Балхаше бастуют врачи", "published_at": NOON + timedelta(hours=1)}, ("2",)),
        ({"summary": "Бастуют и врачи.", "published_at": NOON + timedelta(hours=1)}, ("2",)),
        ({"url": "https://lada.example/other", "published_at": NOON + timedelta(hours=1)}, ("2",)),
    ],
)
def test_who_stands_beside_another_or_comes_after_it_is_no_copy(db, change, shown):
    """All posts of a live blog lie at one address, and each notice of a picket says the same: none is lost."""
    keep(db)
    memory = {"seen": {f"print {guid}": id_hash(guid) for guid in shown}}
    (fresh,) = entry_store.unknown(db, a_feed(), [an_entry(guid="2", **change)], (), memory).fresh
    assert fresh.article_id is None
    assert fresh.keys.shares_address == ("url" not in change)


def test_an_item_that_is_listed_twice_is_known(db):
    """The same id, address and headline beside it: that is no other article, whatever else was written into it."""
    keep(db)
    twice = an_entry(guid="1#0123456789abcdef")
    memory = {"seen": {"a": id_hash("1"), "b": id_hash("1")}}
    assert entry_store.unknown(db, a_feed(), [twice], (), memory).fresh == ()
    (another,) = entry_store.unknown(db, a_feed(), [replace(twice, title="Иное")], (), memory).fresh
    assert another.article_id is None


def test_a_headline_is_no_name_of_what_has_an_address(db):
    """Two statements under the same headline are two articles; without addresses nobody could tell them apart."""
    told = {"title": "Заявление профсоюза", "summary": "", "published_at": None}
    keep(db, entry=an_entry(**told))
    other = an_entry(guid="2", url="https://lada.example/news/2", **told)
    assert entry_store.unknown(db, a_feed(), [other]).fresh
    assert entry_store.unknown(db, a_feed(), [replace(other, url="")]).fresh == ()


def test_an_address_that_everybody_shares_names_no_article(db):
    """A feed whose links all lead to its home page still has as many articles as entries."""
    entries = [an_entry(guid=str(n), url="https://lada.example/", title=f"Новость {n}", summary="") for n in range(5)]
    assert len(entry_store.unknown(db, a_feed(), entries).fresh) == 5


def test_a_change_of_all_ids_is_a_move_and_no_news(db):
    """All guids and addresses new, the titles the same: the outlet changed its system."""
    for n in range(6):
        keep(db, entry=an_entry(guid=f"old-{n}", url=f"https://lada.example/{n}", title=f"Заголовок {n}", summary="а"))
    moved = [
        an_entry(guid=f"new-{n}", url=f"https://lada.example/ru/{n}-x", title=f"Заголовок {n}", summary="б")
        for n in range(6)
    ]
    unread = entry_store.unknown(db, a_feed(), moved)
    assert (len(unread.fresh), unread.migrated) == (6, True)
    news = [replace(entry, title=f"{entry.title} другой") for entry in moved]
    assert not entry_store.unknown(db, a_feed(), news).migrated


def test_rubrics_that_come_again_are_no_move(db):
    """While older items stand beside the new ones, the ids did not change, whatever titles are used again."""
    for n in range(6):
        keep(db, entry=an_entry(guid=f"old-{n}", url=f"https://lada.example/{n}", title=f"Рубрика {n}", summary="а"))
    today = [
        an_entry(guid=f"new-{n}", url=f"https://lada.example/new/{n}", title=f"Рубрика {n}", summary="б")
        for n in range(6)
    ]
    assert not entry_store.unknown(db, a_feed(), today, (), {"count": 12}).migrated
    assert entry_store.unknown(db, a_feed(), today, (), {"count": 6}).migrated
    assert entry_store.unknown(db, a_feed(), today, (), {"count": 12, "gap": True}).migrated


def test_the_bytes_of_a_page_are_kept_once_and_for_good(db):
    """Two articles proved by the same feed document share its bytes; every later version is added."""
    one, two = keep(db), articles.keep(db, an_article(url_key="k2", fingerprint="p2"), a_finding(), ())
    proof = {"url": "https://lada.example/rss", "fetched_at": NOON, "title": "t", "text": "x"}
    for article_id, body in (
        (one, b"<rss>1</rss>"),
        (two, b"<rss>1</rss>"),
        (one, b"<rss>1</rss>"),
        (one, b"<rss>2</rss>"),
    ):
        articles.keep_evidence(db, article_id, "feed", body=body, **proof)
    rows = list(db.query("SELECT article_id, sha256, size, body FROM evidence ORDER BY id"))
    assert [row["article_id"] for row in rows] == [one, two, one]
    assert [row["body"] and gzip.decompress(row["body"]) for row in rows] == [b"<rss>1</rss>", None, b"<rss>2</rss>"]
    assert rows[0]["sha256"] == rows[1]["sha256"] != rows[2]["sha256"]


def test_old_texts_without_a_hit_are_dropped_and_stay_known(db):
    """After 90 days the text and its search words go; the article with a hit and the knowledge of both stay."""
    story = open_story(db)
    kept = keep(db, story_id=story.id)
    gone = keep(
        db, entry=an_entry(guid="2", url="https://lada.example/2", title="а", summary="б"), title="а", text="погода"
    )
    assert articles.prune(db, NOON + timedelta(days=90)) == 1
    texts = {row["id"]: row["text"] for row in db.query("SELECT id, text FROM articles")}
    assert texts[gone] is None
    assert texts[kept]
    assert db.execute("SELECT count(*) FROM search WHERE search MATCH 'погода'").fetchone()[0] == 0
    assert entry_store.unknown(db, a_feed(), [an_entry(guid="2")]).fresh[0].article_id == gone
    assert articles.prune(db, NOON + timedelta(days=90)) == 0


def test_a_term_is_one_hit_of_an_article(db):
    """However often a term stands in an article, it is stored once."""
    finding = a_finding()
    keep(db, finding=replace(finding, topics=(replace(finding.topics[0], hits=finding.hits * 3),)))
    assert db.execute("SELECT count(*) FROM hits").fetchone()[0] == 1


def test_a_story_only_gets_graver_and_richer(db):
    """Joining raises severity and adds topics; a later version of an article is not another one."""
    story = open_story(db)
    louder = stories.join_story(db, story.id, Severity.URGENT, ["strike"], NOON)
    assert (louder.severity, louder.topics, louder.article_count) == (Severity.URGENT, ("wages", "strike"), 2)
    quieter = stories.join_story(db, story.id, Severity.DIGEST, ["strike"], NOON, another=False)
    assert (quieter.severity, quieter.article_count) == (Severity.URGENT, 2)


def test_what_was_said_of_a_story_is_remembered(db):
    """Nothing at first; then how gravely, and how often."""
    story = open_story(db)
    article_id = keep(db, story_id=story.id)
    assert stories.said(db, story.id) is None
    for say in (True, False):
        verdict = Verdict(say=say, reason=Reason.FIRST, digest=True)
        stories.keep_verdict(
            db, verdict, Placement(join=Join.OPENS), article_id=article_id, story_id=story.id, now=NOON
        )
    assert stories.said(db, story.id) == stories.Said(severity=Severity.URGENT, count=1)


def test_a_letter_holds_each_story_of_its_period_once(db):
    """Two verdicts of one story in a period are one entry, the yes before the no; the end is exclusive."""
    story = open_story(db)
    article_id = keep(db, story_id=story.id)
    for say, digest in ((False, True), (True, True), (False, False)):
        verdict = Verdict(say=say, reason=Reason.FIRST, digest=digest)
        stories.keep_verdict(
            db, verdict, Placement(join=Join.OPENS), article_id=article_id, story_id=story.id, now=NOON
        )
    (told,) = judged.between(db, NOON, NOON + timedelta(seconds=1))
    assert (told.story.id, told.verdict.say) == (story.id, True)
    assert judged.between(db, NOON - timedelta(days=1), NOON) == []


def test_facts_are_kept_and_forgotten(db):
    """A small fact has a value and a time, the newest one counts."""
    assert facts.recall(db, "x") is None
    facts.remember(db, "x", "1", NOON)
    facts.remember(db, "x", "2", NOON + timedelta(hours=1))
    assert (facts.recall(db, "x"), facts.recalled_at(db, "x")) == ("2", NOON + timedelta(hours=1))
    facts.forget(db, "x")
    assert facts.recalled_at(db, "x") is None


def test_feeds_that_did_not_change_are_not_written_again(db):
    """Before every cycle the table is compared with the file; only a difference is written."""
    before = db.conn.total_changes
    feeds.sync(db, [a_feed()], NOON)
    assert db.conn.total_changes == before


def test_validators_belong_to_an_address(db):
    """A feed whose address was changed in the file is asked there without the old one's ETag; its past stays known."""
    feeds.polled(db, a_state(etag='"1"', body_hash="x"))
    feeds.sync(db, [a_feed(url="https://lada.example/new-rss")], NOON)
    state = feeds.state(db, "lada")
    assert (state.etag, state.body_hash, state.baselined_at) == (None, None, NOON)
