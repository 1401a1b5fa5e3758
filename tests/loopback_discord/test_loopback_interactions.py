"""Slash commands, components, modals and context menus: a real discord.py against the loopback."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import pytest
import pytest_asyncio

from tests.loopback_discord import LoopbackDiscord, VirtualClock
from tests.loopback_discord.example_bot import make_bot
from tests.loopback_discord.wire import Json, NoAnswer, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture
async def live(discord_server: LoopbackDiscord) -> AsyncIterator[LoopbackDiscord]:
    """The loopback with the example bot connected."""
    async with discord_server.running(make_bot()):
        yield discord_server


async def test_slash(live: LoopbackDiscord) -> None:
    one = await live.slash("define", {"term": "r-star", "length": 3})
    assert one.content == "r-star x3"
    assert (one.response_type, one.deferred, one.ephemeral, one.followups) == (4, False, False, [])
    assert one.delay is not None
    assert one.answer.data["type"] == 20
    assert [choice["value"] for choice in await live.autocomplete("define", "term", {"term": "r"})] == [
        "r-star",
        "rally",
        "range",
        "roc",
    ]
    assert (await live.slash("roc", {"symbol": "IWM", "span": "a year"})).content.startswith("IWM 1y")


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("nothing", {}, "no command"),
        ("define", {}, "required"),
        ("define", {"term": "x", "length": 6}, "not between"),
        ("define", {"term": "x", "length": "3"}, "option type"),
        ("define", {"term": "x", "tone": 1}, "no options"),
        ("roc", {"symbol": "IWM", "span": "ever"}, "not a choice"),
        ("alert", {}, "sub-command"),
        ("admin", {}, "lacks the permissions"),
    ],
)
async def test_the_client_refuses(live: LoopbackDiscord, name: str, options: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        await live.slash(name, options)


async def test_rights_for_a_command(live: LoopbackDiscord) -> None:
    role = live.add_role(next(iter(live.guilds.values())), "mods", "manage_guild")
    mod = live.add_person("Mo", roles=[role])
    assert (await live.slash("admin", by=mod)).content == "yes"
    assert (await live.slash("admin", by=live.owner)).content == "yes"


async def test_deferral_and_follow_ups(live: LoopbackDiscord) -> None:
    one = await live.slash("scan")
    await live.until(lambda: one.followups and one.followups[0].edited)
    assert one.deferred
    assert one.ephemeral
    assert one.content == "first"
    assert [message.content for message in one.followups] == ["second, edited"]
    assert one.followups[0].ephemeral
    slow = await live.slash("slow")
    assert slow.content == "ready"
    assert slow.answer.files == {"x.txt": b"x"}


async def test_options_with_objects(live: LoopbackDiscord) -> None:
    place = live.place(None)
    one = await live.slash("alert tell", {"who": live.person(None), "where": place, "what": ("q.txt", b"hello")})
    assert one.content == "Ada general hello"


async def test_components(live: LoopbackDiscord) -> None:
    panel = await live.say(None, "!panel")
    changed = await live.click(panel, "Count")
    assert changed.response_type == 7
    assert changed.answer is panel
    assert panel.content == "counted"
    details = await live.click(panel, "details")
    assert details.ephemeral
    assert details.answer.seen_by is live.person(None)
    assert details.answer.reply_to is panel
    assert (await live.choose(panel, "pick", "Rally")).content == "picked rally"
    for forbidden in ("Closed", "pick"):
        with pytest.raises(Refused):
            await live.click(panel, forbidden)
    with pytest.raises(Refused):
        await live.choose(panel, "pick", "nonsense")
    with pytest.raises(Refused):
        await live.choose(panel, "pick", "rally", "roc")
    with pytest.raises(LookupError):
        await live.click(panel, "Nowhere")
    assert (await live.click(panel, "later")).content == "done later"
    assert panel.components == []


async def test_modals(live: LoopbackDiscord) -> None:
    opened = await live.slash("alert add")
    assert opened.modal["title"] == "New alert"
    assert (await live.submit(opened, {"Symbol": "IWM", "note": "dip"})).content == "alert on IWM dip"
    for values in ({"symbol": ""}, {"symbol": "x" * 9}, {"symbol": "IWM", "other": "x"}):
        with pytest.raises(Refused):
            await live.submit(opened, values)
    panel = await live.say(None, "!panel")
    pressed = await live.click(panel, "form")
    assert (await live.submit(pressed, {"symbol": "SPY"})).content == "alert on SPY"


async def test_context_menus(live: LoopbackDiscord) -> None:
    said = await live.post(None, "is r* high?")
    assert (await live.use_on_message("Find Terms", said)).content == "terms in: is r* high?"
    assert (await live.use_on_user("Greet", live.person(None), by=live.owner)).content == "hello Ada"


async def test_contexts_and_installations(live: LoopbackDiscord) -> None:
    ada, eve = live.person(None), live.add_person("Eve", member=False)
    assert "[True, False] True" in (await live.slash("roc", {"symbol": "IWM"})).content
    elsewhere = live.add_guild("Elsewhere", has_bot=False)
    live.join(ada, elsewhere)
    there = next(iter(elsewhere.channels.values()))
    group = live.group(ada, eve)
    for place in (there, group):
        with pytest.raises(Refused, match="not offered"):
            await live.slash("roc", {"symbol": "IWM"}, channel=place)
    ada.installed = True
    for place in (there, group):
        one = await live.slash("roc", {"symbol": "IWM"}, channel=place)
        assert "[False, True]" in one.content
        assert one.payload["authorizing_integration_owners"] == {"1": str(ada.id)}
    assert [(await live.slash("roc", {"symbol": "A"}, channel=live.dm(ada))).payload["context"]] == [1]
    with pytest.raises(Refused, match="not offered"):
        await live.slash("alert add", channel=live.dm(ada))


async def test_embeds_vanish_where_they_may_not_be(live: LoopbackDiscord) -> None:
    live.lacks(live.place(None), "embed_links")
    one = await live.slash("roc", {"symbol": "IWM"})
    assert one.content.endswith("False")
    assert one.answer.embeds == []


def custom_bot(name: str, body: Json) -> Json:
    """The example bot with one more slash command."""
    bot = make_bot()
    bot.tree.add_command(discord.app_commands.Command(name=name, description=name, callback=body))
    return bot


async def test_second_answer_is_refused(discord_server: LoopbackDiscord) -> None:
    codes: list[int] = []

    async def twice(interaction: discord.Interaction) -> None:
        raw = interaction.client.http.request
        route = discord.http.Route(
            "POST", "/interactions/{id}/{token}/callback", id=interaction.id, token=interaction.token
        )
        await raw(route, json={"type": 4, "data": {"content": "one"}})
        try:
            await raw(route, json={"type": 4, "data": {"content": "two"}})
        except discord.HTTPException as error:
            codes.append(error.code)
        await interaction.followup.send("checked")

    async with discord_server.running(custom_bot("twice", twice)):
        one = await discord_server.slash("twice")
        await discord_server.until(lambda: one.followups)
        assert codes == [40060]
        assert one.content == "one"


async def test_late_answers_are_refused_by_the_clock() -> None:
    clock = VirtualClock()
    codes: list[int] = []
    refused = asyncio.Event()
    started = asyncio.Event()
    go = asyncio.Event()

    async def late(interaction: discord.Interaction) -> None:
        started.set()
        await go.wait()
        try:
            await interaction.response.send_message("too late")
        except discord.NotFound as error:
            codes.append(error.code)
            refused.set()

    async with LoopbackDiscord(clock=clock) as server:
        server.add_guild()
        server.add_person()
        async with server.running(custom_bot("late", late)):
            assert (await server.slash("define", {"term": "x"})).delay == 0
            one = await server.slash("late", wait="nothing")
            await asyncio.wait_for(started.wait(), 5)
            clock.advance(3.1)
            go.set()
            await asyncio.wait_for(refused.wait(), 5)
            assert codes == [10062]
            assert not one.acknowledged
            with pytest.raises(NoAnswer):
                await server.until(lambda: one.answered, timeout=0.01)
        assert server.violations == []


async def test_deleted_original(discord_server: LoopbackDiscord) -> None:
    async def brief(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.delete_original_response()

    async with discord_server.running(custom_bot("brief", brief)):
        one = await discord_server.slash("brief")
        assert one.deleted_original
        with pytest.raises(AssertionError, match="no message"):
            _ = one.answer


class Card(discord.ui.LayoutView):
    """The newer components: text, a section with a button, a select of people."""

    def __init__(self) -> None:
        super().__init__()
        button: discord.ui.Button[Any] = discord.ui.Button(label="More", custom_id="more")
        people: discord.ui.UserSelect[Any] = discord.ui.UserSelect(custom_id="people", max_values=2)
        people.callback = self.chosen  # type: ignore[method-assign]
        button.callback = self.more  # type: ignore[method-assign]
        section = discord.ui.Section(discord.ui.TextDisplay("r* is 0.8 %"), accessory=button)
        row = discord.ui.ActionRow(people)
        self.add_item(discord.ui.Container(section, discord.ui.Separator(), row))

    async def more(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Survey())

    async def chosen(self, interaction: discord.Interaction) -> None:
        names = [one["global_name"] for one in interaction.data["resolved"]["users"].values()]  # type: ignore
        await interaction.response.send_message(" ".join(names))


class Survey(discord.ui.Modal, title="Survey"):
    """A modal of labels around a select and a text input."""

    intro = discord.ui.TextDisplay("Which span?")
    span = discord.ui.Label(
        text="Span",
        component=discord.ui.Select(
            custom_id="span", options=[discord.SelectOption(label="1y"), discord.SelectOption(label="3m")]
        ),
    )
    why = discord.ui.Label(text="Why", component=discord.ui.TextInput(custom_id="why", required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(
            view=discord.ui.LayoutView().add_item(discord.ui.TextDisplay(self.span.component.values[0]))
        )  # type: ignore


async def test_newer_components(discord_server: LoopbackDiscord) -> None:
    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Card(), ephemeral=True)

    async with discord_server.running(custom_bot("card", card)):
        one = await discord_server.slash("card")
        ada, eve = discord_server.person(None), discord_server.add_person("Eve")
        assert (await discord_server.choose(one.answer, "people", ada, eve)).content == "Ada Eve"
        pressed = await discord_server.click(one.answer, "More")
        changed = await discord_server.submit(pressed, {"Span": "3m"})
        assert changed.answer is one.answer
        assert [part["content"] for part in one.answer.parts()] == ["3m"]
        with pytest.raises(Refused, match="nobody"):
            await discord_server.click(one.answer, "3m", by=eve)
