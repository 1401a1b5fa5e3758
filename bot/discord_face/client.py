"""The Discord client: messages, mentions, slash commands and presses, all answered by the same commands."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.commands._conversation import Conversation
from bot.commands._questions import bare_term, read_command, read_slash, visible
from bot.commands.declaration import Call, Command, Registry
from bot.desk import Caller, Desk
from bot.discord_face.attached import with_table
from bot.discord_face.controls import DELETE, PRIVATE, pressed
from bot.discord_face.cooldowns import Cooldowns
from bot.discord_face.explain import add_explain, explained, texts_of
from bot.discord_face.sending import Sender
from bot.discord_face.slash import add_commands, fingerprint
from bot.discord_face.waiting import Waits
from bot.errors import UserError
from bot.health import EVERY_SECONDS, beat
from bot.render.reply import Reply, refusal

log = logging.getLogger(__name__)
HASH_NOTE = "commands-hash"
LAST_ANSWERS = 3.0
GUILDS_EVERY_SECONDS = 6 * 3600.0


def intents(*, content: bool) -> discord.Intents:
    """The least that works: servers, messages, and what messages say where that is granted."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.messages = True
    wanted.message_content = content
    return wanted


class Rangefinder(commands.AutoShardedBot):
    """One connection to Discord over one desk. `tick` counts seconds for cooldowns; `options` are discord.py's own."""

    def __init__(
        self,
        desk: Desk,
        registry: Registry,
        *,
        content: bool,
        waits: Waits | None = None,
        tick: Callable[[], float] = time.monotonic,
        **options: Any,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(content=content),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            **options,
        )
        self.desk = desk
        self.registry = registry
        self.talk = Conversation(desk, registry)
        self.sender = Sender(desk.jobs, waits or Waits())
        self.cooldowns = Cooldowns(enabled=desk.config.cooldowns)
        self._tick = tick
        self._mentions: tuple[str, ...] = ()
        self._answering: set[asyncio.Task[Any]] = set()
        add_commands(self.tree, registry, desk, self.on_slash)
        add_explain(self.tree, self.on_explain)

    @property
    def granted_content(self) -> bool:
        """Whether Discord lets this application read messages (known after login)."""
        flags = self.application_flags
        return flags.gateway_message_content or flags.gateway_message_content_limited

    async def setup_hook(self) -> None:
        """Load what must be there before the first message."""
        await self.desk.store.load()
        if self.user is not None:
            self._mentions = (f"<@{self.user.id}>", f"<@!{self.user.id}>")

    async def on_ready(self) -> None:
        """Say once how people can ask, sync commands if they changed, and start the heartbeat."""
        if "heartbeat" in self.desk.jobs.names:
            return
        ways = "prefix, mention, slash" if self.intents.message_content else "mention, slash (no message content)"
        log.info("ready", extra={"fields": {"servers": len(self.guilds), "shards": self.shard_count, "asking": ways}})
        self.desk.jobs.repeat("heartbeat", EVERY_SECONDS, self._beat)
        self.desk.jobs.repeat("servers", GUILDS_EVERY_SECONDS, self._settle_guilds)
        self.desk.jobs.start("sync commands", self.sync())

    async def on_guild_join(self, _: discord.Guild) -> None:
        """What is kept of a server stays when the bot is back in it."""
        await self._settle_guilds()

    async def on_guild_remove(self, _: discord.Guild) -> None:
        """What is kept of a server goes some time after the bot has left it."""
        await self._settle_guilds()

    async def _settle_guilds(self) -> None:
        """Note which servers the bot has left, and erase what is kept of those it left long ago.

        Where the database refuses, that is logged there, and the next round tries again.
        """
        if not self.is_ready():
            return
        with suppress(UserError):
            erased = await self.desk.store.settle_guilds({guild.id for guild in self.guilds}, self.desk.clock())
            if erased:
                log.info("settings of left servers erased", extra={"fields": {"servers": len(erased)}})

    async def _beat(self) -> None:
        """Write the heartbeat. A shard that is between two connections counts as not connected."""
        connected = not self.is_closed() and all(not shard.is_closed() for shard in self.shards.values())
        await asyncio.to_thread(beat, self.desk.config.data_dir, self.desk.clock(), connected=connected)

    async def close(self) -> None:
        """Close the connections, and say so in the heartbeat."""
        await super().close()
        if "heartbeat" in self.desk.jobs.names:
            await self._beat()

    async def sync(self) -> None:
        """Tell Discord the commands, only when they differ from what it was last told."""
        name = f"{HASH_NOTE}:{self.application_id}"
        now = fingerprint(self.tree)
        if self.desk.store.note(name) == now:
            return
        synced = await self.tree.sync()
        await self.desk.store.keep_note(name, now)
        log.info("commands synced", extra={"fields": {"commands": len(synced)}})

    async def finish(self) -> None:
        """Let the answers that are under way reach their readers, for a few seconds at the most."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=LAST_ANSWERS)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Count the running task as an answer under way."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  discord.py calls every handler in a task of its own
        self._answering.add(task)
        try:
            yield
        finally:
            self._answering.discard(task)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a typed question; ignore bots, webhooks and everything that is not for us."""
        if message.author.bot or message.webhook_id is not None:
            return
        call = self._read(message)
        if call is None:
            return
        if message.attachments:
            call = await with_table(call, message)
        caller = self._caller_of(message, call)
        if self._is_chatter(caller, call):
            return
        with self._busy():
            await self.sender.to_message(message, lambda tell: self._answer(caller, call, tell))

    def _caller_of(self, message: discord.Message, call: Call) -> Caller:
        """Who asks. Rights are worked out only for a command that needs them."""
        place, entry = _place_of(message), self.registry.get(call.command)
        if entry is None or not (entry.manages or entry.server_only) or not isinstance(message.author, discord.Member):
            return place
        return replace(place, may_manage=message.author.guild_permissions.manage_guild)

    def _is_chatter(self, caller: Caller, call: Call) -> bool:
        """Whether a decline would only add noise: one a minute and person is enough."""
        declined = call.error is not None and call.error.code == "declined"
        return declined and not self.talk.recent.may_decline(caller.person, self.desk.clock())

    def _read(self, message: discord.Message) -> Call | None:
        """The call in a message, or None when it is not for us."""
        text = message.content
        settings = self.desk.store.settings(message.guild.id if message.guild else None)
        if text.startswith(self._mentions):
            return self.talk.read(_place_of(message), text, settings)
        if message.guild is None:
            return self.talk.read(_place_of(message), text) if text.strip() else None
        if self.user in message.mentions and not text.startswith(settings.prefix):
            return self._read_ping(message)
        if not settings.prefix_commands or not text.startswith(settings.prefix):
            return None
        spaced = text[len(settings.prefix) :]
        body = visible(spaced) if not spaced[:1].isspace() else ""
        word = body.split(maxsplit=1)[0] if body[:1].isalnum() or body[:1] == "$" else ""
        if self.registry.get(word):
            return self.talk.read(_place_of(message), text, settings)
        if not word or not settings.bare_terms:
            return None
        return bare_term(self.desk, self.registry, body, named=True)

    def _read_ping(self, message: discord.Message) -> Call | None:
        """The call in a message that pings the bot somewhere, or by replying to it: only when it is understood."""
        text = message.content
        for mention in self._mentions:
            text = text.replace(mention, " ")
        if not text.strip() or message.mention_everyone:
            return None
        call = self.talk.read(_place_of(message), text.strip())
        return call if call.error is None else None

    async def _answer(self, caller: Caller, call: Call, tell: Callable[[str], None]) -> Reply:
        slowed = self._too_fast(caller, call)
        return slowed or await self.talk.answer(replace(caller, tell=tell), call, live=self.desk.feed.in_use)

    def _too_fast(self, caller: Caller, call: Call) -> Reply | None:
        """The reply to somebody who has to wait, or None."""
        wait = self.cooldowns.wait(caller.person, caller.channel, self._tick())
        if wait <= 0:
            return None
        sentence = f"One moment: please ask again in {max(1, round(wait))} s."
        return refusal(UserError(sentence, "rate_limited"), call.command, call.options)

    async def on_slash(self, interaction: discord.Interaction, entry: Command, texts: dict[str, str]) -> None:
        """Answer a slash command."""
        caller = _caller_at(interaction)
        previous = self.talk.recent.previous(caller, self.desk.clock())
        call = read_slash(self.desk, self.registry, entry, texts, previous)
        with self._busy():
            await self.sender.to_interaction(interaction, lambda tell: self._answer(caller, call, tell))

    async def on_explain(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Show the one who asks the terms in a message."""
        caller = _caller_at(interaction)

        async def reply(_: Callable[[str], None]) -> Reply:
            return self._too_fast(caller, Call("explain")) or explained(self.desk, texts_of(message))

        with self._busy():
            await self.sender.to_interaction(interaction, reply, private=True)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a press on one of our buttons or menus, whichever process sent them."""
        if interaction.type is not discord.InteractionType.component:
            return
        content: dict[str, Any] = dict(interaction.data or {})
        kind, rest = pressed(content)
        if kind == DELETE:
            await self._delete(interaction, rest)
        elif rest:
            call = read_command(self.desk, self.registry, rest.removeprefix("!"))
            caller = _caller_at(interaction)
            with self._busy():
                await self.sender.to_interaction(
                    interaction, lambda tell: self._answer(caller, call, tell), private=kind == PRIVATE
                )

    async def _delete(self, interaction: discord.Interaction, asker: str) -> None:
        if str(interaction.user.id) != asker and not interaction.permissions.manage_messages:
            await interaction.response.send_message("Only the person who asked can delete this answer.", ephemeral=True)
            return
        await interaction.response.defer()
        try:
            await interaction.delete_original_response()
        except discord.NotFound:
            log.info("an answer was already deleted")


def _place_of(message: discord.Message) -> Caller:
    """Who asks where, without their rights."""
    return Caller(message.author.id, message.channel.id, message.guild.id if message.guild else None)


def _caller_at(interaction: discord.Interaction) -> Caller:
    manages = interaction.guild_id is not None and interaction.permissions.manage_guild
    return Caller(interaction.user.id, interaction.channel_id or 0, interaction.guild_id, manages)
