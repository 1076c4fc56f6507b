"""Which story an article belongs to: what it is recognised by, the earlier articles that share some of it, the answer."""

from dataclasses import dataclass
from datetime import datetime

from monitor import stories
from monitor.ingest.desk import Desk
from monitor.matching.sentences import lead_end
from monitor.model import Article, Gist, Join, Look, Placement
from monitor.store import articles, likenesses
from monitor.store.likenesses import Signs
from monitor.stories.gist import Atlas, gist_of
from monitor.stories.likeness import clues, rarity
from monitor.text.prints import digest16, shingles
from monitor.text.urls import canonical_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """An article with a hit as the stories see it."""

    gist: Gist
    signs: Signs


def look_at(desk: Desk, article: Article, look: Look) -> Sight:
    """The gist of an article and the signs by which its like is found."""
    gist = gist_by(desk.atlas, article, look)
    signs = Signs(
        url_keys=_keys_of(desk, article),
        fingerprint=article.fingerprint,
        passages=shingles(f"{article.title}\n{article.text}"),
        clues=clues(gist, desk.atlas),
    )
    return Sight(gist=gist, signs=signs)


def gist_by(atlas: Atlas, article: Article, look: Look) -> Gist:
    """The gist of an article that was looked at."""
    lead, found = article.text[: lead_end(article.text)], look.finding
    return gist_of(article, lead, found, atlas, early=look.early or found, headline=look.headline or found)


def _keys_of(desk: Desk, article: Article) -> tuple[str, ...]:
    """The keys of an address: its own, and those under which outlets with mirrors would know it; none of one that is shared."""
    if article.shares_address:
        return ()
    mirrored = (feed for feed in desk.feeds if feed.aliases and article.url)
    keys = (digest16(canonical_in(feed, article.url)) for feed in mirrored)
    return tuple(dict.fromkeys([article.url_key, *keys]))


def place(desk: Desk, article: Article, sight: Sight | None, now: datetime) -> Placement:
    """The story of an article with a hit; a later version stays where the first one was, also when it has none."""
    if article.id and (story_id := articles.story_of(desk.db, article.id)):
        return Placement(join=Join.VERSION, story_id=story_id, like=article.id, why="a later version of the article")
    if sight is None:
        return Placement(join=Join.OPENS)
    told = likenesses.candidates(desk.db, sight.signs, now)
    words = sight.gist.words.union(*(one.gist.words for one in told))
    weigh = rarity(*likenesses.word_counts(desk.db, words), desk.atlas.common)
    passages = len(sight.signs.passages)
    return stories.place(sight.gist, passages, told, now, weigh=weigh, atlas=desk.atlas)


def remember(desk: Desk, article_id: int, story_id: int, sight: Sight, *, new: bool) -> None:
    """Keep what an article is recognised by; the words of a new one count."""
    likenesses.keep(desk.db, article_id, story_id, sight.signs, sight.gist)
    if new:
        likenesses.count(desk.db, sight.gist)
