"""What the face knows of messages, in memory and bounded: ids that it has seen, and which answer answers what."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import discord

from bot.commands.declaration import Call
from bot.discord_face.controls import PRIVATE

MOST, MOST_QUESTIONS = 5_000, 500
_WORKING = re.compile(rf"{re.escape(PRIVATE)}!working (.+) asof:(\d{{4}}-\d\d-\d\d)")
_RECENT = timedelta(days=5)


class Seen:
    """The keys seen last: ids of messages and interactions, channels in which something was said."""

    def __init__(self, most: int = MOST) -> None:
        self._keys: OrderedDict[Hashable, None] = OrderedDict()
        self._most = most

    def first_time(self, key: Hashable) -> bool:
        """Whether this key is new; from now on it is not."""
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True

    def __contains__(self, key: Hashable) -> bool:
        return key in self._keys

    def forget(self, key: Hashable) -> None:
        """Let a key be new again."""
        self._keys.pop(key, None)


@dataclass(slots=True)
class Asked:
    """A typed question as it was understood last, and our message that answers it alone.

    `turn` is held while it is answered. `free` says that the answer has room for a line above its embed.
    """

    call: Call
    answer: int | None = None
    free: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def means(self, call: Call) -> bool:
        """Whether a call is the one that was answered: a message is also updated when its links are looked up."""
        known = self.call
        said = [error.message if error is not None else "" for error in (known.error, call.error)]
        return (known.command, known.options) == (call.command, call.options) and said[0] == said[1]


class Questions:
    """The newest typed questions by the id of their message."""

    def __init__(self) -> None:
        self._asked: OrderedDict[int, Asked] = OrderedDict()

    def get(self, message: int) -> Asked | None:
        """The question in a message, None where it is not known."""
        return self._asked.get(message)

    def begin(self, message: int, call: Call) -> Asked:
        """A question that is to be answered; the oldest makes room."""
        self._asked[message] = asked = Asked(call)
        if len(self._asked) > MOST_QUESTIONS:
            self._asked.popitem(last=False)
        return asked


def question_of(answer: discord.Message) -> str | None:
    """The question that an answer of ours answers, by its button for the working; None where it has none.

    For answers from before a restart. The button holds the day of the newest bar; of an answer that was of its day
    when it was given, the question is meant of today.
    """
    for custom_id in _custom_ids(answer.components):
        if found := _WORKING.fullmatch(custom_id):
            of_its_day = found[2] >= (answer.created_at - _RECENT).date().isoformat()
            return found[1] if of_its_day else f"{found[1]} asof:{found[2]}"
    return None


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        yield from _custom_ids(getattr(component, "children", ()))
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id
