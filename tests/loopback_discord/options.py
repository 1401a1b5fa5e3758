"""The values people give to command options, checked as Discord's client checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.loopback_discord import messages
from tests.loopback_discord.wire import Json, refuse
from tests.loopback_discord.world import Channel, Person, Role

if TYPE_CHECKING:
    from tests.loopback_discord.driver_commands import CommandDriver

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
PYTHON: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (Person,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (Person, Role),
    NUMBER: (int, float),
    ATTACHMENT: (tuple,),
}
Resolved = dict[str, dict[str, Any]]


def choose(
    driver: CommandDriver, known: list[dict[str, Any]], given: dict[str, Any], place: Channel
) -> tuple[list[dict[str, Any]], Resolved]:
    """The options as sent and the resolved objects; Refused for what the client would not send."""
    by_name = {option["name"]: option for option in known}
    unknown = set(given) - set(by_name)
    if unknown:
        refuse(f"no options {sorted(unknown)}; there are {sorted(by_name)}")
    missing = [name for name, option in by_name.items() if option.get("required") and name not in given]
    if missing:
        refuse(f"required options missing: {missing}")
    sent: list[dict[str, Any]] = []
    resolved: Resolved = {}
    for name, value in given.items():
        option = by_name[name]
        plain = check(option, value)
        if option["type"] in {USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT}:
            plain = resolve(driver, value, place, resolved)
        sent.append({"name": name, "type": option["type"], "value": plain})
    return sent, resolved


def typed(known: list[dict[str, Any]], given: dict[str, Any], focused: str) -> list[dict[str, Any]]:
    """The options as an autocomplete request has them: unchecked, one of them focused."""
    by_name = {option["name"]: option for option in known}
    if focused not in by_name or not by_name[focused].get("autocomplete"):
        refuse(f"{focused} has no autocomplete")
    sent: list[dict[str, Any]] = []
    for name, value in {**given, focused: given.get(focused, "")}.items():
        one = {"name": name, "type": by_name[name]["type"], "value": value}
        sent.append(one | ({"focused": True} if name == focused else {}))
    return sent


def check(option: dict[str, Any], value: Json) -> Json:
    """The value, if the option takes it; a choice may be given by name or by value."""
    name, kind = option["name"], option["type"]
    wrong_bool = isinstance(value, bool) and kind != BOOLEAN
    for choice in option.get("choices") or []:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    if option.get("choices"):
        refuse(f"{name}: {value!r} is not a choice of {[one['value'] for one in option['choices']]}")
    if wrong_bool or not isinstance(value, PYTHON[kind]):
        refuse(f"{name}: {value!r} is not of option type {kind}")
    if kind == STRING:
        check_bounds(name, len(value), option.get("min_length") or 0, option.get("max_length") or 6000)
    if kind in {INTEGER, NUMBER}:
        check_bounds(name, value, option.get("min_value"), option.get("max_value"))
        check_bounds(name, value, -(2**53), 2**53)
    if kind == CHANNEL and option.get("channel_types") and value.kind not in option["channel_types"]:
        refuse(f"{name}: not a channel of these types")
    return value


def check_bounds(name: str, value: float, low: float | None, high: float | None) -> None:
    """Refuse a number, or the length of a text, out of bounds."""
    if (low is not None and value < low) or (high is not None and value > high):
        refuse(f"{name}: {value} is not between {low} and {high}")


def resolve(driver: CommandDriver, value: Json, place: Channel, resolved: Resolved) -> str:
    """The id of a person, channel, role or file, whose object goes into `resolved`."""
    if isinstance(value, Person):
        for key, objects in resolved_person(value, place).items():
            resolved.setdefault(key, {}).update(objects)
    elif isinstance(value, Channel):
        rights = str(place.permissions_of(driver.bot))
        resolved.setdefault("channels", {})[str(value.id)] = value.payload() | {"permissions": rights}
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = value.payload()
    else:
        name, content = value
        made = messages.attachment(driver, name, content, {}) | {"ephemeral": True}
        resolved.setdefault("attachments", {})[made["id"]] = made
        return str(made["id"])
    return str(value.id)


def resolved_person(person: Person, place: Channel) -> Resolved:
    """The user and, where they are one, the member."""
    resolved: Resolved = {"users": {str(person.id): person.payload()}}
    member = place.guild.members.get(person.id) if place.guild else None
    if member is not None:
        rights = str(place.permissions_of(person))
        resolved["members"] = {str(person.id): member.payload(user=False) | {"permissions": rights}}
    return resolved
