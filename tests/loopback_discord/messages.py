"""Builds stored messages from what the bot sends: embeds, components, files, mentions, permissions."""

from __future__ import annotations

import copy
import itertools
import re
import struct
from typing import TYPE_CHECKING, Any

from tests.loopback_discord.limits import SELECTS, check_message
from tests.loopback_discord.wire import (
    COMPONENTS_V2,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    ApiError,
    Violation,
    without_none,
)
from tests.loopback_discord.world import Message, written_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.loopback_discord.server import LoopbackDiscord
    from tests.loopback_discord.world import Channel, Person

USER, ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
EVERYBODY = re.compile(r"@(everyone|here)\b")
TYPES = {".png": "image/png", ".csv": "text/csv", ".txt": "text/plain", ".json": "application/json"}
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2


def blank(discord: LoopbackDiscord, channel: Channel, author: Person) -> dict[str, Any]:
    """The wire object of a new message with nothing in it."""
    number = discord.snowflake()
    return {
        "id": str(number),
        "type": 0,
        "channel_id": str(channel.id),
        "author": author.payload(),
        "content": "",
        "embeds": [],
        "attachments": [],
        "components": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "timestamp": written_at(number),
        "edited_timestamp": None,
        "flags": 0,
        "pinned": False,
        "tts": False,
    }


def write(
    discord: LoopbackDiscord,
    message: Message,
    body: dict[str, Any],
    files: dict[str, bytes],
    *,
    partial: bool = False,
) -> None:
    """Put what the bot sent into a message, refusing what Discord refuses; `partial` keeps the rest.

    Raises ApiError. Embeds vanish where the bot may not embed links; one with nothing else is then 50013.
    """
    kept = message.data["flags"] if partial else 0
    check_message(body | {"flags": (body.get("flags") or 0) | kept & COMPONENTS_V2}, files)
    if message.loading:
        message.versions.clear()  # what completes a deferral counts as the message, not as an edit of it
    data = copy.deepcopy(message.data)
    fill(discord, message, data, body, files, partial=partial)
    check_substance(message, data, body)
    data.update(mentions(discord, message, data["content"], body.get("allowed_mentions")))
    message.body = body
    message.store(data)


def fill(
    discord: LoopbackDiscord,
    message: Message,
    data: dict[str, Any],
    body: dict[str, Any],
    files: dict[str, bytes],
    *,
    partial: bool,
) -> None:
    """Put the parts that a request speaks of (all, if not `partial`) into a wire object."""
    if not partial or "content" in body:
        data["content"] = (body.get("content") or "").strip()
    if not partial or "flags" in body:
        data["flags"] = data["flags"] & ~SUPPRESS_EMBEDS | (body.get("flags") or 0) & SETTABLE
    if not partial or "attachments" in body or files:
        data["attachments"] = attach(discord, message, body, files)
    if not partial or "embeds" in body:
        may = message.channel.may(discord.bot, "embed_links")
        data["embeds"] = [embed(discord, message, one, data) for one in body.get("embeds") or []] if may else []
    if data["flags"] & SUPPRESS_EMBEDS:
        data["embeds"] = []
    if not partial or "components" in body:
        data["components"] = number(copy.deepcopy(body.get("components") or []))


def check_substance(message: Message, data: dict[str, Any], body: dict[str, Any]) -> None:
    """Refuse a message with nothing in it; where lost embeds were all it had, for the lacking permission."""
    if any(data[key] for key in ("content", "embeds", "attachments", "components")) or message.files:
        return
    if not body.get("embeds") or data["flags"] & SUPPRESS_EMBEDS:
        raise ApiError(400, 50006, "Cannot send an empty message")
    # an answer to an interaction stays, empty
    if "webhook_id" not in data:
        raise ApiError(403, 50013, "Missing Permissions")


def attach(
    discord: LoopbackDiscord, message: Message, body: dict[str, Any], files: dict[str, bytes]
) -> list[dict[str, Any]]:
    """The attachments a message has after this request: those it lists and the new files."""
    listed = body.get("attachments")
    kept = {one["id"]: one for one in message.data["attachments"]}
    if listed is None:
        listed = [*kept.values(), *({"id": index} for index in range(len(files)))]
    names = list(files)
    found: list[dict[str, Any]] = []
    for one in listed:
        if str(one["id"]) in kept:
            found.append(kept[str(one["id"])])
            continue
        if int(one["id"]) >= len(names):
            raise ApiError(400, 50146, "Cannot find the uploaded file")
        name = names[int(one["id"])]
        message.files[name] = files[name]
        found.append(attachment(discord, name, files[name], one))
    return found


def attachment(discord: LoopbackDiscord, name: str, content: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    """Keep a file on the loopback CDN and describe it."""
    number_ = discord.snowflake()
    path = f"/attachments/{number_}/{name}"
    discord.cdn[path] = content
    made: dict[str, Any] = {
        "id": str(number_),
        "filename": name,
        "size": len(content),
        "url": f"{discord.origin}/cdn{path}",
        "proxy_url": f"{discord.origin}/cdn{path}",
        "description": asked.get("description"),
        "content_type": next((TYPES[end] for end in TYPES if name.endswith(end)), None),
    }
    if content.startswith(b"\x89PNG"):
        made["width"], made["height"] = struct.unpack(">II", content[16:24])
    return without_none(made)


def embed(discord: LoopbackDiscord, message: Message, asked: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """An embed as Discord gives it back; an image from an upload moves out of the message's attachments."""
    made = without_none({**copy.deepcopy(asked), "type": "rich"})
    for one in made.get("fields") or []:
        one["inline"] = bool(one.get("inline"))
    for key in ("image", "thumbnail", "footer", "author"):
        if key not in made:
            continue
        made[key] = without_none(made[key])
        slot = "url" if key in {"image", "thumbnail"} else "icon_url"
        made[key] = resolve(discord, message, made[key], slot, data)
    return made


def resolve(
    discord: LoopbackDiscord, message: Message, part: dict[str, Any], slot: str, data: dict[str, Any]
) -> dict[str, Any]:
    """Replace attachment://name by the file's address; a name nobody uploaded is a violation."""
    address = part.get(slot) or ""
    if not address.startswith("attachment://"):
        return part
    name = address.removeprefix("attachment://")
    known = [*data["attachments"], *message.data["attachments"]]
    match = next((one for one in known if one["filename"] == name), None)
    if match is not None:
        data["attachments"] = [one for one in data["attachments"] if one is not match]
        return part | {slot: match["url"]}
    stored = next((path for path in reversed(discord.cdn) if path.endswith(f"/{name}")), None)
    if name not in message.files or stored is None:
        discord.violations.append(Violation("limit", "", "embed", f"{address} is not among the files"))
        return {key: value for key, value in part.items() if key != slot}
    return part | {slot: f"{discord.origin}/cdn{stored}"}


def number(components: list[dict[str, Any]], ids: Iterator[int] | None = None) -> list[dict[str, Any]]:
    """Give components their ids and defaults and drop nulls, as Discord does."""
    ids = ids or itertools.count(1)
    made: list[dict[str, Any]] = []
    for one in components:
        part = without_none(one)
        part["id"] = part.get("id") or next(ids)
        if part["type"] in SELECTS:
            part = {"min_values": 1, "max_values": 1} | part
        if "options" in part:
            part["options"] = [without_none(option) for option in part["options"]]
        if part["type"] == 17:
            part = {"accent_color": None, "spoiler": False} | part
        if "components" in part:
            part["components"] = number(part["components"], ids)
        if "accessory" in part:
            (part["accessory"],) = number([part["accessory"]], ids)
        made.append(part)
    return made


def mentions(
    discord: LoopbackDiscord, message: Message, content: str, allowed: dict[str, Any] | None
) -> dict[str, Any]:
    """Whom a text mentions once allowed_mentions has spoken; new messages ping them, edits do not."""
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
    limits = allowed or {}

    def let(kind: str, found: list[str]) -> list[str]:
        named = {str(one) for one in limits.get(kind) or []}
        return [one for one in dict.fromkeys(found) if kind in parse or one in named]

    users = [discord.people[int(one)] for one in let("users", USER.findall(content)) if int(one) in discord.people]
    reply = message.reply_to
    default = allowed is None
    if reply is not None and message.data["type"] == 19 and limits.get("replied_user", default):
        users = list(dict.fromkeys([*users, reply.author]))
    guild = message.channel.guild
    roles = [one for one in let("roles", ROLE.findall(content)) if guild and int(one) in guild.roles]
    may = message.channel.may(message.author, "mention_everyone")
    everyone = bool(EVERYBODY.search(content)) and "everyone" in parse and may and guild is not None
    if not message.versions:
        message.pinged = {str(user.id) for user in users} | set(roles) | ({"everyone"} if everyone else set())
    return {
        "mentions": [user.payload() for user in users],
        "mention_roles": roles,
        "mention_everyone": everyone,
    }


def edited_now(discord: LoopbackDiscord) -> str:
    """The time for edited_timestamp, by the clock of the ids: an edit comes after what is written."""
    return written_at(discord.snowflake())
