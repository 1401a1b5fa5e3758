from tests.loopback.fixtures import discord_server

__all__ = ["discord_server"]
