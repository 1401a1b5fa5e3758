"""`settings [SETTING VALUE]`: what this server has set, and changing it; for those who may manage the server."""

from typing import Annotated

from bot.commands.converters import TextConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.render.reply import Reply, Row
from bot.settings import BY_NAME, SETTINGS, Settings, to_text

EXAMPLES = ["!settings", "!settings prefix ?", "!settings bare_terms off", "!settings detail brief"]


@command(
    "settings",
    "This server's settings: the prefix, what is answered, and how much an answer shows",
    examples=EXAMPLES,
    server_only=True,
    manages=True,
    writes=True,
    order=210,
)
async def settings(
    desk: Desk,
    caller: Caller,
    *,
    setting: Annotated[
        str | None, TextConverter("SETTING", f"One of {', '.join(BY_NAME)}", tuple(BY_NAME), rest=False)
    ] = None,
    value: Annotated[
        str | None, TextConverter("VALUE", "What to set it to: on, off, a prefix such as ?, or a word such as brief")
    ] = None,
) -> Reply:
    """Show the settings, or change one and show what it is now."""
    assert caller.guild is not None  # noqa: S101  a server_only command is run in servers alone
    if setting is None:
        return _shown(desk.store.settings(caller.guild), "The settings of this server.")
    name = setting.casefold()
    if name not in BY_NAME or value is None:
        wanted = f"The settings are {', '.join(BY_NAME)}; write one and its value."
        raise UserError(wanted, suggestions=EXAMPLES[1:])
    changed = await desk.store.change_setting(caller.guild, name, value)
    return _shown(changed, f"{name} is now {to_text(getattr(changed, name))}.")


def _shown(values: Settings, headline: str) -> Reply:
    rows = tuple(Row(s.name, f"{to_text(getattr(values, s.name))} ({s.help})") for s in SETTINGS)
    data = {setting.name: getattr(values, setting.name) for setting in SETTINGS}
    return Reply("Settings", headline, rows, data=data, private=True)
