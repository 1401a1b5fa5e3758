"""Numbers and errors of Discord's wire format that several parts of the loopback share."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass
from typing import Any, Never, TypeAlias

Json: TypeAlias = Any  # whatever JSON may hold

PERMISSIONS = {
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "manage_roles": 1 << 28,
    "use_application_commands": 1 << 31,
    "send_messages_in_threads": 1 << 38,
    "use_external_apps": 1 << 50,
}
ALL_PERMISSIONS = (1 << 53) - 1
PRIVILEGED = ("administrator", "manage_channels", "manage_guild", "manage_messages", "manage_roles")
# what @everyone may do in a fresh server; mention_everyone too, so that a careless bot does ping
EVERYONE = sum(bit for name, bit in PERMISSIONS.items() if name not in PRIVILEGED)
# permissions that are void without Send Messages
NEED_SEND = sum(PERMISSIONS[name] for name in ("embed_links", "attach_files", "mention_everyone"))

INTENTS = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "presences": 1 << 8,
    "guild_messages": 1 << 9,
    "guild_reactions": 1 << 10,
    "guild_typing": 1 << 11,
    "dm_messages": 1 << 12,
    "dm_reactions": 1 << 13,
    "dm_typing": 1 << 14,
    "message_content": 1 << 15,
}
KNOWN_INTENTS = (1 << 26) - 1
# application flags (the "limited" ones, for bots in fewer than 100 servers) that allow a privileged intent
INTENT_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}

SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15

TEXT, DM, GROUP = 0, 1, 3
ATTACHMENT_LIMIT = 10 * 1024 * 1024


def bits(*names: str) -> int:
    """The bit set of some permission names."""
    return functools.reduce(operator.or_, (PERMISSIONS[name] for name in names), 0)


@dataclass(frozen=True)
class Violation:
    """Something that breaks Discord's description (or, kind "limit", its documented limits)."""

    kind: str  # request, response, limit
    method: str
    template: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind} {self.method} {self.template}: {self.why}"


class ApiError(Exception):
    """An answer of Discord's that is not a success: status, JSON error code, sentence, per-field errors."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(status, code, message, errors)
        self.status = status
        self.code = code
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


class Refused(AssertionError):
    """Discord's client would not let a person do this (no such command, button disabled, option missing)."""


class NoAnswer(AssertionError):
    """The bot did not do what was waited for in time; the text lists what it did instead."""


def refuse(why: str) -> Never:
    """Raise `Refused`."""
    raise Refused(why)


def form_error(path: str, code: str, message: str) -> ApiError:
    """A 50035 with the error put at a dotted path, as Discord nests it."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")):
        errors = {part: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors)


def refuse_form(path: str, code: str, message: str) -> Never:
    """Raise `form_error`."""
    raise form_error(path, code, message)


def without_none(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload without the keys that are null."""
    return {key: value for key, value in payload.items() if value is not None}
