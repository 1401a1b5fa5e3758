"""`about`: what this process runs on."""

from __future__ import annotations

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk


async def test_about_tells_how_each_provider_does(desk: Desk, registry: Registry) -> None:
    before = await answer(desk, registry, Caller(), read_question(desk, registry, "!about"))
    assert [row.value for row in before.rows] == ["not asked yet"]
    await answer(desk, registry, Caller(), read_question(desk, registry, "!roc IWM"))
    after = await answer(desk, registry, Caller(), read_question(desk, registry, "!about"))
    assert "0 seconds ago" in after.rows[0].value
    assert after.data is not None
    assert after.data["providers"][0]["state"] == "ok"
