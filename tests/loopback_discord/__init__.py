"""A Discord on loopback: REST v10 and gateway on one port, driven from the people's side.

Written from Discord's documentation; a real discord.py connects to it, and it knows nothing of the bot under test.
Start at `LoopbackDiscord`; the fixture `discord_server` (in `fixtures`) gives one with a server, a channel and Ada.

- People: `post`, `say`, `edit`, `react`, `slash`, `click`, `choose`, `autocomplete` (`driver`, `driver_commands`).
- The world: `add_guild`, `add_channel`, `add_person`, `add_role`, `lacks` (`building`; what exists is in `world`).
- Trouble: `fail`, `drop`, `hold`, `rate_limit`, `limit` for requests (`injecting`); `gateway.drop`, `.close`,
  `.refuse`, `.acknowledge`, `.invalidate` for the connection; `events.raw` for any payload at all.
- Waiting without sleeping: `until`, `answer_to`, `no_answer`, `quiet`.
- What Discord would refuse or show otherwise is a violation: the fixture fails on any that a test does not `forgive`.

REST is answered by `rest` and the `rest_*` modules, checked against Discord's OpenAPI description where it is present.
"""

import warnings

with warnings.catch_warnings():
    # discord.py imports audioop, which Python 3.11 and 3.12 say they will drop
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord as _discord  # noqa: F401

from tests.loopback_discord.faults import VirtualClock
from tests.loopback_discord.interactions import Interaction
from tests.loopback_discord.server import LoopbackDiscord
from tests.loopback_discord.wire import NoAnswer, Refused
from tests.loopback_discord.world import Channel, Guild, Message, Person

__all__ = [
    "Channel",
    "Guild",
    "Interaction",
    "LoopbackDiscord",
    "Message",
    "NoAnswer",
    "Person",
    "Refused",
    "VirtualClock",
]
