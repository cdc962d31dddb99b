"""One study as it was asked for: the declared plan, what is done otherwise, and the user's own files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.user_data import read_values
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.candidates import candidates
from zaitaku_demand.research.designs.treatment import Treatment, read_treatment
from zaitaku_demand.research.own import PREFIX, OwnOutcome
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.plan import ResearchPlan, changed, named_variables, read_plan
from zaitaku_demand.research.words_characteristics import CHARACTERISTICS
from zaitaku_demand.sources.reading import read_csv, tidy_text
from zaitaku_demand.text import Text

_ASKED = Text("利用者が指定した組", "asked for on the command line")
_CODEBOOK = Text(
    "「zaitaku research panel --codebook」で一覧できます",
    "`zaitaku research panel --codebook` lists them",
)
_WITH_FILE = Text(
    "そのアウトカムのファイルを「--own」か「--own-ratio」で指定してください（名前は own_ にファイル名を続けたもの）",
    "give the file of that outcome with --own or --own-ratio (its name is own_ and that of the file)",
)
_DESIGN_OUTCOMES = "designs.differences.outcomes"
_CODE_HEADINGS = ("area_code", "地域コード")
_LEVELS = {"prefecture": Text("都道府県", "prefectures"), "area": Text("二次医療圏", "areas")}


@dataclass(frozen=True)
class ResearchRequest:
    """What a study is computed from.

    Attributes
    ----------
    declared : ResearchPlan
        The plan as it was declared.
    plan : ResearchPlan
        The plan as it is carried out.
    reason : str
        Why the two differ, in the researcher's words; empty where nothing was said.
    plan_file : Path, optional
        File of the declared plan; the shipped one by default.
    supplied, home_care, own
        The user's files (see `zaitaku_demand.research.build.build_panel`).
    designation : Path, optional
        CSV of places and the first year in which they have what is studied before and after.
    importance : Path, optional
        CSV or TOML of the user's own importances of the indicators.
    """

    declared: ResearchPlan
    plan: ResearchPlan
    reason: str = ""
    plan_file: Path | None = None
    supplied: tuple[Path, ...] = ()
    home_care: Path | None = None
    own: tuple[OwnOutcome, ...] = ()
    designation: Path | None = None
    importance: Path | None = None

    @cached_property
    def panels(self) -> dict[str, Panel]:
        """Panel of every level of the plan, with the plan's outcomes as the outcomes where it names any.

        Raises
        ------
        InputError
            If a file of the user is wrong or belongs to no level of the plan, or no panel has an outcome of the plan.
        """
        built: dict[str, Panel] = {
            level: build_panel(level, self._supplied_at(level), self.home_care, self.own)
            for level in self.plan.levels
        }
        for each in self.own:
            if not any(each.name in panel.series for panel in built.values()):
                raise self._no_rows(each.path)
        chosen = self.plan.outcomes
        for name in chosen:
            if not any(name in panel.series and panel.series[name].years for panel in built.values()):
                raise InputError(
                    Text(
                        f"アウトカム「{name}」の値がこの地域の単位（{self._levels().ja}）にない",
                        f"the outcome '{name}' has no figure at the level asked for ({self._levels().en})",
                    ),
                    _CODEBOOK,
                )
        if not chosen:
            return built
        return {
            level: panel.studying([name for name in chosen if name in panel.series])
            for level, panel in built.items()
        }

    def designated(self, panel: Panel) -> tuple[Treatment, ...]:
        """The user's designation, at the level whose codes its file holds.

        Raises
        ------
        InputError
            If the file is wrong or its codes are those of a level that the plan does not have.
        """
        if self.designation is None:
            return ()
        level = _level_of(self.designation)
        if level not in self.plan.levels:
            raise self._no_rows(self.designation)
        if level != panel.level:
            return ()
        return (read_treatment(self.designation, list(panel.places["area_code"])),)

    def _supplied_at(self, level: str) -> list[Path]:
        """The user's files that hold rows of a level; one that holds none of any level of the plan is refused."""
        found = []
        for path in self.supplied:
            levels = set(read_values([path])["level"])
            if not levels & set(self.plan.levels):
                raise self._no_rows(path)
            if level in levels:
                found.append(path)
        return found

    def _no_rows(self, path: Path) -> InputError:
        levels = self._levels()
        return InputError(
            Text(
                f"調べる地域の単位（{levels.ja}）の行がない",
                f"it has no row of the level asked for ({levels.en})",
            ),
            Text(
                "地域コードを確かめるか、「--level」（計画の「levels」）を変えてください",
                "check the codes, or change --level (`levels` in the plan)",
            ),
            file=path,
        )

    def _levels(self) -> Text:
        names = [_LEVELS[level] for level in self.plan.levels]
        return Text("・".join(name.ja for name in names), ", ".join(name.en for name in names))


def read_request(
    plan_file: Path | None = None,
    differences: Sequence[str] = (),
    levels: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    exposures: Sequence[str] = (),
    reason: str = "",
    supplied: Sequence[Path] = (),
    home_care: Path | None = None,
    own: Sequence[Path] = (),
    own_ratios: Sequence[Path] = (),
    designation: Path | None = None,
    importance: Path | None = None,
    files_later: bool = False,
) -> ResearchRequest:
    """The request of a command line.

    Parameters
    ----------
    differences : sequence of str
        ``item=value``, the value as in TOML or JSON (``reliability.bootstrap=200``).
    levels, outcomes : sequences of str
        Take the place of those of the plan.
    exposures : sequence of str
        Take the place of the declared pairs: every outcome with every one of them.
    designation : Path, optional
        The outcomes asked for are compared before and after it; without any, the declared ones and the user's own.
    files_later : bool
        Whether the plan may name outcomes of the user's own whose files are not given: it is only looked at.

    Raises
    ------
    InputError
        If the plan's file or a difference cannot be used, or a variable is named that there is not.
    """
    declared = read_plan(plan_file)
    brought = (*(OwnOutcome(path) for path in own), *(OwnOutcome(path, "ratio") for path in own_ratios))
    names = [each.name for each in brought]
    _require_known(declared, names, plan_file, files_later)
    otherwise = dict(_pair(text) for text in differences)
    if levels:
        otherwise["levels"] = list(dict.fromkeys(levels))
    studied = list(dict.fromkeys(outcomes))
    if studied:
        otherwise["outcomes"] = studied
    if exposures:
        asked = studied or list(declared.outcomes) or [*candidates(), *names]
        otherwise["association.rules"] = [
            {"outcomes": asked, "exposures": list(exposures), "reason": _ASKED._asdict()}
        ]
        otherwise["robustness.questions"] = [
            {"outcomes": [outcome], "exposures": [exposure]} for outcome in asked for exposure in exposures
        ]
    if designation is not None and (studied or names):
        compared = studied or [*declared.designs.differences.outcomes, *names]
        otherwise.setdefault(_DESIGN_OUTCOMES, compared)
    plan = changed(declared, otherwise)
    _require_known(plan, names, None, files_later)
    return ResearchRequest(
        declared=declared,
        plan=plan,
        reason=reason,
        plan_file=plan_file,
        supplied=tuple(supplied),
        home_care=home_care,
        own=brought,
        designation=designation,
        importance=importance,
    )


def _require_known(plan: ResearchPlan, own: Sequence[str], file: Path | None, files_later: bool) -> None:
    known = {*indicators(), *CHARACTERISTICS, *own}
    for item, name in named_variables(plan):
        of_user = name.startswith(PREFIX)
        if name not in known and not (of_user and files_later):
            raise InputError(
                Text(
                    f"研究計画の「{item}」にある「{name}」という変数はない",
                    f"there is no variable '{name}' as '{item}' of the plan names it",
                ),
                _WITH_FILE if of_user else _CODEBOOK,
                file=file,
            )


def _level_of(path: Path) -> str:
    """Level of a file's codes: prefectures have one or two digits, areas more (a leading zero may be lost)."""
    sheet = read_csv(path)
    headings = [tidy_text(cell) for cell in sheet.rows[0]]
    at = next((at for at, heading in enumerate(headings) if heading in _CODE_HEADINGS), None)
    longest = (
        0 if at is None else max((len(sheet.text(row, at)) for row in range(1, len(sheet.rows))), default=0)
    )
    return "area" if longest > 2 else "prefecture"


def _pair(text: str) -> tuple[str, object]:
    item, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not item or not value:
        raise InputError(
            Text(f"「{text}」は「項目=値」の形でない", f"'{text}' is not item=value"),
            Text(
                "「reliability.bootstrap=200」のように書いてください", "write it as reliability.bootstrap=200"
            ),
        )
    try:
        return item, json.loads(value)
    except json.JSONDecodeError:
        return item, value
