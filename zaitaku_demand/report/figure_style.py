"""What every figure shares: the Japanese font, colours safe for colour-blind readers, captions, saving."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from zaitaku_demand.report import labels
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.view import basis, source_line
from zaitaku_demand.text import Language

DPI = 150
FALLBACK_FONTS = "'Yu Gothic', 'Hiragino Sans', 'Noto Sans CJK JP', Meiryo, sans-serif"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
ORANGE_BAND = "#F6D9A8"
GREY = "#767676"
DARK_GREY = "#555555"
PALE = "#DDDDDD"
SKY = "#56B4E9"
RUST = "#8A3B00"
INK = "#222222"
_NO_LINE_END = "（「『【〈([“‘"
_NO_LINE_START = "、。，．）」』】：；！？％・～)]},.;:%"

_OUTLINE = re.compile(r' d="[^"]*"')
_LONG_NUMBER = re.compile(r"(\d\.\d\d)\d+")


@cache
def font_family() -> str:
    """Register the Japanese font and return its family name.

    The package that carries it changes settings of the whole process when imported: only its file is used.
    """
    from importlib.util import find_spec

    from matplotlib import font_manager

    found = find_spec("matplotlib_fontja")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib_fontja")
    path = Path(found.origin).parent / "fonts" / "ipaexg.ttf"
    font_manager.fontManager.addfont(path)
    return str(font_manager.FontProperties(fname=path).get_name())


def settings() -> dict[str, Any]:
    """Settings of matplotlib under which every figure is drawn and saved."""
    return {
        "font.family": font_family(),
        "axes.unicode_minus": False,
        "svg.fonttype": "none",
        # Fixed, so that the same figure gives the same file.
        "svg.hashsalt": "zaitaku-demand",
        "hatch.linewidth": 0.5,
        "figure.dpi": DPI,
    }


def ordinal_colours(count: int) -> list[str]:
    """Colours of ordered classes, light to dark, apart for every kind of colour vision and in grey."""
    import matplotlib
    from matplotlib.colors import to_hex

    scale = matplotlib.colormaps["viridis"]
    steps = [1.0 - place / max(count - 1, 1) for place in range(count)]
    return [to_hex(scale(step)) for step in steps]


def width_of(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def wrap(text: str, columns: int) -> str:
    """Break `text` into lines of `columns` half-width letters, between words or between Japanese letters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip()) > columns and piece[0] not in _NO_LINE_START:
            kept = line.rstrip().rstrip(_NO_LINE_END)
            lines.append(kept)
            line = (line.rstrip()[len(kept) :] + piece).lstrip()
        else:
            line += piece
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WFA"
        after_wide = bool(pieces) and unicodedata.east_asian_width(pieces[-1][-1]) in "WFA"
        if wide or not pieces or after_wide or pieces[-1][-1] == " ":
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces


def caption(
    content: ReportContent,
    service: str,
    language: Language,
    columns: int,
    *more: str,
    unit: str | None = None,
) -> str:
    """Lines below a figure: estimated, unit (of the service if none is given), more, basis, source."""
    colon = "：" if language == "ja" else ": "
    gap = "　" if language == "ja" else ". "
    shown = unit or content.services[service].unit.to(language)
    first = gap.join([labels.ESTIMATED_ALL.to(language), labels.UNIT.to(language) + colon + shown])
    lines = [first, *more, basis(content).to(language), source_line(content, language)]
    return "\n".join(wrap(line, columns) for line in lines if line)


def save(figure: Any, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG."""
    return [save_png(figure, folder, name), save_svg(figure, folder, name)]


def save_png(figure: Any, folder: Path, name: str) -> Path:
    """Write a figure as PNG."""
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    with matplotlib.rc_context(settings()):
        # Level 4 of 9: a tenth larger than the default and twice as quick.
        figure.savefig(
            path, dpi=DPI, facecolor="white", metadata={"Software": None}, pil_kwargs={"compress_level": 4}
        )
    return path


def save_svg(figure: Any, folder: Path, name: str) -> Path:
    """Write a figure as SVG without the date of drawing, its words in any Japanese font at hand."""
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.svg"
    with matplotlib.rc_context(settings()):
        figure.savefig(path, facecolor="white", metadata={"Date": None, "Creator": None})
    own = font_family()
    text = path.read_text("utf-8").replace(f"'{own}'", f"'{own}', {FALLBACK_FONTS}")
    # A hundredth of a point cannot be seen and halves the file.
    short = _OUTLINE.sub(lambda found: _LONG_NUMBER.sub(r"\1", found[0]), text)
    path.write_text(short, "utf-8", newline="\n")
    return path
