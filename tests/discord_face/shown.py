"""What people see of a message, as text without mark-up: to hold against a Reply's own text."""

from __future__ import annotations

import re
from typing import Any

from bot.render.reply import Reply
from bot.render.text import shown
from tests.loopback_discord import Message

_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(<([^>]*)>\)")
_ESCAPED = re.compile(r"\\([\\*_~`|>#\[\]<.+-])")


def unmarked(text: str) -> str:
    """Text as Discord shows it: links as their titles, mark-up applied, escapes gone."""
    text = _LINK.sub(lambda found: found[1], text)
    text = re.sub(r"(?m)^-# ", "", text)
    text = re.sub(r"(?<!\\)(\*\*|\*|__)", "", text)
    return _ESCAPED.sub(r"\1", text).replace("\u2060", "")


def seen(message: Message) -> str:
    """The title and description of the message's embed, as read."""
    embed: dict[str, Any] = message.embed
    return unmarked("\n".join(filter(None, [embed.get("title", ""), embed["description"]])))


def expected(reply: Reply) -> list[str]:
    """What every face has to show of a reply at its level of detail, in order."""
    part = shown(reply)
    rows = [f"{row.label} {row.value}".strip() for row in part.rows]
    title = [] if reply.error else [reply.title]
    return [*title, *filter(None, part[:3]), *rows, *part.closing]


def custom_ids(message: Message) -> list[str]:
    """The custom ids of the message's buttons and menus."""
    return [part["custom_id"] for part in message.parts() if "custom_id" in part]
