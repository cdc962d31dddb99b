"""The report as a list of sections, from which page and Markdown source are made: both say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_result_tables as results
from zaitaku_demand.report import research_tables as tables
from zaitaku_demand.report.benchmark_page_tables import WordTable
from zaitaku_demand.report.research_captions import alternative, caption
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_figures import figure_names
from zaitaku_demand.report.research_summary import summary
from zaitaku_demand.report.research_table_parts import codes_below, tidy_table
from zaitaku_demand.text import Language, Text

_FOLDED_TABLES = (words.T_CANDIDATES, words.T_PLAN, words.T_ESTIMATORS, words.T_CHAINS, words.T_CODES)
_MAIN_VALIDITY = (
    "agreement_ccc",
    "convergent",
    "discriminant",
    "case_mix_spearman",
    "case_mix_rank_change",
    "ceiling_share",
    "floor_share",
    "institution_bias_share",
)


@dataclass(frozen=True)
class Sentences:
    """Paragraphs, or the entries of a list; `folded` ones are shown on demand."""

    heading: str
    lines: list[str]
    listed: bool
    folded: bool = False


@dataclass(frozen=True)
class Notes:
    """What stands in small print below a table: how to read it, and its note codes in words."""

    lines: list[str]


@dataclass(frozen=True)
class Picture:
    """A figure by the stem of its files, with number, caption and the words that stand for it."""

    stem: str
    number: str
    caption: str
    alternative: str


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class FoldedTable:
    """A long table of details, shown on demand."""

    table: WordTable


Block = Sentences | Notes | Picture | WordTable | FoldedTable | Facts


@dataclass(frozen=True)
class Section:
    """One section: id of its heading, heading, blocks in order."""

    id: str
    heading: str
    blocks: list[Block]


def sections(content: ResearchContent, language: Language) -> list[Section]:
    """The sections in one language; a section without any finding says so."""
    there = figure_names(content)
    numbers = {name: place + 1 for place, name in enumerate(there)}
    count = 0
    made = []
    for id, heading in words.SECTIONS.items():
        blocks: list[Block] = []
        for block in _blocks(content, id, language, numbers):
            table = block.table if isinstance(block, FoldedTable) else block
            if isinstance(table, WordTable):
                count += 1
                table = _numbered(table, count, language)
                block = FoldedTable(table) if isinstance(block, FoldedTable) else table
            blocks.append(block)
        if not any(not isinstance(block, Notes) for block in blocks) and id != "files":
            blocks = [Sentences("", [words.NOTHING_TO_SHOW.to(language)], False)]
        made.append(Section(id, heading.to(language), blocks))
    return made


def pictures(content: ResearchContent, language: Language) -> list[Picture]:
    """All figures with their numbers and captions, in the order of the report."""
    return [_picture(content, name, place + 1, language) for place, name in enumerate(figure_names(content))]


def _blocks(
    content: ResearchContent, id: str, language: Language, numbers: dict[str, int]
) -> Iterable[Block]:
    if id == "summary":
        lines = [text.to(language) for text in summary(content)]
        yield from [Sentences("", lines, True)] if lines else []
        return
    if id == "reproducibility":
        yield _facts(content, language)
        yield Sentences("", [words.CHECK_SUMS.to(language)], False)
        return
    if id == "about":
        yield Sentences("", [text.to(language) for text in words.ABOUT], False)
    # Judgements first, then what they rest on.
    if id not in ("about", "judgement"):
        yield from _said(content, id, language)
        yield from (
            _picture(content, name, number, language)
            for name, number in numbers.items()
            if section_of(name) == id
        )
    for title, table in _tables(content, id, language):
        if table is None:
            continue
        yield FoldedTable(table) if title in _FOLDED_TABLES else table
        notes = [*_reading(title, language), *codes_below(table, language)]
        if notes:
            yield Notes(notes)
    if id in ("about", "judgement"):
        yield from _said(content, id, language)
    if id == "about" and content.caveats:
        caveats = [text.to(language) for text in dict.fromkeys(content.caveats)]
        yield Sentences(words.CAVEATS.to(language), caveats, True)
    if id == "plan" and content.deviations.empty:
        yield Sentences("", [words.NO_DEVIATION.to(language)], False)
    missing = _missing(content, id, language, numbers)
    if missing:
        yield Notes([words.NOT_AVAILABLE.format(names=missing).to(language)])


def _said(content: ResearchContent, id: str, language: Language) -> Iterable[Sentences]:
    """Sentences of a section, group by group with its heading."""
    for key, texts in content.sentences.items():
        section, _, group = key.partition(".")
        lines = [text.to(language) for text in texts]
        if section != id or not lines:
            continue
        if not group:
            yield Sentences("", lines, len(lines) > 1)
            continue
        topic, _, level = group.partition(".")
        kind = f"{section}.{topic}"
        heading = words.label_of(words.GROUPS, kind, language)
        heading = heading[:1].upper() + heading[1:]
        if level:
            place = words.label_of(words.LEVELS, level, language)
            heading += f"：{place}" if language == "ja" else f": {place.lower()}"
        heading = words.COUNT_OF.format(title=heading, n=len(lines)).to(language)
        yield Sentences(heading, lines, True, kind in words.FOLDED)


def _missing(content: ResearchContent, id: str, language: Language, numbers: dict[str, int]) -> str:
    """Figures and tables of a section that have nothing to show."""
    figures = [
        words.FIGURE_NAMED.format(name=title.to(language)).to(language)
        for name, title in words.FIGURES.items()
        if section_of(name) == id and name not in numbers
    ]
    tables = [
        words.TABLE_NAMED.format(name=caption.to(language)).to(language)
        for caption, table in _tables(content, id, language)
        if table is None and caption is not words.T_DEVIATIONS
    ]
    return ("、" if language == "ja" else ", ").join([*figures, *tables])


def _reading(caption: Text, language: Language) -> list[str]:
    """How a table is to be read, where that needs saying."""
    said = {words.T_JUDGEMENT: words.JUDGE_BY, words.T_DEVIATIONS: words.DEVIATION_MARKS}.get(caption)
    return [] if said is None else [said.to(language)]


def _tables(content: ResearchContent, id: str, language: Language) -> Sequence[tuple[Text, WordTable | None]]:
    """Tables of a section with their captions, None where there is nothing to show."""
    makers: dict[str, list[tuple[Text, Callable[[ResearchContent, Language], WordTable | None]]]] = {
        "judgement": [
            (words.T_JUDGEMENT, tables.judgement_table),
            (words.T_CANDIDATES, tables.candidate_table),
        ],
        "about": [(words.T_PANELS, tables.panel_table)],
        "data": [(words.T_DATA, tables.data_table)],
        "plan": [(words.T_DEVIATIONS, tables.deviation_table), (words.T_PLAN, tables.plan_table)],
        "reliability": [
            (words.T_NEEDED, results.reliability_table),
            (words.T_ESTIMATORS, results.estimator_table),
        ],
        "validity": [(words.T_VALIDITY, _validity_table)],
        "association": [
            (words.T_CURVE, results.curve_table),
            (words.T_ASSOCIATION, results.association_table),
            (words.T_ROBUSTNESS, results.robustness_table),
            (words.T_CHAINS, _chain_table),
        ],
        "designs": [(words.T_DESIGNS, _design_table)],
        "core_set": [
            (words.T_CORE, results.core_table),
            (words.T_CRITERIA, results.criteria_table),
            (words.T_LEFT_OUT, results.left_out_table),
            (words.T_EMPTY, results.empty_table),
        ],
        "power": [(words.T_POWER, results.power_table)],
        "methods": [(words.T_METHODS, tables.method_table), (words.T_CODES, tables.code_table)],
    }
    return [(caption, make(content, language)) for caption, make in makers.get(id, [])]


def _validity_table(content: ResearchContent, language: Language) -> WordTable | None:
    return tidy_table(content, words.T_VALIDITY, _main_validity(content), language, "validity")


def _chain_table(content: ResearchContent, language: Language) -> WordTable | None:
    return tidy_table(content, words.T_CHAINS, content.chains, language, "chains")


def _design_table(content: ResearchContent, language: Language) -> WordTable | None:
    return tidy_table(content, words.T_DESIGNS, content.designs, language, "designs")


def _main_validity(content: ResearchContent) -> pd.DataFrame:
    """Rows that a planner reads; the others are in the file."""
    frame = content.validity
    return frame[frame["statistic"].isin(_MAIN_VALIDITY)]


def section_of(figure: str) -> str:
    """Section in which a figure stands."""
    kind = figure.split("_")[0]
    return {
        "reliability": "reliability",
        "agreement": "validity",
        "institution": "validity",
        "associations": "association",
        "curves": "association",
        "specification": "association",
        "event": "designs",
        "interrupted": "designs",
        "core": "core_set",
        "power": "power",
    }[kind]


def _picture(content: ResearchContent, name: str, number: int, language: Language) -> Picture:
    return Picture(
        f"{name}_{language}",
        words.FIGURE.format(n=number).to(language),
        caption(content, name, language),
        alternative(content, name, language),
    )


def _numbered(table: WordTable, number: int, language: Language) -> WordTable:
    gap = "　" if language == "ja" else ". "
    said = words.TABLE.format(n=number).to(language) + gap + table.caption
    return WordTable(said, table.head, table.rows, table.numbers, table.whole)


def _facts(content: ResearchContent, language: Language) -> Facts:
    rows: list[tuple[Text, str]] = [
        (words.COMMAND, content.command),
        (words.SEED, str(content.seed)),
        (words.CODE_VERSION, content.code_version),
        (words.CREATED, content.created),
    ]
    return Facts([(label.to(language), value) for label, value in rows])
