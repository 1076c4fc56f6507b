"""Article pages: the article and nothing around it, in three languages, and no page that costs more than itself."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from monitor.errors import ParseError, WorkerError
from monitor.extract import extract
from monitor.model import Page
from monitor.worker import open_worker
from paths import SHARED
from pdfs import pdf

PAGES = SHARED / "data" / "pages"
needs_pages = pytest.mark.skipif(not PAGES.exists(), reason="the article pages lie beside the repository")

URL = "https://lada.kz/news/1"
PARAGRAPHS = {
    "ru": "Около 340 нефтяников не вышли на смену в Жанаозене. Они требуют повышения зарплаты и отмены сокращений.",
    "kk": "Жаңаөзенде 340-қа жуық мұнайшы жұмысқа шықпай қойды. Олар жалақыны көтеруді және қысқартуды тоқтатуды талап етеді.",
    "en": "About 340 oil workers did not turn up for their shift in Zhanaozen. They demand higher pay and no layoffs.",
}


def page(lang: str, comment: str = "") -> str:
    """An article page of an ordinary outlet, with a menu, teasers and comments around the article."""
    text = "".join(f"<p>{number}. {PARAGRAPHS[lang]}</p>" for number in range(1, 6))
    menu = "".join(f'<li><a href="/s/{number}">Рубрика {number}</a></li>' for number in range(30))
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>Забастовка | Лада</title>
    <meta property="og:title" content="Забастовка &amp; протест"><meta property="article:published_time"
    content="2026-11-20T09:00:00+05:00"><meta name="author" content="Айгүл Серік"></head><body><nav><ul>{menu}</ul></nav>
    <main><article><h1>Забастовка &amp; протест</h1>{text}</article>
    <aside><h3>Читайте также</h3><a href="/2">Сборная выиграла матч</a></aside></main>
    <section class="comments" id="comments"><div class="comment"><p>{comment}</p></div></section>
    <footer>© Лада</footer></body></html>"""


@pytest.mark.parametrize("lang", PARAGRAPHS)
def test_the_article_comes_out_and_nothing_around_it(lang):
    """Text in paragraphs, title, author, day; no menu, no teaser, no comment."""
    found = extract(page(lang, comment="Купите дешёвые часы " * 20).encode(), URL)
    assert found.text.count(PARAGRAPHS[lang]) == 5
    assert found.text.count("\n") >= 4
    assert (found.title, found.author, found.published_raw) == ("Забастовка & протест", "Айгүл Серік", "2026-11-20")
    for furniture in ("Рубрика", "Сборная", "дешёвые часы", "©"):
        assert furniture not in found.text


@pytest.mark.parametrize(
    "content_type", [None, "text/html", "text/html; charset=windows-1251", "text/html; charset=utf-8"]
)
def test_the_encoding_is_seen_in_the_bytes(content_type):
    """A page in windows-1251 is read whatever its header and its own meta tag claim."""
    assert PARAGRAPHS["ru"] in extract(page("ru").encode("windows-1251", "ignore"), URL, content_type).text


def test_what_is_stored_is_clean():
    """Nothing that spoils a database or a screen comes out of a page."""
    spoilt = page("en").replace("oil workers", "oil\x00 wor\u200bkers\u202e").encode()
    assert "About 340 oil workers did" in extract(spoilt, URL).text


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 50, b"plain words", b'{"json": true}', b"/etc/passwd"])
def test_what_is_no_page_is_named(body):
    """No HTML, no article: the feed's own summary must do."""
    with pytest.raises(ParseError) as caught:
        extract(body, URL)
    assert caught.value.kind == "not-a-page"


@pytest.mark.parametrize(
    "body",
    ["<html></html>", "<script>var a = 1</script>", "<!DOCTYPE html>", "<html><body><div id=app></div></body></html>"],
)
def test_a_page_without_an_article_is_empty(body):
    """An application that draws itself with a script has no text for us."""
    assert extract(body.encode(), URL).text == ""


def test_a_statement_may_be_a_pdf():
    """The words of a document that an outlet links to instead of a page, whatever its type is said to be."""
    body = pdf([PARAGRAPHS["ru"]], [PARAGRAPHS["kk"]], title="Обращение")
    found = extract(body, URL, "text/html")
    assert (found.title, found.text) == ("Обращение", f"{PARAGRAPHS['ru']}\n\n{PARAGRAPHS['kk']}")
    with pytest.raises(ParseError, match="cannot be read"):
        extract(b"%PDF-1.7\n%\xe2\xe3", URL)


def test_an_outlet_may_say_where_its_text_is():
    """`select: text` comes before all guessing; one that finds nothing, or is none, changes nothing."""
    odd = page("ru").replace(
        "<main><article>",
        '<main><div class="tools">Печать</div><section id="b"><p>Короткая новость.</p></section><article>',
    )
    assert extract(odd.encode(), URL, None, "#b").text == "Короткая новость."
    for useless in ("#nowhere", "[["):
        assert extract(odd.encode(), URL, None, useless).text.count(PARAGRAPHS["ru"]) == 5


HOSTILE = {
    "nested": "<div>" * 300_000,
    "tables": "<table><tr><td>" * 30_000,
    "attributes": "<p " + "a=1 " * 500_000 + ">x",
    "comments": "<html><body>" + "<!--" * 300_000,
    "large": "<html><body><article>" + f"<p>{PARAGRAPHS['ru']}</p>" * 40_000,
    "entities": "<p>" + "&amp;" * 1_000_000,
    "bytes": "<html>" + "".join(map(chr, range(1, 0x3000))) * 10,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_page_ends_in_the_worker(name):
    """However it is built, it is a page or a named error, and the next page is read."""
    async with open_worker() as worker:
        try:
            found = await worker.run(extract, HOSTILE[name].encode(), URL, None, seconds=2)
        except (ParseError, WorkerError):
            found = Page()
        assert isinstance(found, Page)
        assert (await worker.run(extract, page("kk").encode(), URL, None)).text


# ── quality as a test ────────────────────────────────────────────────────────────────────────────────────────────


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words."""
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[first : first + 4]) for first in range(max(1, len(words) - 3)))


def quality(names: Iterable[str], truth: dict) -> float:
    """F1 of the mean precision and the mean recall of runs of four words."""
    precisions, recalls = [], []
    for name in names:
        body = gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes())
        wanted, found = shingles(truth[name]["articleBody"]), shingles(extract(body, truth[name]["url"]).text)
        common = (wanted & found).total()
        precisions.append(common / max(1, found.total()))
        recalls.append(common / max(1, wanted.total()))
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 2 * precision * recall / (precision + recall)


@needs_pages
def test_the_quality_is_kept_on_a_sample():
    """Every ninth page of the benchmark: F1 at least .94."""
    truth = json.loads((PAGES / "ground-truth.json").read_text("utf-8"))
    assert quality(sorted(truth)[::9], truth) >= 0.94


@pytest.mark.heavy
@needs_pages
def test_the_quality_is_kept():
    """All 181 pages: F1 at least .955."""
    truth = json.loads((PAGES / "ground-truth.json").read_text("utf-8"))
    assert quality(truth, truth) >= 0.955
