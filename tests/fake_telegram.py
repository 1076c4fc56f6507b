"""A strict stand-in for the Bot API over real HTTP on loopback, checking text and entities as Telegram does."""

import asyncio
import email
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
MOST_UNITS = 4096
KINDS = {"bold", "italic", "text_link", "blockquote", "expandable_blockquote"}


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    method: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What to do with the next request instead of answering it.

    `first` says it is carried out before the answer goes wrong; without `status` there is no answer at all: the
    connection is closed, or with `hang` left open.
    """

    status: int | None = None
    body: bytes = b""
    first: bool = False
    hang: bool = False


def refusal(status: int, description: str, **parameters: Any) -> Fault:
    """An error as Telegram words it."""
    answer: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return Fault(status, json.dumps(answer).encode())


LOST = Fault(first=True)
CLOSED = Fault()
SILENT = Fault(first=True, hang=True)
HTML = Fault(200, b"<!doctype html><title>Welcome to our hotel</title>", first=True)
BAD_GATEWAY = Fault(502, b"<html><h1>502 Bad Gateway</h1></html>", first=True)


class Refusal(Exception):
    """What Telegram answers with 400."""


@dataclass
class FakeTelegram:
    """A server that is open inside `async with`; `chats` holds what was said, by chat and message id."""

    token: str = TOKEN
    calls: list[Call] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    chats: dict[str, dict[int, dict[str, Any]]] = field(default_factory=lambda: {"@news": {}})
    rights: dict[str, Any] = field(default_factory=lambda: {"status": "administrator", "can_post_messages": True})

    updates: list[dict[str, Any]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Open on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._open: set[asyncio.StreamWriter] = set()
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close with every connection."""
        self._server.close()
        for writer in list(self._open):
            writer.close()
        await self._server.wait_closed()

    def said(self, chat: str = "@news") -> list[dict[str, Any]]:
        """Every message of a chat, oldest first."""
        return list(self.chats[chat].values())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        fault = self.faults.popleft() if self.faults else None
        if not await self._travel(reader, "there"):
            return False
        if fault is not None and not fault.first:
            self.calls.append(Call("fault", {}))
            answer = (fault.status, fault.body)
        else:
            answer = self._answer(first.split()[1], _params(headers.get("content-type", ""), body))
        if fault is not None and fault.first:
            answer = (fault.status, fault.body)
        if fault is not None and fault.hang:
            await reader.read()  # until the other side gives up
            return False
        if answer[0] is None or not await self._travel(reader, "back"):
            return False
        status, content = answer
        writer.write(f"HTTP/1.1 {status} Status\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)
        await writer.drain()
        return True

    async def _travel(self, reader: asyncio.StreamReader, way: str) -> bool:
        """The request's way there, the answer's way back; False when the caller is gone. Here it takes no time."""
        del reader, way
        return True

    def _answer(self, path: str, params: dict[str, Any]) -> tuple[int, bytes]:
        base, _, method = path.strip("/").partition("/")
        self.calls.append(Call(method, params))
        if base != f"bot{self.token}":
            return _json(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        known: dict[str, Callable[[dict[str, Any]], Any]] = {
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "getUpdates": lambda _: self.updates,
            "getMe": lambda _: {"id": 1, "is_bot": True, "first_name": "monitor", "username": "monitor_bot"},
            "getChat": self._chat,
            "getChatMember": self._member,
        }
        if method not in known:
            return _json(404, {"ok": False, "error_code": 404, "description": "Not Found: method not found"})
        try:
            return _json(200, {"ok": True, "result": known[method](params)})
        except Refusal as error:
            return _json(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"})

    def _send(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._find(params)
        message = {"message_id": len(chat) + 1, **_checked(params), **params}
        chat[message["message_id"]] = message
        return self._shown(params["chat_id"], message)

    def _edit(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._find(params)
        old = chat.get(int(params.get("message_id", 0)))
        if old is None:
            raise Refusal("message to edit not found")
        fresh = _checked(params)
        if all(old[name] == value for name, value in fresh.items()):
            raise Refusal("message is not modified: specified new message content is exactly the same")
        old.update(fresh)
        return self._shown(params["chat_id"], old)

    def _find(self, params: dict[str, Any]) -> dict[int, dict[str, Any]]:
        if params.get("chat_id") not in self.chats:
            raise Refusal("chat not found")
        return self.chats[params["chat_id"]]

    def _shown(self, chat_id: str, message: dict[str, Any]) -> dict[str, Any]:
        chat = {"id": -1001, "type": "channel", "title": "News", "username": chat_id.strip("@")}
        return {"message_id": message["message_id"], "date": 1_800_000_000, "chat": chat, "text": message["text"]}

    def _chat(self, params: dict[str, Any]) -> dict[str, Any]:
        self._find(params)
        return {"id": -1001, "type": "channel", "title": "News", "accent_color_id": 1, "max_reaction_count": 0,
                "accepted_gift_types": dict.fromkeys(GIFTS, False)}  # fmt: skip

    def _member(self, params: dict[str, Any]) -> dict[str, Any]:
        self._find(params)
        me = {"id": 1, "is_bot": True, "first_name": "monitor"}
        return {"user": me, **dict.fromkeys(RIGHTS, False), **self.rights}


GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def _checked(params: dict[str, Any]) -> dict[str, Any]:
    """Text and entities as Telegram takes them. Raises Refusal in its words."""
    text = params.get("text", "")
    units = len(text.encode("utf-16-le")) // 2
    if not text.strip():
        raise Refusal("message text is empty")
    if units > MOST_UNITS:
        raise Refusal("message is too long")
    if "parse_mode" in params:
        raise Refusal("can't parse entities: this project sends none to parse")
    entities = params.get("entities", [])
    for entity in entities:
        check_entity(text, entity)
    return {"text": text, "entities": entities}


def check_entity(text: str, entity: dict[str, Any]) -> None:
    """One entity against its text. Raises Refusal for a span that does not fit it or splits a character."""
    units = text.encode("utf-16-le")
    start, end = entity["offset"], entity["offset"] + entity["length"]
    if entity["type"] not in KINDS:
        raise Refusal("unsupported entity type")
    if start < 0 or entity["length"] <= 0:
        raise Refusal("entity has an invalid span")
    if end > len(units) // 2:
        raise Refusal(f"entity beginning at UTF-16 offset {start} ends after the end of the text at offset {end}")
    for edge in (start, end):
        unit = units[edge * 2 : edge * 2 + 2]
        if unit and 0xDC <= unit[1] <= 0xDF:
            raise Refusal(f"entity beginning at UTF-16 offset {start} is in the middle of a UTF-16 symbol")
    if entity["type"] == "text_link" and not entity.get("url", "").startswith(("http://", "https://")):
        raise Refusal("entity has an invalid URL")


def _params(content_type: str, body: bytes) -> dict[str, Any]:
    """The parameters of a request, however they were packed."""
    if content_type.startswith("application/json"):
        return json.loads(body)
    if content_type.startswith("multipart/"):
        whole = email.message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
        pairs = [(part.get_param("name", header="content-disposition"), _text(part)) for part in whole.get_payload()]
    else:
        pairs = parse_qsl(body.decode(), keep_blank_values=True)
    return {name: _value(name, value) for name, value in pairs}


def _text(part: Any) -> str:
    return part.get_payload(decode=True).decode()


def _value(name: str, value: str) -> Any:
    """Objects and lists travel as JSON inside a form; texts and addresses never do."""
    return json.loads(value) if name in ("entities", "link_preview_options", "reply_parameters") else value


def _json(status: int, answer: dict[str, Any]) -> tuple[int, bytes]:
    return status, json.dumps(answer).encode()
