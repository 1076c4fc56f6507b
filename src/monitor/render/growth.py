"""What a card and a letter say of a story's life: how far it went, what is new in it, what it may belong with."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from monitor.model import Alert, Join, Lang, Relative, Turn
from monitor.render import vocabulary
from monitor.render.catalogue import Words, name_of, words
from monitor.render.cutting import cut, tame

HOUR = timedelta(hours=1)
TITLED = 1  # of each kind
TITLE_UNITS = 70


def spread(alert: Alert, lang: Lang, time_zone: str) -> list[str]:
    """How far it went: `5 outlets`, `not found in the 6 state sources read`, `updated 14:20 Almaty`."""
    found, say = alert.spread, words(lang)
    said = [say.count("growth.outlets", found.outlet_count)] if found.outlet_count > 1 else [say.say("card.one_source")]
    if found.independent_only and found.outlet_count > 1:
        said.append(say.say("growth.independent_only"))
    if found.state_after is None and found.state_read_count:
        said.append(say.count("growth.not_in_state", found.state_read_count))
    elif found.state_after is not None and found.state_after >= HOUR:
        said.append(say.count("growth.in_state_after", int(found.state_after / HOUR)))
    if found.also_in:
        known = [say.say(f"language.{one}") for one in found.also_in if say.has(f"language.{one}")]
        said.append(say.say("growth.also_in", languages=" / ".join(known or found.also_in)))
    if found.updated_at is not None:
        same_day = say.day(found.updated_at, time_zone) == say.day(alert.seen_at, time_zone)
        when = say.clock(found.updated_at, time_zone) if same_day else say.moment(found.updated_at, time_zone)
        said.append(say.say("growth.updated", moment=when))
    return said


def relatives(alert: Alert, lang: Lang) -> list[str]:
    """Other stories, and how sure that is: `Possibly linked to K7F2Q (“Miners stop work”)`.

    A reference alone says nothing to a reader: the first of each kind has its headline.
    """
    by_join: dict[Join, list[Relative]] = {}
    for one in alert.relatives:
        by_join.setdefault(one.join, []).append(one)
    keys = {
        Join.JOINS: "relative.joined",
        Join.ALSO: "relative.also",
        Join.POSSIBLY: "relative.possibly",
        Join.RELATED: "relative.related",
    }
    say = words(lang)
    return [
        say.say(key, refs=", ".join(_called(one, index, say) for index, one in enumerate(by_join[join])))
        for join, key in keys.items()
        if join in by_join
    ]


def _called(one: Relative, index: int, say: Words) -> str:
    if index >= TITLED or not one.title:
        return one.ref
    titled = say.say("relative.titled", ref=one.ref, title=cut(tame(one.title), TITLE_UNITS))
    return titled.replace("««", "«").replace("»»", "»")  # where a headline begins or ends with a mark, one is enough


def news(alert: Alert, lang: Lang) -> str:
    """What is new in a story that was told before; empty for a first card."""
    turn, say = alert.escalation, words(lang)
    if turn is None:
        same = any(one.join is Join.ALSO for one in alert.relatives)
        reply = say.say("turn.reply")
        return "" if not alert.is_reply else f"{reply}: {say.say('turn.same')}" if same else reply
    match turn.turn:
        case Turn.TOPIC:
            new = say.say("turn.new", what=", ".join(vocabulary.topic_word(alert, one, lang) for one in turn.what))
        case Turn.PLACE:
            new = say.say("turn.place", what=_named(turn.what, alert.place_names, lang))
        case Turn.NAME:
            new = say.say("turn.new", what=_named(turn.what, alert.name_names, lang))
        case Turn.END:
            new = say.say("turn.end")
        case Turn.SILENCE:
            new = say.count("turn.silence", turn.days)
        case _:
            new = say.say("turn.graver")
    return f"{say.say('turn.reply')}: {new}"


def _named(ids: Sequence[str], known: Mapping[str, Mapping[str, str]], lang: Lang) -> str:
    return ", ".join(name_of(known.get(one, {}), (lang, "en")) or one for one in ids)
