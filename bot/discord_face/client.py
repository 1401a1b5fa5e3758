"""The Discord client: messages, mentions, slash commands and presses, all answered by the same commands."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from typing import Any

import discord
from discord.ext import commands

from bot.commands._command import Call, Command, Registry
from bot.commands._questions import bare_term, read_command, read_question, read_slash
from bot.commands._run import answer
from bot.commands.registry import build_registry
from bot.config import Config
from bot.desk import Caller, Desk, open_desk
from bot.discord_face.controls import DELETE, MENU, PREFIX, PRIVATE, PUBLIC
from bot.discord_face.cooldowns import Cooldowns
from bot.discord_face.sending import Sender
from bot.discord_face.slash import add_commands, fingerprint
from bot.errors import StartupError, UserError
from bot.health import EVERY_SECONDS, beat
from bot.render.reply import Reply, refusal

log = logging.getLogger(__name__)
HASH_NOTE = "commands-hash"


def intents(*, content: bool) -> discord.Intents:
    """The least that works: servers, messages, and what messages say where that is granted."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.messages = True
    wanted.message_content = content
    return wanted


class Rangefinder(commands.AutoShardedBot):
    """One connection to Discord over one desk."""

    def __init__(self, desk: Desk, registry: Registry, *, content: bool) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(content=content),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.desk = desk
        self.registry = registry
        self.sender = Sender(desk.jobs)
        self.cooldowns = Cooldowns(enabled=desk.config.cooldowns)
        self._mentions: tuple[str, ...] = ()
        add_commands(self.tree, registry, desk, self.on_slash)

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
        self.desk.jobs.start("sync commands", self.sync())

    async def _beat(self) -> None:
        connected = self.is_ready() and not self.is_closed()
        await asyncio.to_thread(beat, self.desk.config.data_dir, self.desk.clock(), connected=connected)

    async def sync(self) -> None:
        """Tell Discord the commands, only when they differ from what it was last told."""
        name = f"{HASH_NOTE}:{self.application_id}"
        now = fingerprint(self.tree)
        if self.desk.store.note(name) == now:
            return
        synced = await self.tree.sync()
        await self.desk.store.keep_note(name, now)
        log.info("commands synced", extra={"fields": {"commands": len(synced)}})

    async def on_message(self, message: discord.Message) -> None:
        """Answer a typed question; ignore bots, webhooks and everything that is not for us."""
        if message.author.bot or message.webhook_id is not None:
            return
        call = self._read(message)
        if call is None:
            return
        caller = _caller_of(message)
        await self.sender.to_message(message, lambda: self._answer(caller, call))

    def _read(self, message: discord.Message) -> Call | None:
        """The call in a message, or None when it is not for us."""
        text = message.content
        if text.startswith(self._mentions):
            return read_question(self.desk, self.registry, text)
        if message.guild is None:
            return read_question(self.desk, self.registry, text) if text.strip() else None
        settings = self.desk.store.settings(message.guild.id)
        if not settings.prefix_commands or not text.startswith(settings.prefix):
            return None
        body = text[len(settings.prefix) :]
        word = body.split(maxsplit=1)[0] if body[:1].isalnum() or body[:1] == "$" else ""
        if self.registry.get(word):
            return read_question(self.desk, self.registry, text, settings)
        if not word or not settings.bare_terms:
            return None
        return bare_term(self.desk, self.registry, body)

    async def _answer(self, caller: Caller, call: Call) -> Reply:
        wait = self.cooldowns.wait(caller.person, caller.channel, time.monotonic())
        if wait > 0:
            sentence = f"One moment: please ask again in {max(1, round(wait))} s."
            return refusal(UserError(sentence, "rate_limited"), call.command, call.options)
        return await answer(self.desk, self.registry, caller, call)

    async def on_slash(self, interaction: discord.Interaction, entry: Command, texts: dict[str, str]) -> None:
        """Answer a slash command."""
        call = read_slash(self.desk, entry, texts)
        caller = _caller_at(interaction)
        await self.sender.to_interaction(interaction, lambda: self._answer(caller, call))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a press on one of our buttons or menus, whichever process sent them."""
        if interaction.type is not discord.InteractionType.component:
            return
        content: dict[str, Any] = dict(interaction.data or {})
        custom_id = str(content.get("custom_id", ""))
        if not custom_id.startswith(PREFIX):
            return
        if custom_id.startswith(DELETE):
            await self._delete(interaction, custom_id.removeprefix(DELETE))
        elif custom_id.startswith(MENU):
            await self._ask(interaction, str(content["values"][0]), private=True)
        else:
            question = custom_id.removeprefix(PRIVATE).removeprefix(PUBLIC)
            await self._ask(interaction, question, private=custom_id.startswith(PRIVATE))

    async def _ask(self, interaction: discord.Interaction, question: str, *, private: bool) -> None:
        call = read_command(self.desk, self.registry, question.removeprefix("!"))
        caller = _caller_at(interaction)
        await self.sender.to_interaction(interaction, lambda: self._answer(caller, call), private=private)

    async def _delete(self, interaction: discord.Interaction, asker: str) -> None:
        if str(interaction.user.id) != asker and not interaction.permissions.manage_messages:
            await interaction.response.send_message("Only the person who asked can delete this answer.", ephemeral=True)
            return
        await interaction.response.defer()
        await interaction.delete_original_response()


def _caller_of(message: discord.Message) -> Caller:
    guild = message.guild
    manages = isinstance(message.author, discord.Member) and message.author.guild_permissions.manage_guild
    return Caller(message.author.id, message.channel.id, guild.id if guild else None, manages)


def _caller_at(interaction: discord.Interaction) -> Caller:
    manages = interaction.guild_id is not None and interaction.permissions.manage_guild
    return Caller(interaction.user.id, interaction.channel_id or 0, interaction.guild_id, manages)


async def run(config: Config) -> int:
    """Connect and serve until SIGTERM or SIGINT. Raises StartupError when Discord cannot be reached as configured."""
    if not config.token:
        raise StartupError(["DISCORD_TOKEN is not set; `python -m bot console --demo` works without one"])
    _point_at(config)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_desk(config) as desk:
        bot = await _log_in(desk, config)
        async with bot:
            await _serve(bot, desk, stop)
    log.info("stopped")
    return 0


def _point_at(config: Config) -> None:
    """Use other addresses than Discord's own, for a proxy or a test."""
    if config.discord_api:
        from discord.http import Route

        Route.BASE = config.discord_api
    if config.discord_gateway:
        import yarl
        from discord.gateway import DiscordWebSocket

        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(config.discord_gateway)


async def _log_in(desk: Desk, config: Config) -> Rangefinder:
    """A logged-in client; without message content where the application has not been granted it."""
    registry = build_registry()
    bot = Rangefinder(desk, registry, content=True)
    try:
        await bot.login(config.token.reveal())
        if not bot.granted_content:
            await bot.close()
            bot = Rangefinder(desk, registry, content=False)
            await bot.login(config.token.reveal())
    except discord.LoginFailure:
        await bot.close()
        raise StartupError(["Discord refused the token in DISCORD_TOKEN"]) from None
    return bot


async def _serve(bot: Rangefinder, desk: Desk, stop: asyncio.Event) -> None:
    connection = desk.jobs.start("discord", bot.connect(reconnect=True))
    stopping = desk.jobs.start("wait for a signal", stop.wait())
    await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if connection.done() and not stop.is_set():
        error = connection.exception()
        if isinstance(error, discord.PrivilegedIntentsRequired):
            raise StartupError(["Discord refused the intents: switch Message Content off or on in the portal"])
        raise StartupError([f"the connection to Discord ended ({type(error).__name__})"])
    stopping.cancel()
    await bot.close()
