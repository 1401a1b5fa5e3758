"""The parts of a reply that every face shows in the same words: freshness, warnings, what was understood."""

from __future__ import annotations

from bot.render.numbers import capital, day
from bot.render.reply import Freshness, Reply

ADJUSTMENTS = {
    "raw": "unadjusted prices",
    "split": "adjusted for splits, not for dividends",
    "split_dividend": "adjusted for splits and dividends",
    "fix": "reference rate",
    "index": "index level, without dividends",
    "simulated": "simulated sample data",
}
SESSIONS = {
    "pre": "before the open",
    "regular": "session open",
    "post": "after the close",
    "closed": "market closed",
    "holiday": "holiday",
    "always_open": "trades around the clock",
}
DELAYS = {
    "real_time": "real time",
    "delayed": "delayed",
    "end_of_day": "end of day",
    "fix": "daily fix",
    "simulated": "simulated",
}
SIMULATED = "Simulated sample data, not market prices."


def freshness_lines(freshness: Freshness) -> list[str]:
    """Whose data, of when, of which kind; and why it is stale, when it is."""
    if freshness.adjustment == "simulated":
        lines = [
            SIMULATED,
            f"Data: {day(freshness.as_of)} · {SESSIONS[freshness.session]} · {freshness.provider}{_listing(freshness)}",
        ]
    else:
        lines = [
            f"Data: {day(freshness.as_of)} · {DELAYS[freshness.delay]} · {SESSIONS[freshness.session]} · "
            f"{freshness.provider} · {ADJUSTMENTS[freshness.adjustment]}{_listing(freshness)}"
        ]
    if freshness.stale:
        lines.append(f"Stale: {freshness.stale_reason}.")
    return lines


def _listing(freshness: Freshness) -> str:
    return f" · {freshness.listing}" if freshness.listing else ""


def closing_lines(reply: Reply) -> list[str]:
    """What stands under the evidence: warnings, freshness, the footer."""
    lines = [f"Note: {capital(warning)}" for warning in reply.warnings]
    if reply.freshness is not None:
        lines += freshness_lines(reply.freshness)
    return lines + ([reply.footer] if reply.footer else [])


def opening_lines(reply: Reply) -> list[str]:
    """What stands before the answer: how an inexact question was understood."""
    return [f"Understood as: {reply.understood}"] if reply.understood else []
