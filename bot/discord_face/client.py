"""The Discord client: messages, mentions, slash commands and presses, all answered by the same commands."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.analysis.warm_up import start_warm_up
from bot.commands.declaration import Call, Command, Registry
from bot.commands.dispatch import Conversation
from bot.commands.reading import bare_term, read_command, read_slash, visible
from bot.commands.recent import CallMemory
from bot.desk import Caller, Desk
from bot.discord_face.attached import with_table
from bot.discord_face.controls import DELETE, MORE, OFFERED, OWN, OWN_MORE, PART, PRIVATE, at_detail, pressed
from bot.discord_face.cooldowns import PERSON_QUESTIONS, WINDOW, Cooldowns, Delay
from bot.discord_face.explain import add_explain, explained, texts_of
from bot.discord_face.gateway import steady
from bot.discord_face.layout import escape
from bot.discord_face.missed import missed
from bot.discord_face.remembered import Questions, Seen, question_of
from bot.discord_face.repeating import repeated
from bot.discord_face.sending import Sender
from bot.discord_face.slash import add_commands, fingerprint
from bot.discord_face.waiting import Waits
from bot.errors import UserError
from bot.health import EVERY_SECONDS, beat
from bot.render.numbers import capital
from bot.render.reply import Detail, Reply, refusal
from bot.settings import Settings
from bot.store.store import REFRESH_SECONDS

log = logging.getLogger(__name__)
OFF_TOPIC = "out_of_scope"
QUESTION_GONE = "(The question was deleted. Delete removes this answer too.)"
HASH_NOTE = "commands-hash"
GUILDS_EVERY_SECONDS = 6 * 3600.0
LAST_ANSWERS, LAST_WORDS = 3.0, 1.5
ANSWERED_FOR = timedelta(days=1)
EDITED_WITHIN = timedelta(minutes=5)
HEARTBEAT, GUILDS, REFRESH, SYNC = "heartbeat", "servers", "refresh", "sync commands"


def intents(*, content: bool) -> discord.Intents:
    """The least that works: servers, messages, and what messages say where that is granted."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.messages = True
    wanted.message_content = content
    return wanted


class OnceTree(app_commands.CommandTree[Any]):
    """The slash commands, each interaction answered once however often Discord delivers it."""

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self._seen = Seen()

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Whether this interaction is new."""
        return self._seen.first_time(interaction.id)


class Rangefinder(commands.AutoShardedBot):
    """One connection to Discord over one desk. `tick` counts seconds for cooldowns; `options` are discord.py's own.

    `grace` is how long answers under way may take once the process is told to end.
    """

    def __init__(
        self,
        desk: Desk,
        registry: Registry,
        *,
        content: bool,
        waits: Waits | None = None,
        tick: Callable[[], float] = time.monotonic,
        grace: float = LAST_ANSWERS,
        **options: Any,
    ) -> None:
        steady()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(content=content),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            tree_cls=OnceTree,
            **options,
        )
        self.desk = desk
        self.registry = registry
        self.talk = Conversation(desk, registry)
        self.sender = Sender(desk.jobs, waits or Waits(), self._is_own)
        self.cooldowns = Cooldowns(enabled=desk.config.cooldowns)
        self.answered: CallMemory[int] = CallMemory(ANSWERED_FOR)
        self._seen = Seen()
        self._questions = Questions()
        self._tick, self._grace = tick, grace
        self._repeated: tuple[asyncio.Task[None], ...] = ()
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
        start_warm_up(self.desk)
        if self.user is not None:
            self._mentions = (f"<@{self.user.id}>", f"<@!{self.user.id}>")

    async def on_ready(self) -> None:
        """Say once how people can ask, sync commands if they changed, and start the heartbeat."""
        if self._repeated:
            return
        ways = "prefix, mention, slash" if self.intents.message_content else "mention, slash (no message content)"
        log.info("ready", extra={"fields": {"servers": len(self.guilds), "shards": self.shard_count, "asking": ways}})
        self._repeated = (
            self.desk.jobs.repeat(HEARTBEAT, EVERY_SECONDS, self._beat),
            self.desk.jobs.repeat(GUILDS, GUILDS_EVERY_SECONDS, self._settle_guilds),
            self.desk.jobs.repeat(REFRESH, REFRESH_SECONDS, self.desk.store.refresh),
        )
        if SYNC not in self.desk.jobs.names:
            self.desk.jobs.start(SYNC, self.sync())

    async def on_shard_ready(self, shard_id: int) -> None:
        """A new session has begun: answer what was asked while there was none."""
        guilds = [guild for guild in self.guilds if guild.shard_id == shard_id]
        async for message in missed(guilds, self.desk.clock(), self.sender.waits.pauses):
            if (call := self._read(message)) is not None and await self._with_rights(message, call):
                self.dispatch("message", message)

    async def _with_rights(self, message: discord.Message, call: Call) -> bool:
        """Whether the rights of a past message's author are known as far as its question needs them."""
        entry = self.registry.get(call.command)
        if entry is None or not (entry.manages or entry.server_only) or message.guild is None:
            return True
        with suppress(discord.HTTPException):
            message.author = await message.guild.fetch_member(message.author.id)
        return isinstance(message.author, discord.Member)

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
        """Close the connections, and say so in the heartbeat. Another client over the same desk has its own."""
        await super().close()
        repeated, self._repeated = self._repeated, ()
        if repeated:
            for job in repeated:
                job.cancel()
            await asyncio.wait(repeated)
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
        """Let the answers that are under way reach their readers, for a few seconds; who still waits then is told."""
        if not self._answering:
            return
        _, late = await asyncio.wait(self._answering, timeout=self._grace)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=LAST_WORDS)

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
        """Answer a typed question, once; ignore bots, webhooks and everything that is not for us."""
        if message.author.bot or message.webhook_id is not None or not self._seen.first_time(message.id):
            return
        if (call := self._read(message)) is not None:
            await self._answer_message(message, call)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question in the place of its answer, or one that was none before its edit.

        Only within the first minutes: later others have read the answer.
        """
        message = payload.message
        edited = message.edited_at
        if message.author.bot or message.webhook_id is not None or edited is None:
            return
        call = self._read(message) if edited - message.created_at <= EDITED_WITHIN else None
        if call is None:
            return
        asked = self._questions.get(message.id)
        if asked is None:
            self._seen.first_time(message.id)
            await self._answer_message(message, call)
        elif not asked.means(call):
            asked.call = call
            await self._answer_message(message, call)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Say above an answer that its question is gone, and that its button removes it too."""
        asked = self._questions.get(payload.message_id)
        if asked is not None and asked.answer is not None and asked.free:
            answer = self._message_at(payload.channel_id, asked.answer)
            with suppress(discord.NotFound, discord.Forbidden):
                await repeated(lambda: answer.edit(content=QUESTION_GONE), self.sender.waits.pauses)

    def _message_at(self, channel: int, message: int) -> discord.PartialMessage:
        return self.get_partial_messageable(channel).get_partial_message(message)

    async def _answer_message(self, message: discord.Message, call: Call) -> None:
        caller = self._caller_of(message, call)
        delay = self._delay(caller, call)
        if delay is not None and delay.told:
            return
        known = self._questions.get(message.id)
        asked = known or self._questions.begin(message.id, call)

        def answer(tell: Callable[[str], None]) -> Awaitable[Reply]:
            return self._answer_typed(message, caller, call, delay, tell)

        with self._busy():
            async with asked.turn:
                if known is None:
                    sent = await self.sender.to_message(message, answer)
                elif asked.answer is not None:
                    before = self._message_at(message.channel.id, asked.answer)
                    sent = await self.sender.to_edited(message, before, answer)
                else:
                    return
                if sent is not None:
                    asked.answer, asked.free = sent.id, bool(sent.embeds) and not sent.content
        self._remember(sent.id if sent is not None else None, call, delay)

    async def _answer_typed(
        self, message: discord.Message, caller: Caller, call: Call, delay: Delay | None, tell: Callable[[str], None]
    ) -> Reply:
        """The reply to a typed question. What is attached is fetched only when it is the asker's turn."""
        if delay is None and message.attachments:
            call = await with_table(self.desk, self.registry, call, message)
        return await self._answer(caller, self._shortened(caller, call), delay, tell)

    def _caller_of(self, message: discord.Message, call: Call) -> Caller:
        """Who asks. Rights are worked out only for a command that needs them."""
        place, entry = _place_of(message), self.registry.get(call.command)
        if entry is None or not (entry.manages or entry.server_only) or not isinstance(message.author, discord.Member):
            return place
        return replace(place, may_manage=message.author.guild_permissions.manage_guild)

    def _shortened(self, caller: Caller, call: Call) -> Call:
        """The call; of a decline its first sentence alone, when the asker was declined within the last minute."""
        error = call.error
        if error is None or error.code != "declined" or self.talk.recent.may_decline(caller.person, self.desk.clock()):
            return call
        first = error.message.partition(". ")[0].removesuffix(".")
        return replace(call, error=UserError(f"{first}. !help lists what I answer.", "declined"))

    def _read(self, message: discord.Message) -> Call | None:
        """The call in a message, or None when it is not for us."""
        text = message.content
        settings = self.desk.store.settings(message.guild.id if message.guild else None)
        answered = self._answered_by(message)
        if text.startswith(self._mentions):
            return self.talk.read(_place_of(message), text, settings, replying_to=answered)
        if message.guild is None:
            return self.talk.read(_place_of(message), text, replying_to=answered) if text.strip() else None
        if text.startswith(settings.prefix):
            return self._read_prefixed(message, settings)
        if self._replies_to_us(message) or self.user in message.mentions:
            return self._read_ping(message, answered)
        return None

    def _read_prefixed(self, message: discord.Message, settings: Settings) -> Call | None:
        """The call in a message with the server's prefix: one of our commands, or a term by its name."""
        if not settings.prefix_commands:
            return None
        spaced = message.content[len(settings.prefix) :]
        body = visible(spaced) if not spaced[:1].isspace() else ""
        word = body.split(maxsplit=1)[0] if body[:1].isalnum() or body[:1] == "$" else ""
        if self.registry.get(word):
            return self.talk.read(_place_of(message), message.content, settings)
        if not word or not settings.bare_terms:
            return None
        return bare_term(self.desk, self.registry, body, named=True)

    def _read_ping(self, message: discord.Message, answered: Call | None) -> Call | None:
        """The call in a message that pings the bot somewhere, or replies to it with or without a ping.

        People also thank the bot: what is no question is left alone. A ping in passing has to be understood.
        """
        text = message.content
        for mention in self._mentions:
            text = text.replace(mention, " ")
        if not text.strip() or message.mention_everyone:
            return None
        call = self.talk.read(_place_of(message), text.strip(), replying_to=answered)
        if call.error is None:
            return call
        asked = "?" in text or call.options.get("reason", OFF_TOPIC) != OFF_TOPIC or call.error.code != "declined"
        return call if asked and self._replies_to_us(message) else None

    def _replies_to_us(self, message: discord.Message) -> bool:
        """Whether a message is a reply to one of ours."""
        replied = message.reference.resolved if message.reference is not None else None
        return isinstance(replied, discord.Message) and replied.author == self.user

    def _answered_by(self, message: discord.Message) -> Call | None:
        """What the answer of ours that a message replies to answers; None for every other message."""
        replied = message.reference.resolved if message.reference is not None else None
        if not isinstance(replied, discord.Message) or replied.author != self.user:
            return None
        known = self.answered.get(replied.id, self.desk.clock())
        question = question_of(replied) if known is None else None
        if question is None:
            return known
        call = read_command(self.desk, self.registry, question)
        return call if call.error is None else None

    def _remember(self, answer: int | None, call: Call, delay: Delay | None = None) -> None:
        """Keep what a message answers, for those who reply to it."""
        if answer is not None and delay is None:
            self.answered.keep(answer, call, self.desk.clock())

    async def _answer(
        self,
        caller: Caller,
        call: Call,
        delay: Delay | None,
        tell: Callable[[str], None] | None,
        detail: Detail | None = None,
    ) -> Reply:
        if delay is not None:
            return _one_moment(delay, call, self._cost(call))
        settings = self.desk.store.settings(caller.guild)
        live = self.desk.feed.in_use and (detail or settings.detail) == "full"
        reply = await self.talk.answer(replace(caller, tell=tell), call, settings, live=live)
        return at_detail(reply, detail or settings.detail)

    def _cost(self, call: Call) -> int:
        """How many questions a call counts as. What cannot be answered as it was asked costs no more than any."""
        entry = self.registry.get(call.command)
        return entry.cost if entry is not None and call.error is None else 1

    def _delay(self, caller: Caller, call: Call) -> Delay | None:
        return self.cooldowns.delay(caller.person, caller.channel, self._tick(), self._cost(call))

    def _is_own(self, ask: str) -> bool:
        """Whether a question changes what is kept for whoever asks it."""
        entry = self.registry.get(next(iter(ask.removeprefix("!").split(maxsplit=1)), ""))
        return entry is not None and entry.writes

    async def _serve(  # noqa: PLR0913  what is pressed says how it is answered
        self,
        interaction: discord.Interaction,
        caller: Caller,
        call: Call,
        *,
        private: bool,
        part: str = "",
        detail: Detail | None = None,
        instead: bool = False,
    ) -> None:
        """Answer an interaction. One that has to wait is told so each time: nobody else sees it."""
        delay = self._delay(caller, call)

        async def answered(tell: Callable[[str], None]) -> Reply:
            reply = await self._answer(caller, call, delay, tell, detail)
            return reply.part(part) if part else reply

        with self._busy():
            sent = await self.sender.to_interaction(interaction, answered, private=private, instead=instead)
        self._remember(sent, call, delay)

    async def on_slash(
        self, interaction: discord.Interaction, entry: Command, texts: dict[str, str], private: bool
    ) -> None:
        """Answer a slash command."""
        caller = _caller_at(interaction)
        previous = self.talk.recent.previous(caller, self.desk.clock())
        call = read_slash(self.desk, self.registry, entry, texts, previous)
        await self._serve(interaction, caller, call, private=private)

    async def on_explain(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Show the one who asks the terms in a message."""
        caller = _caller_at(interaction)
        delay = self._delay(caller, Call("explain"))

        async def reply(_: Callable[[str], None]) -> Reply:
            return _one_moment(delay, Call("explain")) if delay else explained(self.desk, texts_of(message))

        with self._busy():
            await self.sender.to_interaction(interaction, reply, private=True)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a press on one of our buttons or menus, whichever process sent them."""
        if interaction.type is not discord.InteractionType.component or not self._seen.first_time(interaction.id):
            return
        content: dict[str, Any] = dict(interaction.data or {})
        kind, rest = pressed(content)
        if kind == DELETE:
            await self._delete(interaction, rest)
            return
        if kind == OWN:
            asker, _, rest = rest.partition(":")
            if str(interaction.user.id) != asker:
                await _say(interaction, f"This button is its asker's. For yourself, ask {escape(rest)}")
                return
        if kind in {MORE, OWN_MORE}:
            await self._show_all(interaction, rest, own=kind == OWN_MORE)
            return
        part, _, rest = rest.partition(":") if kind == PART else ("", "", rest)
        if rest:
            call = read_command(self.desk, self.registry, rest.removeprefix("!"))
            if kind == OFFERED:
                log.info("offered term chosen", extra={"fields": {"command": call.command, **call.options}})
            private = kind in {PRIVATE, OWN, OFFERED, PART}
            await self._serve(interaction, _caller_at(interaction), call, private=private, part=part)

    async def _show_all(self, interaction: discord.Interaction, ask: str, *, own: bool) -> None:
        """Show all of an answer: in its place where its reader alone sees it or the server wants that, else privately.

        An answer that is its asker's own is never replaced in public: whoever presses gets theirs.
        """
        call = read_command(self.desk, self.registry, ask.removeprefix("!"))
        message = interaction.message
        anywhere = own or self.desk.store.settings(interaction.guild_id).more == "private"
        instead = message is not None and (message.flags.ephemeral or not anywhere)
        await self._serve(interaction, _caller_at(interaction), call, private=True, detail="full", instead=instead)

    async def _delete(self, interaction: discord.Interaction, asker: str) -> None:
        if str(interaction.user.id) != asker and not interaction.permissions.manage_messages:
            await _say(interaction, "Only the person who asked can delete this answer.")
            return
        try:
            await repeated(interaction.response.defer)
            await repeated(interaction.delete_original_response)
        except discord.NotFound:
            log.info("an answer was already deleted")


async def _say(interaction: discord.Interaction, sentence: str) -> None:
    """Tell the one who pressed, and nobody else."""
    await repeated(lambda: interaction.response.send_message(sentence, ephemeral=True))


def _one_moment(delay: Delay, call: Call, cost: int = 1) -> Reply:
    """The reply to somebody who has to wait."""
    who = "one moment, all: this channel asks faster than I answer;" if delay.crowded else "one moment:"
    if cost > 1 and not delay.crowded:
        allowed = f"{cost} of your {PERSON_QUESTIONS} questions in {WINDOW:.0f} s"
        who = f"{who} {call.command} is much work and counts as {allowed};"
    sentence = f"{capital(who)} please ask again in {max(1, math.ceil(delay.seconds))} s."
    return refusal(UserError(sentence, "rate_limited"), call.command, call.options)


def _place_of(message: discord.Message) -> Caller:
    """Who asks where, without their rights."""
    return Caller(message.author.id, message.channel.id, message.guild.id if message.guild else None)


def _caller_at(interaction: discord.Interaction) -> Caller:
    manages = interaction.guild_id is not None and interaction.permissions.manage_guild
    return Caller(interaction.user.id, interaction.channel_id or 0, interaction.guild_id, manages)
