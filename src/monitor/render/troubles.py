"""Words for maintainers about sources: what is wrong with them, by root cause, and what can be done about it.

Whatever concerns many sources is a notice of its own; single sources share one, a line each. Every notice ends with the
coverage line.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import WIDE, Cause, Coverage, Lang, Trouble
from monitor.render.catalogue import Words, words
from monitor.render.coverage import coverage_sentences, line, span
from monitor.render.cutting import cut, tame
from monitor.render.notices import Notice

NAME_UNITS, SIGN_UNITS, NAMES_UNITS = 60, 120, 400
LINES_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """By what a notice is read: what is seen at this moment, which moment, in which words."""

    coverage: Coverage
    now: datetime
    lang: Lang
    time_zone: str

    def end(self, named: Collection[str] = ()) -> str:
        """The coverage line, with which a notice ends; its counts alone when all that is blind was `named` before."""
        sentences = coverage_sentences(self.coverage, self.lang, self.time_zone, now=self.now)
        blind = {name for name, _, _ in self.coverage.blind} | {name for name, _ in self.coverage.quiet}
        nothing_new = bool(blind) and blind <= set(named) and not self.coverage.gaps
        return " ".join(sentences[:-1] if nothing_new else sentences)


def wide(trouble: Trouble, light: Light) -> Notice:
    """One cause that concerns many sources."""
    return Notice(_subject(trouble, light.lang), f"{told(trouble, light)}\n{light.end()}")


def singles(troubles: Sequence[Trouble], well: Sequence[str], light: Light) -> Notice:
    """Single sources, a line each; and those that are `well` again, by name."""
    say = words(light.lang)
    lines = [f"• {told(one, light)}" for one in troubles[:LINES_SHOWN]]
    if len(troubles) > LINES_SHOWN:
        lines.append(say.count("coverage.blind_more", len(troubles) - LINES_SHOWN))
    if well:
        lines.append(say.say("trouble.well", names=_names(well)))
    count = sum(len(one.feeds) for one in troubles)
    subject = say.count("trouble.lines.subject", count) if troubles else say.say("trouble.well.subject")
    named = {name for one in troubles for name in one.names}
    return Notice(subject, "\n".join([*lines, light.end(named)]))


def over(trouble: Trouble, lasted: timedelta, light: Light) -> Notice:
    """A cause that concerned many sources is gone."""
    say = words(light.lang)
    subject = say.say("trouble.over.subject", what=_subject(trouble, light.lang))
    return Notice(subject, f"{say.say('trouble.over.text', span=span(lasted, light.lang))}\n{light.end()}")


def told(trouble: Trouble, light: Light) -> str:
    """A trouble in one or two sentences, or in one line where it is a single source."""
    say = words(light.lang)
    if trouble.cause not in WIDE:
        names = _names(trouble.names)
        if trouble.cause is Cause.HOST:
            names = say.say("trouble.host", where=cut(tame(trouble.where), NAME_UNITS), names=names)
        return line(names, trouble.since, trouble.what, light.lang, light.time_zone, now=light.now)
    return say.say(
        f"trouble.{trouble.cause}.text",
        count=len(trouble.feeds),
        asked=trouble.asked,
        since=say.since(trouble.since, light.time_zone, now=light.now),
        names=_names(trouble.names),
    )


def _subject(trouble: Trouble, lang: Lang) -> str:
    return words(lang).say(f"trouble.{trouble.cause}.subject", where=cut(tame(trouble.where), NAME_UNITS))


def _names(names: Sequence[str]) -> str:
    return cut(", ".join(cut(tame(name), NAME_UNITS) for name in names), NAMES_UNITS)


def suspect(outlet: str, feed_id: str, signs: Sequence[Sequence[str]], lang: Lang) -> Notice:
    """A source looks like another site: by which signs (kind, before, now each), and how to answer."""
    say = words(lang)
    name = cut(tame(outlet), NAME_UNITS)
    lines = [say.say("notice.suspect.text", outlet=name), *(f"• {line}" for line in suspicions(signs, lang))]
    lines.append(say.say("notice.suspect.answer", id=feed_id))
    return Notice(say.say("notice.suspect.subject", outlet=name), "\n".join(lines))


def suspicions(signs: Sequence[Sequence[str]], lang: Lang) -> list[str]:
    """The signs in words: `its title is “…”, before “…”`."""
    say = words(lang)
    return [
        say.say(f"suspect.{kind}", before=_seen(kind, before, say), now=_seen(kind, now, say))
        for kind, before, now in signs
        if say.has(f"suspect.{kind}")
    ]


def _seen(kind: str, what: str, say: Words) -> str:
    if kind == "language" and say.has(f"language.{what}"):
        return say.say(f"language.{what}")
    return cut(tame(what), SIGN_UNITS)
