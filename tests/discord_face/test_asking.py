"""The ways to ask: prefix, mention, slash, in servers, direct messages and as a user install; each the same Reply."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk
from bot.discord_face.client import Rangefinder
from bot.settings import BY_NAME
from tests.discord_face.conftest import Running
from tests.discord_face.shown import expected, seen
from tests.loopback_discord import LoopbackDiscord, Refused

ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("define r-star", "define", {"term": "r-star"}),
    ("define contengo", "define", {"term": "contengo"}),
    ("contrast support vs resistance", "contrast", {"terms": "support vs resistance"}),
    ("roc IWM 10", "roc", {"symbol": "IWM", "periods": "10"}),
    ("roc 10 iwm", "roc", {"symbol": "iwm", "periods": "10"}),
    ("roc IWM SPY 5 21", "roc", {"symbol": "IWM SPY", "periods": "5 21"}),
    ("roc IWM asof:2025-06-02", "roc", {"symbol": "IWM", "as_of": "2025-06-02"}),
    ("rally IWM", "rally", {"symbol": "IWM"}),
    ("range RUT", "range", {"symbol": "RUT"}),
    ("help", "help", {}),
    ("help roc", "help", {"command": "roc"}),
    ("about", "about", {}),
]


async def facts(desk: Desk, registry: Registry, question: str) -> list[str]:
    """What a question's answer has to show."""
    return expected(await answer(desk, registry, Caller(person=1), read_question(desk, registry, f"!{question}")))


@pytest.mark.parametrize(("question", "name", "options"), ASKED, ids=[one[0] for one in ASKED])
async def test_every_way_of_asking_gets_the_same_answer(
    discord_server: LoopbackDiscord,
    bot: Rangefinder,
    registry: Registry,
    question: str,
    name: str,
    options: dict[str, Any],
) -> None:
    typed = seen(await discord_server.say(None, f"!{question}"))
    mentioned = seen(await discord_server.say(None, f"{discord_server.bot.mention} {question}"))
    slashed = await discord_server.slash(name, options)
    assert mentioned == typed
    assert seen(slashed.answer) == typed
    assert slashed.ephemeral == (name == "help")
    assert not slashed.deferred
    at = 0
    for fact in await facts(bot.desk, registry, question):
        at = typed.index(fact, at) + len(fact)
    assert await discord_server.say(discord_server.dm(discord_server.person(None)), question)


async def test_settings_by_every_way(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    owner = discord_server.owner
    typed = await discord_server.say(None, "!settings", by=owner)
    mentioned = await discord_server.say(None, f"{discord_server.bot.mention} settings", by=owner)
    slashed = await discord_server.slash("settings", by=owner)
    assert seen(typed) == seen(mentioned) == seen(slashed.answer)
    assert "prefix !" in seen(typed)
    assert slashed.ephemeral


async def test_answers_reply_without_a_ping(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    asked = await discord_server.post(None, "!define rally")
    told = await discord_server.answer_to(asked)
    assert told.reply_to is asked
    assert not told.pinged
    assert told.allowed_mentions == {"parse": []}


@pytest.mark.parametrize("text", ["!roc IWM 10", "roc IWM 10", "  ROC iwm", "<@{bot}> !roc IWM 10"])
async def test_direct_messages_need_no_prefix(discord_server: LoopbackDiscord, bot: Rangefinder, text: str) -> None:
    dm = discord_server.dm(discord_server.person(None))
    told = await discord_server.say(dm, text.format(bot=discord_server.bot.id))
    assert "IWM is " in seen(told)
    assert "over 10 sessions" in seen(told)


async def test_a_bare_mention_says_how_to_ask(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    assert "!define r-star" in seen(await discord_server.say(None, discord_server.bot.mention))


async def test_user_install_in_a_group_and_in_a_foreign_server(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    eve = discord_server.add_person("Eve", member=False)
    eve.installed = True
    friend = discord_server.add_person("Kim", member=False)
    group = discord_server.group(eve, friend)
    told = await discord_server.slash("roc", {"symbol": "IWM"}, by=eve, channel=group)
    assert "IWM is " in seen(told.answer)
    foreign = discord_server.add_guild("Elsewhere", has_bot=False)
    discord_server.join(eve, foreign)
    place = next(iter(foreign.channels.values()))
    elsewhere = await discord_server.slash("define", {"term": "rally"}, by=eve, channel=place)
    assert elsewhere.answer.embed["title"] == "Rally" or elsewhere.content
    with pytest.raises(Refused):
        await discord_server.slash("settings", by=eve, channel=group)


async def test_settings_are_not_offered_in_direct_messages(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    dm = discord_server.dm(discord_server.owner)
    with pytest.raises(Refused):
        await discord_server.slash("settings", by=discord_server.owner, channel=dm)
    assert "belongs to a server" in seen(await discord_server.say(dm, "!settings", by=discord_server.owner))
    for name in ("define", "roc", "rally", "range", "help", "about", "contrast"):
        command = discord_server.find_slash(name, discord_server.owner, dm)[0]
        assert command["contexts"] == [0, 1, 2]
        assert command["integration_types"] == [0, 1]


async def test_errors_misses_and_help_are_private_on_slash(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    for name, options in (
        ("define", {"term": "flurble"}),
        ("roc", {"symbol": "IWM", "periods": "0"}),
        ("roc", {"symbol": "../etc"}),
        ("contrast", {"terms": "support"}),
        ("help", {}),
    ):
        told = await discord_server.slash(name, options)
        assert told.ephemeral, name
        assert "rf:x:" not in str(told.answer.components)
    assert not (await discord_server.slash("define", {"term": "rally"})).ephemeral


async def test_autocomplete(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    terms = await discord_server.autocomplete("define", "term", {"term": "conta"})
    assert {"name": "Contango", "value": "Contango"} in terms
    pairs = await discord_server.autocomplete("contrast", "terms", {"terms": "support vs resist"})
    assert pairs[0]["value"] == "support vs Resistance"
    symbols = await discord_server.autocomplete("roc", "symbol", {"symbol": "rus"})
    assert any("Russell" in one["name"] for one in symbols)
    spans = await discord_server.autocomplete("roc", "periods", {"symbol": "IWM", "periods": "2"})
    assert [one["value"] for one in spans] == ["21", "252"]
    assert {"name": "roc", "value": "roc"} in await discord_server.autocomplete("help", "command", {"command": "r"})
    setting = await discord_server.autocomplete("settings", "setting", {"setting": ""}, by=discord_server.owner)
    assert [one["value"] for one in setting] == list(BY_NAME)
    for typed in ("", "x" * 200, "@everyone", "🚀", "r*"):
        for name, option in (("define", "term"), ("roc", "symbol"), ("rally", "symbol")):
            assert len(await discord_server.autocomplete(name, option, {option: typed})) <= 25


async def test_every_option_that_has_an_end_to_its_values_offers_them(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    """By name: what is measured, what to do, the kind of thing, conditions, currencies, names."""
    expected = {
        ("rank", "by", "r"): "rally",
        ("watchlist", "action", "a"): "add",
        ("working", "what", "ra"): "rally",
        ("alert", "condition", "rally"): "rally_starts",
        ("rate", "base", "eu"): "EUR",
        ("rate", "quote", "us"): "USD",
        ("index", "name", "russ"): "RUT",
    }
    for (command, option, typed), value in expected.items():
        offered = await discord_server.autocomplete(command, option, {option: typed})
        assert any(value.casefold() in one["value"].casefold() for one in offered), (command, option, offered)
    for entry in bot.registry.commands:
        command, _ = discord_server.find_command(1, entry.name, discord_server.owner, discord_server.place(None))
        for sent in command.get("options", []):
            if sent["name"] == "private":
                assert sent["type"] == 5
                continue
            option_of = entry.option(sent["name"])
            assert option_of is not None
            assert bool(sent.get("autocomplete")) == option_of.converter.completes, (entry.name, sent["name"])
            assert 1 <= sent["max_length"] <= 4_000, (entry.name, sent["name"])


async def test_several_servers_on_several_shards(running: Running, desk: Desk, registry: Registry) -> None:
    """Each server is answered in its own channel, by its own prefix, what it asked and nothing else."""
    async with LoopbackDiscord(shards=2) as server:
        even, odd = server.add_guild("even", shard=(0, 2)), server.add_guild("odd", shard=(1, 2))
        server.add_person()
        made = Rangefinder(desk, registry, content=True, guild_ready_timeout=0.01)
        places = {guild: next(iter(guild.channels.values())) for guild in (even, odd)}
        async with server.running(made):
            assert sorted(one["shard"][0] for one in server.gateway.identifies) == [0, 1]
            assert "prefix is now ?" in seen(await server.say(places[odd], "!settings prefix ?", by=server.owner))
            asked = {
                even: await server.post(places[even], "!roc IWM 10"),
                odd: await server.post(places[odd], "?rally SPY"),
            }
            told = {guild: await server.answer_to(one) for guild, one in asked.items()}
            assert "IWM is " in seen(told[even])
            assert "over 10 sessions" in seen(told[even])
            assert told[odd].embed["title"].startswith("SPY")
            assert "rally" in seen(told[odd])
            for guild, one in told.items():
                assert one.channel is places[guild]
                assert one.reply_to is asked[guild]
            await server.no_answer(places[odd], "!roc IWM", sentinel="?about")
            await server.no_answer(places[even], "?roc IWM", sentinel="!about")
            slashed = await server.slash("roc", {"symbol": "QQQ"}, channel=places[odd])
            assert "QQQ is " in seen(slashed.answer)
            said = {guild: [m for m in place.log if m.author is server.bot] for guild, place in places.items()}
            assert len(said[even]) == 3
            assert len(said[odd]) == 5
        assert not server.violations
