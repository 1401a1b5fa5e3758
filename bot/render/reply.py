"""`Reply`: one answer as data. Commands build it, each face renders it; no face changes what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from bot.errors import ErrorCode, UserError

Tone = Literal["up", "down", "flat", "term", "plain", "error"]
SessionState = Literal["pre", "regular", "post", "closed", "holiday", "always_open"]
Detail = Literal["brief", "normal", "full"]
"""How much of an answer is shown: its first line, what one needs to believe it, or all there is."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whose prices, of when, of which kind, and whether they are as new as they could be.

    `as_of` is the date of the newest bar used; `time` the provider's own moment where it has one; `listing` says where
    the symbol trades and in which currency, `basis` what its numbers are where they are no prices that somebody paid.
    `past` says that a date was asked for. `when` says of when the answer is, where that is not the day of `as_of`;
    `priced` is false for figures that are no prices, of which no adjustment can be told.
    """

    as_of: date
    session: SessionState
    provider: str
    adjustment: str
    delay: str
    stale_reason: str | None = None
    stand_in: str | None = None
    time: datetime | None = None
    listing: str = ""
    basis: str = ""
    past: bool = False
    when: str = ""
    priced: bool = True

    @property
    def stale(self) -> bool:
        """Whether there should be newer ones."""
        return self.stale_reason is not None

    def to_json(self) -> dict[str, Any]:
        """The envelope's `freshness` object."""
        return {
            "as_of": self.as_of.isoformat(),
            "session": self.session,
            "provider": self.provider,
            "adjustment": self.adjustment,
            "delay": self.delay,
            "stale": self.stale,
            "stale_reason": self.stale_reason,
            "stand_in": self.stand_in,
        }


class Row(NamedTuple):
    """One fact on one line: `label: value`. An empty label makes a plain sentence.

    `links` are titles with https addresses that stand after the value. `at` is a moment that the value tells in the
    market's own time; faces that know the reader's show it in that, too.
    """

    label: str
    value: str
    links: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None


class Button(NamedTuple):
    """Something to press. `ask` is the question that pressing it asks, as a person would type it.

    `private` answers go to the person who pressed alone. `offered`: what is asked was a guess, and presses are counted.
    `part` is the label of the rows that alone are shown of the answer.
    """

    label: str
    ask: str
    private: bool = False
    offered: bool = False
    part: str = ""


class Choice(NamedTuple):
    """One line of a select menu; choosing it asks `ask`, privately."""

    label: str
    ask: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the answer. `alt` describes a picture in words."""

    filename: str
    content: bytes = field(repr=False)
    alt: str = ""


class AnsweredCall(NamedTuple):
    """The question that a reply answers: a command, and its options as JSON has them.

    `ask` asks it again, as a person would type it; "" where asking twice would change something.
    """

    command: str
    options: Mapping[str, Any]
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, in three layers.

    `headline` is the answer in a line, `rows` are what one needs to believe it, one fact per line; `more` are its other
    facts: rule, history, sources, working. `detail` says how much of it is shown.

    `data` is the command's JSON object, `terms` ids of the terms that the answer uses, `understood` a short line where
    an inexact question was interpreted, `live` a question whose headline of now belongs under this answer. Which
    question it answers is not the command's to say: see `answering`.
    """

    title: str
    headline: str
    rows: tuple[Row, ...] = ()
    more: tuple[Row, ...] = ()
    footer: str = ""
    tone: Tone = "plain"
    data: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    freshness: Freshness | None = None
    understood: str | None = None
    buttons: tuple[Button, ...] = ()
    choices: tuple[Choice, ...] = ()
    choices_title: str = ""
    attachments: tuple[Attachment, ...] = ()
    error: ReplyError | None = None
    private: bool = False
    live: str = ""
    answered: AnsweredCall | None = None
    detail: Detail = "normal"

    @property
    def command(self) -> str:
        """The command that was answered; "" for a reply that no question led to."""
        return self.answered.command if self.answered is not None else ""

    @property
    def options(self) -> Mapping[str, Any]:
        """The resolved values that were answered for."""
        return self.answered.options if self.answered is not None else {}

    @property
    def ask(self) -> str:
        """The question to ask for the same answer again; "" where there is none."""
        return self.answered.ask if self.answered is not None else ""

    def part(self, label: str) -> Reply:
        """Of this reply the rows of a label alone; the whole where it has none."""
        rows = tuple(row for row in (*self.rows, *self.more) if row.label == label)
        return (
            replace(self, rows=rows, more=(), detail="full", buttons=(), choices=(), attachments=()) if rows else self
        )

    def answering(self, command: str, options: Mapping[str, Any]) -> Reply:
        """The reply with the question that it answers: said once, by whoever ran the command."""
        return replace(self, answered=AnsweredCall(command, options))

    @property
    def ok(self) -> bool:
        """Whether the question was answered."""
        return self.error is None


class ReplyError(NamedTuple):
    """Why a question was not answered, as JSON has it."""

    code: ErrorCode
    message: str
    suggestions: tuple[str, ...] = ()


def refusal(error: UserError, command: str, options: Mapping[str, Any] | None = None) -> Reply:
    """The reply that tells a person why there is no answer."""
    return Reply(
        title="Not answered",
        headline=error.message,
        tone="error",
        data=error.payload,
        error=ReplyError(error.code, error.message, error.suggestions),
        private=True,
    ).answering(command, options or {})
