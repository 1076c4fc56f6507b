"""Words for maintainers: what changed in the machine, and what they can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.errors import Problem
from monitor.model import Coverage, Lang
from monitor.render.catalogue import words
from monitor.render.coverage import coverage_sentences
from monitor.render.cutting import cut, tame

PROBLEMS_SHOWN = 10
LINE_UNITS = 300
NAME_UNITS = 80


@dataclass(frozen=True, slots=True)
class Notice:
    """A subject of one line and a text of a few; neither holds an address or a secret."""

    subject: str
    text: str


def config_refused(problems: Sequence[Problem], lang: Lang) -> Notice:
    """The files cannot be used; the last good ones keep running. Lists the first mistakes with their places."""
    say = words(lang)
    lines = [say.count("notice.refused.text", len(problems))]
    lines += [cut(tame_path(str(problem)), LINE_UNITS) for problem in problems[:PROBLEMS_SHOWN]]
    if len(problems) > PROBLEMS_SHOWN:
        lines.append(say.count("notice.refused.more", len(problems) - PROBLEMS_SHOWN))
    return Notice(say.say("notice.refused.subject"), "\n".join(lines))


def config_reloaded(feed_count: int, topic_count: int, lang: Lang) -> Notice:
    """Changed files are in force."""
    say = words(lang)
    text = say.say("notice.reloaded.text", feeds=feed_count, topics=topic_count)
    return Notice(say.say("notice.reloaded.subject"), text)


def destination_closed(name: str, why: str, lang: Lang) -> Notice:
    """A destination cannot be reached; `name` is its name in the settings, never its address."""
    say = words(lang)
    text = say.say("notice.closed.text", name=_short(name), why=cut(tame(why), LINE_UNITS))
    return Notice(say.say("notice.closed.subject"), text)


def destination_open(name: str, lang: Lang) -> Notice:
    """A destination that was closed takes messages again."""
    say = words(lang)
    return Notice(say.say("notice.open.subject"), say.say("notice.open.text", name=_short(name)))


def message_refused(ref: str, why: str, lang: Lang) -> Notice:
    """One message was refused for good; the queue goes on."""
    say = words(lang)
    text = say.say("notice.dead.text", ref=ref, why=cut(tame(why), LINE_UNITS))
    return Notice(say.say("notice.dead.subject"), text)


def urgent_blocked(title: str, topic: str, guard: str, lang: Lang) -> Notice:
    """A guard word silenced an urgent topic; a person should look once."""
    say = words(lang)
    text = say.say("notice.blocked.text", guard=_short(guard), topic=_short(topic), title=cut(tame(title), LINE_UNITS))
    return Notice(say.say("notice.blocked.subject"), text)


def coverage_told(coverage: Coverage, lang: Lang, time_zone: str, now: datetime) -> Notice:
    """What can be seen now, with every blind source by name."""
    sentences = coverage_sentences(coverage, lang, time_zone, shown=max(coverage.watched_count, 1), now=now)
    return Notice(words(lang).say("notice.coverage.subject"), "\n".join(sentences))


def tame_path(line: str) -> str:
    """`file:line:column: what. hint` on one line, its path kept as it is typed in an editor."""
    place, _, what = line.partition(" ")
    return f"{place} {tame(what)}"


def _short(name: str) -> str:
    return cut(tame(name), NAME_UNITS)
