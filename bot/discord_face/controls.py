"""Buttons and menus under an answer. Each carries all it needs in its custom id, so it works after a restart.

`rf:x:ASKER` deletes the answer, `rf:q:QUESTION` answers privately (`rf:t:QUESTION` too, and the press is counted),
`rf:p:QUESTION` publicly, `rf:o:ASKER:QUESTION` privately and for the asker alone; menus are `rf:s:N` and their values
are questions, answered privately.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from discord import ButtonStyle, ComponentType
from discord.ui import View

from bot.render.reply import Button, Choice, Reply

DELETE, PRIVATE, PUBLIC, OWN, MENU, OFFERED = "rf:x:", "rf:q:", "rf:p:", "rf:o:", "rf:s:", "rf:t:"
ID_LIMIT, LABEL_LIMIT, OPTIONS_LIMIT, BUTTONS_LIMIT = 100, 80, 25, 4


def pressed(content: Mapping[str, Any]) -> tuple[str, str]:
    """What a press means: a kind but MENU, and what goes with it; ("", "") when it is not ours."""
    custom_id = str(content.get("custom_id", ""))
    if custom_id.startswith(MENU):
        return PRIVATE, str(next(iter(content.get("values") or ()), ""))
    for kind in (DELETE, PRIVATE, PUBLIC, OWN, OFFERED):
        if custom_id.startswith(kind):
            return kind, custom_id.removeprefix(kind)
    return "", ""


class Controls(View):
    """Buttons and menus given as Discord's own objects: the same rows serve every answer that has them.

    It is stopped at once: discord.py then keeps no track of it. Presses come in as plain interactions (see `pressed`),
    whichever process sent the message.
    """

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._rows = rows
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """The rows as they are sent."""
        return self._rows


Bound = Callable[[str], bool]
"""Whether a question is its asker's own: it changes what is kept for whoever asks it."""


def controls(reply: Reply, asker: int | None, bound: Bound = lambda _: False) -> Controls | None:
    """The controls of a reply, or None. With `asker`, that person can delete the answer; others can see it.

    Buttons that are `bound` then work for that person alone: what others press must not change what is kept for them.
    """
    rows = list(_menu(reply.choices, reply.choices_title))
    own = f"{OWN}{asker}:"
    buttons = [
        _button(custom_id, label)
        for custom_id, label in _buttons(reply, lambda ask: own if asker is not None and bound(ask) else None)
    ]
    if asker is not None:
        buttons.append(_button(f"{DELETE}{asker}", "Delete"))
    if buttons:
        rows.append(_row(buttons))
    return Controls(rows) if rows else None


def _row(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": ComponentType.action_row.value, "components": parts}


def _button(custom_id: str, label: str) -> dict[str, Any]:
    return {
        "type": ComponentType.button.value,
        "style": ButtonStyle.secondary.value,
        "label": label,
        "custom_id": custom_id,
        "disabled": False,
    }


@lru_cache(maxsize=512)
def _menu(choices: tuple[Choice, ...], title: str) -> tuple[dict[str, Any], ...]:
    """The row of a menu, each question once and within Discord's length; no row without a question."""
    options = {
        choice.ask: {
            "label": choice.label[:ID_LIMIT],
            "value": choice.ask,
            "default": False,
            **({"description": choice.hint[:ID_LIMIT]} if choice.hint else {}),
        }
        for choice in choices
        if len(choice.ask) <= ID_LIMIT
    }
    if not options:
        return ()
    menu: dict[str, Any] = {
        "type": ComponentType.select.value,
        "custom_id": f"{MENU}0",
        "min_values": 1,
        "max_values": 1,
        "disabled": False,
        "options": list(options.values())[:OPTIONS_LIMIT],
    }
    return (_row([menu | ({"placeholder": title[:150]} if title else {})]),)


def _buttons(reply: Reply, own: Callable[[str], str | None]) -> list[tuple[str, str]]:
    """Custom ids and labels, each id once and within Discord's length."""
    wanted = [((own(b.ask) or _kind(b)) + b.ask, b.label) for b in reply.buttons]
    if reply.error is not None and not reply.buttons:
        asks = [(_question(reply, text), text) for text in reply.error.suggestions]
        wanted += [((own(ask) or PRIVATE) + ask, text) for ask, text in asks]
    unique = {custom_id: label[:LABEL_LIMIT] for custom_id, label in wanted if len(custom_id) <= ID_LIMIT}
    return list(unique.items())[:BUTTONS_LIMIT]


def _kind(button: Button) -> str:
    return OFFERED if button.offered else PRIVATE if button.private else PUBLIC


def _question(reply: Reply, suggestion: str) -> str:
    """The question that a suggestion stands for: ids of terms become `!define`, whole questions stay."""
    if suggestion.startswith("!"):
        return suggestion
    if reply.error is not None and reply.error.code in {"unknown_term", "ambiguous"}:
        return f"!define {suggestion}"
    return f"!{reply.command} {suggestion}"
