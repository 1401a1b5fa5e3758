"""REST: the gateway's address, accounts, the application and its commands, servers and members."""

from __future__ import annotations

from typing import Any

from tests.loopback_discord import payloads
from tests.loopback_discord.command_limits import CHAT, check_commands, kind_of
from tests.loopback_discord.rest import Call, route
from tests.loopback_discord.wire import ApiError, Json, without_none

Commands = dict[int, dict[str, Any]]


@route("GET", "/gateway/bot")
def gateway(call: Call) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
    return {"url": call.discord.gateway_url, "shards": call.discord.shards, "session_start_limit": limit}


@route("GET", "/users/@me")
def me(call: Call) -> Json:
    return payloads.own_user(call.discord.bot)


@route("GET", "/users/{user_id}")
def user(call: Call) -> Json:
    person = call.discord.people.get(int(call.params["user_id"]))
    if person is None:
        raise ApiError(404, 10013, "Unknown User")
    return person.payload()


@route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Json:
    person = call.discord.people.get(int(call.body["recipient_id"]))
    if person is None or person.is_bot:
        raise ApiError(400, 50033, "Invalid Recipient(s)")
    return call.discord.dm(person).payload()


@route("GET", "/applications/@me")
@route("GET", "/oauth2/applications/@me")
def application(call: Call) -> Json:
    return call.discord.application()


@route("GET", "/guilds/{guild_id}")
def guild(call: Call) -> Json:
    return payloads.guild(call.guild())


@route("GET", "/guilds/{guild_id}/channels")
def channels(call: Call) -> Json:
    return [channel.payload() for channel in call.guild().channels.values()]


@route("GET", "/guilds/{guild_id}/roles")
def roles(call: Call) -> Json:
    return [role.payload() for role in call.guild().roles.values()]


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def member(call: Call) -> Json:
    found = call.guild().members.get(int(call.params["user_id"]))
    if found is None:
        raise ApiError(404, 10007, "Unknown Member")
    return found.payload()


@route("GET", "/guilds/{guild_id}/members")
def members(call: Call) -> Json:
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
    found = sorted((one for one in call.guild().members.values() if one.person.id > after), key=lambda m: m.person.id)
    return [one.payload() for one in found[:limit]]


@route("DELETE", "/users/@me/guilds/{guild_id}")
def leave(call: Call) -> Json:
    call.discord.remove_bot(call.guild())


def commands_of(call: Call) -> Commands:
    """The global commands, or those of the server in the path."""
    if int(call.params["application_id"]) != call.discord.bot.id:
        raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
    if "guild_id" not in call.params:
        return call.discord.commands.setdefault(None, {})
    return call.discord.commands.setdefault(call.guild().id, {})


def one_of(call: Call, commands: Commands) -> int:
    """The id in the path, of a command that is there."""
    number = int(call.params["command_id"])
    if number not in commands:
        raise ApiError(404, 10063, "Unknown application command")
    return number


def keep(call: Call, commands: Commands, asked: dict[str, Any], number: int | None = None) -> dict[str, Any]:
    """Store a command; one of the same name and type keeps its id."""
    key = (kind_of(asked), asked["name"])
    same = [known for known, one in commands.items() if (one["type"], one["name"]) == key]
    number = number or next(iter(same), None) or call.discord.snowflake()
    made = {
        **without_none(asked),
        "id": str(number),
        "application_id": str(call.discord.bot.id),
        "version": str(call.discord.snowflake()),
        "type": key[0],
        "description": asked.get("description") or "",
        "default_member_permissions": as_text(asked.get("default_member_permissions")),
        "nsfw": bool(asked.get("nsfw")),
        "integration_types": asked.get("integration_types") or [0],
        "contexts": asked.get("contexts"),
    }
    if "guild_id" in call.params:
        made["guild_id"] = call.params["guild_id"]
    if key[0] == CHAT:
        made["options"] = [clean(option) for option in asked.get("options") or []]
    commands[number] = made
    return made


def clean(option: dict[str, Any]) -> dict[str, Any]:
    """An option without nulls, at any depth."""
    made = without_none(option)
    for key in ("options", "choices"):
        if key in made:
            made[key] = [clean(one) for one in made[key]]
    return made


def as_text(permissions: int | str | None) -> str | None:
    """Permission bits as Discord writes them."""
    return None if permissions is None else str(permissions)


@route("GET", "/applications/{application_id}/commands")
@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands")
def list_commands(call: Call) -> Json:
    return list(commands_of(call).values())


@route("PUT", "/applications/{application_id}/commands")
@route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands")
def overwrite_commands(call: Call) -> Json:
    known = commands_of(call)
    check_commands(call.body)
    made = [keep(call, known, one) for one in call.body]
    now = {int(one["id"]) for one in made}
    for number in set(known) - now:
        del known[number]
    call.discord.syncs.append([one["name"] for one in made])
    return made


@route("POST", "/applications/{application_id}/commands")
@route("POST", "/applications/{application_id}/guilds/{guild_id}/commands")
def create_command(call: Call) -> Json:
    known = commands_of(call)
    others = [one for one in known.values() if (one["type"], one["name"]) != (kind_of(call.body), call.body["name"])]
    check_commands([*others, call.body])
    return (200 if len(others) < len(known) else 201), keep(call, known, call.body)


@route("GET", "/applications/{application_id}/commands/{command_id}")
@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def get_command(call: Call) -> Json:
    known = commands_of(call)
    return known[one_of(call, known)]


@route("PATCH", "/applications/{application_id}/commands/{command_id}")
@route("PATCH", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def edit_command(call: Call) -> Json:
    known = commands_of(call)
    number = one_of(call, known)
    asked = known[number] | call.body
    check_commands([*(one for key, one in known.items() if key != number), asked])
    return keep(call, known, asked, number)


@route("DELETE", "/applications/{application_id}/commands/{command_id}")
@route("DELETE", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def delete_command(call: Call) -> Json:
    known = commands_of(call)
    del known[one_of(call, known)]
