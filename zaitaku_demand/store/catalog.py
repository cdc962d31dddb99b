"""The readable catalogue of processed tables, and the page of data sources made from the registry."""

from __future__ import annotations

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.registry import registry
from zaitaku_demand.store.build import provenance_of
from zaitaku_demand.store.home import table_path
from zaitaku_demand.store.recipes import RECIPES
from zaitaku_demand.store.tables import Provenance, read_provenance
from zaitaku_demand.text import Language, Text

_STEPS = Text("手順", "Steps")
_SOURCES = Text("出典", "Sources")
_UNIT = Text("単位", "Unit")
_ISSUES = Text("既知の問題", "Known issues")
_PLACE = Text("場所", "Place")
_LOCAL = Text("手元で作成する表（配布しない）", "built locally, not shipped")


def catalogue(table: str | None, language: Language) -> str:
    """The catalogue as text: title, unit, steps, sources with checksums, known issues.

    Raises
    ------
    InputError
        If `table` is not the name of a processed table.
    """
    chosen = [recipe for recipe in RECIPES if table in (None, recipe.name)]
    if not chosen:
        names = ", ".join(recipe.name for recipe in RECIPES)
        raise InputError(
            Text(f"表「{table}」はない", f"there is no table '{table}'"),
            Text(f"次から選んでください：{names}", f"choose one of {names}"),
        )
    blocks = []
    for recipe in chosen:
        path = table_path(recipe.name)
        provenance = read_provenance(recipe.name) if path else provenance_of(recipe)
        place = str(path) if path else _LOCAL.to(language)
        blocks.append(_block(recipe.name, provenance, place, language, full=table is not None))
    return "\n\n".join(blocks)


def data_sources() -> str:
    """``DATA_SOURCES.md``: every registered file with publisher, title, edition, address, licence."""
    lines = [
        "# Data sources / データの出典",
        "",
        "Generated from the registry (`zaitaku data catalog --markdown`); do not edit by hand.",
        "登録簿から生成したもの。手で編集しないこと。",
        "",
        "Official statistics of Japan, used with the source named. `form` says whether a file is the official workbook "
        "byte for byte or a copy, extract, transcription or derivation of it.",
        "",
        "| File | Publisher | Title | Edition | Form | Licence | Address | sha256 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for entry in registry().values():
        cells = (
            f"`{entry.path}`",
            entry.publisher,
            entry.title,
            entry.edition,
            entry.form,
            entry.licence,
            f"<{entry.url}>",
            f"`{entry.sha256[:16]}…`",
        )
        lines.append("| " + " | ".join(cell.replace("|", "／") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _block(name: str, provenance: Provenance, place: str, language: Language, *, full: bool) -> str:
    files = provenance.files()
    lines = [
        f"■ {name} — {provenance.title.to(language)}",
        f"  {_UNIT.to(language)}: {provenance.unit.to(language)}",
        f"  {_PLACE.to(language)}: {place}",
        f"  {_STEPS.to(language)}: " + " ".join(step.to(language) for step in provenance.steps),
        f"  {_SOURCES.to(language)}: "
        + " / ".join(dict.fromkeys(f"{entry.publisher}「{entry.title}」" for entry in files)),
    ]
    if provenance.issues:
        lines.append(f"  {_ISSUES.to(language)}: " + ", ".join(provenance.issues))
    if full:
        lines += [
            f"    {entry.path}\n      {entry.citation()}\n      {entry.url}\n      sha256 {entry.sha256}\n      {entry.licence}"
            for entry in files
        ]
    return "\n".join(lines)
