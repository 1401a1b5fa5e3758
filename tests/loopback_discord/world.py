"""What exists in the loopback Discord: people, servers, channels, messages, permissions."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.loopback_discord.wire import (
    ALL_PERMISSIONS,
    EPHEMERAL,
    EVERYONE,
    GROUP,
    LOADING,
    NEED_SEND,
    PERMISSIONS,
    TEXT,
    bits,
)

EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Ids that rise by one millisecond each, so that order of ids is order of events."""

    def __init__(self) -> None:
        self._next = itertools.count(int(datetime.now(UTC).timestamp() * 1000) - EPOCH_MS - 10_000_000)

    def __call__(self, shard: tuple[int, int] | None = None) -> int:
        """The next id; with shard (k, n), the next that Discord's formula puts on shard k of n."""
        number = next(self._next)
        while shard and number % shard[1] != shard[0]:
            number = next(self._next)
        return number << 22


def written_at(snowflake: int) -> str:
    """The time inside an id, as Discord writes times."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC).isoformat()


@dataclass(eq=False)
class Person:
    """A Discord account, the bot's own included."""

    id: int
    name: str
    is_bot: bool = False
    locale: str = "en-US"
    installed: bool = False  # has added the bot to their account

    @property
    def mention(self) -> str:
        """What a message contains where this person is mentioned."""
        return f"<@{self.id}>"

    def payload(self) -> dict[str, Any]:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.name.lower().replace(" ", "_"),
            "global_name": None if self.is_bot else self.name,
            "discriminator": "0" if not self.is_bot else "4242",
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "bot": self.is_bot,
            "primary_guild": None,
        }


@dataclass(eq=False)
class Role:
    """A role of a server; the one with the server's id is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 0
    mentionable: bool = False

    def payload(self) -> dict[str, Any]:
        """The role object."""
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(eq=False)
class Member:
    """A person in a server."""

    person: Person
    roles: list[int] = field(default_factory=list)
    nick: str | None = None

    def payload(self, *, user: bool = True) -> dict[str, Any]:
        """The member object, with or without its user."""
        payload: dict[str, Any] = {
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
            "flags": 0,
            "joined_at": written_at(self.person.id),
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": [str(role) for role in self.roles],
            "mute": False,
            "deaf": False,
        }
        if user:
            payload["user"] = self.person.payload()
        return payload


@dataclass(eq=False)
class Guild:
    """A server. `has_bot` False: the bot was never added and sees it only through user-installed commands."""

    id: int
    name: str
    owner: Person
    has_bot: bool = True
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def base_permissions(self, person: Person) -> int:
        """What the person may do in the server before channels have their say."""
        granted = self.roles[self.id].permissions
        member = self.members.get(person.id)
        for role in member.roles if member else []:
            granted |= self.roles[role].permissions
        if person is self.owner or granted & PERMISSIONS["administrator"]:
            return ALL_PERMISSIONS
        return granted


@dataclass(eq=False)
class Overwrite:
    """What a channel allows or denies one member (kind 1) or role (kind 0)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Channel:
    """A text channel of a server, a direct message, or a group of people without the bot."""

    id: int
    name: str
    kind: int = TEXT
    guild: Guild | None = None
    people: list[Person] = field(default_factory=list)
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    typing: int = 0  # how often the bot said that it types
    nonces: dict[str, Message] = field(default_factory=dict)  # the bot's messages by the nonce they were sent with

    @property
    def log(self) -> list[Message]:
        """The messages that are still there, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]

    def permissions_of(self, person: Person) -> int:
        """What the person may do here, by Discord's published algorithm."""
        if self.guild is None:
            return EVERYONE if self.kind != GROUP else EVERYONE & ~PERMISSIONS["mention_everyone"]
        granted = self.guild.base_permissions(person)
        if granted == ALL_PERMISSIONS:
            return granted
        member = self.guild.members.get(person.id)
        roles = [self.overwrites[role] for role in (member.roles if member else []) if role in self.overwrites]
        layers = [[self.overwrites.get(self.guild.id)], roles, [self.overwrites.get(person.id)]]
        for layer in layers:
            for overwrite in filter(None, layer):
                granted &= ~overwrite.deny
            for overwrite in filter(None, layer):
                granted |= overwrite.allow
        if not granted & PERMISSIONS["view_channel"]:
            return 0
        return granted if granted & PERMISSIONS["send_messages"] else granted & ~NEED_SEND

    def may(self, person: Person, *names: str) -> bool:
        """Whether the person has all these permissions here."""
        return self.permissions_of(person) & bits(*names) == bits(*names)

    def payload(self) -> dict[str, Any]:
        """The channel object."""
        last = next(reversed(self.messages), None)
        common = {
            "id": str(self.id),
            "type": self.kind,
            "flags": 0,
            "last_message_id": None if last is None else str(last),
        }
        if self.guild is None:
            people = [person.payload() for person in self.people if not person.is_bot]
            group = {"name": self.name, "icon": None, "owner_id": str(self.people[0].id)}
            return common | {"recipients": people} | (group if self.kind == GROUP else {})
        return common | {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": list(self.guild.channels).index(self.id),
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "permission_overwrites": [
                {"id": str(one.id), "type": one.kind, "allow": str(one.allow), "deny": str(one.deny)}
                for one in self.overwrites.values()
            ],
        }


@dataclass(eq=False)
class Message:
    """A message as stored. `data` is the wire object; the properties read it."""

    data: dict[str, Any]
    author: Person
    channel: Channel
    reply_to: Message | None = None
    files: dict[str, bytes] = field(default_factory=dict)  # every file ever attached, by name
    body: dict[str, Any] = field(default_factory=dict)  # what the bot sent last, untouched
    versions: list[dict[str, Any]] = field(default_factory=list)  # wire objects, first to latest
    pinged: set[str] = field(default_factory=set)  # user and role ids as text, "everyone"
    seen_by: Person | None = None  # the one person who sees an ephemeral message
    deleted: bool = False
    reactions: dict[str, set[int]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The message's id."""
        return int(self.data["id"])

    @property
    def content(self) -> str:
        """The text."""
        return str(self.data["content"])

    @property
    def embeds(self) -> list[dict[str, Any]]:
        """The embeds as shown (none where the bot may not embed links)."""
        return list(self.data["embeds"])

    @property
    def embed(self) -> dict[str, Any]:
        """The only embed."""
        (one,) = self.embeds
        return one

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """The attachment objects; their bytes are in `files`."""
        return list(self.data["attachments"])

    @property
    def components(self) -> list[dict[str, Any]]:
        """The component tree."""
        return list(self.data["components"])

    @property
    def ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.data["flags"] & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.data["flags"] & LOADING)

    @property
    def edited(self) -> int:
        """How often it was edited."""
        return len(self.versions) - 1

    @property
    def allowed_mentions(self) -> dict[str, Any] | None:
        """The allowed_mentions the bot sent, None if it sent none."""
        return self.body.get("allowed_mentions")

    def parts(self) -> list[dict[str, Any]]:
        """Every component at any depth, containers and rows included, in reading order."""
        return list(walk(self.components))

    def part(self, wanted: str) -> dict[str, Any]:
        """The component with this custom_id, label or url."""
        for component in self.parts():
            if wanted in {component.get("custom_id"), component.get("label"), component.get("url")}:
                return component
        raise LookupError(wanted, [c.get("label") or c.get("custom_id") for c in self.parts()])

    def payload(self) -> dict[str, Any]:
        """The wire object, with the message replied to."""
        payload = copy.deepcopy(self.data)
        if self.data["type"] == 19 and self.reply_to is not None:
            payload["referenced_message"] = None if self.reply_to.deleted else copy.deepcopy(self.reply_to.data)
        return payload

    def store(self, data: dict[str, Any]) -> None:
        """Take a new version."""
        self.data = data
        self.versions.append(data)


def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every component at any depth, in reading order."""
    found: list[dict[str, Any]] = []
    for component in components:
        found.append(component)
        inner = [component[key] for key in ("accessory", "component") if component.get(key)]
        found += walk([*component.get("components", []), *inner])
    return found
