"""What the operator's language model makes of a question that the router is unsure of. It may choose one call, no more.

Its call is read by the same converters as the options of a slash command; a name of a command or an option that there
is not, a symbol that no book knows, a term that the glossary lacks, and a value that was not in the question in some
form that converts, all end in the decline that was there before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.commands.converters import LookedUp
from bot.commands.declaration import Call, Command, Registry
from bot.commands.reading import parse_context, read_named
from bot.desk import Desk
from bot.market.symbols import Symbol
from bot.providers.language_model import ToolCall

BY_MODEL = "by the operator's model"
_LONGEST_VALUE = 100
_NUMBER = re.compile(r"\d+")


async def clarified(desk: Desk, registry: Registry, call: Call) -> Call:
    """The call that the operator's model makes of an unsure one; the call itself where there is no model or no use."""
    if desk.language_model is None or not call.unsure:
        return call
    callable_ = {entry.name: entry for entry in registry.commands if _may_call(entry)}
    found = await desk.language_model.which(call.unsure, [tool(entry) for entry in callable_.values()])
    entry = callable_.get(found.name) if found is not None else None
    made = _checked(desk, registry, entry, found, call.unsure) if entry is not None and found is not None else None
    if found is not None:
        desk.language_model.counts["used" if made is not None else "refused"] += 1
    return call if made is None else made


def _may_call(entry: Command) -> bool:
    """Whether a command answers a question and changes nothing."""
    return entry.intent is not None and not (entry.writes or entry.manages or entry.server_only)


def tool(entry: Command) -> dict[str, Any]:
    """A command as a tool of a language model: every option is text as somebody would type it."""
    options = {one.name: {"type": "string", "description": one.converter.help} for one in entry.options}
    required = [one.name for one in entry.options if one.required]
    schema = {"type": "object", "properties": options, "required": required, "additionalProperties": False}
    return {"name": entry.name, "description": entry.summary, "parameters": schema}


def _checked(desk: Desk, registry: Registry, entry: Command, found: ToolCall, question: str) -> Call | None:
    """The call of a command with the model's arguments, None where anything about them is not as typed words may be."""
    texts = {name: text for name, value in found.arguments.items() if (text := _text(value)) is not None}
    if texts.keys() != found.arguments.keys() or any(entry.option(name) is None for name in texts):
        return None
    if not set(_NUMBER.findall(" ".join(texts.values()))) <= set(_NUMBER.findall(question)):
        return None
    call = read_named(entry, texts, parse_context(desk, registry))
    if call.error is not None or not all(map(_is_known, call.values.values())):
        return None
    asked = " ".join([entry.name, *(f"{value}" for value in _shown(call.options))])
    return replace(call, understood=f"{asked} ({BY_MODEL})", alternatives=())


def _text(value: object) -> str | None:
    """An argument as text to convert, None for what no option is."""
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        value = " ".join(map(str, value))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else None


def _is_known(value: object) -> bool:
    """Whether symbols are of the book and terms of the glossary."""
    if isinstance(value, LookedUp):
        return value.verdict.outcome == "answered"
    some = value if isinstance(value, tuple) else (value,)
    return all(one.kind != "unknown" for one in some if isinstance(one, Symbol))


def _shown(options: Mapping[str, Any]) -> list[str]:
    return [" ".join(map(str, value)) if isinstance(value, list) else str(value) for value in options.values()]
