"""Buttons and menus under an answer. Each carries all it needs in its custom id, so it works after a restart.

`rf:x:ASKER` deletes the answer, `rf:q:QUESTION` answers privately (`rf:t:QUESTION` too, and the press is counted),
`rf:p:QUESTION` publicly, `rf:o:ASKER:QUESTION` privately and for the asker alone; `rf:m:QUESTION` shows all of the
answer (`rf:n:QUESTION` of one that is its asker's own), `rf:r:LABEL:QUESTION` privately one part of it; menus are
`rf:s:N` and their values are questions, answered privately.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from discord import ButtonStyle, ComponentType, Message
from discord.ui import View

from bot.render.reply import Button, Choice, Detail, Reply
from bot.render.text import shown

DELETE, PRIVATE, PUBLIC, OWN, MENU, OFFERED = "rf:x:", "rf:q:", "rf:p:", "rf:o:", "rf:s:", "rf:t:"
MORE, OWN_MORE, PART = "rf:m:", "rf:n:", "rf:r:"
ID_LIMIT, LABEL_LIMIT, OPTIONS_LIMIT, BUTTONS_LIMIT = 100, 80, 25, 4


def pressed(content: Mapping[str, Any]) -> tuple[str, str]:
    """What a press means: a kind but MENU, and what goes with it; ("", "") when it is not ours."""
    custom_id = str(content.get("custom_id", ""))
    if custom_id.startswith(MENU):
        return PRIVATE, str(next(iter(content.get("values") or ()), ""))
    for kind in (DELETE, PRIVATE, PUBLIC, OWN, OFFERED, MORE, OWN_MORE, PART):
        if custom_id.startswith(kind):
            return kind, custom_id.removeprefix(kind)
    return "", ""


def asker_of(message: Message) -> int | None:
    """Who asked for an answer of ours, by its button to delete it; None where the answer is its reader's alone."""
    for row in message.components:
        for part in getattr(row, "children", ()):
            custom_id = str(getattr(part, "custom_id", ""))
            if custom_id.startswith(DELETE) and custom_id.removeprefix(DELETE).isdecimal():
                return int(custom_id.removeprefix(DELETE))
    return None


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
    Without one the answer is seen by its reader alone, who can share it unless it is private by itself.
    """
    rows = list(_menu(reply.choices, reply.choices_title))
    own = f"{OWN}{asker}:"
    buttons = [
        _button(custom_id, label)
        for custom_id, label in _buttons(reply, lambda ask: own if asker is not None and bound(ask) else None)
    ]
    if asker is None and reply.ask and not reply.private and len(PUBLIC + reply.ask) <= ID_LIMIT:
        buttons.append(_button(PUBLIC + reply.ask, "Share"))
    if asker is not None:
        buttons.append(_button(f"{DELETE}{asker}", "Delete"))
    if buttons:
        rows.append(_row(buttons))
    return Controls(rows) if rows else None


def at_detail(reply: Reply, detail: Detail) -> Reply:
    """The reply at a level of detail; all of it where something were left out that no button could ask for."""
    told = replace(reply, detail=detail) if reply.detail != "full" else reply
    return replace(told, detail="full") if not _can_be_asked(told) and shown(told).left_out else told


def _can_be_asked(reply: Reply) -> bool:
    """Whether a button can ask for the same answer again."""
    return bool(reply.ask) and len(MORE + reply.ask) <= ID_LIMIT


def _more(reply: Reply) -> str:
    """The id of the button that shows all of an answer; "" where all is shown, or where it cannot be asked for."""
    return f"{OWN_MORE if reply.private else MORE}{reply.ask}" if _can_be_asked(reply) and shown(reply).left_out else ""


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
    wanted = [(more, "More")] if (more := _more(reply)) else []
    wanted += [((own(b.ask) or _kind(b)) + b.ask, b.label) for b in reply.buttons]
    if reply.error is not None and not reply.buttons:
        asks = [(_question(reply, text), text) for text in reply.error.suggestions]
        wanted += [((own(ask) or PRIVATE) + ask, text) for ask, text in asks]
    unique = {custom_id: label[:LABEL_LIMIT] for custom_id, label in wanted if len(custom_id) <= ID_LIMIT}
    return list(unique.items())[:BUTTONS_LIMIT]


def _kind(button: Button) -> str:
    if button.part:
        return f"{PART}{button.part}:"
    return OFFERED if button.offered else PRIVATE if button.private else PUBLIC


def _question(reply: Reply, suggestion: str) -> str:
    """The question that a suggestion stands for: ids of terms become `!define`, whole questions stay."""
    if suggestion.startswith("!"):
        return suggestion
    if reply.error is not None and reply.error.code in {"unknown_term", "ambiguous"}:
        return f"!define {suggestion}"
    return f"!{reply.command} {suggestion}"
