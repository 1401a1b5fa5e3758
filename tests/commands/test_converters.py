"""Converters: what each offers, and that named options, typed words and JSON are the same value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.converter import OFFERED, Converter, ParseContext
from bot.commands.converters import MAX_TERM
from bot.commands.declaration import Command, Option, Registry
from bot.commands.reading import parse_context, read_named, read_typed
from bot.commands.registry import build_registry
from bot.desk import Desk
from bot.errors import UserError
from bot.glossary.book import parse_book
from bot.glossary.search import Search
from bot.market.symbols import FILE, read_book
from tests.conftest import GLOSSARY, NOW

REGISTRY = build_registry()
CONTEXT = ParseContext(read_book(FILE.read_bytes()), Search(parse_book(GLOSSARY.read_bytes())), NOW.date())

WORDS = (
    "IWM SPY V v gold apple 10 0 -3 1e3 ytd since monday asof: 2026-02-30 5bn EUR usd half a million two weeks 3/4/2019"
    " , $ % ¤ by rally add watchlist please"
).split()


def options(registry: Registry) -> Iterator[tuple[Command, Option]]:
    for entry in registry.commands:
        for option in entry.options:
            yield entry, option


@pytest.mark.parametrize(
    ("command", "option", "typed", "value"),
    [
        ("rank", "by", "ra", "rally"),
        ("watchlist", "action", "", "add"),
        ("working", "what", "com", "compare"),
        ("alert", "condition", "rally", "rally_ends"),
        ("rate", "base", "eu", "EUR"),
        ("rate", "quote", "US d", "USD"),
        ("rate", "quote", "yen", "JPY"),
        ("index", "name", "", "RUT"),
        ("roc", "symbol", "rus", "^RUT"),
        ("roc", "symbol", "IWM SP", "IWM SPY"),
        ("roc", "periods", "2", "21"),
        ("roc", "periods", "m", "mtd"),
        ("roc", "as_of", "2025-12", "2025-12-31"),
        ("rank", "symbols", "wat", "watchlist"),
        ("define", "term", "conta", "Contango"),
        ("contrast", "terms", "support vs resist", "support vs Resistance"),
        ("help", "command", "!ro", "roc"),
        ("settings", "setting", "pre", "prefix"),
        ("terms", "category", "bond", "rates-bonds"),
        ("glossary", "pick", "r", "random"),
    ],
)
async def test_what_is_offered(
    desk: Desk, registry: Registry, command: str, option: str, typed: str, value: str
) -> None:
    entry = registry.get(command)
    assert entry is not None
    found = entry.option(option)
    assert found is not None
    assert found.converter.completes
    offered = [one for _, one in found.converter.complete(typed, parse_context(desk, registry))]
    assert value in offered or any(value.casefold() == one.casefold() for one in offered), offered


@settings(deadline=None)
@given(st.text(max_size=30))
def test_completion_never_fails_and_is_short(typed: str) -> None:
    for _, option in options(REGISTRY):
        found = option.converter.complete(typed, CONTEXT)
        assert len(found) <= OFFERED
        assert all(label and value for label, value in found)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """Never anything but a UserError, and a call without an error has every option that it needs."""
    for entry in REGISTRY.commands:
        call = read_typed(entry, text, CONTEXT)
        if call.error is None:
            assert all(option.name in call.values for option in entry.options if option.required)
        named = read_named(entry, {option.name: text for option in entry.options}, CONTEXT)
        assert named.error is None or isinstance(named.error, UserError)


async def test_values_go_through_json_and_back(desk: Desk, registry: Registry) -> None:
    context = parse_context(desk, registry)
    for entry in registry.commands:
        for example in entry.examples:
            call = read_typed(entry, example.partition(" ")[2], context)
            for option in entry.options:
                value = call.values.get(option.name)
                if value is None or option.name in {"term", "constituents"}:
                    continue
                written = option.converter.to_json(option.name, value)
                assert option.converter.from_json(option.name, written, context) == value, (example, option.name)


def test_a_file_is_taken_by_the_option_that_says_so(registry: Registry) -> None:
    for entry, option in options(registry):
        if entry.takes_attachment == option.name:
            assert type(option.converter).convert_table is not Converter.convert_table
        else:
            with pytest.raises(UserError):
                option.converter.convert_table("a,1", CONTEXT)


def test_long_options_are_refused_not_cut(registry: Registry) -> None:
    for entry, option in options(registry):
        if not option.converter.whole:
            call = read_named(entry, {option.name: "IWM " * 200}, CONTEXT)
            assert call.error is not None
            assert "characters long" in call.error.message
    assert MAX_TERM < 500
