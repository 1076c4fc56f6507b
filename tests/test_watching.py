"""A watched page through the whole house: its first look is known, what is added rings, and `why` shows the change."""

import gzip
from datetime import timedelta

import pytest

from monitor.cli import main
from monitor.history import why
from monitor.ingest import poll
from pdfs import pdf
from test_robots import html, status
from walking import Pages, a_house, settings_in, write_config

URL = "https://law.example/draft"
FEED = {"id": "draft", "title": "Әділет", "url": URL, "kind": "page", "lang": "ru", "every": "1h"}
LAW = [
    "Профсоюз действует на основании устава и закона, и никто не вправе вмешиваться в его дела без решения суда.",
    "Забастовка в Жанаозене допускается после примирительных процедур, о которых работодатель извещён за пять дней.",
]
ADDED = "Забастовка в Жанаозене запрещается на всех объектах."


def page(*paragraphs):
    """A draft law."""
    return f"<html><body><h1>О профсоюзах</h1>{''.join(f'<p>{one}</p>' for one in paragraphs)}</body></html>"


@pytest.fixture
def pages(tmp_path):
    """A press with one document."""
    write_config(tmp_path / "config", [FEED])
    press = Pages()
    press.bodies[URL] = html(page(*LAW))
    return press


async def test_an_added_sentence_rings_once(tmp_path, clock, pages):
    """The document's old words are its past; a new sentence is an alert, a new layout none; the change is proven."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        assert (await poll.cycle(house.desk, everything=True)).queued == 0
        clock.tick(timedelta(hours=2))
        pages.bodies[URL] = html(page(*reversed(LAW)).replace("<p>", "<div>").replace("</p>", "</div>"))
        assert (await poll.cycle(house.desk, everything=True)).queued == 0
        clock.tick(timedelta(hours=2))
        pages.bodies[URL] = html(page(LAW[0], ADDED, LAW[1]))
        assert (await poll.cycle(house.desk, everything=True)).queued > 0
        (title, text) = house.db.execute("SELECT title, text FROM articles ORDER BY id DESC LIMIT 1").fetchone()
        assert (title, text) == ("О профсоюзах", ADDED)
        kinds = house.db.execute("SELECT kind, body FROM evidence ORDER BY id DESC LIMIT 2").fetchall()
        proofs = {kind: gzip.decompress(body).decode() for kind, body in kinds}
        assert proofs["page"] == page(LAW[0], ADDED, LAW[1])
        assert f"+{ADDED}" in proofs["feed"].split("\n")
        clock.tick(timedelta(hours=2))
        assert (await poll.cycle(house.desk, everything=True)).queued == 0


async def test_each_change_is_an_article_of_its_own(tmp_path, clock, pages):
    """Two changes of one document at one address are two pieces of news, each told."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        queued = []
        for paragraphs in ([], [ADDED], [ADDED, "Рабочим Жанаозена предложено прекратить забастовку до понедельника."]):
            pages.bodies[URL] = html(page(*LAW, *paragraphs))
            queued.append((await poll.cycle(house.desk, everything=True)).queued)
            clock.tick(timedelta(days=3))
        assert queued[0] == 0
        assert min(queued[1:]) > 0
        assert house.db.execute("SELECT count(DISTINCT url_hash) FROM articles").fetchone()[0] == 3


async def test_why_shows_what_changed(tmp_path, clock, pages, capsys):
    """The words that went and those that came, for whoever wants to know why this rang."""
    settings = settings_in(tmp_path)
    async with a_house(settings, clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        clock.tick(timedelta(hours=2))
        pages.bodies[URL] = html(page(LAW[0], LAW[1].replace("допускается", "запрещена")))
        await poll.cycle(house.desk, everything=True)
        ref = house.db.execute("SELECT ref FROM stories ORDER BY id DESC LIMIT 1").fetchone()[0]
        piece = why.life_of_ref(house.db, ref).pieces[-1]
        assert [line[0] for line in piece.difference] == ["-", "+"]
    main(["--config-dir", str(settings.config_dir), "--data-dir", str(settings.data_dir), "why", ref])
    told = capsys.readouterr().out
    assert "  change  -Забастовка в Жанаозене допускается" in told
    assert "  change  +Забастовка в Жанаозене запрещена" in told


async def test_a_law_that_becomes_a_pdf_is_the_same_law(tmp_path, clock, pages):
    """Its sentences are known; only the one that is new counts."""
    async with a_house(settings_in(tmp_path), clock, pages) as house:
        await poll.cycle(house.desk, everything=True)
        clock.tick(timedelta(hours=2))
        pages.bodies[URL] = status(200, {"content-type": "application/octet-stream"}, pdf([*LAW, ADDED]))
        await poll.cycle(house.desk, everything=True)
        assert house.db.execute("SELECT text FROM articles ORDER BY id DESC LIMIT 1").fetchone()[0] == ADDED
