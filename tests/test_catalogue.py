"""The catalogue: no string is missing in any language, every field and plural is there, every key is used."""

import re
from datetime import UTC, datetime
from string import Formatter

import pytest
from ruamel.yaml import YAML

from monitor.model import LANGUAGES, Reason, Standing
from monitor.render.catalogue import FOLDER, name_of, read_catalogue, words
from monitor.render.cutting import hashtag
from paths import ROOT, SOURCE

# Keys that are put together at run time: topic.strike.word, region.KZ-47, standing.state, language.kk, why.TOO_OLD.
FAMILIES = re.compile(
    r"(topic\..+\.(reported|word)|(region|tile)\.KZ-\d\d|standing\.\w+|language\.\w+|why\.\w+|blind\.\w+|suspect\.\w+|trouble\.\w+\.(subject|text)|unwell\.\w+(\.\w+)?)$"
)
FORMS = {"en": 2, "ru": 3, "kk": 2}


def strings(lang):
    """Every key of a catalogue with its string, or its plural forms."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        for message in read_catalogue(lang)
        if message.id
    }


def fields(text):
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def forms(string):
    """A string or its plural forms, as a tuple."""
    return string if isinstance(string, tuple) else (string,)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_missing(lang):
    """Every language has every key of the others, and every string has words in it."""
    assert strings(lang).keys() == strings("en").keys()
    assert [key for key, string in strings(lang).items() if not all(forms(string))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_forms(lang):
    """What is a plural in one language is a plural in all, with as many forms as the language has."""
    plural = {key: string for key, string in strings(lang).items() if isinstance(string, tuple)}
    assert plural.keys() == {key for key, string in strings("en").items() if isinstance(string, tuple)}
    assert {len(string) for string in plural.values()} == {FORMS[lang]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fields_survive_translation(lang):
    """Every form of every string has the same fields as the English one; only a `{count}` may be said in words."""
    for key, string in strings(lang).items():
        expected = set().union(*(fields(form) for form in forms(strings("en")[key])))
        for form in forms(string):
            assert fields(form) | {"count"} == expected | {"count"}, key


def code():
    """Everything that says words to people."""
    rooms = [*(SOURCE / "render").rglob("*.py"), *(SOURCE / "channels").rglob("*.py")]
    files = [*rooms, *(SOURCE / "render" / "templates").iterdir()]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_no_key_is_unused():
    """A key that no code and no template names is a forgotten one."""
    quoted = set(re.findall(r"[\"']([a-z_.]+)[\"']", code()))
    assert [key for key in strings("en") if not FAMILIES.match(key) and key not in quoted] == []


def test_no_key_is_unknown():
    """Every key that the code names is in the catalogue."""
    named = set(re.findall(r"(?:say|count)\(\s*[\"']([a-z_]+\.[a-z_.]+)[\"']", code()))
    assert named - strings("en").keys() == set()
    assert len(named) > 40


@pytest.mark.parametrize("lang", LANGUAGES)
def test_families_are_whole(lang):
    """Every standing has its word, every region of ISO 3166-2:KZ its name, every topic both its lines."""
    known = words(lang)
    assert all(known.has(f"standing.{standing}") for standing in Standing)
    assert sum(key.startswith("region.KZ-") for key in strings(lang)) == 20
    topics = {key.split(".")[1] for key in strings(lang) if key.startswith("topic.")}
    assert all(known.has(f"topic.{topic}.{part}") for topic in topics for part in ("reported", "word"))
    assert {key.removeprefix("why.") for key in strings(lang) if key.startswith("why.")} <= set(Reason)


def test_shipped_topics_have_their_words():
    """Every live topic and every region of the shipped keywords speaks from the fixed vocabulary."""
    shipped = YAML(typ="safe").load(ROOT / "config" / "keywords.yaml")
    live = [topic for topic, rule in shipped["topics"].items() if rule.get("status") != "trial"]
    assert [topic for topic in live if not words("en").has(f"topic.{topic}.reported")] == []
    regions = {place["region"] for place in shipped["places"] if "region" in place}
    assert [region for region in regions if not words("en").has(f"region.{region}")] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hashtags_are_distinct(lang):
    """Every topic and region gives a hashtag, and no two share one but a city and its region."""
    tags = [hashtag(words(lang).say(key)) for key in strings(lang) if re.match(r"topic\..*\.word|region\.", key)]
    assert all(tags)
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_translators_see_the_english(lang):
    """The comment over every string repeats the English one, so that a reviewer needs no second file."""
    english = strings("en")
    for message in read_catalogue(lang):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            assert " ".join(message.auto_comments) == " | ".join(forms(english[key])), key


def test_kazakh_waits_for_review_in_one_place():
    """The Kazakh file says on top that a native speaker has not read it; no other file needs to."""
    files = {lang: (FOLDER / lang / "LC_MESSAGES" / "monitor.po").read_text(encoding="utf-8") for lang in LANGUAGES}
    assert [lang for lang, text in files.items() if "FOR REVIEW BY A NATIVE SPEAKER" in text] == ["kk"]
    assert files["kk"].count("FOR REVIEW BY A NATIVE SPEAKER") == 1


@pytest.mark.parametrize(
    ("lang", "number", "said"),
    [
        ("en", 1, "1 source"),
        ("en", 2, "2 sources"),
        ("ru", 21, "21 источник"),
        ("ru", 3, "3 источника"),
        ("ru", 11, "11 источников"),
        ("kk", 5, "5 дереккөз"),
    ],
)
def test_plurals(lang, number, said):
    """A number takes the form that the language asks for."""
    assert words(lang).count("card.sources", number) == said


def test_a_missing_string_is_english():
    """A key that a language lacks is said in English; a key that nobody knows is said as it is."""
    russian = words("ru")
    russian.translations._catalog.pop("card.also")
    try:
        assert russian.say("card.also") == "Also:"
    finally:
        words.cache_clear()
    assert words("ru").say("card.also") == "Ещё:"
    assert not words("ru").has("card.nonsense")


@pytest.mark.parametrize(
    ("lang", "moment"),
    [("en", "21 Nov, 14:20 Almaty"), ("ru", "21.11, 14:20 Алматы"), ("kk", "21.11, 14:20 Алматы")],
)
def test_times_name_their_zone(lang, moment):
    """A time is local and names its zone."""
    assert words(lang).moment(datetime(2026, 11, 21, 9, 20, tzinfo=UTC), "Asia/Almaty") == moment


@pytest.mark.parametrize(
    ("lang", "day", "said"),
    [
        ("en", 22, "since 14:20 Almaty"),
        ("en", 21, "since yesterday 14:20 Almaty"),
        ("ru", 21, "со вчерашних 14:20 Алматы"),
        ("kk", 18, "18 қараша, 14:20 Алматы уақытынан бері"),
        ("ru", 18, "с 18 ноября, 14:20 Алматы"),
    ],
)
def test_since_when(lang, day, said):
    """From today or yesterday on is said without a date, from earlier on with it."""
    when, now = (datetime(2026, 11, at, 9, 20, tzinfo=UTC) for at in (day, 22))
    assert words(lang).since(when, "Asia/Almaty", now=now) == said


def test_since_last_year():
    """A date of another year names its year; without a now there is no yesterday."""
    when, now = (datetime(year, 12, 31, 9, 20, tzinfo=UTC) for year in (2025, 2026))
    assert words("en").since(when, "Asia/Almaty", now=now) == "since 31 Dec 2025, 14:20 Almaty"
    assert words("en").since(now, "Asia/Almaty") == "since 31 December, 14:20 Almaty"


def test_almaty_moved():
    """Before 1 March 2024 Almaty was an hour further from UTC than after it."""
    clocks = [words("en").clock(datetime(2024, month, 1, 12, 0, tzinfo=UTC), "Asia/Almaty") for month in (2, 4)]
    assert clocks == ["18:00 Almaty", "17:00 Almaty"]


def test_name_of():
    """A name is taken in the reader's language, else the next best, else any."""
    names = {"ru": "Жанаозен", "kk": "Жаңаөзен"}
    assert [name_of(names, order) for order in (("kk",), ("en", "ru"), ("en",))] == ["Жаңаөзен", "Жанаозен", "Жанаозен"]
    assert name_of({}, ("en",)) == ""
