"""The tables of the benchmark page as text, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from zaitaku_demand.benchmark.consistency_words import CHECK_NAMES, SEVERITY_NAMES
from zaitaku_demand.benchmark.verdict import by_verdict
from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import (
    WITHOUT_VALUE,
    figure_text,
    label_of,
    ordered_indicators,
    place_label,
    place_profile,
    place_text,
    rank_text,
    ranked_functions,
    said,
    score_text,
    titled,
    value_text,
    year_text,
)
from zaitaku_demand.report.benchmark_workbook_places import (
    checked,
    distinction,
    is_of_fiscal_years,
    is_old,
    plan_unit,
    trend_figures,
)
from zaitaku_demand.text import Language

NOTHING = "－"
MOST_FINDINGS = 40
MOST_NAMES = 4


@dataclass(frozen=True)
class WordTable:
    """Caption, headings and cells; the first cell of a row is its heading, `numbers` are columns aligned right, `whole` never wrapped."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numbers: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()


def glance_table(content: BenchmarkContent, language: Language) -> WordTable:
    """A row a place: in what it is better, worse and similar, and where nothing can be said."""
    kinds = (
        (terms.GLANCE_BETTER, "better"),
        (terms.GLANCE_WORSE, "worse"),
        (terms.GLANCE_NEUTRAL, "neutral"),
        (terms.GLANCE_SIMILAR, "similar"),
        (terms.GLANCE_NOTHING, "not_distinguishable"),
    )
    rows = []
    for code, name in content.focus:
        of = {str(verdict): part for verdict, part in by_verdict(place_profile(content, code)).items()}
        of["neutral"] = pd.concat([of["higher"], of["lower"]])
        without = terms.GLANCE_COUNT.format(n=len(of["no_data"])).to(language)
        cells = [
            _few([said(row, "name", language) for _, row in of[k].iterrows()], language) for _, k in kinds
        ]
        rows.append([place_label(code, name, language), *cells, without])
    shown = [terms.PLACE_NAME, *(label for label, _ in kinds), terms.GLANCE_WITHOUT]
    head = [label.to(language) for label in shown]
    return WordTable(terms.GLANCE.to(language), head, rows)


def _few(names: list[str], language: Language) -> str:
    if not names:
        return words.NONE.to(language)
    listed = words.LIST_GAP.to(language).join(names[:MOST_NAMES])
    rest = len(names) - MOST_NAMES
    more = terms.GLANCE_MORE.format(n=rest).to(language) if rest > 0 else ""
    return terms.GLANCE_CELL.format(n=len(names), listed=listed + more).to(language)


def profile_table(content: BenchmarkContent, code: str, name: str, language: Language) -> WordTable:
    """Every indicator with data of one place: value, Japan, peers, verdict, rank and trend."""
    frame = place_profile(content, code)
    frame = frame[frame["latest_year"].notna()]
    head = [
        terms.INDICATOR,
        terms.FUNCTION,
        terms.TYPE,
        labels.UNIT,
        labels.YEAR_HEADER,
        terms.INTERVAL,
        words.JAPAN,
        terms.PEER_MEDIAN,
        terms.PEER_BEST,
        terms.VERDICT,
        terms.RANK_INTERVAL,
        terms.TREND,
    ]
    rows = [_profile_row(row, language) for row in frame.to_dict("records")]
    caption = titled(terms.PROFILE_TABLE, place=place_text(code, name)).to(language)
    shown = [text.to(language) for text in head]
    return WordTable(caption, shown, rows, frozenset({6, 7, 8}), frozenset({5, 10}))


def _profile_row(row: dict[Any, Any], language: Language) -> list[str]:
    verdict = str(row["verdict"])
    hidden = row["state"] in WITHOUT_VALUE
    sign = words.TREND_SIGNS.get(str(row["trend"]), "")
    gap = "" if language == "ja" else " "
    return [
        said(row, "name", language),
        label_of(words.FUNCTIONS, row["function"], language),
        label_of(words.TYPES, row["type"], language),
        said(row, "unit", language),
        year_text(row, language),
        value_text(row, language),
        *(figure_text(row[name]) for name in ("japan", "peer_median", "peer_best_fifth")),
        f"{words.SIGNS.get(verdict, '')}{gap}{label_of(words.VERDICTS, verdict, language)}",
        NOTHING if hidden else rank_text(row, language),
        f"{sign}{gap}{label_of(words.TRENDS, row['trend'], language)}" if sign else NOTHING,
    ]


def score_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """Scores of the focus places with what they rest on."""
    codes = [code for code, _ in content.focus]
    frame = ranked_functions(content)
    frame = frame[frame["area_code"].isin(codes)]
    if frame.empty:
        return None
    order = frame["area_code"].map({code: place for place, code in enumerate(codes)})
    frame = frame.assign(_order=order).sort_values("_order", kind="stable")
    head = [
        terms.PLACE_NAME,
        terms.FUNCTION,
        words.SCORE,
        terms.STRUCTURE_SCORE,
        terms.QUANTITY_SCORE,
        terms.RANK_INTERVAL,
        terms.DISTINGUISHABLE,
        terms.IN_WORDS,
        terms.RESTS_ON,
    ]
    rows = []
    for row in frame.to_dict("records"):
        rows.append(
            [
                place_label(str(row["area_code"]), str(row["area_name"]), language),
                label_of(words.FUNCTIONS, row["function"], language),
                score_text(row, language),
                figure_text(row["structure_score"]),
                figure_text(row["quantity_score"]),
                rank_text(row, language),
                distinction(row, language),
                said(row, "sentence", language),
                said(row, "rests_on", language),
            ]
        )
    return WordTable(
        terms.SCORES_TABLE.to(language),
        [text.to(language) for text in head],
        rows,
        frozenset({3, 4}),
        frozenset({2, 5}),
    )


def pdca_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """Baseline, target and verdict of the plan for key indicators; the workbook holds all."""
    key = content.indicators.loc[content.indicators["key"].astype(bool), "indicator_id"]
    frame = content.pdca[content.pdca["indicator_id"].isin(key)]
    if frame.empty:
        return None
    known = {str(row["indicator_id"]): row for row in content.indicators.to_dict("records")}
    head = [
        terms.INDICATOR,
        terms.PLACE_NAME,
        terms.PERIOD,
        labels.UNIT,
        terms.BASELINE,
        terms.TARGET,
        terms.TARGET_BASIS,
        terms.ACTUAL,
        terms.GAP,
        terms.ATTAINMENT,
        terms.AT_TREND,
        terms.VERDICT_OF_PLAN,
    ]
    rows = []
    for row in frame.to_dict("records"):
        declared = known.get(str(row["indicator_id"]), {})
        code = str(row["area_code"])
        attained = row["attainment"]
        rows.append(
            [
                said(declared, "name", language) or str(row["indicator_id"]),
                place_label(code, dict(content.focus).get(code, code), language),
                str(row["period"]),
                plan_unit(row, declared, language),
                _with_year(row, "baseline", declared, language),
                figure_text(row["target"]),
                said(row, "target_basis", language),
                _with_year(row, "actual", declared, language),
                figure_text(row["gap"]),
                f"{100 * attained:.0f}%" if attained == attained else NOTHING,
                _at_trend(row, language),
                said(row, "verdict", language),
            ]
        )
    shown = [text.to(language) for text in head]
    gap = "" if language == "ja" else ". "
    caption = gap.join(
        [
            terms.PDCA_TITLE.to(language) + ("。" if language == "ja" else ""),
            terms.KEY_ONLY.format(n=len(content.pdca)).to(language),
        ]
    )
    return WordTable(caption, shown, rows, frozenset({4, 5, 7, 8, 9, 10}))


def _with_year(row: dict[Any, Any], name: str, declared: dict[Any, Any], language: Language) -> str:
    """A figure of the plan with its year; an old baseline is called so."""
    value, year = row[name], row[f"{name}_year"]
    if value != value:
        return NOTHING
    left, right, comma = ("（", "）", "、") if language == "ja" else (" (", ")", ", ")
    known = [] if pd.isna(year) else [year_text({**declared, "year": year}, language)]
    if name == "baseline" and is_old(row):
        known.append(terms.OLD.to(language))
    shown = figure_text(value)
    return f"{shown}{left}{comma.join(known)}{right}" if known else shown


def _at_trend(row: dict[Any, Any], language: Language) -> str:
    """What the trend leads to with its interval; nothing where the interval is too wide to say anything."""
    value, low, high = trend_figures(row)
    if value is None or low is None or high is None:
        return figure_text(value)
    shown = {"value": figure_text(value), "lower": figure_text(low), "upper": figure_text(high)}
    return words.INTERVAL_TEXT.format(**shown).to(language)


def peer_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """The peers of the focus places."""
    if content.peers.empty:
        return None
    head = [terms.PLACE_NAME, terms.PEER, terms.DISTANCE, terms.REASON]
    rows = [
        [
            place_label(str(row["area_code"]), dict(content.focus).get(str(row["area_code"]), ""), language),
            place_label(str(row["peer_code"]), str(row["peer_name"]), language),
            figure_text(row["distance"]),
            said(row, "reason", language),
        ]
        for row in content.peers.to_dict("records")
    ]
    return WordTable(
        terms.PEERS_TITLE.to(language), [text.to(language) for text in head], rows, frozenset({2})
    )


def consistency_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """What the checks found on the focus places and Japan, the first in the order given; the workbook holds all."""
    codes = {code for code, _ in content.focus} | {"00"}
    findings = content.consistency[content.consistency["area_code"].isin(codes)]
    shown = findings.head(MOST_FINDINGS)
    if content.consistency.empty:
        return None
    known = {str(row["indicator_id"]): row for row in content.indicators.to_dict("records")}
    head = [terms.SEVERITY, terms.CHECK, terms.CHECKED, terms.PLACE_NAME, labels.YEAR_HEADER, terms.FINDING]
    rows = [
        [
            label_of(SEVERITY_NAMES, row["severity"], language),
            label_of(CHECK_NAMES, row["check"], language),
            checked(row, known, language),
            place_label(str(row["area_code"]), str(row["area_name"]), language),
            year_text({**row, "fiscal_year": is_of_fiscal_years(row, known)}, language),
            said(row, "finding", language),
        ]
        for row in shown.to_dict("records")
    ]
    caption = terms.CONSISTENCY_SHORT.format(
        n=len(findings), shown=len(shown), total=len(content.consistency)
    ).to(language)
    return WordTable(caption, [text.to(language) for text in head], rows)


def no_data_table(content: BenchmarkContent, language: Language) -> WordTable | None:
    """Indicators without data and what would fill them."""
    frame = ordered_indicators(content)
    frame = frame[frame["latest_year"].isna()]
    if frame.empty:
        return None
    head = [terms.INDICATOR_ID, terms.INDICATOR, terms.FUNCTION, terms.STATE, terms.DATA_NEED]
    rows = [
        [
            str(row["indicator_id"]),
            said(row, "name", language),
            label_of(words.FUNCTIONS, row["function"], language),
            words.STATES["no_data"].to(language),
            said(row, "data_need", language),
        ]
        for row in frame.to_dict("records")
    ]
    return WordTable(terms.NO_DATA_TITLE.to(language), [text.to(language) for text in head], rows)
