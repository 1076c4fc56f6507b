"""Two thousand hostile titles: no active markup, no link that is not http, and the letter always goes out."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from selectolax.lexbor import LexborHTMLParser

from hostile import titles
from monitor.channels._mail import build_mail, letter_message
from monitor.model import Alert, Coverage, Digest, DigestItem, Join, OpenStory, Past, Reason, Relative
from monitor.render.bubbles import Bubble, channel_page
from monitor.render.cards import MOST_UNITS, card
from monitor.render.cutting import width
from monitor.render.letters import Letter, letter
from samples import ALMATY, AZATTYQ, LADA, SEEN_AT, VLAST, alert, digest, hit

HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
A_LETTER = 25
MORE = 6  # titles of a letter that stand elsewhere in it than over a story
HARMLESS = {"", "charset", "name", "content", "lang", "class", "style", "role", "href", "aria-label", "data-css-inline"}


def news_of(title: str, other: str) -> Alert:
    """An alert whose every word of other people is hostile."""
    text = f"{other} не вышли на смену {title}"
    links = (
        replace(LADA, outlet=other, title=title),
        replace(VLAST, url=title, outlet=title),
        replace(AZATTYQ, url=f"javascript:{title}", outlet="x"),
    )
    return alert(
        title=title,
        text=text,
        hits=(hit(text, "не вышли на смену"),),
        links=links,
        place_names={"zhanaozen": {"ru": other, "en": title}},
        names=("x",),
        name_names={"x": {"en": title}},
        about=("x",),
        topic_titles={"strike": {"en": title, "ru": other}},
        relatives=(Relative(ref="AAAAA", join=Join.ALSO, title=title),),
    )


def digest_of(hostile: list[str]) -> Digest:
    """A letter that has them wherever it has other people's words."""
    *stories, one, two, three, four, five, six = hostile
    items = tuple(
        DigestItem(alert=news_of(title, other), verdict=Reason.QUIET_HOURS, said=False, at_night=True)
        for title, other in zip(stories, [*stories[1:], one], strict=True)
    )
    return digest(
        items=items,
        coverage=Coverage(
            read_count=1, watched_count=3, blind=((one, SEEN_AT, two), (two, None, "x")), quiet=((six, None),)
        ),
        near_misses=((three, four),),
        open_stories=(OpenStory(alert=news_of(four, five), opened_at=SEEN_AT, heard_at=SEEN_AT),),
        past=(Past(date="2026-11-22", topic="strike"), Past(date="2026-11-21", topic=six)),
        topic_titles={"strike": {"en": five}},
    )


ORDINARY = letter(digest_of(["слово"] * (MORE + 2)), languages=("en", "ru"), contact="desk@union.example")


def elements(html: str) -> set[str]:
    """The names of all elements, as a browser's parser sees them."""
    return {node.tag for node in LexborHTMLParser(html).root.traverse()}


def attributes(html: str) -> list[tuple[str, str, str]]:
    """(element, attribute, value) of them all."""
    return [
        (node.tag, name, value or "")
        for node in LexborHTMLParser(html).root.traverse()
        for name, value in node.attributes.items()
    ]


def check_letter(written: Letter) -> None:
    """No element and no attribute that an ordinary letter has not; links lead to the web; nothing is hidden."""
    assert elements(written.html) <= elements(ORDINARY.html)
    for element, name, value in attributes(written.html):
        assert name in HARMLESS, (element, name)
        assert name != "href" or re.match(r"https?://[^/]", value), value
        assert name != "style" or "url(" not in value
    assert written.html.count("<!--") == 1
    assert not HIDDEN.search(written.subject + written.preheader)
    assert not HIDDEN.search(written.text)
    assert not HIDDEN.search(written.html.replace("\t", ""))


def check_mail(made: Digest, written: Letter) -> None:
    """The mail can be built and read again: two parts, the headers it always has, nobody else among the recipients."""
    message = replace(letter_message(made, "email", written), recipient="key")
    for repeat in (False, True):
        raw = build_mail(message, sender="monitor <m@example.org>", recipient="r@example.org", repeat=repeat).as_bytes()
        mail = message_from_bytes(raw, policy=default)
        assert mail["To"] == "r@example.org"
        assert (mail["Bcc"], mail["Cc"]) == (None, None)
        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert mail.get_body(("html",)).get_content().count("</html>") == 1
        assert max(map(len, raw.splitlines())) <= 998


def check_page(cards: list[str]) -> None:
    """The preview shows cards as text."""
    bubbles = [Bubble(text=text, entities=(), at=SEEN_AT, time_zone=ALMATY, lang="en") for text in cards]
    page = channel_page(bubbles)
    ordinary = Bubble(text="#x", entities=(), at=SEEN_AT, time_zone=ALMATY, lang="en")
    assert elements(page) <= elements(channel_page([ordinary]))
    assert not [name for _, name, _ in attributes(page) if name.startswith("on")]


def try_all(count: int) -> tuple[int, int]:
    """So many titles, through cards, letters, mails and the preview; returns how many titles and letters that were."""
    tried = letters = 0
    every = list(titles(count))
    for hostile in (every[start : start + A_LETTER] for start in range(0, count, A_LETTER)):
        cards = [card(news_of(title, title), languages=("ru", "en"), time_zone=ALMATY) for title in hostile]
        for done in cards:
            assert max(width(done.text), width(done.plain_text)) <= MOST_UNITS
            assert not HIDDEN.search(done.text + done.plain_text)
            assert all(re.match(r"https?://[^/]", each.url) for each in done.entities if each.kind == "text_link")
            assert done.text.endswith(" · K7F2Q")
        made = digest_of(hostile)
        written = letter(made, languages=("ru", "en"), contact="desk@union.example")
        check_letter(written)
        check_mail(made, written)
        check_page([done.text for done in cards])
        tried, letters = tried + len(hostile), letters + 1
    return tried, letters


def test_a_hundred_hostile_titles():
    """A hundred of them, in every run of the tests."""
    assert try_all(100) == (100, 4)


@pytest.mark.heavy
def test_two_thousand_hostile_titles():
    """Two thousand: 0 elements, attributes or links that are not ours, and every letter becomes a mail."""
    assert try_all(2_000) == (2_000, 80)


def test_the_check_bites():
    """A letter with a script, a handler or a javascript: link in it does not pass."""
    for bad in ("<script>x</script>", "<b onclick='x'>x</b>", "<a href='javascript:x'>x</a>", "<!-- x -->", "\u202e"):
        with pytest.raises(AssertionError):
            check_letter(replace(ORDINARY, html=ORDINARY.html.replace("</body>", f"{bad}</body>")))
