"""The router: one question in plain words to one command with options, or to a decline with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.language import readings
from bot.language.declines import Reason, advice, forecast, unsafe
from bot.language.followups import follow_up
from bot.language.languages import asks_price, is_foreign
from bot.language.message import Message, Previous, RouteContext, read_message
from bot.language.readings import Call
from bot.language.terms import apart, asked_term, bare_text, described_term, framed, is_clean, slug_of

__all__ = ["Previous", "Route", "RouteContext", "route"]

_ENOUGH = 1.6
_CLOSE = 1.6
_CERTAIN = 6.0
_LONGEST_BARE = 6


@dataclass(frozen=True, slots=True)
class Route:
    """What a question means: a command and its options as the JSON contract has them.

    `certainty` is 0 to 1; `alternatives` are the second and third reading when they are close; `understood` is a short
    line such as "rally ^RUT"; `follow` says that a follow-up asks for the working of the last answer.
    """

    command: str
    options: dict[str, Any]
    certainty: float = 1.0
    alternatives: tuple[Route, ...] = field(default=())
    follow: Literal["why"] | None = None

    @property
    def understood(self) -> str:
        """The reading in a few words."""
        return " ".join([self.command, *(_shown(value) for value in self.options.values())])


def _shown(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def route(question: str, context: RouteContext) -> Route:
    """The reading of a question. Never raises; equal questions in equal contexts give equal routes."""
    message = read_message(question, context)
    if unsafe(question[:2000], message.plain.line):
        return _decline("unsafe")
    if not message.words.words:
        return Route("help", {}) if not message.text else _bare_signs(message)
    if context.previous is not None:
        followed = follow_up(message, context.previous)
        if followed is not None:
            return Route(followed.command, followed.options, 0.9, follow="why" if followed.why else None)
    if is_foreign(message.text, message.plain):
        return _foreign(message)
    return _english(message)


def _bare_signs(message: Message) -> Route:
    slug = slug_of(message.context.search.find(message.text))
    return Route("define", {"term": slug}) if slug else _decline("out_of_scope")


def _decline(reason: Reason, certainty: float = 1.0) -> Route:
    return Route("decline", {"reason": reason}, certainty)


def _foreign(message: Message) -> Route:
    """Another language: the term that stands there in English, else out of scope."""
    verdict = message.context.search.find(message.text)
    slug = slug_of(verdict) if is_clean(verdict) else None
    mentioned = () if asks_price(message.plain) else message.context.search.mentions(message.text)
    slug = slug or (mentioned[0] if mentioned else None)
    return Route("define", {"term": slug}, 0.8) if slug else _decline("out_of_scope")


def _english(message: Message) -> Route:
    line = message.line
    found = readings.calls(message)
    best = found[0] if found else None
    pair = _contrast(message, best)
    if pair:
        return Route("contrast", {"terms": list(pair)}, 0.95)
    asked = asked_term(message)
    if asked and _is_about_term(message, best):
        return Route("define", {"term": asked[0]}, asked[1], _others(found))
    if advice(line):
        return _decline("advice")
    alert = readings.alert(message)
    if alert:
        return Route(alert.command, alert.options, 0.95)
    future = message.as_of is not None and message.as_of > message.context.today
    if best is not None and best.command == "index" and best.fit >= 4:
        return _answer(message, found)
    if (future and message.symbols) or forecast(line, message.strangers):
        return _decline("forecast")
    return _answer(message, found)


def _contrast(message: Message, best: Call | None) -> tuple[str, str] | None:
    """Two terms; two symbols with a "vs" between them are a comparison of markets."""
    pair = apart(message)
    if pair is None:
        return None
    symbols = len(message.symbols)
    if symbols >= 2 and not re.search(r"\b(?:difference|differ|differs|distinguish|explain|different)\b", message.line):
        return None
    if best is not None and best.command == "rstar" and best.fit >= 5:
        return None
    return pair


def _is_about_term(message: Message, best: Call | None) -> bool:
    """Whether a named term is the question itself, not a measure that is asked for a symbol, nor a live reading."""
    if best is None:
        return True
    if best.command == "rstar":
        return False
    if best.command == "index":
        return not re.search(
            r"\b(?:how is|how are|doing|when|in|up with|going on|members|made|biggest|next|date)\b", message.line
        )
    return best.command in {"quote", "help"} or not message.symbols or (best.command == "rate" and best.fit < 3)


def _answer(message: Message, found: list[Call]) -> Route:
    best = found[0] if found else None
    if best is not None and best.fit >= _ENOUGH:
        return Route(best.command, best.options, min(1.0, best.fit / _CERTAIN), _others(found[1:], best.fit))
    term = _loose_term(message)
    if term is not None:
        return Route("define", {"term": term[0]}, term[1], _others(found))
    return _decline("out_of_scope", 0.8)


def _loose_term(message: Message) -> tuple[str, float] | None:
    """The term of a message without a question around it: a bare name, or a description."""
    if message.symbols:
        return None
    bare = bare_text(message)
    if len(bare.split()) <= _LONGEST_BARE:
        verdict = message.context.search.find(bare)
        slug = slug_of(verdict)
        if slug and is_clean(verdict):
            return slug, 0.9
    if framed(message):
        return described_term(message)
    return None


def _others(found: list[Call], fit: float = 0.0) -> tuple[Route, ...]:
    return tuple(
        Route(call.command, call.options, min(1.0, max(0.0, call.fit / _CERTAIN)))
        for call in found[:2]
        if call.fit >= max(_ENOUGH, fit - _CLOSE)
    )
