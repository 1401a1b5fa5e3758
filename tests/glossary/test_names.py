"""Which names of a term are shown."""

from __future__ import annotations

import pytest

from bot.glossary.names import shown_names
from tests.glossary.small_book import term


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("Call Option", "call options", "the call-option", "calls", "call", "Call"), ("calls",)),
        (("Swing Trading", "swing trade", "swing trader", "swings", "swing"), ("swings",)),
        (("Diamond Hands", "💎🙌", "💎 🙌", "strong hands"), ("💎🙌", "strong hands")),
        (("Thing", "one", "two", "three", "four", "five"), ("one", "two", "three", "four")),
        (("Thing",), ()),
    ],
)
def test_names_that_say_something_new(names: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert shown_names(term(*names)) == shown
