"""Wounds: what breaks a feed on its way, the same in every run; used where feeds are broken by the thousand."""

from hashlib import blake2b

JUNK = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<item>", b"</item>", b"<entry>", b"</channel>", b"\x00", b"\xff",
    b"&#99999999;", b"&nbsp;", b"<?xml?>", b'"', b"=", b"<!DOCTYPE x [", b"]>", b"</rss>", b"xmlns:a=''", b"<a:b>", b"\x80\x81",
]  # fmt: skip


class Dice:
    """Numbers that look random and are the same for ever."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def below(self, end: int) -> int:
        """A number from 0 to `end` - 1."""
        self._count += 1
        return int.from_bytes(blake2b(f"{self._seed}/{self._count}".encode(), digest_size=8).digest()) % max(end, 1)


def mutated(body: bytes, keep: bytes, dice: Dice) -> bytes:
    """A body with up to four wounds, none of them in the bytes to keep."""
    for _ in range(1 + dice.below(4)):
        start = body.index(keep)
        place = dice.below(start) if dice.below(2) else start + len(keep) + dice.below(len(body) - start - len(keep))
        room = start - place if place < start else len(body) - place
        cut = min(dice.below(20), room)
        wounds = [
            body[:place] + JUNK[dice.below(len(JUNK))] + body[place:],
            body[:place] + body[place + cut :],
            body[:place] + bytes([dice.below(256)]) + body[place + min(1, room) :],
            body[:place] + body[(copied := dice.below(len(body))) : copied + dice.below(200)] + body[place:],
        ]
        wounded = wounds[dice.below(len(wounds))]
        body = wounded if keep in wounded else body
    return body
