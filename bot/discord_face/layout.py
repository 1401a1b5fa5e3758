"""A reply as Discord shows it: an embed within Discord's limits, or its twin in plain text where there are no embeds.

One fact per line, because fields stack badly on phones. Everything that is not ours to mark up is escaped; a sign
stands beside every colour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import discord

from bot.render.reply import Reply, Row, Tone
from bot.render.text import Shown, shown

DESCRIPTION, TITLE, CONTENT = 4096, 256, 2000
COLOURS: dict[Tone, int] = {
    "up": 0x2A9D8F,
    "down": 0xD1495B,
    "flat": 0xE9C46A,
    "term": 0x4C78A8,
    "plain": 0x8D99AE,
    "error": 0xB56576,
}
SIGNS: dict[Tone, str] = {"up": "▲ ", "down": "▼ ", "flat": "▬ ", "error": "⚠ "}
_MARKS = re.compile(r"[\\*_~`|>#\[\]<]")
_LISTED = re.compile(r"(?m)^(\s*)(\d+\.|[-+])(?=\s)")
_CUT = "…"
_APART = "\u2060"


def escape(text: str) -> str:
    """Text without any meaning to Discord: no mark-up, no mention, no address to press."""
    text = _MARKS.sub(r"\\\g<0>", text)
    if not text[:1].isalpha():
        text = _LISTED.sub(_unlisted, text)
    if "@" in text or "://" in text:
        text = text.replace("@", f"@{_APART}").replace("://", f":{_APART}//")
    if "<" in text:
        text = text.replace("<:", f"<{_APART}:").replace("<a:", f"<{_APART}a:")
    return text


def _unlisted(found: re.Match[str]) -> str:
    """What would begin a list: `1.` or `-` at the start of a line."""
    return f"{found[1]}{found[2][:-1]}\\{found[2][-1]}"


@lru_cache(maxsize=4096)
def _row(row: Row) -> str:
    """One fact, kept: escaping an entry costs as much as sending it, and people ask for the same ones."""
    links = " · ".join(f"[{escape(title)}](<{address}>)" for title, address in row.links)
    stamp = "" if row.at is None else f" · {_own_time(row.at)}"
    value = f"{escape(row.value)}{stamp} {links}".strip()
    return f"**{escape(row.label)}** {value}" if row.label else value


def _own_time(moment: datetime) -> str:
    """A moment as Discord shows it to each reader in their own time, and how far off it is."""
    second = int(moment.timestamp())
    return f"<t:{second}:f> (<t:{second}:R>)"


def _lines(part: Shown, tone: Tone) -> list[str]:
    """The answer, how it was understood, and its evidence: one line each."""
    lines = [f"**{SIGNS.get(tone, '')}{escape(part.answer)}**"]
    lines += [escape(part.rest)] if part.rest else []
    lines += [f"*{escape(part.understood)}*"] if part.understood else []
    return lines + [_row(row) for row in part.rows]


def _closing(part: Shown) -> list[str]:
    return [f"-# {escape(line)}" for line in part.closing]


def embed(reply: Reply) -> discord.Embed:
    """The reply as one embed."""
    part = shown(reply)
    return discord.Embed(
        title=fit([escape(reply.title)], TITLE) if reply.error is None else None,
        description=_fitted(_lines(part, reply.tone), _closing(part), DESCRIPTION),
        colour=COLOURS[reply.tone],
    )


def plain(reply: Reply, notes: Sequence[str] = ()) -> str:
    """The reply as message content, for channels where embeds are not allowed: the same lines, cut sooner."""
    part = shown(reply)
    title = [f"__{escape(reply.title)}__"] if reply.error is None else []
    return _fitted([*title, *_lines(part, reply.tone)], [*_closing(part), *notes], CONTENT)


def _fitted(lines: list[str], closing: list[str], limit: int) -> str:
    """The lines cut to what the closing ones leave room for; those are never cut."""
    return fit(lines, limit - sum(len(line) + 1 for line in closing)) + "".join(f"\n{line}" for line in closing)


def fit(lines: list[str], limit: int) -> str:
    """The lines as one text of at most `limit` characters: whole lines go from the end, then the text is cut."""
    text = "\n".join(lines)
    while len(text) > limit and len(lines) > 1:
        lines = lines[:-1]
        text = "\n".join([*lines, _CUT])
    return text if len(text) <= limit else text[: limit - 1] + _CUT
