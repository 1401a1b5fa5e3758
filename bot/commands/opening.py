"""The registry of a running process: built, and the glossary's live commands held to it."""

from __future__ import annotations

from bot.commands.declaration import Registry
from bot.commands.registry import build_registry
from bot.desk import Desk
from bot.errors import BookError
from bot.store.glossary_cache import forget


def open_registry(desk: Desk) -> Registry:
    """The commands. Raises BookError when an entry of a freshly read glossary names one that cannot be run."""
    registry = build_registry()
    if desk.fresh_book:
        from bot.commands._glossary_check import command_faults

        faults = command_faults(desk, registry)
        if faults:
            forget(desk.config.data_dir)
            raise BookError(faults)
    return registry
