"""The report as Quarto source (``report_<language>.qmd``), which is plain Markdown that anyone can read as it is.

It holds the same sentences, tables and captions as the page and shows the pictures of the folder, so that a
researcher can go on writing in it; `quarto render` makes HTML, Word or PDF of it without running any code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from zaitaku_demand.report.benchmark_page_tables import WordTable
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_page import basis_line, listed_files
from zaitaku_demand.report.research_sections import (
    Facts,
    FoldedTable,
    Notes,
    Picture,
    Section,
    Sentences,
    pictures,
    sections,
)
from zaitaku_demand.text import LANGUAGES, Language

_SPECIAL = re.compile(r"([\\`*_<|$@~^])")
_LINK = re.compile(r"\](?=[\[({:])")
_FIRST = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s|$)")


_FOLD = ('::: {.callout-note collapse="true"}', "")
_UNFOLD = (":::", "")


def write_research_source(content: ResearchContent, folder: Path, language: Language) -> Path:
    """Write ``report_<language>.qmd``.

    Parameters
    ----------
    content : ResearchContent
    folder : Path
        Folder of the report, with ``figures`` and ``tables``.
    language : str

    Returns
    -------
    Path
    """
    lines = [*_header(content, language), escaped(basis_line(content, language)), ""]
    for section in sections(content, language):
        lines += [f"## {escaped(section.heading)} {{#sec-{section.id.replace('_', '-')}}}", ""]
        lines += _body(section)
        if section.id == "files":
            lines += [f"- [{escaped(name)}]({name})" for name in listed_files(folder)] + [""]
    path = folder / f"report_{language}.qmd"
    path.write_text("\n".join(lines).rstrip() + "\n", "utf-8", newline="\n")
    return path


def write_captions(content: ResearchContent, folder: Path) -> Path:
    """Write ``figures/captions.md`` with the captions of all figures in both languages, ready for a manuscript."""
    lines = ["# Captions / 図の説明", ""]
    for pair in zip(*(pictures(content, language) for language in LANGUAGES), strict=True):
        lines += [f"## {pair[0].stem.rpartition('_')[0]}", ""]
        for language, each in zip(LANGUAGES, pair, strict=True):
            lines += [f"**{each.number}** ({language}) {escaped(each.caption)}", ""]
    path = folder / "figures" / "captions.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip() + "\n", "utf-8", newline="\n")
    return path


def escaped(text: str) -> str:
    """Text in which Markdown, HTML, formulas and Quarto's citations see nothing of their own."""
    plain = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _FIRST.sub(r"\1\\\2", _LINK.sub(r"\\]", plain))


def markdown_table(table: WordTable) -> list[str]:
    """A pipe table with its caption; columns of numbers are aligned right."""
    marks = ["---:" if place in table.numbers else ":---" for place in range(len(table.head))]
    rows = [table.head, marks, *table.rows]
    cells = [[text if row is marks else escaped(text) for text in row] for row in rows]
    # The caption stands above as a paragraph: viewers other than Quarto show it, too.
    return [f"**{escaped(table.caption)}**", "", *(f"| {' | '.join(row)} |" for row in cells), ""]


def _header(content: ResearchContent, language: Language) -> list[str]:
    # JSON strings are YAML strings: quotes, colons and line breaks of a title do no harm.
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    return [
        "---",
        f"title: {quoted(content.title.to(language))}",
        f"date: {quoted(content.created)}",
        f"lang: {language}",
        "format:",
        "  html:",
        "    toc: true",
        "    embed-resources: true",
        "  docx:",
        "    toc: true",
        f"seed: {content.seed}",
        f"code-version: {quoted(content.code_version)}",
        "---",
        "",
    ]


def _body(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Sentences):
            if block.folded:
                yield from _FOLD
            if block.heading:
                yield from (f"### {escaped(block.heading)}", "")
            for line in block.lines:
                yield from ([f"- {escaped(line)}"] if block.listed else [escaped(line), ""])
            if block.listed:
                yield ""
            if block.folded:
                yield from _UNFOLD
        elif isinstance(block, Notes):
            for line in block.lines:
                yield from (escaped(line), "")
        elif isinstance(block, FoldedTable):
            # The first heading of a callout is what is seen of it while it is folded.
            yield from (*_FOLD, f"### {escaped(block.table.caption)}", "")
            yield from (*markdown_table(block.table)[2:], *_UNFOLD)
        elif isinstance(block, Picture):
            yield from (f"![{escaped(block.alternative)}](figures/{block.stem}.png)", "")
            yield from (f"**{block.number}** {escaped(block.caption)}", "")
        elif isinstance(block, Facts):
            yield from (f"- {escaped(name)}: `{value}`" for name, value in block.rows)
            yield ""
        else:
            yield from markdown_table(block)
