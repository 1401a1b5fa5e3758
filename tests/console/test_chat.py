"""The interactive console, driven through a pipe as a terminal would."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial

import attrs
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.commands.declaration import Registry
from bot.commands.dispatch import Conversation
from bot.console import chat as console_chat
from bot.console.chat import Completions, chat, chat_without_terminal, show
from bot.console.session import ask, converse
from bot.desk import Desk
from bot.errors import UserError
from bot.render.reply import Detail, Reply, Row, refusal
from bot.render.text import answer_of


async def typed(desk: Desk, registry: Registry, keys: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """What the chat shows for some keys, and its exit status."""
    screen = io.StringIO()
    monkeypatch.setattr(console_chat, "Console", lambda **_: Console(file=screen, width=100, highlight=False))
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys)
        status = await chat(desk, registry, partial(converse, Conversation(desk, registry)))
    return status, screen.getvalue()


async def test_a_conversation(desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    status, shown = await typed(desk, registry, "!roc IWM 10\ndefine r-star\n\n!roc IWM 0\nexit\n", monkeypatch)
    assert status == 0
    assert "Simulated sample data, not market prices. Without --demo you get live ones." in shown
    assert "IWM is " in shown
    assert "over 10 sessions" in shown
    assert "r-star" in shown.split("Then:")[1]
    assert "1 to 5,000 sessions" in shown
    assert "Try: !roc IWM 10" in shown
    history = (desk.config.data_dir / "console-history").read_text()
    assert "!roc IWM 10" in history


async def test_what_is_kept_is_told_and_can_be_switched_off(
    desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = await typed(desk, registry, "exit\n", monkeypatch)
    assert "console-history" in "".join(shown.split())
    silent = replace(desk, config=attrs.evolve(desk.config, console_history=False))
    (desk.config.data_dir / "console-history").unlink(missing_ok=True)
    _, shown = await typed(silent, registry, "!roc IWM 10\nexit\n", monkeypatch)
    assert "is kept in" not in shown
    assert not (desk.config.data_dir / "console-history").exists()


@pytest.mark.parametrize(("detail", "whole"), [("normal", False), ("full", True)])
async def test_piped_questions_are_answered_without_an_echo(
    desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch, detail: Detail, whole: bool
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(console_chat, "Console", lambda **_: Console(file=screen, width=100, highlight=False))
    monkeypatch.setattr("sys.stdin", io.StringIO("!roc IWM 10\n\n!rally IWM\nexit\n!roc SPY 10\n"))
    answer = partial(converse, Conversation(desk, registry))
    assert await chat_without_terminal(desk, registry, answer, detail) == 0
    shown = screen.getvalue()
    assert "over 10 sessions" in shown
    assert "IWM is in a rally" in shown
    assert "SPY is" not in shown
    assert "rangefinder>" not in shown
    assert shown.count("!roc IWM 10") == 1, "the welcome names it, and nothing is echoed"
    assert ("Rule: " in shown) is whole
    assert not (desk.config.data_dir / "console-history").exists()


async def test_the_end_of_what_is_piped_ends_the_chat(
    desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_chat, "Console", lambda **_: Console(file=io.StringIO()))
    monkeypatch.setattr("sys.stdin", io.StringIO("!help"))
    assert await chat_without_terminal(desk, registry, partial(converse, Conversation(desk, registry))) == 0


def test_nothing_from_outside_steers_the_terminal() -> None:
    hostile = "a\x1b[2J\x9b31m\u202eb\x07"
    screen = io.StringIO()
    fault = UserError(hostile, suggestions=[hostile])
    for reply in (Reply(hostile, hostile, (Row(hostile, hostile),), footer=hostile), refusal(fault, "roc")):
        Console(file=screen, width=100, highlight=False, color_system=None).print(show(reply, "full"))
    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(screen.getvalue())


@pytest.mark.parametrize("keys", ["quit\n", "!exit\n", "\x04", "\x03"])
async def test_ways_to_leave(desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    assert (await typed(desk, registry, keys, monkeypatch))[0] == 0


async def test_earlier_questions_come_back(desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    await typed(desk, registry, "!roc IWM 21\nexit\n", monkeypatch)
    _, shown = await typed(desk, registry, "\x10\x10\nexit\n", monkeypatch)
    assert "over 21 sessions" in shown


def completions(desk: Desk, registry: Registry, text: str) -> list[str]:
    """What is offered at the end of a text."""
    found = Completions(desk, registry).get_completions(Document(text), CompleteEvent())
    return [one.text for one in found]


def test_completion(desk: Desk, registry: Registry) -> None:
    assert completions(desk, registry, "!ro") == ["!roc"]
    assert "!define" in completions(desk, registry, "")
    assert "Contango" in completions(desk, registry, "!define conta")
    assert "IWM" in completions(desk, registry, "roc iw")
    assert "SPY" in completions(desk, registry, "!roc IWM SP")
    assert completions(desk, registry, "!roc ") == []
    assert completions(desk, registry, "!flurble x") == []
    assert "roc" in completions(desk, registry, "!help ro")


async def test_a_panel_shows_all_that_the_text_says(desk: Desk, registry: Registry) -> None:
    for question in ("!roc IWM 5 10", "!rally IWM", "!range SPY", "!define contengo", "!help", "!about", "!roc IWM 0"):
        reply = await ask(desk, registry, question)
        screen = io.StringIO()
        Console(file=screen, width=1000).print(show(reply, "full"))
        for row in (*reply.rows, *reply.more):
            assert row.value in screen.getvalue()
            for title, address in row.links:
                assert title in screen.getvalue()
                assert address in screen.getvalue()
        assert answer_of(reply) in screen.getvalue()
