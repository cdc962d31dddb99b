"""Texts of `zaitaku draws`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaitaku_demand.cli.words import say
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    from zaitaku_demand.projection.draws.results import DrawResult

HELP: dict[str, Text] = {
    "draws": Text(
        "推計の不確実性を乱数で求め、区間とピーク年の確率を表に書き出す",
        "Draw the uncertainty: intervals and probabilities of the peak",
    ),
    "with_forecast": Text(
        "不確実性・シナリオ・増減の要因・過去検証も書き出す",
        "Also write uncertainty, scenarios, reasons of change and the backtest",
    ),
    "runs": Text("試行回数（100～20000）", "Number of random runs (100 to 20000)"),
    "seed": Text("乱数の種", "Seed of the random numbers"),
    "source": Text(
        "考える不確実性の要因（level・future_rates・population・open_band、繰り返し可、省略時は全て）",
        "Source of uncertainty (level, future_rates, population, open_band; repeatable; all by default)",
    ),
    "run": Text(
        "この番号の試行だけを計算して表示する（0は推計そのもの）。何も書き出さない",
        "Compute and print the run of this number alone (0 is the projection itself); writes nothing",
    ),
    "table": Text("乱数の表（1行＝1試行）も書き出す", "Also write the table of random parameters"),
    "service": Text("サービス（1つ。一覧は zaitaku services）", "Service (one; see `zaitaku services`)"),
    "out": Text("出力フォルダ（既定は reports/draws）", "Output folder (default: reports/draws)"),
    "drawing": Text("試行中", "Drawing"),
    "sharing": Text("要因ごとの寄与を計算中", "Splitting the variance by source"),
}
RUN_LINE = Text("第{run}試行（月あたり、推計）", "Run {run} (a month, estimated)")
WRITTEN = Text("書き出しました：{path}（{files}）", "Written: {path} ({files})")
_LINE = Text(
    "{name}：{year}年 {value:,.0f}{unit}（80％区間 {low:,.0f}～{high:,.0f}、95％区間 {lowest:,.0f}～{highest:,.0f}）、ピーク {peak}年{later}（80％の範囲 {first}～{last}年{last_later}）",
    "{name}: {year} {value:,.0f} {unit} (80 % {low:,.0f}-{high:,.0f}, 95 % {lowest:,.0f}-{highest:,.0f}), peak {peak}{later} (80 % range {first}-{last}{last_later})",
)
_LATER = Text("以降", " or later")


def summary(result: DrawResult, unit: Text) -> str:
    """One line for the nation, or for every prefecture of a smaller run; figures in `unit`."""
    intervals, peaks = result.intervals(), result.peaks()
    level = result.levels[0].level
    last = result.years[-1]
    lines = []
    for row in peaks[peaks["level"] == level].to_dict("records"):
        own = intervals[(intervals["level"] == level) & (intervals["code"] == row["code"])]
        end = own[own["year"] == last].iloc[0]
        lines.append(
            say(
                _LINE.format(
                    name=row["name"],
                    year=last,
                    value=end["principal"],
                    unit=say(unit),
                    low=end["lower_80"],
                    high=end["upper_80"],
                    lowest=end["lower_95"],
                    highest=end["upper_95"],
                    peak=row["principal"],
                    later=say(_LATER) if row["principal"] == last else "",
                    first=row["lower_80"],
                    last=row["upper_80"],
                    last_later=say(_LATER) if row["upper_80"] == last else "",
                )
            )
        )
    return "\n".join(lines)
