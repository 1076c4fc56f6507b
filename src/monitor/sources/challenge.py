"""Walls: pages that stand where the news should be, whatever their status: bot checks, logins, parked domains, blocks."""

import re
from collections.abc import Mapping

_LOOK_CHARACTERS = 65_536  # a wall announces itself early
_HEADERS = {
    "cf-mitigated": "a bot check (Cloudflare)",
    "x-amzn-waf-action": "a bot check (AWS)",
    "x-datadome": "a bot check (DataDome)",
}
# Words of the page, lower-case → what it is. Bot checks first: they also speak of logins and access.
_SIGNS = (
    (
        "a bot check (Cloudflare)",
        (
            "just a moment...",
            "/cdn-cgi/challenge-platform",
            "challenges.cloudflare.com",
            "cf-browser-verification",
            "cf-chl-",
            "attention required! | cloudflare",
        ),
    ),
    ("a bot check (DDoS-Guard)", ("ddos-guard", "ddos guard")),
    ("a bot check (Imperva)", ("_incapsula_resource", "incapsula incident")),
    (
        "a bot check",
        (
            "captcha",
            "checking your browser",
            "are you a robot",
            "are not a robot",
            "verify you are human",
            "verifying you are human",
            "human verification",
            "bot verification",
            "aws-waf-token",
            "sucuri website firewall",
            "qrator",
            "variti",
            "enable javascript and cookies",
            "unusual traffic",
            "проверка браузера",
            "проверяем ваш браузер",
            "вы не робот",
            "вы не бот",
            "подтвердите, что вы человек",
            "подозрительная активность",
            "сіз робот емес",
        ),
    ),
    (
        "a block page",
        (
            "access denied",
            "access to this page has been denied",
            "request blocked",
            "you have been blocked",
            "403 forbidden",
            "доступ запрещен",
            "доступ запрещён",
            "доступ ограничен",
            "доступ к информационному ресурсу",
            "ресурс заблокирован",
            "сайт заблокирован",
            "қолжетімділік шектелген",
            "account suspended",
            "аккаунт заблокирован",
            "аккаунт приостановлен",
            "website is suspended",
            "сайт приостановлен",
        ),
    ),
    (
        "a parked domain",
        (
            "domain is for sale",
            "domain may be for sale",
            "buy this domain",
            "domain is parked",
            "domain parking",
            "parked free",
            "sedoparking",
            "hugedomains",
            "parkingcrew",
            "domain has expired",
            "домен продается",
            "домен продаётся",
            "домен припаркован",
            "парковка домена",
            "купить домен",
            "регистрации домена истек",
            "домен не прилинкован",
            "домен сатылады",
            "this domain name has been registered",
        ),
    ),
)
_PASSWORD = re.compile(r"""<input[^>]{0,300}type\s*=\s*["']?password""")
_LOGIN = (
    "войдите в систему",
    "вход в систему",
    "please log in",
    "please sign in",
    "sign in to continue",
    "log in to continue",
    "жүйеге кіру",
)


def challenge(headers: Mapping[str, str], page: str) -> str | None:
    """What kind of wall a page is, in words, or None when it looks like none.

    `headers` have lower-case names; `page` is its text, markup included.
    """
    for name, wall in _HEADERS.items():
        if name in headers:
            return wall
    page = page[:_LOOK_CHARACTERS].lower()
    for wall, signs in _SIGNS:
        if any(sign in page for sign in signs):
            return wall
    if _PASSWORD.search(page) or any(sign in page for sign in _LOGIN):
        return "a login page"
    return None
