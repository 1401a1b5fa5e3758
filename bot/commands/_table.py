"""The table of commands as Markdown: the README holds it, and a test keeps the two equal."""

from __future__ import annotations

from bot.commands.declaration import Command, Registry

START, END = "<!-- commands -->", "<!-- /commands -->"


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
