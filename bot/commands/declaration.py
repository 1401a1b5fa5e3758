"""What a command is: one declaration from which every face builds its own form.

A command is an async function `(desk, caller, options by name) -> Reply`. Its signature, read once, gives the options:
each is annotated with a `Converter`, which finds its value among typed words, reads it from a named option, completes
it, and writes it as JSON. Discord's prefix, mention and slash forms, the console's parser, `help` and the table in the
README all come from here.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_type_hints

from bot.commands.converter import Converter
from bot.errors import UserError
from bot.language.intents import Intent, Intents
from bot.render.reply import Button, Reply

if TYPE_CHECKING:
    from bot.desk import Caller, Desk

Run = Callable[..., Awaitable[Reply]]
Role = Literal["bare_terms", "plain_questions", "shows_working", "overview"]
"""What one command may do for the whole: answer `!contango`, read plain language, show how an answer was computed, and
say what can be asked."""
Group = Literal["words", "market", "lists", "rates", "bot"]
"""What commands are about: terms, one market, several, money and rates with what indices are, and the bot itself."""
REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    name: str
    converter: Converter
    default: Any = REQUIRED

    @property
    def required(self) -> bool:
        """Whether the command cannot run without it."""
        return self.default is REQUIRED


@dataclass(frozen=True, slots=True)
class Call:
    """A question that was understood: the command, its values, and the same values as JSON.

    `error` says why it cannot run; `options` then holds what could be resolved, the rest as typed. `alternatives` ask
    other readings of the same question. `topic` is the call that questions after this one follow on from, where it is
    another one. `unsure` is the question where no reading of it was sure enough.
    """

    command: str
    values: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    understood: str | None = None
    error: UserError | None = None
    alternatives: tuple[Button, ...] = ()
    topic: Call | None = field(default=None, repr=False)
    unsure: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("values", "options"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `summary` is at most 100 characters (Discord's limit for a slash command's description).

    `order` is its place in lists, `group` the group of them that it is shown in; `listed` says whether `help` lists it.
    `server_only` commands make no sense in direct
    messages; `manages` need the right to manage the server; `writes` change what is kept for whoever asks, so that a
    button for one is its asker's alone. `intent` says how plain language reaches it, None where it
    does not, and which term and which follow-ups belong to its answers. `takes_attachment` names the option that an
    attached table fills. `redirect` gives the command and values that a call means instead, None where it means itself.
    `over_registry`: the function takes the registry after the caller. `cost` is how many questions of a person's
    allowance one takes, by what `benchmarks/costs.py` measures: processor time and how often providers are asked.
    """

    name: str
    summary: str
    run: Run
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    order: int
    group: Group = "bot"
    aliases: tuple[str, ...] = ()
    role: Role | None = None
    listed: bool = True
    server_only: bool = False
    manages: bool = False
    writes: bool = False
    intent: Intent | None = None
    takes_attachment: str | None = None
    redirect: Callable[[Mapping[str, Any]], tuple[str, Mapping[str, Any]] | None] | None = None
    over_registry: bool = False
    cost: int = 1

    @property
    def usage(self) -> str:
        """How it is typed: required options in capitals, the others in brackets."""
        parts = [o.converter.metavar if o.required else f"[{o.converter.metavar}]" for o in self.options]
        return " ".join([f"!{self.name}", *parts])

    def option(self, name: str) -> Option | None:
        """The option of a name."""
        return next((option for option in self.options if option.name == name), None)

    def typed(self, values: Mapping[str, Any]) -> str:
        """The question that asks for these values, as a person would type it."""
        given = ((option.converter, values.get(option.name)) for option in self.options)
        return " ".join([f"!{self.name}", *(one.typed(value) for one, value in given if value is not None)])

    async def answer(self, desk: Desk, caller: Caller, registry: Registry, values: Mapping[str, Any]) -> Reply:
        """Run the command. Raises what it raises: UserError, or a failure of ours."""
        first = (desk, caller, registry) if self.over_registry else (desk, caller)
        return await self.run(*first, **values)


def command(
    name: str, summary: str, *, examples: Sequence[str], order: int = 0, **more: Any
) -> Callable[[Run], Command]:
    """Declare a command: the decorated function's keyword-only parameters are its options."""

    def declare(run: Run) -> Command:
        hints = get_type_hints(run, include_extras=True)
        parameters = inspect.signature(run).parameters.values()
        options = tuple(
            Option(p.name, _converter(hints[p.name]), p.default) for p in parameters if p.kind is p.KEYWORD_ONLY
        )
        over_registry = sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters) > 2
        return Command(name, summary, run, options, tuple(examples), order, over_registry=over_registry, **more)

    return declare


def _converter(hint: Any) -> Converter:
    converters = [extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Converter)]
    if len(converters) != 1:
        msg = f"an option needs exactly one Converter in its annotation, not {hint!r}"
        raise TypeError(msg)
    return converters[0]


class Registry:
    """The commands of the program, by name and alias, in their order.

    Raises ValueError when a name or a role is taken.
    """

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands: tuple[Command, ...] = tuple(sorted(commands, key=lambda entry: entry.order))
        self._names: dict[str, Command] = {}
        self._roles: dict[Role, Command] = {}
        for entry in self.commands:
            for name in (entry.name, *entry.aliases):
                if self._names.setdefault(name, entry) is not entry:
                    msg = f"two commands are named {name!r}"
                    raise ValueError(msg)
            if entry.role is not None and self._roles.setdefault(entry.role, entry) is not entry:
                msg = f"two commands have the role {entry.role!r}"
                raise ValueError(msg)

    def get(self, name: str) -> Command | None:
        """The command of a name or alias, whatever its case."""
        return self._names.get(name.casefold())

    def of_role(self, role: Role) -> Command | None:
        """The command that does this for the whole program."""
        return self._roles.get(role)

    @cached_property
    def command_names(self) -> tuple[str, ...]:
        """The names of the commands, without their aliases."""
        return tuple(entry.name for entry in self.commands)

    @cached_property
    def intents(self) -> Intents:
        """How plain language reaches the commands that it reaches."""
        return Intents(entry.intent for entry in self.commands if entry.intent is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name and alias."""
        return tuple(self._names)
