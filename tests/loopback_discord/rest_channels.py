"""REST: channels, messages, typing, reactions."""

from __future__ import annotations

from urllib.parse import unquote

from tests.loopback_discord import messages
from tests.loopback_discord.rest import Call, route
from tests.loopback_discord.wire import ApiError, Json, refuse_form
from tests.loopback_discord.world import Channel, Message


def need(call: Call, channel: Channel, *names: str) -> None:
    """Refuse what the bot may not do here."""
    if not channel.may(call.discord.bot, *names):
        raise ApiError(403, 50013, "Missing Permissions")


@route("GET", "/channels/{channel_id}")
def get_channel(call: Call) -> Json:
    return call.channel().payload()


@route("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> Json:
    channel = call.channel()
    need(call, channel, "send_messages")
    channel.typing += 1


@route("GET", "/channels/{channel_id}/messages")
def list_messages(call: Call) -> Json:
    channel = call.channel()
    need(call, channel, "read_message_history")
    before, after = int(call.query.get("before", 1 << 63)), int(call.query.get("after", 0))
    found = [one for one in channel.log if after < one.id < before and not one.ephemeral]
    limit = int(call.query.get("limit", 50))
    found = found[:limit] if after else found[-limit:]
    return [one.payload() for one in reversed(found)]


def referenced(call: Call, channel: Channel) -> Message | None:
    """The message that a new one replies to."""
    reference = (call.body or {}).get("message_reference")
    if not reference:
        return None
    target = channel.messages.get(int(reference["message_id"]))
    if target is not None and not target.deleted and not target.ephemeral:
        if not channel.may(call.discord.bot, "read_message_history"):
            raise ApiError(400, 160002, "Cannot reply without permission to read message history")
        return target
    if reference.get("fail_if_not_exists", True):
        refuse_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return None


@route("POST", "/channels/{channel_id}/messages")
def create_message(call: Call) -> Json:
    discord, channel = call.discord, call.channel()
    need(call, channel, "send_messages", *(["attach_files"] if call.files else []))
    nonce = (call.body or {}).get("nonce")
    earlier = channel.nonces.get(str(nonce))
    if earlier is not None and (call.body or {}).get("enforce_nonce"):
        return earlier.payload() | {"nonce": nonce}
    target = referenced(call, channel)
    message = Message(messages.blank(discord, channel, discord.bot), discord.bot, channel, reply_to=target)
    if target is not None:
        discord.link(message, target)
    messages.write(discord, message, call.body or {}, call.files)
    if nonce is not None:
        channel.nonces[str(nonce)] = message
    discord.publish(message)
    return message.payload() | ({"nonce": nonce} if nonce is not None else {})


@route("GET", "/channels/{channel_id}/messages/{message_id}")
def get_message(call: Call) -> Json:
    need(call, call.channel(), "read_message_history")
    return call.message().payload()


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def edit_message(call: Call) -> Json:
    message = call.message()
    if message.author is not call.discord.bot:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    if call.files:
        need(call, message.channel, "attach_files")
    call.discord.rewrite(message, call.body or {}, call.files)
    return message.payload()


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete_message(call: Call) -> Json:
    message = call.message()
    if message.author is not call.discord.bot:
        need(call, message.channel, "manage_messages")
    call.discord.remove(message)


@route("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me")
def react(call: Call) -> Json:
    message = call.message()
    need(call, message.channel, "add_reactions", "read_message_history")
    emoji = unquote(call.params["emoji_name"])
    message.reactions.setdefault(emoji, set()).add(call.discord.bot.id)
    call.discord.events.reaction("MESSAGE_REACTION_ADD", message, emoji, call.discord.bot)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me")
def unreact(call: Call) -> Json:
    message = call.message()
    emoji = unquote(call.params["emoji_name"])
    message.reactions.get(emoji, set()).discard(call.discord.bot.id)
    call.discord.events.reaction("MESSAGE_REACTION_REMOVE", message, emoji, call.discord.bot)
