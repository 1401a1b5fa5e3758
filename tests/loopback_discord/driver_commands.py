"""What people do with commands, buttons, selects and modals, as far as Discord's client lets them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Literal

from tests.loopback_discord import options as option_values
from tests.loopback_discord.building import Building
from tests.loopback_discord.command_limits import CHAT, MESSAGE, USER, find_leaf
from tests.loopback_discord.forms import fill_modal, select_values
from tests.loopback_discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.loopback_discord.wire import ATTACHMENT_LIMIT, DM, EPHEMERAL, PERMISSIONS, refuse

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from tests.loopback_discord.faults import Clock
    from tests.loopback_discord.interactions import Interactions
    from tests.loopback_discord.rest import Call
    from tests.loopback_discord.wire import Violation
    from tests.loopback_discord.world import Channel, Message, Person

GUILD_CONTEXT, DM_CONTEXT, PRIVATE_CONTEXT = 0, 1, 2
Wait = Literal["answer", "acknowledge", "nothing"]


class CommandDriver(Building):
    """The part of the driver that makes interactions. `wait` says what to wait for before returning."""

    clock: Clock
    commands: dict[int | None, dict[int, dict[str, Any]]]
    interactions: Interactions
    requests: list[Call]
    violations: list[Violation]
    until: Callable[..., Any]
    person: Callable[[Person | None], Person]
    place: Callable[[Channel | None], Channel]
    check_presence: Callable[[Person, Channel], None]
    notify: Callable[[], None]
    next_change: Callable[[], asyncio.Future[None]]
    connected: bool

    def __init__(self) -> None:
        self.claimed: set[int] = set()
        super().__init__()

    async def slash(
        self,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        by: Person | None = None,
        channel: Channel | None = None,
        wait: Wait = "answer",
    ) -> Interaction:
        """Use a slash command ("alert add" for a sub-command).

        Option values: str, int, float, bool, Person, Channel, Role, or (file name, bytes). Raises Refused
        where the client would not send it.
        """
        person, place = self.person(by), self.place(channel)
        command, owners, path = self.find_slash(name, person, place)
        leaf = find_leaf(command, path) or refuse(f"/{name} needs a sub-command")
        sent, resolved = option_values.choose(self, leaf.get("options") or [], options or {}, place)
        data = self.command_data(command, nest(command, path, sent), resolved)
        return await self.send(COMMAND, data, person, place, owners, wait)

    async def autocomplete(
        self,
        name: str,
        focused: str,
        options: dict[str, Any] | None = None,
        *,
        by: Person | None = None,
        channel: Channel | None = None,
    ) -> list[dict[str, Any]]:
        """Type into the option `focused`, `options` being filled in so far; returns the choices shown."""
        person, place = self.person(by), self.place(channel)
        command, owners, path = self.find_slash(name, person, place)
        leaf = find_leaf(command, path) or refuse(f"/{name} needs a sub-command")
        sent = option_values.typed(leaf.get("options") or [], options or {}, focused)
        data = self.command_data(command, nest(command, path, sent), {})
        one = await self.send(AUTOCOMPLETE, data, person, place, owners, "answer")
        return one.choices

    async def use_on_message(
        self, name: str, message: Message, *, by: Person | None = None, wait: Wait = "answer"
    ) -> Interaction:
        """Use a message command from a message's context menu."""
        person, place = self.person(by), message.channel
        command, owners = self.find_command(MESSAGE, name, person, place)
        resolved = {"messages": {str(message.id): message.payload()}}
        data = self.command_data(command, [], resolved) | {"target_id": str(message.id)}
        return await self.send(COMMAND, data, person, place, owners, wait)

    async def use_on_user(
        self,
        name: str,
        target: Person,
        *,
        by: Person | None = None,
        channel: Channel | None = None,
        wait: Wait = "answer",
    ) -> Interaction:
        """Use a user command from a person's context menu."""
        person, place = self.person(by), self.place(channel)
        command, owners = self.find_command(USER, name, person, place)
        resolved = option_values.resolved_person(target, place)
        data = self.command_data(command, [], resolved) | {"target_id": str(target.id)}
        return await self.send(COMMAND, data, person, place, owners, wait)

    async def click(
        self, message: Message, button: str, *, by: Person | None = None, wait: Wait = "answer"
    ) -> Interaction:
        """Press a button, named by label or custom id."""
        person = self.usable_by(message, by)
        part = message.part(button)
        if part["type"] != 2 or "custom_id" not in part or part.get("disabled"):
            refuse(f"{button} cannot be pressed: {part}")
        data = {"component_type": 2, "custom_id": part["custom_id"], "id": part["id"]}
        return await self.send(COMPONENT, data, person, message.channel, self.owners_of(message), wait, source=message)

    async def choose(
        self,
        message: Message,
        select: str,
        *values: Any,
        by: Person | None = None,
        wait: Wait = "answer",
    ) -> Interaction:
        """Choose in a select menu (custom id): option values or labels, or people, roles, channels."""
        person = self.usable_by(message, by)
        part = message.part(select)
        sent, resolved = select_values(part, values, message.channel)
        data = {
            "component_type": part["type"],
            "custom_id": part["custom_id"],
            "id": part["id"],
            "values": sent,
        }
        data |= {"resolved": resolved} if resolved else {}
        return await self.send(COMPONENT, data, person, message.channel, self.owners_of(message), wait, source=message)

    async def submit(
        self, opened: Interaction, values: dict[str, Any] | None = None, *, wait: Wait = "answer"
    ) -> Interaction:
        """Fill in and send the modal an interaction opened; `values` by custom id or label."""
        modal = opened.modal
        data = {"custom_id": modal["custom_id"], "components": fill_modal(modal, values or {})}
        owners = opened.payload["authorizing_integration_owners"]
        place = opened.channel
        return await self.send(
            MODAL_SUBMIT, data, opened.person, place, owners, wait, source=opened.source, cause=opened
        )

    def usable_by(self, message: Message, by: Person | None) -> Person:
        """Who acts on a message; refuse it for one that is gone or that they cannot see."""
        person = message.seen_by if by is None and message.ephemeral else self.person(by)
        assert person is not None
        if message.deleted or (message.data["flags"] & EPHEMERAL and person is not message.seen_by):
            refuse("nobody can see that message")
        self.check_presence(person, message.channel)
        return person

    def owners_of(self, message: Message) -> dict[str, str]:
        """Through which installation the components of a message act."""
        metadata = message.data.get("interaction_metadata")
        guild = message.channel.guild
        return dict(metadata["authorizing_integration_owners"]) if metadata else {"0": str(guild.id if guild else 0)}

    def find_slash(self, name: str, person: Person, place: Channel) -> tuple[dict[str, Any], dict[str, str], list[str]]:
        """The slash command of the first word, and the words after it."""
        root, *path = name.removeprefix("/").split()
        return *self.find_command(CHAT, root, person, place), path

    def find_command(
        self, kind: int, name: str, person: Person, place: Channel
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """A command that the person is shown here and the installations through which it acts, or Refused."""
        self.check_presence(person, place)
        guild = place.guild
        local = self.commands.get(guild.id, {}) if guild else {}
        known = [*local.values(), *self.commands.get(None, {}).values()]
        command = next((one for one in known if (one["type"], one["name"]) == (kind, name)), None)
        if command is None:
            names = sorted(one["name"] for one in known)
            refuse(f"no command {name!r} of type {kind} is registered; there are {names}")
        owners = self.owners(command, person, place)
        contexts = command.get("contexts")
        if contexts is None and command.get("dm_permission") is False:
            contexts = [GUILD_CONTEXT]
        if not owners or (contexts is not None and context_of(place) not in contexts):
            refuse(f"{name} is not offered in context {context_of(place)}")
        if not place.permissions_of(person) & PERMISSIONS["use_application_commands"]:
            refuse(f"{person.name} may not use commands here")
        needed = int(command["default_member_permissions"] or 0)
        if guild and place.permissions_of(person) & needed != needed:
            refuse(f"{person.name} lacks the permissions {name} asks for")
        return command, owners

    def owners(self, command: dict[str, Any], person: Person, place: Channel) -> dict[str, str]:
        """authorizing_integration_owners: who installed what makes this command available here."""
        owners: dict[str, str] = {}
        kinds = command["integration_types"]
        if place.guild is not None and place.guild.has_bot and 0 in kinds:
            owners["0"] = str(place.guild.id)
        if place.kind == DM and 0 in kinds:
            owners["0"] = "0"
        if person.installed and 1 in kinds:
            owners["1"] = str(person.id)
        return owners

    def command_data(
        self, command: dict[str, Any], options: list[dict[str, Any]], resolved: dict[str, Any]
    ) -> dict[str, Any]:
        """The data of a command interaction."""
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if command["type"] == CHAT:
            data["options"] = options
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data | ({"resolved": resolved} if resolved else {})

    async def send(
        self,
        kind: int,
        data: dict[str, Any],
        person: Person,
        place: Channel,
        owners: dict[str, str],
        wait: Wait,
        *,
        source: Message | None = None,
        cause: Interaction | None = None,
    ) -> Interaction:
        """Make an interaction, tell the bot, and wait as asked."""
        number, token = self.snowflake(), secrets.token_urlsafe(80)
        payload = self.envelope(person, place, owners) | {
            "id": str(number),
            "type": kind,
            "token": token,
            "data": data,
        }
        if source is not None:
            payload["message"] = source.payload()
        one = Interaction(number, token, kind, person, place, payload, self.clock(), source, cause)
        self.interactions.by_id[number] = self.interactions.by_token[token] = one
        if not self.gateway.sessions:
            refuse("the application did not respond: the bot has no session")
        self.events.send("INTERACTION_CREATE", payload, place.guild, None)
        what = f"a response to {data}"
        if wait == "answer":
            await self.until(lambda: one.answered, what)
        elif wait == "acknowledge":
            await self.until(lambda: one.acknowledged, what)
        return one

    def envelope(self, person: Person, place: Channel, owners: dict[str, str]) -> dict[str, Any]:
        """What every interaction says about who and where."""
        guild = place.guild
        rights = place.permissions_of(person)
        made: dict[str, Any] = {
            "application_id": str(self.bot.id),
            "version": 1,
            "channel_id": str(place.id),
            "channel": place.payload() | {"permissions": str(rights)},
            "locale": person.locale,
            "app_permissions": str(place.permissions_of(self.bot)),
            "authorizing_integration_owners": owners,
            "context": context_of(place),
            "entitlements": [],
            "attachment_size_limit": ATTACHMENT_LIMIT,
        }
        if guild is None:
            return made | {"user": person.payload()}
        return made | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": guild.members[person.id].payload() | {"permissions": str(rights)},
        }


def context_of(place: Channel) -> int:
    """The interaction context: server, direct message with the bot, or other private channel."""
    if place.guild is not None:
        return GUILD_CONTEXT
    return DM_CONTEXT if place.kind == DM else PRIVATE_CONTEXT


def nest(command: dict[str, Any], path: list[str], sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Wrap option values in the sub-command and group they belong to."""
    kinds: list[int] = []
    node = command
    for name in path:
        node = next(option for option in node["options"] if option["name"] == name)
        kinds.append(node["type"])
    for name, kind in zip(reversed(path), reversed(kinds), strict=True):
        sent = [{"name": name, "type": kind, "options": sent}]
    return sent
