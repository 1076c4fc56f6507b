"""Words for maintainers about the house itself: what is wrong with it, and that it is well again."""

from monitor.model import Ailment, Lang
from monitor.render.catalogue import words
from monitor.render.cutting import cut, tame
from monitor.render.notices import Notice

WHAT_UNITS, WHY_UNITS = 80, 200


def wrong(ailment: Ailment, lang: Lang) -> Notice:
    """One thing that is wrong with the house."""
    return Notice(words(lang).say("unwell.subject"), told(ailment, lang))


def told(ailment: Ailment, lang: Lang) -> str:
    """The same in one sentence, and the reason where there is one."""
    say = words(lang)
    key = f"unwell.{ailment.organ}.{ailment.what}"
    sentence = say.say(key if say.has(key) else f"unwell.{ailment.organ}", what=cut(tame(ailment.what), WHAT_UNITS))
    return f"{sentence} ({cut(tame(ailment.why), WHY_UNITS)})" if ailment.why else sentence


def well(lang: Lang) -> Notice:
    """All is well again."""
    say = words(lang)
    return Notice(say.say("unwell.over.subject"), say.say("unwell.over.text"))
