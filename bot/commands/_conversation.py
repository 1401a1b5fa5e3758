"""Conversation, for every face: reading with the last call in mind, answering, remembering."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.commands._live import with_live_number
from bot.commands._questions import read_question
from bot.commands._recent import LastCall, Recent
from bot.commands.declaration import Call, Registry
from bot.commands.dispatch import answer
from bot.desk import Caller, Desk
from bot.render.reply import Reply
from bot.settings import DEFAULTS, Settings


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a face talks through."""

    desk: Desk
    registry: Registry
    recent: Recent = field(default_factory=Recent)

    def read(
        self, caller: Caller, text: str, settings: Settings = DEFAULTS, *, answered: LastCall | None = None
    ) -> Call:
        """The call that a question means to this asker. Never raises: the call carries the error.

        `answered` is what the answer that it replies to answers; without one it follows on the asker's own last call.
        """
        previous = answered or self.recent.previous(caller, self.desk.clock())
        return read_question(self.desk, self.registry, text, settings, previous)

    async def answer(self, caller: Caller, call: Call, *, live: bool = True) -> Reply:
        """The reply to a call, which is then the asker's last. Never raises but for cancellation.

        `live` adds to a definition what its term's first command says now, when that is quickly had.
        """
        reply = await answer(self.desk, self.registry, caller, call)
        self.recent.remember(caller, call, self.desk.clock())
        return await with_live_number(self.desk, self.registry, caller, reply) if live else reply
