"""Tables that describe the study: panel, candidates with their judgement, data, plan, methods."""

from __future__ import annotations

import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_terms as terms
from zaitaku_demand.report.benchmark_page_tables import WordTable
from zaitaku_demand.report.research_content import TIDY, ResearchContent
from zaitaku_demand.report.research_table_parts import (
    Cell,
    Column,
    level_column,
    made,
    of_rows,
    outcome_column,
    plain,
)
from zaitaku_demand.report.research_view import (
    LEVELS,
    NOTHING,
    Row,
    main_reliability,
    method_name,
    notes_text,
    records,
    reliability_text,
    unit_of,
)
from zaitaku_demand.text import Language, Text


def panel_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Places, years and variables by level."""
    counts = [
        (words.PLACES, "n_places"),
        (words.N_OUTCOMES, "n_outcomes"),
        (words.N_EXPOSURES, "n_exposures"),
        (words.N_CONFOUNDERS, "n_confounders"),
    ]
    columns: list[Column] = [
        level_column(language),
        *((title, _counted(name)) for title, name in counts),
        (words.YEARS, lambda row: f"{int(row['first_year'])}–{int(row['last_year'])}"),
    ]
    numbers = [title for title, _ in counts]
    return made(words.T_PANELS, records(content.panels), columns, language, numbers)


def judgement_table(content: ResearchContent, language: Language) -> WordTable | None:
    """A row a candidate: reliability with interval, verdict and sentence by level; one without any data says so."""
    found = {(row["level"], row["outcome"]): row for row in records(main_reliability(content))}

    def at(level: str) -> Cell:
        return of_rows(found, lambda row: (level, row["outcome"]), _reliability)

    split = {f"sentence_{group}_{language}" for group in words.SENTENCE_AT} <= set(content.judgement)
    said: list[Column] = [
        (title, plain(f"sentence_{group}_{language}"))
        for group, title in (words.SENTENCE_AT if split else {}).items()
    ] or [(words.SENTENCE, plain(f"sentence_{language}"))]
    columns: list[Column] = [
        outcome_column(content, language),
        *((title, _use(name, language)) for name, title in words.USE_AT.items()),
        *((words.RELIABILITY_AT[level], at(level)) for level in LEVELS),
        *said,
    ]
    judged = records(content.judgement)
    known = {row["outcome"] for row in judged}
    nothing = words.NO_PUBLIC_DATA.to(language)
    without = [
        {
            "outcome": row["outcome"],
            **dict.fromkeys(words.USE_AT, "no_data"),
            **dict.fromkeys([f"sentence_{group}_{language}" for group in words.SENTENCE_AT], nothing),
            f"sentence_{language}": nothing,
        }
        for row in records(content.candidates)
        if row["outcome"] not in known
    ]
    # The usable ones first: they are what a planner looks for.
    order = list(words.USES)
    judged.sort(key=lambda row: [order.index(str(row[name])) for name in words.USE_AT])
    return made(words.T_JUDGEMENT, [*judged, *without], columns, language, file="judgement")


def candidate_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Every candidate outcome: unit, levels with data, why it is one."""
    columns: list[Column] = [
        outcome_column(content, language),
        (words.UNIT, lambda row: unit_of(content, row["outcome"], language)),
        (words.LEVELS_AT_HAND, lambda row: _levels(row["levels"], language)),
        (words.WHY, plain(f"why_{language}")),
        (words.MAY_MEAN, plain(f"may_mean_{language}")),
    ]
    return made(words.T_CANDIDATES, records(content.candidates), columns, language, file="candidates")


def data_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Processed tables with sources, editions and the first digits of their checksums."""
    columns = [
        (words.TABLE_NAME, plain("table")),
        (words.TITLE, plain(f"title_{language}")),
        (words.SOURCE_FILES, plain("sources")),
        (words.EDITION, plain("editions")),
        (words.CHECKSUM, plain("checksum")),
    ]
    return made(words.T_DATA, records(content.data_versions), columns, language, file="data_versions")


def plan_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Every declared setting; all of them, whatever their number."""
    columns = [(words.ITEM, plain("item")), (words.DECLARED, plain("declared"))]
    rows = records(content.plan)
    return made(words.T_PLAN, rows, columns, language, file="plan", most=len(rows))


def deviation_table(content: ResearchContent, language: Language) -> WordTable | None:
    """What was done otherwise than declared, and why."""
    item = f"item_{language}"
    columns = [
        (words.ITEM, plain(item if item in content.deviations else "item")),
        (words.DECLARED, plain("declared")),
        (words.DONE, plain("done")),
        (words.REASON, plain(f"reason_{language}")),
    ]
    return made(words.T_DEVIATIONS, records(content.deviations), columns, language, file="deviations")


def method_table(content: ResearchContent, language: Language) -> WordTable | None:
    """Methods that gave a row of any table, with their literature."""
    found: dict[str, list[str]] = {}
    for name in TIDY:
        for method in getattr(content, name)["method"].dropna().astype(str):
            places = found.setdefault(method, [])
            if name not in places:
                places.append(name)
    rows = [{"method": method, "tables": places} for method, places in found.items() if method]
    columns: list[Column] = [
        (words.METHOD, lambda row: method_name(row["method"], language)),
        (words.ID, lambda row: str(row["method"])),
        (words.TABLE_NAME, lambda row: ", ".join(row["tables"])),
        (words.REFERENCE, lambda row: terms.REFERENCES.get(str(row["method"]), NOTHING)),
    ]
    return made(words.T_METHODS, rows, columns, language)


def code_table(content: ResearchContent, language: Language) -> WordTable | None:
    """What the note codes that occur mean, by table."""
    rows: list[Row] = []
    for name in TIDY:
        used = {str(note) for note in getattr(content, name)["note"].dropna()}
        rows += [
            {"table": name, "code": code, "text": text}
            for code, text in terms.NOTES.get(name, {}).items()
            if code in used
        ]
    merged: dict[tuple[str, Text], list[str]] = {}
    for row in rows:
        merged.setdefault((row["code"], row["text"]), []).append(row["table"])
    shown = [{"code": code, "text": text, "tables": names} for (code, text), names in merged.items()]
    columns: list[Column] = [
        (words.NOTE, plain("code")),
        (words.TITLE, lambda row: str(row["text"].to(language))),
        (words.TABLE_NAME, lambda row: ", ".join(row["tables"])),
    ]
    return made(words.T_CODES, shown, columns, language)


def _reliability(row: Row) -> str:
    """An estimate, or the code of why there is none."""
    shown = reliability_text(row)
    return notes_text(row) or NOTHING if shown == NOTHING else shown


def _counted(name: str) -> Cell:
    return lambda row: NOTHING if pd.isna(row[name]) else f"{int(row[name]):,}"


def _use(name: str, language: Language) -> Cell:
    return lambda row: words.label_of(words.USES, row[name], language)


def _levels(value: object, language: Language) -> str:
    parts = [part for part in str(value).replace(",", " ").split() if part]
    gap = "、" if language == "ja" else ", "
    return gap.join(words.label_of(words.LEVELS, part, language) for part in parts)
