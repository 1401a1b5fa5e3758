"""What is not answered: secrets, mass pings, harm and abuse; advice; forecasts.

The ways of asking stand in `data/declines/`, one a line. To decline a new one, add a phrase.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from bot.language.phrases import PhraseTable, read_sections

Reason = Literal["advice", "forecast", "out_of_scope", "unsafe"]

# Code, paths and signs: looked for in what was typed, not among its words.
_RAW = re.compile(
    r"@(?:everyone|here)\b|<@&\d+>|\.env\b|__(?:import|class|builtins?|globals|dict|init|subclasses|mro|bases?|main|name|file|code|getattr\w*)__|\$\{|\{\{.*\}\}|\$\(|\.\./|/etc/|c:\\|file://|/bin/"
    r"|<script|javascript:"
    r"|\b(?:eval|exec|system|subprocess|compile|globals|getattr|require|fetch|open|unlink)\s?\(|\b(?:os"
    r"|sys)\.\w+|import os\b"
    r"|rm -r|\bsudo\b|\bchmod |\bprintenv\b|powershell|cmd\.exe|bash -|curl\s+http|wget\s|system32|process\.env"
    r"|drop\s+(?:table|database)|delete\s+from|insert\s+into|select\s+\*|union\s+select|\bor\s+'?1'?\s?=\s?'?1|--\s*$"
    r"|discord\.gg|discord\.com/invite|\$\w+_(?:token|secret|password|key)\b|\$(?:token|secret|password)\b"
    r"|\btoken\s?=|discord_token",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[$@](?=\w)")
_PRONOUN = re.compile(r"\b(?:it|this|that|they|we)\b")
_SO_FAR = re.compile(
    r"\b(?:still|done|stopped|finished|been|was|were) (?:going|heading|headed) (?:up|down|higher|lower)\b"
)


@cache
def _table(reason: Reason, section: str = "") -> PhraseTable:
    return PhraseTable(read_sections(f"declines/{reason}.txt")[section], plural=True)


def unsafe(text: str, line: str) -> bool:
    """Whether a message asks for secrets, for a mass ping or for harm, or is abuse."""
    table = _table("unsafe")
    return bool(_RAW.search(text)) or table.occurs(line) or table.occurs(_SIGN.sub("", line))


def advice(line: str) -> bool:
    """Whether a message asks what to do with money."""
    return _table("advice").occurs(line)


def forecast(line: str, off_topic_score: float) -> bool:
    """Whether a message asks what a market will do; "it" is a market unless words of another topic stand beside it."""
    if not _table("forecast").occurs(_SO_FAR.sub(" ", line)):
        return False
    return _table("forecast", "things").occurs(line) or (off_topic_score < 1 and bool(_PRONOUN.search(line)))
