"""What the face knows of messages: ids that it has seen, in memory and bounded, and what an answer of its answers."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import discord

from bot.discord_face.controls import PRIVATE

MOST = 5_000
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
