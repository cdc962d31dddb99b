"""What the backtest decided: the default method of a service and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaitaku_demand.backtest.methods import AREA_METHODS
from zaitaku_demand.backtest.results import LEAST_GAIN
from zaitaku_demand.errors import InputError
from zaitaku_demand.rates.trend import decided_method
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd


_NAMES = {
    "constant": "constant rates",
    "damped": "the damped trend",
    "damped_place": "the damped trend with each prefecture's own shrunk change",
}
"""English names of the methods inside a sentence."""


def default_method(service: str) -> str:
    """``constant``, ``damped`` or ``damped_place``: the method of rates with the smallest out-of-sample error of a service.

    Score: mean absolute percentage error of prefectures, rolling origins, population of the 2018 edition, forecasts that
    every method has, each horizon with the same weight; phi of the damped trend comes from the other services. A more
    complex method is chosen only if its error is smaller by `LEAST_GAIN`.

    Raises
    ------
    InputError
        If the service is not one of the backtest.
    """
    chosen = decided_method(service)
    if chosen is None:
        raise InputError(
            Text(f"「{service}」は検証の対象にない", f"'{service}' is not in the backtest"),
            Text("`zaitaku services` の一覧から選んでください", "choose one of `zaitaku services`"),
        )
    return chosen


def default_reason(service: str) -> Text:
    """Which method is the default of a service, what all three missed by, and how many years ahead that was tested.

    Raises
    ------
    InputError
        If the service is not one of the backtest.
    """
    chosen = default_method(service)
    table = forecast_error()
    table = table[table["service"] == service]
    scores = table[table["parameter"] == "score"].set_index("method")["value"]
    years = int(table.loc[table["parameter"] == "longest_horizon", "value"].iloc[0])
    others = [name for name in scores.index if name != chosen]
    ja = "、".join(f"{AREA_METHODS[name].ja}は{scores[name]:.1f}%" for name in others)
    en = " and ".join(f"{scores[name]:.1f} % for {_NAMES[name]}" for name in others)
    reason = Text(
        f"{AREA_METHODS[chosen].ja}を標準とする。{years}年先までの検証で、都道府県別の平均絶対誤差率は{scores[chosen]:.1f}%、{ja}であった",
        f"The default is {_NAMES[chosen]}: tested up to {years} years ahead, its mean absolute error by prefecture was {scores[chosen]:.1f} %, against {en}",
    )
    if scores.idxmin() == chosen:
        return Text(f"{reason.ja}。", f"{reason.en}.")
    # A gain too small to count would otherwise read as a mistake.
    share = f"{LEAST_GAIN * 100:g}"
    return Text(
        f"{reason.ja}（より複雑な方法は誤差が{share}%以上小さい場合に限り採る）。",
        f"{reason.en} (a more complex method is taken only if its error is at least {share} % smaller).",
    )


def forecast_error() -> pd.DataFrame:
    """Table `rate_forecast_error`: parameter, service, method, level, value."""
    return read_table("rate_forecast_error")


def backtest_errors() -> pd.DataFrame:
    """Table `backtest_errors` (see `backtest.results.backtest_tables`)."""
    return read_table("backtest_errors")


def compared_rows(service: str) -> pd.DataFrame:
    """Rows of one service for a report: all methods on the same forecasts, population of the 2018 edition.

    method, level, horizon (0: all), service, size_class, n, mape, median_ape, bias (per cent), coverage_80, coverage_95,
    coverage_80_years, coverage_95_years.
    """
    table = backtest_errors()
    kept = (table["compared"] == "common") & (table["population"] == "edition") & (table["origins"] == "all")
    chosen = table[kept & (table["service"] == service)]
    return chosen.drop(columns=["compared", "population", "origins"]).reset_index(drop=True)


NOTES: tuple[Text, ...] = (
    Text(
        "誤差は基準年度（2014～2021年度）までの値だけで推計し、後の年度の公表値と比べたもの。人口は基準年度の実績に平成30年推計の伸びを掛けた。2017年度以前には平成30年推計は未公表である（平成25年推計は手元にない）。",
        "Forecasts use nothing counted after their origin (FY2014-21) and are compared with what was published later. Population: that of the origin times the growth of the 2018 edition, which was not yet published before FY2018 (the 2013 edition is not at hand).",
    ),
    Text(
        "改定で対象が変わったサービスは改定後の年度だけで比べる。秘匿が2割を超える件数、月10件未満の地域は比べない。圏域の件数は都道府県計に合わせて補正した。",
        "A service whose scope was changed is judged after the reform only. Counts of which more than a fifth is suppressed and places with fewer than 10 a month are not judged. Counts of areas are raked to their prefecture.",
    ),
    Text(
        "区間の的中率（他地域）は区間の幅を他の都道府県の誤差から、（他年度）は他の年度の誤差から決めた場合の割合。標準は前者。",
        "Coverage: share of counts inside intervals whose width comes from other prefectures; '(years)' from other target years. The first is the calibration used.",
    ),
    Text(
        "誤差は最長8年先（訪問診療患者の趨勢は改定後の4年先）までしか測れない。その先の区間は、年々の変動が独立に積み重なり趨勢の誤差が減衰するという仮定による。",
        "Errors are measured up to eight years ahead (trend of home-visit patients: four, after the reform). Beyond that, intervals rest on the assumption that yearly shocks add up independently and the error of the drift fades.",
    ),
)
