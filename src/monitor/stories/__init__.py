"""Which story an article belongs to: a new one, a reprint, or the same news in other words.

The surest question comes first:

    the same article            its address or its very words                          → REPRINT
    the same text elsewhere     shared passages (`reprints`)                            → REPRINT
    the same in other words     words, place, names, numbers (`compare`), within 48 h   → JOINS
    a story taken up again      the same employer, place and topic, within two weeks    → JOINS

Another town, employer or union is another story, however alike the words (`conflicts`): a strike at another plant must
never disappear into the first one. What opens a story may still point to others: the same in another language (ALSO),
POSSIBLY the same, or RELATED.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model import Gist, Join, Kin, Placement, Told
from monitor.stories.compare import Likeness, across, goes_on, in_other_words
from monitor.stories.gist import Atlas
from monitor.stories.likeness import Rarity
from monitor.stories.reprints import containment, names_another

IN_OTHER_WORDS = timedelta(hours=48)
GOES_ON = timedelta(days=14)
MOST_KIN = 3


def place(
    gist: Gist, shingle_count: int, told: Sequence[Told], now: datetime, *, weigh: Rarity, atlas: Atlas
) -> Placement:
    """Put an article beside the earlier ones that share something with it, newest first; pure.

    `OPENS`, or the strongest of its kin, has no story; every other answer names the story, the article it resembles, and
    why.
    """
    if same := next((one for one in told if one.same), None):
        return Placement(join=Join.REPRINT, story_id=same.story_id, like=same.article_id, why="the same article")
    patterns = [one for one in told if containment(one.shared_count, shingle_count, one.shingle_count)]
    copies = [one for one in patterns if not names_another(gist, one.gist, atlas)]
    if copies:
        best = max(copies, key=lambda one: containment(one.shared_count, shingle_count, one.shingle_count))
        return Placement(join=Join.REPRINT, story_id=best.story_id, like=best.article_id, why="shares whole passages")
    compared = [(_compare(gist, one, now, weigh, atlas), one) for one in told]
    compared.sort(key=lambda pair: -pair[0].strength)
    twin = next(((likeness, one) for likeness, one in compared if likeness.join is Join.JOINS), None)
    kin = _kin(compared, patterns, twin[1].story_id if twin else None)
    if twin:
        likeness, like = twin
        kin = tuple(one for one in kin if one.join is Join.ALSO)
        return Placement(join=Join.JOINS, story_id=like.story_id, like=like.article_id, why=likeness.why, kin=kin)
    if kin:
        return Placement(join=kin[0].join, like=kin[0].like, why=kin[0].why, kin=kin)
    return Placement(join=Join.OPENS)


def _compare(gist: Gist, told: Told, now: datetime, weigh: Rarity, atlas: Atlas) -> Likeness:
    age = now - told.seen_at
    if age > GOES_ON:
        return Likeness()
    if gist.lang != told.gist.lang:
        return across(gist, told.gist, atlas) if age <= IN_OTHER_WORDS else Likeness()
    return in_other_words(gist, told.gist, weigh, atlas) if age <= IN_OTHER_WORDS else goes_on(gist, told.gist, atlas)


_KINSHIP = (Join.ALSO, Join.POSSIBLY, Join.RELATED)


def _kin(compared: Sequence[tuple[Likeness, Told]], patterns: Sequence[Told], own: int | None) -> tuple[Kin, ...]:
    """Other stories, one entry each, the surest kind first; texts after one pattern are linked at least."""
    found: dict[int, Kin] = {}
    for likeness, one in compared:
        if likeness.join in _KINSHIP and one.story_id != own:
            kin = Kin(
                join=likeness.join, story_id=one.story_id, like=one.article_id, why=likeness.why, sure=likeness.sure
            )
            before = found.get(one.story_id)
            if before is None or _KINSHIP.index(kin.join) < _KINSHIP.index(before.join):
                found[one.story_id] = kin
    for one in patterns:
        if one.story_id not in found and one.story_id != own:
            why = "the same words about another place or employer"
            found[one.story_id] = Kin(join=Join.RELATED, story_id=one.story_id, like=one.article_id, why=why)
    return tuple(sorted(found.values(), key=lambda kin: _KINSHIP.index(kin.join))[:MOST_KIN])
