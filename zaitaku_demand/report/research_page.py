"""One self-contained HTML page of the research: opens from disk, asks nothing of the network, needs no JavaScript."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report import labels
from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report.page_parts import embedded
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_sections import pictures, sections
from zaitaku_demand.text import Language


def write_research_page(
    content: ResearchContent, folder: Path, language: Language, languages: tuple[Language, ...]
) -> Path:
    """Write ``report_<language>.html`` from the figures already in `folder`.

    Parameters
    ----------
    content : ResearchContent
    folder : Path
        Folder of the report, with ``figures``, ``tables`` and the other files already in it.
    language : str
    languages : tuple of str
        All languages of the report, for the links between the pages.

    Returns
    -------
    Path
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = PackageLoader("zaitaku_demand.report", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    css, _, _ = loader.get_source(environment, "page.css")
    shown = sections(content, language)
    html = environment.get_template("research.html.j2").render(
        language=language,
        title=content.title.to(language),
        basis=basis_line(content, language),
        word=labels.in_language(words, language),
        css=Markup(css),
        sections=[
            {
                "id": part.id,
                "heading": part.heading,
                "blocks": [(type(block).__name__, block) for block in part.blocks],
            }
            for part in shown
        ],
        images={
            each.stem: embedded(folder / "figures" / f"{each.stem}.svg")
            for each in pictures(content, language)
        },
        files=[(name, name) for name in listed_files(folder)],
        others=[
            {"file": f"report_{other}.html", "language": other} for other in languages if other != language
        ],
    )
    path = folder / f"report_{language}.html"
    path.write_text(html, "utf-8", newline="\n")
    return path


def basis_line(content: ResearchContent, language: Language) -> str:
    """Date, version and seed in one line."""
    colon, gap = ("：", "　") if language == "ja" else (": ", ". ")
    facts = [
        (words.CREATED, content.created),
        (words.CODE_VERSION, content.code_version),
        (words.SEED, str(content.seed)),
    ]
    return gap.join(f"{label.to(language)}{colon}{value}" for label, value in facts)


def listed_files(folder: Path) -> list[str]:
    """Files of the report a reader may want, by their place in the folder; the pages themselves are left out."""
    wanted = (".csv", ".toml", ".json", ".md", ".qmd", ".pdf")
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in wanted]
    return sorted(found, key=lambda name: (name.count("/"), name))
