"""When does a story that was told ring again? A new grave topic, town or employer, an end, a silence that is broken."""

from dataclasses import replace

from monitor.model import Case, Escalation, Join, Keywords, Rules, Severity, Turn


def with_topics(rules: Rules, keywords: Keywords) -> Rules:
    """The rules, with what the keyword file says of topics that turn a story."""
    return replace(
        rules,
        escalating=frozenset(topic.id for topic in keywords.topics if topic.live and topic.escalates),
        ending=frozenset(topic.id for topic in keywords.topics if topic.live and topic.ends),
    )


def escalation(case: Case, rules: Rules) -> Escalation | None:
    """The turn that an article brings to a story readers know, the gravest first; None when it brings none.

    New topics count when they stand in headline or lead, new towns and employers when they stand in the headline: what
    an article mentions in passing is no turn. A reprint breaks no silence.
    """
    if case.told is None:
        return None
    return _by_topic(case, rules, case.told) or _by_course(case, rules)


def _by_topic(case: Case, rules: Rules, told: Severity) -> Escalation | None:
    """Graver than before, a new topic that escalates, or an end."""
    gist, history = case.gist, case.history
    if case.finding.severity.rank > told.rank:
        return Escalation(turn=Turn.GRAVER, what=tuple(sorted(gist.early_topics - history.topics)))
    if new := (gist.early_topics & rules.escalating) - history.topics:
        return Escalation(turn=Turn.TOPIC, what=tuple(sorted(new)))
    if new := (gist.early_topics & rules.ending) - history.topics:
        return Escalation(turn=Turn.END, what=tuple(sorted(new)))
    return None


def _by_course(case: Case, rules: Rules) -> Escalation | None:
    """A new town or employer in the headline, or a silence that is broken."""
    gist, history = case.gist, case.history
    if case.placement.join is Join.REPRINT:
        return None
    if history.places and (new := gist.title_places - history.places):
        return Escalation(turn=Turn.PLACE, what=tuple(sorted(new)))
    if history.firms and (new := gist.title_firms - history.firms):
        return Escalation(turn=Turn.NAME, what=tuple(sorted(new)))
    if case.placement.join is Join.JOINS and history.silent_for >= rules.silence:
        return Escalation(turn=Turn.SILENCE, days=history.silent_for.days)
    return None


def rings(case: Case, rules: Rules, turn: Escalation | None) -> bool:
    """Whether the news makes a sound by day: it is urgent, or turns a story that is."""
    if is_quiet_translation(case, rules):
        return False
    urgent = case.finding.severity is Severity.URGENT
    return urgent or (turn is not None and case.told is Severity.URGENT)


def is_quiet_translation(case: Case, rules: Rules) -> bool:
    """Whether readers surely had it in another language, and whoever set the rules wants no second sound for that."""
    return case.told_elsewhere and not rules.translations_ring
