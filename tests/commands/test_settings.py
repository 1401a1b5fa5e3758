"""`settings`: for those who may manage a server."""

from __future__ import annotations

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk


async def test_what_belongs_to_servers_and_their_managers(desk: Desk, registry: Registry) -> None:
    for caller, code in (
        (Caller(1), "not_permitted"),
        (Caller(1, 2, 3), "not_permitted"),
        (Caller(1, 2, 3, may_manage=True), None),
    ):
        reply = await answer(desk, registry, caller, read_question(desk, registry, "!settings"))
        assert (reply.error and reply.error.code) == code


async def test_a_change_is_shown_and_kept(desk: Desk, registry: Registry) -> None:
    owner = Caller(1, 2, 3, may_manage=True)
    changed = await answer(desk, registry, owner, read_question(desk, registry, "!settings prefix ?"))
    assert changed.headline == "prefix is now ?."
    assert desk.store.settings(3).prefix == "?"
    shown = await answer(desk, registry, owner, read_question(desk, registry, "!settings"))
    assert dict(shown.data or {})["prefix"] == "?"
    for wrong in ("!settings prefix", "!settings flurble on"):
        refused = await answer(desk, registry, owner, read_question(desk, registry, wrong))
        assert refused.error is not None
        assert refused.error.code == "bad_input"
