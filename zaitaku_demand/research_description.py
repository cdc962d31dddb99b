"""What the research report says about itself: panels, variables, data, plan, deviations, sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import pandas as pd

from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.facts import FACT_TABLES
from zaitaku_demand.research.candidates import candidates
from zaitaku_demand.research.core_set.run import CoreSet
from zaitaku_demand.research.core_set.words import VERDICTS as STAYS
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.plan import differences, items
from zaitaku_demand.research.power.words import ASSUMED
from zaitaku_demand.research.request import ResearchRequest
from zaitaku_demand.research_deviations import TERMS, not_possible
from zaitaku_demand.research_sentences import (
    association_groups,
    curves_said,
    design_groups,
    power_groups,
    validity_groups,
)
from zaitaku_demand.store.home import table_path
from zaitaku_demand.store.tables import read_provenance
from zaitaku_demand.text import Text

TABLES_USED = (
    *FACT_TABLES,
    "ndb_measure_ages",
    "ndb_event_size",
    "ndb_month",
    "population_reference",
    "area_population_335",
    "area_features",
    "area_neighbours",
    "hospital_beds",
)
CAVEATS: tuple[Text, ...] = (
    Text(
        "この報告書の値はすべて地域を単位とする集計（生態学的データ）である。地域の間にみられる関連は、個人の間の関連を示さず、"
        "因果関係を示すものでもない。地域の他の違い（交絡）や逆向きの関係によって生じうる。",
        "All figures of this report are counted by place (ecological data). An association between places says nothing about persons "
        "and does not show cause; other differences between the places (confounding), or a relation the other way round, may account for it.",
    ),
    Text(
        "NDBの算定回数は医療機関の所在地で数えており、患者の住所地とは異なる。算定回数は人数ではないため、1人当たりの算定回数で割ってから偶然のばらつきを求める。",
        "Claims of the NDB are counted where the institution stands, not where the patient lives. Claims are no persons; they are divided by "
        "claims per patient before chance is computed.",
    ),
    Text(
        "伏せられた値はゼロではない。小さな地域ほど伏せられやすいため、値のある地域は全体を代表しない。値のある地域の数を常に示す。",
        "A hidden figure is not zero. Small places are hidden more often, so those shown do not stand for all; the number of places is always given.",
    ),
    Text(
        "自宅死の割合は、公表された割合と推計した死亡数による推計値であり、孤独死などの異状死を含む。",
        "The share of deaths at home is estimated from published shares and estimated deaths, and includes sudden and lonely deaths.",
    ),
)
SHIPPED_PLAN = Text(
    "これは同梱の例の計画である。方法としきい値はこのデータを用いてプログラムを作りながら定めたもので、結果を見る前に登録した計画ではない。"
    "確認のための研究では、自分の計画を書いて日付とダイジェストを控え、新しい年のデータで調べること。",
    "This is the example plan of the package. Its methods and thresholds were set while the program was being made on these data; it was "
    "not registered before results were seen. A confirmatory study writes its own plan, notes date and digest, and looks at newer years.",
)
_UNSAID = Text("理由の記載なし", "no reason given")


def labels_of(request: ResearchRequest) -> dict[str, Text]:
    """Name of every variable of the panels."""
    return {
        str(name): panel.label(str(name))
        for panel in request.panels.values()
        for name in panel.variables.index
    }


def panel_rows(panels: Mapping[str, Panel]) -> pd.DataFrame:
    """One row a level."""
    rows = []
    for level, panel in panels.items():
        years = [year for series in panel.series.values() if series.kind != "normal" for year in series.years]
        rows.append(
            {
                "level": level,
                "n_places": len(panel.places),
                "n_outcomes": len(panel.names("outcome")),
                "n_exposures": len(panel.names("exposure")),
                "n_confounders": len(panel.names("confounder")),
                "first_year": min(years),
                "last_year": max(years),
            }
        )
    return pd.DataFrame(rows)


def codebook_rows(panels: Mapping[str, Panel]) -> pd.DataFrame:
    """One row a variable: how it is called, its role, and the levels and years it has."""
    found: dict[str, dict[str, object]] = {}
    for level, panel in panels.items():
        for name, row in panel.variables.iterrows():
            years = panel.series[str(name)].years
            entry = found.setdefault(
                str(name), {"name": name, **{str(key): value for key, value in row.items()}}
            )
            entry[f"years_{level}"] = f"{years[0]}-{years[-1]}" if years else ""
    return pd.DataFrame(list(found.values()))


def data_versions() -> pd.DataFrame:
    """One row a processed table that the panels are made of, with its sources."""
    rows = []
    for name in TABLES_USED:
        made = read_provenance(name)
        files = made.files()
        rows.append(
            {
                "table": name,
                "title_ja": made.title.ja,
                "title_en": made.title.en,
                "sources": "、".join(sorted({each.publisher for each in files})),
                "editions": _editions([each.edition for each in files]),
                "checksum": checksum(name),
            }
        )
    return pd.DataFrame(rows)


def plan_rows(request: ResearchRequest) -> pd.DataFrame:
    """Every item of the declared plan."""
    declared = {"digest": request.declared.digest, "declared": request.declared.declared.isoformat()}
    return pd.DataFrame(
        [{"item": item, "declared": value} for item, value in (declared | items(request.declared)).items()]
    )


def candidate_rows(panels: Mapping[str, Panel]) -> pd.DataFrame:
    """One row a candidate outcome: where it has figures, why it is one, what else a high value may mean."""
    declared = candidates()
    rows = []
    names = dict.fromkeys(name for panel in panels.values() for name in panel.variables.index)
    for name in map(str, names):
        having = [panel for panel in panels.values() if name in panel.names("outcome")]
        whole = [
            panel
            for panel in panels.values()
            if name in panel.series and panel.variables.loc[name, "role"] == "outcome"
        ]
        if not whole:
            continue
        label = whole[0].label(name)
        known = declared.get(name)
        rows.append(
            {
                "outcome": name,
                "label_ja": label.ja,
                "label_en": label.en,
                "levels": " ".join(panel.level for panel in having),
                "why_ja": _OWN.ja if known is None else known.why.ja,
                "why_en": _OWN.en if known is None else known.why.en,
                "may_mean_ja": "" if known is None else known.may_mean.ja,
                "may_mean_en": "" if known is None else known.may_mean.en,
            }
        )
    return pd.DataFrame(rows)


_OWN = Text("利用者が与えたアウトカム", "outcome supplied by the user")


def deviation_rows(request: ResearchRequest, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What was done otherwise than declared: reported, chosen, and what the data did not allow (one row a reason)."""
    rows = [
        {
            "item": each.item,
            "declared": each.declared,
            "done": each.done,
            "reason_ja": each.reason.ja,
            "reason_en": each.reason.en,
        }
        for each in request.plan.deviations
    ]
    said = Text(request.reason, request.reason) if request.reason else _UNSAID
    rows += [
        {"item": item, "declared": before, "done": after, "reason_ja": said.ja, "reason_en": said.en}
        for item, before, after in differences(request.declared, request.plan)
    ]
    named = [{**row, "item_ja": row["item"], "item_en": row["item"]} for row in rows]
    return pd.DataFrame(
        [*named, *not_possible(frames, {**TERMS, **labels_of(request)})],
        columns=["item", "declared", "done", "reason_ja", "reason_en", "item_ja", "item_en"],
    )


def sentences_of(request: ResearchRequest, frames: Mapping[str, pd.DataFrame]) -> dict[str, Sequence[Text]]:
    """Sentences by section and group (``section``, ``section.group`` or ``section.group.level``), in the order of the report."""
    labels = labels_of(request)
    return {
        "plan": [SHIPPED_PLAN] if request.plan_file is None else [],
        **validity_groups(request, frames["validity"]),
        **association_groups(request, frames["specification"], frames["association"], labels),
        **design_groups(request, frames["designs"], labels),
        **power_groups(request, frames["power"], labels),
    }


def validity_sentences(request: ResearchRequest, table: pd.DataFrame) -> list[Text]:
    """One sentence a result of validity, level by level."""
    return _flat(validity_groups(request, table))


def curve_sentences(request: ResearchRequest, table: pd.DataFrame) -> list[Text]:
    """What every specification curve says: robust, fragile or null."""
    return [sentence for _, _, sentence in curves_said(table, labels_of(request))]


def design_statements(request: ResearchRequest, table: pd.DataFrame) -> list[Text]:
    """What changes before and after say together, then the main results one by one, then what is assumed."""
    return _flat(design_groups(request, table, labels_of(request)))


def power_statements(request: ResearchRequest, table: pd.DataFrame) -> list[Text]:
    """The smallest difference a study finds, outcome by outcome and level by level."""
    return [*dict.fromkeys([*_flat(power_groups(request, table, labels_of(request))), ASSUMED])]


def core_sentences(core: CoreSet) -> list[Text]:
    """The members in order of priority, with how often each stays; then the close losers and the empty cells."""
    said = []
    for row in core.members.to_dict("records"):
        stays = STAYS[str(row["verdict"])]
        share = f"{row['share']:.0%}"
        said.append(
            Text(
                f"{row['order']}. {row['id']} {row['label_ja']}（{stays.ja}、{share}）：{row['reason_ja']}",
                f"{row['order']}. {row['id']} {row['label_en']} ({stays.en}, {share}): {row['reason_en']}",
            )
        )
    declared = indicators()
    for row in core.left_out.to_dict("records"):
        name = declared[row["id"]].name
        said.append(
            Text(
                f"－ {row['id']} {name.ja}：{row['reason_ja']}",
                f"- {row['id']} {name.en}: {row['reason_en']}",
            )
        )
    said += [
        Text(str(row["reason_ja"]), str(row["reason_en"])) for row in core.empty_cells.to_dict("records")
    ]
    return said


def data_version() -> str:
    """One name for the state of all tables: eight digits of the SHA-256 of their checksums."""
    return hashlib.sha256(" ".join(map(checksum, TABLES_USED)).encode()).hexdigest()[:8]


def checksum(name: str) -> str:
    """First eight digits of the SHA-256 of a processed table."""
    path = table_path(name)
    return "" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _flat(groups: Mapping[str, Sequence[Text]]) -> list[Text]:
    return [sentence for said in groups.values() for sentence in said]


def _editions(editions: Sequence[str]) -> str:
    known = list(dict.fromkeys(editions))
    return "、".join(known[:4]) + (f" … ({len(known)})" if len(known) > 4 else "")
