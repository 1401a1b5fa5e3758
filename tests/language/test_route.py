"""Whole questions to routes: the table of phrasings, the contract on any text, and the dev set beside the project."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import pytest
from bot.language.known import CUE_WORDS
from hypothesis import given
from hypothesis import strategies as st

from bot.language.declines import DECLINE_PATTERNS
from bot.language.router import Route, RouteContext, route
from tests.language.contract import agrees, expected, faults

PHRASINGS = [
    tuple(line.rsplit(" | ", 1))
    for line in (Path(__file__).parent / "phrasings.txt").read_text(encoding="utf-8").splitlines()
    if line
]
DEV = Path(__file__).parents[3] / "shared" / "questions-dev.jsonl"


def is_right(question: str, wanted: str, context: RouteContext) -> bool:
    found = route(question, context)
    return any(agrees(found.command, found.options, one) for one in expected(wanted))


def test_nearly_every_phrasing_of_the_table_is_routed_right(context: RouteContext) -> None:
    missed = [(question, wanted) for question, wanted in PHRASINGS if not is_right(question, wanted, context)]
    assert len(missed) <= 0.02 * len(PHRASINGS), missed


@pytest.mark.parametrize("reason", ["unsafe", "advice"])
def test_every_unsafe_or_advice_phrasing_is_declined(reason: str, context: RouteContext) -> None:
    answered = [
        question
        for question, wanted in PHRASINGS
        if wanted == f"decline {reason}" and route(question, context).command != "decline"
    ]
    assert answered == []


def test_every_command_has_phrasings() -> None:
    commands = {wanted.split()[0] for _, wanted in PHRASINGS}
    assert len(commands) == 15


SAID = "IWM $NOW spy tesla EUR € 250 10% 12/31/2018 1 June 2009 last friday ytd two weeks vs r* should will @everyone"
WORDS = st.sampled_from(sorted(CUE_WORDS)) | st.sampled_from([*SAID.split(), "?", ",", "<@1>"])


@given(st.text(max_size=300) | st.lists(WORDS, max_size=12).map(" ".join))
def test_any_text_gives_one_valid_route(context: RouteContext, text: str) -> None:
    found = route(text, context)
    assert faults(found.command, found.options) == []
    assert found == route(text, context)
    assert 0 <= found.certainty <= 1
    assert found.understood.startswith(found.command)
    for other in found.alternatives:
        assert faults(other.command, other.options) == []
    json.dumps(dataclasses.asdict(found))


@given(st.sampled_from(DECLINE_PATTERNS), st.data())
def test_text_made_of_the_tables_never_raises(context: RouteContext, pattern: str, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(pattern.split("|")[:400]), min_size=1, max_size=8))
    assert isinstance(route(" ".join(words), context), Route)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "SYM " * 200,
        "1 " * 500,
        "@" * 400,
        "vs " * 300,
        "how much " * 60,
        "IWM, " * 90,
        "ignore " * 80,
        "is it " * 90,
    ],
)
def test_hostile_text_is_quick(context: RouteContext, text: str) -> None:
    start = time.perf_counter()
    route(text, context)
    assert time.perf_counter() - start < 1


def test_understood_names_the_command_and_its_options(context: RouteContext) -> None:
    assert route("is the russell in a rally?", context).understood == "rally ^RUT"
    assert route("compare IWM and SPY over two weeks", context).understood == "compare IWM SPY 10"


def test_a_close_second_reading_is_offered(context: RouteContext) -> None:
    found = route("what is the price of IWM, up or down", context)
    assert {found.command, *(other.command for other in found.alternatives)} >= {"roc", "quote"}


def test_certainty_falls_where_words_of_another_topic_stand(context: RouteContext) -> None:
    plain = route("is IWM in a range", context)
    odd = route("is IWM in a range like my guitar", context)
    assert plain.certainty > odd.certainty


@pytest.mark.shared
@pytest.mark.skipif(not DEV.exists(), reason="the dev set is not beside the project")
def test_dev_set_stays_above_the_gate(context: RouteContext) -> None:
    items = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
    right = answered = 0
    for item in items:
        wanted = item["expected"] if isinstance(item["expected"], list) else [item["expected"]]
        found = route(item["question"], context)
        right += any(_matches(found, one) for one in wanted)
        answered += all(one["command"] == "decline" for one in wanted) and found.command != "decline"
    assert right / len(items) >= 0.95
    assert answered == 0


def _matches(found: Route, wanted: dict[str, Any]) -> bool:
    options = dict(wanted["options"])
    for name in ("symbols", "terms"):
        choices = options.get(name)
        if choices and isinstance(choices[0], list):
            return any(
                agrees(found.command, found.options, wanted | {"options": options | {name: choice}})
                for choice in choices
            )
    return agrees(found.command, found.options, wanted)
