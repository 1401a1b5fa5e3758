"""Whether the glossary's live commands can be run: what an entry's `commands` promise must be what the bot answers."""

from __future__ import annotations

from bot.commands._questions import read_question
from bot.commands.declaration import Registry
from bot.desk import Desk
from bot.settings import DEFAULTS


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
