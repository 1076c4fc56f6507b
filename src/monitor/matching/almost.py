"""What almost matched: the phrases that lack one word or group, or have all of them apart; for people who ask why not."""

from collections.abc import Iterable
from typing import NamedTuple

from monitor.matching.plan import Plan, Sequence, View
from monitor.matching.reading import Reading
from monitor.matching.terms import GroupPart, Phrase, WordPart, parse

SHOWN = 3  # topics; ordinary news holds half a phrase of many
SHORT = 3  # letters; «на», «the» and «мен» stand everywhere


class Almost(NamedTuple):
    """A phrase that nearly stands in the article; the greater, the nearer. A group lacks more tellingly than a word."""

    present: int
    lacks_a_group: bool
    missing: str


def phrases_by_topic(plan: Plan, view: View) -> dict[str, list[int]]:
    """The terms of more than one word that raise a topic in articles of one language, by the topic's id."""
    found: dict[str, list[int]] = {}
    for number in sorted({number for numbers in view.triggers.values() for number in numbers}):
        if any(len(sequence) > 1 for sequence in plan.terms[number].sequences):
            for role in plan.roles[number]:
                if role.part == "any":
                    found.setdefault(plan.topics[role.topic].id, []).append(number)
    return found


def nearest(numbers: Iterable[int], plan: Plan, reading: Reading) -> Almost | None:
    """The phrase among these terms that has most of its words in the article and lacks one at most."""
    found = (
        almost
        for number in numbers
        for sequence in plan.terms[number].sequences
        if len(sequence) > 1 and (almost := _almost(number, sequence, plan, reading))
    )
    return max(found, key=lambda almost: almost[:2], default=None)


def _almost(number: int, sequence: Sequence, plan: Plan, reading: Reading) -> Almost | None:
    """How near this way to write a phrase comes; None when it is not near."""
    absent = [index for index, (element, _) in enumerate(sequence) if not reading.element(element)]
    if len(absent) > 1:
        return None
    term = plan.terms[number].term
    parsed = parse(term)
    if not isinstance(parsed, Phrase) or len(parsed.parts) != len(sequence):
        return None  # taken apart at a hyphen: the phrase as it is written says it better
    if not any(_tells(part, element, reading) for part, (element, _) in zip(parsed.parts, sequence, strict=True)):
        return None
    if not absent:
        return Almost(
            len(sequence), True, f"the words of «{term.text}» are there, but too far apart or not in this order"
        )
    lacking = parsed.parts[absent[0]]
    if isinstance(lacking, GroupPart):
        return Almost(len(sequence) - 1, True, f"«{term.text}», but nothing of ${lacking.name}")
    return Almost(len(sequence) - 1, False, f"«{term.text}», but no «{lacking.text}»")


def _tells(part: WordPart | GroupPart, element: int | str, reading: Reading) -> bool:
    """Whether a part stands there and says something: no short word, and more than a place, which every article has."""
    if isinstance(part, WordPart) and len(part.text) <= SHORT:
        return False
    return not set(reading.group("places")).issuperset(reading.element(element))
