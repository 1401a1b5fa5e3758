"""A reply in words, in three layers: what every face shows alike, and plain text.

The *answer* is its first line, at most 140 characters. With the *evidence* it fits a phone: at most ten lines and 700
characters, the sentences on the data among them. *All* is everything there is. Plain text is the console's one-shot
answer, the JSON envelope's `text` and `short`, and the twin of every embed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.render.numbers import capital, count, day
from bot.render.reply import Detail, Freshness, Reply, Row

ANSWER, LINES, CHARACTERS = 140, 10, 700
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


MOST_NOTES = 2
_REST = "… and 1,000 more lines"
_PAST = {"is": "was", "are": "were", "has": "had", "trades": "traded", "stands": "stood", "weighs": "weighed"}
_PRESENT = re.compile(rf"\b(?:{'|'.join(_PAST)})\b")
_SENTENCE_END = re.compile(r"(?<=[.?!;])\s")


class Shown(NamedTuple):
    """What is shown of a reply. `answer` is its first line, `rest` what did not fit into that.

    `left_out` says whether there are facts that are not shown.
    """

    answer: str
    rest: str
    understood: str
    rows: tuple[Row, ...]
    closing: tuple[str, ...]
    left_out: bool


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
            f"{freshness.provider}{_adjustment(freshness)}{_listing(freshness)}"
        ]
    if freshness.basis:
        lines.append(f"What the numbers are: {freshness.basis}.")
    if freshness.stale:
        lines.append(f"Stale: {freshness.stale_reason}.")
    return lines


def stamp(freshness: Freshness) -> str:
    """The same in one line: of when and from whom, and what a reader has to know before trusting the number."""
    if freshness.adjustment == "simulated":
        return SIMULATED
    stale = f" · stale: {freshness.stale_reason}" if freshness.stale else ""
    return f"Data: {day(freshness.as_of)} · {freshness.provider}{_adjustment(freshness)}{stale}"


def _adjustment(freshness: Freshness) -> str:
    return f" · {ADJUSTMENTS[freshness.adjustment]}" if freshness.priced else ""


def _listing(freshness: Freshness) -> str:
    return f" · {freshness.listing}" if freshness.listing else ""


def notes(reply: Reply) -> list[str]:
    """The warnings of a reply, a sentence each."""
    return [f"Note: {capital(warning)}" for warning in reply.warnings]


def closing_lines(reply: Reply) -> list[str]:
    """What stands under all of an answer: warnings, freshness, the footer."""
    lines = notes(reply)
    if reply.freshness is not None:
        lines += freshness_lines(reply.freshness)
    return lines + ([reply.footer] if reply.footer else [])


def line(row: Row) -> str:
    """One fact on one line."""
    links = "; ".join(f"{title} ({address})" for title, address in row.links)
    value = f"{row.value} {links}".strip()
    return f"{row.label}: {value}" if row.label else value


def answer_of(reply: Reply) -> str:
    """The answer with its date: an old one says so before anything else, and is told in the past tense."""
    fresh = reply.freshness
    if fresh is None or reply.error is not None:
        return reply.headline
    when = fresh.when or day(fresh.as_of)
    if fresh.past or fresh.stale:
        before = _PRESENT.sub(lambda found: _PAST[found[0]], reply.headline)
        if when in reply.headline:
            return f"Old data: {before}" if fresh.stale else before
        return f"{'Old data, of' if fresh.stale else 'As of'} {when}: {before}"
    return reply.headline if when in reply.headline else f"{reply.headline.removesuffix('.')} (as of {when})."


def first_line(text: str, limit: int = ANSWER) -> tuple[str, str]:
    """The text as a first line of at most `limit` characters and the rest: cut after a sentence, else after a word."""
    if len(text) <= limit:
        return text, ""
    ends = [found.start() for found in _SENTENCE_END.finditer(text[: limit + 1])]
    if ends and ends[-1] >= limit // 3:
        return text[: ends[-1]], text[ends[-1] :].strip()
    first = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    return f"{first}…", f"…{text[len(first) :].strip()}"


def shown(reply: Reply, detail: Detail | None = None, *, named: bool = False) -> Shown:
    """What is shown of a reply at a level of detail, by itself at its own.

    `named` puts what an entry explains before its sentence, for faces that show no title.
    """
    detail = detail or reply.detail
    whole, name = _named(reply, whole=detail == "full") if named else (answer_of(reply), "")
    understood = f"Understood as: {reply.understood}" if reply.understood else ""
    facts = (*reply.rows, *reply.more)
    if detail == "full":
        return Shown(whole, "", understood, facts, tuple(closing_lines(reply)), left_out=False)
    answer, rest = first_line(whole)
    rest = " ".join(filter(None, (rest, name)))
    fresh = [stamp(reply.freshness)] if reply.freshness is not None else []
    if detail == "brief":
        return Shown(
            answer, rest, understood, (), tuple(one for one in fresh if one == SIMULATED), bool(facts or reply.warnings)
        )
    return _fitted(reply, Shown(answer, rest, understood, (), tuple(fresh), bool(reply.more)))


def _named(reply: Reply, *, whole: bool) -> tuple[str, str]:
    """The answer with the name of the entry that it explains before it, and that name where both make no first line."""
    answer = answer_of(reply)
    if reply.tone != "term" or reply.error is not None:
        return answer, ""
    both = f"{reply.title}: {answer}"
    return (both, "") if whole or len(both) <= ANSWER else (answer, f"({reply.title})")


def _fitted(reply: Reply, part: Shown) -> Shown:
    """What is shown with as many of the warnings and the evidence as fit a phone."""
    room = _Room([*part[:3], *part.closing])
    warned = room.taken(notes(reply))
    rows = room.taken_rows(reply.rows)
    cut = len(reply.rows) - len(rows)
    if cut:
        rows = (*rows, Row("", f"… and {count(cut, 'more line')}"))
    left_out = part.left_out or bool(cut) or len(warned) < len(reply.warnings)
    return part._replace(rows=rows, closing=(*warned, *part.closing), left_out=left_out)


class _Room:
    """How many lines and characters are left of those that fit a phone."""

    def __init__(self, lines: list[str]) -> None:
        self._lines, self._characters = LINES, CHARACTERS
        for one in filter(None, lines):
            self._take(one)

    def _take(self, text: str) -> None:
        self._lines -= 1
        self._characters -= len(text) + 1

    def _fits(self, text: str, *, spare: bool) -> bool:
        """Whether a line fits, with one more where there has to be room for it."""
        return self._lines > int(spare) and self._characters > len(text) + (len(_REST) if spare else 0)

    def taken(self, texts: list[str]) -> list[str]:
        """The first texts that leave room for evidence."""
        found: list[str] = []
        for text in texts[:MOST_NOTES]:
            if not self._fits(text, spare=True):
                break
            self._take(text)
            found.append(text)
        return found

    def taken_rows(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """The first rows that fit; where some do not, a line that says so fits too."""
        found: list[Row] = []
        for place, row in enumerate(rows, 1):
            text = line(row)
            if not self._fits(text, spare=place < len(rows)):
                break
            self._take(text)
            found.append(row)
        return tuple(found)


def to_short(reply: Reply) -> str:
    """The answer and its evidence, one fact per line, without mark-up."""
    part = shown(reply, "normal", named=True)
    return "\n".join(filter(None, [*part[:3], *map(line, part.rows), *part.closing]))


def to_text(reply: Reply) -> str:
    """The whole reply, one fact per line, without mark-up."""
    part = shown(reply, "full", named=True)
    title = [reply.title] if reply.error is None and reply.tone != "term" else []
    blocks = [filter(None, part[:3]), [*title, *map(line, part.rows)], part.closing]
    return "\n\n".join(filter(None, ("\n".join(block) for block in blocks)))
