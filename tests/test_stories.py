"""One story, not three; and never two strikes in one."""

from monitor.model import Join, Told
from monitor.stories import place
from monitor.text.prints import shingles
from nouns import NOON, a_finding, an_article

WIRE = (
    "Нефтяники месторождения Каламкас с утра двадцатого ноября не вышли на смену и собрались у конторы. "
    "По словам рабочих, им второй месяц не выплачивают надбавки за вредность, а переговоры с руководством "
    "ни к чему не привели. В акимате области заявили, что ситуация находится на контроле, и создали комиссию. "
    "Представитель подрядной компании сообщил, что долг будет погашен до конца месяца. Рабочие требуют также "
    "вернуть уволенных товарищей и пересмотреть коллективный договор, который истекает в декабре."
)


def told(**more):
    """An article that was told before, in story 7."""
    article = an_article(title="Нефтяники Каламкаса не вышли на смену", text=WIRE)
    filled = {
        "article_id": 3,
        "story_id": 7,
        "feed_id": "lada",
        "url_key": "key-1",
        "title": article.title,
        "fingerprint": "print-1",
        "shingles": shingles(f"{article.title}\n{article.text}"),
        "topics": frozenset({"strike"}),
        "marks": frozenset({"zhanaozen"}),
        "seen_at": NOON,
    }
    return Told(**filled | more)


def other(**more):
    """An article of another outlet with its own address and text."""
    return an_article(**{"url_key": "key-2", "fingerprint": "print-2", "title": "Иное", "text": "Иное.", **more})


def test_the_first_article_opens_a_story():
    """With nothing to compare with, it is new."""
    assert place(other(), a_finding(), []).join is Join.OPENS


def test_the_same_address_is_the_same_article():
    """Another outlet's feed that links the very page is a reprint."""
    placement = place(other(url_key="key-1"), a_finding(), [told()])
    assert (placement.join, placement.story_id, placement.like) == (Join.REPRINT, 7, 3)


def test_the_same_text_is_the_same_article():
    """The text decides, whatever the address."""
    assert place(other(fingerprint="print-1"), a_finding(), [told()]).join is Join.REPRINT


def test_a_wire_under_another_headline_is_a_reprint():
    """A republished wire with its own headline and without its last paragraph is found by its passages."""
    lead_only = " ".join(WIRE.split()[:40])
    for text in (WIRE, WIRE[: len(WIRE) // 2], f"Как стало известно, {WIRE}", lead_only):
        assert place(other(title="Забастовка в Мангистау", text=text), a_finding(), [told()]).story_id == 7, text


def test_another_text_about_the_same_topic_opens_its_own_story():
    """The same trade, the same place, other events."""
    text = "Водители автобусов Актау объявили голодовку из-за долгов по заработной плате за полгода, сообщили в парке."
    assert place(other(title="Водители объявили голодовку", text=text), a_finding(), [told()]).join is Join.OPENS


def test_two_summaries_that_speak_of_the_same_law_are_two_stories():
    """A few words of the trade in common make no reprint of a short text: an absorbed story would be a lost one."""
    one = (
        "Experts of the International Labour Organization again asked Kazakhstan to bring its law on trade unions into "
        "line with Convention 87 on freedom of association and the right to organise, a report says."
    )
    two = (
        "A bill that would tighten rules for the registration of trade unions reached the lower house on Friday; its "
        "critics say it violates Convention 87 on freedom of association and the right to organise of workers."
    )
    before = told(title="ILO experts press Kazakhstan", shingles=shingles(f"ILO experts press Kazakhstan\n{one}"))
    assert place(other(title="Bill tightens rules for unions", text=two), a_finding(), [before]).join is Join.OPENS


def test_the_same_headline_about_the_same_place_joins():
    """A short item without a shared passage joins when headline, topic and place agree."""
    placement = place(other(title="Нефтяники Каламкаса не вышли на смену в среду"), a_finding(), [told()])
    assert placement.join is Join.JOINS


def test_the_same_headline_about_another_place_is_another_story():
    """A strike in another town is never absorbed, however alike the headlines."""
    elsewhere = a_finding(places=("aktau",))
    assert place(other(title="Нефтяники Каламкаса не вышли на смену в среду"), elsewhere, [told()]).join is Join.OPENS


def test_another_number_is_another_headline():
    """340 strikers are not 300: where the numbers differ, in doubt it is another story."""
    before = told(title="Уволены 340 рабочих завода в Жанаозене", shingles=frozenset())
    assert (
        place(other(title="Уволены 340 рабочих завода в Жанаозене, сообщает КМГ"), a_finding(), [before]).join
        is Join.JOINS
    )
    assert place(other(title="Уволены 300 рабочих завода в Жанаозене"), a_finding(), [before]).join is Join.OPENS


def test_a_phrase_of_the_trade_is_no_passage():
    """Shingles that stand in more than twenty articles prove nothing."""
    crowd = [told(article_id=n, story_id=n, fingerprint=f"f{n}", url_key=f"u{n}", title=f"т{n}") for n in range(25)]
    assert place(other(title="Своё", text=WIRE), a_finding(), crowd).join is Join.OPENS
