"""What a command tells the router about the questions that mean it: one `Intent`, declared in the command's file.

The ways of asking stand in `data/phrases/<command>.txt`. What is the same for every command follows from the entities
that it takes; what is special to one is a small pure function of the message, a hook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.language.message import Message

Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Intent:
    """How plain language reaches a command.

    `symbols` and `terms` are the least and the most that one question may hold; `lookback`, `date` and `currencies` say
    whether a look-back (`periods` or `since`), a date (`as_of`) or a pair of currencies (`base`, `quote`, `amount`)
    belongs to it. `explains` is the id of the term that "what is that?" asks for after an answer.

    `as_pair` is what is added to the weight where two currencies stand in the place of one symbol; None: never.
    `of_span`: a day or a month that is named is the span itself and not a date to look back from: "moved yesterday".
    `settles`: built before other readings are weighed, as an order is ("tell me when …"); `unphrased`: and its hook
    alone says whether it is meant, without any phrase.
    `known_ahead`: from this fit on the answer is known although it lies ahead, as the date of a reconstitution does.
    `for_nothing`: answers an empty message.

    The hooks are pure. `fit(message, weight)` is the weight after what is special to the command, where `weight` comes
    from its phrases and the entities (0: nothing was heard), and 0 leaves the command out. `build(message)` makes the
    options, None where it cannot. `over_term(message, fit)` says whether the command is meant and not the term named in
    the message; without it, a command is meant where a symbol is named. `claims(message)` says whether the command is
    meant where another takes the same number of symbols. `note(message)` is what has to be said of how it was read, ""
    for nothing.
    """

    command: str
    symbols: tuple[int, int] = (0, 0)
    terms: tuple[int, int] = (0, 0)
    lookback: bool = False
    date: bool = False
    currencies: bool = False
    explains: str | None = None
    as_pair: float | None = None
    of_span: bool = False
    settles: bool = False
    unphrased: bool = False
    known_ahead: float | None = None
    for_nothing: bool = False
    fit: Callable[[Message, float], float] | None = None
    build: Callable[[Message], Options | None] | None = None
    over_term: Callable[[Message, float], bool] | None = None
    claims: Callable[[Message], bool] | None = None
    note: Callable[[Message], str] | None = None

    @property
    def takes_one(self) -> bool:
        """Whether it is about exactly one symbol."""
        return self.symbols == (1, 1)

    @property
    def takes_several(self) -> bool:
        """Whether it is about two symbols or more."""
        return self.symbols[0] >= 2


class Intents:
    """The intents of all commands that plain language reaches, in the order of the registry."""

    def __init__(self, intents: Iterable[Intent]) -> None:
        self.all: tuple[Intent, ...] = tuple(intents)
        self._by_command = {intent.command: intent for intent in self.all}

    def get(self, command: str) -> Intent | None:
        """The intent of a command, None where plain language does not reach it."""
        return self._by_command.get(command)

    def of_terms(self, count: int) -> Intent | None:
        """The first intent that takes this number of terms."""
        return next((intent for intent in self.all if intent.terms[0] <= count <= intent.terms[1]), None)

    @property
    def for_nothing(self) -> Intent | None:
        """The intent that answers an empty message."""
        return next((intent for intent in self.all if intent.for_nothing), None)
