"""What both pages share: how a page is written, and the values that both templates read."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zaitaku_demand.report import labels, labels_page
from zaitaku_demand.report import labels_workbook as words
from zaitaku_demand.report.content import SharedContent
from zaitaku_demand.report.figures import suffix_of
from zaitaku_demand.text import Language, Text

_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def write_html(
    folder: Path,
    stem: str,
    template: str,
    values: dict[str, Any],
    language: Language,
    languages: tuple[Language, ...],
) -> Path:
    """Write ``<stem>.html`` (``<stem>_en.html`` for a further language) with links to the other languages.

    Parameters
    ----------
    folder : Path
    stem : str
        Name of the page in the first language, without its kind.
    template : str
        Name of the template.
    values : dict
        What the template reads; style, script and the other languages are added.
    language : str
    languages : tuple of str
        All languages of the report; the first has the plain file names.

    Returns
    -------
    Path
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = PackageLoader("zaitaku_demand.report", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    css, _, _ = loader.get_source(environment, "page.css")
    script, _, _ = loader.get_source(environment, "page.js")
    html = environment.get_template(template).render(
        **values,
        css=Markup(css),
        script=Markup(script),
        others=[
            {"file": f"{stem}{suffix_of(other, languages)}.html", "language": other}
            for other in languages
            if other != language
        ],
    )
    path = folder / f"{stem}{suffix_of(language, languages)}.html"
    path.write_text(html, "utf-8", newline="\n")
    return path


def shared_values(content: SharedContent, notes: Iterable[Text], language: Language) -> dict[str, Any]:
    """What both templates read: title, labels, `notes` (each once), conditions, issues, sources, software."""
    colon = "：" if language == "ja" else ": "
    versions = ", ".join(f"{name} {version}" for name, version in content.generated_with.items())
    return {
        "language": language,
        "title": content.title.to(language),
        "page": labels.in_language(labels_page, language),
        "book": labels.in_language(words, language),
        "colon": colon,
        "notes": [note.to(language) for note in dict.fromkeys(notes)],
        "parameters": [(label.to(language), value.to(language)) for label, value in content.parameters],
        "issues": [
            {
                "id": issue.id,
                "title": issue.title.to(language),
                "evidence": issue.evidence.to(language),
                "action": issue.action.to(language),
                "scope": ", ".join(issue.scope),
            }
            for issue in content.issues
        ],
        "sources": [
            {
                "publisher": source.publisher,
                "title": source.title,
                "edition": source.edition,
                "licence": source.licence,
                "url": source.url,
                "link": source.url.startswith(("https://", "http://")),
            }
            for source in content.sources
        ],
        "software": words.SOFTWARE.to(language) + colon + versions if versions else "",
    }


def embedded(path: Path) -> str:
    """A figure as an address that holds all of it; empty where there is none."""
    if not path.is_file():
        return ""
    held = base64.b64encode(path.read_bytes()).decode()
    return f"data:{_TYPES[path.suffix]};base64,{held}"
