"""Every command of the program, in the order that help lists them."""

from __future__ import annotations

from bot.commands import about, contrast, define, rally, range, roc, settings
from bot.commands._command import Registry
from bot.commands.help import help_command


def build_registry() -> Registry:
    """The registry of the program."""
    listed = (
        define.define,
        contrast.contrast,
        roc.roc,
        rally.rally,
        range.range_,
        about.about,
        settings.settings,
    )
    return Registry((*listed, help_command(listed)))
