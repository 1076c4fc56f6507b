"""Words for maintainers about sources: what is wrong with them, and what can be done about it."""

from collections.abc import Sequence

from monitor.model import Lang
from monitor.render.catalogue import Words, words
from monitor.render.cutting import cut, tame
from monitor.render.notices import Notice

NAME_UNITS, SIGN_UNITS = 60, 120


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
