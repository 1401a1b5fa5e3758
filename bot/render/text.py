"""A reply in words: the lines that every face shows alike (freshness, warnings, what was understood), and plain text.

Plain text is the console's one-shot answer, the JSON envelope's `text`, and the twin of every embed.
"""

from __future__ import annotations

from bot.render.numbers import capital, day
from bot.render.reply import Freshness, Reply, Row

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
    if freshness.basis:
        lines.append(f"What the numbers are: {freshness.basis}.")
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


def line(row: Row) -> str:
    """One fact on one line."""
    links = "; ".join(f"{title} ({address})" for title, address in row.links)
    value = f"{row.value} {links}".strip()
    return f"{row.label}: {value}" if row.label else value


def to_text(reply: Reply) -> str:
    """The whole reply, one fact per line, without mark-up."""
    if reply.error is not None and not reply.rows:
        return reply.headline
    blocks = [
        [*opening_lines(reply), reply.title, reply.headline],
        [line(row) for row in reply.rows],
        closing_lines(reply),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)
