"""From what was heard to candidates: which commands a message can mean, how well each fits, and the options of each.

What is the same for every command follows from the entities that its intent takes; what is special is in its hooks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.language.intents import Intent, Options
from bot.language.message import Message
from bot.language.phrases import PhraseTable, read_sections

_ALSO_NAMES = frozenset({"META"})
_ONLY_SYMBOLS = frozenset("SYM PAIR PER DATE NUM and or vs with against / the today now".split())
_PERSONAL = re.compile(
    r"\b(?:my|his|her|our|their) (?:\w+ )?(?:SYM|PAIR)\b|^(?:i|we|he|she|they) (?!want|need|would|d|wonder"
    r"|am wondering|am curious|see|do not|never|was wondering|just want|have (?:AMT|NUM|CUR))\w+"
)
_BARE = 4.0
_LISTED = 2.5
_OF_SEVERAL = 1.5
"""What one symbol's command counts less for several, and the command for several more."""


# A fit of this size settles what is meant.
SETTLED = 4.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a message: a command, its options, and how well it fits (4 settles it, under 2 is a guess)."""

    intent: Intent
    options: Options
    fit: float

    @property
    def command(self) -> str:
        """The name of the command."""
        return self.intent.command


def candidates(message: Message) -> list[Candidate]:
    """The readings of a message, best first; those that are settled beforehand and terms are not among them."""
    found: list[Candidate] = []
    for intent, weight in _weights(message).items():
        options = options_of(intent, message)
        if options is not None:
            found.append(Candidate(intent, options, round(weight - _doubt(message, intent), 3)))
    return sorted(found, key=lambda candidate: -candidate.fit)


def settled(message: Message) -> Candidate | None:
    """The reading that goes before all others, such as an order to tell when something happens."""
    for intent in message.context.intents.all:
        if intent.settles and (intent.unphrased or intent.command in message.scores):
            options = options_of(intent, message)
            if options is not None:
                return Candidate(intent, options, message.scores.get(intent.command, SETTLED))
    return None


def build(intent: Intent, message: Message) -> Options | None:
    """The options of a message for a command: its own hook's, else one for each entity that it takes."""
    if intent.build is not None:
        return intent.build(message)
    return dated(message, with_lookback(message, about(message, intent), intent), intent)


def options_of(intent: Intent, message: Message) -> Options | None:
    """The options of a message for a command whatever its words; None where what the command needs is not there."""
    fewest, most = intent.symbols
    if intent.terms[1] or (intent.takes_several and len(message.symbols) > most):
        return None
    if len(message.symbols) < fewest and not (_is_pair(message) and intent.as_pair is not None):
        return None
    return build(intent, message)


def _is_pair(message: Message) -> bool:
    """Whether two currencies stand in the place of one symbol."""
    known = message.context.symbols.currencies
    return not message.symbols and len(message.currencies) == 2 and all(code in known for code in message.currencies)


def about(message: Message, intent: Intent) -> Options:
    """What the command is about: its symbol, or the pair of two currencies; or its symbols."""
    if intent.takes_several:
        return {"symbols": message.symbols}
    if not intent.symbols[1]:
        return {}
    if message.symbols:
        return {"symbol": message.symbols[0]}
    pair = message.context.symbols.pair(*message.currencies[:2])
    return {"symbol": pair}


def with_lookback(message: Message, options: Options, intent: Intent) -> Options:
    """The options with the look-back that was named, where the command takes one."""
    named = message.happened[0] if intent.of_span and message.happened is not None else message.lookback
    return options | {"periods": named} if intent.lookback and named is not None else options


def dated(message: Message, options: Options, intent: Intent) -> Options:
    """The options with the date that was named, where the command takes one."""
    return options | {"as_of": message.as_of} if intent.date and message.as_of is not None else options


def _weights(message: Message) -> dict[Intent, float]:
    """The weight of each command that the message can mean."""
    intents = [intent for intent in message.context.intents.all if not intent.settles]
    of_several = {_several(message, intents): _weight_of_several(message, intents)} if len(message.symbols) > 1 else {}
    weights: dict[Intent, float] = {}
    for intent in intents:
        several = len(message.symbols) > 1 and intent.symbols[1] > 0
        weight = (
            of_several.get(intent) or _weight_of_each(message, intent) if several else _weight_of_one(message, intent)
        )
        if intent.fit is not None:
            weight = intent.fit(message, weight)
        if weight > 0:
            weights[intent] = weight
    return weights


def _weight_of_one(message: Message, intent: Intent) -> float:
    """The weight of a command's phrases, where the message has as many symbols as it takes."""
    heard = message.scores.get(intent.command, 0.0)
    if intent.takes_several:
        return 0.0
    if intent.takes_one and not message.symbols:
        as_pair = heard > 0 and _is_pair(message) and intent.as_pair is not None
        return heard + (intent.as_pair or 0.0) if as_pair else 0.0
    return heard


def _several(message: Message, intents: list[Intent]) -> Intent | None:
    """The command for so many symbols: of those that take them the one that claims the message, or the narrowest."""
    count = len(message.symbols)
    fitting = [intent for intent in intents if intent.takes_several and intent.symbols[0] <= count <= intent.symbols[1]]
    claimed = [intent for intent in fitting if intent.claims is not None and intent.claims(message)]
    return min(claimed or fitting, key=lambda intent: intent.symbols[1], default=None)


def _weight_of_each(message: Message, intent: Intent) -> float:
    """What speaks for a command of one symbol where several are named: "price of IWM and SPY"."""
    compared = any(message.scores.get(other.command) for other in message.context.intents.all if other.takes_several)
    heard = message.scores.get(intent.command, 0.0)
    return heard + _OF_SEVERAL + 0.1 if intent.takes_one and not intent.of_span and heard and not compared else 0.0


def _weight_of_several(message: Message, intents: list[Intent]) -> float:
    """What speaks for a question about several symbols: words of comparison, of a measure, or nothing but symbols."""
    heard = message.scores
    comparing = [heard.get(intent.command, 0.0) for intent in intents if intent.takes_several]
    measuring = [heard.get(intent.command, 0.0) - _OF_SEVERAL for intent in intents if intent.takes_one]
    bare = _BARE if _ONLY_SYMBOLS.issuperset(message.line.split()) else 0.0 if message.off_topic_score else _LISTED
    level = max(*comparing, *measuring, bare)
    return level + _OF_SEVERAL if level > 0 else 0.0


def _doubt(message: Message, intent: Intent) -> float:
    """What speaks against a reading: words of another topic, more so beside a name out of daily life."""
    off_topic = message.off_topic_score
    if intent.currencies:
        return (0.3 if len(message.money) > 1 else 1.2) * off_topic
    if not intent.symbols[1]:
        return 0.5 * off_topic
    named = [one for one in message.found if not one.typed or one.symbol.canonical in _ALSO_NAMES]
    doubt = (1.4 if named and len(named) == len(message.found) else 0.7) * off_topic
    if of_other_topic(message):
        doubt += 3.5
    if _PERSONAL.search(message.line) and not any(word.upper for word in message.words.words if word.low == "SYM"):
        doubt += 2.5
    return doubt


def of_other_topic(message: Message) -> bool:
    """Whether a word stands beside a symbol that no command answers: "dividend", "earnings"."""
    return _other_topics().occurs(message.line)


@cache
def _other_topics() -> PhraseTable:
    return PhraseTable(read_sections("other_topics.txt")[""])
