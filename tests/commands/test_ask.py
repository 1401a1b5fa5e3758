"""`ask`: a question in plain words becomes the command that it means."""

from __future__ import annotations

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question, read_slash
from bot.desk import Caller, Desk


async def test_it_is_the_question_itself(desk: Desk, registry: Registry) -> None:
    asked = registry.get("ask")
    assert asked is not None
    for words in ("is IWM in a rally?", "what is contango", "250 euros in dollars", "roc gold"):
        bare = read_question(desk, registry, words)
        for call in (
            read_question(desk, registry, f"!ask {words}"),
            read_slash(desk, registry, asked, {"question": words}),
        ):
            assert (call.command, call.options) == (bare.command, bare.options)
            assert (call.error and call.error.message) == (bare.error and bare.error.message)


async def test_without_a_question_it_says_what_to_ask(desk: Desk, registry: Registry) -> None:
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, "!ask"))
    assert reply.error is not None
    assert reply.error.code == "bad_input"
