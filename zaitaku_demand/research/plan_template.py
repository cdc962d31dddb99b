"""A plan as a file to start from: every item with its meaning and value; those at their default are commented out."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from zaitaku_demand.research.plan import ResearchPlan, rooms_of
from zaitaku_demand.text import Language, Text

_HEAD = Text(
    "研究計画。結果を見る前に書き、「zaitaku research plan --plan このファイル」のダイジェストを控える。\n"
    "「# 項目 = 値」は既定の値である。変える項目だけ行頭の「# 」を外す。「##」は説明である。",
    "Plan of a study. Write it before looking at results and note down the digest that `zaitaku research plan --plan FILE` shows.\n"
    "A line `# item = value` holds the default; take away the `# ` of those that you change. `##` explains.",
)
_DEVIATION = Text(
    "結果を見た後に計画と異なることをした場合は、ここに書く。報告書の「計画からの変更」に載る。",
    "What was done otherwise after looking at results stands here; the report lists it under deviations.",
)
_EXAMPLE = """# [[deviations]]
# item = "O-A-1"
# declared = "3"
# done = "1"
# reason = { ja = "", en = "" }
"""
_WIDTH = 110
_FIRST = ("title", "question", "declared", "seed")
"""Items that every plan states itself."""
_LEFT_OUT = frozenset({"deviations"})


def plan_template(plan: ResearchPlan, declared: date, language: Language) -> str:
    """The plan as TOML with all items.

    Parameters
    ----------
    plan : ResearchPlan
        Items that differ from the default stand uncommented.
    declared : date
        Date of the new plan.
    language : str
        Of the head; the items are explained in English, as in the code.

    Returns
    -------
    str
        Read by `zaitaku_demand.research.plan.read_plan` it is `plan`, declared on that date.
    """
    begun = plan.model_copy(update={"declared": declared})
    parts = [_explained(_HEAD.to(language)), "", *_table(begun, "")]
    parts += ["", _explained(_DEVIATION.to(language)), _EXAMPLE]
    return "\n".join(parts)


def _table(settings: BaseModel, path: str) -> list[str]:
    """Lines of the items of a table, then those of the tables inside."""
    model = type(settings)
    rooms, meanings = rooms_of(model), _meanings(model)
    lines = []
    for name, field in model.model_fields.items():
        # The rooms take the plan's seed.
        if name in rooms or name in _LEFT_OUT or (path and name == "seed"):
            continue
        value = getattr(settings, name)
        if name in meanings:
            lines.append(_explained(meanings[name]))
        stated = f"{name} = {_toml(value)}"
        own = not path and name in _FIRST
        lines.append(stated if own or value != field.default else _commented(stated))
    for name in rooms:
        inside = f"{path}.{name}" if path else name
        lines += ["", f"[{inside}]", *_table(getattr(settings, name), inside)]
    return lines


def _toml(value: Any) -> str:
    """A value as TOML; lists of tables have a line for each."""
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Text):
        value = value._asdict()
    if isinstance(value, Mapping):
        inside = ", ".join(
            f"{_key(name)} = {_toml(each)}" for name, each in value.items() if each is not None
        )
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (tuple, list)):
        each = [_toml(item) for item in value]
        if any(isinstance(item, BaseModel) for item in value):
            return "[\n" + "".join(f"  {line},\n" for line in each) + "]"
        return f"[{', '.join(each)}]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def _key(name: object) -> str:
    text = str(name)
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else json.dumps(text, ensure_ascii=False)


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """What the fields of a class mean: from the section of its docstring, or the text below each field."""
    found: dict[str, str] = {}
    section = inspect.cleandoc(model.__doc__ or "").partition("Attributes\n----------\n")[2]
    for names, text in re.findall(r"^([\w, ]+?)(?: :.*)?\n((?:    .*\n?|\n)*)", section, re.MULTILINE):
        for name in names.split(","):
            found[name.strip()] = " ".join(text.split())
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    for field, after in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[field.target.id] = " ".join(str(after.value.value).split())
    return {name: text for name, text in found.items() if text}


def _explained(text: str) -> str:
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, _WIDTH)]
    return "\n".join(f"## {line}" for line in lines)


def _commented(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())
