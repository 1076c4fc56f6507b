"""Cutting and taming: a cut keeps characters whole, a label shows where a link leads, a tag is a tag."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.render.cards import link_label
from monitor.render.cutting import cut, hashtag, visible_host, width
from monitor.render.entities import Composer, Entity, to_html


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://www.lada.kz/news/12345.html?utm=x#top", "lada.kz/news/12345.html"),
        ("https://lada.kz@evil.example/lada.kz", "evil.example/lada.kz"),
        ("https://lаda.kz/x", "xn--lda-6cd.kz/x"),
        ("https://енбек.қаз/жаңалық", "енбек.қаз/жаңалық"),
        ("https://vlast.kz/%D0%BA%D1%83/", "vlast.kz/ку"),
        ("https://x.kz/%EA%F3", "x.kz/…"),
        ("https://vlast.kz/novosti/1.html", "vlast.kz/novosti/1.html"),
        ("https://vlast.kz/novosti/63521-v-zhanaozene-zabastovka.html", "vlast.kz/…"),
        ("https://lada.kz." + "a" * 40 + ".evil.example/lada.kz", "…" + "a" * 19 + ".evil.example/…"),
    ],
)
def test_link_label(url, label):
    """A link shows the host it really leads to; look-alike letters of another script show themselves."""
    assert link_label(url) == label


def test_visible_host_of_nonsense():
    """A host that no encoding can carry is still shown in plain letters."""
    assert visible_host("lаda" + "a" * 80 + ".kz").isascii()


MIXED = st.text(alphabet="жaқ é, .\u0301\u0327\u200d\ufe0f👍🏽👨👩🇰🇿🇧🇪🏴", max_size=40)


@given(MIXED, st.integers(min_value=0, max_value=40))
@settings(max_examples=300, deadline=None)
def test_cut_keeps_characters_whole(text, limit):
    """A cut text fits, and what is left are whole visible characters of the original."""
    done = cut(text, limit)
    assert width(done) <= limit
    if done not in (text, ""):
        whole = regex.findall(r"\X", text)
        starts = ["".join(whole[:count]).rstrip(" \n,;:–—-«“(") for count in range(len(whole) + 1)]
        assert done.removesuffix("…") in starts


@pytest.mark.parametrize("family", ["👨‍👩‍👧‍👦", "🇰🇿", "👍🏽", "é̀", "❤️"])
def test_cut_never_splits(family):
    """A family, a flag, a skin tone or an accent is never cut in half."""
    for limit in range(1, 40):
        kept = cut(family * 10, limit).removesuffix("…")
        assert kept == family * (len(kept) // len(family))


def test_cut_falls_on_a_word():
    """A cut prefers the end of a word and leaves no punctuation hanging."""
    assert cut("Рабочие, объявили, забастовку", 20) == "Рабочие, объявили…"


def test_hashtags():
    """A hashtag has letters, digits and underscores only, and never only digits."""
    assert hashtag("West Kazakhstan — 2") == "#West_Kazakhstan_2"
    assert hashtag("2026") == ""


def test_html_of_entities():
    """Entities become well-nested tags, and every letter between them is escaped."""
    out = Composer()
    out.add("😀 <i> ")
    with out.span("blockquote"):
        out.add("a&b ")
        out.add("c", "bold", "italic")
        out.link("d", 'https://x.kz/?a=1&b="2"')
    assert to_html(out.text, out.entities) == (
        "😀 &lt;i&gt; <blockquote>a&amp;b <b><i>c</i></b>"
        '<a href="https://x.kz/?a=1&amp;b=&quot;2&quot;" rel="noopener noreferrer">d</a></blockquote>'
    )
    assert out.entities[0] == Entity("blockquote", 7, 6)
