"""What makes two articles two stories, however alike they read: another town, employer, union or sector."""

from collections.abc import Iterable
from enum import Enum

from monitor.model import Gist
from monitor.stories.gist import Atlas
from monitor.stories.names import shared


class Agreement(Enum):
    """How two articles stand to each other in one respect."""

    SAME = "same"
    UNKNOWN = "unknown"
    UNLIKE = "unlike"  # neither the same nor surely another: one may contain the other, or each names one of its own
    OTHER = "other"


PATTERN_WORDS = 2  # words of a headline that stay when a name is exchanged
VAGUE = frozenset({"both", "site"})  # kinds of places that may stand for a town near by


def towns(gist: Gist, atlas: Atlas) -> frozenset[str]:
    """The towns, fields and plants of headline and lead; a town's own region beside it says nothing more."""
    found = {place for place in gist.places if atlas.is_town(place)}
    exact = {place for place in found if atlas.places.get(place) != "both"}
    regions = {atlas.regions.get(place) for place in exact}
    return frozenset(exact | {place for place in found - exact if atlas.regions.get(place) not in regions})


def by_town(one: Gist, other: Gist, atlas: Atlas) -> Agreement:
    """Whether they are about the same town. A field and a town of its region may be one; two towns are not.

    When both headlines name towns, these decide: the lead may tell what happened elsewhere before.
    """
    if one.title_places and other.title_places and not one.title_places & other.title_places:
        return _apart(one.title_places, other.title_places, atlas)
    ours, theirs = towns(one, atlas), towns(other, atlas)
    if ours & theirs:
        return Agreement.SAME
    if not ours or not theirs:
        both = _regions(one.places, atlas), _regions(other.places, atlas)
        return Agreement.OTHER if all(both) and not both[0] & both[1] else Agreement.UNKNOWN
    return _apart(ours, theirs, atlas)


def _apart(ours: frozenset[str], theirs: frozenset[str], atlas: Atlas) -> Agreement:
    """How different two sets of places are that have none in common."""
    our_regions, their_regions = _regions(ours, atlas), _regions(theirs, atlas)
    if our_regions and their_regions and not our_regions & their_regions:
        return Agreement.OTHER
    exact = all(any(atlas.places.get(place) not in VAGUE for place in side) for side in (ours, theirs))
    return Agreement.OTHER if exact else Agreement.UNLIKE


def _regions(places: Iterable[str], atlas: Atlas) -> frozenset[str]:
    return frozenset(atlas.regions[place] for place in places if place in atlas.regions)


def by_firm(one: Gist, other: Gist) -> Agreement:
    """Whether they name the same employer or union; when each names one more of its own, that is not clear."""
    ours, theirs = one.firms | one.names, other.firms | other.names
    common = bool(one.firms & other.firms or shared(one.names, other.names | other.people))
    common = common or bool(shared(other.names, one.people))
    if not common:
        return Agreement.OTHER if ours and theirs else Agreement.UNKNOWN
    return Agreement.UNLIKE if own_firms(one, other) and own_firms(other, one) else Agreement.SAME


def own_firms(one: Gist, other: Gist) -> frozenset[str]:
    """The employers and unions at the beginning of an article that the other names nowhere."""
    named = one.names - shared(one.names, other.names | other.people | other.openers | other.all_names)
    return named | (one.firms - other.firms - other.all_firms)


def own_names(one: Gist, other: Gist) -> frozenset[str]:
    """Everything with a name at the beginning of an article that the other names nowhere."""
    known = other.names | other.people | other.openers | other.all_names
    return own_firms(one, other) | (one.people - shared(one.people, known))


def by_people(one: Gist, other: Gist) -> Agreement:
    """Whether they name the same people (or anything else with a capital letter)."""
    ours, theirs = one.people | one.names, other.people | other.names
    if shared(ours, theirs | other.openers) or shared(theirs, one.openers):
        return Agreement.SAME
    return Agreement.OTHER if one.people and other.people else Agreement.UNKNOWN


def by_headline(one: Gist, other: Gist, atlas: Atlas) -> Agreement:
    """Whether each headline names something that stands nowhere in the other article."""
    ours = one.title_names - shared(one.title_names, other.all_names | other.openers)
    theirs = other.title_names - shared(other.title_names, one.all_names | one.openers)
    if (ours and theirs) or _filled_in_twice(one, other, atlas):
        return Agreement.OTHER
    return Agreement.UNKNOWN


def _filled_in_twice(one: Gist, other: Gist, atlas: Atlas) -> bool:
    """Whether two headlines have their words without a capital in common, and others with one: a name was filled in.

    Words of the trade are exchanged by editors (miners for workers); one side at least must have another one.
    """
    small, smalls = one.title_words - one.title_capitals, other.title_words - other.title_capitals
    if len(small & smalls) < PATTERN_WORDS or len(small ^ smalls) > 1:
        return False
    ours, theirs = one.title_capitals - other.title_words, other.title_capitals - one.title_words
    return bool(ours and theirs and (ours | theirs) - atlas.common - atlas.towns)


def by_sector(one: Gist, other: Gist) -> Agreement:
    """Whether they are about the same sector."""
    if one.sectors & other.sectors:
        return Agreement.SAME
    return Agreement.OTHER if one.sectors and other.sectors else Agreement.UNKNOWN
