"""Many answers for one channel at once: they share messages, because Discord takes few from a bot in a channel.

A handful of questions is answered one by one, each as a reply with its buttons. Once more are under way, what is ready
is gathered for a moment: up to ten answers go out whole, as embeds of one message; more are told in a line each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.discord_face.layout import CONTENT, DESCRIPTION, SIGNS, embed, escape
from bot.render.reply import Reply

CROWD = 6
EMBEDS, ALL_EMBEDS = 10, 5_800
"""Discord takes ten embeds in a message, with 6,000 characters in all of them."""
NAMED, LINE = 20, 200
IN_SHORT = "-# Many asked at once, so everybody got one line; ask again for the whole answer."


@dataclass(eq=False, slots=True)
class Answered:
    """A message and the reply to it, on its way."""

    message: discord.Message
    reply: Reply
    sent: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def asker(self) -> str:
        """Who asked, as Discord shows a name; nobody is pinged by it."""
        return f"<@{self.message.author.id}>"


Send = Callable[[Sequence[Answered]], Awaitable[int]]
"""Sends as many of the first answers as one message holds, and says how many that were."""


@dataclass(eq=False, slots=True)
class Crowd:
    """The questions of one channel that are in hand; `working` of them are still being answered."""

    asked: int = 0
    working: int = 0
    _ready: list[Answered] = field(default_factory=list)
    _sending: bool = False
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def crowded(self) -> bool:
        """Whether so many are asking that answers share messages."""
        return self.asked >= CROWD

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count one question as being answered."""
        self.working += 1
        try:
            yield
        finally:
            self.working -= 1
            if not self.working:
                self._quiet.set()

    async def post(self, answered: Answered, send: Send, gathering: float) -> None:
        """Have an answer sent together with others. Raises what sending it raised."""
        self._ready.append(answered)
        if not self._sending:
            self._sending = True
            try:
                while self._ready:
                    await self._send_some(send, gathering)
            finally:
                self._sending = False
        await answered.sent

    async def _send_some(self, send: Send, gathering: float) -> None:
        if self.working:
            self._quiet.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), gathering)
        try:
            sent = await send(tuple(self._ready))
        except Exception as error:  # noqa: BLE001  each asker's task gets it
            sent = len(self._ready)
            for one in self._ready[:sent]:
                one.sent.set_exception(error)
        else:
            for one in self._ready[:sent]:
                one.sent.set_result(None)
        del self._ready[:sent]


def whole(answers: Sequence[Answered]) -> list[discord.Embed] | None:
    """The answers as embeds of one message, each with the name of its asker; None where they do not fit."""
    if len(answers) > EMBEDS:
        return None
    embeds = [embed(one.reply) for one in answers]
    for shown, one in zip(embeds, answers, strict=True):
        shown.description = f"{one.asker}\n{shown.description}"
    fits = sum(map(len, embeds)) <= ALL_EMBEDS and all(len(one.description or "") <= DESCRIPTION for one in embeds)
    return embeds if fits else None


def in_lines(answers: Sequence[Answered], limit: int) -> tuple[str, int]:
    """As many of the first answers as fit, a line each and equal ones together; and how many those are."""
    askers: dict[str, dict[str, None]] = {}
    length, taken = len(IN_SHORT), 0
    for one in answers:
        line = _line(one.reply)
        names = askers.get(line)
        added = len(line) + 4 if names is None else 0
        if one.asker not in (names or ()):
            added += len(one.asker) + 1 if len(names or ()) < NAMED else 0
        if taken and length + added + 20 > limit:
            break
        askers.setdefault(line, {})[one.asker] = None
        length, taken = length + added, taken + 1
    return "\n".join([*(f"{line} · {_named(list(names))}" for line, names in askers.items()), IN_SHORT]), taken


def _line(reply: Reply) -> str:
    title = "" if reply.error is not None else f"{escape(reply.title)}: "
    text = f"{title}{SIGNS.get(reply.tone, '')}{escape(reply.headline)}"
    return text if len(text) <= LINE else f"{text[: LINE - 1].rstrip(chr(92))}…"


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return " ".join(names[:NAMED]) + (f" and {more:,} others" if more > 0 else "")


def shared(answers: Sequence[Answered], *, embeds: bool) -> tuple[dict[str, Any], int]:
    """What one message says of the first answers, and how many of them it holds."""
    if not embeds:
        text, taken = in_lines(answers, CONTENT)
        return {"content": text}, taken
    if (all_whole := whole(answers)) is not None:
        return {"embeds": all_whole}, len(answers)
    text, taken = in_lines(answers, DESCRIPTION)
    return {"embed": discord.Embed(description=text)}, taken
