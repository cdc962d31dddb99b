"""The page that explains an exported panel: files, states, warnings and sources with their editions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from zaitaku_demand.indicators.declaration import LEVEL_NAMES
from zaitaku_demand.indicators.facts import FACT_TABLES
from zaitaku_demand.research.codebook import year_ranges
from zaitaku_demand.research.panel import ROLES, Panel
from zaitaku_demand.store.tables import read_provenance
from zaitaku_demand.text import Language, Text

TABLES = (*FACT_TABLES, "ndb_measure_ages", "ndb_event_size", "area_features", "hospital_beds")
"""Processed tables that the panel is made from."""

_TITLE = Text("在宅医療 研究用パネル", "Research panel of home medical care")
_FILES = Text(
    """## ファイル

- `panel.parquet`、`panel.csv`、`panel.dta`：1行が1地域・1年。列名のうち `名前` が値、`名前_num` が分子、`名前_den` が分母（標準化比では期待数）、`名前_state` が状態。値＝分子÷分母×乗数（コードブック）。
- `panel_long.parquet`：1行が1変数・1地域・1年。
- `panel.R`：`panel.csv` を型とラベル付きで読み込む（base R だけで動く）。
- `codebook.csv`：変数の定義・分子・分母・出典・年・状態の数・読み誤りやすい点。""",
    """## Files

- `panel.parquet`, `panel.csv`, `panel.dta`: one row a place and year. Of the columns, `name` is the value, `name_num` the numerator, `name_den` the denominator (the expected count of a standardised ratio) and `name_state` the state. Value = numerator / denominator x multiplier (codebook).
- `panel_long.parquet`: one row a variable, place and year.
- `panel.R`: reads `panel.csv` with types and labels (base R only).
- `codebook.csv`: definition, numerator, denominator, source, years, number of states and caveats of every variable.""",
)
_STATES = Text(
    """## 状態と注意

- `observed` 公表値、`estimated` 推計値（伏せられた部分や配分を含む）、`suppressed` 秘匿、`no_data` データなし。
- 秘匿とデータなしは空欄で、0ではない。0で埋めないこと。秘匿は小さな地域に多く、除いて分析すると大きな地域に偏る。
- NDBの件数は医療機関の所在地で数えたもので、住民の住所地ではない。件数は1人について何度も生じるため、偶然の大きさは1例当たりの件数（コードブック）で割ってから計算する。
- 年は、NDBは年度、人口動態統計と社会・人口統計体系は暦年である。1年分しかない特性（人口密度など）はその年の行だけにある。
- 地域単位の関連は、個人についての関連を意味せず、原因を示さない。""",
    """## States and warnings

- `observed` as published, `estimated` (with hidden parts or spread figures), `suppressed`, `no_data`.
- Suppressed and missing figures are empty, never zero; do not fill them with zeros. Suppression falls mostly on small places, so leaving them out leans towards large ones.
- Counts of the NDB are by the place of the institution, not of the patient's home. One person gives many claims, so chance is computed after division by the entries per case (codebook).
- Years are fiscal years in the NDB and calendar years in the vital statistics and the SSDS. A characteristic of one year (such as density) stands in the rows of that year only.
- An association between places says nothing of single people, and no cause.""",
)
_CONTENTS = Text("## 内容", "## Contents")
_SOURCES = Text("## 出典", "## Sources")
_COUNTED = Text(
    "- {level}：{places}地域、{years}年、変数{variables}（{roles}）",
    "- {level}: {places} places, {years}, {variables} variables ({roles})",
)
_ROWS = Text("- 全{rows}行、{columns}列", "- {rows} rows, {columns} columns in all")

_PUBLICATION = Text(
    "- {publisher}「{title}」（{editions}、{files}ファイル）",
    "- {publisher}: {title} ({editions}; {files} files)",
)


def readme(panels: Sequence[Panel], table: pd.DataFrame, language: Language) -> str:
    """Markdown of the page.

    Parameters
    ----------
    panels : sequence of Panel
    table : DataFrame
        What `zaitaku_demand.research.wide.wide` gives.
    language : str
        ``ja`` or ``en``.
    """
    lines = [f"# {_TITLE.to(language)}", "", _CONTENTS.to(language), ""]
    for panel in panels:
        used = {name for name, series in panel.series.items() if series.years}
        years = year_ranges(sorted({year for name in used for year in panel.series[name].years}))
        roles = [f"{text.to(language)} {len(panel.names(role))}" for role, text in ROLES.items()]
        lines.append(
            _COUNTED.to(language).format(
                level=LEVEL_NAMES[panel.level].to(language),
                places=len(panel.places),
                years=years,
                variables=len(used),
                roles="、".join(roles) if language == "ja" else ", ".join(roles),
            )
        )
    lines.append(_ROWS.to(language).format(rows=len(table), columns=table.shape[1]))
    lines += ["", _FILES.to(language), "", _STATES.to(language), "", _SOURCES.to(language), ""]
    return "\n".join([*lines, *sources(panels, language)]) + "\n"


def sources(panels: Sequence[Panel], language: Language) -> list[str]:
    """One line a publication: publisher, title, editions, number of files; files of the user are named last."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name in TABLES:
        for entry in read_provenance(name).files():
            # Behind the first blank stands which table of a publication it is, unless it stands in brackets.
            head = entry.title.split(" ")[0]
            title = head if head.count("（") == head.count("）") else entry.title
            found.setdefault((entry.publisher, title), {})[entry.path] = entry.edition
    lines = []
    for (publisher, title), files in sorted(found.items()):
        editions = ", ".join(sorted({edition for edition in files.values() if edition}))
        lines.append(
            _PUBLICATION.to(language).format(
                publisher=publisher, title=title, editions=editions, files=len(files)
            )
        )
    own = {
        str(panel.variables.loc[name, f"source_{language}"])
        for panel in panels
        for name in panel.variables.index
        if str(name).startswith("own_")
    }
    return [*lines, *(f"- {each}" for each in sorted(own))]
