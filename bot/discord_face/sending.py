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
from bot.discord_face.rights import ALL_RIGHTS, reference_to, rights_at
from bot.discord_face.waiting import Progress, Waiting, Waits
from bot.jobs import Jobs
from bot.render.reply import Reply

log = logging.getLogger(__name__)
Answer = Callable[[Callable[[str], None]], Awaitable[Reply]]
"""Works out a reply. What it is given takes a line on how far a long answer has come."""
FEWEST = discord.Permissions(send_messages=True)
NO_EMBEDS = "(I may not use embeds here; with the right Embed Links my answers are easier to read.)"
NO_FILES = "(There is a picture, but I may not attach files here: the right Attach Files is missing.)"


class Sender:
    """Sends replies. Remembers in which channels a missing right has been told, so that it is told once."""

    def __init__(self, jobs: Jobs, waits: Waits) -> None:
        self._jobs = jobs
        self._waits = waits
        self._told: set[tuple[int, str]] = set()
        self._refused: set[int] = set()

    async def to_message(self, message: discord.Message, answer: Answer) -> None:
        """Answer a message. People see the bot typing when that takes a while, and how far it is when it takes long."""
        waiting = Waiting(self._jobs, self._waits, message)
        try:
            reply = await answer(waiting.progress.tell)
        finally:
            told = await waiting.end()
        if told is None or not await self._take_over(told, message, reply):
            await self._send(message, reply)

    async def _take_over(self, told: discord.Message, message: discord.Message, reply: Reply) -> bool:
        """Put the answer into the message that told how far it had come. Whether that could still be done."""
        content = {"content": None} | self._payload(reply, rights_at(message), message.channel.id, message.author.id)
        try:
            await told.edit(attachments=content.pop("files", []), **content)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    async def _send(self, message: discord.Message, reply: Reply) -> None:
        """Send within the rights there are; where Discord knows of fewer, once more in plain text, or say so privately.

        Without Embed Links Discord drops an embed in silence, so rights are looked at first (10 µs). Only where they
        say that the bot may not write at all is Discord asked once, in case what is cached of them is out of date.
        """
        rights, channel = rights_at(message), message.channel.id
        doubted = not rights.send_messages
        if not doubted or channel not in self._refused:
            for allowed in (ALL_RIGHTS,) if doubted else (rights, FEWEST):
                content = self._payload(reply, allowed, channel, message.author.id)
                try:
                    await message.channel.send(**content, **reference_to(message, allowed))
                except discord.Forbidden:
                    continue
                return
        if doubted:
            self._refused.add(channel)
        await self._tell_privately(message)

    async def to_interaction(self, interaction: discord.Interaction, answer: Answer, *, private: bool = False) -> None:
        """Answer an interaction; it is deferred when the answer takes longer than Discord waits."""
        deferring: list[asyncio.Task[Any]] = []
        progress = Progress()

        async def defer() -> None:
            await interaction.response.defer(ephemeral=private, thinking=True)
            await progress.follow(lambda line: interaction.edit_original_response(content=line), self._waits.progress)

        timer = asyncio.get_running_loop().call_later(
            self._waits.defer, lambda: deferring.append(self._jobs.start(f"defer {interaction.id}", defer()))
        )
        try:
            reply = await answer(progress.tell)
        finally:
            timer.cancel()
            progress.end()
        try:
            await self._respond(interaction, reply, deferring, private=private)
        except discord.NotFound:
            # Discord stopped waiting (three seconds, or fifteen minutes once deferred), or the message is gone.
            log.warning(
                "an interaction expired", extra={"fields": {"command": reply.command, "deferred": bool(deferring)}}
            )

    async def _respond(
        self, interaction: discord.Interaction, reply: Reply, deferring: list[asyncio.Task[Any]], *, private: bool
    ) -> None:
        hidden = private or reply.private
        asker = None if hidden else interaction.user.id
        content = self._payload(reply, interaction.app_permissions, interaction.channel_id or 0, asker)
        if not deferring:
            await interaction.response.send_message(ephemeral=hidden, **content)
            return
        await deferring[0]
        if hidden and not private:
            # Private or not is fixed when it is deferred: a public "thinking" makes way for a private answer.
            await interaction.delete_original_response()
            await interaction.followup.send(ephemeral=True, **content)
            return
        content = {"content": None} | content
        await interaction.edit_original_response(attachments=content.pop("files", []), **content)

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
            if notes:
                content["content"] = "\n".join(notes)
        else:
            notes += self._once(channel, NO_EMBEDS)
            content["content"] = plain(reply, notes)
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
