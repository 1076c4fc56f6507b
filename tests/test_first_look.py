"""A first look at a source: what it tells of itself, what a person should know, and what nobody need be asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.app.describing import described, free_id, full_address, title_of, twin_of, unknown_feed
from monitor.app.tryout import Trial, items_of
from monitor.matching.compile import compile_keywords
from monitor.model import Entry, Feed, Keywords, Parsed, Place, Response, Standing, Term
from monitor.policy.firstlook import first_look, main_language
from monitor.sources.keys import keys_of
from nouns import NOON

FEED = Feed(id="lada", url="https://www.lada.kz/rss.xml", full_text=True)
RUSSIAN = "Рабочие завода не получают зарплату третий месяц"
KAZAKH = "Зауыт жұмысшылары үш айдан бері жалақы алмай отыр"


def response(url: str = FEED.url, **more) -> Response:
    """An answer from this address."""
    return Response(url=url, status=200, headers={}, body=b"", received_at=NOON, **more)


def entries(count: int = 10, *, age: timedelta | None = timedelta(hours=1), **more) -> tuple[Entry, ...]:
    """Items of an ordinary Russian feed, the newest so old."""
    return tuple(
        Entry(
            **{
                "feed_id": "lada",
                "guid": str(number),
                "url": f"https://lada.kz/news/{number}",
                "title": f"{RUSSIAN} {number}",
                "summary": "Они обратились к властям.",
                "published_at": None if age is None else NOON - age - timedelta(hours=number),
            }
            | more
        )
        for number in range(count)
    )


def test_an_ordinary_source_needs_no_word():
    """What answers from its own address with fresh, dated, linked items in its language is fine."""
    assert first_look(FEED, response(), entries()) == ()
    assert first_look(FEED, response("https://m.lada.kz/rss.xml"), entries(url="https://news.lada.kz/1")) == ()


@pytest.mark.parametrize(
    ("feed", "answer", "items", "said"),
    [
        (FEED, response(), (), "It is empty"),
        (FEED, response("https://lada.kz/new.xml", moved_to="https://lada.kz/new.xml"), entries(), "It has moved for good: write https://lada.kz/new.xml "),
        (FEED, response("https://parked.example/"), entries(), "It answers from another site, parked.example"),
        (FEED, response(), entries(age=None), "No item has a date"),
        (FEED, response(), entries(age=timedelta(days=212)), "The newest item is 212 days old"),
        (FEED, response(), entries(published_at=NOON), "All items have the same date"),
        (FEED, response(), entries(title=KAZAKH), "Most headlines are Kazakh: `lang: kk` would fit better than `lang: ru`."),
        (FEED, response(), entries(url=""), "No item has a link"),
        (FEED, response(), entries(url="https://casino.example/x"), "Most links lead elsewhere, to casino.example above all."),
        (FEED, response(), entries(title=""), "10 of 10 items have no headline."),
        (replace(FEED, full_text=False), response(), entries(summary=""), "Items carry no text: with `full_text: true` "),
        (replace(FEED, full_text=False, blocked_in=("KZ",)), response(), entries(), "Readers in Kazakhstan cannot open"),
    ],
)  # fmt: skip
def test_what_a_person_should_know_is_said(feed, answer, items, said):
    """One sentence for each doubt, and no other."""
    (told,) = first_look(feed, answer, items)
    assert told.startswith(said)


def test_a_sitemap_and_a_watched_page_are_what_they_are():
    """Addresses without headlines are looked up, and a page has the date of its change."""
    bare = entries(title="", summary="")
    assert first_look(replace(FEED, kind="sitemap", full_text=False), response(), bare) == ()
    assert first_look(replace(FEED, kind="page"), response(), entries(1, age=None, url=FEED.url)) == ()


def test_an_alias_is_no_stranger():
    """A mirror that the entry names may answer, and be linked to."""
    feed = replace(FEED, aliases=("lada.example",))
    assert first_look(feed, response("https://lada.example/rss.xml"), entries(url="https://lada.example/1")) == ()


def test_a_mixed_source_has_no_language_of_its_own():
    """Half Russian, half Kazakh is neither; names and numbers are nothing."""
    assert main_language([*entries(5), *entries(5, title=KAZAKH)]) == ""
    assert main_language(entries(3, title="2026", summary="")) == ""


# ── what need not be asked ───────────────────────────────────────────────────────────────────────────────────────────


def matcher():
    """Two places, each in a region of its own."""
    places = (
        Place(id="aktau", region="KZ-47", terms=(Term(text="Актау", lang="ru"), Term(text="Ақтау", lang="kk"))),
        Place(id="almaty", region="KZ-75", terms=(Term(text="Алматы", lang="ru"), Term(text="Almaty", lang="en"))),
    )
    return compile_keywords(Keywords(places=places))


def trial(url: str, title: str, items: tuple[Entry, ...]) -> Trial:
    """A source that answered."""
    feed = unknown_feed(url)
    parsed = Parsed(entries=items, keys=keys_of(feed, items))
    return Trial(feed=feed, response=response(url), title=title, items=items_of(feed, parsed, NOON))


def test_a_source_describes_itself():
    """Id, title, language, scope, region and whether its pages are worth fetching."""
    found = described(
        trial("https://lada.kz/rss.xml", "Лада (Ақтау) - RSS", entries(title=KAZAKH)), matcher(), {"lada-kz"}
    )
    assert (found.id, found.title, found.lang, found.scope) == ("lada-kz-kk", "Лада (Ақтау)", "kk", "local")
    assert (found.region, found.full_text, found.standing) == ("KZ-47", True, Standing.INDEPENDENT)


def test_a_region_is_that_of_most_items_but_not_for_the_capitals():
    """Every paper names Almaty; a paper whose items name Aktau writes about Mangystau."""
    at_aktau = entries(title="В Актау открыли порт")
    assert described(trial("https://x.kz/rss", "X", at_aktau), matcher(), ()).region == "KZ-47"
    assert described(trial("https://x.kz/rss", "X", at_aktau[:4]), matcher(), ()).region is None
    assert (
        described(trial("https://x.kz/rss", "X", entries(title="В Алматы открыли школу")), matcher(), ()).region is None
    )


def test_a_foreign_address_is_local_when_its_items_are():
    """The domain alone does not decide."""
    assert (
        described(trial("https://x.example/rss", "X", entries(title="News of Almaty", summary="")), matcher(), ()).scope
        == "local"
    )
    assert (
        described(trial("https://x.example/rss", "X", entries(title="News of Berlin", summary="")), matcher(), ()).scope
        == "global"
    )


def test_long_texts_need_no_pages():
    """A feed that brings whole articles is not asked twice."""
    assert not described(trial("https://x.kz/rss", "X", entries(summary="слово " * 200)), matcher(), ()).full_text


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Лада — RSS", "Лада"),
        ("Власть | новости", "Власть"),
        ("Orda » Feed", "Orda"),
        ("RSS", "x.kz"),
        ("", "x.kz"),
        ("Экспресс", "Экспресс"),
    ],
)
def test_a_title_is_what_readers_call_the_outlet(told, title):
    """Without what software adds to it; the site's name where nothing is left."""
    assert title_of(trial("https://www.x.kz/rss", told, ())) == title


@pytest.mark.parametrize(
    ("url", "taken", "made"),
    [
        ("https://www.lada.kz/rss.xml", (), "lada-kz"),
        ("https://vlast.kz/english/", ("vlast-kz",), "vlast-kz-english"),
        ("https://vlast.kz/feed/", ("vlast-kz",), "vlast-kz-ru"),
        ("https://vlast.kz/feed/", ("vlast-kz", "vlast-kz-ru"), "vlast-kz-2"),
        ("https://t.me/s/Orda_kz", (), "tg-orda-kz"),
        ("https://қазақ.kz/", (), "xn--80ao21a-kz"),
    ],
)
def test_an_id_is_short_and_free(url, taken, made):
    """Made of the address; never one that somebody has."""
    made = made if "xn--" not in made else free_id(url, "ru", taken)
    assert free_id(url, "ru", taken) == made
    assert made.strip("-") == made


def test_addresses_are_taken_as_people_type_them():
    """A bare site, a Telegram name, a channel's page."""
    assert full_address(" lada.kz/rss ") == "https://lada.kz/rss"
    assert unknown_feed(full_address("@vlastkz")).url == "https://t.me/s/vlastkz"
    assert unknown_feed("https://t.me/vlastkz").kind == "telegram"
    assert unknown_feed("https://t.me/vlastkz/15").kind == "rss", "a single post is no channel"
    assert unknown_feed("https://www.gov.kz/news").standing is Standing.OFFICIAL
    assert unknown_feed("https://notgov.kz/news").standing is Standing.INDEPENDENT


def test_one_source_has_one_entry_whatever_the_spelling():
    """Any scheme, www., slashes, and Telegram's two pages of a channel."""
    known = (FEED, Feed(id="tg", url="https://t.me/s/VlastKZ"))
    assert twin_of("http://lada.kz/rss.xml/", known) == known[0]
    assert twin_of("https://t.me/vlastkz", known) == known[1]
    assert twin_of("https://lada.kz/", known) is None
