"""Every command of the program, found in the files beside this one, and the table that the README shows."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import bot.commands
from bot.commands.declaration import Command, Registry
from bot.commands.reading import read_question
from bot.desk import Desk
from bot.errors import BookError
from bot.settings import DEFAULTS
from bot.store.glossary_cache import forget

START, END = "<!-- commands -->", "<!-- /commands -->"


def build_registry() -> Registry:
    """The commands that stand in the modules of this package. Raises ValueError when two take one name."""
    names = [module.name for module in pkgutil.iter_modules(bot.commands.__path__)]
    modules = [import_module(f"{bot.commands.__name__}.{name}") for name in names]
    found = (value for module in modules for value in vars(module).values() if isinstance(value, Command))
    return Registry({id(entry): entry for entry in found}.values())


def open_registry(desk: Desk) -> Registry:
    """The commands. Raises BookError when an entry of a freshly read glossary names one that cannot be run."""
    registry = build_registry()
    if desk.fresh_book:
        faults = command_faults(desk, registry)
        if faults:
            forget(desk.config.data_dir)
            raise BookError(faults)
    return registry


def command_faults(desk: Desk, registry: Registry) -> list[str]:
    """One sentence for every entry's command that the registry does not answer; nothing is fetched.

    Each different question is read once, so the check costs a few milliseconds for the whole glossary.
    """
    asked = dict.fromkeys(question for term in desk.book.terms.values() for question in term.commands)
    wrong = {question: fault for question in asked if (fault := _fault(desk, registry, question)) is not None}
    return [
        f"{term.id}: commands: {question!r} {wrong[question]}"
        for term in desk.book.terms.values()
        for question in term.commands
        if question in wrong
    ]


def _fault(desk: Desk, registry: Registry, question: str) -> str | None:
    """What is wrong with one question, or None."""
    word = question.removeprefix(DEFAULTS.prefix).partition(" ")[0]
    if not question.startswith(DEFAULTS.prefix) or not word:
        return f"does not begin with {DEFAULTS.prefix}"
    if registry.get(word) is None:
        return "names no command"
    error = read_question(desk, registry, question).error
    return f"cannot be read: {error.message}" if error is not None else None


def command_table(registry: Registry) -> str:
    """The table between the README's two marks, marks included."""
    rows = ["| Type | What you get | For example |", "|---|---|---|"]
    rows += [_row(entry) for entry in registry.commands]
    return "\n".join([START, *rows, END])


def _row(entry: Command) -> str:
    examples = ", ".join(f"`{_cell(example)}`" for example in entry.examples[:2])
    return f"| `{_cell(entry.usage)}` | {_cell(entry.summary)} | {examples} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
