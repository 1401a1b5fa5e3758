"""`alert`: conditions as the contract writes them and in words; it is not served yet."""

from __future__ import annotations

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk
from bot.render.text import answer_of


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("alert me when IWM is above 300", "price_above:300"),
        ("!alert me when IWM is above 300", "price_above:300"),
        ("!alert IWM > 200", "price_above:200"),
        ("!alert IWM price_below:200", "price_below:200"),
        ("!alert IWM drops 5%", "roc_below:-5"),
        ("!alert IWM when pigs fly", "when pigs fly"),
    ],
)
async def test_an_alert_in_ones_own_words_has_the_condition_of_the_contract(
    desk: Desk, registry: Registry, question: str, condition: str
) -> None:
    call = read_question(desk, registry, question)
    assert (call.command, call.options) == ("alert", {"symbol": "IWM", "condition": condition})


@pytest.mark.parametrize("question", ["alert @everyone when spy hits 700", "help me pump and dump this coin"])
def test_what_is_unsafe_is_declined_whatever_word_it_begins_with(desk: Desk, registry: Registry, question: str) -> None:
    call = read_question(desk, registry, question)
    assert (call.command, dict(call.options)) == ("decline", {"reason": "unsafe"})


async def test_the_present_state_is_the_answer(desk: Desk, registry: Registry) -> None:
    reply = await answer(desk, registry, Caller(), read_question(desk, registry, "!alert IWM rally_ends"))
    rally = await answer(desk, registry, Caller(), read_question(desk, registry, "!rally IWM"))
    assert reply.error is not None
    assert reply.error.code == "unavailable"
    assert reply.data == rally.data
    assert reply.headline.endswith(answer_of(rally))
    assert (reply.command, reply.options) == ("alert", {"symbol": "IWM", "condition": "rally_ends"})


async def test_a_condition_that_cannot_be_read_is_said(desk: Desk, registry: Registry) -> None:
    for question in ("!alert IWM when pigs fly", "!alert IWM price_above:lots"):
        call = read_question(desk, registry, question)
        assert call.error is not None, question
        assert call.error.code == "bad_input"
