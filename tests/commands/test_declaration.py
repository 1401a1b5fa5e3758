"""A declaration: the signature gives the options; names and roles belong to one command each."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest

from bot.commands.converters import DateConverter, LookbackConverter, SymbolConverter
from bot.commands.declaration import Call, Registry, command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.render.reply import Reply


def test_a_command_is_its_signature() -> None:
    @command("probe", "A probe of the registry", examples=["!probe IWM"], aliases=("p",))
    async def probe(
        desk: Desk,
        caller: Caller,
        *,
        symbol: Annotated[tuple[Any, ...], SymbolConverter()],
        periods: Annotated[Any, LookbackConverter()] = (10,),
        as_of: Annotated[date | None, DateConverter()] = None,
    ) -> Reply:
        raise UserError("No.")

    assert probe.usage == "!probe SYMBOL [PERIODS] [asof:DATE]"
    assert [option.required for option in probe.options] == [True, False, False]
    registry = Registry([probe])
    assert registry.get("P") is probe
    assert registry.names == ("probe", "p")
    with pytest.raises(ValueError, match="two commands are named 'probe'"):
        Registry([probe, command("probe", "Another", examples=["!probe"])(probe.run)])


def test_an_option_needs_one_kind() -> None:
    async def bare(desk: Desk, caller: Caller, *, symbol: str = "") -> Reply:
        raise UserError("No.")

    with pytest.raises(TypeError, match="exactly one Converter"):
        command("bare", "No kind", examples=["!bare"])(bare)


def test_a_role_belongs_to_one_command(registry: Registry) -> None:
    for role in ("bare_terms", "plain_questions", "shows_working", "overview"):
        entry = registry.of_role(role)  # type: ignore[arg-type]
        assert entry is not None
        twin = command("twin", "Another of its role", examples=["!twin"], role=role)(entry.run)
        with pytest.raises(ValueError, match=f"two commands have the role '{role}'"):
            Registry([*registry.commands, twin])


def test_a_call_cannot_be_changed() -> None:
    given = {"symbol": "IWM"}
    call = Call("roc", options=given)
    given["symbol"] = "SPY"
    assert call.options == {"symbol": "IWM"}
    with pytest.raises(TypeError):
        call.options["symbol"] = "SPY"  # type: ignore[index]


def test_a_question_is_written_as_it_would_be_typed(registry: Registry, desk: Desk) -> None:
    """What a button asks reads back as the values it was made from."""
    from bot.commands.reading import parse_context, read_typed

    context = parse_context(desk, registry)
    for entry in registry.commands:
        for example in entry.examples:
            call = read_typed(entry, example.partition(" ")[2], context)
            again = read_typed(entry, entry.typed(call.values).partition(" ")[2], context)
            assert again.options == call.options, example
