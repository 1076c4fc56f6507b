"""What a card calls a topic, a place and an outlet: the fixed vocabulary first, the configuration's words else.

All names are ids of the configuration (`strike`, `zhanaozen`, `KZ-47`); nothing here decides what matters.
"""

from collections.abc import Mapping, Sequence

from monitor.model import Alert, Hit, Lang, Link
from monitor.render.catalogue import name_of, words
from monitor.render.cutting import ELLIPSIS, cut, hashtag, tame
from monitor.render.excerpts import matched_words, triggering

COUNTRY = "kazakhstan"  # the place id that says nothing more than the channel's own name
SHORT_NAME = 60
PLACES_SHOWN = 2
TOPIC_TAGS = 2
WORDS_OF_A_FORM = 4
TOPICS_EXPLAINED = 2
MATCHED_UNITS = 160
REGION_TAGS = 2


def topic_word(alert: Alert, topic: str, lang: Lang) -> str:
    """What the topic is called in a word or two: `strike`, else its title from the configuration."""
    key = f"topic.{topic}.word"
    if words(lang).has(key):
        return words(lang).say(key)
    return _title(alert.topic_titles, topic, lang)


def topic_title(alert: Alert, topic: str, lang: Lang) -> str:
    """The heading a letter puts over the topic: its title from the configuration, else its word."""
    title = _title(alert.topic_titles, topic, lang) if alert.topic_titles.get(topic) else topic_word(alert, topic, lang)
    return title[:1].upper() + title[1:]


def reported(alert: Alert, lang: Lang) -> str:
    """What is reported, never asserted: `strike reported`."""
    if not alert.topics:
        return words(lang).say("reported.nothing")
    key = f"topic.{alert.topics[0]}.reported"
    if words(lang).has(key):
        return words(lang).say(key)
    return words(lang).say("reported.other", title=_title(alert.topic_titles, alert.topics[0], lang))


def where(alert: Alert, lang: Lang) -> str:
    """Where and about whom, in the reader's language: `Zhanaozen · Ozenmunaigas`; may be empty.

    The towns, else the regions, with the first company or union of the title or the lead; without any of these the
    sector; at last the country, or whoever is named at all.
    """
    towns = _called([place for place in alert.places if place != COUNTRY], alert.place_names, lang)
    near = towns or [region_name(region, lang) for region in alert.regions]
    who = _called(alert.about, alert.name_names, lang)[:1]
    if near or who:
        return " · ".join(filter(None, [", ".join(near[:PLACES_SHOWN]), *who]))
    sectors = _called(alert.sectors, alert.sector_titles, lang)
    country = _called(alert.places, alert.place_names, lang)
    named = _called(alert.names, alert.name_names, lang)
    return next(iter([*sectors, *country, *named]), "")


def _called(ids: Sequence[str], known: Mapping[str, Mapping[str, str]], lang: Lang) -> list[str]:
    """What these are called, each once."""
    names = (_short(name_of(known.get(one, {}), (lang, "en"))) for one in ids)
    return list(dict.fromkeys(filter(None, names)))


def region_name(region: str, lang: Lang) -> str:
    """The region of an ISO 3166-2 code; an unknown code speaks for itself."""
    key = f"region.{region}"
    return words(lang).say(key) if words(lang).has(key) else region


def outlet(link: Link, lang: Lang) -> str:
    """The outlet with its standing: `Lada (independent)`."""
    return words(lang).say(
        "card.outlet", name=_short(link.outlet), standing=words(lang).say(f"standing.{link.standing}")
    )


def hashtags(alert: Alert, lang: Lang) -> str:
    """Hashtags of the topics and the regions, from the fixed vocabulary, without doubles."""
    tags = [hashtag(topic_word(alert, topic, lang)) for topic in alert.topics[:TOPIC_TAGS]]
    tags += [hashtag(region_name(region, lang)) for region in alert.regions[:REGION_TAGS]]
    return " ".join(dict.fromkeys(cut(tag, SHORT_NAME).rstrip("…_") for tag in tags if tag))


def matched(alert: Alert, languages: Sequence[Lang]) -> str:
    """For a reader who cannot read the article's language, in theirs: `Matched: забастовку = strike`.

    Empty when the channel speaks the article's language and no other: the bold words say it. What stood in the gap of
    a term (it may be anybody's name) is left out. One word or phrase for each of the gravest topics.
    """
    reader = next((lang for lang in languages if lang != alert.lang), None)
    if reader is None:
        return ""
    forms: dict[str, str] = {}
    for hit in _in_sight(alert):
        if (form := _in_brief(hit)) and form not in forms.values():
            forms.setdefault(hit.topic, form)
    told = [topic for topic in alert.topics if topic in forms][:TOPICS_EXPLAINED]
    groups = [f"{forms[topic]} = {topic_word(alert, topic, reader)}" for topic in told]
    return words(reader).say("card.matched", words=cut("; ".join(groups), MATCHED_UNITS)) if groups else ""


def _in_sight(alert: Alert) -> list[Hit]:
    """The hits that a reader of the card can see, the headline's first; of the gravest topic any, if it has none there."""
    start, end = triggering(alert)
    seen = [hit for hit in alert.hits if hit.field == "title" or start <= hit.start < end]
    gravest = [hit for hit in alert.hits if hit.topic in alert.topics[:1]]
    if not set(gravest) & set(seen):
        seen += gravest
    return sorted(seen, key=lambda hit: (hit.field != "title", ELLIPSIS in _in_brief(hit)))


def _in_brief(hit: Hit) -> str:
    """The words of a hit as they stand in the article, without what stood between them."""
    pieces = [tame(hit.form[start:end]) for start, end in matched_words(hit.term, hit.form)]
    told = f" {ELLIPSIS} ".join(pieces)
    if len(told.split()) > WORDS_OF_A_FORM + len(pieces) - 1:
        told = " ".join(told.split()[:WORDS_OF_A_FORM]) + ELLIPSIS
    return cut(told, SHORT_NAME)


def _title(titles: Mapping[str, Mapping[str, str]], topic: str, lang: Lang) -> str:
    return _short(name_of(titles.get(topic, {}), (lang, "en"))) or _short(topic)


def _short(name: str) -> str:
    return cut(tame(name), SHORT_NAME)
