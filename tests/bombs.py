"""Answers that were made to harm: documents that grow in a parser, and bytes that grow on the wire."""

import gzip
import zlib
from collections.abc import Mapping

from feeds import item, rss
from wire import Answer, Visit, ok, redirect

DOCUMENTS = {
    "author": rss(f"<item><title>t</title><author>{'a' * 65_536}</author></item>"),
    "creator": rss(f"<item><title>t</title><dc:creator><![CDATA[{'a' * 65_536}]]></dc:creator></item>"),
    "comments": "<rss><channel>" + "<!--" * 100_000,
    "comments in a feed": rss("<!--" * 100_000, item(0)),
    "CDATA": "<rss><channel>" + "<![CDATA[" * 50_000,
    "items": "<rss><channel>" + "<item>" * 100_000,
    "entities": '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]><rss><channel><item><title>&a11;</title></item></channel></rss>",
    "external entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(item(0, "&x;")),
    "nesting": rss(f"<item><title>t</title><description>{'<div>' * 1_400_000}</description></item>"),
    "escaped nesting": rss(f"<item><title>t</title><description>{'&lt;div&gt;' * 100_000}</description></item>"),
    "attributes": f"<rss {'a=1 ' * 500_000}>",
    "json": '{"items":' * 50_000,
    "references": rss(f"<item><title>{'&#99999999;' * 100_000}t</title></item>"),
    "title": rss(item(0, "я" * 3_000_000)),
    "dates": rss(*(f"<item><title>t{n}</title><pubDate>вчера около {n} часов</pubDate></item>" for n in range(400))),
}  # fmt: skip
PATHS = ("/dev/zero", "/etc/passwd", "file:///dev/zero", "http://127.0.0.1:9/feed")


def squeezed(times: int) -> bytes:
    """Fifty megabytes of nothing, gzipped so many times."""
    body = bytes(50_000_000)
    for _ in range(times):
        body = gzip.compress(body, mtime=0)
    return body


def encoded(body: bytes, *names: str) -> bytes:
    """An answer that says how its body was encoded."""
    return ok(body, f"Content-Encoding: {', '.join(names)}")


def without_end(beginning: bytes, piece: bytes) -> Answer:
    """An answer that goes on for as long as somebody reads."""

    async def answer(visit: Visit) -> None:
        await visit.send(beginning)
        while True:
            await visit.send(piece)

    return answer


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"ffff\r\n" + b"x" * 65_535 + b"\r\n"


def on_the_wire() -> Mapping[str, Answer]:
    """Bombs below the document, by name."""
    return {
        "gzip": encoded(squeezed(1), "gzip"),
        "gzip twice": encoded(squeezed(2), "gzip", "gzip"),
        "gzip five times": encoded(squeezed(5), *["gzip"] * 5),
        "gzip in gzip": encoded(squeezed(2), "gzip"),
        "brotli": encoded(b"\x5b\xff\xff\xff" * 200, "br"),
        "zstd": encoded(b"\x28\xb5\x2f\xfd" * 200, "zstd"),
        "deflate": encoded(zlib.compress(bytes(50_000_000)), "deflate"),
        "no gzip": encoded(b"x" * 5_000_000, "gzip"),
        "chunks without end": without_end(CHUNKED, CHUNK),
        "a body without end": without_end(HEAD + b"Connection: close\r\n\r\n", b"x" * 65_536),
        "one endless chunk": without_end(CHUNKED + b"ffffffffff\r\n", b"x" * 65_536),
        "a million headers": HEAD + b"X-A: b\r\n" * 1_000_000 + b"\r\n",
        "headers without end": without_end(HEAD, b"X-A: b\r\n" * 5_000),
        "a header without end": without_end(HEAD + b"X-A: ", b"b" * 65_536),
        "a status line without end": without_end(b"HTTP/1.1 200 ", b"O" * 65_536),
        "answers before the answer": without_end(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        "a body as long as it says": ok(b"<rss>" + b"x" * 9_900_000),
        "a body that is too long": ok(b"x" * 10_000_001),
        "a circle": redirect("/again"),
        "a redirect of ten megabytes": ok(b"x" * 10_000_000, "Location: /again", status="302 Found"),
    }


def everything() -> Mapping[str, Answer]:
    """Forty bombs by name, ready to be served."""
    documents = {name: ok(body.encode(), "Content-Type: application/xml") for name, body in DOCUMENTS.items()}
    paths = {f"the path {path}": ok(path.encode()) for path in PATHS}
    more = {"ampersands": ok(b"<rss><channel><item><title>" + b"&" * 9_000_000)}
    return {**on_the_wire(), **documents, **paths, **more}
