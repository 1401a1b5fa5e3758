"""Getting a reply to its reader: with an embed or in plain text, in time, and only with rights that the bot has."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.discord_face.controls import controls
from bot.discord_face.layout import embed, plain
from bot.jobs import Jobs
from bot.render.reply import Reply

log = logging.getLogger(__name__)
TYPING_AFTER = 0.8
DEFER_AFTER = 1.5
Answer = Callable[[], Awaitable[Reply]]
NO_EMBEDS = "(I may not use embeds here; with the right Embed Links my answers are easier to read.)"
NO_FILES = "(There is a picture, but I may not attach files here: the right Attach Files is missing.)"


class Sender:
    """Sends replies. Remembers in which channels a missing right has been told, so that it is told once."""

    def __init__(self, jobs: Jobs, *, typing_after: float = TYPING_AFTER, defer_after: float = DEFER_AFTER) -> None:
        self._jobs = jobs
        self._typing_after = typing_after
        self._defer_after = defer_after
        self._told: set[tuple[int, str]] = set()

    async def to_message(self, message: discord.Message, answer: Answer) -> None:
        """Answer a message; people see the bot typing when the answer takes a while."""
        rights = _rights(message.channel, message.guild)
        if not rights.send_messages:
            await self._tell_privately(message)
            return
        timer = asyncio.get_running_loop().call_later(self._typing_after, self._type, message)
        try:
            reply = await answer()
        finally:
            timer.cancel()
        content = self._payload(reply, rights, message.channel.id, message.author.id)
        try:
            await message.channel.send(reference=message.to_reference(fail_if_not_exists=False), **content)
        except discord.Forbidden:
            log.warning("not allowed to answer", extra={"fields": {"channel": message.channel.id}})

    def _type(self, message: discord.Message) -> None:
        self._jobs.start(f"typing for {message.id}", message.channel.typing().__aenter__())

    async def to_interaction(self, interaction: discord.Interaction, answer: Answer, *, private: bool = False) -> None:
        """Answer an interaction; it is deferred when the answer takes longer than Discord waits."""
        deferring: list[asyncio.Task[Any]] = []

        def defer() -> None:
            work = interaction.response.defer(ephemeral=private, thinking=True)
            deferring.append(self._jobs.start(f"defer {interaction.id}", work))

        timer = asyncio.get_running_loop().call_later(self._defer_after, defer)
        try:
            reply = await answer()
        finally:
            timer.cancel()
        hidden = private or reply.private
        rights = interaction.app_permissions
        asker = None if hidden else interaction.user.id
        content = self._payload(reply, rights, interaction.channel_id or 0, asker)
        if not deferring:
            await interaction.response.send_message(ephemeral=hidden, **content)
            return
        await deferring[0]
        if hidden and not private:
            await interaction.delete_original_response()
            await interaction.followup.send(ephemeral=True, **content)
            return
        attachments = content.pop("files", [])
        await interaction.edit_original_response(attachments=attachments, **content)

    def _payload(self, reply: Reply, rights: discord.Permissions, channel: int, asker: int | None) -> dict[str, Any]:
        notes: list[str] = []
        content: dict[str, Any] = {}
        if reply.attachments and rights.attach_files:
            content["files"] = [
                discord.File(io.BytesIO(file.content), file.filename, description=file.alt[:1024] or None)
                for file in reply.attachments
            ]
        elif reply.attachments:
            notes += self._once(channel, NO_FILES)
        if rights.embed_links:
            shown = embed(reply)
            pictures = [f.filename for f in reply.attachments if f.filename.endswith(".png")]
            if pictures and "files" in content:
                shown.set_image(url=f"attachment://{pictures[0]}")
            content["embed"] = shown
        else:
            notes += self._once(channel, NO_EMBEDS)
            content["content"] = plain(reply)
        if notes:
            content["content"] = "\n".join([content.get("content", ""), *notes]).strip()[:2000]
        view = controls(reply, asker)
        if view is not None:
            content["view"] = view
        return content

    def _once(self, channel: int, note: str) -> list[str]:
        if (channel, note) in self._told:
            return []
        self._told.add((channel, note))
        return [note]

    async def _tell_privately(self, message: discord.Message) -> None:
        """Tell the asker in a direct message, once per channel, that the bot may not write there."""
        if not self._once(message.channel.id, "send"):
            return
        note = f"I may not write in <#{message.channel.id}>: I need the right Send Messages there. You can ask me here."
        try:
            await message.author.send(note)
        except discord.Forbidden:
            log.info("cannot tell of a missing right", extra={"fields": {"channel": message.channel.id}})


def _rights(channel: Any, guild: discord.Guild | None) -> discord.Permissions:
    """What the bot may do in a channel. Threads need their own right to send."""
    if guild is None:
        return discord.Permissions.all()
    rights: discord.Permissions = channel.permissions_for(guild.me)
    if isinstance(channel, discord.Thread):
        rights.send_messages = rights.send_messages_in_threads
    return rights
