"""Rate limits, faults and refusals: a real discord.py against the loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from tests.loopback_discord.command_limits import check_commands
from tests.loopback_discord.example_bot import make_bot
from tests.loopback_discord.limits import check_choices, check_message, check_modal
from tests.loopback_discord.schema import load_spec
from tests.loopback_discord.wire import ApiError, Json

if TYPE_CHECKING:
    from tests.loopback_discord.server import LoopbackDiscord

MESSAGES = "/channels/{channel_id}/messages"


@pytest.mark.parametrize("everywhere", [False, True])
async def test_429_survived(discord_server: LoopbackDiscord, everywhere: bool) -> None:
    async with discord_server.running(make_bot()):
        discord_server.rate_limit("POST", MESSAGES, times=2, everywhere=everywhere)
        assert (await discord_server.say(None, "!ping")).content == "pong"
        assert [call.status for call in discord_server.requests_to("POST", MESSAGES)] == [429, 429, 200]


async def test_502_survived(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        discord_server.fail("POST", MESSAGES)
        assert (await discord_server.say(None, "!ping")).content == "pong"
        assert [call.status for call in discord_server.requests_to("POST", MESSAGES)] == [502, 200]


async def test_real_bucket(discord_server: LoopbackDiscord) -> None:
    discord_server.limit("POST", MESSAGES, requests=2, per=0.1)
    async with discord_server.running(make_bot()) as bot:
        channel = bot.get_channel(discord_server.place(None).id)
        assert isinstance(channel, discord.TextChannel)
        for number in range(5):
            await channel.send(str(number))
        assert {call.status for call in discord_server.requests_to("POST", MESSAGES)} == {200}
    headers = {"Authorization": f"Bot {discord_server.token}"}
    url = f"{discord_server.api_base}/channels/{channel.id}/messages"
    async with aiohttp.ClientSession(headers=headers) as web:
        answers = [await web.post(url, json={"content": "x"}) for _ in range(4)]
        assert [one.status for one in answers].count(429) >= 1
        refused = next(one for one in answers if one.status == 429)
        assert refused.headers["Via"]
        assert (await refused.json())["retry_after"] <= 0.1


async def test_lost_connections(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()) as bot:
        channel = bot.get_channel(discord_server.place(None).id)
        assert isinstance(channel, discord.TextChannel)
        for after in (False, True):
            discord_server.drop("POST", MESSAGES, after=after)
            with pytest.raises((aiohttp.ClientError, OSError)):
                await channel.send(f"lost {after}")
        assert [one.content for one in discord_server.place(None).log] == ["lost True"]


async def test_held_requests(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        held = discord_server.hold("POST", MESSAGES)
        asked = await discord_server.post(None, "!ping")
        await held.arrived.wait()
        assert len(discord_server.place(None).log) == 1
        held.release()
        assert (await discord_server.answer_to(asked)).content == "pong"


async def test_unknown_and_unauthorised(discord_server: LoopbackDiscord) -> None:
    async with aiohttp.ClientSession() as web:
        assert (await web.get(f"{discord_server.api_base}/users/@me")).status == 401
        assert (await web.get(f"{discord_server.api_base}/nowhere")).status == 404
        answer = await web.get(
            f"{discord_server.api_base}/users/@me", headers={"Authorization": "Bot loopback.bot.token"}
        )
        assert answer.headers["Content-Type"] == "application/json"
    assert repr(discord_server.requests[0]) == "<GET /users/@me -> 401 0>"


def button(number: int, **also: Json) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "b", "custom_id": f"b{number}", **also}


def rows(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": [part]} for part in parts]


def select(count: int, **also: Json) -> dict[str, Any]:
    return {
        "type": 3,
        "custom_id": "s",
        "options": [{"label": "o", "value": str(n)} for n in range(count)],
        **also,
    }


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2001},
        {"embeds": [{"title": "x" * 257}]},
        {"embeds": [{"description": "x" * 4097}]},
        {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
        {"embeds": [{"fields": [{"name": "x" * 257, "value": "v"}]}]},
        {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]},
        {"embeds": [{"fields": [{"name": "n", "value": ""}]}]},
        {"embeds": [{"footer": {"text": "x" * 2049}}]},
        {"embeds": [{"description": "x" * 3001}] * 2},
        {"embeds": [{"title": "x"}] * 11},
        {"components": rows(*(button(n) for n in range(6)))},
        {"components": [{"type": 1, "components": [button(n) for n in range(6)]}]},
        {"components": rows(button(1), button(1))},
        {"components": rows(button(1, custom_id="x" * 101))},
        {"components": rows(button(1, label=""))},
        {"components": rows(button(1, url="https://example.org"))},
        {"components": [{"type": 1, "components": [select(2), button(1)]}]},
        {"components": rows(select(26))},
        {"components": rows(select(0))},
        {"components": rows(select(2, max_values=3))},
        {"components": [button(1)]},
        {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "x"}]},
        {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    ],
)
def test_message_limits(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        check_message(body, {})
    assert refused.value.code == 50035


def test_messages_at_the_limit() -> None:
    fields = [{"name": "n", "value": "v" * 100}] * 25
    check_message({"content": "x" * 2000, "embeds": [{"title": "x" * 256, "fields": fields}]}, {})
    five = [{"type": 1, "components": [button(5 * row + n) for n in range(5)]} for row in range(5)]
    check_message({"components": five}, {"a": b"x"})
    with pytest.raises(ApiError, match="40005"):
        check_message({}, {"a": b"x" * (10 * 2**20 + 1)})


def option(name: str = "o", **also: Json) -> dict[str, Any]:
    return {"name": name, "description": "d", "type": 3, **also}


def command(**also: Json) -> dict[str, Any]:
    return {"name": "c", "description": "d", **also}


CHOICE = {"name": "n", "value": "v"}
LONG = [{"name": "y" * 100, "value": "v" * 100}] * 2


@pytest.mark.parametrize(
    "commands",
    [
        [command(name="Upper")],
        [command(name="two words")],
        [command(name="x" * 33)],
        [command(description="")],
        [command(description="x" * 101)],
        [command(options=[option(description="")])],
        [command(options=[option(description="x" * 101)])],
        [command(options=[option("a"), option("b", required=True)])],
        [command(options=[option("a"), option("a")])],
        [command(options=[option(str(n)) for n in range(26)])],
        [command(options=[option(choices=[CHOICE] * 26)])],
        [command(options=[option(choices=[CHOICE], autocomplete=True)])],
        [command(options=[option(type=5, autocomplete=True)])],
        [command(options=[option("a"), option("b", type=1)])],
        [command(options=[option(str(n), description="x" * 100, choices=LONG) for n in range(25)])],
        [command(), command()],
        [command(name=f"c{n}") for n in range(101)],
        [command(type=3, options=[option()])],
    ],
)
def test_command_limits(commands: list[dict[str, Any]]) -> None:
    with pytest.raises(ApiError):
        check_commands(commands)


def test_commands_at_the_limit() -> None:
    check_commands([*(command(name=f"c{n}") for n in range(100)), {"name": "Any Case", "type": 3}])


def test_modal_and_choice_limits() -> None:
    text = {"type": 4, "custom_id": "t", "label": "l", "style": 1}
    check_modal({"title": "t", "custom_id": "c", "components": rows(text)})
    check_choices([CHOICE] * 25)
    for modal in ({"title": "x" * 46}, {"components": []}, {"components": rows(*[text] * 2)}):
        with pytest.raises(ApiError):
            check_modal({"title": "t", "custom_id": "c", "components": rows(text), **modal})
    for choices in ([CHOICE] * 26, [CHOICE | {"name": "x" * 101}]):
        with pytest.raises(ApiError):
            check_choices(choices)


@pytest.mark.shared
def test_description_finds_faults() -> None:
    spec = load_spec()
    if spec is None:
        pytest.skip("no description beside the project")
    assert spec.request("POST", MESSAGES, {"content": "x", "nonce": 1}) is None
    assert "too long" in str(spec.request("POST", MESSAGES, {"embeds": [{"title": "x" * 257}]}))
    assert spec.request("POST", "/nowhere", {}) == "no such operation"
    assert spec.request("GET", "/users/@me", {"x": 1}) == "takes no body"
    assert spec.request("POST", MESSAGES, None) == "needs a body"
    assert spec.response("GET", "/users/@me", 200, {"id": 1}) is not None
    assert spec.response("GET", "/users/@me", 302, None) == "status 302 is not described"


async def test_violations_are_kept(discord_server: LoopbackDiscord) -> None:
    if discord_server.spec is None:
        pytest.skip("no description beside the project")
    async with discord_server.running(make_bot()) as bot:
        channel = bot.get_channel(discord_server.place(None).id)
        assert isinstance(channel, discord.TextChannel)
        with pytest.raises(discord.HTTPException):
            await channel.send(embed=discord.Embed(title="x" * 257))
        await channel.send(embed=discord.Embed(title="x").set_image(url="attachment://missing.png"))
    kinds = [fault.kind for fault in discord_server.forgive()]
    assert kinds == ["request", "limit"]
