"""A small real discord.py bot for the loopback's own tests; as a script, a bot process of its own."""

# no `from __future__ import annotations`: discord.py reads the annotations of commands

import asyncio
import io
import os
from typing import Any

import discord
import discord.gateway
import discord.http
import yarl
from discord import app_commands
from discord.ext import commands

from tests.loopback_discord.wire import Json

TERMS = ["r-star", "rally", "range", "roc"]


class Panel(discord.ui.View):
    """A button of each behaviour and a select."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Count", custom_id="count")
    async def count(self, interaction: discord.Interaction, button: discord.ui.Button[Any]) -> None:
        button.label = "Count 1"
        await interaction.response.edit_message(content="counted", view=self)

    @discord.ui.button(label="Details", custom_id="details")
    async def details(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.send_message("only you see this", ephemeral=True)

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="done later", view=None)

    @discord.ui.button(label="Form", custom_id="form")
    async def form(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.send_modal(AlertForm())

    @discord.ui.button(label="Closed", custom_id="closed", disabled=True)
    async def closed(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
        await interaction.response.send_message("impossible")

    @discord.ui.select(
        custom_id="pick", options=[discord.SelectOption(label=name.title(), value=name) for name in TERMS]
    )
    async def pick(self, interaction: discord.Interaction, select: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"picked {select.values[0]}")


class AlertForm(discord.ui.Modal, title="New alert"):
    """A modal with one required and one optional input."""

    symbol: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Symbol", custom_id="symbol", max_length=8)
    note: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Note", custom_id="note", required=False)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"alert on {self.symbol.value} {self.note.value}".strip())


def make_bot(**options: Json) -> commands.AutoShardedBot:
    """The bot, not yet started."""
    intents = options.pop("intents", None)
    if intents is None:
        intents = discord.Intents.default()
        intents.message_content = True
    bot = commands.AutoShardedBot(
        commands.when_mentioned_or("!"),
        intents=intents,
        guild_ready_timeout=0.01,
        help_command=None,
        **options,
    )
    add_prefix_commands(bot)
    add_visible_commands(bot)
    add_slash_commands(bot.tree)
    add_deferring_commands(bot.tree)

    async def setup() -> None:
        bot.add_view(Panel())
        await bot.tree.sync()

    bot.setup_hook = setup  # type: ignore[method-assign]
    return bot


def add_prefix_commands(bot: commands.AutoShardedBot) -> None:
    @bot.command()
    async def ping(ctx: commands.Context[Any]) -> None:
        await ctx.reply("pong")

    @bot.command()
    async def echo(ctx: commands.Context[Any], *, text: str) -> None:
        await ctx.send(text)

    @bot.command()
    async def safe(ctx: commands.Context[Any], *, text: str) -> None:
        await ctx.send(text, allowed_mentions=discord.AllowedMentions.none())

    @bot.command()
    async def card(ctx: commands.Context[Any]) -> None:
        embed = discord.Embed(title="r*", description="the neutral rate").add_field(name="now", value="0.8 %")
        await ctx.send("here:", embed=embed)

    @bot.command()
    async def chart(ctx: commands.Context[Any]) -> None:
        png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4) + (360).to_bytes(4)
        embed = discord.Embed(title="IWM").set_image(url="attachment://iwm.png")
        files = [
            discord.File(io.BytesIO(png), "iwm.png"),
            discord.File(io.BytesIO(b"a,b\n1,2\n"), "bars.csv"),
        ]
        await ctx.send(embed=embed, files=files)

    @bot.command()
    async def read(ctx: commands.Context[Any]) -> None:
        await ctx.send((await ctx.message.attachments[0].read()).decode())


def add_visible_commands(bot: commands.AutoShardedBot) -> None:
    @bot.command()
    async def panel(ctx: commands.Context[Any]) -> None:
        await ctx.send("panel", view=Panel())

    @bot.command()
    async def revise(ctx: commands.Context[Any]) -> None:
        sent = await ctx.send("first")
        await sent.edit(content="second")
        async with ctx.typing():
            await ctx.message.add_reaction("✅")

    @bot.command()
    async def whisper(ctx: commands.Context[Any]) -> None:
        await ctx.author.send("psst")


def add_slash_commands(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="Explain a term")
    @app_commands.describe(term="The term", length="How much to say")
    async def define(interaction: discord.Interaction, term: str, length: app_commands.Range[int, 1, 5] = 1) -> None:
        await interaction.response.send_message(f"{term} x{length}")

    @define.autocomplete("term")
    async def terms(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name.upper(), value=name) for name in TERMS if current in name]

    @tree.command(description="Rate of change")
    @app_commands.choices(span=[app_commands.Choice(name="a year", value="1y")])
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def roc(interaction: discord.Interaction, symbol: str, span: str = "3m") -> None:
        kinds = [interaction.is_guild_integration(), interaction.is_user_integration()]
        rights = interaction.app_permissions.embed_links
        await interaction.response.send_message(f"{symbol} {span} {kinds} {rights}", embed=discord.Embed(title="roc"))

    alert = app_commands.Group(name="alert", description="Alerts", guild_only=True)

    @alert.command(description="Add an alert")
    async def add(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(AlertForm())

    @alert.command(description="Tell somebody")
    async def tell(
        interaction: discord.Interaction,
        who: discord.Member,
        where: discord.TextChannel,
        what: discord.Attachment,
    ) -> None:
        text = (await what.read()).decode()
        await interaction.response.send_message(f"{who.display_name} {where.name} {text}")

    tree.add_command(alert)

    @tree.context_menu(name="Find Terms")
    async def find_terms(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"terms in: {message.content}")

    @tree.context_menu(name="Greet")
    async def greet(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"hello {member.display_name}")


def add_deferring_commands(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="Slow")
    @app_commands.default_permissions(manage_guild=True)
    async def admin(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("yes")

    @tree.command(description="Defers, then follows up twice")
    async def scan(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("first", ephemeral=True)
        more = await interaction.followup.send("second", ephemeral=True, wait=True)
        await more.edit(content="second, edited")

    @tree.command(description="Defers and edits")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        file = discord.File(io.BytesIO(b"x"), "x.txt")
        await interaction.edit_original_response(content="ready", attachments=[file])


if __name__ == "__main__":
    discord.http.Route.BASE = os.environ["RANGEFINDER_DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["RANGEFINDER_DISCORD_GATEWAY"])
    asyncio.run(make_bot().start(os.environ["DISCORD_TOKEN"]))
