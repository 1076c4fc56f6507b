"""The same text elsewhere: a share of the sampled three-word passages of the shorter text stands in the other."""

from monitor.model import Gist
from monitor.stories.conflicts import Agreement, by_headline, own_names, towns
from monitor.stories.gist import Atlas

# Republished wire: share of the shorter text's sampled shingles found in the other, and how many at least.
CONTAINMENT = 0.2
LEAST_SHARED = 3
# Two summaries of a few sentences share three shingles by speaking of the same law: where little is shared, it must
# be half of the shorter text.
MUCH_SHARED = 8
SHORT_CONTAINMENT = 0.5
# A shingle that stands in more stories than this is a phrase of the trade, not a passage.
COMMON_IN = 20


def containment(shared_count: int, ours: int, theirs: int) -> float:
    """The share of the shorter text's passages that both have; 0 when that is no sign of copying."""
    share = shared_count / (min(ours, theirs) or 1)
    enough = CONTAINMENT if shared_count >= MUCH_SHARED else SHORT_CONTAINMENT
    return share if shared_count >= LEAST_SHARED and share >= enough else 0.0


def names_another(one: Gist, other: Gist, atlas: Atlas) -> bool:
    """Whether two alike texts are about two towns or two employers: written after one pattern, not copied.

    Each must name, at its beginning, one that the other names nowhere: what a copy leaves out proves nothing.
    """
    ours, theirs = towns(one, atlas), towns(other, atlas)
    if ours and theirs and not ours & other.all_places and not theirs & one.all_places:
        return True
    return bool(own_names(one, other) and own_names(other, one)) or by_headline(one, other, atlas) is Agreement.OTHER
