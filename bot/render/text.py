"""A reply as plain text: the console's one-shot answer, the JSON envelope's `text`, the twin of every embed."""

from __future__ import annotations

from bot.render.reply import Reply, Row
from bot.render.sections import closing_lines, opening_lines


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
