"""The interactive console: a prompt with completion and history, answers laid out for a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.commands.converter import Converter, ParseContext
from bot.commands.declaration import Registry
from bot.commands.reading import parse_context
from bot.desk import Desk
from bot.logs import for_terminal
from bot.render.reply import Detail, Reply
from bot.render.text import SIMULATED, line, shown

LEAVING = {"exit", "quit", "bye", "!exit", "!quit"}
SIGNS = {"up": "▲", "down": "▼", "flat": "▬", "term": "§", "error": "!", "plain": "·"}
STYLES = {"up": "bold green", "down": "bold red", "flat": "bold yellow", "error": "bold red"}
OFFERED = 12


class Completions(Completer):
    """Command names at the start of a line; then terms or symbols, as the command wants."""

    def __init__(self, desk: Desk, registry: Registry) -> None:
        self._desk = desk
        self._registry = registry

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What could stand at the cursor."""
        text = document.text_before_cursor.lstrip()
        word, space, rest = text.partition(" ")
        if not space:
            start = word.lstrip("!").casefold()
            for entry in self._registry.commands:
                if entry.name.startswith(start):
                    yield Completion(f"!{entry.name}", -len(word), display_meta=entry.summary)
            return
        entry_found = self._registry.get(word.lstrip("!"))
        if entry_found is None:
            return
        context = parse_context(self._desk, self._registry)
        for option in entry_found.options:
            yield from _values(option.converter, rest, context)


def _values(converter: Converter, rest: str, context: ParseContext) -> Iterable[Completion]:
    """What an option could be, given what follows the command: all of it where the option takes many words."""
    typed = rest if converter.whole else rest.rsplit(" ", 1)[-1]
    for label, value in converter.complete(typed, context)[:OFFERED] if typed or converter.whole else ():
        yield Completion(value, -len(typed), display_meta="" if label == value else label)


Answer = Callable[[str], Awaitable[Reply]]


async def chat(desk: Desk, registry: Registry, answer: Answer, detail: Detail = "normal") -> int:
    """Ask and answer until the person leaves with exit, Ctrl-D or Ctrl-C."""
    screen = Console(highlight=False)
    screen.print(_welcome(desk, kept=desk.config.console_history))
    history = FileHistory(str(history_file(desk))) if desk.config.console_history else InMemoryHistory()
    session: PromptSession[str] = PromptSession(
        history=history, completer=ThreadedCompleter(Completions(desk, registry)), complete_while_typing=True
    )
    while True:
        try:
            with patch_stdout():
                question = (await session.prompt_async("rangefinder> ")).strip()
        except (EOFError, KeyboardInterrupt):
            return 0
        if question.casefold() in LEAVING:
            return 0
        if question:
            screen.print(show(await answer(question), detail))


async def chat_without_terminal(desk: Desk, registry: Registry, answer: Answer, detail: Detail = "normal") -> int:
    """Answer the lines of standard input as they come.

    With nobody at the keys there is no prompt, nothing is echoed, and no history is kept.
    """
    screen = Console(highlight=False)
    screen.print(_welcome(desk, kept=False))
    while typed := await asyncio.to_thread(sys.stdin.readline):
        question = typed.strip()
        if question.casefold() in LEAVING:
            break
        if question:
            screen.print(show(await answer(question), detail))
    return 0


def history_file(desk: Desk) -> Path:
    """Where what is typed is kept, which the welcome says."""
    return desk.config.data_dir / "console-history"


def _welcome(desk: Desk, *, kept: bool) -> Text:
    text = Text("Rangefinder", style="bold")
    text.append(" — try: !define r-star   !roc IWM 10   !rally IWM   !range RUT   !help   exit\n", style="not bold")
    if desk.config.demo:
        text.append(f"{SIMULATED} Without --demo you get live ones.\n", style="yellow")
    if kept:
        told = f"What you type is kept in {history_file(desk)}; RANGEFINDER_CONSOLE_HISTORY=off keeps nothing.\n"
        text.append(told, style="dim not bold")
    return text


def show(reply: Reply, detail: Detail = "normal") -> Panel:
    """A reply as a panel: sign and colour say the same thing."""
    style, part = STYLES.get(reply.tone, "bold"), shown(reply, detail)
    body = Text()
    body.append(f"{SIGNS[reply.tone]} {for_terminal(part.answer)}\n", style=style)
    for told, shade in ((part.rest, ""), (part.understood, "italic")):
        body.append(f"{for_terminal(told)}\n" if told else "", style=shade)
    for row in part.rows:
        text = for_terminal(line(row))
        label = for_terminal(f"{row.label}: ") if row.label else ""
        body.append(f"\n{label}", style="bold")
        body.append(text.removeprefix(label))
    if reply.error is not None and reply.error.suggestions:
        body.append(for_terminal(f"\nTry: {', '.join(reply.error.suggestions)}"))
    for closing in part.closing:
        shade = "yellow" if closing.startswith(("Stale", "Note", SIMULATED)) else "dim"
        body.append(f"\n{for_terminal(closing)}", style=shade)
    title, border = Text(for_terminal(reply.title)), style.removeprefix("bold ")
    return Panel(body, title=title, title_align="left", border_style=border, padding=(0, 1))
