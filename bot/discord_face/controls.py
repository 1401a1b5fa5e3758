"""Buttons and menus under an answer. Each carries all it needs in its custom id, so it works after a restart.

`rf:x:ASKER` deletes the answer, `rf:q:QUESTION` answers privately, `rf:p:QUESTION` publicly; menus are `rf:s:N` and their
values are questions, answered privately.
"""

from __future__ import annotations

import discord
from discord import ButtonStyle
from discord.ui import ActionRow, Button, Select, View

from bot.render.reply import Reply

PREFIX = "rf:"
DELETE, PRIVATE, PUBLIC, MENU = "rf:x:", "rf:q:", "rf:p:", "rf:s:"
ID_LIMIT, LABEL_LIMIT, OPTIONS_LIMIT, BUTTONS_LIMIT = 100, 80, 25, 4

__all__ = ["ActionRow", "DELETE", "MENU", "PREFIX", "PRIVATE", "PUBLIC", "controls"]


def controls(reply: Reply, asker: int | None) -> View | None:
    """The controls of a reply, or None. With `asker`, that person can delete the answer.

    The view is stopped at once: discord.py then keeps no track of it. Presses come in as plain interactions
    (see `presses.py`), whichever process sent the message.
    """
    view = View(timeout=None)
    if reply.choices:
        view.add_item(_menu(reply))
    for custom_id, label in _buttons(reply):
        view.add_item(Button(label=label, custom_id=custom_id, style=ButtonStyle.secondary))
    if asker is not None:
        view.add_item(Button(label="Delete", custom_id=f"{DELETE}{asker}", style=ButtonStyle.secondary))
    if not view.children:
        return None
    view.stop()
    return view


def _menu(reply: Reply) -> Select[View]:
    options = {
        choice.ask[:ID_LIMIT]: discord.SelectOption(
            label=choice.label[:ID_LIMIT], value=choice.ask[:ID_LIMIT], description=choice.hint[:ID_LIMIT] or None
        )
        for choice in reply.choices
    }
    return Select(
        custom_id=f"{MENU}0", placeholder=reply.choices_title[:150] or None, options=list(options.values())[:OPTIONS_LIMIT]
    )


def _buttons(reply: Reply) -> list[tuple[str, str]]:
    """Custom ids and labels, each id once and within Discord's length."""
    wanted = [((PRIVATE if b.private else PUBLIC) + b.ask, b.label) for b in reply.buttons]
    if reply.error is not None:
        wanted += [(f"{PRIVATE}{_question(reply, text)}", text) for text in reply.error.suggestions]
    unique = {custom_id: label[:LABEL_LIMIT] for custom_id, label in wanted if len(custom_id) <= ID_LIMIT}
    return list(unique.items())[:BUTTONS_LIMIT]


def _question(reply: Reply, suggestion: str) -> str:
    """The question that a suggestion stands for: ids of terms become `!define`, whole questions stay."""
    if suggestion.startswith("!"):
        return suggestion
    if reply.error is not None and reply.error.code in {"unknown_term", "ambiguous"}:
        return f"!define {suggestion}"
    return f"!{reply.command} {suggestion}"
