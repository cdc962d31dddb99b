"""The R script that reads panel.csv with types and labels; it needs base R only."""

from __future__ import annotations

from collections.abc import Sequence

from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.wide import LEVELS, Column
from zaitaku_demand.text import Language

_HEAD = """# Reads panel.csv with types and labels. Base R only.
# panel.csv を型とラベル付きで読み込む。base R だけで動く。
#
#   source("panel.R", encoding = "UTF-8")
#   panel <- read_panel("panel.csv", language = "ja")
#   attr(panel$o_e_1, "label")
"""

_FUNCTION = """
read_panel <- function(file = "panel.csv", language = c("ja", "en")) {
  language <- match.arg(language)
  classes <- setNames(panel_columns$class, panel_columns$name)
  classes[classes == "factor"] <- "character"
  panel <- read.csv(file, fileEncoding = "UTF-8-BOM", colClasses = classes, na.strings = "", check.names = FALSE)
  stopifnot(identical(names(panel), panel_columns$name))
  for (i in seq_len(nrow(panel_columns))) {
    name <- panel_columns$name[i]
    if (panel_columns$class[i] == "factor") {
      levels <- if (name == "level") panel_levels else panel_states
      panel[[name]] <- factor(panel[[name]], levels = levels)
    }
    attr(panel[[name]], "label") <- panel_columns[[paste0("label_", language)]][i]
  }
  panel
}
"""


def loader(described: Sequence[Column]) -> str:
    """Text of the script.

    Parameters
    ----------
    described : sequence of Column
        The columns of panel.csv in their order.
    """
    parts = [
        _HEAD,
        f"panel_levels <- {_vector(LEVELS)}",
        f"panel_states <- {_vector(STATE_NAMES)}",
        "",
        "panel_columns <- data.frame(",
        f"  name = {_vector([column.name for column in described])},",
        f"  class = {_vector([_class(column) for column in described])},",
        f"  label_ja = {_vector(_labels(described, 'ja'))},",
        f"  label_en = {_vector(_labels(described, 'en'))},",
        "  stringsAsFactors = FALSE",
        ")",
    ]
    return "\n".join(parts) + "\n" + _FUNCTION


def _labels(described: Sequence[Column], language: Language) -> list[str]:
    return [column.label.to(language) for column in described]


def _class(column: Column) -> str:
    if column.name == "level" or column.part == "state":
        return "factor"
    if column.name == "year":
        return "integer"
    return "character" if column.part == "key" else "numeric"


def _vector(texts: Sequence[str]) -> str:
    """A vector of R with one text a line."""
    quoted = [_quoted(text) for text in texts]
    return "c(\n    " + ",\n    ".join(quoted) + "\n  )"


def _quoted(text: str) -> str:
    # Labels may hold the name of a user's file, so every sign that could end the text is escaped.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return f'"{escaped}"'
