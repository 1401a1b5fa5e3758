"""What people do: write, edit, delete, react; and the waiting for what the bot makes of it."""

from __future__ import annotations

import asyncio
import contextlib
import copy
from typing import TYPE_CHECKING, Any

from tests.loopback_discord import messages
from tests.loopback_discord.driver_commands import CommandDriver
from tests.loopback_discord.wire import GROUP, Json, NoAnswer, refuse
from tests.loopback_discord.world import Message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.loopback_discord.world import Channel, Person

TIMEOUT = 10.0


class Driver(CommandDriver):
    """The half of LoopbackDiscord that people use. Where `by` is left out, the first person added acts."""

    _changed: asyncio.Event

    async def until(self, reached: Callable[[], Any], what: str = "", timeout: float = TIMEOUT) -> Json:  # noqa: ASYNC109
        """Wait until `reached()` is true and return what it gave; looked at whenever anything changes here.

        Raises NoAnswer with the bot's latest requests.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (found := reached()):
                    await self.next_change()
        except TimeoutError:
            latest = "\n  ".join(map(repr, self.requests[-12:]))
            faults = "\n  ".join(map(str, self.violations))
            why = f"not in {timeout} s: {what}\nrequests:\n  {latest}\nviolations:\n  {faults}"
            raise NoAnswer(why) from None
        return found

    async def until_connected(self, sessions: int = 1, timeout: float = TIMEOUT) -> None:  # noqa: ASYNC109
        """Wait until every shard is connected, `sessions` IDENTIFYs having been sent."""
        await self.until(lambda: self.connected and len(self.gateway.identifies) >= sessions, "connected", timeout)

    async def until_synced(self, times: int = 1, timeout: float = TIMEOUT) -> None:  # noqa: ASYNC109
        """Wait until the bot has overwritten its commands so many times."""
        await self.until(lambda: len(self.syncs) >= times, "commands synced", timeout)

    def person(self, by: Person | None) -> Person:
        """Who acts."""
        return by or next((one for one in self.people.values() if one not in {self.owner, self.bot}), self.owner)

    def place(self, channel: Channel | None) -> Channel:
        """Where: the first channel of the first server if none is named."""
        return channel or next(iter(self.channels.values()))

    def check_presence(self, person: Person, channel: Channel) -> None:
        """Refuse somebody who is not in the channel."""
        if channel.guild is not None and person.id not in channel.guild.members:
            refuse(f"{person.name} is not in {channel.guild.name}")
        if channel.guild is None and person not in channel.people:
            refuse(f"{person.name} is not in this conversation")

    async def post(
        self,
        channel: Channel | None,
        text: str,
        *,
        by: Person | None = None,
        reply_to: Message | None = None,
        ping: bool = True,
        files: dict[str, bytes] | None = None,
    ) -> Message:
        """Send a message and wait for nothing. Without `ping`, a reply does not mention whom it replies to."""
        person, channel = self.person(by), self.place(channel)
        self.check_presence(person, channel)
        if len(text) > 2000 or not (text.strip() or files):
            refuse(f"a message of {len(text)} characters")
        message = Message(messages.blank(self, channel, person), person, channel)
        if reply_to is not None:
            self.link(message, reply_to)
        message.files = dict(files or {})
        data = copy.deepcopy(message.data)
        data["content"] = text.strip()
        data["attachments"] = [messages.attachment(self, name, raw, {}) for name, raw in message.files.items()]
        allowed = None if ping else {"parse": ["users", "roles", "everyone"], "replied_user": False}
        data |= messages.mentions(self, message, text, allowed)
        message.store(data)
        self.publish(message)
        return message

    async def say(
        self,
        channel: Channel | None,
        text: str,
        *,
        by: Person | None = None,
        reply_to: Message | None = None,
        ping: bool = True,
        files: dict[str, bytes] | None = None,
        timeout: float = TIMEOUT,  # noqa: ASYNC109
    ) -> Message:
        """Send a message and wait for the bot's answer in the channel."""
        asked = await self.post(channel, text, by=by, reply_to=reply_to, ping=ping, files=files)
        return await self.answer_to(asked, timeout)

    async def answer_to(self, asked: Message, timeout: float = TIMEOUT) -> Message:  # noqa: ASYNC109
        """The bot's next message answering a message: a reply to it, else one after it that is no reply.

        Calling it again waits for the next one.
        """
        found: Message = await self.until(lambda: self._answer(asked), f"an answer to {asked.content!r}", timeout)
        self.claimed.add(found.id)
        return found

    def _answer(self, asked: Message) -> Message | None:
        later = [
            one
            for one in asked.channel.log
            if one.id > asked.id and one.author is self.bot and one.id not in self.claimed and not one.ephemeral
        ]
        replies = [one for one in later if one.reply_to is asked]
        plain = [one for one in later if one.reply_to is None and "webhook_id" not in one.data]
        return next(iter([*replies, *plain]), None)

    async def no_answer(
        self,
        channel: Channel | None,
        text: str,
        *,
        sentinel: str,
        by: Person | None = None,
        **also: Any,
    ) -> None:
        """Send a message and be sure that the bot neither answers, types nor reacts (see `quiet`)."""
        async with self.quiet(channel, sentinel=sentinel, by=by):
            await self.post(channel, text, by=by, **also)

    @contextlib.asynccontextmanager
    async def quiet(
        self, channel: Channel | None, *, sentinel: str, by: Person | None = None, rounds: int = 2
    ) -> AsyncIterator[None]:
        """What happens inside must lead to no message, edit, typing or reaction of the bot's, anywhere.

        Afterwards `sentinel`, a message that the bot answers, is sent `rounds` times, one after the other:
        by the last answer the bot has had as many turns for anything it would have said.
        """
        before = self._traces()
        yield
        answered: set[int] = set()
        place = self.place(channel)
        typed = place.typing
        for _ in range(rounds):
            answered.add((await self.say(place, sentinel, by=by)).id)
        after = self._traces()
        assert typed == before.pop(("typing", place.id), typed), "the bot typed"
        after.pop(("typing", place.id), None)
        spoken = {key: value for key, value in after.items() if before.get(key) != value and key[1] not in answered}
        assert not spoken, f"the bot was not quiet: {spoken}"

    def _traces(self) -> dict[tuple[str, int], Any]:
        """Everything visible that the bot has done so far."""
        traces: dict[tuple[str, int], Any] = {}
        for channel in self.channels.values():
            traces["typing", channel.id] = channel.typing
            for message in channel.messages.values():
                reacted = sorted(emoji for emoji, who in message.reactions.items() if self.bot.id in who)
                if message.author is self.bot:
                    traces["message", message.id] = (message.content, message.edited, message.deleted)
                elif reacted:
                    traces["reactions", message.id] = reacted
        return traces

    async def deliver_again(self, message: Message) -> None:
        """Discord delivers the same message once more, as it may after a RESUME."""
        self.events.message("MESSAGE_CREATE", message)

    async def edit(self, message: Message, text: str) -> None:
        """The author edits their message."""
        data = copy.deepcopy(message.data)
        data |= {"content": text.strip(), "edited_timestamp": messages.edited_now(self)}
        data |= messages.mentions(self, message, text, None)
        message.store(data)
        self.events.message("MESSAGE_UPDATE", message)

    async def delete(self, message: Message) -> None:
        """Somebody deletes a message."""
        self.remove(message)

    async def react(self, message: Message, emoji: str, *, by: Person | None = None) -> None:
        """Somebody reacts to a message."""
        person = self.person(by)
        message.reactions.setdefault(emoji, set()).add(person.id)
        if message.channel.kind != GROUP:
            self.events.reaction("MESSAGE_REACTION_ADD", message, emoji, person)

    async def until_edited(self, message: Message, times: int = 1, timeout: float = TIMEOUT) -> Message:  # noqa: ASYNC109
        """Wait until a message has been edited so many times."""
        await self.until(lambda: message.edited >= times, f"{message.content!r} edited", timeout)
        return message
