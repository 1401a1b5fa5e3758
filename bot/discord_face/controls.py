"""Buttons and menus under an answer. Each carries all it needs in its custom id, so it works after a restart.

`rf:x:ASKER` deletes the answer, `rf:q:QUESTION` answers privately, `rf:p:QUESTION` publicly; menus are `rf:s:N` and
their values are questions, answered privately.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discord import ButtonStyle, SelectOption
from discord.ui import Button, Select, View

from bot.render.reply import Reply

DELETE, PRIVATE, PUBLIC, MENU = "rf:x:", "rf:q:", "rf:p:", "rf:s:"
ID_LIMIT, LABEL_LIMIT, OPTIONS_LIMIT, BUTTONS_LIMIT = 100, 80, 25, 4


def pressed(content: Mapping[str, Any]) -> tuple[str, str]:
    """What a press means: one of DELETE, PRIVATE, PUBLIC and what goes with it; ("", "") when it is not ours."""
    custom_id = str(content.get("custom_id", ""))
    if custom_id.startswith(MENU):
        return PRIVATE, str(next(iter(content.get("values") or ()), ""))
    for kind in (DELETE, PRIVATE, PUBLIC):
        if custom_id.startswith(kind):
            return kind, custom_id.removeprefix(kind)
    return "", ""


def controls(reply: Reply, asker: int | None) -> View | None:
    """The controls of a reply, or None. With `asker`, that person can delete the answer.

    The view is stopped at once: discord.py then keeps no track of it. Presses come in as plain interactions
    (see `pressed`), whichever process sent the message.
    """
    view = View(timeout=None)
    options = _options(reply)
    if options:
        view.add_item(Select(custom_id=f"{MENU}0", placeholder=reply.choices_title[:150] or None, options=options))
    for custom_id, label in _buttons(reply):
        view.add_item(Button(label=label, custom_id=custom_id, style=ButtonStyle.secondary))
    if asker is not None:
        view.add_item(Button(label="Delete", custom_id=f"{DELETE}{asker}", style=ButtonStyle.secondary))
    if not view.children:
        return None
    view.stop()
    return view


def _options(reply: Reply) -> list[SelectOption]:
    """The lines of the menu, each question once and within Discord's length."""
    options = {
        choice.ask: SelectOption(
            label=choice.label[:ID_LIMIT], value=choice.ask, description=choice.hint[:ID_LIMIT] or None
        )
        for choice in reply.choices
        if len(choice.ask) <= ID_LIMIT
    }
    return list(options.values())[:OPTIONS_LIMIT]


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
