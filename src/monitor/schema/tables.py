"""The tables as SQL, in the order in which migrations made them; the migrations of this room run them."""

FEEDS = """
CREATE TABLE feeds (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('local', 'global')),
    standing TEXT NOT NULL,
    region TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    added_at TEXT NOT NULL,
    left_at TEXT
) STRICT;

CREATE TABLE feed_states (
    feed_id TEXT PRIMARY KEY REFERENCES feeds (id),
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    polled_at TEXT,
    good_at TEXT,
    poll_at TEXT,
    baselined_at TEXT,
    newest_at TEXT,
    failure_count INTEGER NOT NULL DEFAULT 0,
    failing_since TEXT,
    last_error TEXT,
    last_error_kind TEXT,
    health TEXT NOT NULL DEFAULT 'new',
    memory TEXT NOT NULL DEFAULT '{}'
) STRICT;
"""

NEWS = """
CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('urgent', 'normal', 'digest', 'none')),
    topics TEXT NOT NULL DEFAULT '[]',
    opened_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    article_count INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX stories_updated_at ON stories (updated_at);

-- What was ever seen in a feed, matching or not. 16 hex digits of a hash each, so that "is this known?" stays an
-- index look-up however long the history grows.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    feed_id TEXT NOT NULL REFERENCES feeds (id),
    guid TEXT NOT NULL,
    url_hash TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    title_hash TEXT NOT NULL,
    article_id INTEGER,
    seen_at TEXT NOT NULL,
    UNIQUE (feed_id, guid)
) STRICT;
CREATE INDEX entries_url_hash ON entries (feed_id, url_hash);
CREATE INDEX entries_text_hash ON entries (feed_id, text_hash);
CREATE INDEX entries_title_hash ON entries (feed_id, title_hash);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    feed_id TEXT NOT NULL REFERENCES feeds (id),
    story_id INTEGER REFERENCES stories (id),
    url TEXT NOT NULL,
    url_hash TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT,
    lang TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('urgent', 'normal', 'digest', 'none')),
    places TEXT NOT NULL DEFAULT '[]',
    names TEXT NOT NULL DEFAULT '[]',
    finding TEXT NOT NULL DEFAULT '{}',
    shingles BLOB,
    published_at TEXT,
    seen_at TEXT NOT NULL,
    pruned_at TEXT
) STRICT;
CREATE INDEX articles_url_hash ON articles (url_hash);
CREATE INDEX articles_story_id ON articles (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX articles_hits_seen_at ON articles (seen_at) WHERE story_id IS NOT NULL;
CREATE INDEX articles_prunable ON articles (seen_at) WHERE story_id IS NULL AND pruned_at IS NULL;

CREATE TABLE hits (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    topic TEXT NOT NULL,
    term TEXT NOT NULL,
    lang TEXT NOT NULL,
    form TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('title', 'text')),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL,
    UNIQUE (article_id, topic, term)
) STRICT;

-- Pages vanish. What a hit was found in is kept for good: the bytes as received (gzip, once per hash), and every
-- later version.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'page')),
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    body BLOB,
    UNIQUE (article_id, kind, sha256)
) STRICT;
CREATE INDEX evidence_sha256 ON evidence (sha256);

CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    story_id INTEGER REFERENCES stories (id),
    say INTEGER NOT NULL CHECK (say IN (0, 1)),
    reason TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    ring INTEGER NOT NULL DEFAULT 0 CHECK (ring IN (0, 1)),
    digest INTEGER NOT NULL DEFAULT 0 CHECK (digest IN (0, 1)),
    late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
    join_kind TEXT NOT NULL DEFAULT 'opens',
    like_id INTEGER,
    judged_at TEXT NOT NULL
) STRICT;
CREATE INDEX verdicts_article_id ON verdicts (article_id);
CREATE INDEX verdicts_story_id ON verdicts (story_id);
CREATE INDEX verdicts_judged_at ON verdicts (judged_at);
"""

VOICE = """
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    action TEXT NOT NULL DEFAULT 'send' CHECK (action IN ('send', 'edit', 'reply')),
    channel TEXT NOT NULL,
    recipient_key TEXT NOT NULL,
    part INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    silent INTEGER NOT NULL DEFAULT 1 CHECK (silent IN (0, 1)),
    priority INTEGER NOT NULL DEFAULT 5,
    thread INTEGER,
    reply_to INTEGER,
    target_id INTEGER,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'sending', 'sent', 'uncertain', 'dead', 'folded')),
    repeat INTEGER NOT NULL DEFAULT 0 CHECK (repeat IN (0, 1)),
    attempt_count INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    message_id TEXT,
    ref TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    sent_at TEXT,
    last_error TEXT,
    UNIQUE (subject, channel, recipient_key, part, revision)
) STRICT;
-- The outbox is the live part of this table: a queue of what must still be said. The index stays as small as the
-- queue, whatever the archive holds.
CREATE INDEX messages_live ON messages (channel, recipient_key, priority, id)
    WHERE state IN ('new', 'sending', 'uncertain');
CREATE INDEX messages_ref ON messages (ref);
CREATE INDEX messages_sent_at ON messages (channel, recipient_key, sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE digests (
    id INTEGER PRIMARY KEY,
    digest_date TEXT NOT NULL,
    recipient_key TEXT NOT NULL,
    since_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (digest_date, recipient_key)
) STRICT;

CREATE TABLE mutes (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('topic', 'place', 'name', 'source')),
    value TEXT NOT NULL,
    until_at TEXT,
    comment TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
) STRICT;

-- Small facts of the running house: last good cycle, notices already given, halts of a channel.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
"""

VIEWS = """
CREATE VIEW recent_hits AS
SELECT a.seen_at, f.title AS outlet, a.title, h.topic, h.term, h.form, h.quote, s.ref, a.url
FROM hits h
JOIN articles a ON a.id = h.article_id
JOIN feeds f ON f.id = a.feed_id
LEFT JOIN stories s ON s.id = a.story_id
ORDER BY a.seen_at DESC, h.id;
"""

# The words of every stored article, folded, under its id. Rows are deleted when the article's text is pruned.
SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (body, tokenize = "unicode61 remove_diacritics 0");
"""

# Every request that was made for a message: what pacing counts, and what `monitor why` shows.
ATTEMPTS = """
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES messages (id),
    channel TEXT NOT NULL, recipient_key TEXT NOT NULL,
    repeat INTEGER NOT NULL CHECK (repeat IN (0, 1)),
    started_at TEXT NOT NULL, ended_at TEXT,
    outcome TEXT CHECK (outcome IN ('sent', 'new', 'uncertain', 'dead')),
    error TEXT
) STRICT;
CREATE INDEX attempts_delivery_id ON attempts (delivery_id);
CREATE INDEX attempts_recipient ON attempts (channel, recipient_key, ended_at);
CREATE INDEX attempts_channel ON attempts (channel, ended_at);
ALTER TABLE messages ADD COLUMN folded_into TEXT;
CREATE INDEX messages_in_doubt ON messages (channel, recipient_key, id) WHERE state IN ('sending', 'uncertain');
ALTER TABLE digests ADD COLUMN after_verdict INTEGER NOT NULL DEFAULT 0;
ALTER TABLE digests ADD COLUMN up_to_verdict INTEGER NOT NULL DEFAULT 0;
"""

# A card in a chat: what it said before (`wordings`), which card an edit or a reply is about, what turn a story took,
# and which other stories it may belong with.
CARDS = """
ALTER TABLE messages ADD COLUMN card TEXT NOT NULL DEFAULT '';
CREATE TABLE wordings (
    id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES messages (id),
    body TEXT NOT NULL,
    worded_at TEXT NOT NULL,
    replaced_at TEXT NOT NULL
) STRICT;
CREATE INDEX wordings_delivery_id ON wordings (delivery_id);
ALTER TABLE verdicts ADD COLUMN escalation TEXT NOT NULL DEFAULT '';
CREATE TABLE relatives (
    id INTEGER PRIMARY KEY,
    story_id INTEGER NOT NULL REFERENCES stories (id),
    other_id INTEGER NOT NULL REFERENCES stories (id),
    join_kind TEXT NOT NULL CHECK (join_kind IN ('also', 'possibly', 'related')),
    why TEXT NOT NULL DEFAULT '',
    found_at TEXT NOT NULL,
    UNIQUE (story_id, other_id)
) STRICT;
CREATE INDEX relatives_other_id ON relatives (other_id);
"""

# What articles with hits are recognised by. WITHOUT ROWID: the key is the row. `newest` is the negative id of the
# article, so that the newest articles with a clue come first in the index.
LIKENESSES = """
ALTER TABLE relatives ADD COLUMN sure INTEGER NOT NULL DEFAULT 0 CHECK (sure IN (0, 1));
ALTER TABLE articles ADD COLUMN gist TEXT;
CREATE INDEX articles_fingerprint ON articles (fingerprint, id) WHERE story_id IS NOT NULL;
CREATE TABLE shingles (
    shingle INTEGER NOT NULL,
    story_id INTEGER NOT NULL REFERENCES stories (id),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (shingle, story_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shingles_article_id ON shingles (article_id);
CREATE TABLE clues (
    clue INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (clue, newest)
) STRICT, WITHOUT ROWID;
CREATE INDEX clues_article_id ON clues (article_id);
CREATE TABLE word_counts (
    word INTEGER PRIMARY KEY,
    article_count INTEGER NOT NULL
) STRICT;
"""

# Pages of articles that could not be had: they are asked for again for some hours. Who wrote an article, and whose words
# a post passes on.
PAGES = """
CREATE TABLE owed_pages (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id),
    feed_id TEXT NOT NULL REFERENCES feeds (id),
    guid TEXT NOT NULL,
    attempt_count INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL
) STRICT;
CREATE INDEX owed_pages_not_before ON owed_pages (not_before);
ALTER TABLE articles ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN forwarded_from TEXT NOT NULL DEFAULT '';
"""

# A story that a person put into another one keeps its reference, which leads there.
MERGED = """
ALTER TABLE stories ADD COLUMN merged_into INTEGER REFERENCES stories (id);
CREATE INDEX stories_merged_into ON stories (merged_into) WHERE merged_into IS NOT NULL;
"""
