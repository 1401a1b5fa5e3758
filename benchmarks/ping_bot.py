"""The baseline: the smallest discord.py bot, one command without and one with options, message content on."""

import os

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["RANGEFINDER_DISCORD_API"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["RANGEFINDER_DISCORD_GATEWAY"])
wanted = discord.Intents.default()
wanted.message_content = True
bot = commands.Bot(command_prefix="!", intents=wanted, help_command=None)


@bot.command()
async def ping(ctx: commands.Context) -> None:
    await ctx.send("pong")


@bot.command()
async def args(ctx: commands.Context, symbol: str, n: int = 10) -> None:
    await ctx.send(f"{symbol} {n}")


bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)
