"""The console face: interactive chat, one question, or JSON lines. Knows no Discord."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import time
from functools import partial
from typing import Any

import orjson

from bot.commands.declaration import Call, Registry
from bot.commands.dispatch import Conversation
from bot.commands.reading import read_question
from bot.commands.registry import open_registry
from bot.config import Config
from bot.desk import Caller, Desk, open_desk
from bot.errors import UserError
from bot.logs import for_json, for_terminal
from bot.render.envelope import clean, dump, envelope
from bot.render.reply import Detail, Reply, refusal
from bot.render.text import to_short, to_text


def _tell(text: str) -> None:
    """How far a long answer has come, on standard error and only where somebody looks at it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}… ")
        sys.stderr.flush()


CALLER = Caller(person=1, tell=_tell)
_OURS = {"internal", "unavailable"}


async def run(config: Config, arguments: argparse.Namespace) -> int:
    """Serve the console as the arguments say."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    async with open_desk(config) as desk:
        if arguments.face == "backtest":
            from bot.console.backtest import backtest

            return await backtest(desk, arguments)
        registry = open_registry(desk)
        if arguments.face == "console":
            # its prompt and panels are heavy, and only a person needs them
            from bot.console.chat import chat, chat_without_terminal

            answer = partial(converse, Conversation(desk, registry))
            detail: Detail = "full" if arguments.verbose else "normal"
            return await (chat if sys.stdin.isatty() else chat_without_terminal)(desk, registry, answer, detail)
        if arguments.face == "doctor":
            if arguments.live:
                from bot.console.live_check import live_check

                return await live_check(config, desk.symbols, desk.clock())
            from bot.console.upkeep import doctor

            return await doctor(desk)
        if arguments.jsonl:
            return await json_lines(desk, registry, route=arguments.route, with_chart=arguments.with_chart)
        return await one(desk, registry, " ".join(arguments.question), arguments)


async def ask(desk: Desk, registry: Registry, question: str, *, live: bool = True) -> Reply:
    """The reply to one question that stands on its own."""
    return await converse(Conversation(desk, registry), question, live=live)


async def converse(talk: Conversation, question: str, *, live: bool = True) -> Reply:
    """The reply to the next question of a conversation."""
    return await talk.answer(CALLER, talk.read(CALLER, question), live=live)


async def one(desk: Desk, registry: Registry, question: str, arguments: argparse.Namespace) -> int:
    """Answer one question on standard output. Exit status: 0 answered, 2 not answerable as asked, 1 our failure."""
    question = question.encode("utf-8", "replace").decode()  # an argument may hold bytes that are no text
    if arguments.route:
        _print(for_json(dump(routed(question, read_question(desk, registry, question)))))
        return 0
    started = time.perf_counter()
    reply = await ask(desk, registry, question)
    if arguments.json:
        elapsed_ms = (time.perf_counter() - started) * 1e3
        _print(for_json(dump(envelope(question, reply, elapsed_ms, with_chart=arguments.with_chart))))
    else:
        _print(for_terminal(to_text(reply) if arguments.verbose else to_short(reply)))
    if reply.error is None:
        return 0
    return 1 if reply.error.code in _OURS and reply.data is None else 2


async def json_lines(desk: Desk, registry: Registry, *, route: bool, with_chart: bool = False) -> int:
    """Answer every line of standard input with one line, in order, each as soon as it is ready."""
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        started = time.perf_counter()
        question, fault = read_line(line)
        if fault is not None:
            reply = refusal(fault, "unknown")
            _print(for_json(dump(envelope(question, reply, 0.0) if not route else routed(question, Call("unknown")))))
        elif route:
            _print(for_json(dump(routed(question, read_question(desk, registry, question)))))
        else:
            reply = await ask(desk, registry, question, live=desk.feed.in_use)
            elapsed_ms = (time.perf_counter() - started) * 1e3
            _print(for_json(dump(envelope(question, reply, elapsed_ms, with_chart=with_chart))))
    return 0


def read_line(line: bytes) -> tuple[str, UserError | None]:
    """The question in a line of input: plain text, or a JSON object with `question`."""
    text = line.decode("utf-8", "replace").strip()
    if not text:
        return "", UserError("The line is empty; write a question, or a JSON object with one.")
    if not text.startswith("{"):
        return text, None
    try:
        content: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text, UserError("The line starts like JSON but is not JSON.")
    question = content.get("question") if isinstance(content, dict) else None
    if not isinstance(question, str):
        return text, UserError('The JSON object has no "question" with text.')
    return question, None


def routed(question: str, call: Call) -> dict[str, Any]:
    """How a question is understood, and nothing else."""
    return {"question": question, "command": call.command, "options": clean(dict(call.options))}


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
