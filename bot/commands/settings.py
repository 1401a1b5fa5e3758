"""`settings [NAME] [VALUE]`: what this server has set; changing it needs the right to manage the server."""

from typing import Annotated

from bot.commands._command import command
from bot.commands._kinds import WordKind
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.render.reply import Reply, Row
from bot.settings import BY_NAME, SETTINGS, Settings, to_text


@command(
    "settings",
    "This server's settings: the prefix, and whether !words are answered",
    examples=["!settings", "!settings prefix ?", "!settings bare_terms off"],
    server_only=True,
    manages=True,
)
async def settings(desk: Desk, caller: Caller, *, change: Annotated[str | None, WordKind()] = None) -> Reply:
    """Show the settings, or change one and show what it is now."""
    if caller.guild is None:
        raise UserError("Settings belong to a server; there are none in direct messages.", "not_permitted")
    if change is None:
        return _shown(desk.store.settings(caller.guild), "The settings of this server.")
    if not caller.may_manage:
        raise UserError("Changing settings needs the right to manage this server.", "not_permitted")
    name, _, value = change.partition(" ")
    if name not in BY_NAME or not value.strip():
        raise UserError(f"Write a setting and its value: !settings prefix ? The settings are {', '.join(BY_NAME)}.")
    changed = await desk.store.change_setting(caller.guild, name, value)
    return _shown(changed, f"{name} is now {to_text(getattr(changed, name))}.")


def _shown(values: Settings, headline: str) -> Reply:
    rows = tuple(Row(s.name, f"{to_text(getattr(values, s.name))} ({s.help})") for s in SETTINGS)
    data = {setting.name: getattr(values, setting.name) for setting in SETTINGS}
    return Reply("settings", {}, "Settings", headline, rows, data=data, private=True)
