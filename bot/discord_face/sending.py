"""Getting a reply to its reader: with an embed or in plain text, in time, and only with rights that the bot has."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import discord

from bot.discord_face.controls import Bound, Controls, asker_of, controls
from bot.discord_face.crowds import Answered, Crowd, shared
from bot.discord_face.layout import embed, plain
from bot.discord_face.remembered import Seen
from bot.discord_face.repeating import ALREADY_ACKNOWLEDGED, UNSENT, in_words, repeated
from bot.discord_face.rights import ALL_RIGHTS, reference_to, rights_at
from bot.discord_face.rush import Rush
from bot.discord_face.waiting import Progress, Waiting, Waits
from bot.errors import UserError
from bot.jobs import Jobs
from bot.render.reply import Reply, refusal

log = logging.getLogger(__name__)
Answer = Callable[[Callable[[str], None]], Awaitable[Reply]]
"""Works out a reply. What it is given takes a line on how far a long answer has come."""
Sending = Callable[[discord.Interaction, Reply, list[asyncio.Task[Any]]], Awaitable[int | None]]
"""Sends a reply to an interaction that may have been deferred."""
FEWEST = discord.Permissions(send_messages=True)
NO_EMBEDS = "(I may not use embeds here; with the right Embed Links my answers are easier to read.)"
NO_FILES = "(Without {what}: I may not attach files here, the right Attach Files is missing.)"
NO_FILES_AGAIN = "(Without {what}.)"
STOPPED = "I am being restarted and could not finish this; please ask again in a minute."


class Sender:
    """Sends replies. Remembers in which channels a missing right has been told, so that it is told once."""

    def __init__(self, jobs: Jobs, waits: Waits, bound: Bound = lambda _: False) -> None:
        self._jobs = jobs
        self._bound = bound
        self.waits = waits
        self._told = Seen()
        self._refused = Seen()
        self._crowds: dict[int, Crowd] = {}
        self._rush = Rush()

    async def to_message(self, message: discord.Message, answer: Answer) -> discord.Message | None:
        """Answer a message. People see the bot typing when that takes a while, and how far it is when it takes long.

        Returns the message that answers; None where several answers share one, or none could be sent.
        """
        channel = message.channel.id
        waits = self.waits
        crowd = self._crowds.setdefault(channel, Crowd(self._send_shared, waits.patience, waits.gathering))
        crowd.asked += 1
        try:
            with crowd.at_work():
                reply, told = await self._work(message, answer, crowd)
            if told is not None and (taken_over := await self._take_over(told, message, reply)):
                return taken_over
            async with crowd.turn(Answered(message, reply), self._jobs) as alone:
                return await self._send(message, reply) if alone else None
        except UNSENT as error:
            log.warning("an answer could not be sent", extra={"fields": {"reason": in_words(error)}})
            return None
        finally:
            crowd.asked -= 1
            if not crowd.asked:
                self._crowds.pop(channel, None)

    async def to_edited(
        self, message: discord.Message, before: discord.PartialMessage, answer: Answer
    ) -> discord.Message | None:
        """Put the answer to an edited question in the place of the one before.

        Returns that message; None where it is gone, as it is when somebody removed it, or could not be edited.
        """
        try:
            reply = await answer(lambda _: None)
        except asyncio.CancelledError:  # at the end of the process, as for a message
            reply = _stopped()
        try:
            return await self._take_over(before, message, reply)
        except UNSENT as error:
            log.warning("an answer could not be edited", extra={"fields": {"reason": in_words(error)}})
            return None

    async def _work(
        self, message: discord.Message, answer: Answer, crowd: Crowd
    ) -> tuple[Reply, discord.Message | None]:
        """The reply, and the message that tells how far it had come, if there is one."""
        waiting = Waiting(self._jobs, self.waits, message, lambda: not crowd.flooded)
        try:
            reply = await answer(waiting.progress.tell)
        except asyncio.CancelledError:  # at the end of the process: who waits is told, which takes a moment more
            reply = _stopped()
        finally:
            told = await waiting.end()
        return reply, told

    async def _take_over(
        self, told: discord.Message | discord.PartialMessage, message: discord.Message, reply: Reply
    ) -> discord.Message | None:
        """Put an answer in the place of all that a message of ours says; None where that could not be done."""
        rights = rights_at(message)
        notes = self._notes(reply, rights, message.channel.id)

        async def edit() -> discord.Message:
            content = {"content": None, "embed": None, "view": None} | _payload(
                reply, rights, notes, controls(reply, message.author.id, self._bound)
            )
            return await told.edit(attachments=content.pop("files", []), **content)

        try:
            return await repeated(edit, self.waits.pauses)
        except (discord.NotFound, discord.Forbidden):
            return None

    async def _send(self, message: discord.Message, reply: Reply) -> discord.Message | None:
        """Send within the rights there are; where Discord knows of fewer, once more in plain text, or say so privately.

        Without Embed Links Discord drops an embed in silence, so rights are looked at first (10 µs). Only where they
        say that the bot may not write at all is Discord asked once, in case what is cached of them is out of date.
        """
        rights, channel = rights_at(message), message.channel.id
        doubted = not rights.send_messages
        if not doubted or channel not in self._refused:
            for allowed in (ALL_RIGHTS,) if doubted else (rights, FEWEST):
                with suppress(discord.Forbidden):
                    sent = await self._send_within(message, reply, allowed)
                    self._refused.forget(channel)
                    return sent
        self._refused.first_time(channel)
        await self._tell_privately(message)
        return None

    async def _send_within(
        self, message: discord.Message, reply: Reply, rights: discord.Permissions
    ) -> discord.Message | None:
        """Send with these rights. Every try carries the same nonce, so that Discord shows the answer once."""
        notes = self._notes(reply, rights, message.channel.id)

        async def send() -> discord.Message:
            content = _payload(reply, rights, notes, controls(reply, message.author.id, self._bound))
            return await message.channel.send(nonce=message.id, **content, **reference_to(message, rights))

        sent = await repeated(send, self.waits.pauses)
        if sent is not None and rights.embed_links and not (sent.embeds or sent.content or sent.attachments):
            # a thread that nobody announced, or rights that changed: the embed was dropped in silence
            notes = self._notes(reply, FEWEST, message.channel.id)
            await sent.edit(content=plain(reply, notes), embed=None)
        return sent

    async def _send_shared(self, answers: Sequence[Answered]) -> int:
        """Send as many of the first answers as one message holds; how many those were."""
        message = answers[0].message
        rights = rights_at(message)
        for allowed in (rights, FEWEST):
            content, taken = shared(answers, embeds=allowed.embed_links)
            try:
                await repeated(lambda c=content: message.channel.send(nonce=message.id, **c), self.waits.pauses)  # type: ignore[misc]
            except discord.Forbidden:
                continue
            return taken
        for one in answers:
            await self._tell_privately(one.message)
        return len(answers)

    async def to_interaction(
        self, interaction: discord.Interaction, answer: Answer, *, private: bool = False, instead: bool = False
    ) -> int | None:
        """Answer an interaction; it is deferred when the answer takes longer than Discord waits, or when many come.

        `instead` puts the answer in the place of the message that was pressed; a refusal stands beside it.

        Returns the id of the message that answers, where Discord told it.
        """
        progress = Progress()
        deferring: list[asyncio.Task[Any]] = []

        def defer() -> None:
            work = self._defer(interaction, progress, private=private, instead=instead)
            deferring.append(self._jobs.start(f"defer {interaction.id}", work))

        hurried = self._rush.arrived(interaction.id)
        timer = asyncio.get_running_loop().call_later(self.waits.defer, defer) if not hurried else None
        if hurried:
            defer()
        try:
            reply = await self._reply_to(answer, progress, hurried=hurried)
        finally:
            progress.end()
            if timer is not None:
                timer.cancel()
        try:
            sending = self._replace if instead else partial(self._respond, private=private)
            return await self._send_or_log(interaction, reply, deferring, sending)
        finally:
            self._rush.acknowledged(interaction.id)

    async def _reply_to(self, answer: Answer, progress: Progress, *, hurried: bool) -> Reply:
        try:
            if not hurried:
                return await answer(progress.tell)
            async with self._rush.turn():
                return await answer(progress.tell)
        except asyncio.CancelledError:  # at the end of the process, as for a message
            return _stopped()

    async def _defer(
        self, interaction: discord.Interaction, progress: Progress, *, private: bool, instead: bool
    ) -> None:
        """Say that the answer is on its way, then how far it has come."""
        try:
            async with self._rush.acknowledging:
                shows = {} if instead else {"ephemeral": private, "thinking": True}
                await repeated(lambda: interaction.response.defer(**shows), self.waits.pauses)
        finally:
            self._rush.acknowledged(interaction.id)
        if instead:
            return
        await progress.follow(
            lambda line: interaction.edit_original_response(content=line), self.waits.progress, self.waits.progress
        )

    async def _send_or_log(
        self, interaction: discord.Interaction, reply: Reply, deferring: list[asyncio.Task[Any]], sending: Sending
    ) -> int | None:
        fields = {"command": reply.command, "deferred": bool(deferring)}
        try:
            return await sending(interaction, reply, deferring)
        except discord.NotFound:
            # Discord stopped waiting (three seconds, or fifteen minutes once deferred), or the message is gone.
            log.warning("an interaction expired", extra={"fields": fields})
        except UNSENT as error:
            if isinstance(error, discord.HTTPException) and error.code == ALREADY_ACKNOWLEDGED:
                log.info("an interaction was answered already", extra={"fields": fields})
            else:
                log.warning("an answer could not be sent", extra={"fields": fields | {"reason": in_words(error)}})
        return None

    async def _respond(
        self, interaction: discord.Interaction, reply: Reply, deferring: list[asyncio.Task[Any]], *, private: bool
    ) -> int | None:
        hidden = private or reply.private
        asker = None if hidden else interaction.user.id
        rights, pauses = interaction.app_permissions, self.waits.pauses
        notes = self._notes(reply, rights, interaction.channel_id or 0)

        def payload() -> dict[str, Any]:
            return _payload(reply, rights, notes, controls(reply, asker, self._bound))

        if not deferring:
            answer = await repeated(lambda: interaction.response.send_message(ephemeral=hidden, **payload()), pauses)
            return answer.message_id if answer is not None else None
        await deferring[0]
        if hidden and not private:
            # Private or not is fixed when it is deferred: a public "thinking" makes way for a private answer.
            # Where the connection is cut after Discord took it, it is sent and shown twice: a webhook takes no nonce
            # (that is a field of channel messages alone), its answer with the id to edit is what was lost, and what
            # is private is neither listed nor told of by the gateway. Twice is better than not at all.
            await repeated(interaction.delete_original_response, pauses)
            await repeated(lambda: interaction.followup.send(ephemeral=True, **payload()), pauses)
            return None

        async def edit() -> discord.InteractionMessage:
            content = {"content": None} | payload()
            return await interaction.edit_original_response(attachments=content.pop("files", []), **content)

        edited = await repeated(edit, pauses)
        return edited.id if edited is not None else None

    async def _replace(
        self, interaction: discord.Interaction, reply: Reply, deferring: list[asyncio.Task[Any]]
    ) -> int | None:
        """Put an answer in the place of the one that was pressed; a refusal is told beside it to who pressed."""
        rights, pauses, message = interaction.app_permissions, self.waits.pauses, interaction.message
        if deferring:
            await deferring[0]
        if reply.error is not None or message is None:
            if deferring:
                await repeated(lambda: interaction.followup.send(plain(reply), ephemeral=True), pauses)
            else:
                await repeated(lambda: interaction.response.send_message(plain(reply), ephemeral=True), pauses)
            return None
        asker, notes = asker_of(message), self._notes(reply, rights, interaction.channel_id or 0)

        async def edit() -> None:
            content = {"content": None} | _payload(reply, rights, notes, controls(reply, asker, self._bound))
            content["attachments"] = content.pop("files", [])
            await (interaction.edit_original_response if deferring else interaction.response.edit_message)(**content)

        await repeated(edit, pauses)
        return message.id

    def _notes(self, reply: Reply, rights: discord.Permissions, channel: int) -> list[str]:
        """What has to be said about rights that are missing: in full once a channel."""
        notes = []
        if reply.attachments and not rights.attach_files:
            first = self._told.first_time((channel, "files"))
            notes.append((NO_FILES if first else NO_FILES_AGAIN).format(what=_named(reply)))
        if not rights.embed_links and self._told.first_time((channel, "embeds")):
            notes.append(NO_EMBEDS)
        return notes

    async def _tell_privately(self, message: discord.Message) -> None:
        """Tell the asker in a direct message, each once a channel, that the bot may not write there."""
        if not self._told.first_time((message.channel.id, message.author.id)):
            return
        note = f"I may not write in <#{message.channel.id}>: I need the right Send Messages there. You can ask me here."
        try:
            await repeated(lambda: message.author.send(note, nonce=message.id), self.waits.pauses)
        except discord.Forbidden:
            where = {"channel": message.channel.id} if message.guild is not None else {}  # else it stands for a person
            log.info("cannot tell of a missing right", extra={"fields": where})


def _stopped() -> Reply:
    return replace(refusal(UserError(STOPPED, "unavailable"), "unknown"), private=False)


def _named(reply: Reply) -> str:
    """What is attached to a reply, in words."""
    picture = all(file.filename.endswith(".png") for file in reply.attachments)
    return "its picture" if picture else f"its file {', '.join(file.filename for file in reply.attachments)}"


def _payload(reply: Reply, rights: discord.Permissions, notes: Sequence[str], view: Controls | None) -> dict[str, Any]:
    """What is sent, built anew for each try: files are read up by the one before."""
    content: dict[str, Any] = {}
    if reply.attachments and rights.attach_files:
        content["files"] = [
            discord.File(io.BytesIO(file.content), file.filename, description=file.alt[:1024] or None)
            for file in reply.attachments
        ]
    if rights.embed_links:
        shown = embed(reply)
        pictures = [f.filename for f in reply.attachments if f.filename.endswith(".png")]
        if pictures and "files" in content:
            shown.set_image(url=f"attachment://{pictures[0]}")
        content["embed"] = shown
        if notes:
            content["content"] = "\n".join(notes)
    else:
        content["content"] = plain(reply, notes)
    if view is not None:
        content["view"] = view
    return content
