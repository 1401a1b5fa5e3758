"""`help`: every command can be explained."""

from __future__ import annotations

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk


async def test_help_knows_every_command(desk: Desk, registry: Registry) -> None:
    whole = await answer(desk, registry, Caller(), read_question(desk, registry, "!help"))
    assert whole.data is not None
    listed = [one["name"] for one in whole.data["commands"]]
    assert set(listed) | {"help", "alert"} >= {entry.name for entry in registry.commands}
    for name in listed:
        one = await answer(desk, registry, Caller(), read_question(desk, registry, f"!help !{name}"))
        assert one.error is None
        assert one.private
    missed = await answer(desk, registry, Caller(), read_question(desk, registry, "!help flurble"))
    assert missed.error is not None
    assert missed.error.code == "unknown_command"


async def test_one_command_shows_how_it_is_typed_and_its_options(desk: Desk, registry: Registry) -> None:
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, "!help rank"))
    entry = registry.get("rank")
    assert entry is not None
    shown = {row.label for row in reply.rows}
    assert {option.name for option in entry.options} <= shown
    assert entry.usage in [row.value for row in reply.rows]
