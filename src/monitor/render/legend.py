"""The pinned post: how to read the channel, and whom to tell about a mistake; one message, in its languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.model import Keywords, Lang, Quiet, Severity, Standing
from monitor.render.cards import LATE_MARK, MARKS, NEWS_MARK, REPEAT_MARK, Card, repeat_line
from monitor.render.catalogue import Words, name_of, words
from monitor.render.cutting import cut, tame
from monitor.render.entities import Composer
from monitor.text.fold import clean

MARK = "📌"
LIST_UNITS = 320  # a list of topics, so that two languages fit into one message
CONTACT_UNITS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What a reader must know: the titles of topics by how loudly they speak, the night, how many outlets are read."""

    topics: Mapping[Severity, tuple[Mapping[str, str], ...]]
    feed_count: int
    quiet: Quiet = field(default_factory=Quiet)
    contact: str | None = None


def guide(keywords: Keywords, *, feed_count: int, quiet: Quiet, contact: str | None) -> Guide:
    """The guide to what a keyword file listens for; trial topics are not readers' business."""
    live = [topic for topic in keywords.topics if topic.live]
    topics = {
        severity: tuple(topic.titles or {"en": topic.id} for topic in live if topic.severity is severity)
        for severity in Severity
    }
    return Guide(topics=topics, feed_count=feed_count, quiet=quiet, contact=contact)


def legend(about: Guide, languages: Sequence[Lang]) -> Card:
    """The post in the first two languages of the channel, as cards are."""
    out = Composer()
    out.add(f"{MARK} ")
    for index, lang in enumerate(languages[:2]):
        out.add("\n\n" if index else "")
        _in_one_language(out, about, lang)
    return Card(out.text, tuple(out.entities), out.plain, repeat_line(languages))


def _in_one_language(out: Composer, about: Guide, lang: Lang) -> None:
    say = words(lang)
    out.add(say.say("legend.title"), "bold")
    out.add("\n" + "\n".join([say.count("legend.what", about.feed_count), *_sounds(about, say), "", *_signs(say), ""]))
    contact = cut(clean(about.contact or "", one_line=True), CONTACT_UNITS) or say.say("legend.maintainers")
    out.add("\n" + say.say("legend.silence") + "\n" + say.say("legend.contact", contact=contact))


def _sounds(about: Guide, say: Words) -> list[str]:
    """What rings, what comes silently, what only the letter has, and when it is night."""
    lines = []
    for severity, key in (
        (Severity.URGENT, "legend.rings"),
        (Severity.NORMAL, "legend.silent"),
        (Severity.DIGEST, "legend.letter"),
    ):
        titles = [tame(name_of(titles, (say.lang, "en"))) for titles in about.topics.get(severity, ())]
        mark = f"{MARKS[severity]} " if severity is not Severity.DIGEST else ""
        if titles:
            lines.append(mark + say.say(key, topics=cut(", ".join(titles), LIST_UNITS)))
    night = about.quiet
    if night.start != night.end:
        lines.append(say.say("legend.night", start=night.start, end=night.end, zone=say.zone(night.time_zone)))
    return lines


def _signs(say: Words) -> list[str]:
    """What the signs and the words of a card mean."""
    voices = ", ".join(say.say(f"standing.{standing}") for standing in Standing)
    return [
        say.say("legend.bold"),
        say.say("legend.standing", voices=voices),
        say.say("legend.marks", late=LATE_MARK, repeat=REPEAT_MARK, update=NEWS_MARK),
        say.say("legend.closed", warning=say.say("card.closed_at_home")),
        say.say("legend.tags"),
    ]
