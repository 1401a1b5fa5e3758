"""Buttons and menus: they carry what they need, and work in another process than the one that sent them."""

from __future__ import annotations

import logging

import pytest

from bot.desk import Desk
from bot.discord_face.client import Rangefinder
from bot.discord_face.controls import pressed
from tests.conftest import OpenDesk
from tests.discord_face.conftest import Running
from tests.discord_face.shown import custom_ids, seen
from tests.loopback_discord import LoopbackDiscord
from tests.providers.building import fields_of


async def test_the_asker_alone_deletes_an_answer(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    ada, eve = discord_server.person(None), discord_server.add_person("Eve")
    told = await discord_server.say(None, "!roc IWM", by=ada)
    refused = await discord_server.click(told, "Delete", by=eve)
    assert refused.ephemeral
    assert "Only the person who asked" in refused.content
    assert not told.deleted
    await discord_server.click(told, "Delete", by=ada)
    assert told.deleted


async def test_slash_answers_and_errors_can_be_deleted_too(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    one = await discord_server.slash("roc", {"symbol": "IWM"})
    await discord_server.click(one.answer, "Delete")
    assert one.answer.deleted if one.original is None else one.original.deleted
    wrong = await discord_server.say(None, "!roc IWM 0")
    await discord_server.click(wrong, "Delete")
    assert wrong.deleted


async def test_those_who_manage_messages_delete_too(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!roc IWM")
    await discord_server.click(told, "Delete", by=discord_server.owner)
    assert told.deleted


async def test_a_press_on_an_answer_that_is_gone(
    discord_server: LoopbackDiscord, bot: Rangefinder, caplog: pytest.LogCaptureFixture
) -> None:
    told = await discord_server.say(None, "!roc IWM")
    discord_server.fail("DELETE", "/webhooks/*", status=404)
    await discord_server.click(told, "Delete", wait="acknowledge")
    await discord_server.until(lambda: discord_server.count("DELETE", "/webhooks/*"))
    assert await discord_server.say(None, "!about")
    assert not [record for record in caplog.records if record.exc_info]


async def test_controls_work_after_a_restart(
    discord_server: LoopbackDiscord, running: Running, open_demo: OpenDesk
) -> None:
    async with open_demo() as desk, running(desk):
        term = await discord_server.say(None, "!define contango")
        market = await discord_server.say(None, "!roc IWM")
        missed = await discord_server.say(None, "!roc IWM 0")
    async with open_demo() as desk, running(desk, synced=False):
        what = await discord_server.click(market, "What is ROC?")
        assert what.ephemeral
        assert what.answer.embed["title"].casefold().startswith("rate of change")
        menu = next(part for part in term.parts() if part["type"] == 3)
        assert menu["placeholder"] == "Related terms"
        chosen = await discord_server.choose(term, menu["custom_id"], menu["options"][0]["value"])
        assert chosen.ephemeral
        assert chosen.answer.embed["title"] == menu["options"][0]["label"]
        example = await discord_server.click(missed, "!roc IWM 10")
        assert "IWM is " in seen(example.answer)
        for told in (term, market, missed):
            await discord_server.click(told, "Delete")
            assert told.deleted


async def test_public_and_private_buttons(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    ada, eve = discord_server.person(None), discord_server.add_person("Eve")
    term = await discord_server.say(None, "!define rate of change", by=ada)
    public = [one for one in custom_ids(term) if one.startswith("rf:p:")]
    assert public
    one = await discord_server.click(term, public[0], by=eve)
    assert not one.ephemeral
    assert f"rf:x:{eve.id}" in custom_ids(one.answer)
    miss = await discord_server.say(None, "!define suport levels of the thing", by=ada)
    assert all(not one.startswith("rf:p:") for one in custom_ids(miss))


async def test_suggestions_are_buttons(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    miss = await discord_server.slash("define", {"term": "contngoo"})
    buttons = [part for part in miss.answer.parts() if part["type"] == 2]
    if buttons:
        told = await discord_server.click(miss.answer, buttons[0]["custom_id"])
        assert told.ephemeral
        assert told.answer.embed["title"]
    wrong = await discord_server.say(None, "!define")
    assert "rf:q:!define r-star" in custom_ids(wrong)


async def test_a_press_on_a_guess_is_counted_by_its_id_alone(
    discord_server: LoopbackDiscord, bot: Rangefinder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    asked = await discord_server.say(None, "!define trading with money that was borrowed by somebody")
    offered = [one for one in custom_ids(asked) if one.startswith("rf:t:!define ")]
    assert len(offered) == 3
    told = await discord_server.click(asked, offered[0])
    assert told.ephemeral
    counted = [record for record in caplog.records if record.message == "offered term chosen"]
    assert [fields_of(record) for record in counted] == [
        {"command": "define", "term": offered[0].removeprefix("rf:t:!define ")}
    ]


@pytest.mark.parametrize("content", [{}, {"custom_id": "other"}, {"custom_id": "rf:z:1"}, {"custom_id": "rf:s:0"}])
def test_what_is_not_ours_is_nothing(content: dict[str, str]) -> None:
    assert pressed(content)[1] == ""


async def test_presses_count_as_questions(discord_server: LoopbackDiscord, running: Running, desk: Desk) -> None:
    from dataclasses import replace

    import attrs

    async with running(replace(desk, config=attrs.evolve(desk.config, cooldowns=True)), tick=lambda: 0.0):
        told = await discord_server.say(None, "!roc IWM")
        for _ in range(5):
            await discord_server.click(told, "What is ROC?")
        assert "ask again in 12 s" in seen((await discord_server.click(told, "What is ROC?")).answer)


async def test_a_symbol_that_is_not_clear_is_asked_back_with_buttons(
    discord_server: LoopbackDiscord, running: Running, desk: Desk
) -> None:
    async with running(desk):
        asked = await discord_server.say(None, "!compare morgan SPY 21 asof:2025-06-02")
        assert seen(asked) == "⚠ “morgan” can mean JPM (JPMorgan Chase & Co.) or MS (Morgan Stanley). Which one?"
        assert [one for one in custom_ids(asked) if one.startswith("rf:q:")] == [
            "rf:q:!compare JPM SPY 21 asof:2025-06-02",
            "rf:q:!compare MS SPY 21 asof:2025-06-02",
        ]
        slashed = await discord_server.slash("roc", {"symbol": "gold", "periods": "5", "as_of": "2025-06-02"})
        assert slashed.ephemeral
        labels = [part["label"] for part in slashed.answer.parts() if part["type"] == 2]
        assert labels == ["XAU/USD", "GC=F", "GLD"]
        assert custom_ids(slashed.answer) == [
            "rf:q:!roc XAU/USD 5 asof:2025-06-02",
            "rf:q:!roc GC=F 5 asof:2025-06-02",
            "rf:q:!roc GLD 5 asof:2025-06-02",
        ]


async def test_the_button_of_a_symbol_answers_the_whole_question(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    asked = await discord_server.say(None, "!roc appple 5 asof:2025-06-02")
    pressed_one = await discord_server.click(asked, "AAPL")
    typed = await discord_server.say(None, "!roc AAPL 5 asof:2025-06-02")
    assert "over 5 sessions" in seen(typed)
    assert seen(pressed_one.answer) == seen(typed)


async def test_a_typed_symbol_without_prices_offers_the_nearest(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    asked = await discord_server.say(None, "!roc APPEL 5 asof:2025-06-02")
    assert "no provider here has it. Did you mean AAPL (Apple Inc.) or APP (AppLovin Corporation)?" in seen(asked)
    pressed_one = await discord_server.click(asked, "AAPL")
    assert seen(pressed_one.answer) == seen(await discord_server.say(None, "!roc AAPL 5 asof:2025-06-02"))


async def test_a_button_that_changes_what_is_kept_is_its_askers(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    ada, eve = discord_server.person(None), discord_server.add_person("Eve")
    told = await discord_server.say(None, "!watchlist IWM", by=ada)
    add = f"rf:o:{ada.id}:!watchlist add IWM"
    assert add in custom_ids(told)
    refused = await discord_server.click(told, add, by=eve)
    assert refused.ephemeral
    assert refused.content == "This button is its asker's. For yourself, ask !watchlist add IWM"
    assert await bot.desk.store.watchlist(eve.id) == ()
    mine = await discord_server.click(told, add, by=ada)
    assert mine.ephemeral
    assert await bot.desk.store.watchlist(ada.id) == ("IWM",)
    assert await bot.desk.store.watchlist(eve.id) == ()


async def test_every_button_under_a_public_answer_that_writes_is_bound(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    """Whatever asks for it: an error, a menu of readings, an answer of another command."""
    writing = {entry.name for entry in bot.registry.commands if entry.writes}
    assert {"watchlist", "settings"} <= writing
    for text in ("!watchlist IWM", "!watchlist add", "!watchlist add gold", "!rank watchlist", "!settings nonsense"):
        told = await discord_server.say(None, text, by=discord_server.owner)
        for custom_id in custom_ids(told):
            kind, ask = pressed({"custom_id": custom_id})
            word = ask.split(":")[-1].removeprefix("!").split(" ")[0]
            assert word not in writing or kind == "rf:o:", custom_id
