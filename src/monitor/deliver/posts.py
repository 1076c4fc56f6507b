"""Posts of the house: what readers pin, written for every voice and put into the outbox once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from monitor import channels, outbox
from monitor.model import Message, Voice
from monitor.render.legend import Guide, legend
from monitor.schema import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post and the voice that says it."""

    voice: Voice
    message: Message

    @property
    def text(self) -> str:
        """The words of the post, as they can be read anywhere."""
        return str(json.loads(self.message.body)["plain"])


def legends(about: Guide, voices: Sequence[Voice], now: datetime) -> list[Post]:
    """How to read the channel, for every voice in its own languages."""
    kinds = channels.by_kind()
    return [
        Post(
            voice=voice,
            message=replace(
                kinds[voice.channel].render_post(
                    legend(about, voice.languages), at=now, languages=voice.languages, time_zone=voice.time_zone
                ),
                recipient=voice.recipient,
                thread=voice.thread,
            ),
        )
        for voice in voices
    ]


def put(db: Database, posts: Sequence[Post], now: datetime) -> int:
    """Queue the posts whose words were not posted there before; returns how many."""
    with transaction(db):
        return outbox.put(db, [post.message for post in posts], now)
