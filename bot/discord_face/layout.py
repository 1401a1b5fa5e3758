"""A reply as Discord shows it: an embed within Discord's limits, or its twin in plain text where embeds are not allowed.

One fact per line in the description, because fields stack badly on phones. Everything that is not ours to mark up is
escaped; a sign stands beside every colour.
"""

from __future__ import annotations

import re

import discord

from bot.render.reply import Reply, Row, Tone
from bot.render.sections import closing_lines, opening_lines
from bot.render.text import to_text

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
_MARKS = re.compile(r"([\\*_~`|>#\[\]<])|(?<=\d)(\.)(?= )")
_CUT = "…"


def escape(text: str) -> str:
    """Text without any meaning to Discord: no mark-up, no mention."""
    return _MARKS.sub(r"\\\g<0>", text).replace("@", "@\u2060")


def _row(row: Row) -> str:
    links = " · ".join(f"[{escape(title)}](<{address}>)" for title, address in row.links)
    value = f"{escape(row.value)} {links}".strip()
    return f"**{escape(row.label)}** {value}" if row.label else value


def embed(reply: Reply) -> discord.Embed:
    """The reply as one embed."""
    lines = [f"*{escape(line)}*" for line in opening_lines(reply)]
    lines.append(f"**{SIGNS.get(reply.tone, '')}{escape(reply.headline)}**")
    lines += [_row(row) for row in reply.rows]
    closing = [f"-# {escape(line)}" for line in closing_lines(reply)]
    return discord.Embed(
        title=fit([reply.title], TITLE) if reply.error is None else None,
        description=fit(lines, DESCRIPTION - sum(len(line) + 1 for line in closing)) + "".join(f"\n{line}" for line in closing),
        colour=COLOURS[reply.tone],
    )


def fit(lines: list[str], limit: int) -> str:
    """The lines as one text of at most `limit` characters; whole lines are dropped from the end, then the text is cut."""
    text = "\n".join(lines)
    while len(text) > limit and len(lines) > 1:
        lines = lines[:-1]
        text = "\n".join([*lines, _CUT])
    return text if len(text) <= limit else text[: limit - 1] + _CUT


def plain(reply: Reply) -> str:
    """The reply as message content, for channels where embeds are not allowed."""
    return fit(escape(to_text(reply)).split("\n"), CONTENT)
