"""Every command of the program, in the order that help lists them."""

from __future__ import annotations

from bot.commands import (
    about,
    ask,
    chart,
    compare,
    contrast,
    define,
    glossary,
    index,
    quote,
    rally,
    range,  # noqa: A004  the command is named so
    rank,
    rate,
    roc,
    rstar,
    scan,
    settings,
    terms,
    watchlist,
    weigh,
    working,
)
from bot.commands.alert import alert_command
from bot.commands.declaration import Registry
from bot.commands.help import help_command


def build_registry() -> Registry:
    """The registry of the program."""
    listed = (
        define.define,
        contrast.contrast,
        terms.terms,
        glossary.glossary,
        roc.roc,
        rally.rally,
        range.range_,
        compare.compare,
        rank.rank,
        watchlist.watchlist,
        scan.scan_command(),
        chart.chart,
        quote.quote,
        rate.rate,
        rstar.rstar,
        index.index,
        weigh.weigh_,
        working.working,
        ask.ask,
        about.about,
        settings.settings,
    )
    by_name = {entry.name: entry for entry in listed}
    return Registry((*listed, alert_command(by_name), help_command(listed)))
