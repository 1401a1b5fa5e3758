"""Questions that follow on: "and SPY?", "over 20 days?", "why?", "what is that?". They change the asker's last call."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.intents import Intent, Options
from bot.language.message import Message, Previous, whole_sessions

_LEAD = (
    r"(?:and |so |ok |what about |how about |then |now |also |same (?:for |with |but )?|but |or |the "
    r"|with |for |on |in |instead |please )*"
)
_WHY = re.compile(
    r"^(?:but |and |so |ok )?(?:why|how come|why is that|why not|how so|how do you know|says who"
    r"|based on what|show (?:me )?(?:the |your )?working|explain|why that|how did you get that"
    r"|where is that from|how is that)(?: that| so| is that| though)?$"
)
_WHAT = re.compile(
    r"^(?:and |so |ok |but )?(?:what is (?:that|this|it)|what does (?:that|this|it) mean|meaning"
    r"|what do you mean|explain (?:that|this|it)|define (?:that|it|this)|what|huh|and that means"
    r"|which means)$"
)
_TAIL = r"(?: (?:then|too|please|instead|now|though|as well))*$"
_SYMBOL = re.compile(rf"^{_LEAD}(?:SYM|PAIR)(?: PER)?{_TAIL}")
_SPAN = re.compile(rf"^{_LEAD}(?:PER|NUM){_TAIL}")
_DATED = re.compile(rf"^{_LEAD}DATE{_TAIL}")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A call made out of the last one; `why`: its working is asked for."""

    command: str
    options: Options
    why: bool = False


def follow_up(message: Message, previous: Previous) -> FollowUp | None:
    """The call that a short message makes of the last one, or None when it stands on its own."""
    line, options = message.line, dict(previous.options)
    intent = message.context.intents.get(previous.command)
    if _WHY.match(line):
        return FollowUp(previous.command, options, why=True)
    if intent is None:
        return None
    if _WHAT.match(line):
        return _explained(message, intent.explains or options.get("term"))
    if _SYMBOL.match(line):
        return _with_symbol(message, intent, options)
    if _SPAN.match(line) and intent.lookback:
        return _with_lookback(message, intent, options)
    if _DATED.match(line) and intent.date:
        return FollowUp(intent.command, options | {"as_of": message.as_of})
    return None


def _explained(message: Message, term: str | None) -> FollowUp | None:
    """The definition of the term that the last answer was about."""
    explaining = message.context.intents.of_terms(1)
    return FollowUp(explaining.command, {"term": term}) if explaining is not None and term is not None else None


def _with_symbol(message: Message, intent: Intent, options: Options) -> FollowUp | None:
    """The same about another symbol; of two the second is replaced, to more it is added."""
    symbol = message.symbols[0]
    if intent.lookback and message.lookback is not None:
        options |= {"periods": message.lookback}
    if intent.takes_one:
        return FollowUp(intent.command, options | {"symbol": symbol})
    if intent.takes_several:
        asked = options["symbols"]
        kept = asked[:1] if intent.symbols[1] == 2 else asked
        return FollowUp(intent.command, options | {"symbols": (*kept, symbol)}) if symbol not in kept else None
    return None


def _with_lookback(message: Message, intent: Intent, options: Options) -> FollowUp | None:
    numbers = message.words.values("NUM")
    lookback = message.lookback or (whole_sessions(numbers[0]) if numbers else None)
    return None if lookback is None else FollowUp(intent.command, options | {"periods": lookback})
