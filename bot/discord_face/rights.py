"""What the bot may do where a message stands, as far as is cached of it."""

from __future__ import annotations

from typing import Any

import discord

ALL_RIGHTS = discord.Permissions.all()


def rights_at(message: discord.Message) -> discord.Permissions:
    """What the bot may do where the message stands. Threads need their own right to send."""
    if message.guild is None or isinstance(message.channel, discord.DMChannel | discord.PartialMessageable):
        return ALL_RIGHTS
    rights = message.channel.permissions_for(message.guild.me)
    if isinstance(message.channel, discord.Thread):
        rights.send_messages = rights.send_messages_in_threads
    return rights


def reference_to(message: discord.Message, rights: discord.Permissions) -> dict[str, Any]:
    """What makes a message a reply to this one, where the bot may: with what is sent, or nothing."""
    return {"reference": message.to_reference(fail_if_not_exists=False)} if rights.read_message_history else {}
