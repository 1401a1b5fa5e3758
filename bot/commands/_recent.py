"""What somebody last asked in a channel, for a few minutes, in memory only: the call, never the words."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.commands.declaration import Call
from bot.desk import Caller

KEPT_FOR = timedelta(minutes=10)
DECLINE_EVERY = timedelta(minutes=1)
MOST = 5_000
LONGEST = 300


@dataclass(frozen=True, slots=True)
class LastCall:
    """The command and options of a call, and when it was made."""

    command: str
    options: dict[str, Any]
    at: datetime


def can_be_followed(call: Call) -> bool:
    """Whether a question may follow on a call: it could be read, and is no table of thousands of rows."""
    sizes = (len(value) for value in call.options.values() if isinstance(value, list | tuple | str))
    return call.error is None and max(sizes, default=0) <= LONGEST


@dataclass(slots=True)
class Recent:
    """Last calls by person and channel, and when each person was last declined."""

    _calls: OrderedDict[tuple[int, int], LastCall] = field(default_factory=OrderedDict)
    _declined: OrderedDict[int, datetime] = field(default_factory=OrderedDict)

    def remember(self, caller: Caller, call: Call, now: datetime) -> None:
        """Keep a call that can be followed on; any other leaves the call before it in place."""
        self._forget_old(now)
        if not can_be_followed(call):
            return
        self._calls[caller.person, caller.channel] = LastCall(call.command, dict(call.options), now)
        self._calls.move_to_end((caller.person, caller.channel))
        if len(self._calls) > MOST:
            self._calls.popitem(last=False)

    def _forget_old(self, now: datetime) -> None:
        """Let go of the oldest that no question can follow on any more."""
        while self._calls and now - next(iter(self._calls.values())).at > KEPT_FOR:
            self._calls.popitem(last=False)

    def previous(self, caller: Caller, now: datetime) -> LastCall | None:
        """The asker's last call here, unless it is too long ago."""
        asked = self._calls.get((caller.person, caller.channel))
        return asked if asked is not None and now - asked.at <= KEPT_FOR else None

    def may_decline(self, person: int, now: datetime) -> bool:
        """Whether this person can be declined now: at most once a minute, so that nobody can make the bot chatter."""
        last = self._declined.get(person)
        if last is not None and now - last < DECLINE_EVERY:
            return False
        self._declined[person] = now
        self._declined.move_to_end(person)
        if len(self._declined) > MOST:
            self._declined.popitem(last=False)
        return True
