"""From what was heard to calls: which commands a message can mean, how well each fits, and the options of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.language.entities.conditions import read_condition
from bot.language.entities.currencies import Money
from bot.language.entities.numbers import plain
from bot.language._table import heard
from bot.language.message import Message

Options = dict[str, Any]
_ONE_SYMBOL = ("roc", "rally", "range", "quote", "chart")
_RUT = "^RUT"
_ALSO_NAMES = frozenset({"META"})
_LIVE = re.compile(
    r"\b(?:now|today|current|currently|latest|reading|readings|estimate|estimates|estimated at|where|stand"
    r"|stands|level|number|value|how high|how low|these days|this quarter|recent|recently|print|update"
    r"|updated|"
    r"newest|is at|at|sitting|live|figure|percent|new|at the moment|lately|check|fetch|pull|give me"
    r"|show me|get me|show|tonight|this (?:week|month|year)|PER|put at|running at|reads?|currently at"
    r"|fresh|most recent|vs (?:the )?(?:fed|policy|funds)|real time)\b"
)
_NOT_LIVE = re.compile(
    r"\b(?:calculated|computed|mean|means|define|definition|explain|measured|derived|formula"
    r"|why is it called|what does|who (?:came|invented)|work|works|estimated$)\b"
)
_RANKING = re.compile(
    r"\b(?:rank|ranks|ranked|ranking|rankings|leaderboard|leader board|sort|sorted|order|ordered|in order"
    r"|pecking order|standings|line up|league table|best to worst|strongest to weakest|strongest first"
    r"|best first)\b"
)
_OTHER_TOPIC = re.compile(
    r"\b(?:ceo|cfo|founder|founded|founders?|headquarters|hq|employees|employee|revenue|revenues|earnings"
    r"|eps|dividend|dividends|market cap|mcap|capitalization|p / e|pe ratio|balance sheet|news|headlines?"
    r"|article|volume|rsi|macd|ema|sma|vwap|moving averages?|bollinger|atr|adx|"
    r"implied volatility|iv|options? chain|option chain|open interest|short interest|float|beta|yield|app"
    r"|apps|website|iphone|ipad|macbook|pixel|customer|support number|customer service|login|refund"
    r"|delivery|prime|car|cars|model|movie|movies|park|plus|album|season|episode|"
    r"stores?|warehouse|job|jobs|interview|intern|internship|office|product|products|logo|history of|owner"
    r"|owns|own|who (?:runs|owns|founded|invented|made)|lawsuit|merger|acquire|layoffs|hiring|sue|sued"
    r"|analyst|analysts|rating|ratings|sentiment|reddit|insiders?|split|buyback|down for (?:me|you|anyone"
    r"|everyone|anybody)|weather|recipe|"
    r"puppies|puppy|terrier|brand|crowe|westbrook|wilson|peters|street|road|avenue|juice|pie|cider|tree"
    r"|orchard|river|rainforest|forest|dress|truck|trucks|mustang|driver|roadster|cybertruck|coil"
    r"|autopilot|drive thru|fries|burger|account|subscription|password|profile|feed|comments?|friend"
    r"|facebook marketplace|search|maps|translate|docs|gmail)\b"
)
_PERSONAL = re.compile(
    r"\b(?:my|his|her|our|their) (?:\w+ )?(?:SYM|PAIR)\b|^(?:i|we|he|she|they) (?!want|need|would|d|wonder"
    r"|am wondering|am curious|see|do not|never|was wondering|just want|have (?:AMT|NUM|CUR))\w+"
)


@dataclass(frozen=True, slots=True)
class Call:
    """One way to read a message: a command, its options, and how well it fits (4 settles it, under 2 is a guess)."""

    command: str
    options: Options
    fit: float


_SCHEDULE = 6
"""From this weight on, the dates of an index are asked for, whatever span stands beside: "reconstituted this year"."""


def calls(message: Message) -> list[Call]:
    """The market readings of a message, best first; alerts, terms and declines are not among them."""
    weights = _weights(message)
    found: list[Call] = []
    for command, weight in weights.items():
        options = _BUILD[command](message)
        if options is not None:
            found.append(Call(command, options, round(weight - _doubt(message, command), 3)))
    return sorted(found, key=lambda call: -call.fit)


def alert(message: Message) -> Call | None:
    """The alert that a message asks for, when it names a symbol and a condition."""
    if "alert" not in message.heard or not message.symbols:
        return None
    condition = read_condition(message.words)
    if condition is None:
        return None
    return Call("alert", {"symbol": message.symbols[0].symbol.canonical, "condition": condition}, 9.0)


def _weights(message: Message) -> dict[str, float]:
    weights = dict(message.heard)
    weights.pop("alert", None)
    count = len(message.symbols)
    _weigh_symbols(message, weights, count)
    if count == 1 and message.symbols[0].symbol.canonical == _RUT:
        index = heard(re.sub(r"\b(?:the )?SYM(?: index| companies)?\b", "RUT", message.line)).get("index", 0)
        weights |= {"index": index} if index else {}
    elif not (count == 0 and re.search(r"\b(?:reconstitut\w+|recon|russell)\b", message.line)):
        weights.pop("index", None)
    _weigh_money(message, weights, count)
    _weigh_rstar(message, weights)
    if message.period is not None and "today" not in message.line.split() and count == 1:
        weights["roc"] = max(weights.get("roc", 0) + 0.7, 3.2)
        if weights.get("index", 0) < _SCHEDULE:
            weights.pop("index", None)
    if message.as_of is not None and weights.get("index", 0) < 4:
        weights.pop("index", None)
    return weights


def _weigh_symbols(message: Message, weights: dict[str, float], count: int) -> None:
    """Keep what the number of symbols allows; several symbols alone ask for a comparison."""
    if count == 0:
        for command in (*_ONE_SYMBOL, "compare", "rank"):
            weights.pop(command, None)
    elif count == 1:
        for command in ("compare", "rank"):
            weights.pop(command, None)
    else:
        market = [weights.pop(command, 0) for command in _ONE_SYMBOL]
        ranking = weights.pop("rank", 0)
        comparing = weights.pop("compare", 0)
        bare = re.fullmatch(
            r"(?:(?:SYM|PAIR|and|or|vs|with|against|/|PER|the|today|now|DATE|NUM)(?: |$))+", message.line
        )
        level = max(comparing, ranking, max(market) - 1.5, 4 if bare else 2.5 if not message.strangers else 0)
        if level > 0:
            is_rank = count > 2 or bool(_RANKING.search(message.line))
            weights["rank" if is_rank else "compare"] = level + 1.5
    if count and weights.get("help", 0) and len(weights) > 1:
        weights["help"] -= 3


def _weigh_money(message: Message, weights: dict[str, float], count: int) -> None:
    codes = dict.fromkeys(one.code if isinstance(one, Money) else one for one in message.money)
    pair = "PAIR" in message.line
    if len(codes) == 2 and count == 0:
        weights["rate"] = weights.get("rate", 2.0) + 2
        if any(isinstance(one, Money) for one in message.money):
            weights["rate"] += 3
        _weigh_pair(message, weights)
    elif pair and count == 1:
        weights["rate"] = weights.get("rate", 1.5)
        if message.money:
            weights["rate"] += 1
    elif not (len(codes) == 1 and count == 0 and "rate" in weights and "USD" not in codes):
        weights.pop("rate", None)


def _weigh_pair(message: Message, weights: dict[str, float]) -> None:
    """Two currencies can be one pair: its chart, its rally, its move."""
    for command, weight in message.heard.items():
        if command in {"chart", "rally", "range"} or (
            command == "roc" and not any(isinstance(one, Money) for one in message.money)
        ):
            weights[command] = weight + (
                2 if command in {"chart", "rally", "range"} else 2.5 if message.period else 0.7
            )


def _weigh_rstar(message: Message, weights: dict[str, float]) -> None:
    if "RSTAR" not in message.line:
        return
    if (_LIVE.search(message.line) or message.as_of) and not _NOT_LIVE.search(message.line):
        weights["rstar"] = 6.0
    elif re.search(r"\bRSTAR vs\b|\bvs RSTAR\b|\bto RSTAR\b", message.line):
        weights.setdefault("rstar", 3.0)


def _doubt(message: Message, command: str) -> float:
    """What speaks against a reading: words of another topic, more so beside a name out of daily life."""
    if command in {"help", "rstar"}:
        return 0.5 * message.strangers
    if command == "rate":
        return (0.3 if len(message.money) > 1 else 1.2) * message.strangers
    named = [found for found in message.symbols if not found.typed or found.symbol.canonical in _ALSO_NAMES]
    heavy = bool(named) and len(named) == len(message.symbols)
    doubt = (1.4 if heavy else 0.7) * message.strangers
    if _OTHER_TOPIC.search(message.line):
        doubt += 3.5
    if _PERSONAL.search(message.line) and not any(word.upper for word in message.words.words if word.low == "SYM"):
        doubt += 2.5
    return doubt


def _dated(message: Message, options: Options) -> Options:
    if message.as_of is not None:
        options["as_of"] = message.as_of.isoformat()
    return options


def _spanned(message: Message, options: Options) -> Options:
    if message.period is not None:
        options["periods"] = message.period
    return _dated(message, options)


def _symbol(message: Message) -> str:
    """The symbol, or the pair of two currencies."""
    return message.symbols[0].symbol.canonical if message.symbols else "/".join(_codes(message))


def _one(message: Message) -> Options:
    return _dated(message, {"symbol": _symbol(message)})


def _roc(message: Message) -> Options:
    return _spanned(message, {"symbol": _symbol(message)})


def _chart(message: Message) -> Options:
    options: Options = {"symbol": _symbol(message)}
    if message.period is not None and not (message.period == 1 and "today" in message.line):
        options["periods"] = message.period
    return _dated(message, options)


def _several(message: Message) -> Options:
    return _spanned(message, {"symbols": [found.symbol.canonical for found in message.symbols]})


_LEVEL = re.compile(
    r"\bCUR(?: \w+){0,2} (?:above|below|over|under|at|past|than|hit|near|around|north of|south of) AMT\b"
)


def _codes(message: Message) -> list[str]:
    """The currencies, what is held or named first before the other."""
    amounts = [one.code for one in message.money if isinstance(one, Money)]
    named = [one for one in message.money if isinstance(one, str)]
    in_order = [one.code if isinstance(one, Money) else one for one in message.money]
    if amounts and not _LEVEL.search(message.line):
        return list(dict.fromkeys([amounts[0], *named, *amounts]))
    if re.search(r"\b(?:how many|how much|number of|many)(?: (?:of|in|us|more|is))? CUR\b", message.line) or re.search(
        r"\bCUR (?:per|to the|to a|for (?:a|one|each|every)|in (?:a|one)|(?:does|do|will|can)(?: \w+){0,3}) ",
        message.line,
    ):
        in_order.reverse()
    return list(dict.fromkeys(in_order))


def _rate(message: Message) -> Options | None:
    codes = _codes(message)
    pair = next((found.symbol.canonical for found in message.symbols if "/" in found.symbol.canonical), None)
    if len(codes) < 2:
        codes = pair.split("/") if pair else [*codes, "USD"]
    if len(set(codes)) != 2:
        return None
    options: Options = {"base": codes[0], "quote": codes[1]}
    amounts = [one for one in message.money if isinstance(one, Money)]
    if amounts and amounts[0].code == codes[0] and not _LEVEL.search(message.line):
        options["amount"] = plain(amounts[0].amount)
    return _dated(message, options)


def _rstar(message: Message) -> Options:
    return _dated(message, {})


def _index(_: Message) -> Options:
    return {"name": "RUT"}


def _help(_: Message) -> Options:
    return {}


_BUILD: Mapping[str, Callable[[Message], Options | None]] = {
    "roc": _roc,
    "rally": _one,
    "range": _one,
    "quote": _one,
    "chart": _chart,
    "compare": _several,
    "rank": _several,
    "rate": _rate,
    "rstar": _rstar,
    "index": _index,
    "help": _help,
}
