"""`define` and `contrast`: one entry, or two side by side."""

from __future__ import annotations

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk


async def test_an_entry_and_its_number_of_now(desk: Desk, registry: Registry) -> None:
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, "!define rate of change"))
    term = desk.book.terms["rate-of-change"]
    assert (reply.title, reply.headline) == (term.term, term.short)
    assert reply.live == term.commands[0]
    assert dict(reply.data or {})["match"] == "exact"


@pytest.mark.parametrize(
    ("question", "code", "suggested"),
    [
        ("!define flurble gronk", "unknown_term", 0),
        ("!define " + "x" * 260, "bad_input", 0),
        ("!define", "bad_input", 1),
        ("!contrast support", "unknown_term", 0),
        ("!contrast support vs support", "unknown_term", 0),
        ("!contrast support vs gronkle", "unknown_term", 0),
    ],
)
async def test_what_is_not_answered(desk: Desk, registry: Registry, question: str, code: str, suggested: int) -> None:
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, question))
    assert reply.error is not None
    assert reply.error.code == code
    assert len(reply.error.suggestions) >= suggested


@pytest.mark.parametrize(
    "text",
    [
        "support vs resistance",
        "support versus resistance",
        "support and resistance",
        "support, resistance",
        "support against resistance",
        "the difference between support and resistance",
    ],
)
async def test_two_terms_in_every_writing(desk: Desk, registry: Registry, text: str) -> None:
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, f"!contrast {text}"))
    assert (reply.command, reply.options) == ("contrast", {"terms": ["support", "resistance"]})
    assert [one["id"] for one in dict(reply.data or {})["terms"]] == ["support", "resistance"]


async def test_a_name_of_several_terms_asks_back(desk: Desk, registry: Registry) -> None:
    name, meant = next(iter(desk.book.ambiguous.items()))
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, f"!define {name}"))
    assert reply.error is not None
    assert reply.error.code == "ambiguous"
    assert set(reply.error.suggestions) <= set(meant)


async def test_a_symbol_is_no_term(desk: Desk, registry: Registry) -> None:
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, "!define IWM"))
    assert reply.error is not None
    assert reply.error.code == "unknown_term"
    assert "!quote IWM" in reply.error.message
