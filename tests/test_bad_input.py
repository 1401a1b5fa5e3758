"""Issue 2's table of bad input at the JSON console, and any text at all: an envelope, never an exception."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.declaration import Call, Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question, read_slash, visible
from bot.desk import Caller, Desk
from bot.errors import ErrorCode
from bot.render.envelope import dump, envelope
from bot.render.text import ANSWER, CHARACTERS, LINES

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

TABLE: dict[str, tuple[str, ...]] = {
    "!roc ¤¤¤": ("unknown_symbol",),
    "!define flurble gronk": ("unknown_term",),
    "!roc IWM 0": ("bad_input",),
    "!roc IWM -3": ("bad_input",),
    "!roc IWM 1e9": ("bad_input",),
    "!roc IWM 2.5": ("bad_input",),
    "!roc IWM 99999999999999999999": ("bad_input",),
    "!roc": ("bad_input",),
    "!rally": ("bad_input",),
    "!rally IWM SPY": ("bad_input",),
    "!roc IWM asof:2999-01-01": ("bad_input",),
    "!roc IWM asof:": ("bad_input",),
    "!define": ("bad_input",),
    "!contrast support": ("unknown_term", "bad_input"),
    "": ("bad_input",),
    "  \n ": ("bad_input",),
    "x" * 2000: ("bad_input",),
    "!define " + "x" * 1992: ("bad_input",),
    "!define " + "x" * 300: ("bad_input",),
    "!roc " + "IWM " * 450: ("bad_input",),
    "!roc 🚀": ("unknown_symbol",),
    "!define 🦄": ("unknown_term",),
    "!define @everyone": ("unknown_term",),
    "!roc @everyone": ("unknown_symbol",),
    "!define <@123456789012345678>": ("unknown_term",),
    "!define **bold** ~~x~~ `code` ||spoiler||": ("unknown_term",),
    "!define \u200b\u200d": ("bad_input", "unknown_term"),
    "\u200b\ufeff": ("bad_input",),
    "!roc ../../etc/passwd": ("unknown_symbol",),
    "!roc http://evil.example/x": ("unknown_symbol", "bad_input"),
    "!rally file:///etc/passwd": ("unknown_symbol", "bad_input"),
    "!range A/../../b": ("unknown_symbol", "bad_input"),
    "!roc %2e%2e%2f": ("unknown_symbol",),
    "!flurble": ("unknown_command",),
    "!roc\x00IWM": ("unknown_command", "bad_input"),
}


@pytest.fixture
def no_prices(desk: Desk) -> Desk:
    """A desk on which asking for prices is a failure of the test."""

    class NoFeed:
        async def history(self, *_: Any, **__: Any) -> Any:
            raise AssertionError("a provider was asked")

        def __getattr__(self, name: str) -> Any:
            return getattr(desk.feed, name)

    return replace(desk, feed=NoFeed())  # type: ignore[arg-type]


async def answered(desk: Desk, registry: Registry, call: Call, question: str = "") -> dict[str, Any]:
    """The envelope of a call, through JSON and back."""
    reply = await answer(desk, registry, Caller(person=1), call)
    found: dict[str, Any] = json.loads(dump(envelope(question, reply, 0.1)))
    return found


def check(found: dict[str, Any]) -> None:
    """What the contract says of every envelope."""
    assert list(found) == [
        *("question", "command", "options", "ok", "title", "text", "short", "understood", "data", "warnings", "terms"),
        *("freshness", "error", "elapsed_ms"),
    ]
    assert len(found["short"]) <= CHARACTERS
    assert len(found["short"].splitlines()) <= LINES
    assert all(len(line) <= ANSWER for line in found["short"].splitlines()[:1])
    assert isinstance(found["command"], str)
    assert isinstance(found["options"], dict)
    assert isinstance(found["text"], str)
    assert found["text"].strip()
    assert "Traceback" not in found["text"]
    if found["ok"]:
        assert found["error"] is None
        assert isinstance(found["data"], dict)
    else:
        assert found["data"] is None or found["command"] == "alert"  # which answers with the present state
        assert found["error"]["code"] in get_args(ErrorCode)
        assert found["error"]["code"] != "internal"
        assert 10 < len(found["error"]["message"]) < 400
        assert all(isinstance(one, str) for one in found["error"]["suggestions"])


@pytest.mark.parametrize("question", TABLE, ids=lambda text: repr(text[:30]))
async def test_bad_input_gets_a_short_helpful_error(no_prices: Desk, registry: Registry, question: str) -> None:
    found = await answered(no_prices, registry, read_question(no_prices, registry, question), question)
    check(found)
    assert not found["ok"]
    assert found["error"]["code"] in TABLE[question]
    assert "@everyone" not in found["text"]
    assert "<@" not in found["text"]


WORDS = (
    "! !roc !rally !range !define !contrast !help !about !settings !terms roc define IWM SPY ^RUT 10 0 -3 ytd 5d 2"
    " weeks asof: asof:2020-01-02 as of vs and r-star contango @everyone <@1> ../ http:// ** ` \u200b 🚀 $ % nan inf"
)
words = st.sampled_from(WORDS.split(" "))
questions = st.text(max_size=60) | st.lists(words | st.text(max_size=6), max_size=7).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(question=questions)
async def test_any_text_gets_a_valid_envelope(desk: Desk, registry: Registry, question: str) -> None:
    check(await answered(desk, registry, read_question(desk, registry, question), question))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(texts=st.lists(questions, min_size=4, max_size=4))
async def test_any_slash_options_get_a_valid_envelope(desk: Desk, registry: Registry, texts: list[str]) -> None:
    for entry in registry.commands:
        given_texts = {option.name: text for option, text in zip(entry.options, texts, strict=False) if text}
        check(await answered(desk, registry, read_slash(desk, registry, entry, given_texts)))


@given(st.text(max_size=80))
def test_visible_text(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert shown == shown.strip()
    assert "\u200b" not in shown
    assert "\n" not in shown
    if text.isascii() and text.isprintable():
        assert shown == text.strip()
