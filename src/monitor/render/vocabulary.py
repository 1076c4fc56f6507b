"""What a card calls a topic, a place and an outlet: the fixed vocabulary first, the configuration's words else.

All names are ids of the configuration (`strike`, `zhanaozen`, `KZ-47`); nothing here decides what matters.
"""

from collections.abc import Mapping, Sequence

from monitor.model import Alert, Lang, Link
from monitor.render.catalogue import name_of, words
from monitor.render.cutting import cut, hashtag, tame

COUNTRY = "kazakhstan"  # the place id that says nothing more than the channel's own name
SHORT_NAME = 60
PLACES_SHOWN = 2
TOPIC_TAGS = 3
WORDS_OF_A_FORM = 4
FORMS_OF_A_TOPIC = 2
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
    """The places in the reader's language, else the regions, else the first organisation named; may be empty."""
    places = [place for place in alert.places if place != COUNTRY] or list(alert.places)
    known = [_short(name_of(alert.place_names.get(place, {}), (lang, "en"))) for place in places]
    known = list(dict.fromkeys(name for name in known if name))
    if not known or set(places) == {COUNTRY}:
        known = [region_name(region, lang) for region in alert.regions] or known
    if not known and alert.names:
        known = [_short(name_of(alert.name_names.get(alert.names[0], {}), (lang, "en")))]
    return ", ".join(known[:PLACES_SHOWN])


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
    """The words that matched and what they mean: `забастовку = strike`; without a meaning when none is needed."""
    shown: dict[str, dict[str, None]] = {}
    for hit in alert.hits:
        shown.setdefault(hit.topic, {}).setdefault(_short(hit.form).lower())
    meaning = next((lang for lang in languages if lang != alert.lang), None)
    groups: list[str] = []
    for topic, forms in list(shown.items())[:TOPIC_TAGS]:
        told = [form for form in forms if form]
        brief = [form for form in told if len(form.split()) <= WORDS_OF_A_FORM]
        line = ", ".join((brief or [_first_words(form) for form in told])[:FORMS_OF_A_TOPIC])
        if line and meaning:
            line += f" = {topic_word(alert, topic, meaning)}"
        groups.append(line)
    return "; ".join(filter(None, groups))


def _first_words(form: str) -> str:
    """A long phrase by its beginning: the sentence it stands in is quoted above anyway."""
    return " ".join(form.split()[:WORDS_OF_A_FORM]) + "…"


def _title(titles: Mapping[str, Mapping[str, str]], topic: str, lang: Lang) -> str:
    return _short(name_of(titles.get(topic, {}), (lang, "en"))) or _short(topic)


def _short(name: str) -> str:
    return cut(tame(name), SHORT_NAME)
