"""The press of the demo: what it serves, how its servers behave, and that its pages fit the clock."""

import gzip
import json
import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin
from xml.parsers import expat

import httpx
import pytest
from ruamel.yaml import YAML

from monitor.model import Standing
from monitor.newsroom.outlets import ACT_TIMES, OUTLETS, Outlet, write_feeds
from monitor.newsroom.press import Press

EXPECTED = json.loads((Path(__file__).parent / "data" / "newsroom_expected.json").read_text(encoding="utf-8"))
ALMATY = timezone(timedelta(hours=5))
DATED = r"<(?:pubDate|dc:date|published|updated)>([^<]+)<|\"date_published\": \"([^\"]+)\"|<time datetime=\"([^\"]+)\" class=\"time\""
LINKED = (
    r"<link>([^<]+)<|<link [^>]*href=\"([^\"]+)\"|\"url\": \"([^\"]+)\"|<h3><a href=\"([^\"]+)\""
    r"|tgme_widget_message_text.*?_date\" href=\"([^\"]+)\""
)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """One client for all tests of this file."""
    with httpx.Client(trust_env=False) as one:
        yield one


@pytest.fixture(scope="module")
def open_press() -> Iterator[Press]:
    """One press for all tests of this file; it drips quickly."""
    with Press(drip=0.05) as running:
        yield running


@pytest.fixture
def press(open_press) -> Press:
    """The press as it opens: act 1, nothing asked yet."""
    open_press.act = 1
    open_press.asked.clear()
    return open_press


@pytest.fixture
def ask(press, client) -> Callable[..., httpx.Response]:
    """Asks the press for a path, without the compression that httpx would ask for by itself."""

    def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        sent = {"Accept-Encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return client.request(method, press.base + path, headers=sent)

    return ask


@pytest.fixture
def feed_text(press, ask) -> Callable[[Outlet, int], str]:
    """Gives a feed of one act, decoded as its outlet declares."""

    def feed_text(outlet: Outlet, act: int) -> str:
        press.act = act
        return ask(outlet.path).content.decode(outlet.charset)

    return feed_text


def links(feed: str, base: str) -> list[str]:
    """The links of a feed's items, without their query; the outlet's own address is no item, and no post without words."""
    found = ("".join(match.groups("")).partition("?")[0] for match in re.finditer(LINKED, feed, re.DOTALL))
    return [urljoin(base, link) for link in found if not link.endswith("/")]


def moment(text: str) -> datetime:
    """A date of a feed, in UTC; one without a zone means Almaty."""
    if re.match(r"\d\d\.\d\d\.\d{4}", text):
        return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=ALMATY).astimezone(UTC)
    read = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
    return read.astimezone(UTC)


@pytest.mark.parametrize("outlet", [outlet for outlet in OUTLETS if outlet.tags], ids=lambda outlet: outlet.id)
def test_a_feed_asked_for_again_with_its_etag_is_not_modified(ask, outlet):
    """Whoever sends the ETag back gets a 304 without a body."""
    first = ask(outlet.path)
    again = ask(outlet.path, If_None_Match=first.headers["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize("outlet", [outlet for outlet in OUTLETS if outlet.dates], ids=lambda outlet: outlet.id)
def test_a_feed_asked_for_again_with_its_date_is_not_modified(ask, outlet):
    """Last-Modified alone is a validator too."""
    first = ask(outlet.path)
    assert ask(outlet.path, If_Modified_Since=first.headers["Last-Modified"]).status_code == 304


def test_an_etag_outranks_a_date(ask):
    """With both validators sent, a changed ETag means a changed document whatever the date says."""
    path = OUTLETS[0].path
    date = ask(path).headers["Last-Modified"]
    assert ask(path, If_None_Match='"other"', If_Modified_Since=date).status_code == 200


def test_a_date_that_cannot_be_read_is_ignored(ask):
    """A broken If-Modified-Since gets the whole document."""
    assert ask(OUTLETS[0].path, If_Modified_Since="yesterday").status_code == 200


def test_act_two_changes_what_it_should_and_nothing_else(press, ask):
    """In act 2 each feed is what the expectations say of it: new, unchanged (304) or a page that blocks."""
    for outlet in OUTLETS:
        press.act = 1
        before = ask(outlet.path)
        validators = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}
        known = {validators[name]: before.headers[name] for name in validators if name in before.headers}
        press.act = 2
        after = ask(outlet.path, **known)
        blocked = outlet.kind == "rss" and after.headers.get("Content-Type", "").startswith("text/html")
        fate = "unchanged" if after.status_code == 304 else "blocked" if blocked else "ok"
        assert fate == EXPECTED["feeds"][outlet.id]["2"], outlet.id


def test_there_are_two_acts(press, ask):
    """The press starts with act 1, can go back to it, and refuses an act there is not."""
    assert press.act == 1
    path = OUTLETS[0].path
    first = ask(path).content
    press.act = 2
    assert ask(path).content != first
    press.act = 1
    assert ask(path).content == first
    with pytest.raises(ValueError, match="no act 3"):
        press.act = 3


def test_a_head_is_a_get_without_a_body(press, ask):
    """HEAD answers with the headers of GET and not one byte more."""
    path = OUTLETS[0].path
    assert ask(path, method="HEAD").headers == ask(path).headers
    with socket.create_connection(press.address.split(":")) as client:
        client.sendall(f"HEAD {path} HTTP/1.1\r\nHost: press\r\n\r\n".encode())
        assert b"".join(iter(lambda: client.recv(1000), b"")).endswith(b"\r\n\r\n")


def test_nothing_else_is_served(ask):
    """Paths that are not on the shelf are 404, however they are spelled; other methods are refused."""
    for path in ("/", "/robots.txt", "/kaspiy-bereg/", "/../press.py", "/kaspiy-bereg/..%2f..%2fframes/default.html"):
        assert ask(path).status_code == 404
    assert ask(OUTLETS[0].path, method="POST").status_code == 501


def test_it_listens_on_loopback_only(press):
    """The port is bound to 127.0.0.1, and the address is the one to allow."""
    assert press.base == f"http://{press.address}"
    assert press._server.server_address[0] == "127.0.0.1"


def test_it_counts_what_it_is_asked(press, ask):
    """Every answer is remembered with its status; a query does not make another path."""
    path = OUTLETS[0].path
    ask(path)
    ask(path + "?utm_source=x")
    ask("/nowhere")
    assert (press.count(path), press.count("/elsewhere")) == (2, 0)
    assert [asked.status for asked in press.asked] == [200, 200, 404]


def test_it_keeps_quiet(press, ask, capfd):
    """Neither a request, nor a 404, nor a client that hangs up in the middle is worth a word on the terminal."""
    ask(OUTLETS[0].path)
    ask("/nowhere")
    ask("/", method="POST")
    slow = next(outlet.path for outlet in OUTLETS if outlet.drips)
    with socket.create_connection(press.address.split(":")) as rude:
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets
        rude.sendall(f"GET {slow} HTTP/1.1\r\nHost: press\r\n\r\n".encode())
        rude.recv(1)
    ask(slow)  # takes as long as the drops that the rude one did not wait for
    assert capfd.readouterr() == ("", "")


def test_a_slow_feed_is_cut_off_when_the_press_closes():
    """A dripping feed comes in pieces, and a press that closes does not wait for the next drop."""
    slow = next(outlet for outlet in OUTLETS if outlet.drips)
    with ExitStack() as stack:
        with Press(drip=600) as press:
            client = stack.enter_context(socket.create_connection(press.address.split(":")))
            client.sendall(f"GET {slow.path} HTTP/1.1\r\nHost: press\r\n\r\n".encode())
            answer = client.recv(100_000)
        while piece := client.recv(100_000):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    whole = int(re.search(rb"Content-Length: (\d+)", head)[1])
    assert 0 < len(body) < whole


def test_every_encoding_is_what_it_is_declared_to_be(ask):
    """One outlet is windows-1251 and says so inside its documents; all others are UTF-8 and say so outside."""
    for outlet in OUTLETS:
        answer = ask(outlet.path)
        assert answer.content.decode(outlet.charset)
        if outlet.charset == "windows-1251":
            assert "charset" not in answer.headers["Content-Type"]
            assert b'encoding="windows-1251"' in answer.content
            page = ask("/kenshi-kray/katok.html").content
            assert b"charset=windows-1251" in page
            assert "В парке Шахтинска залили каток" in page.decode("windows-1251")
        else:
            assert answer.headers["Content-Type"].endswith("; charset=utf-8")
    assert {outlet.charset for outlet in OUTLETS} == {"utf-8", "windows-1251"}


def test_one_outlet_compresses_for_those_who_accept_it(press, ask, client):
    """The compressed answer inflates to the plain one, and is only given when asked for."""
    zipped = next(outlet for outlet in OUTLETS if outlet.zipped)
    plain = ask(zipped.path)
    with client.stream("GET", press.base + zipped.path, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
        assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize("act", ACT_TIMES)
def test_one_feed_is_ill_formed_and_the_others_are_not(feed_text, act):
    """Exactly the outlet that should be broken is broken, in both acts."""
    broken = set()
    for outlet in OUTLETS:
        text = feed_text(outlet, act)
        if outlet.file.endswith(".json"):
            assert json.loads(text)["version"] == "https://jsonfeed.org/version/1.1"
        elif outlet.kind == "rss" and EXPECTED["feeds"][outlet.id][str(act)] != "blocked":
            try:
                expat.ParserCreate().Parse(text.encode(outlet.charset), True)
            except expat.ExpatError:
                broken.add(outlet.id)
    assert broken == {"ilek-ekspress"}


@pytest.mark.parametrize("act", ACT_TIMES)
def test_every_link_of_every_feed_leads_to_its_article(press, ask, feed_text, act):
    """A link can be followed, with or without its tracking parameters, and the article bears the item's headline."""
    titles = {row["url"].replace("@BASE@", press.base): row["title"] for row in EXPECTED["items"] if row["act"] <= act}
    for outlet in OUTLETS:
        for link in links(feed_text(outlet, act), press.base) if outlet.kind != "telegram" else ():
            page = ask(link.removeprefix(press.base) + "?utm_source=rss")
            headline = re.search(r"<h1>(.*?)</h1>", page.content.decode(press.find(page.url.path).outlet.charset))
            assert (page.status_code, headline[1]) == (200, titles[link].replace("&", "&amp;")), link


@pytest.mark.parametrize("act", ACT_TIMES)
def test_no_feed_knows_the_future(feed_text, act):
    """Nothing is dated after the clock of its act, nor more than a month before it."""
    for outlet in OUTLETS:
        text = feed_text(outlet, act)
        dates = [moment("".join(match.groups(""))) for match in re.finditer(DATED, text)]
        undated = (
            outlet.id == "birlik" or outlet.kind == "listing" or EXPECTED["feeds"][outlet.id][str(act)] == "blocked"
        )
        assert bool(dates) != undated, outlet.id
        assert all(timedelta() <= ACT_TIMES[act] - date < timedelta(days=31) for date in dates), outlet.id


def test_the_expectations_name_every_item_of_every_feed(press, feed_text):
    """No item is without an expectation, and no expectation without an item."""
    for act in ACT_TIMES:
        for outlet in OUTLETS:
            rows = [row for row in EXPECTED["items"] if row["feed"] == outlet.id and row["act"] <= act]
            wanted = {row["url"].replace("@BASE@", press.base) for row in rows}
            if EXPECTED["feeds"][outlet.id][str(act)] != "blocked":
                assert set(links(feed_text(outlet, act), press.base)) == wanted, outlet.id


def test_the_wire_text_is_the_same_in_three_outlets(press, ask):
    """Two outlets reprint the regional paper's text: one whole, one without its last paragraph."""
    press.act = 2
    paths = (
        "/kaspiy-bereg/zhanaozen-zabastovka.html",
        "/delovoy-alatau/ozen-drilling.html",
        "/ilek-ekspress/buroviki.html",
    )
    first, whole, cut = (re.findall(r"<p>(.{80,})</p>", ask(path).text) for path in paths)
    assert (first[:5], first[:4]) == (whole[:5], cut)


def test_the_pages_stay_small():
    """All of it together weighs less than 300 kB."""
    pages = Path(__file__).parent.parent / "src" / "monitor" / "newsroom" / "pages"
    assert sum(page.stat().st_size for page in pages.rglob("*") if page.is_file()) < 300_000


def test_the_feeds_file_watches_every_outlet(tmp_path):
    """The written file is YAML with one feed per outlet, below the given address."""
    path = write_feeds(tmp_path, "http://127.0.0.1:4321")
    written = YAML(typ="safe").load(path)
    assert path == tmp_path / "feeds.yaml"
    assert [feed["id"] for feed in written["feeds"]] == [outlet.id for outlet in OUTLETS]
    assert all(feed["url"].startswith("http://127.0.0.1:4321/") for feed in written["feeds"])
    assert {feed["standing"] for feed in written["feeds"]} <= set(Standing)
    assert [feed["id"] for feed in written["feeds"] if feed["scope"] == "global"] == ["labour-wire"]
