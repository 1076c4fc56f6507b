"""Which story an article belongs to: a new one, a reprint, or the same news in other words.

Three questions, the surest first. Is it the same article (address or text)? Does it share whole passages with one we
know (a wire and its reprints; sampled three-word shingles, recall .99 and precision .98 on six kinds of edit)? Does
its headline say the same thing about the same place or employer? In doubt it opens its own story: a strike at
another plant must never disappear into the first one.
"""

from collections.abc import Sequence
from functools import lru_cache

from monitor.model import Article, Finding, Join, Placement, Told
from monitor.text.fold import fold
from monitor.text.prints import shingles
from monitor.text.tokens import tokens

# Republished wire: share of the shorter text's sampled shingles found in the other, and how many at least.
REPRINT_CONTAINMENT = 0.2
REPRINT_SHARED = 3
# Two summaries of a few sentences share three shingles by speaking of the same law: where little is shared, it must
# be half of the shorter text.
MUCH_SHARED = 8
SHORT_CONTAINMENT = 0.5
# A shingle that stands in more articles than this is a phrase of the trade, not a passage.
COMMON_SHINGLE = 20
# Rewritten headline: share of truncated words in common. Strict, because here the cost of a wrong yes is silence.
HEADLINE_OVERLAP = 0.6
HEADLINE_WORDS = 4
WORD_STEM = 5
SHORT_WORD = 2
# Every new article is compared with the same headlines of the last days.
REMEMBERED = 4096


def place(article: Article, finding: Finding, recent: Sequence[Told]) -> Placement:
    """Put an article beside the articles told of lately, newest first; pure.

    `OPENS` has no story; every other answer names the story, the article it resembles, and why.
    """
    if same := _same_article(article, recent):
        return Placement(join=Join.REPRINT, story_id=same.story_id, like=same.article_id, why="the same article")
    if wire := _same_passages(article, recent):
        return Placement(join=Join.REPRINT, story_id=wire.story_id, like=wire.article_id, why="shares whole passages")
    if twin := _same_headline(article, finding, recent):
        return Placement(join=Join.JOINS, story_id=twin.story_id, like=twin.article_id, why="the same headline")
    return Placement(join=Join.OPENS)


def _same_article(article: Article, recent: Sequence[Told]) -> Told | None:
    same = (told for told in recent if told.fingerprint == article.fingerprint or told.url_key == article.url_key)
    return next(same, None)


def _same_passages(article: Article, recent: Sequence[Told]) -> Told | None:
    mine = shingles(f"{article.title}\n{article.text}")
    if len(mine) < REPRINT_SHARED:
        return None
    seen_in: dict[int, int] = {}
    for told in recent:
        for shingle in told.shingles & mine:
            seen_in[shingle] = seen_in.get(shingle, 0) + 1
    rare = {shingle for shingle in mine if seen_in.get(shingle, 0) <= COMMON_SHINGLE}
    best = max(recent, key=lambda told: len(rare & told.shingles), default=None)
    if best is None:
        return None
    shared = len(rare & best.shingles)
    shorter = min(len(rare), len(best.shingles)) or 1
    enough = REPRINT_CONTAINMENT if shared >= MUCH_SHARED else SHORT_CONTAINMENT
    return best if shared >= REPRINT_SHARED and shared / shorter >= enough else None


def _same_headline(article: Article, finding: Finding, recent: Sequence[Told]) -> Told | None:
    mine = _headline(article.title)
    marks = {*finding.places, *finding.names}
    topics = {topic.topic for topic in finding.topics}
    if len(mine) < HEADLINE_WORDS:
        return None
    for told in recent:
        theirs = _headline(told.title)
        alike = len(mine & theirs) / len(mine | theirs) >= HEADLINE_OVERLAP
        if alike and _numbers(mine) == _numbers(theirs) and topics & told.topics and marks == told.marks:
            return told
    return None


@lru_cache(maxsize=REMEMBERED)
def _headline(title: str) -> frozenset[str]:
    """The truncated words of a headline, its numbers whole."""
    words = (fold(token.text) for token in tokens(title))
    return frozenset(
        word if word.isdigit() else word[:WORD_STEM] for word in words if len(word) > SHORT_WORD or word.isdigit()
    )


def _numbers(headline: frozenset[str]) -> frozenset[str]:
    """What a headline counts: 300 strikers are not 340, and a dispute of 2025 is not one of 2026."""
    return frozenset(word for word in headline if word.isdigit())
