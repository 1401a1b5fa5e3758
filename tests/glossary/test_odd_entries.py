"""Whatever an entry of the glossary holds, reading says what is wrong with it, and never fails otherwise."""

from __future__ import annotations

import copy
import json
import random
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BookError
from bot.glossary.book import parse_book
from tests.conftest import GLOSSARY

CONTENT: dict[str, Any] = json.loads(GLOSSARY.read_bytes())
ODD: list[Any] = [None, True, 0, -1, 1.5, "", "x", [], {}, [[]], [None], {"a": []}, "\x00", "\ud800", [1], 10**30]
FIELDS = sorted({name for term in CONTENT["terms"] for name in term})
SOME = CONTENT["terms"][:5]


def places(node: Any) -> list[tuple[Any, Any]]:
    found = [(node, key) for key in (node if isinstance(node, dict) else range(len(node)))]
    return found + [place for _, key in found if isinstance(node[key], dict | list) for place in places(node[key])]


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_field_of_another_kind_is_named(name: str, odd: Any) -> None:
    content = copy.deepcopy({**CONTENT, "terms": SOME})
    content["terms"][0][name] = odd
    with pytest.raises(BookError):
        parse_book(json.dumps(content).encode("utf-8", "surrogatepass"))


@given(seed=st.integers(0, 2**64))
@settings(max_examples=200, deadline=None)
def test_damage_anywhere_is_a_fault_of_the_book(seed: int) -> None:
    chance = random.Random(seed)
    content = copy.deepcopy({**CONTENT, "terms": SOME})
    for _ in range(chance.randint(1, 3)):
        node, key = chance.choice(places(content))
        node[key] = copy.deepcopy(chance.choice(ODD))
    with suppress(BookError):
        parse_book(json.dumps(content).encode("utf-8", "surrogatepass"))
