"""Watched pages: only what was added is news, in HTML and PDF; a page that is gone is an error."""

import json

import pytest

from feeds import answer
from loopback import Chance
from monitor.errors import ParseError
from monitor.model import Feed
from monitor.sources.added import added, sentences_of
from monitor.sources.keys import keys_of
from monitor.sources.page import parse
from paths import DATA
from pdfs import pdf

PAGES = DATA / "pages"
GOLDEN = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("*.json"))}
URL = "https://adilet.example/doc"
LAW = [
    "Закон о профессиональных союзах",
    "Профсоюз действует на основании устава.",
    "Забастовка проводится по решению собрания.",
]
ZAN = ["Кәсіподақтар туралы заң", "Кәсіподақ жарғы негізінде әрекет етеді."]


def look(body, memory=None, url=URL, **more):
    """What a watched page says."""
    return parse(Feed(id="doc", url=url, kind="page", title="Әділет", **more), answer(body, url=url), memory or {})


def golden(name: str, which: str, memory=None):
    """What a golden page says before or after its change."""
    told = GOLDEN[name]
    body = (PAGES / f"{name}.{which}.html").read_bytes()
    return look(body, memory, url=told["url"], select=told.get("select", {}))


def said(parsed):
    """The added sentences."""
    return [line for entry in parsed.entries for line in entry.summary.split("\n")]


def paper(*paragraphs: str) -> str:
    """A plain page of these paragraphs."""
    return f"<html><body><h1>Жоба</h1>{''.join(f'<p>{one}</p>' for one in paragraphs)}</body></html>"


LONG = "Настоящий закон определяет порядок создания и деятельности профессиональных союзов в республике."


@pytest.mark.parametrize("name", GOLDEN)
def test_only_what_was_added_counts(name):
    """Between two looks at a page: the new sentences, in order, under the document's title."""
    before = golden(name, "before")
    assert before.title == GOLDEN[name]["title"]
    after = golden(name, "after", before.memory)
    assert said(after) == GOLDEN[name]["added"]
    assert not golden(name, "after", after.memory).entries


def test_the_difference_is_shown():
    """The raw form of a change says what stood there before, and stands at one address with all other changes."""
    before = golden("law_russian", "before")
    (entry,) = golden("law_russian", "after", before.memory).entries
    difference = entry.raw.decode()
    assert "-2. В регистрации может быть отказано, если учредительные документы" in difference
    assert "+2. В регистрации не может быть отказано без решения суда." in difference
    assert entry.url == GOLDEN["law_russian"]["url"]
    assert entry.guid != before.entries[0].guid
    feed = Feed(id="doc", url=entry.url, kind="page")
    one, other = keys_of(feed, [entry])[0], keys_of(feed, before.entries)[0]
    assert {one.address, one.url}.isdisjoint({other.address, other.url})


def test_the_first_look_is_the_whole_document():
    """All there is comes once, to be known."""
    first = look(paper(LONG, LONG.replace("закон", "кодекс")))
    assert len(said(first)) == 3
    assert first.entries[0].title == "Жоба"


def test_a_pdf_is_read_like_a_page():
    """A new sentence of a PDF in Russian or Kazakh, whatever its type is said to be."""
    first = look(pdf(LAW, ZAN, title="Закон 211-V"))
    assert first.title == "Закон 211-V"
    assert said(first) == [*LAW, *ZAN]
    more = look(
        pdf([*LAW, "Отказ в регистрации не допускается."], [*ZAN, "Ереуіл — жұмыстан бас тарту."]), first.memory
    )
    assert said(more) == ["Отказ в регистрации не допускается.", "Ереуіл — жұмыстан бас тарту."]
    assert not look(pdf(ZAN, LAW), first.memory).entries


def test_a_pdf_may_follow_a_page():
    """A document that changes its form is compared by its words."""
    first = look(paper(*LAW[1:], LONG))
    assert said(look(pdf([*LAW[1:], LONG, "Новая статья о забастовках вступает в силу."]), first.memory)) == [
        "Новая статья о забастовках вступает в силу."
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "empty"),
        ("<html><script>draw()</script><div id=root></div></html>", "script-only"),
        ("<html><body><p>404</p></body></html>", "no-text"),
        ("<html><title>Just a moment...</title><body>Checking your browser before accessing the site. " * 3, "blocked"),
        ("plain words", "not-a-page"),
        (b"%PDF-1.7\nrubbish", "unreadable"),
        (pdf([""]), "no-text"),
        ("<div>" * 300_000, "unreadable"),
    ],
)
def test_what_is_no_document_is_named(body, kind):
    """A shell, an error page, a wall and a broken PDF are no empty documents."""
    with pytest.raises(ParseError) as caught:
        look(body)
    assert caught.value.kind == kind


def test_a_watched_part_that_is_gone_is_named():
    """A rebuilt page is said to be one."""
    with pytest.raises(ParseError, match="rebuilt") as caught:
        look(paper(LONG * 3), select={"text": "#board"})
    assert caught.value.kind == "no-text"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-16"])
def test_a_wrong_charset_label_adds_nothing(encoding):
    """The same words in another encoding are the same document."""
    first = look(paper(LONG, *LAW[1:]).replace("Жоба", "Закон"))
    again = paper(LONG, *LAW[1:]).replace("Жоба", "Закон").encode(encoding)
    assert not look(again, first.memory).entries


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["Рабочие получают зарплату вовремя."], ["РАБОЧИЕ получают зарплату — вовремя!"], []),
        (
            ["Один два три четыре пять шесть."],
            ["Один два три.", "Четыре пять шесть."],
            ["Один два три.", "Четыре пять шесть."],
        ),
        (
            ["Один два три четыре пять шесть семь."],
            ["Один два три четыре.", "Пять шесть семь восемь."],
            ["Пять шесть семь восемь."],
        ),
        (["Ставка 85 тысяч."], ["Ставка 95 тысяч."], []),
        (["Сейчас 14:20, 22 ноября."], ["Сейчас 15:20, 23 ноября."], []),
        (["А."], ["—"], []),
        ([], ["Всё новое."], ["Всё новое."]),
    ],
)
def test_what_counts_as_added(before, after, expected):
    """Words in a new order do; case, punctuation, place and short lines' numbers do not."""
    assert added(before, after) == expected


def test_sentences_end_where_people_end_them():
    """At a sign before a capital and at the end of a line, not after a number."""
    assert sentences_of("Статья 10. Союзы. Они вправе… «Да». 2. Нет?\nСтрока") == [
        "Статья 10. Союзы.",
        "Они вправе…",
        "«Да».",
        "2. Нет?",
        "Строка",
    ]


def test_a_long_law_is_compared_quickly():
    """A code of law of half a million characters, moved and changed in one place: one sentence."""
    chance = Chance("law")
    words = [f"слово{int(chance.below(3000))}" for _ in range(60_000)]
    sentences = [" ".join(words[at : at + 12]).capitalize() + "." for at in range(0, len(words), 12)]
    first = look(paper(*sentences))
    sentences[777] = "Забастовка запрещается на всех объектах без исключения и без срока."
    assert said(look(paper(*sentences), first.memory)) == [sentences[777]]
    assert len(first.memory["words"]) < 600_000
