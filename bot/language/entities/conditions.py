"""What an alert waits for, as the contract writes it: `rally_ends`, `range_breaks`, `roc_above:8` and the rest."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import cast

from bot.errors import UserError, quoted
from bot.language.entities.currencies import Money, tag_currencies
from bot.language.entities.numbers import decimal_text, read_number, read_percent, tag_numbers
from bot.language.tokens import Words, read_words

_RALLYISH = (
    r"(?:rally|rallies|rallying|rallys|uptrend|run up|bull run|upswing|advance|recovery|rebound|bounce|run"
    r"|upmove|move up|surge)"
)
_STARTS = (
    r"(?:start|starts|starting|started|begin|begins|beginning|kicks? off|gets? going|gets? (?:under way"
    r"|started)|commences?|takes? off|is on|fires up|new|confirmed|underway|comes|appears|forms|in|into"
    r"|enters?|entering|goes)"
)
_ENDS = (
    r"(?:end|ends|ending|ended|over|stop|stops|stopped|stopping|die|dies|dying|died|finish|finishes|fail"
    r"|fails|fade|fades|fizzles?(?: out)?|done|breaks? down|dead|finished|collapses|cracks|peters? out"
    r"|runs? out|rolls? over|loses|tops? out|quits|gives? up|exhausted|stalls?)"
)
_RULES: tuple[tuple[str, str], ...] = (
    (
        rf"\b{_RALLYISH}(?: \w+){{0,4}} {_ENDS}\b|\b{_ENDS}(?: \w+){{0,2}} (?:the |its |a "
        rf"|it )?(?:\w+ )?{_RALLYISH}\b|\b(?:no longer|not|out of)(?: in)?(?: a| its| the)? {_RALLYISH}"
        rf"|\bend of (?:the |its )?(?:\w+ )?{_RALLYISH}|\bthat ends\b",
        "rally_ends",
    ),
    (
        r"\brange|\bbreak(?:s|ing)? ?(?:out|down)|\bbreaking out|\bbreakout|\bbreakdown|\bbroken out"
        r"|\bbroke out|\b(?:break|breaks|breaking|loses?|pierces?|clears?|through|above|below|past|breach"
        r"|breaches) (?:through |out |below |above |past )?(?:of )?(?:its |the )?(?:SYM )?(?:support"
        r"|resistance|band|floor|ceiling|box)|\b(?:support|resistance|floor|ceiling) (?:level )?(?:is "
        r"|gets )?(?:breaks?|broken|gives? way|fails?|cracks|snaps|goes|holds no)|\b(?:leaves|exits|escapes"
        r"|out of|outside)(?: of)? (?:its |the |that |this )?(?:range|band|channel|box|sideways|consolidation)",
        "range_breaks",
    ),
    (
        rf"\b{_RALLYISH}(?: \w+){{0,4}} {_STARTS}\b|\b{_STARTS}(?: \w+){{0,2}} (?:the |its |a |an |to "
        rf"|new )*{_RALLYISH}\b|\b(?:rallies|rallying|rally|new rally|starts running|uptrend)\b",
        "rally_starts",
    ),
)
_COMPILED = tuple((re.compile(pattern), condition) for pattern, condition in _RULES)
_DOWNWARD = re.compile(
    r"\b(?:below|under|beneath|underneath|less than|lower than|smaller than|down|drop|drops|dropped"
    r"|dropping|fall|falls|fallen|falling|sink|sinks|dip|dips|slide|slides|slip|slips|"
    r"lose|loses|losing|tank|tanks|crash|crashes|decline|declines|plunge|plunges|downside|loss|worse than"
    r"|retreats|sheds|tumbles|slumps|breaks down|sub)\b|<"
)
_STRONG_UP = re.compile(r"\b(?:back above|above|back over|over|more than|greater than|higher than|exceeds?)\b|>")
_MORE_THAN = re.compile(
    r"\b(?:down|drops?|dropped|falls?|fallen|loses?|lost|sinks?|declines?|off) (?:by )?(?:more than|over|at least)\b"
)
_MEASURE = re.compile(r"\b(?:roc|rate of change|momentum|change|return|performance|moves?|gains?)\b")
_SIGN = re.compile(
    r"\b(?P<negative>negative|red|below zero|under zero|below 0)\b|\b(?P<positive>positive|green"
    r"|above zero|over zero)\b"
)
_COMPARING = frozenset(
    "below under beneath above over past at to hits hit reaches touches crosses than through by sub clears < >".split()
)
_COUNTED = frozenset("shares share contracts contract minutes minute hours hour people times lots units am pm".split())
_ZERO = re.compile(r"\bzero\b")

STATES = ("rally_starts", "rally_ends", "range_breaks")
_WRITTEN = re.compile(r"(?P<measure>roc|price)[_ -](?P<side>above|below)\s*[:= ]\s*(?P<number>\S.*)")
CONDITION_PATTERNS = (*(pattern for pattern, _ in _RULES), _DOWNWARD.pattern)


def condition_of(words: Words) -> str | None:
    """The condition that a tagged message names, or None.

    A number with a percent sign or beside "roc" is a rate of change.
    """
    line = words.line
    number = _number(words)
    if number is not None:
        return _threshold(line, number[0], percent=number[1])
    sign = next(reversed(list(_SIGN.finditer(line))), None)
    if sign or (_ZERO.search(line) and _MEASURE.search(line)):
        down = bool(sign and sign["negative"]) or (sign is None and bool(_DOWNWARD.search(line)))
        return "roc_below:0" if down else "roc_above:0"
    return next((condition for pattern, condition in _COMPILED if pattern.search(line)), None)


def _number(words: Words) -> tuple[Decimal, bool] | None:
    """The threshold, and whether it is a percentage: the last one that is compared with, else the last one named.

    A percentage goes before an amount, and that before a bare number; what counts shares or minutes is none.
    """
    for compared in (True, False):
        for mark in ("PCT", "AMT", "NUM"):
            found = [
                word.value for at, word in enumerate(words.words) if word.low == mark and _is_level(words, at, compared)
            ]
            if found:
                value = found[-1]
                return (value.amount if isinstance(value, Money) else cast("Decimal", value)), mark == "PCT"
    return None


def _is_level(words: Words, at: int, compared: bool) -> bool:
    """Whether a number may be a threshold; `compared`: a word of comparison stands before it."""
    lows = [word.low for word in words.words]
    if compared:
        return not _COMPARING.isdisjoint(lows[max(0, at - 2) : at])
    return at + 1 == len(lows) or lows[at + 1] not in _COUNTED


def _threshold(line: str, number: Decimal, *, percent: bool) -> str:
    measured = percent or bool(re.search(r"\b(?:roc|rate of change|momentum)\b", line))
    down = _is_downward(line, percent=percent)
    if not measured:
        return f"price_{'below' if down else 'above'}:{decimal_text(number)}"
    if percent and down and number > 0 and _is_a_fall(line):
        number = -number
    return f"roc_{'below' if down else 'above'}:{decimal_text(number)}"


def _is_downward(line: str, *, percent: bool) -> bool:
    """Whether the threshold is reached from above: "below 5", also "down more than 5 %"."""
    if not _STRONG_UP.search(line):
        return bool(_DOWNWARD.search(line))
    if re.search(r"\b(?:below|under|less than)\b", line):
        return line.rfind("below") > line.rfind("above")
    return percent and bool(_MORE_THAN.search(line))


def _is_a_fall(line: str) -> bool:
    """Whether a positive percentage is the size of a fall ("drops 5%"), not a level ("roc drops below 5%")."""
    if re.search(r"\b(?:roc|rate of change|momentum|return|change)\b", line):
        return not re.search(r"\b(?:below|under|beneath|less than|lower than|to) PCT", line)
    return True


def read_condition(text: str) -> str:
    """The condition that a whole text means: `rally_ends`, `roc_above:5`, "price below 2,300", "drops 5%".

    Raises UserError naming what cannot be read.
    """
    bare = " ".join(text.strip(" .,;!?`*\"'").split()).casefold()
    plain = re.sub(r"[ -]", "_", bare)
    if plain in STATES:
        return plain
    written = _WRITTEN.fullmatch(bare)
    if written is not None:
        read = read_percent if written["measure"] == "roc" else read_number
        return f"{written['measure']}_{written['side']}:{decimal_text(read(written['number'].lstrip('$')))}"
    words = tag_numbers(tag_currencies(read_words(text), ("USD",), typed=True), every=True)
    for unread in words.unread:
        raise unread.error()
    found = condition_of(words)
    if found is None:
        examples = "rally_starts, rally_ends, range_breaks, roc_above:5 or price_below:200"
        raise UserError(f"I cannot read {quoted(text, 40)} as a condition; write one like {examples}.")
    return found
