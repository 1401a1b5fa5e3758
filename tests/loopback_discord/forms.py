"""What people put into select menus and modals, checked as Discord's client checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.loopback_discord.options import resolved_person
from tests.loopback_discord.wire import refuse
from tests.loopback_discord.world import Channel, Person, Role, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW, STRING_SELECT, TEXT_INPUT, TEXT, LABEL = 1, 3, 4, 10, 18
ENTITIES: dict[int, tuple[type, ...]] = {5: (Person,), 6: (Role,), 7: (Person, Role), 8: (Channel,)}


def select_values(
    part: dict[str, Any], values: Sequence[Any], place: Channel | None
) -> tuple[list[str], dict[str, Any]]:
    """The values as sent and the resolved objects."""
    if part.get("disabled") or part["type"] not in {STRING_SELECT, *ENTITIES}:
        refuse(f"nothing can be chosen there: {part}")
    low, high = part.get("min_values", 1), part.get("max_values", 1)
    if not low <= len(values) <= high:
        refuse(f"{len(values)} values where {low} to {high} can be chosen")
    if part["type"] != STRING_SELECT:
        return entities(part, values, place)
    sent: list[str] = []
    for value in values:
        match = [option["value"] for option in part["options"] if value in (option["value"], option["label"])]
        if not match:
            refuse(f"{value!r} is not among {[option['value'] for option in part['options']]}")
        sent.append(match[0])
    return sent, {}


def entities(part: dict[str, Any], values: Sequence[Any], place: Channel | None) -> tuple[list[str], dict[str, Any]]:
    """The same for people, roles and channels."""
    resolved: dict[str, Any] = {}
    for value in values:
        if not isinstance(value, ENTITIES[part["type"]]):
            refuse(f"{value!r} cannot be chosen in a select of type {part['type']}")
        if isinstance(value, Person):
            assert place is not None
            for key, objects in resolved_person(value, place).items():
                resolved.setdefault(key, {}).update(objects)
        else:
            key = "roles" if isinstance(value, Role) else "channels"
            resolved.setdefault(key, {})[str(value.id)] = value.payload() | {"permissions": "0"}
    return [str(value.id) for value in values], resolved


def fill_modal(modal: dict[str, Any], values: dict[str, Any]) -> list[dict[str, Any]]:
    """The components of a modal submission; values by custom id or label, else as filled in beforehand."""
    names = {one.get("custom_id") for one in walk(modal["components"])}
    names |= {one.get("label") for one in walk(modal["components"])}
    unknown = set(values) - names
    if unknown:
        refuse(f"the modal has no {sorted(unknown)}; it has {sorted(filter(None, names))}")
    filled: list[dict[str, Any]] = []
    for number, one in enumerate(modal["components"], 1):
        base = {"type": one["type"], "id": one.get("id") or number}
        if one["type"] == ROW:
            inside = [fill_part(part, values, part.get("label")) for part in one["components"]]
            filled.append(base | {"components": inside})
        elif one["type"] == LABEL:
            filled.append(base | {"component": fill_part(one["component"], values, one["label"])})
        else:
            filled.append(base)
    return filled


def fill_part(part: dict[str, Any], values: dict[str, Any], label: str | None) -> dict[str, Any]:
    """One text input or select as submitted."""
    sent: dict[str, Any] = {"type": part["type"], "id": part.get("id") or 100, "custom_id": part["custom_id"]}
    given = values.get(part["custom_id"], values.get(label or ""))
    if part["type"] != TEXT_INPUT:
        chosen = [] if given is None else given if isinstance(given, list) else [given]
        if not chosen and not part.get("required", True):
            return sent | {"values": []}
        return sent | {"values": select_values(part, chosen, None)[0]}
    text = part.get("value") or "" if given is None else str(given)
    low, high = part.get("min_length") or 0, part.get("max_length") or 4000
    required = part.get("required") is not False
    if (required and not text) or (text and not low <= len(text) <= high):
        refuse(f"{label or part['custom_id']}: {len(text)} characters, {low} to {high} wanted")
    return sent | {"value": text}
