"""Many answers for one channel at once: they share messages, because Discord takes few from a bot in a channel.

As many are sent one by one, each as a reply with its buttons, as Discord takes without delay. What then has to wait is
put together: up to ten answers go out whole, as embeds of one message; more are told in a line each.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.discord_face.layout import CONTENT, DESCRIPTION, SIGNS, embed, escape
from bot.jobs import Jobs
from bot.render.reply import Reply
from bot.render.text import answer_of

AT_ONCE, FLOOD = 5, 24
"""Messages that Discord takes from a bot in a channel at once, and answers that wait there from which they are many."""
LULL = 0.15
EMBEDS, ALL_EMBEDS = 10, 5_800
"""Discord takes ten embeds in a message, with 6,000 characters in all of them."""
LINE = 200
IN_SHORT = "-# Many asked at once, so everybody got one line; ask again for the whole answer."


@dataclass(eq=False, slots=True)
class Answered:
    """A message and the reply to it, on its way. `alone` tells whether it is sent by itself, once that is known."""

    message: discord.Message
    reply: Reply
    since: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    alone: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def asker(self) -> str:
        """Who asked, as Discord shows a name; nobody is pinged by it."""
        return f"<@{self.message.author.id}>"


Send = Callable[[Sequence[Answered]], Awaitable[int]]
"""Sends as many of the first answers as one message holds, and says how many that were."""


@dataclass(eq=False, slots=True)
class Crowd:
    """The questions of one channel that are in hand; `working` of them are still being answered.

    An answer that waited for `patience` seconds to be sent shares its message; in a flood, answers are gathered for
    `gathering` seconds first. `send` sends shared ones.
    """

    send: Send
    patience: float
    gathering: float
    asked: int = 0
    working: int = 0
    _waiting: list[Answered] = field(default_factory=list)
    _sharing: bool = False
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def flooded(self) -> bool:
        """Whether so many are asking that notices would only be in the way of answers."""
        return self.asked >= FLOOD

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count one question as being answered."""
        self.working += 1
        try:
            yield
        finally:
            self.working -= 1

    @asynccontextmanager
    async def turn(self, answered: Answered, jobs: Jobs) -> AsyncIterator[bool]:
        """Wait for an answer's turn; gives whether to send it alone now, or else it has been sent with others.

        Raises what sending it with others raised.
        """
        if self._sharing or self._turns.locked():
            self._waiting.append(answered)
            if not self._sharing:
                self._sharing = True
                jobs.start(f"answers in {answered.message.channel.id}", self._share_out())
            alone = await answered.alone
        else:
            alone = await self._turns.acquire()
        try:
            yield alone
        finally:
            if alone:
                self._turns.release()

    async def _share_out(self) -> None:
        """Give turns to the answers that wait, and send together those that waited too long."""
        try:
            while self._waiting:
                await self._turns.acquire()
                late = asyncio.get_running_loop().time() - self._waiting[0].since >= self.patience
                if late or len(self._waiting) >= FLOOD:
                    try:
                        await self._send_together()
                    finally:
                        self._turns.release()
                else:
                    self._waiting.pop(0).alone.set_result(True)
        finally:
            self._sharing = False
            for one in self._waiting:
                one.alone.cancel()

    async def _settle(self) -> None:
        """Wait until nobody is being answered and no answer has come for a moment."""
        before = -1
        while self.working or len(self._waiting) > before:
            before = len(self._waiting)
            await asyncio.sleep(LULL)

    async def _send_together(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._settle(), self.gathering)
        try:
            sent = await self.send(tuple(self._waiting))
        except Exception as error:  # noqa: BLE001  each asker's task gets it
            sent = len(self._waiting)
            for one in self._waiting[:sent]:
                one.alone.set_exception(error)
        else:
            for one in self._waiting[:sent]:
                one.alone.set_result(False)
        del self._waiting[:sent]


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
        names = askers.get(line, {})
        added = 0 if one.asker in names else len(one.asker) + (1 if names else len(line) + 4)
        if taken and length + added > limit:
            break
        askers.setdefault(line, {})[one.asker] = None
        length, taken = length + added, taken + 1
    return "\n".join([*(f"{line} · {' '.join(names)}" for line, names in askers.items()), IN_SHORT]), taken


def _line(reply: Reply) -> str:
    title = "" if reply.error is not None else f"{escape(reply.title)}: "
    text = f"{title}{SIGNS.get(reply.tone, '')}{escape(answer_of(reply))}"
    return text if len(text) <= LINE else f"{text[: LINE - 1].rstrip(chr(92))}…"


def shared(answers: Sequence[Answered], *, embeds: bool) -> tuple[dict[str, Any], int]:
    """What one message says of the first answers, and how many of them it holds."""
    if not embeds:
        text, taken = in_lines(answers, CONTENT)
        return {"content": text}, taken
    if (all_whole := whole(answers)) is not None:
        return {"embeds": all_whole}, len(answers)
    first, taken = in_lines(answers, DESCRIPTION)
    texts = [first]
    if taken < len(answers):
        second, more = in_lines(answers[taken:], ALL_EMBEDS - len(first))
        texts, taken = [first.removesuffix(f"\n{IN_SHORT}"), second], taken + more
    return {"embeds": [discord.Embed(description=text) for text in texts]}, taken
