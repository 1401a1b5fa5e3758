"""What a command is: one declaration from which every face builds its own form.

A command is an async function `(desk, caller, options by name) -> Reply`. Its signature, read once, gives the options:
each is annotated with a `Kind`, which knows how to find its value among typed words, how to read it from a named
option, and how it stands in JSON. Discord's prefix, mention and slash forms, the console's parser, `help` and the
table in the README all come from here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_type_hints

from bot.commands.converters import Kind, Reading
from bot.errors import UserError
from bot.render.reply import Button, Reply

Run = Callable[..., Awaitable[Reply]]
REQUIRED = inspect.Parameter.empty
MAX_TYPED = 250


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    name: str
    kind: Kind
    default: Any = REQUIRED

    @property
    def required(self) -> bool:
        """Whether the command cannot run without it."""
        return self.default is REQUIRED


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `summary` is at most 100 characters (Discord's limit for a slash command's description).

    `server_only` commands make no sense in direct messages; `manages` need the right to manage the server; `writes`
    change what is kept for whoever asks, so that a button for one is its asker's alone.
    """

    name: str
    summary: str
    run: Run
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    server_only: bool = False
    manages: bool = False
    writes: bool = False

    @property
    def usage(self) -> str:
        """How it is typed: required options in capitals, the others in brackets."""
        parts = [o.kind.sample if o.required else f"[{o.kind.sample}]" for o in self.options]
        return " ".join([f"!{self.name}", *parts])


@dataclass(frozen=True, slots=True)
class Call:
    """A question that was understood: the command, its values, and the same values as JSON.

    `error` says why it cannot run; `options` then holds what could be resolved, the rest as typed. `alternatives` ask
    other readings of the same question.
    """

    command: str
    values: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    understood: str | None = None
    error: UserError | None = None
    alternatives: tuple[Button, ...] = ()


def command(name: str, summary: str, *, examples: Sequence[str], **more: Any) -> Callable[[Run], Command]:
    """Declare a command: the decorated function's annotations are its options."""

    def declare(run: Run) -> Command:
        hints = get_type_hints(run, include_extras=True)
        options = tuple(
            Option(p.name, _kind(hints[p.name]), p.default)
            for p in inspect.signature(run).parameters.values()
            if p.kind is inspect.Parameter.KEYWORD_ONLY
        )
        return Command(name, summary, run, options, tuple(examples), **more)

    return declare


def _kind(hint: Any) -> Kind:
    kinds = [extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Kind)]
    if len(kinds) != 1:
        msg = f"an option needs exactly one Kind in its annotation, not {hint!r}"
        raise TypeError(msg)
    return kinds[0]


class Registry:
    """The commands of the program, by name and alias. Raises ValueError when a name is taken."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands: tuple[Command, ...] = tuple(commands)
        self._names: dict[str, Command] = {}
        for entry in self.commands:
            for name in (entry.name, *entry.aliases):
                if self._names.setdefault(name, entry) is not entry:
                    msg = f"two commands are named {name!r}"
                    raise ValueError(msg)

    def get(self, name: str) -> Command | None:
        """The command of a name or alias, whatever its case."""
        return self._names.get(name.casefold())

    @property
    def names(self) -> tuple[str, ...]:
        """Every name and alias."""
        return tuple(self._names)


def read_typed(entry: Command, text: str, reading: Reading) -> Call:
    """The call that typed words after a command's name mean. Never raises: the call carries the error."""
    words = list(text.split())
    found: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    fault: UserError | None = None
    for option in sorted(entry.options, key=lambda o: o.kind.order):
        try:
            value, words = option.kind.take(option.name, words, reading)
        except UserError as error:
            fault = fault or error
            as_typed, words = option.kind.refused(option.name, words)
            typed |= as_typed
            continue
        if value is not None:
            found[option.name] = value
    if fault is None and words:
        fault = reading.leftover(words, entry.examples[0])
    if fault is None:
        return _complete(entry, found, text)
    needed = [option.name for option in entry.options if option.required and option.name not in found]
    if needed and words:
        typed.setdefault(needed[0], " ".join(words)[:MAX_TYPED])
    call = _call(entry, found, typed, error=_with_usage(fault, entry))
    return replace(call, alternatives=_instead(entry, text, fault))


def read_named(entry: Command, texts: Mapping[str, str], reading: Reading) -> Call:
    """The call of named option texts, as a slash command gives them. Never raises: the call carries the error."""
    found: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    fault: UserError | None = None
    for option in entry.options:
        text = texts.get(option.name, "").strip()
        if not text:
            continue
        try:
            found[option.name] = option.kind.read(text, reading)
        except UserError as error:
            fault = fault or error
            typed[option.name] = text[:MAX_TYPED]
    if fault is not None:
        text = " ".join(o.kind.as_typed(texts[o.name].strip()) for o in entry.options if texts.get(o.name, "").strip())
        call = _call(entry, found, typed, error=_with_usage(fault, entry))
        return replace(call, alternatives=_instead(entry, text, fault))
    return _complete(entry, found, "")


def _instead(entry: Command, text: str, error: UserError) -> tuple[Button, ...]:
    """The same question once for each suggestion, in the place of the words that were not clear."""
    if not error.about:
        return ()
    unclear = re.compile(rf"(?<!\w){re.escape(' '.join(error.about.split()))}(?!\w)")
    before, _, after = unclear.sub("\0", " ".join(text.split()), count=1).partition("\0")
    return tuple(Button(word, f"!{entry.name} {before}{word}{after}", private=True) for word in error.suggestions)


def _complete(entry: Command, found: dict[str, Any], text: str) -> Call:
    missing = [option for option in entry.options if option.required and option.name not in found]
    if missing:
        need = " and ".join(option.kind.noun for option in missing)
        error = UserError(f"{entry.name} needs {need}: for example {entry.examples[0]}", "bad_input", entry.examples)
        typed = {missing[0].name: text.strip()[:MAX_TYPED]} if text.strip() and not found else {}
        return _call(entry, found, typed, error=error)
    return _call(entry, found)


def _with_usage(error: UserError, entry: Command) -> UserError:
    if error.suggestions or error.code != "bad_input":
        return error
    return UserError(error.message, error.code, entry.examples[:1])


def _call(
    entry: Command, found: Mapping[str, Any], typed: Mapping[str, Any] | None = None, *, error: UserError | None = None
) -> Call:
    options: dict[str, Any] = {}
    understood = []
    for option in entry.options:
        if option.name in found:
            options |= option.kind.to_json(option.name, found[option.name])
            understood.append(option.kind.assumed(found[option.name]))
        elif typed and option.name in typed:
            options[option.name] = typed[option.name]
    note = "; ".join(line for line in understood if line) or None
    values = {name: option_value(value) for name, value in found.items()}
    return Call(entry.name, values, options, note, error)


def option_value(value: Any) -> Any:
    """What a command's function gets for a value: the kinds that carry more than the value say so themselves."""
    return getattr(value, "value", value)
