"""What stands inside and around an article and speaks of strikes as well: it never becomes the article's text."""

import html

import pytest

from monitor.config.files import load
from monitor.extract import extract
from monitor.model import Severity
from paths import ROOT, SHARED

DOCUMENTS = SHARED / "data" / "source_documents"
URL = "https://gazeta.example/news/1"

# An article about a bridge: nothing in it is about labour.
BRIDGE = {
    "ru": [
        "В Атырау открыли новый мост через Урал. Движение по нему началось утром во вторник, сообщили в акимате.",
        "Он возводился три года и обошёлся в одиннадцать миллиардов тенге. Мост соединил два микрорайона города.",
        "По словам инженеров, он рассчитан на двадцать тысяч машин в сутки, и пробок на старом мосту станет меньше.",
        "Следующей весной рядом появится набережная с велосипедной дорожкой и скамейками для прохожих.",
    ],
    "kk": [
        "Атырауда Жайық арқылы жаңа көпір ашылды. Қозғалыс сейсенбі күні таңертең басталды, деп хабарлады әкімдік.",
        "Ол үш жыл бойы салынып, оған он бір миллиард теңге жұмсалды. Көпір қаланың екі ықшам ауданын жалғады.",
        "Инженерлердің айтуынша, ол тәулігіне жиырма мың көлікке есептелген, ескі көпірдегі кептеліс азаяды.",
        "Келесі көктемде жанында велосипед жолы мен орындықтары бар жағалау пайда болады.",
    ],
    "en": [
        "A new bridge over the Ural has opened in Atyrau. Traffic began on Tuesday morning, the city said.",
        "It took three years to build and cost eleven billion tenge. The bridge links two districts of the city.",
        "Engineers say it can carry twenty thousand cars a day, and queues on the old bridge will get shorter.",
        "Next spring an embankment with a bicycle lane and benches for walkers will follow.",
    ],
}
STRIKE = {
    "ru": ("Нефтяники Жанаозена объявили бессрочную забастовку", "Профсоюз требует повысить зарплату шахтёрам"),
    "kk": ("Жаңаөзенде мұнайшылар ереуілге шықты", "Кәсіподақ кеншілердің жалақысын көтеруді талап етті"),
    "en": ("Oil workers in Zhanaozen begin a strike", "Union demands higher wages for miners"),
}
ALSO = {
    "ru": ("Читайте также:", "Читать также", "Новости по теме", "По теме:"),
    "kk": ("Тағы оқыңыз:", "Оқи отырыңыз", "Тақырып бойынша", "Ұқсас жаңалықтар:"),
    "en": ("Read also:", "You May Also Like", "Related articles", "More on this topic:"),
}
ASKS = {
    "ru": (
        "Поддержите нас! Ваше пожертвование помогает рассказывать о забастовках и профсоюзах.",
        "Подписывайтесь на наш Telegram-канал, чтобы первыми узнавать о забастовках",
    ),
    "kk": (
        "Бізді қолдаңыз! Сіздің көмегіңіз ереуілдер туралы жазуға мүмкіндік береді.",
        "Telegram арнамызға жазылыңыз: ереуілдер туралы бірінші болып біліңіз",
    ),
    "en": (
        "Your tax deductible gift can help workers on strike around the world. Donate now.",
        "Subscribe to our newsletter for news about strikes",
    ),
}
COMMENT = {
    "ru": "Все на забастовку! Профсоюзы продались, рабочие Жанаозена, бастуйте! Купить часы дёшево",
    "kk": "Жаңаөзен жұмысшылары, бәріміз ереуілге шығайық! Кәсіподақ сатылып кетті",
    "en": "Workers of Zhanaozen should go on strike! The unions are sold out. Buy cheap watches",
}
COMMENTS = {"ru": "Комментарии (2)", "kk": "Пікірлер (2)", "en": "2 comments"}


@pytest.fixture(scope="module")
def matcher():
    """The keyword file that ships."""
    found = load(ROOT / "config").matcher
    assert found is not None
    return found


def shapes(lang: str, text: list[str]) -> dict[str, str]:
    """An article in the body of a page, dressed with furniture in all the ways that outlets do it."""
    p = [f"<p>{html.escape(one)}</p>" for one in text]
    whole, first, rest = "".join(p), "".join(p[:2]), "".join(p[2:])
    one, two = STRIKE[lang]
    also, gift, follow = ALSO[lang], *ASKS[lang]
    link = f'<a href="/1">{one}</a>'
    links = f'<ul><li>{link}</li><li><a href="/2">{two}</a></li></ul>'
    said = f"<p>{COMMENT[lang]}</p>"
    return {
        "a link after words": f"<article>{first}<p>{also[0]} {link}</p>{rest}</article>",
        "a link after bold words": f"<article>{first}<p><strong>{also[0]}</strong> {link}</p>{rest}</article>",
        "words and no link": f"<article>{first}<p>{also[0]} {one}</p>{rest}</article>",
        "a list below bold words": f"<article>{whole}<p><strong>{also[1]}</strong></p>{links}</article>",
        "a list below a heading": f"<article>{whole}<h3>{also[2]}</h3>{links}</article>",
        "boxes below a heading": f"<article>{whole}<h4>{also[3]}</h4><div>{link}</div><div>{link}</div></article>",
        "a quotation": f"<article>{first}<blockquote><p>{also[0]}<br>{link}</p></blockquote>{rest}</article>",
        "nothing but a link": f"<article>{first}<p>{link}</p>{rest}</article>",
        "a call for gifts": f"<article>{whole}<p>{gift}</p></article>",
        "a box for gifts": f'<article>{whole}<div class="box"><h3>{gift}</h3><a href="/d">{gift}</a></div></article>',
        "a call to follow": f"<article>{whole}<p><em>{follow}</em></p></article>",
        "a call at the end of a line": f"<article>{whole[:-4]} {follow}</p></article>" if text else "",
        "a link to follow": f'<article>{whole}<p><a href="https://t.me/x">{follow}</a></p></article>',
        "comments by name": f'<article>{whole}</article><div class="comments-area"><ol class="comment-list"><li>{said}</li></ol></div>',
        "comments by heading": f'<div class="c">{whole}<h3>{COMMENTS[lang]}</h3><div><b>А</b>{said}</div><div>{said}</div></div>',
        "comments in a box": f'<div class="c">{whole}<div><h3>{COMMENTS[lang]}</h3></div><div><b>А</b>{said}</div></div>',
        "menus and columns": f"<nav><ul><li>{link}</li></ul></nav><main><article>{whole}</article></main><aside>{links}</aside>"
        f"<footer>{one}</footer>",
        "cards below": f'<main><div class="post">{whole}</div><section><div class="card"><a href="/1"><h4>{one}</h4></a>'
        f"<p>{one}. {two}.</p></div></section></main>",
        "before and after": f'<article>{whole}</article><div class="nav-links"><a href="/1">← {one}</a></div>',
        "a ticker": f'<div class="ticker"><span>{one}</span><span>{two}</span></div><article>{whole}</article>',
        "labels": f'<article>{whole}<div class="post-tags"><a href="/t">{one.split()[-1]}</a></div></article>',
        "the author": f"<article>{whole}<p>About the Author: Oren. Writes about strikes and trade unions.</p></article>",
    }


def read(lang: str, body: str) -> str:
    """The text that is found on a page with this body."""
    page = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>Gazeta</title></head><body>{body}</body></html>'
    return extract(page.encode(), URL).text


@pytest.mark.parametrize("lang", BRIDGE)
@pytest.mark.parametrize("shape", shapes("ru", []))
def test_furniture_is_no_text(matcher, lang, shape):
    """All of the article comes out, nothing that stands in it and around it, and the keywords that ship stay silent."""
    found = read(lang, shapes(lang, BRIDGE[lang])[shape])
    assert [one for one in BRIDGE[lang] if one not in found] == []
    for said in (*STRIKE[lang], *ASKS[lang], COMMENT[lang], "About the Author"):
        assert said not in found
    finding = matcher.find("", found, lang=lang, scope="local")
    assert (finding.severity, finding.topics) == (Severity.NONE, ())


OWN_WORDS = [
    "Поддержите нас! Мы бастуем третий день, сказал рабочий Жанаозена у ворот завода.",
    "Ранее сообщалось, что <a href='/1'>рабочие объявили забастовку</a> и не вышли на смену.",
    "По теме забастовки высказался <a href='/2'>министр труда</a>, он обещал разобраться до пятницы.",
    "Читайте в Трудовом кодексе, что забастовка возможна после примирительных процедур, напомнил юрист.",
    "Join us on the square, the strikers say: the factory owes wages for three months to everybody here.",
    "Комментарий юриста: забастовка законна, если о ней предупредили за пять дней в письменном виде.",
]


@pytest.mark.parametrize("own", OWN_WORDS)
def test_what_people_say_is_text(own):
    """Appeals of workers, background with a link and a lawyer's comment belong to the article."""
    text = "".join(f"<p>{one}</p>" for one in BRIDGE["ru"][:3])
    found = read("ru", f"<article>{text}<p>{own}</p><p>{BRIDGE['ru'][3]}</p></article>")
    assert " ".join(own.replace("<a href='/1'>", "").replace("<a href='/2'>", "").replace("</a>", "").split()) in found


def test_a_heading_called_comment_ends_nothing():
    """What an expert says under such a heading is part of the article."""
    text = "".join(f"<p>{one}</p>" for one in BRIDGE["ru"])
    found = read(
        "ru",
        f"<article>{text}<h3>Комментарий</h3><p>Юрист считает, что забастовка законна и своевременна.</p></article>",
    )
    assert "забастовка законна" in found


# ── the documents the project began with ─────────────────────────────────────────────────────────────────────────

# Where the article begins and ends in each, and topics that a reader would name.
PARTS = {
    "000": ("Kazakhstan must respect", "", {"strike", "union_rights", "ilo"}),
    "001": ("For the second year", "Your tax deductible gift", {"union_rights", "ilo"}),
    "002": ("Kazakhstan: Workers", "You May Also Like", {"strike", "union_rights", "pressure"}),
    "003": ("“We Are Not the Enemy”", "Report by the Human", {"persecution", "union_rights"}),
}


def document(number: str) -> tuple[str, list[str], list[str], set[str]]:
    """What stands before the article, its paragraphs, what stands behind it, and its topics."""
    begin, end, topics = PARTS[number]
    text = (DOCUMENTS / f"{number}.txt").read_text("utf-8")
    head, _, rest = text.partition(begin)
    article, _, tail = (begin + rest).partition(end) if end else (begin + rest, "", "")
    return head, article.split("\n"), (end + tail).split("\n") if end else [], topics


def dressed(head: str, paragraphs: list[str], tail: list[str]) -> str:
    """A page with this article, and with the furniture as plain paragraphs in the same box: the hardest place."""
    box = "".join(f"<p>{html.escape(one)}</p>" for one in [*paragraphs, *tail] if one.strip())
    return (
        f'<a class="skip" href="#main">{html.escape(head)}</a><nav><a href="/">Home</a></nav><div id="main">{box}</div>'
    )


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the shared source documents are not here")
@pytest.mark.parametrize("number", PARTS)
def test_the_articles_the_project_began_with_ring_from_their_pages(matcher, number):
    """From a page, each raises the topics a reader would name; what stands around it adds none."""
    head, paragraphs, tail, topics = document(number)
    found = read("en", dressed(head, paragraphs, tail))
    raised = {match.topic for match in matcher.find("", found, scope="global").topics if match.blocked is None}
    assert raised >= topics
    assert len(found) > 0.9 * sum(map(len, paragraphs))
    bare = {match.topic for match in matcher.find("", "\n".join(paragraphs), scope="global").topics}
    assert raised <= bare


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the shared source documents are not here")
@pytest.mark.parametrize("scope", ["local", "global"])
def test_their_furniture_raises_nothing_around_another_article(matcher, scope):
    """The menus, gifts, forms and spam of all four, around an article about a bridge in Kazakhstan."""
    heads, tails = zip(*((document(number)[0], document(number)[2]) for number in PARTS), strict=True)
    found = read("en", dressed(" ".join(heads), BRIDGE["en"], [line for tail in tails for line in tail]))
    assert all(one in found for one in BRIDGE["en"])
    assert "gift" not in found
    assert matcher.find("Kazakhstan", found, scope=scope).topics == ()
