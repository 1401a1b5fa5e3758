"""A Discord on loopback: REST v10 and gateway on one port, driven from the people's side.

Written from Discord's documentation; a real discord.py connects to it. Start at `server.LoopbackDiscord`.
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
