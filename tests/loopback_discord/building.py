"""Builds the world, before the bot connects or while it runs; the bot hears of it as from Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loopback_discord.wire import DM, EVERYONE, GROUP, TEXT, bits
from tests.loopback_discord.world import Channel, Guild, Member, Overwrite, Person, Role, Snowflakes

if TYPE_CHECKING:
    from tests.loopback_discord.events import Events
    from tests.loopback_discord.gateway import Gateway


class Building:
    """The half of LoopbackDiscord that makes servers, channels and people."""

    events: Events
    gateway: Gateway

    def __init__(self) -> None:
        self.snowflake = Snowflakes()
        self.people: dict[int, Person] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.owner = self._person("Owner")
        self.bot = self._person("Rangefinder", is_bot=True)

    def _person(self, name: str, *, is_bot: bool = False) -> Person:
        person = Person(self.snowflake(), name, is_bot)
        self.people[person.id] = person
        return person

    def add_guild(
        self, name: str = "Trading floor", *, has_bot: bool = True, shard: tuple[int, int] | None = None
    ) -> Guild:
        """A server of `owner` with one text channel, "general". `shard` (k, n) puts it on shard k of n."""
        guild = Guild(self.snowflake(shard), name, self.owner, has_bot)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE)
        guild.members[self.owner.id] = Member(self.owner)
        if has_bot:
            guild.members[self.bot.id] = Member(self.bot)
        self.guilds[guild.id] = guild
        self.add_channel("general", guild)
        if has_bot:
            for session in self.gateway.sessions_for(guild):
                self.gateway.send_guild(session, guild)
        return guild

    def add_channel(self, name: str, guild: Guild | None = None, *, announced: bool = True) -> Channel:
        """A text channel, in the first server if none is named; not `announced`, the bot never hears of its making."""
        guild = guild or next(iter(self.guilds.values()))
        channel = Channel(self.snowflake(), name, TEXT, guild)
        guild.channels[channel.id] = self.channels[channel.id] = channel
        if announced and len(guild.channels) > 1 and guild.has_bot:
            self.events.send("CHANNEL_CREATE", channel.payload(), guild, "guilds")
        return channel

    def add_role(self, guild: Guild, name: str, *permissions: str) -> Role:
        """A role with some permissions (names in `wire.PERMISSIONS`)."""
        role = Role(self.snowflake(), name, bits(*permissions), len(guild.roles))
        guild.roles[role.id] = role
        payload = {"guild_id": str(guild.id), "role": role.payload()}
        self.events.send("GUILD_ROLE_CREATE", payload, guild, "guilds")
        return role

    def add_person(
        self,
        name: str = "Ada",
        guild: Guild | None = None,
        *,
        roles: list[Role] | None = None,
        member: bool = True,
    ) -> Person:
        """A person, member of `guild` or else of every server there is (`member=False`: of none)."""
        person = self._person(name)
        chosen = [guild] if guild else list(self.guilds.values())
        for one in chosen if member else []:
            self.join(person, one, roles=roles)
        return person

    def join(self, person: Person, guild: Guild, *, roles: list[Role] | None = None) -> Member:
        """Make a person a member."""
        guild.members[person.id] = member = Member(person, [role.id for role in roles or []])
        if guild.has_bot:
            payload = member.payload() | {"guild_id": str(guild.id)}
            self.events.send("GUILD_MEMBER_ADD", payload, guild, "members")
        return member

    def leave(self, person: Person, guild: Guild) -> None:
        """Take a person out of a server."""
        del guild.members[person.id]
        payload = {"guild_id": str(guild.id), "user": person.payload()}
        self.events.send("GUILD_MEMBER_REMOVE", payload, guild, "members")

    def remove_bot(self, guild: Guild) -> None:
        """The bot is removed from a server."""
        self.events.send("GUILD_DELETE", {"id": str(guild.id)}, guild, "guilds")
        guild.has_bot = False
        guild.members.pop(self.bot.id, None)

    def add_bot(self, guild: Guild) -> None:
        """The bot is added to a server that was there before."""
        guild.has_bot = True
        guild.members[self.bot.id] = Member(self.bot)
        for session in self.gateway.sessions_for(guild):
            self.gateway.send_guild(session, guild, joined=True)

    def dm(self, person: Person) -> Channel:
        """The direct message between a person and the bot."""
        for channel in self.channels.values():
            if channel.kind == DM and person in channel.people:
                return channel
        channel = Channel(self.snowflake(), "", DM, None, [person, self.bot])
        self.channels[channel.id] = channel
        return channel

    def group(self, *people: Person) -> Channel:
        """A private channel of people without the bot: only user-installed commands reach it."""
        channel = Channel(self.snowflake(), "group", GROUP, None, list(people))
        self.channels[channel.id] = channel
        return channel

    def lacks(self, channel: Channel, *permissions: str) -> None:
        """Deny the bot exactly these permissions in a channel (none: give all back)."""
        channel.overwrites.pop(self.bot.id, None)
        if permissions:
            channel.overwrites[self.bot.id] = Overwrite(self.bot.id, 1, deny=bits(*permissions))
        self.events.send("CHANNEL_UPDATE", channel.payload(), channel.guild, "guilds")
