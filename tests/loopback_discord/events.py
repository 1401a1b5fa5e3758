"""What the bot is told over the gateway, and what its intents keep from it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.loopback_discord.wire import DM, GROUP, INTENTS

if TYPE_CHECKING:
    from tests.loopback_discord.gateway import Gateway, Session
    from tests.loopback_discord.server import LoopbackDiscord
    from tests.loopback_discord.world import Channel, Guild, Message, Person


class Events:
    """Sends events to the sessions that may have them."""

    def __init__(self, discord: LoopbackDiscord, gateway: Gateway) -> None:
        self.discord = discord
        self.gateway = gateway

    def send(self, event: str, payload: dict[str, Any], guild: Guild | None, intent: str | None) -> None:
        """Send one event; `intent` is the name in `wire.INTENTS` it needs."""
        for session in self.gateway.sessions_for(guild):
            if intent is None or session.intents & INTENTS[intent]:
                session.dispatch(event, payload)
        self.discord.notify()

    def raw(self, event: str, payload: Any) -> None:
        """Send any payload at all as an event, to every session."""
        for session in self.gateway.sessions.values():
            session.dispatch(event, payload)

    def in_channel(self, event: str, payload: dict[str, Any], channel: Channel, intent: str) -> None:
        """Send an event of a channel, unless the bot cannot see the channel."""
        if not self.sees(channel):
            return
        if channel.guild is not None:
            payload = payload | {"guild_id": str(channel.guild.id)}
        self.send(event, payload, channel.guild, f"{'guild' if channel.guild else 'dm'}_{intent}")

    def sees(self, channel: Channel) -> bool:
        """Whether events of a channel reach the bot at all."""
        if channel.kind == GROUP or (channel.guild and not channel.guild.has_bot):
            return False
        return channel.may(self.discord.bot, "view_channel")

    def message(self, event: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, with what the session's intents allow."""
        channel = message.channel
        if message.ephemeral or not self.sees(channel):
            return
        intent = INTENTS["guild_messages" if channel.guild else "dm_messages"]
        for session in self.gateway.sessions_for(channel.guild):
            if session.intents & intent:
                session.dispatch(event, self.for_session(session, message))
        self.discord.notify()

    def for_session(self, session: Session, message: Message) -> dict[str, Any]:
        """The message as this session gets it."""
        payload = message.payload()
        guild = message.channel.guild
        payload["channel_type"] = message.channel.kind
        if guild is not None:
            payload["guild_id"] = str(guild.id)
            if message.author.id in guild.members:
                payload["member"] = guild.members[message.author.id].payload(user=False)
            for user in payload["mentions"]:
                if int(user["id"]) in guild.members:
                    user["member"] = guild.members[int(user["id"])].payload(user=False)
        if not session.intents & INTENTS["message_content"]:
            self.strip(message.channel, payload)
            if payload.get("referenced_message"):
                self.strip(message.channel, payload["referenced_message"])
        return payload

    def strip(self, channel: Channel, payload: dict[str, Any]) -> None:
        """Empty what the message content intent protects, save where the bot is spoken to or speaks."""
        bot = str(self.discord.bot.id)
        mentioned = any(user["id"] == bot for user in payload["mentions"])
        if channel.kind == DM or mentioned or payload["author"]["id"] == bot:
            return
        payload["content"] = ""
        for key in ("embeds", "attachments", "components"):
            payload[key] = []

    def message_deleted(self, message: Message) -> None:
        """MESSAGE_DELETE."""
        if not message.ephemeral:
            payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
            self.in_channel("MESSAGE_DELETE", payload, message.channel, "messages")

    def reaction(self, event: str, message: Message, emoji: str, person: Person) -> None:
        """MESSAGE_REACTION_ADD or _REMOVE."""
        payload: dict[str, Any] = {
            "user_id": str(person.id),
            "channel_id": str(message.channel.id),
            "message_id": str(message.id),
            "message_author_id": str(message.author.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        guild = message.channel.guild
        if guild is not None:
            payload["member"] = copy.deepcopy(guild.members[person.id].payload())
        self.in_channel(event, payload, message.channel, "reactions")
