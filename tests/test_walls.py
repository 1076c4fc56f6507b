"""Pages that stand where a feed should be, all with status 200: each is an error with a name, and none is "no news"."""

from io import BytesIO

import feedparser
import pytest

from feeds import FEED, answer
from monitor.errors import ParseError
from monitor.sources.rss import parse

# Bot checks, logins, parked domains, block pages: (where it was seen, the part of it that tells).
BLOCKED = {
    "Cloudflare, title": '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow"></head><body><div class="main-wrapper" role="main"></div></body></html>',
    "Cloudflare, script": "<!DOCTYPE html><script>(function(){var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=8';})();</script>",
    "Cloudflare, Turnstile": '<html><body><script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async defer></script></body></html>',
    "Cloudflare, block": "<html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1></body></html>",
    "Cloudflare, old": '<html><body><form id="challenge-form" class="cf-browser-verification" action="/?__cf_chl_f_tk=x"></form></body></html>',
    "DDoS-Guard": '<html><head><title>DDoS-Guard</title></head><body data-ddg-origin="true"><h1>Checking your browser before accessing lada.kz</h1></body></html>',
    "Imperva": '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body><iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=1">Request unsuccessful. Incapsula incident ID: 1</iframe></body></html>',
    "Qrator": "<html><head><title>403</title></head><body><h1>HTTP 403</h1><p>Qrator HTTP 403</p></body></html>",
    "Variti": '<html><head><script src="/_variti/challenge.js"></script></head><body></body></html>',
    "Sucuri": "<html><title>Sucuri WebSite Firewall - Access Denied</title><body><p>Block ID: GEO02</p></body></html>",
    "AWS WAF": '<html><head><script type="text/javascript">window.awsWafCookieDomainList = [];</script><script src="https://x.token.awswaf.com/x/challenge.js"></script></head><body><div id="challenge-container"></div><script>AwsWafIntegration.saveReferrer();/* aws-waf-token */</script></body></html>',
    "reCAPTCHA": '<html><body><form method="post"><div class="g-recaptcha" data-sitekey="x"></div></form></body></html>',
    "hCaptcha": '<html><body><div class="h-captcha" data-sitekey="x"></div></body></html>',
    "Yandex SmartCaptcha": '<html><head><title>Вы не робот?</title></head><body><div class="CheckboxCaptcha">Подтвердите, что запросы отправляли вы, а не робот</div></body></html>',
    "a check in Russian": "<html><title>Проверка браузера</title><body>Проверяем ваш браузер, это займёт несколько секунд</body></html>",
    "a check in Kazakh": "<html><title>Сіз робот емессіз бе?</title><body></body></html>",
    "a check in Google's words": "<html><body>Our systems have detected unusual traffic from your computer network.</body></html>",
    "JavaScript is wanted": "<html><body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>",
    "suspicion": "<html><body><h1>Подозрительная активность</h1><p>С вашего адреса поступает слишком много запросов.</p></body></html>",
    "a login form": '<html><body><form action="/login" method="post"><input name="login"><input name="password" type="password"></form></body></html>',
    "WordPress login": '<html><body class="login"><form name="loginform"><input type="password" name="pwd" id="user_pass"></form></body></html>',
    "Bitrix login": '<html><head><title>Авторизация</title></head><body><form name="form_auth"><input type="password" name="USER_PASSWORD" maxlength="255"></form></body></html>',
    "a login in words": "<html><body><h1>Please log in</h1><p>This content is for members.</p></body></html>",
    "a login in Russian": "<html><body><h2>Войдите в систему, чтобы продолжить</h2></body></html>",
    "a parked domain": "<html><head><title>lada.example</title></head><body><h1>This domain is for sale</h1></body></html>",
    "Sedo": '<html><head><script src="https://img.sedoparking.com/templates/x.js"></script></head><body></body></html>',
    "HugeDomains": '<html><body><a href="https://www.hugedomains.com/domain_profile.cfm?d=lada">Buy now</a></body></html>',
    "an expired domain": "<html><body>This domain has expired. If you owned this domain, contact your registrar.</body></html>",
    "REG.RU parking": "<html><head><title>Домен припаркован</title></head><body>Домен зарегистрирован, но ещё не привязан к сайту</body></html>",
    "a domain sold in Russian": "<html><body><h1>Домен продаётся</h1><p>Цена по запросу</p></body></html>",
    "a domain sold in Kazakh": "<html><body><h1>Бұл домен сатылады</h1></body></html>",
    "a suspended account": "<html><head><title>Account Suspended</title></head><body>Contact your hosting provider for more information.</body></html>",
    "a suspended site": "<html><body><h1>Сайт приостановлен</h1><p>Обратитесь в службу поддержки хостинга.</p></body></html>",
    "a state's block page": "<html><body><p>Доступ к информационному ресурсу ограничен на основании решения суда</p></body></html>",
    "a block page in Kazakh": "<html><body><p>Бұл ресурсқа қолжетімділік шектелген</p></body></html>",
    "nginx says no": "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>",
    "Akamai says no": "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access this resource. Reference #18.x</BODY></HTML>",
}
# What is no wall that we know, and no feed either.
NO_FEED = {
    "an API's error": '{"error": {"code": 401, "message": "token expired"}}',
    "an API's list": '[{"id": 1, "title": "Новость"}]',
    "WordPress without its REST": '{"code":"rest_no_route","message":"No route was found","data":{"status":404}}',
    "the front page": "<!DOCTYPE html><html><head><title>Лада — новости Актау</title></head><body><h1>Главное</h1><p>Новости</p></body></html>",
    "a page not found": "<html><head><title>Страница не найдена</title></head><body><h1>404</h1></body></html>",
    "an empty application": '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><div id="root"></div><script src="/static/js/main.js"></script></body></html>',
    "a redirect by script": '<html><head><meta http-equiv="refresh" content="0; url=/ru/"></head></html>',
    "a sitemap": '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://lada.kz/1</loc></url></urlset>',
    "PHP's complaint": "Fatal error: Uncaught PDOException: SQLSTATE[HY000] in /srv/www/rss.php:12",
    "plain words": "OK",
}
EMPTY = {"nothing": "", "blanks": " \r\n\t ", "a mark and no more": "\ufeff"}


def kind(body: bytes | str, content_type: str = "", **headers: str) -> str:
    """The kind of error that a body is."""
    with pytest.raises(ParseError) as caught:
        parse(FEED, answer(body, content_type, **headers), {})
    return caught.value.kind


def test_there_are_at_least_forty():
    """The bar of this file."""
    assert len(BLOCKED) + len(NO_FEED) + len(EMPTY) >= 50


@pytest.mark.parametrize("name", BLOCKED)
def test_a_wall_with_status_200_is_blocked(name):
    """Bot checks, logins, parked and block pages, as UTF-8 and, where it has the letters, as windows-1251."""
    assert kind(BLOCKED[name]) == "blocked"
    try:
        old = BLOCKED[name].encode("windows-1251")
    except UnicodeEncodeError:
        return
    assert kind(old, "text/html; charset=windows-1251") == "blocked"
    assert kind(old) == "blocked"


@pytest.mark.parametrize("name", NO_FEED)
def test_what_is_no_feed_is_told(name):
    """JSON of another kind, front pages, not-found pages with status 200, complaints of a server."""
    assert kind(NO_FEED[name]) == "not-a-feed"


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_page_is_told(name):
    """Nothing is not "nothing new"."""
    assert kind(EMPTY[name]) == "empty"


def test_a_wall_is_told_by_its_headers():
    """Cloudflare, AWS and DataDome say so themselves, whatever the page looks like."""
    for header in ("cf_mitigated", "x_amzn_waf_action", "x_datadome"):
        assert kind("<html></html>", **{header: "challenge"}) == "blocked"
        assert kind("{}", **{header: "challenge"}) == "blocked"


def test_the_bar_can_be_missed():
    """Given the page as it is, feedparser finds a feed without news in every one of them."""
    for page in (*BLOCKED.values(), *NO_FEED.values()):
        assert feedparser.parse(BytesIO(page.encode())).entries == []
