"""Tables of the results: reliability, associations and their robustness, core set, power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_terms as terms
from zaitaku_demand.report.benchmark_page_tables import WordTable
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_table_parts import (
    Cell,
    Column,
    level_column,
    made,
    method_column,
    named_cell,
    of_rows,
    outcome_column,
    plain,
)
from zaitaku_demand.report.research_view import (
    NOTHING,
    Row,
    curves,
    estimate_text,
    main_associations,
    notes_text,
    number,
    p_text,
    parameters_of,
    percent,
    place_years,
    records,
    reliability_text,
    statistic_name,
    verdict_of,
)
from zaitaku_demand.text import Language, Text

_OVERVIEW: tuple[tuple[Text, str, str, bool], ...] = (
    (words.SHOWN_SHARE, "places_shown", "", True),
    (words.ICC, "icc", "", False),
    (words.LASTING, "lasting_reliability", "", False),
    (words.WITHIN, "reliability_within_prefecture", "", False),
    (words.CASES["0.7"], "cases_for_0.7", "", False),
    (words.CASES["0.9"], "cases_for_0.9", "", False),
    (words.YEARS_NEEDED, "years_for_0.7", "", False),
    (words.WRONG, "misclassified_top", "", True),
)
"""Column, statistic, term and whether it is a share shown in percent."""


def estimator_table(content: ResearchContent, language: Language) -> WordTable | None:
    """A row a candidate, level and estimator of the one-year reliability."""
    frame = content.reliability[content.reliability["statistic"] == "reliability"]
    columns: list[Column] = [
        outcome_column(content, language),
        level_column(language),
        method_column(language),
        (words.ESTIMATE, reliability_text),
        (words.PLACES_YEARS, lambda row: place_years(row, language)),
        (words.NOTE, notes_text),
    ]
    return made(words.T_ESTIMATORS, records(frame), columns, language, file="reliability", most=200)


def reliability_table(content: ResearchContent, language: Language) -> WordTable | None:
    """A row a candidate and level: places shown, stability over years, what is needed, misclassification."""
    frame = content.reliability
    found: dict[tuple[str, str, str, str], Row] = {}
    for row in records(frame):
        key = (str(row["level"]), str(row["outcome"]), str(row["statistic"]), str(row["term"]))
        if key not in found or pd.isna(found[key]["estimate"]):
            found[key] = row
    rows = records(frame.drop_duplicates(["level", "outcome"]))

    def cell(statistic: str, term: str, share: bool) -> Cell:
        def key(row: Row) -> tuple[str, str, str, str]:
            return (str(row["level"]), str(row["outcome"]), statistic, term)

        return of_rows(found, key, (lambda row: percent(row["estimate"])) if share else _or_note)

    columns: list[Column] = [
        outcome_column(content, language),
        level_column(language),
        *((title, cell(statistic, term, share)) for title, statistic, term, share in _OVERVIEW),
    ]
    return made(words.T_NEEDED, rows, columns, language, file="reliability")


def association_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Main estimate of every pair, with the verdict of its specification curve where it was put to one."""
    rows = main_associations(content)
    with_q = "q_value" in rows

    def verdict(row: Row) -> str:
        kind = verdict_of(content, row["level"], row["outcome"], row["term"])
        return words.ROBUST[kind].to(language) if kind in words.ROBUST else NOTHING

    columns: list[Column] = [
        outcome_column(content, language),
        (words.EXPOSURE, named_cell(content, "term", language)),
        level_column(language),
        method_column(language),
        (words.DIFFERENCE, estimate_text),
        (words.P_VALUE, lambda row: p_text(row["p_value"])),
        *([(words.Q_VALUE, lambda row: p_text(row["q_value"]))] if with_q else []),
        (words.PLACES_YEARS, lambda row: place_years(row, language)),
        (words.VERDICT, verdict),
        (words.NOTE, notes_text),
    ]
    return made(words.T_ASSOCIATION, records(rows), columns, language, file="association", most=120)


def curve_table(content: ResearchContent, language: Language) -> WordTable | None:
    """A row a specification curve: its figures and verdict."""
    rows = [
        {
            "level": curve.level,
            "outcome": curve.outcome,
            "term": curve.term,
            "verdict": curve.verdict,
            "n": len(curve.rows),
            **{name: row for name, row in curve.figures.items()},
        }
        for curve in curves(content)
    ]

    def figure(name: str, column: str = "estimate") -> Any:
        return lambda row: row[name][column] if name in row else float("nan")

    median, low, high = (figure(f"{each}_rate_ratio") for each in ("median", "lowest", "highest"))
    columns: list[Column] = [
        outcome_column(content, language),
        (words.EXPOSURE, named_cell(content, "term", language)),
        level_column(language),
        (words.SPECIFICATIONS, lambda row: str(row["n"])),
        (
            words.MEDIAN_RANGE,
            lambda row: words.RANGE.format(
                middle=number(median(row)), low=number(low(row)), high=number(high(row))
            ).to(language),
        ),
        (words.SAME_SIGN, lambda row: percent(figure("share_same_sign")(row))),
        (words.SIGNIFICANT, lambda row: percent(figure("share_significant")(row))),
        (words.P_SHUFFLED, lambda row: p_text(figure("median_rate_ratio", "p_value")(row))),
        (words.VERDICT, lambda row: words.label_of(words.ROBUST, row["verdict"], language)),
    ]
    return made(words.T_CURVE, rows, columns, language, file="specification")


def robustness_table(content: ResearchContent, language: Language) -> WordTable | None:
    """A row a question: main estimate, its range without one prefecture, Moran's I, spatial correction, E-value."""
    rows: list[Row] = []
    for keys, part in content.robustness.groupby(["level", "outcome", "term"], sort=False):
        own = records(part)
        main = next((row for row in own if row["statistic"] == "rate_ratio"), None)
        if main is None:
            continue
        left = part.loc[part["statistic"] == "rate_ratio_without", "estimate"].dropna()
        by = {str(row["statistic"]): row for row in reversed(own)}
        filtered = [row for row in own if str(row["method"]).endswith("eigenvector_filter")]
        rows.append(
            {
                **dict(zip(("level", "outcome", "term"), keys, strict=True)),
                "main": main,
                "left": (left.min(), left.max()) if len(left) else None,
                "moran": by.get("moran_i"),
                "filtered": next((row for row in filtered if row["statistic"] == "rate_ratio"), None),
                "e": (by.get("e_value"), by.get("e_value_limit")),
            }
        )
    columns: list[Column] = [
        outcome_column(content, language),
        (words.EXPOSURE, named_cell(content, "term", language)),
        level_column(language),
        (words.DIFFERENCE, lambda row: _or_note(row["main"])),
        (words.WITHOUT, lambda row: "–".join(map(number, row["left"])) if row["left"] else NOTHING),
        (words.MORAN, lambda row: _with_p(row["moran"])),
        (words.FILTERED, lambda row: NOTHING if row["filtered"] is None else _or_note(row["filtered"])),
        (words.E_VALUE, lambda row: _e_value(*row["e"])),
    ]
    return made(words.T_ROBUSTNESS, rows, columns, language, file="robustness")


def core_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Members in their order with function, type, stability and reason."""
    stability = {str(row["id"]): row for row in records(content.core_stability)}

    def of(say: Cell) -> Cell:
        return of_rows(stability, lambda row: str(row["id"]), say)

    columns: list[Column] = [
        (words.ORDER, lambda row: str(int(row["order"]))),
        (words.NAME, named_cell(content, "id", language)),
        (words.FUNCTION, lambda row: words.label_of(words.FUNCTIONS, row["function"], language)),
        (words.TYPE, lambda row: words.label_of(words.TYPES, row["type"], language)),
        (words.STAY_SHARE, of(lambda row: percent(row["share"]))),
        (words.STAY, of(lambda row: words.label_of(terms.STAYS, row["verdict"], language))),
        (words.REASON, plain(f"reason_{language}")),
    ]
    rows = records(content.core_members.sort_values("order", kind="stable"))
    return made(words.T_CORE, rows, columns, language, [words.STAY_SHARE], file="core_members")


def criteria_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Scores of the members, a criterion a column."""
    members = list(content.core_members.sort_values("order", kind="stable")["id"].astype(str))
    frame = content.core_criteria[content.core_criteria["id"].astype(str).isin(members)]
    criteria = list(dict.fromkeys(frame["criterion"].astype(str)))
    scores = {(str(row["id"]), str(row["criterion"])): row for row in records(frame)}

    def of(criterion: str) -> Cell:
        return of_rows(scores, lambda row: (row["id"], criterion), lambda row: number(row["score"]))

    titles = [terms.CRITERIA.get(each, Text(each, each)) for each in criteria]
    columns: list[Column] = [
        (words.NAME, named_cell(content, "id", language)),
        *((title, of(criterion)) for title, criterion in zip(titles, criteria, strict=True)),
    ]
    rows = [{"id": name} for name in members]
    return made(words.T_CRITERIA, rows, columns, language, titles, file="core_criteria")


def left_out_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Candidates close to the set and why they are not in it."""
    columns: list[Column] = [
        (words.NAME, named_cell(content, "id", language)),
        (words.REASON, plain(f"reason_{language}")),
    ]
    return made(words.T_LEFT_OUT, records(content.core_left_out), columns, language, file="core_left_out")


def empty_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Cells of function and type for which there is no indicator."""
    columns: list[Column] = [
        (words.FUNCTION, lambda row: words.label_of(words.FUNCTIONS, row["function"], language)),
        (words.TYPE, lambda row: words.label_of(words.TYPES, row["type"], language)),
        (words.REASON, plain(f"reason_{language}")),
    ]
    return made(words.T_EMPTY, records(content.core_empty), columns, language, file="core_empty")


def power_table(content: ResearchContent, language: Language) -> WordTable | None:
    """What a future study needs: everything but the points of the curves, which the figure shows."""
    frame = content.power[~content.power["statistic"].isin(("power", "size"))]
    columns: list[Column] = [
        outcome_column(content, language),
        level_column(language),
        (words.DESIGN, lambda row: words.label_of(terms.STUDIES, row["term"], language)),
        (words.STATISTIC, lambda row: statistic_name(row["statistic"], language)),
        (words.SIZE, lambda row: _size(row, language)),
        (words.ESTIMATE, estimate_text),
        (words.NOTE, notes_text),
    ]
    return made(words.T_POWER, records(frame), columns, language, file="power")


_SIZES = (
    ("places", Text("指定{n}地域", "{n} designated")),
    ("others", Text("その他{n}地域", "{n} others")),
    ("years", Text("前後各{n}年", "{n} years before and after")),
    ("ratio", Text("率の比{n}", "rate ratio {n}")),
)


def _size(row: Row, language: Language) -> str:
    given = parameters_of(row)
    gap = "、" if language == "ja" else ", "
    return gap.join(text.format(n=given[name]).to(language) for name, text in _SIZES if name in given)


def _or_note(row: Row) -> str:
    """An estimate, or the code of why there is none."""
    shown = estimate_text(row)
    return notes_text(row) or NOTHING if shown == NOTHING else shown


def _with_p(row: Row | None) -> str:
    return NOTHING if row is None else f"{number(row['estimate'])} ({p_text(row['p_value'])})"


def _e_value(value: Mapping[str, Any] | None, limit: Mapping[str, Any] | None) -> str:
    if value is None or limit is None:
        return NOTHING
    return f"{number(value['estimate'])} ({number(limit['estimate'])})"
