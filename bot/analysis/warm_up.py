"""After each close what people will ask for is fetched while nobody waits: slowly, and behind everybody who does."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from bot.desk import Desk
from bot.errors import UserError
from bot.market.symbols import Symbol

JOB, EVERY_SECONDS = "warm-up", 600.0
AFTER_CLOSE = (timedelta(minutes=20), timedelta(hours=2), timedelta(hours=6))
MOST_WARMED = 400


def start_warm_up(desk: Desk) -> None:
    """Keep prices warm from now on, in one job of the process."""
    if JOB not in desk.jobs.names:
        desk.jobs.repeat(JOB, EVERY_SECONDS, WarmUp(desk).look)


class WarmUp:
    """What is fetched after a close, three times, since some providers have the day's bar hours later than others.

    Nothing is done as long as nobody has asked for a price: a bot that explains terms never loads what prices need.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: tuple[date, int] | None = None

    async def look(self) -> None:
        """Where another round is due, put on the list of the background what is not warm."""
        feed = self._desk.feed
        if not feed.in_use or feed.local:
            return
        due = await self._due(self._desk.clock())
        if due is not None and due != self._last:
            self._last = due
            feed.background.add(await self._symbols())

    async def _due(self, now: datetime) -> tuple[date, int] | None:
        """The newest session that is over, and how many rounds after it are due."""
        from bot.providers.series import close_of

        sessions = await self._desk.feed.sessions()
        day = sessions.newest_closed(now, AFTER_CLOSE[0])
        closed = close_of(sessions, day)
        return None if day is None or closed is None else (day, sum(now >= closed + after for after in AFTER_CLOSE))

    async def _symbols(self) -> list[Symbol]:
        """The funds that stand in for indices, everybody's watchlist, and what was asked most; each once."""
        book = self._desk.symbols
        funds = [book.symbols[one.stand_in] for one in book.symbols.values() if one.stand_in in book.symbols]
        try:
            names = await self._desk.store.watched(MOST_WARMED)
        except UserError:
            names = ()
        wanted = dict.fromkeys(funds)
        for name in (*names, *self._desk.feed.most_asked):
            with suppress(UserError):  # written under an earlier book of symbols
                wanted.setdefault(book.stored(name))
        return [symbol for symbol in wanted if self._desk.feed.serves(symbol)][:MOST_WARMED]
