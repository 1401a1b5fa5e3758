"""`quote SYMBOL`: the newest price there is, from whom, of when, and the change from the close before."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.conversion import Conversion, convert_amount, currency_of
from bot.analysis.series import fetch_series, interval_note, listing, session_state
from bot.commands.converters import DateConverter, IntoConverter, SymbolConverter, with_currency
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.language.intents import Intent, Options
from bot.market.symbols import Symbol
from bot.render.buttons import states, then, working
from bot.render.numbers import age, day, moment, percent, price
from bot.render.reply import Button, Freshness, Reply, Row, Tone
from bot.render.text import ADJUSTMENTS, DELAYS, SESSIONS

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.providers.contract import Quote

_AT_MIDNIGHT = timedelta(seconds=1)
_COIN_IN_MONEY = 3.0


@dataclass(frozen=True, slots=True)
class Priced:
    """A price of a symbol, and whether it is a close of long ago rather than what the provider quotes now."""

    symbol: Symbol
    quote: "Quote"
    freshness: Freshness
    warnings: tuple[str, ...]
    conversion: Conversion | None = None

    @property
    def currency(self) -> str | None:
        """The currency of the price: the provider's own word before the book's, whose exchanges list in others too."""
        return self.quote.currency or self.symbol.currency

    @property
    def change_pct(self) -> float | None:
        """The change from the close before in percent; None across a price of zero or less."""
        return self.quote.change_pct if self.quote.price > 0 else None

    @property
    def is_close(self) -> bool:
        """Whether the price is a session's close."""
        return self.quote.delay in {"end_of_day", "fix", "simulated"}


def _build(message: "Message") -> Options:
    return with_currency(message, INTENT)


def _fit(message: "Message", weight: float) -> float:
    """The price of a coin in a currency is a rate before it is a quote that is converted."""
    coins = any(symbol.kind == "crypto" for symbol in message.symbols)
    return min(weight, _COIN_IN_MONEY) if coins and message.currencies else weight


INTENT = Intent(
    "quote", symbols=(1, 1), date=True, explains="spot-price", over_term=lambda _, __: False, fit=_fit, build=_build
)


@command(
    "quote",
    "The newest price: change, previous close, session, and how old it is",
    examples=["!quote IWM", "!quote AAPL", "!quote EUR/USD", "!quote AAPL in EUR", "!quote IWM asof:2010-05-06"],
    intent=INTENT,
    aliases=("price",),
    order=130,
    group="market",
)
async def quote(
    desk: Desk,
    caller: Caller,
    *,
    symbol: Annotated[tuple[Symbol, ...], SymbolConverter()],
    as_of: Annotated[date | None, DateConverter()] = None,
    currency: Annotated[str | None, IntoConverter()] = None,
) -> Reply:
    """Answer with the provider's quote, else the last close; for a past date, with the close of then."""
    past = as_of is not None and as_of < desk.clock().date()
    found = await (closed(desk, symbol[0], as_of) if past else quoted(desk, symbol[0]))
    if currency is not None:
        found = await _converted(desk, found, currency)
    return _reply(found, as_of if past else None)


async def _converted(desk: Desk, found: Priced, into: str) -> Priced:
    """The price in another currency beside its own. Raises UserError where it is no money, or there is no rate."""
    of = currency_of(found.symbol, found.quote.currency)
    if of == into:
        return found
    done = await convert_amount(desk, found.quote.price, of, into, found.freshness.as_of)
    notes = [f"the reference rate is an old one: {done.stale_reason}"] if done.stale_reason else []
    if found.symbol.kind == "index":
        notes.append(f"{found.symbol.canonical} is an index in points; they are converted as if each were 1 {of}")
    return replace(found, conversion=done, warnings=(*found.warnings, *notes))


async def quoted(desk: Desk, symbol: Symbol) -> Priced:
    """The newest price. Raises UserError when there is none."""
    stand_in = desk.symbols.known(symbol.stand_in) if symbol.stand_in else None
    found = await desk.feed.quote(symbol, stand_in)
    shown = desk.symbols.symbols.get(found.symbol, symbol)
    notes = []
    if found.stand_in is not None:
        notes.append(f"{symbol.canonical} itself has no price here, so {found.stand_in} stands in for it.")
    if found.kept_since is not None:
        kept = age((desk.clock() - found.kept_since).total_seconds())
        notes.append(f"No provider answered; these prices were fetched {kept} ago.")
    notes += interval_note(found.symbol, found.interval)
    notes += _jump(shown, found)
    return Priced(shown, found, await _freshness(desk, shown, found), tuple(notes))


def _jump(symbol: Symbol, found: "Quote") -> list[str]:
    """What looks wrong between a price and the close before it."""
    before = found.previous_close
    if before is None or before <= 0 or found.price <= 0:
        return []
    import numpy as np

    from bot.market.checks import split_like

    step = split_like(np.array([before, found.price])) if symbol.kind in {"stock", "fund", "unknown"} else ()
    return [f"the price is {jump.ratio:.4g} times the close before: perhaps a split or a bad price" for jump in step]


async def _freshness(desk: Desk, symbol: Symbol, found: "Quote") -> Freshness:
    from bot.providers.series import has_closes, stale_reason

    now, sessions = desk.clock(), await desk.feed.sessions_of(symbol)
    ends_at_midnight = sessions is None or not has_closes(symbol)
    last = (found.time - _AT_MIDNIGHT).date() if ends_at_midnight or sessions is None else sessions.day_of(found.time)
    return Freshness(
        as_of=last,
        session=await session_state(desk, symbol),
        provider=found.provider,
        adjustment=found.adjustment,
        delay=found.delay,
        stale_reason=stale_reason(symbol, last, None, now, sessions, found.adjustment),
        stand_in=found.stand_in,
        time=found.time,
        basis=found.basis,
    )


async def closed(desk: Desk, symbol: Symbol, as_of: date | None) -> Priced:
    """The close of a past date as a quote. Raises UserError when there is none."""
    from bot.providers.series import has_closes, last_close

    got = await fetch_series(desk, symbol, as_of)
    sessions = await desk.feed.sessions_of(got.shown) if has_closes(got.shown) else None
    found = last_close(got.bars, desk.clock(), sessions)
    return Priced(got.shown, found, replace(got.freshness, time=found.time), got.warnings)


def _reply(found: Priced, as_of: date | None) -> Reply:
    row, change = found.quote, found.change_pct or 0.0
    tone: Tone = "up" if change > 0 else "down" if change < 0 else "flat"
    symbol = row.symbol
    return Reply(
        title=f"{symbol} · {found.symbol.name}" if found.symbol.name else symbol,
        headline=_headline(found),
        rows=tuple(_rows(found)),
        more=tuple(_more(found)),
        tone=tone,
        data=as_json(found),
        warnings=found.warnings,
        freshness=found.freshness,
        buttons=(
            *_working(found),
            then("Rate of change", f"!roc {symbol}", as_of),
            *states(symbol, as_of),
        ),
    )


def _working(found: Priced) -> list[Button]:
    """The change from one close to the next is the ROC(1); that of a price in a session stands on no finished bar."""
    closed_now = found.is_close and not found.quote.unfinished and found.change_pct is not None
    return [working(f"roc {found.quote.symbol} 1", found.freshness.as_of)] if closed_now else []


def _headline(found: Priced) -> str:
    row, late = found.quote, found.quote.extended
    change = "" if found.change_pct is None else f", {_changed(found, found.change_pct)} from the close before"
    if late is not None and late.before_open:
        return f"{row.symbol} trades at {_both(found, row.price)} before the open{change}."
    what = "closed at" if late is not None or (found.is_close and not row.unfinished) else "is at"
    return f"{row.symbol} {what} {_both(found, row.price)}{change}."


def _changed(found: Priced, change_pct: float) -> str:
    """The change since the close before: of a yield in percentage points, since percent of percent misleads."""
    return f"{_step(found.quote)} percentage points" if found.symbol.kind == "yield" else percent(change_pct)


def _money(found: Priced, amount: float) -> str:
    if found.symbol.kind == "yield":
        return f"{price(amount)} %"
    currency = found.currency
    return f"{price(amount)} {currency}" if currency and found.symbol.kind != "fx" else price(amount)


def _both(found: Priced, amount: float) -> str:
    """The price, and after it the same in the currency that was asked for."""
    done = found.conversion
    return _money(found, amount) + (f" ({price(done.amount)} {done.rate.quote})" if done is not None else "")


def _conversion(found: Priced) -> list[Row]:
    """Both numbers, and the rate between them with its date."""
    done = found.conversion
    if done is None:
        return []
    rate = done.rate
    fix = f"1 {rate.base} = {price(rate.value)} {rate.quote} by the ECB reference rate of {day(rate.date)}"
    return [Row(f"In {rate.quote}", f"{price(done.amount)} {rate.quote}; {fix}; the change is in {rate.base}")]


def _rows(found: Priced) -> list[Row]:
    row = found.quote
    rows = []
    if row.previous_close is not None:
        rows.append(Row("Previous close", f"{_plain(found, row.previous_close)} (change {_step(row)})"))
        if found.change_pct is None:
            rows.append(Row("Change", "no percent: one of the two prices is zero or less"))
    rows += _conversion(found)
    rows += _times(found)
    session = f"{SESSIONS[found.freshness.session]}{'; this session is not over' if row.unfinished else ''}"
    return [*rows, Row("Session", session)]


def _more(found: Priced) -> list[Row]:
    """Whose prices they are, and where the symbol trades."""
    rows = [Row("Prices", f"{found.quote.provider}, {ADJUSTMENTS[found.quote.adjustment]}")]
    if found.symbol.listed:
        rows.append(Row("Trades", f"on US exchanges, in {found.currency or 'US dollars'}"))
    elif found.symbol.abroad:
        rows.append(Row("Trades", f"on {listing(found.symbol)}"))
    return rows


def _times(found: Priced) -> list[Row]:
    """Of when the prices are: the regular session's, and the one outside it with its own change."""
    row, late = found.quote, found.quote.extended
    if late is not None and late.before_open:
        return [Row("Price before the open", f"{DELAYS[row.delay]}, of {moment(late.time)}")]
    ended = late is not None or (found.is_close and not row.unfinished)
    rows = [Row("Last close" if ended else "Price", f"{DELAYS[row.delay]}, of {_when(found, row.time)}")]
    if late is not None:
        change = percent((late.price / row.price - 1) * 100)
        rows.append(
            Row("After hours", f"{_money(found, late.price)}, {change} from that close, of {moment(late.time)}")
        )
    return rows


def _plain(found: Priced, amount: float) -> str:
    return f"{price(amount)} %" if found.symbol.kind == "yield" else price(amount)


def _step(row: "Quote") -> str:
    """The change in the price's own unit, with as many places as the price."""
    places = len(price(row.price).partition(".")[2])
    return f"{row.price - (row.previous_close or 0.0):+,.{places}f}".replace("-", "−")


def _when(found: Priced, time: datetime) -> str:
    return day(found.freshness.as_of) if found.is_close else moment(time)


def as_json(found: Priced) -> dict[str, Any]:
    """The contract's fields, and the change in the price's own unit."""
    row = found.quote
    return {
        "symbol": row.symbol,
        "name": found.symbol.name or None,
        "exchange": found.symbol.calendar,
        "currency": found.currency,
        "converted": None if found.conversion is None else found.conversion.amount,
        "converted_currency": None if found.conversion is None else found.conversion.rate.quote,
        "fix_date": None if found.conversion is None else found.conversion.rate.date,
        "price": row.price,
        "change": None if row.previous_close is None else row.price - row.previous_close,
        "change_pct": found.change_pct,
        "previous_close": row.previous_close,
        "time": row.time,
        "extended": None if row.extended is None else {"price": row.extended.price, "time": row.extended.time},
        "delay": row.delay,
        "provider": row.provider,
    }
