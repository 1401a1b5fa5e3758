from tests.loopback_discord.fixtures import discord_server

__all__ = ["discord_server"]
