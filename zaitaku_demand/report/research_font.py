"""A small copy of the Japanese font with the letters of one report: a font of a tenth of the size is embedded in a tenth of the time."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType

from zaitaku_demand.report.figure_style import font_family
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.text import Text

NAME = "ZaitakuLetters"
_NAMED = re.compile(rf"['\"]?{NAME}[0-9a-f]{{8}}['\"]?,\s*")
_LATIN = "".join(map(chr, range(0x20, 0x7F)))
_COLUMNS = ("label_ja", "label_en", "unit_ja", "unit_en")


@lru_cache(maxsize=2)
def families_for(content: ResearchContent) -> list[str]:
    """Font families for the figures of a report: the small font, then the whole one for what it lacks.

    Parameters
    ----------
    content : ResearchContent

    Returns
    -------
    list of str
        The same for the same report in every process.
    """
    letters = "".join(sorted({letter for text in _texts(content) for letter in text if letter.isprintable()}))
    return [_registered(letters), font_family()]


def without_small_font(svg: str) -> str:
    """Text of an SVG file in which only fonts are named that a reader can have."""
    return _NAMED.sub("", svg)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Folder of the small fonts, removed with the process."""
    return tempfile.TemporaryDirectory(prefix="zaitaku-fonts-")


@cache
def _registered(letters: str) -> str:
    """Make the font of some letters known to matplotlib; its family name."""
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from matplotlib import font_manager

    name = f"{NAME}{hashlib.sha256(letters.encode()).hexdigest()[:8]}"
    path = Path(_folder().name) / f"{name}.ttf"
    options = Options(layout_features=[], notdef_outline=True)
    font = TTFont(font_manager.findfont(font_family()), lazy=True, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    font.save(path)
    font_manager.fontManager.ttflist.append(
        font_manager.FontEntry(
            fname=str(path),
            name=name,
            style="normal",
            variant="normal",
            weight=400,
            stretch="normal",
            size="scalable",
        )
    )
    return name


def _texts(content: ResearchContent) -> Iterator[str]:
    yield _LATIN
    for frame in (content.codebook, content.candidates):
        for name in _COLUMNS:
            if name in frame:
                yield from frame[name].astype(str)
    for module in _modules():
        for text in _constants(module):
            yield from text


def _modules() -> list[ModuleType]:
    from zaitaku_demand.report import research_figure_association as association
    from zaitaku_demand.report import research_figure_designs as designs
    from zaitaku_demand.report import research_figure_outlook as outlook
    from zaitaku_demand.report import research_figure_reliability as reliability
    from zaitaku_demand.report import research_figure_validity as validity
    from zaitaku_demand.report import research_labels, research_terms

    return [association, designs, outlook, reliability, validity, research_labels, research_terms]


def _constants(module: ModuleType) -> Iterator[Text]:
    """Text constants of a module, those in mappings, too."""
    for value in vars(module).values():
        for each in (value, *(value.values() if isinstance(value, dict) else ())):
            if isinstance(each, Text):
                yield each
