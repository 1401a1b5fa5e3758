"""What Discord refuses in application commands beyond what its OpenAPI description says."""

from __future__ import annotations

import re
from typing import Any

from tests.loopback_discord.limits import bad_length, too_long
from tests.loopback_discord.wire import ApiError, refuse_form

NAME = re.compile(r"[-_'\w]{1,32}")
CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
MOST = {CHAT: 100, USER: 15, MESSAGE: 15}


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Refuse a set of commands that are too many, of the same name, or wrong one by one."""
    for kind, most in MOST.items():
        if sum(kind_of(command) == kind for command in commands) > most:
            raise ApiError(400, 30032, f"Maximum number of application commands reached ({most}).")
    seen: set[tuple[int, str]] = set()
    for number, command in enumerate(commands):
        key = (kind_of(command), command["name"])
        if key in seen:
            refuse_form(
                f"{number}.name",
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
        seen.add(key)
        check_command(str(number), command)


def kind_of(command: dict[str, Any]) -> int:
    """The command's type, slash if it says none."""
    return int(command.get("type") or CHAT)


def check_command(path: str, command: dict[str, Any]) -> None:
    """Refuse one command."""
    if kind_of(command) != CHAT:
        bad_length(f"{path}.name", len(command["name"]), 1, 32)
        if command.get("description") or command.get("options"):
            refuse_form(
                path,
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                "Context menus have no description and no options",
            )
        return
    check_name(f"{path}.name", command["name"])
    bad_length(f"{path}.description", len(command.get("description") or ""), 1, 100)
    check_options(path, command.get("options") or [])
    if size(command) > 8000:
        refuse_form(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def check_name(path: str, name: str) -> None:
    """Refuse a name that is not lower case or has a sign Discord does not take."""
    if not NAME.fullmatch(name) or name != name.lower():
        refuse_form(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def check_options(path: str, options: list[dict[str, Any]]) -> None:
    """Refuse options: too many, of one name, required after optional, or wrong one by one."""
    bad_length(f"{path}.options", len(options), 0, 25)
    names = [option["name"] for option in options]
    if len(set(names)) < len(names):
        refuse_form(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_USED", "Option name must be unique")
    required = [bool(option.get("required")) for option in options if option["type"] > GROUP]
    if required != sorted(required, reverse=True):
        refuse_form(
            f"{path}.options",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            "Required options must be placed before non-required options",
        )
    nests = {option["type"] <= GROUP for option in options}
    if len(nests) > 1:
        refuse_form(
            f"{path}.options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-commands and options do not mix",
        )
    for number, option in enumerate(options):
        check_option(f"{path}.options.{number}", option)


def check_option(path: str, option: dict[str, Any]) -> None:
    """Refuse one option, sub-command or group."""
    check_name(f"{path}.name", option["name"])
    bad_length(f"{path}.description", len(option.get("description") or ""), 1, 100)
    if option["type"] <= GROUP:
        check_options(path, option.get("options") or [])
        return
    choices = option.get("choices") or []
    bad_length(f"{path}.choices", len(choices), 0, 25)
    if choices and option.get("autocomplete"):
        refuse_form(f"{path}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "No choices beside it")
    if option.get("autocomplete") and option["type"] not in {STRING, INTEGER, NUMBER}:
        refuse_form(f"{path}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_TYPE", "Not for this type")
    for number, choice in enumerate(choices):
        bad_length(f"{path}.choices.{number}.name", len(choice["name"]), 1, 100)
        too_long(f"{path}.choices.{number}.value", choice["value"], 100)


def size(command: dict[str, Any]) -> int:
    """The characters that count towards a command's 8,000: names, descriptions, choice values."""
    total = sum(longest(command, key) for key in ("name", "description"))
    for choice in command.get("choices") or []:
        total += longest(choice, "name") + (len(choice["value"]) if isinstance(choice["value"], str) else 0)
    return total + sum(map(size, command.get("options") or []))


def longest(holder: dict[str, Any], key: str) -> int:
    """The length of a text or of its longest translation."""
    texts = [holder.get(key) or "", *(holder.get(f"{key}_localizations") or {}).values()]
    return max(map(len, texts))


def find_leaf(command: dict[str, Any], path: list[str]) -> dict[str, Any] | None:
    """The sub-command at a path of names below a command, or the command itself for no names."""
    node = command
    for name in path:
        inner = [option for option in node.get("options") or [] if option["type"] <= GROUP and option["name"] == name]
        if not inner:
            return None
        node = inner[0]
    return None if any(option["type"] <= GROUP for option in node.get("options") or []) else node
