"""The `examples:` of the topics, run: sentences that must raise their topic, and sentences that must not."""

from monitor.errors import Problem
from monitor.matching.engine import Matcher
from monitor.model import Finding, Keywords, Reason, Severity, Term, Topic

LOWERED = frozenset({Reason.DEMOTED, Reason.ELSEWHERE})


def failing_examples(matcher: Matcher, keywords: Keywords, path: str) -> list[Problem]:
    """The examples that do not come out as their topic says, each with what was found instead."""
    found: list[Problem] = []
    for topic in keywords.topics:
        for example, wanted in _examples(topic):
            if raises(matcher.find(example.text, ""), topic) != wanted:
                explained = matcher.find(example.text, "", explain=True)
                found.append(_problem(example, topic, explained, path, wanted=wanted))
    return found


def raises(finding: Finding, topic: Topic) -> bool:
    """Whether a headline raises a topic as loudly as the topic is meant; blocked or lowered by a guard it does not."""
    lowered = finding.reason in LOWERED and topic.severity.rank > Severity.DIGEST.rank
    return not lowered and any(match.topic == topic.id and match.blocked is None for match in finding.topics)


def _examples(topic: Topic) -> list[tuple[Term, bool]]:
    return [(term, True) for term in topic.match_examples] + [(term, False) for term in topic.ignore_examples]


def _problem(example: Term, topic: Topic, finding: Finding, path: str, *, wanted: bool) -> Problem:
    if wanted:
        what = f"The example does not raise `{topic.id}`."
        hint = f"{_why_not(finding, topic)} It was read as {finding.lang or 'no known language'}."
    else:
        hits = next(match.hits for match in finding.topics if match.topic == topic.id)
        what = f"The example raises `{topic.id}`, and should not."
        hint = "Found: " + ", ".join(f"«{hit.form}» ({hit.term})" for hit in hits) + "."
    return Problem(path=path, line=example.line, column=example.column, what=what, hint=hint)


def _why_not(finding: Finding, topic: Topic) -> str:
    blocked = next((match.blocked for match in finding.topics if match.topic == topic.id and match.blocked), None)
    if blocked:
        return f"Blocked by «{blocked}»."
    if finding.reason in LOWERED:
        return f"Lowered to the digest: {finding.reason.value}."
    missing = next((miss.missing for miss in finding.near if miss.topic == topic.id), None)
    return f"Almost: {missing}." if missing else "None of its words is there."
