"""Does this article interrupt someone? One ladder of rules, the first that applies answers, each with its reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.model import Case, Escalation, Join, Mute, Reason, Rules, Severity, Turn, Verdict
from monitor.policy.escalation import escalation, is_quiet_translation, rings
from monitor.policy.quiet import night_until

LIMITED = frozenset({Reason.DEMOTED, Reason.ELSEWHERE})


def judge(case: Case, rules: Rules, now: datetime) -> Verdict:
    """Yes or no with its reason; pure. `now` is the time of the poll, aware UTC."""
    for rule in LADDER:
        verdict = rule(case, rules, now)
        if verdict is not None:
            return verdict
    turn = escalation(case, rules)
    reason = _reason_of(case, turn)
    detail = f"{turn.turn} {' '.join(turn.what)}".strip() if turn else ""
    morning = night_until(rules.quiet, now)
    if morning is not None and not rings_at_night(case, rules):
        detail = f"{reason}; came at night, is said silently in the morning"
        return Verdict(say=True, reason=Reason.QUIET_HOURS, detail=detail, digest=True, escalation=turn)
    return Verdict(say=True, reason=reason, detail=detail, ring=rings(case, rules, turn), digest=True, escalation=turn)


def _reason_of(case: Case, turn: Escalation | None) -> Reason:
    if case.told_elsewhere and turn is None:
        return Reason.OTHER_LANGUAGE
    if turn is None:
        return Reason.FIRST
    return Reason.NEW_TOPIC if turn.turn in {Turn.TOPIC, Turn.END} else Reason.ESCALATED


def rings_at_night(case: Case, rules: Rules) -> bool:
    """Only what is urgent, has its date, and says so in its headline wakes anybody up."""
    urgent = (topic for topic in case.finding.topics if topic.live and not topic.blocked)
    in_title = any(hit.field == "title" for topic in urgent if topic.severity is Severity.URGENT for hit in topic.hits)
    urgently = case.finding.severity is Severity.URGENT and not is_quiet_translation(case, rules)
    return urgently and case.article.published_at is not None and in_title


def _unmatched(case: Case, _rules: Rules, _now: datetime) -> Verdict | None:
    """Nothing in it for us; trial topics and blocked ones are kept for the maintainers to see."""
    if case.finding.severity is not Severity.NONE:
        return None
    return Verdict(say=False, reason=case.finding.reason)


def _quarantined(case: Case, _rules: Rules, _now: datetime) -> Verdict | None:
    """A feed that may have been taken over is stored, not believed."""
    return Verdict(say=False, reason=Reason.QUARANTINED) if case.quarantined else None


def _muted(case: Case, _rules: Rules, now: datetime) -> Verdict | None:
    """Somebody asked for silence about this, until a date."""
    topics = {topic.topic for topic in case.finding.topics if topic.live}
    for mute in case.mutes:
        if _covers(mute, case, topics) and (mute.until is None or mute.until > now):
            return Verdict(say=False, reason=Reason.MUTED, detail=f"{mute.kind} {mute.value}")
    return None


def _covers(mute: Mute, case: Case, topics: Iterable[str]) -> bool:
    """A topic's mute silences an article only when it was the only topic; the other kinds silence any mention."""
    match mute.kind:
        case "topic":
            return set(topics) == {mute.value}
        case "place":
            return mute.value in case.finding.places
        case "name":
            return mute.value in case.finding.names
        case _:
            return mute.value == case.feed.id


def _quiet_severity(case: Case, _rules: Rules, _now: datetime) -> Verdict | None:
    """Statistics, ceremonies, retrospectives and foreign strikes wait for the letter."""
    if case.finding.severity is not Severity.DIGEST:
        return None
    reason = case.finding.reason if case.finding.reason in LIMITED else Reason.DIGEST_ONLY
    return Verdict(say=False, reason=reason, digest=case.state.baselined_at is not None and not case.in_letter)


def _baseline(case: Case, _rules: Rules, _now: datetime) -> Verdict | None:
    """A first reading sees a feed's past: it goes to the archive; `of_a_baseline` picks the few that are said."""
    if case.state.baselined_at is not None:
        return None
    return Verdict(say=False, reason=Reason.BASELINE if case.told is None else Reason.REPRINT)


def of_a_baseline(published: Sequence[datetime], rules: Rules, now: datetime) -> list[int]:
    """Which of the articles that first readings passed over are said after all: indices, the newest few of a day."""
    recent = [place for place, when in enumerate(published) if now - rules.baseline_window <= when <= now]
    recent.sort(key=lambda place: published[place], reverse=True)
    return recent[: rules.baseline_count]


def _told_already(case: Case, rules: Rules, _now: datetime) -> Verdict | None:
    """Of a story that was told, only a turn is said again; another outlet's account makes its card grow."""
    if case.told is None or escalation(case, rules) is not None:
        return None
    joins = case.placement.join is Join.JOINS
    reason = Reason.REPRINT if case.placement.join is Join.REPRINT else Reason.COOLING_DOWN
    if joins and case.new_outlet:
        reason = Reason.GREW
    return Verdict(say=False, reason=reason, detail=case.placement.why, digest=joins)


def _too_old(case: Case, rules: Rules, now: datetime) -> Verdict | None:
    """News is what came out within 48 h, or since this feed was last read, whichever is earlier.

    So a source that was blocked for a week still rings with what it published meanwhile, and a re-dated archive
    does not. Without a date we trust the moment we saw it first.
    """
    published = case.article.published_at
    if published is None:
        return None
    since = min(now - rules.fresh, case.state.good_at or now)
    if published >= since:
        return None
    return Verdict(say=False, reason=Reason.TOO_OLD, digest=not case.in_letter, late=True)


def _unrouted(case: Case, _rules: Rules, _now: datetime) -> Verdict | None:
    """No route of `delivery.yaml` leads anywhere: whoever wrote the routes wanted it in the letter only."""
    if case.routed:
        return None
    return Verdict(say=False, reason=Reason.DIGEST_ONLY, detail="no route leads to a channel", digest=True)


def _over_budget(case: Case, rules: Rules, _now: datetime) -> Verdict | None:
    """A channel that talks all day is muted by its readers: normal news has a daily budget. Urgent news has none."""
    if case.finding.severity is not Severity.NORMAL or case.said_today < rules.normal_budget:
        return None
    detail = f"{case.said_today} said today, {rules.normal_budget} is the budget"
    return Verdict(say=False, reason=Reason.OVER_BUDGET, detail=detail, digest=True)


LADDER = (
    _unmatched,
    _quarantined,
    _muted,
    _quiet_severity,
    _baseline,
    _told_already,
    _too_old,
    _unrouted,
    _over_budget,
)
