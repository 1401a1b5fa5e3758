"""What people see while an answer is worked on: the bot typing, then how far a long answer has come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import discord

from bot.discord_face.repeating import CUT, PAUSES, in_words
from bot.discord_face.rights import reference_to, rights_at
from bot.jobs import Jobs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds until people see the bot typing, and until an interaction is deferred (Discord waits three).

    `progress` is how long a typed question takes before how far it has come is shown, and the least between two lines.
    `patience` is how long an answer waits for a message of its own, `gathering` how long the answers of a crowd wait
    for others to share theirs; `pauses` stand between the tries of a request that Discord did not take.
    """

    typing: float = 0.8
    defer: float = 1.5
    progress: float = 2.5
    patience: float = 0.5
    gathering: float = 1.5
    pauses: tuple[float, ...] = PAUSES


class Progress:
    """The newest line on how far one answer has come.

    A command tells it with `tell`, as often as it likes; people see the newest line, once in a while. After `end`
    nothing more is shown, so that no late line overtakes the answer.
    """

    __slots__ = ("_end", "_line", "_news")

    def __init__(self) -> None:
        self._line = ""
        self._news, self._end = asyncio.Event(), asyncio.Event()

    def tell(self, line: str) -> None:
        """A line on how far the answer has come, in the place of the one before."""
        self._line = line
        self._news.set()

    def end(self) -> None:
        """The answer is there."""
        self._end.set()
        self._news.set()

    async def follow(self, show: Callable[[str], Awaitable[object]], pause: float, first: float = 0.0) -> None:
        """Show the newest line, at most one in `pause` seconds and none in the `first` ones, until the end.

        Where Discord does not let us, nothing is shown: it does not matter to the answer.
        """
        try:
            await self._pause(first)
            while not self._end.is_set():
                await self._news.wait()
                if self._end.is_set():
                    return
                self._news.clear()
                await show(f"Working on it: {self._line}…")
                await self._pause(pause)
        except (discord.HTTPException, *CUT) as error:
            log.info("cannot show progress", extra={"fields": {"reason": in_words(error)}})

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until the end."""
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), seconds)


class Waiting:
    """What people see while a typed question is worked on: the bot typing, then how far it has come.

    Nothing of it is shown while `wanted` says no: answers go before notices.
    """

    def __init__(
        self, jobs: Jobs, waits: Waits, message: discord.Message, wanted: Callable[[], bool] = lambda: True
    ) -> None:
        self.progress = Progress()
        self._wanted = wanted
        self._jobs, self._message, self._pause = jobs, message, waits.progress
        self._typing: list[asyncio.Task[None]] = []
        self._following: list[asyncio.Task[None]] = []
        self._told: list[discord.Message] = []
        later = asyncio.get_running_loop().call_later
        self._timers = later(waits.typing, self._type), later(waits.progress, self._follow)

    def _type(self) -> None:
        if not self._wanted():
            return
        self._typing.append(self._jobs.start(f"typing for {self._message.id}", _type(self._message)))

    def _follow(self) -> None:
        if not self._wanted():
            return
        work = self.progress.follow(self._show, self._pause)
        self._following.append(self._jobs.start(f"progress for {self._message.id}", work))

    async def _show(self, line: str) -> None:
        if self._told:
            await self._told[0].edit(content=line)
        else:
            replying = reference_to(self._message, rights_at(self._message))
            self._told.append(await self._message.channel.send(line, **replying))

    async def end(self) -> discord.Message | None:
        """Stop all of it. The message that tells how far the answer has come, if there is one.

        A line that is on its way is waited for: cancelled, it might arrive after the answer.
        """
        for timer in self._timers:
            timer.cancel()
        for task in self._typing:
            task.cancel()
        self.progress.end()
        if self._following:
            await asyncio.wait(self._following)
        return self._told[0] if self._told else None


async def _type(message: discord.Message) -> None:
    """Show that the bot is typing, until cancelled. Whether anybody sees it does not matter to the answer."""
    try:
        async with message.channel.typing():
            await asyncio.get_running_loop().create_future()
    except (discord.HTTPException, *CUT) as error:
        log.info("cannot show typing", extra={"fields": {"reason": in_words(error)}})
