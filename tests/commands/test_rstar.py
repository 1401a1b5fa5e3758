"""`rstar`: every input dated, only what was known, and no more certainty than there is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.rstar import rstar
from bot.errors import Unavailable
from bot.providers.macro.feed import FolderFeed
from bot.providers.macro.folder import MacroFolder
from bot.render.text import to_text
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.macro.desk import Hours, MacroDesk, ask, json_of, write
from tests.providers.macro.files import HLW_2019, HLW_2023, LM_BOOK, LW_BOOK

EFFR_2023 = '{"refRates":[{"effectiveDate":"2023-09-29","type":"EFFR","percentRate":5.33}]}'
PCE = "DATE,PCEPILFE\n2022-08-01,100\n2023-08-01,103\n2018-08-01,100\n2019-08-01,101.8\n"
FUNDS = "DATE,FEDFUNDS\n2019-08-01,2.13\n2019-09-01,2.04\n"


def desk_of(folder: Path, files: dict[str, Any], now: datetime = datetime(2023, 10, 10, 12, tzinfo=UTC)) -> MacroDesk:
    clock = Hours(now)
    return MacroDesk(FolderFeed(MacroFolder(write(folder, files)), clock), clock)


async def test_the_whole_reading(tmp_path: Path) -> None:
    files = {"a": HLW_2023, "b": LW_BOOK, "c": LM_BOOK, "d": EFFR_2023, "e": PCE}
    reply = await ask(desk_of(tmp_path, files), rstar, "")
    found = json_of(reply)
    assert found == {
        "r_star_pct": 0.569,
        "quarter": "2023Q2",
        "model": "HLW",
        "vintage": "2023Q2",
        "policy_rate_pct": 5.33,
        "policy_date": date(2023, 9, 29),
        "policy_series": "EFFR",
        "inflation_pct": pytest.approx(3.0),
        "inflation_month": "2023-08",
        "real_rate_pct": pytest.approx(2.33),
        "gap_pct": pytest.approx(1.761),
        "stance": "tight",
        "certain": True,
        "spread_pct": pytest.approx(1.731),
        "estimates": [
            {"model": "HLW", "r_star_pct": 0.569, "quarter": "2023Q2"},
            {"model": "LW", "r_star_pct": 0.6, "quarter": "2023Q2"},
            {"model": "Lubik-Matthes", "r_star_pct": 2.3, "quarter": "2023Q2"},
        ],
    }
    assert reply.headline == (
        "Policy is tight (too cold): the real policy rate of 2.33 % is 1.76 points above r-star, 0.57 % for 2023Q2."
    )
    rows = {row.label: row.value for row in (*reply.rows, *reply.more)}
    assert rows["Policy rate"] == "5.33 % (EFFR, 29 Sep 2023)"
    assert rows["Lubik-Matthes"] == "2.30 % for 2023Q2"
    assert rows["Certain"].startswith("yes:")
    assert reply.warnings == ()
    assert reply.freshness is not None
    assert (reply.freshness.as_of, reply.freshness.stale) == (date(2023, 6, 30), False)


async def test_a_past_date_knows_only_its_own_time(tmp_path: Path) -> None:
    files = {"a": HLW_2019, "b": HLW_2023, "c": FUNDS, "d": PCE, "e": EFFR_2023}
    reply = await ask(desk_of(tmp_path, files), rstar, "asof:2019-09-30")
    found = json_of(reply)
    assert (found["r_star_pct"], found["quarter"], found["vintage"]) == (0.508, "2019Q2", "2019Q2")
    assert (found["policy_date"], found["inflation_month"]) == (date(2019, 8, 1), "2019-08")
    assert (found["gap_pct"], found["stance"], found["certain"]) == (pytest.approx(-0.178), "neutral", False)
    assert "monthly average" in " ".join(reply.warnings)
    assert "later vintage" not in " ".join(reply.warnings)
    assert "(FEDFUNDS, average of August 2019)" in to_text(reply)
    assert reply.freshness is not None
    assert not reply.freshness.stale


async def test_a_later_vintage_is_said(tmp_path: Path) -> None:
    reply = await ask(desk_of(tmp_path, {"a": HLW_2023}), rstar, "asof:2023-06-30")
    assert json_of(reply)["quarter"] == "2023Q1"
    assert "the file is of a later vintage (2023Q2) than the date asked for" in reply.warnings[0]


async def test_an_old_r_star_has_no_stance(tmp_path: Path) -> None:
    files = {"a": HLW_2019, "b": EFFR_2023, "c": PCE}
    reply = await ask(desk_of(tmp_path, files), rstar, "")
    found = json_of(reply)
    assert (found["gap_pct"], found["stance"], found["certain"]) == (None, None, False)
    assert found["real_rate_pct"] == pytest.approx(2.33)
    assert reply.headline == "r-star is 0.51 % for 2019Q2 (Holston-Laubach-Williams)."
    assert "over four quarters" in " ".join(reply.warnings)
    assert reply.freshness is not None
    assert "one of 2023Q1 should be out" in (reply.freshness.stale_reason or "")


async def test_nothing_there_gives_the_last_known_value_marked_stale(tmp_path: Path) -> None:
    reply = await ask(desk_of(tmp_path, {}), rstar, "")
    found = json_of(reply)
    assert found["r_star_pct"] == pytest.approx(0.569, abs=5e-4)
    assert (found["quarter"], found["stance"], found["policy_rate_pct"]) == ("2023Q2", None, None)
    assert reply.freshness is not None
    assert (reply.freshness.provider, reply.freshness.stale) == ("bundled", True)
    assert any("policy rate" in warning for warning in reply.warnings)


async def test_a_late_policy_rate_is_stale(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, {"a": HLW_2023, "b": EFFR_2023, "c": PCE}, datetime(2023, 11, 28, tzinfo=UTC))
    reply = await ask(desk, rstar, "")
    assert reply.freshness is not None
    assert reply.freshness.stale_reason == "the newest policy rate here is of 2023-09-29"


async def test_before_the_first_estimate(tmp_path: Path) -> None:
    reply = await ask(desk_of(tmp_path, {"a": HLW_2023}), rstar, "asof:1990-01-01")
    assert reply.error is not None
    assert (reply.error.code, "2023Q1" in reply.error.message) == ("too_little_history", True)


async def test_a_copy_says_its_age_and_an_unreadable_folder_its_reason(tmp_path: Path) -> None:
    from dataclasses import replace

    desk = desk_of(tmp_path, {"a": HLW_2023})
    figures = replace(await desk.macro.figures(), kept_since=datetime(2023, 10, 8, 12, tzinfo=UTC))

    class Kept(FolderFeed):
        async def figures(self, as_of: date | None = None) -> Any:
            if as_of is not None:
                raise Unavailable("macro folder", "the macro folder cannot be read (OSError)")
            return figures

    kept = MacroDesk(Kept(MacroFolder(tmp_path), desk.clock), desk.clock)
    assert "fetched 2 days ago" in (await ask(kept, rstar, "")).warnings[0]
    failed = await ask(kept, rstar, "asof:2023-06-30")
    assert failed.error is not None
    assert failed.error.code == "unavailable"


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("typed", "value", "quarter", "vintage", "stance"),
    [
        ("", 0.569, "2023Q2", "2023Q2", None),
        ("asof:2023-09-30", 0.569, "2023Q2", "2023Q2", "tight"),
        ("asof:2019-09-30", 0.508, "2019Q2", "2019Q2", "neutral"),
        ("asof:2024-06-30", 0.569, "2023Q2", "2023Q2", "tight"),
    ],
)
async def test_on_the_real_files(typed: str, value: float, quarter: str, vintage: str, stance: str | None) -> None:
    clock = Hours()
    desk = MacroDesk(FolderFeed(MacroFolder(SHARED / "data"), clock), clock)
    found = json_of(await ask(desk, rstar, typed))
    assert found["r_star_pct"] == pytest.approx(value, abs=5e-4)
    assert (found["quarter"], found["vintage"], found["stance"]) == (quarter, vintage, stance)
