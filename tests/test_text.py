"""Words: what is stored and shown, what is compared, where words stand, keys of addresses, prints, times."""

import re
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.text import urls
from monitor.text.fold import clean, fold, spelling
from monitor.text.prints import digest16, fingerprint, reference, shingles
from monitor.text.times import stamp, unstamp
from monitor.text.tokens import find_words, tokens
from monitor.text.urls import canonical, canonical_in, clean_link, host, web_link
from nouns import a_feed

ANY_TEXT = st.text(alphabet=st.characters(), max_size=200)
SPOILERS = "\x00\x07\x1b\u200b\u200d\u202e\u2066\ufeff\u00ad\ud800"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Шахтёры", "шахтеры"),
        ("забасто\u0301вка", "забастовка"),
        ("забасто\u00adвка", "забастовка"),
        ("заба\u200bстовка", "забастовка"),
        ("И\u0306", "й"),
        ("Кәсiптiк", "кәсіптік"),  # both i are Latin
        ("cтaчка", "стачка"),  # c and a are Latin
        ("əлем", "әлем"),  # the schwa of Azerbaijani keyboards
        ("kәsipodaghyna", "kәsipodaghyna"),  # a Latin scheme with a Cyrillic ә
        ("Kásіbі", "kásibi"),  # a Latin word with Cyrillic і
        ("TCO-ның", "tco-ның"),  # each part of a compound has its own script
        ("PR-акция", "pr-акция"),
        ("worker’s", "worker's"),
        ("air‑strike", "air-strike"),
        ("𝗦𝘁𝗿𝗶𝗸𝗲", "strike"),
        ("İstik", "istik"),
    ],
)
def test_fold_gives_one_spelling(typed: str, folded: str) -> None:
    """Stress, hidden marks, look-alike letters and typographic signs do not change what a word is compared as."""
    assert fold(typed) == folded


def test_spelling_keeps_case_and_yo() -> None:
    """Exact words are compared with their case and their ё, but without hidden marks."""
    assert spelling("КНП\u00adРК-ның") == "КНПРК-ның"
    assert spelling("Шахтёр") == "Шахтёр"


@given(ANY_TEXT)
@example(SPOILERS)
@example("QЀ")  # of two scripts only once its second letter is a plain one
def test_fold_and_clean_never_raise_and_are_stable(text: str) -> None:
    """Whatever the text, folding and cleaning succeed, twice is once, and the result can be stored."""
    assert fold(fold(text)) == fold(text)
    for one_line in (False, True):
        cleaned = clean(text, one_line=one_line)
        assert clean(cleaned, one_line=one_line) == cleaned
        assert not set(cleaned) & set(SPOILERS)
        cleaned.encode("utf-8")
        assert not one_line or "\n" not in cleaned


def test_clean_collapses_white_space() -> None:
    """Blanks become one space, lines keep their ends, more than one empty line becomes one."""
    assert clean("  a \t b\u00a0c \r\n\r\n\r\n\r\n d\u2028e ") == "a b c\n\nd\ne"
    assert clean("a\n\nb", one_line=True) == "a b"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("«Забастовка», — сказал он.", ["Забастовка", "сказал", "он"]),
        ("КНПРК-ның мүшелері", ["КНПРК-ның", "мүшелері"]),
        ("workers’ rights, worker's", ["workers", "rights", "worker's"]),
        ("air-strike -- no", ["air-strike", "no"]),
        ("заба\u0301стов\u00adка\u200bх", ["заба\u0301стов\u00adка\u200bх"]),
        ("№87, C087", ["87", "C087"]),
    ],
)
def test_tokens_keep_what_belongs_to_a_word(text: str, words: list[str]) -> None:
    """Inner hyphens, apostrophes and hidden marks are part of a word; quotes and dashes are not."""
    assert find_words(text) == words


@given(ANY_TEXT)
def test_token_spans_point_into_the_original(text: str) -> None:
    """Every span cuts its own word out of the text, in order, and no word holds white space."""
    found = tokens(text)
    assert [text[start:end] for start, end, _ in found] == [token.text for token in found] == find_words(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(len(token.text.split()) == 1 for token in found)


@pytest.mark.parametrize(
    "twin",
    [
        "http://lada.kz/news/?ELEMENT_ID=77",
        "https://www.lada.kz:443/news?ELEMENT_ID=77#comments",
        "https://m.lada.kz./news/?utm_source=tg&ELEMENT_ID=77&fbclid=1&yclid=3&from=rss",
        "https://lada.kz/news/amp/?ELEMENT_ID=77&_ga=2.1",
        "https://reader@LADA.kz//news/?ELEMENT_ID=77&amp=1",
    ],
)
def test_canonical_is_one_key_for_all_doors_of_a_page(twin: str) -> None:
    """Scheme, port, www., m., AMP, trackers, fragments and user names do not make another address."""
    assert canonical(twin) == canonical("https://lada.kz/news/?ELEMENT_ID=77") == "https://lada.kz/news?ELEMENT_ID=77"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.kz/?12345", "https://a.kz/?12346"),
        ("https://a.kz/?cid=7", "https://a.kz/?cid=8"),
        ("https://a.kz/?gallery=5", "https://a.kz/"),
        ("https://a.kz/?from=10", "https://a.kz/?from=20"),
        ("https://a.kz/%C7%E0", "https://a.kz/%C7%E1"),
        ("https://a.kz/a%2Fb", "https://a.kz/a/b"),
        ("https://a.kz:8080/", "https://a.kz/"),
    ],
)
def test_canonical_keeps_what_may_name_the_article(one: str, other: str) -> None:
    """Two articles never fall together because a parameter looked like a tracker."""
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://rus.azattyq.org/a/zabastovka-v-zhanaozene/31706771.html", "https://rus.azattyq.org/a/31706771.html"),
        ("https://abai.kz/lt/post/160964", "https://abai.kz/post/160964"),
        ("https://abai.kz/tt/post/160964", "http://www.abai.kz/index.php/post/160964?utm_source=tg"),
        ("https://lada.kz/aktau/54321-old-headline.html", "https://lada.kz/aktau/54321-new-headline.html"),
        ("https://fergana.agency/news/130123/", "https://fergana.agency/news/130123-slug"),
        ("https://a.kz/news/54321/old", "https://a.kz/news/54321/new"),
    ],
)
def test_an_article_with_a_number_is_known_by_it(one: str, other: str) -> None:
    """A headline in the address may change, a script may differ: the number is the same."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://rus.azattyq.org/a/x/31706771.html", "https://rus.azattyq.org/a/x/31706772.html"),
        ("https://abai.kz/post/160964", "https://abai.kz/post/160965"),
        ("https://a.kz/news/20261121-strike", "https://a.kz/news/20261121-fire"),
        ("https://a.kz/news/2026-strike", "https://a.kz/news/2026-fire"),
        ("https://a.kz/photo/54321-x", "https://a.kz/news/54321-x"),
        ("https://a.kz/strike-54321", "https://a.kz/fire-54321"),
        ("https://a.kz/a/about/contacts", "https://a.kz/a/about/staff"),
    ],
)
def test_what_is_no_number_of_an_article_tells_two_apart(one: str, other: str) -> None:
    """Other numbers, dates, years, other sections and words before a number are other articles."""
    assert canonical(one) != canonical(other)


def test_canonical_reads_escapes_once() -> None:
    """A Cyrillic slug is one address, escaped or not, composed or not."""
    assert canonical("https://a.kz/%D0%B9") == canonical("https://a.kz/й") == canonical("https://a.kz/и\u0306/")


def test_canonical_brings_mirrors_home() -> None:
    """The first of the outlet's hosts stands for all of them."""
    hosts = ("lada.kz", "lada.example")
    assert canonical("https://www.lada.example/a", hosts) == canonical("http://lada.kz/a", hosts) == "https://lada.kz/a"


def test_a_mirror_of_an_outlet_is_the_outlet() -> None:
    """A link to an alias of a feed is a link to the feed's own host; one to a stranger stays where it is."""
    feed = a_feed(url="https://www.lada.example/rss", aliases=("lada.mirror.example",))
    at_home = canonical_in(feed, "https://lada.example/news/1")
    assert canonical_in(feed, "http://www.lada.mirror.example/news/1?utm_source=x") == at_home
    assert canonical_in(a_feed(), "https://lada.example/news/1") == at_home
    assert canonical_in(feed, "https://other.example/news/1") == "https://other.example/news/1"
    assert canonical_in(a_feed(url="", aliases=("a.example",)), "https://b.example/") == "https://b.example"


@given(st.one_of(ANY_TEXT, ANY_TEXT.map("https://a.kz/".__add__), ANY_TEXT.map("http://".__add__)))
@example("http://[::1")
@example("http://a.kz:99999/")
@example("javascript:alert(1)")
@example("https://xn--a.kz/\ud800")
def test_addresses_never_raise(url: str) -> None:
    """Whatever a feed calls a link has a key and a host, and is a link only with http and a host."""
    canonical(url)
    host(url)
    link = web_link(url)
    assert link is None or link.lower().startswith(("http:", "https:"))
    assert link is None or canonical(canonical(url)) == canonical(url)


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://x.kz/a?b=2&a=1#c", "https://x.kz/a?b=2&a=1#c"),
        ("https://x.kz/a?utm_source=rss&id=77&fbclid=x&from=rss", "https://x.kz/a?id=77"),
        ("https://x.kz/a?gclid=1", "https://x.kz/a"),
        ("https://x.kz/?ELEMENT_ID=77&ref=12", "https://x.kz/?ELEMENT_ID=77&ref=12"),
        ("https://x.kz/a?amp&outputType=amp", "https://x.kz/a?amp&outputType=amp"),
        ("https://x.kz/a#:~:text=%D0%B0", "https://x.kz/a"),
        ("https://x.kz/a#xtor=RSS-1", "https://x.kz/a"),
        ("https://x.kz/#!/news/1", "https://x.kz/#!/news/1"),
        ('https://x.kz/<b>?q="#`', "https://x.kz/%3Cb%3E?q=%22#%60"),
    ],
)
def test_clean_link_opens_the_same_page_and_tells_nobody_why(url: str, opened: str) -> None:
    """What only says where a reader came from is dropped; the rest stays as the outlet wrote it."""
    assert clean_link(url) == opened
    assert clean_link("javascript:alert(1)") is None


@given(ANY_TEXT)
def test_clean_link_never_raises(text: str) -> None:
    """Whatever stands in for an address, there is a web link or none."""
    assert (clean_link(f"https://x.kz/{text}") or "https://").startswith("https://")


def test_web_link_refuses_what_no_reader_should_open() -> None:
    """Only http and https with a host are links; hidden characters are taken out."""
    assert web_link("javascript:alert(1)") is None
    assert web_link("//lada.kz/a") is None
    assert web_link("https:///a") is None
    assert web_link(" https://lada.kz/a b\u202e ") == "https://lada.kz/a%20b"
    assert host("https://WWW.Lada.kz.:443/a") == "www.lada.kz"


def test_fingerprint_is_the_words_alone() -> None:
    """Case, quotes, punctuation, white space, ё and stress marks leave the fingerprint as it is; a word does not."""
    assert fingerprint("«Шахтёры» объявили", "Забасто\u0301вка!") == fingerprint("шахтеры  ОБЪЯВИЛИ…", "забастовка")
    assert fingerprint("a", "b") != fingerprint("a b", "")
    assert len(fingerprint("a", "b")) == len(digest16("\ud800")) == 16


def test_shingles_survive_a_shortened_copy() -> None:
    """A lead-only copy of an article shares all its shingles with the whole."""
    words = [f"слово{number}" for number in range(400)]
    whole, lead = shingles(" ".join(words)), shingles(" ".join(words[:120]))
    assert 60 <= len(whole) <= 140
    assert lead
    assert lead < whole
    assert shingles("два слова") == frozenset()


def test_references_are_short_readable_and_differ_by_salt() -> None:
    """Five characters without I, L, O and U; the same seed gives the same one, another salt another."""
    found = {reference("story", salt) for salt in range(200)}
    assert len(found) == 200
    assert all(len(each) == 5 and not set(each) & set("ILOU") for each in found)
    assert reference("story") == reference("story", 0)


def test_times_are_utc_text_and_back() -> None:
    """A time in any zone is stored in UTC to the second; a naive one is refused."""
    almaty = datetime(2026, 3, 1, 14, 0, 0, 999, tzinfo=timezone(timedelta(hours=5)))
    assert stamp(almaty) == "2026-03-01T09:00:00Z"
    assert unstamp("2026-03-01T09:00:00Z") == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert stamp(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00Z"
    with pytest.raises(ValueError, match="zone"):
        stamp(datetime.fromisoformat("2026-03-01T09:00:00"))
    for other in (
        "2026-03-01 09:00:00Z",
        "2026-03-01T09:00:00+05:00",
        "2026-W09-7T09:00:00Z",
        "2026-13-01T09:00:00Z",
        "",
    ):
        with pytest.raises(ValueError, match=r"no time|month must be"):
            unstamp(other)


PLAIN_LINKS = [
    f"{scheme}://{host}{path}"
    for scheme in ("http", "https")
    for host in ("lada.kz", "www.lada.kz", "m.kz", "m.lada.kz", "mobile.kz", "news.lada.kz", "xn--80a.kz", "1tv.kz", "a-b.example")
    for path in ("/1", "/news/1.html", "/AMP", "/news/amp", "/amp-up/x", "/a/amp.html", "/a_b/c-d", "/news/1/", "/a.htm", "/A/B")
]  # fmt: skip


def test_a_link_that_needs_nothing_is_its_own_key(monkeypatch) -> None:
    """The short way for plain links gives what the long one gives."""
    short = [canonical(link) for link in PLAIN_LINKS]
    assert sum(urls._PLAIN.fullmatch(link) is not None for link in PLAIN_LINKS) >= 20
    monkeypatch.setattr(urls, "_PLAIN", re.compile("(?!)"))
    assert [canonical(link) for link in PLAIN_LINKS] == short
