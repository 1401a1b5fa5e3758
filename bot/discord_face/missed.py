"""What was asked while the bot had no session: looked at once, whenever one starts anew.

A session that is resumed brings everything by itself. Direct messages are left out: Discord does not say which there
are, and a new session knows none of them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import discord
from discord.utils import snowflake_time, time_snowflake

from bot.discord_face.repeating import CUT, in_words, repeated

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(seconds=60)
CHANNELS, MESSAGES = 20, 100
"""The most channels of a shard that are looked at, one request each, and the newest messages of one."""
_MENTION = re.compile(r"<@!?(\d+)>")
Written: TypeAlias = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


async def missed(
    guilds: Iterable[discord.Guild], now: datetime, pauses: Sequence[float]
) -> AsyncIterator[discord.Message]:
    """The messages of people of the last minute that no message of ours answers, channel by channel, oldest first."""
    written = {place: place.last_message_id or 0 for guild in guilds for place in _places(guild)}
    newest = snowflake_time(max(written.values(), default=0))  # where our clock is behind, Discord's own says more
    since = time_snowflake(max(now, newest) - LOOK_BACK)
    busy = sorted((place for place, last in written.items() if last > since), key=lambda place: -written[place])
    for channel in [place for place in busy if _readable(place)][:CHANNELS]:
        try:
            found = await repeated(lambda c=channel: _newest(c), pauses)  # type: ignore[misc]
        except (discord.HTTPException, *CUT) as error:
            log.info("cannot look at what was asked", extra={"fields": {"reason": in_words(error)}})
            continue
        for message in unanswered(found or [], channel.guild.me.id):
            if message.id > since:
                yield message


async def _newest(channel: Written) -> list[discord.Message]:
    found = [message async for message in channel.history(limit=MESSAGES)]
    return found[::-1]


def _places(guild: discord.Guild) -> tuple[Written, ...]:
    """Where people write in a server."""
    return (*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads)


def _readable(place: Written) -> bool:
    """Whether the bot may read what was written there."""
    rights = place.permissions_for(place.guild.me)
    return rights.read_messages and rights.read_message_history


def unanswered(messages: Iterable[discord.Message], own: int) -> list[discord.Message]:
    """Those of people that no message of the bot `own` replies to; an answer that several share names its askers."""
    answered: set[int] = set()
    named: dict[str, int] = {}
    asked = []
    for message in messages:
        if message.author.id != own:
            asked.append(message)
        elif message.reference is not None:
            answered.add(message.reference.message_id or 0)
        else:
            texts = (message.content, *(embed.description or "" for embed in message.embeds))
            named |= dict.fromkeys(_MENTION.findall("\n".join(texts)), message.id)
    return [one for one in asked if one.id not in answered and named.get(str(one.author.id), 0) < one.id]
